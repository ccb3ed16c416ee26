"""Candidate and report as the run gives them, as hashes: what is published must be that, not an edited copy."""

from dataclasses import replace

from riskmodel.ground.errors import whole_results
from riskmodel.ground.files import canonical_json, sha256_of_bytes
from riskmodel.ground.settings import Settings
from riskmodel.ground.workspace import Workspace
from riskmodel.publish.propose import make_candidate
from riskmodel.release.bundle import RELEASE_FILE
from riskmodel.report.calibration_report import FILE, build_report, counts_of, shown_of, survey_table
from riskmodel.report.run import COUNTS_FILE, SURVEY_FILE, read_run


def remade_sums(workspace: Workspace, settings: Settings) -> dict[str, str]:
    """The SHA-256 of release.json and of every file of the report, by name, made again from the run's results.

    A `GateError` where these are gone or damaged: nothing tells then whether somebody changed what was approved.
    """
    with whole_results():
        candidate = make_candidate(workspace, settings).candidate
        run = replace(read_run(workspace), release=candidate)
        shown = shown_of(run)
        return {
            RELEASE_FILE: candidate.identity.candidate,
            FILE: sha256_of_bytes(build_report(run).encode()),
            COUNTS_FILE: sha256_of_bytes(canonical_json(counts_of(shown))),
            SURVEY_FILE: sha256_of_bytes(survey_table(shown)),
        }
