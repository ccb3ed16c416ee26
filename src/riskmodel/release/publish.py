"""Publishing and withdrawing. The ledger line, with the hash of SHA256SUMS, is the act of publication.

The folder comes first, the line second. Killed between the two, publishing again finds the folder and adds the line;
nobody uses a folder without one.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from riskmodel.errors import GateError
from riskmodel.provenance import canonical_json, sha256_of_bytes
from riskmodel.release.approval import Subject, load_approvals, load_subject, standing_approvals
from riskmodel.release.bundle import RELEASE_FILE, SUMS_FILE, candidate_sha256, load_release_file, sums_of
from riskmodel.release.confirmation import openings
from riskmodel.release.contents import check_release
from riskmodel.release.gate import blocking, publication_gates, standing_waivers
from riskmodel.release.ledger import append_event, locked, read_ledger
from riskmodel.release.origin import settings_sha256
from riskmodel.release.protocol import named
from riskmodel.release.render import rendered_files
from riskmodel.release.staging import place_folder, sweep
from riskmodel.release.verify import PUBLISHED, WITHDRAWN, check_examples, is_withdrawn, published_line
from riskmodel.settings import Settings
from riskmodel.workspace import Workspace


def publish(
    workspace: Workspace, settings: Settings, *, name: str, today: date, valid_from: date | None = None
) -> str:
    """Publish the present candidate for casework and return the release's id; a `GateError` names what forbids it.

    Publishing what is published already changes nothing and returns its id. valid_from: `today` when None.
    """
    with locked(workspace.releases):
        sweep(workspace.releases)
        events = read_ledger(workspace.releases)
        subject = load_subject(workspace)
        published = _published_as(events, candidate_sha256(subject.candidate))
        if published is not None:
            return published
        if subject.candidate["provenance"]["settings_sha256"] != settings_sha256(settings):
            raise GateError("The settings have changed since the candidate was made. Run `dvc repro`, then approve again.")
        release_id = _next_id(events, year=(valid_from or today).year)
        target = workspace.releases / release_id
        starts = valid_from or _interrupted_start(target) or today
        release = _published(subject, workspace, settings, release_id, events, starts=starts, today=today)
        files = _files(release, subject, _supersedes_file(workspace, release))
        _place(target, files)
        append_event(workspace.releases, _event(release, files, name=name, today=today))
    return release_id


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
    return date.fromisoformat(load_release_file(target / RELEASE_FILE)["publication"]["valid_from"])


def _published(
    subject: Subject,
    workspace: Workspace,
    settings: Settings,
    release_id: str,
    events: Sequence[Mapping[str, Any]],
    *,
    starts: date,
    today: date,
) -> dict[str, Any]:
    """The candidate with its publication; a `GateError` when a gate forbids it."""
    candidate, codes = subject.candidate, [entry["code"] for entry in subject.candidate["municipalities"]]
    approvals = standing_approvals(load_approvals(workspace), subject.digest)
    looks = openings(events, codes=codes, year=subject.protocol["confirm_year"])
    gates = publication_gates(
        candidate,
        confirmation=subject.confirmation,
        openings_n=len(looks),
        approvals=approvals,
        require_signatures=settings.release.require_signatures,
    )
    _refuse_if_blocked([*gates, *candidate["gates"]], today=today)
    last = min([_months_later(starts, settings.release.validity_months), *standing_waivers([*gates, *candidate["gates"]])])
    publication = {
        "id": release_id,
        "valid_from": starts.isoformat(),
        "valid_until": last.isoformat(),
        "supersedes": _supersedes(events),
        "candidate_sha256": candidate_sha256(candidate),
        "protocol": {"id": subject.protocol_id, **subject.protocol},
        "confirmation": {**subject.confirmation, "openings_n": len(looks)},
        "approvals": approvals,
        "gates": gates,
    }
    release = {**candidate, "publication": publication}
    check_release(release)
    check_examples(release)
    return release


def _refuse_if_blocked(gates: Sequence[Mapping[str, Any]], *, today: date) -> None:
    found = blocking(gates, today=today)
    if found:
        listed = "\n".join(f"  {gate['id']} {gate['name']['en']}: {gate['remedy']['en']}" for gate in found)
        raise GateError(f"Not published: {len(found)} gate(s) forbid it.\n{listed}")


def _supersedes(events: Sequence[Mapping[str, Any]]) -> str | None:
    standing = [
        event["release"]
        for event in events
        if event["event"] == PUBLISHED and not is_withdrawn(events, event["release"])
    ]
    return standing[-1] if standing else None


def _supersedes_file(workspace: Workspace, release: Mapping[str, Any]) -> dict[str, Any] | None:
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
        "by": named(name),
        "date": today.isoformat(),
    }


def _months_later(start: date, months: int) -> date:
    """The last day of validity: `months` whole months from `start`, less a day."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    first_of_next = date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    day = min(start.day, (first_of_next - timedelta(days=1)).day)
    return date(year, month + 1, day) - timedelta(days=1)
