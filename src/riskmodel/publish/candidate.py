"""The candidate that the latest run proposes, and its report. Standard library only."""

from riskmodel.ground.errors import GateError, told_as
from riskmodel.ground.workspace import Workspace
from riskmodel.release.bundle import RELEASE_FILE, parse_json, read_file
from riskmodel.release.contents import read_candidate
from riskmodel.release.record import Release


def load_candidate(workspace: Workspace) -> Release:
    """The proposed release; a `GateError` when nothing is proposed."""
    path = workspace.candidate / RELEASE_FILE
    if not path.is_file():
        raise GateError("models/candidates: no candidate. Run `dvc repro` first.")
    candidate = read_candidate(parse_json(read_file(path), where=path.name))
    if candidate.publication is not None:
        raise GateError("models/candidates: holds a published release, not a candidate. Run `dvc repro` again.")
    return candidate


def report_files(workspace: Workspace) -> dict[str, bytes]:
    """The report's files that are published with the candidate, name to content; a `GateError` without any."""
    folder = workspace.report
    with told_as(GateError, "models/candidates/report: can't be read", remedy="Run `dvc repro` again."):
        paths = sorted(path for path in folder.iterdir() if path.is_file()) if folder.is_dir() else []
        if not paths:
            raise GateError("models/candidates: no report to approve. Run `dvc repro` first.")
        return {path.name: path.read_bytes() for path in paths}
