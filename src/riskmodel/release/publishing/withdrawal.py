"""Taking a release out of use: a line in the ledger, and a mark beside the release that outlives a ledger put back.

Nothing may stand in the way of it: not a clock, a damaged folder, a pasted text or a mark that can't be written.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from riskmodel.errors import BundleError, GateError
from riskmodel.provenance import write_bytes
from riskmodel.release.content.equation import equation_sha256
from riskmodel.release.content.shape import plain
from riskmodel.release.trust.ledger import append_event, locked, read_ledger
from riskmodel.release.trust.standing import (
    EQUATION,
    WITHDRAWN,
    Fault,
    condemned_equations,
    condemned_thresholds,
    is_withdrawn,
    mark_of,
    published_line,
    withdrawn_releases,
)
from riskmodel.release.trust.verify import intact_release
from riskmodel.workspace import Workspace


@dataclass(frozen=True)
class Withdrawn:
    """What is out of use now: ids, and whether the points are, too, so that no release may bring them back."""

    releases: tuple[str, ...]
    with_points: bool


def withdraw(
    workspace: Workspace, release_id: str, *, reason: str, name: str, today: date, fault: Fault = Fault.POINTS
) -> Withdrawn:
    """Take a release out of use, for good; the one before comes back if it is still valid.

    fault: what else goes with it. Points: every release that has them. Thresholds: every release with the same points
    and thresholds. None may bring them back. A release that is withdrawn already can be withdrawn for more than before.
    """
    said = {"reason": plain(reason), "by": plain(name)}
    if not all(said.values()):
        raise GateError("Withdrawing needs a reason and a name. Add --reason and --name.")
    with locked(workspace.releases):
        events = read_ledger(workspace.releases)
        line = published_line(events, release_id)
        points = _points_of(workspace.releases, release_id, line.get(EQUATION)) if fault is Fault.POINTS else {}
        event = {"event": WITHDRAWN, "release": release_id, "date": today.isoformat(), **said, "fault": fault, **points}
        if is_withdrawn(events, release_id) and _condemned(events) == _condemned([*events, event]):
            _mark(workspace.releases, events)
            raise GateError(f"{release_id}: withdrawn already. The reason stands in the ledger.")
        before = withdrawn_releases(events)
        events = [*events, append_event(workspace.releases, event)]
        _mark(workspace.releases, events)
        gone = dict.fromkeys([release_id, *(one for one in withdrawn_releases(events) if one not in before)])
    return Withdrawn(tuple(gone), with_points=bool(points))


def _condemned(events: Sequence[Mapping[str, Any]]) -> tuple[set[str], set[tuple[str, str]]]:
    return condemned_equations(events), condemned_thresholds(events)


def _mark(releases: Path, events: Sequence[Mapping[str, Any]]) -> None:
    """Lay a mark beside each withdrawn release that has none, with the last reason that the ledger gives."""
    said = [event for event in events if event["event"] == WITHDRAWN]
    for release_id in withdrawn_releases(events):
        own = [event for event in said if event["release"] == release_id]
        last = (own or said)[-1]
        mark = mark_of(releases, release_id)
        with suppress(OSError):  # the line is the act; the mark is a second sign of it
            if not mark.exists():
                write_bytes(mark, f"{release_id} was withdrawn on {last['date']}: {last['reason']}\n".encode())


def _points_of(releases: Path, release_id: str, noted: str | None) -> dict[str, str]:
    """The hash of a published release's equation, as its line has it or, where an early line has none, the release.

    Nothing when the release is no longer what was published: then only its id can be withdrawn.
    """
    with suppress(BundleError):
        return {EQUATION: noted or equation_sha256(intact_release(releases, release_id))}
    return {}
