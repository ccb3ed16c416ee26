"""Publishing and withdrawing. The ledger line, with the hash of SHA256SUMS, is the act of publication.

The folder comes first, the line second. Killed between the two, publishing again finds the folder and adds the line;
nobody uses a folder without one.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from riskmodel.errors import GateError
from riskmodel.provenance import canonical_json, sha256_of_bytes
from riskmodel.release.approval import Subject, load_approvals, load_subject
from riskmodel.release.bundle import RELEASE_FILE, SUMS_FILE, candidate_sha256, load_release_file, sums_of
from riskmodel.release.ledger import append_event, locked, read_ledger
from riskmodel.release.origin import settings_sha256
from riskmodel.release.protocol import named
from riskmodel.release.publication import published_release
from riskmodel.release.render import rendered_files
from riskmodel.release.staging import place_folder, sweep
from riskmodel.release.verify import PUBLISHED, WITHDRAWN, is_withdrawn, published_line
from riskmodel.settings import Settings
from riskmodel.workspace import Workspace


def publish(workspace: Workspace, settings: Settings, *, name: str, today: date, valid_from: date | None = None) -> str:
    """Publish the present candidate for casework and return the release's id; a `GateError` names what forbids it.

    Publishing what is published already changes nothing and returns its id. valid_from: `today` when None.
    """
    if valid_from is not None and valid_from < today:
        raise GateError("A release can't be valid before the day it is published. Give a later --valid-from.")
    with locked(workspace.releases):
        sweep(workspace.releases)
        return _publish(workspace, settings, name=named(name), today=today, valid_from=valid_from)


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


def _publish(workspace: Workspace, settings: Settings, *, name: str, today: date, valid_from: date | None) -> str:
    events, subject = read_ledger(workspace.releases), load_subject(workspace)
    published = _published_as(events, candidate_sha256(subject.candidate))
    if published is not None:
        return published
    if subject.candidate["provenance"]["settings_sha256"] != settings_sha256(settings):
        raise GateError("The settings have changed since the candidate was made. Run `dvc repro`, then approve again.")
    release_id = _next_id(events, year=(valid_from or today).year)
    target = workspace.releases / release_id
    release = published_release(
        subject,
        load_approvals(workspace),
        events,
        settings.release,
        release_id=release_id,
        valid_from=valid_from or _interrupted_start(target) or today,
        today=today,
    )
    files = _files(release, subject, _before(workspace, release))
    _place(target, files)
    append_event(workspace.releases, _event(release, files, name=name, today=today))
    return release_id


def _published_as(events: Sequence[Mapping[str, Any]], candidate: str) -> str | None:
    """The id under which a candidate is published; a `GateError` when that was withdrawn."""
    for event in events:
        if event["event"] == PUBLISHED and event["candidate_sha256"] == candidate:
            if is_withdrawn(events, event["release"]):
                raise GateError(f"This candidate was published as {event['release']} and withdrawn. Train a new one.")
            return event["release"]
    return None


def _next_id(events: Sequence[Mapping[str, Any]], *, year: int) -> str:
    taken = [event["release"] for event in events if event["event"] == PUBLISHED]
    return f"{year}.{1 + sum(release_id.startswith(f'{year}.') for release_id in taken)}"


def _interrupted_start(target: Path) -> date | None:
    """The first valid day in a folder whose publication was interrupted before the ledger line."""
    if not (target / RELEASE_FILE).is_file():
        return None
    publication = load_release_file(target / RELEASE_FILE).get("publication")
    return date.fromisoformat(publication["valid_from"]) if publication else None


def _before(workspace: Workspace, release: Mapping[str, Any]) -> dict[str, Any] | None:
    """The release that `release` supersedes."""
    before = release["publication"]["supersedes"]
    return None if before is None else load_release_file(workspace.releases / before / RELEASE_FILE)


def _files(release: Mapping[str, Any], subject: Subject, before: Mapping[str, Any] | None) -> dict[str, bytes]:
    """Every file of the release, SHA256SUMS included."""
    files = {RELEASE_FILE: canonical_json(release), **rendered_files(release, before)}
    clashes = set(files) & set(subject.report)
    if clashes:
        raise GateError(f"The report holds a file of the release's own: {', '.join(sorted(clashes))}. Rename it.")
    files |= subject.report
    return {**files, SUMS_FILE: sums_of(files)}


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


def _event(release: Mapping[str, Any], files: Mapping[str, bytes], *, name: str, today: date) -> dict[str, Any]:
    publication = release["publication"]
    return {
        "event": PUBLISHED,
        "release": publication["id"],
        "municipalities": [entry["code"] for entry in release["municipalities"]],
        "valid_from": publication["valid_from"],
        "valid_until": publication["valid_until"],
        "candidate_sha256": publication["candidate_sha256"],
        "sums_sha256": sha256_of_bytes(files[SUMS_FILE]),
        "by": name,
        "date": today.isoformat(),
    }
