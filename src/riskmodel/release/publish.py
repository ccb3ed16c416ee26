"""Publishing and withdrawing. The ledger line, with the hash of SHA256SUMS, is the act of publication.

The folder comes first, the line second. Killed between the two, publishing again finds the folder and adds the line;
nobody uses a folder without one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from riskmodel.errors import GateError
from riskmodel.provenance import canonical_json, sha256_of_bytes
from riskmodel.release.acts import acts_for, signers_of
from riskmodel.release.approval import Pen, load_subject
from riskmodel.release.bundle import (
    RELEASE_FILE,
    SIGNATURE_FILE,
    SUMS_FILE,
    candidate_sha256,
    load_release_file,
    sums_of,
)
from riskmodel.release.candidate import load_candidate
from riskmodel.release.ledger import append_event, end_of_ledger, locked, read_ledger
from riskmodel.release.origin import settings_sha256
from riskmodel.release.protocol import named
from riskmodel.release.publication import Issue, published_release
from riskmodel.release.render import rendered_files
from riskmodel.release.signers import Signers, check_signed
from riskmodel.release.staging import place_folder
from riskmodel.release.standing import PUBLISHED, WITHDRAWN, is_withdrawn, published_line
from riskmodel.release.subject import Subject
from riskmodel.settings import Settings
from riskmodel.workspace import Workspace


@dataclass(frozen=True)
class Published:
    """A published release. by, date: who published it and when, from the ledger; is_new: whether this call did."""

    release_id: str
    by: str
    date: str
    is_new: bool


def publish(
    workspace: Workspace,
    settings: Settings,
    *,
    name: str,
    today: date,
    valid_from: date | None = None,
    pen: Pen | None = None,
    made: Mapping[str, str] | None = None,
) -> Published:
    """Publish the present candidate for casework; a `GateError` names what forbids it.

    Publishing what is published already changes nothing and says who did it. valid_from: `today` when None. pen: signs
    the hashes of all files; needed where signatures are required. made: the hashes of release.json and of the report's
    files, by name, as the run and the code at hand give them; what was approved must be that.
    """
    if valid_from is not None and valid_from < today:
        raise GateError("A release can't be valid before the day it is published. Give a later --valid-from.")
    with locked(workspace.releases):
        events = read_ledger(workspace.releases)
        subject = load_subject(workspace)
        standing = _published_as(events, subject.candidate)
        if standing is not None:
            return standing
        if subject.candidate["provenance"]["settings_sha256"] != settings_sha256(settings):
            raise GateError(
                "The settings have changed since the candidate was made. Run `dvc repro`, then approve again."
            )
        _check_made(subject, made)
        signers = signers_of(workspace, settings)
        acts = acts_for(workspace, settings, subject, events)
        issue = _issue(workspace, settings, events, today=today, valid_from=valid_from, pen=pen)
        release = published_release(subject, acts, issue)
        files = _files(release, acts.report, _before(workspace, release))
        signature = _signature(files[SUMS_FILE], pen, signers, day=issue.day)
        _place(workspace.releases / issue.release_id, {**files, **signature})
        event = _event(release, {**files, **signature})
        line = append_event(workspace.releases, {**event, "by": named(name), "date": today.isoformat()})
        return Published(issue.release_id, line["by"], line["date"], is_new=True)


def published_already(workspace: Workspace) -> Published | None:
    """Who published the present candidate, and as what; None when nobody has."""
    return _published_as(read_ledger(workspace.releases), load_candidate(workspace))


def withdraw(workspace: Workspace, release_id: str, *, reason: str, name: str, today: date) -> None:
    """Take a release out of use, for good; the one before comes back if it is still valid."""
    stated = " ".join(reason.split())
    if not stated:
        raise GateError("Withdrawing needs a reason. Add --reason.")
    with locked(workspace.releases):
        events = read_ledger(workspace.releases)
        published_line(events, release_id)
        if is_withdrawn(events, release_id):
            raise GateError(f"{release_id}: withdrawn already. The reason stands in the ledger.")
        event = {"event": WITHDRAWN, "release": release_id, "reason": stated}
        append_event(workspace.releases, {**event, "by": named(name), "date": today.isoformat()})


def _check_made(subject: Subject, made: Mapping[str, str] | None) -> None:
    if made is None:
        return
    found = {RELEASE_FILE: subject.hashes["candidate"], **subject.report}
    different = sorted(name for name in {*made, *found} if made.get(name) != found.get(name))
    if different:
        raise GateError(
            f"models/candidates: {len(different)} file(s) are not what the run gives ({', '.join(different)}). Nothing "
            "was published. Run `dvc repro`, read the candidate again, and have it approved again."
        )


def _issue(
    workspace: Workspace,
    settings: Settings,
    events: Sequence[Mapping[str, Any]],
    *,
    today: date,
    valid_from: date | None,
    pen: Pen | None,
) -> Issue:
    """The next publication; where one was interrupted before its ledger line, with that one's day and place."""
    release_id = _next_id(events, year=(valid_from or today).year)
    left = _interrupted(workspace.releases / release_id)
    fresh = {"date": today.isoformat(), "valid_from": today.isoformat(), "ledger": end_of_ledger(workspace.releases)}
    noted = {**fresh, **{key: left[key] for key in fresh if key in left}}
    return Issue(
        release_id,
        day=date.fromisoformat(noted["date"]),
        valid_from=valid_from or date.fromisoformat(noted["valid_from"]),
        validity_months=settings.release.validity_months,
        ledger=noted["ledger"],
        publisher=pen.signer if pen else None,
    )


