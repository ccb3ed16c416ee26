"""The candidate that the latest run proposes, and its report. Standard library only."""

from typing import Any

from riskmodel.errors import GateError, told_as
from riskmodel.release.content.bundle import RELEASE_FILE, load_release_file
from riskmodel.release.content.contents import check_candidate
from riskmodel.release.trust.known import published_release
from riskmodel.workspace import Workspace


def load_candidate(workspace: Workspace) -> dict[str, Any]:
    """The proposed release; a `GateError` when nothing is proposed."""
    path = workspace.candidate / RELEASE_FILE
    if not path.is_file():
        raise GateError("models/candidates: no candidate. Run `dvc repro` first.")
    candidate = load_release_file(path)
    check_candidate(candidate)
    if "publication" in candidate:
        raise GateError("models/candidates: holds a published release, not a candidate. Run `dvc repro` again.")
    return candidate


def previous_release(workspace: Workspace, release_id: str) -> dict[str, Any] | None:
    """The published release that this year's is compared with (setting release.previous); None when it is empty."""
    return published_release(workspace.releases, release_id) if release_id else None


def report_files(workspace: Workspace) -> dict[str, bytes]:
    """The report's files that are published with the candidate, name to content; a `GateError` without any."""
    folder = workspace.report
    with told_as(GateError, "models/candidates/report: can't be read", remedy="Run `dvc repro` again."):
        paths = sorted(path for path in folder.iterdir() if path.is_file()) if folder.is_dir() else []
        if not paths:
            raise GateError("models/candidates: no report to approve. Run `dvc repro` first.")
        return {path.name: path.read_bytes() for path in paths}
