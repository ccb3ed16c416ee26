"""Candidate and report as the run gives them, as hashes: what is published must be that, not an edited copy."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from riskmodel.ground.files import sha256_of_bytes
from riskmodel.ground.settings import Settings
from riskmodel.ground.workspace import Workspace
from riskmodel.publish.books import whole_results
from riskmodel.publish.propose import make_candidate
from riskmodel.release.bundle import RELEASE_FILE
from riskmodel.release.record import Release
from riskmodel.report.calibration_report import printed_again, report_of
from riskmodel.report.run import read_run


def print_again(workspace: Workspace) -> Callable[[Release, Mapping[str, bytes]], dict[str, bytes]]:
    """How `publish` prints the approved pages again, from the results of the run; see `printed_again`."""

    def printed(release: Release, approved: Mapping[str, bytes]) -> dict[str, bytes]:
        with whole_results():
            return printed_again(read_run(workspace), release, approved)

    return printed


def remade_sums(workspace: Workspace, settings: Settings) -> dict[str, str]:
    """The SHA-256 of release.json and of every file of the report, by name, made again from the run's results.

    A `GateError` where these are gone or damaged: nothing tells then whether somebody changed what was approved.
    """
    with whole_results():
        candidate = make_candidate(workspace, settings).candidate
        files = report_of(replace(read_run(workspace), release=candidate))
    sums = {name: sha256_of_bytes(content) for name, content in files.items()}
    return {RELEASE_FILE: candidate.identity.candidate, **sums}
