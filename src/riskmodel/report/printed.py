"""The report's files, by name: its pages, what later reports are held against, the survey's profile."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from riskmodel.ground.files import canonical_json, write_bytes
from riskmodel.ground.words import LANGUAGES
from riskmodel.report.calibration_report import build_decision, build_report, counts_of, shown_of, survey_table
from riskmodel.report.run import COUNTS_FILE, SURVEY_FILE, Run

FILE, DECISION_FILE = "report.html", "beslut.html"


def pages_of(run: Run, *, languages: Sequence[str] = LANGUAGES, profile: str | None = None) -> dict[str, bytes]:
    """The report, and the decision alone, by file name, as `build_report` has them."""
    built = {FILE: build_report, DECISION_FILE: build_decision}
    return {name: build(run, languages=languages, profile=profile).encode() for name, build in built.items()}


def report_of(run: Run) -> dict[str, bytes]:
    """Every file of the report, by name: its pages, its own counts for later reports to be held against, the survey."""
    shown = shown_of(run)
    return {**pages_of(run), COUNTS_FILE: canonical_json(counts_of(shown)), SURVEY_FILE: survey_table(shown)}


def write_files(files: Mapping[str, bytes], folder: Path) -> None:
    """Write `files` into `folder`, each whole or not at all."""
    for name, content in files.items():
        write_bytes(folder / name, content)
