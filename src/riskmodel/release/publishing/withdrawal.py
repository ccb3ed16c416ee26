"""Taking a release out of use: a line in the ledger, and a mark beside the release that outlives a ledger put back.

Nothing may stand in the way of it: not a clock, a damaged folder, a pasted text or a mark that can't be written.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from riskmodel.errors import BundleError, GateError
from riskmodel.provenance import write_bytes
from riskmodel.release.content.equation import equation_sha256
from riskmodel.release.content.shape import plain
from riskmodel.release.trust.ledger import LEDGER, append_event, locked, read_ledger
from riskmodel.release.trust.standing import (
    EQUATION,
    WITHDRAWN,
    is_withdrawn,
    mark_of,
    published_line,
    with_the_same_equation,
)
from riskmodel.release.trust.verify import intact_release
from riskmodel.workspace import Workspace


@dataclass(frozen=True)
class Withdrawn:
    """What is out of use: ids, and whether the points are, too, so that no release may bring them back."""

    releases: tuple[str, ...]
    with_points: bool


def withdraw(
    workspace: Workspace, release_id: str, *, reason: str, name: str, today: date, thresholds_only: bool = False
) -> Withdrawn:
    """Take a release out of use, for good; the one before comes back if it is still valid.

    Every release with the same points goes with it, and none may bring them back, unless `thresholds_only` says that
    the fault lies in the thresholds.
    """
    said = {"reason": plain(reason), "by": plain(name)}
    if not all(said.values()):
        raise GateError("Withdrawing needs a reason and a name. Add --reason and --name.")
    with locked(workspace.releases):
        events = read_ledger(workspace.releases)
        line = published_line(events, release_id)
        if is_withdrawn(events, release_id):
            _mark(workspace.releases, [release_id], f"by {LEDGER}")
            raise GateError(f"{release_id}: withdrawn already. The reason stands in the ledger.")
        points = {} if thresholds_only else _points_of(workspace.releases, release_id, line.get(EQUATION))
        event = {"event": WITHDRAWN, "release": release_id, "date": today.isoformat(), **said}
        append_event(workspace.releases, {**event, **points})
        gone = (release_id, *(with_the_same_equation(events, release_id) if points else ()))
        _mark(workspace.releases, gone, f"on {today}: {said['reason']}")
    return Withdrawn(gone, with_points=bool(points))


def _mark(releases: Path, withdrawn: Sequence[str], why: str) -> None:
    """Lay a mark beside each release that has none."""
    for release_id in withdrawn:
        mark = mark_of(releases, release_id)
        with suppress(OSError):  # the line is the act; the mark is a second sign of it
            if not mark.exists():
                write_bytes(mark, f"{release_id} was withdrawn {why}\n".encode())


def _points_of(releases: Path, release_id: str, noted: str | None) -> dict[str, str]:
    """The hash of a published release's equation, as its line has it or, where an early line has none, the release.

    Nothing when the release is no longer what was published: then only its id can be withdrawn.
    """
    with suppress(BundleError):
        return {EQUATION: noted or equation_sha256(intact_release(releases, release_id))}
    return {}
