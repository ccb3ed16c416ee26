"""Taking a release out of use: a line in the ledger, and a mark beside the release that outlives a ledger put back.

Nothing may stand in the way of it: not a clock, a damaged folder, a pasted text or a mark that can't be written.
What was withdrawn may not come back: not under another number, and not in another format.
"""

import shutil
import tempfile
from collections.abc import Sequence, Set
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from riskmodel.ground.errors import BundleError, GateError
from riskmodel.ground.files import LEFT_BY_WRITERS, write_bytes
from riskmodel.ground.workspace import Workspace
from riskmodel.publish import REFUSALS
from riskmodel.publish.books import named
from riskmodel.release.json_record import plain
from riskmodel.release.ledger import LOCK, append_event, locked, read_ledger
from riskmodel.release.record import Release
from riskmodel.release.signers import Signers
from riskmodel.release.standing import (
    DRILLED,
    EQUATION,
    THRESHOLDS,
    WITHDRAWN,
    Fault,
    Line,
    condemned_equations,
    condemned_thresholds,
    in_force,
    is_withdrawn,
    mark_of,
    published_line,
    withdrawn_releases,
)
from riskmodel.release.verify import intact_release, release_in_force, verify_release


@dataclass(frozen=True)
class Withdrawn:
    """What is out of use now: ids, and whether all that was at fault is, so that no release may bring it back."""

    releases: tuple[str, ...]
    is_whole: bool


def withdraw(
    workspace: Workspace, release_id: str, *, reason: str, name: str, today: date, fault: Fault = Fault.POINTS
) -> Withdrawn:
    """Take a release out of use, for good; the one before comes back if it is still valid.

    fault: what else goes with it. Points: every release that has them. Thresholds: every release with the same points
    and thresholds. None may bring them back. A release that is withdrawn already can be withdrawn for more than before.
    """
    said = {"reason": plain(reason), "by": plain(name)}
    if not all(said.values()):
        raise GateError(REFUSALS["no_reason"])
    with locked(workspace.releases):
        events = read_ledger(workspace.releases)
        line = published_line(events, release_id)
        condemned = _condemned_with(workspace.releases, line, fault)
        event = {"event": WITHDRAWN, "release": release_id, "date": today.isoformat(), **said, "fault": fault.value}
        event |= condemned
        if is_withdrawn(events, release_id) and _condemned(events) == _condemned([*events, event]):
            _mark(workspace.releases, events)
            raise GateError(REFUSALS["withdrawn_already"].filled(release=release_id))
        before = withdrawn_releases(events)
        events = [*events, append_event(workspace.releases, event)]
        _mark(workspace.releases, events)
        gone = dict.fromkeys([release_id, *(one for one in withdrawn_releases(events) if one not in before)])
    return Withdrawn(tuple(gone), is_whole=fault is Fault.OTHER or bool(condemned))


def _condemned(events: Sequence[Line]) -> tuple[set[str], set[tuple[str, str]]]:
    return condemned_equations(events), condemned_thresholds(events)


def _mark(releases: Path, events: Sequence[Line]) -> None:
    """Lay a mark beside each withdrawn release that has none, with the last reason that the ledger gives."""
    said = [event for event in events if event["event"] == WITHDRAWN]
    for release_id in withdrawn_releases(events):
        own = [event for event in said if event["release"] == release_id]
        last = (own or said)[-1]
        mark = mark_of(releases, release_id)
        with suppress(OSError):  # the line is the act; the mark is a second sign of it
            if not mark.exists():
                write_bytes(mark, f"{release_id} was withdrawn on {last['date']}: {last['reason']}\n".encode())