def _published_as(events: Sequence[Mapping[str, Any]], candidate: Mapping[str, Any]) -> Published | None:
    """Who published `candidate`, and as what; a `GateError` when that was withdrawn."""
    sha256 = candidate_sha256(candidate)
    for event in events:
        if event["event"] == PUBLISHED and event["candidate_sha256"] == sha256:
            if is_withdrawn(events, event["release"]):
                raise GateError(f"This candidate was published as {event['release']} and withdrawn. Train a new one.")
            return Published(event["release"], event["by"], event["date"], is_new=False)
    return None


def _next_id(events: Sequence[Mapping[str, Any]], *, year: int) -> str:
    taken = [event["release"] for event in events if event["event"] == PUBLISHED]
    return f"{year}.{1 + sum(release_id.startswith(f'{year}.') for release_id in taken)}"


def _interrupted(target: Path) -> Mapping[str, Any]:
    """The publication in a folder that was placed without a ledger line; empty without one."""
    if not (target / RELEASE_FILE).is_file():
        return {}
    publication: Mapping[str, Any] = load_release_file(target / RELEASE_FILE).get("publication", {})
    return publication


def _before(workspace: Workspace, release: Mapping[str, Any]) -> dict[str, Any] | None:
    """The release that `release` supersedes."""
    before = release["publication"]["supersedes"]
    return None if before is None else load_release_file(workspace.releases / before / RELEASE_FILE)


def _files(
    release: Mapping[str, Any], report: Mapping[str, bytes], before: Mapping[str, Any] | None
) -> dict[str, bytes]:
    """Every file of the release, SHA256SUMS included."""
    files = {RELEASE_FILE: canonical_json(release), **rendered_files(release, before)}
    clashes = {*files, SUMS_FILE, SIGNATURE_FILE} & set(report)
    if clashes:
        raise GateError(f"The report holds a file of the release's own: {', '.join(sorted(clashes))}. Rename it.")
    files |= report
    return {**files, SUMS_FILE: sums_of(files)}


def _signature(sums: bytes, pen: Pen | None, signers: Signers | None, *, day: date) -> dict[str, bytes]:
    """The publisher's signature over SHA256SUMS as a file, checked before anybody sees it; none where none is asked."""
    if pen is None:
        if signers is not None:
            raise GateError("Signatures are required. Publish with --signer and --key.")
        return {}
    signature = pen.sign(sums)
    if signers is not None:
        check_signed(signers, sums, signature, signer=pen.signer, day=day)
    return {SIGNATURE_FILE: signature.encode()}


def _place(target: Path, files: Mapping[str, bytes]) -> None:
    """Put `files` at `target`; what an interrupted publication left there must be the same to the byte."""
    if not target.exists():
        place_folder(target, files)
        return
    found = {path.name: path.read_bytes() for path in target.iterdir()}
    if found != dict(files):
        raise GateError(
            f"models/releases/{target.name}: holds something else, left by an interrupted publication and used by "
            "nobody. Remove the folder, then publish again."
        )


def _event(release: Mapping[str, Any], files: Mapping[str, bytes]) -> dict[str, Any]:
    publication = release["publication"]
    signature = {"signature_sha256": sha256_of_bytes(files[SIGNATURE_FILE])} if SIGNATURE_FILE in files else {}
    return {
        "event": PUBLISHED,
        "release": publication["id"],
        "municipalities": [entry["code"] for entry in release["municipalities"]],
        "valid_from": publication["valid_from"],
        "valid_until": publication["valid_until"],
        "candidate_sha256": publication["candidate_sha256"],
        "equation_sha256": release["equation_sha256"],
        "sums_sha256": sha256_of_bytes(files[SUMS_FILE]),
        **signature,
    }
