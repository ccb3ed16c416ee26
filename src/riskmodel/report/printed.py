"""The report's files, by name: its pages, what later reports are held against, the survey's profile."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from riskmodel.ground.files import canonical_json, write_bytes
from riskmodel.ground.words import LANGUAGES
from riskmodel.release.published import APPROVED_FILE, DECISION_FILE, with_parts_of
from riskmodel.release.record import Release
from riskmodel.report.calibration_report import build_decision, build_report, counts_of, shown_of, survey_table
from riskmodel.report.run import COUNTS_FILE, SURVEY_FILE, Run

FILE = "report.html"


def pages_of(run: Run, *, languages: Sequence[str] = LANGUAGES, profile: str | None = None) -> dict[str, bytes]:
    """The report, and the decision alone, by file name, as `build_report` has them."""
    built = {FILE: build_report, DECISION_FILE: build_decision}
    return {name: build(run, languages=languages, profile=profile).encode() for name, build in built.items()}


def report_of(run: Run) -> dict[str, bytes]:
    """Every file of the report, by name: its pages, its own counts for later reports to be held against, the survey."""
    shown = shown_of(run)
    return {**pages_of(run), COUNTS_FILE: canonical_json(counts_of(shown)), SURVEY_FILE: survey_table(shown)}


def printed_again(run: Run, release: Release, approved: Mapping[str, bytes]) -> dict[str, bytes]:
    """The pages `approved` as they are published with `release`: their first pages with number, days, acts and exam.

    The decision as it was approved lies beside them.
    """
    decision = build_decision(replace(run, release=release)).encode()
    report = with_parts_of(approved[FILE], decision)
    return {FILE: report, DECISION_FILE: decision, APPROVED_FILE: approved[DECISION_FILE]}


def write_files(files: Mapping[str, bytes], folder: Path) -> None:
    """Write `files` into `folder`, each whole or not at all."""
    for name, content in files.items():
        write_bytes(folder / name, content)
