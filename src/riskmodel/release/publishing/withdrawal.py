"""Taking a release out of use: a line in the ledger, and a mark beside the release that outlives a ledger put back.

Nothing may stand in the way of it: not a clock, a damaged folder or a mark that can't be written.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path

from riskmodel.errors import BundleError, GateError
from riskmodel.provenance import write_bytes
from riskmodel.release.content.bundle import RELEASE_FILE, load_release_file
from riskmodel.release.content.equation import equation_sha256
from riskmodel.release.deciding.protocol import named
from riskmodel.release.trust.ledger import LEDGER, append_event, locked, read_ledger
from riskmodel.release.trust.standing import (
    EQUATION,
    WITHDRAWN,
    is_withdrawn,
    mark_of,
    published_line,
    with_the_same_equation,
)
from riskmodel.workspace import Workspace


def withdraw(
    workspace: Workspace, release_id: str, *, reason: str, name: str, today: date, thresholds_only: bool = False
) -> list[str]:
    """Take a release out of use, for good, and return the ids of all that are withdrawn; the one before comes back.

    Every release with the same points goes with it, and none may bring them back, unless `thresholds_only` says that
    the fault lies in the thresholds.
    """
    stated = " ".join(reason.split())
    if not stated:
        raise GateError("Withdrawing needs a reason. Add --reason.")
    with locked(workspace.releases):
        events = read_ledger(workspace.releases)
        line = published_line(events, release_id)
        if is_withdrawn(events, release_id):
            _mark(workspace.releases, [release_id], f"by {LEDGER}")
            raise GateError(f"{release_id}: withdrawn already. The reason stands in the ledger.")
        event = {"event": WITHDRAWN, "release": release_id, "reason": stated}
        points = {} if thresholds_only else _equation_of(workspace.releases / release_id, line)
        append_event(workspace.releases, {**event, **points, "by": named(name), "date": today.isoformat()})
        withdrawn = [release_id, *(with_the_same_equation(events, release_id) if points else ())]
        _mark(workspace.releases, withdrawn, f"on {today}: {stated}")
    return withdrawn


def _mark(releases: Path, withdrawn: Sequence[str], why: str) -> None:
    """Lay a mark beside each release that has none."""
    for release_id in withdrawn:
        mark = mark_of(releases, release_id)
        with suppress(OSError):  # the line is the act; the mark is a second sign of it
            if not mark.exists():
                write_bytes(mark, f"{release_id} was withdrawn {why}\n".encode())


def _equation_of(folder: Path, line: Mapping[str, str]) -> dict[str, str]:
    """The hash of a published release's equation: its line's, or the file's where an early line has none.

    Nothing when neither can be read.
    """
    with suppress(BundleError):
        return {EQUATION: line.get(EQUATION) or equation_sha256(load_release_file(folder / RELEASE_FILE))}
    return {}