def _condemned_with(releases: Path, line: Line, fault: Fault) -> dict[str, str]:
    """The hashes of what goes with a release, as its ledger `line` has them or, where an early one has none, its file.

    Nothing when the release is no longer what was published: then only its id can be withdrawn.
    """
    needed = {Fault.POINTS: (EQUATION,), Fault.THRESHOLDS: (EQUATION, THRESHOLDS), Fault.OTHER: ()}[fault]
    if all(key in line for key in needed):
        return {key: line[key] for key in needed}
    with suppress(BundleError):
        release = intact_release(releases, line["release"])
        hashes = {EQUATION: release.identity.equation, THRESHOLDS: release.identity.thresholds}
        return {key: hashes[key] for key in needed}
    return {}


def drill_stop(workspace: Workspace, *, name: str, today: date, signers: Signers | None = None) -> dict[str, object]:
    """Withdraw the release in force in a copy of the releases, and return the ledger's line that says it worked.

    signers: whose signatures count, as for any consumer. Nothing in `workspace` changes; the caller holds
    `locked(workspace.releases)` and appends the line. A release that is not stopped is a `GateError`, one that can't be
    used to begin with, or that can't take over, a `BundleError`.
    """
    by = named(name)
    stopped = release_in_force(workspace.releases, today=today)
    verify_release(workspace.releases, stopped, today=today, signers=signers)
    others = [event for event in read_ledger(workspace.releases) if event.get("release") != stopped]
    with tempfile.TemporaryDirectory() as folder:
        copy = Workspace(Path(folder))
        shutil.copytree(workspace.releases, copy.releases, ignore=shutil.ignore_patterns(LOCK, *LEFT_BY_WRITERS))
        withdraw(copy, stopped, reason="Drill on a copy", name=by, today=today, fault=Fault.OTHER)
        _check_stopped(copy.releases, stopped, before=in_force(others, today=today), today=today)
    return {"event": DRILLED, "release": stopped, "by": by, "date": today.isoformat()}


def _check_stopped(releases: Path, stopped: str, *, before: str | None, today: date) -> None:
    """Whoever uses a release asks these two: which one is in force, and whether this one may be used."""
    if _is_usable(releases, stopped, today=today) or in_force(read_ledger(releases), today=today) != before:
        raise GateError(REFUSALS["stop_fails"].filled(release=stopped))
    if before is not None:
        verify_release(releases, before, today=today)


def _is_usable(releases: Path, release_id: str, *, today: date) -> bool:
    try:
        verify_release(releases, release_id, today=today)
    except BundleError:
        return False
    return True


def check_not_condemned(candidate: Release, events: Sequence[Line], early: Sequence[Release]) -> None:
    """Refuse (`GateError`) a candidate whose points, or points with thresholds, were withdrawn, in whatever format.

    events: the ledger's; early: see `verify.condemned_early`.
    """
    if _gives_withdrawn_points(candidate, condemned_equations(events), early):
        raise GateError(REFUSALS["points_withdrawn"])
    if _has_withdrawn_thresholds(candidate, condemned_thresholds(events), early):
        raise GateError(REFUSALS["thresholds_withdrawn"])


def _gives_withdrawn_points(candidate: Release, condemned: Set[str], early: Sequence[Release]) -> bool:
    """Whether the points of `candidate` were withdrawn as such, in whatever format."""
    same_points = {one.identity.points for one in early if one.identity.equation in condemned}
    return candidate.identity.equation in condemned or candidate.identity.points in same_points


def _has_withdrawn_thresholds(candidate: Release, condemned: Set[tuple[str, str]], early: Sequence[Release]) -> bool:
    equations = {equation for equation, _ in condemned}
    same_decisions = [_decisions(one) for one in early if one.identity.equation in equations]
    own = candidate.identity.equation, candidate.identity.thresholds
    return own in condemned or _decisions(candidate) in same_decisions


def _decisions(release: Release) -> tuple[str, list[tuple[int, int | None, tuple[int, int] | None]]]:
    """The points, with the flag and band of every table; the risk at a flag is rounded otherwise in every format."""
    flags = [(one.month, one.thresholds.flag, one.thresholds.band) for one in release.landmarks]
    return release.identity.points, flags
