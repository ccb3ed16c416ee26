"""The stop tried on a copy: a release that is withdrawn is refused, and the one before comes back."""

import shutil
import tempfile
from datetime import date
from pathlib import Path

from riskmodel.ground.errors import BundleError, GateError
from riskmodel.ground.staging import LEFT_BY_WRITERS
from riskmodel.ground.workspace import Workspace
from riskmodel.publish.names import named
from riskmodel.publish.withdraw import withdraw
from riskmodel.release.ledger import LOCK, read_ledger
from riskmodel.release.signers import Signers
from riskmodel.release.standing import Fault, in_force
from riskmodel.release.verify import release_in_force, verify_release

DRILLED = "stop_drilled"


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
        raise GateError(
            f"{stopped}: withdrawn in a copy of the releases, where it is not refused or the one before does not come "
            "back. Nothing was changed. The stop does not work: leave the release unused and report the fault."
        )
    if before is not None:
        verify_release(releases, before, today=today)


def _is_usable(releases: Path, release_id: str, *, today: date) -> bool:
    try:
        verify_release(releases, release_id, today=today)
    except BundleError:
        return False
    return True
