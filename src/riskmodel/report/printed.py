"""The report's files, by name: its pages, what later reports are held against, the survey's profile, two drawings.

The drawings are for `dvc plots`, which so shows them without asking the network for anything.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from riskmodel.ground.files import canonical_json, write_bytes
from riskmodel.ground.words import LANGUAGES
from riskmodel.release.published import APPROVED_FILE, DECISION_FILE, with_parts_of
from riskmodel.release.record import Release
from riskmodel.report.calibration_report import (
    build_decision,
    counts_of,
    decision_page,
    report_page,
    shown_of,
    survey_table,
)
from riskmodel.report.chapters.performance import benefit_curve, pictures
from riskmodel.report.document import Block, Folded, Language, Picture, SideBySide
from riskmodel.report.run import COUNTS_FILE, SURVEY_FILE, Run
from riskmodel.report.shown import Evidence

FILE = "report.html"
DRAWN = {"calibration": "en-calibration", "decision": "en-benefit-curve"}  # file to the picture's id in the report
ALONE = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="720"'
NOTHING = '<svg viewBox="0 0 360 40"><text x="8" y="24">{text}</text></svg>'


def pages_of(run: Run, *, languages: Sequence[str] = LANGUAGES, profile: str | None = None) -> dict[str, bytes]:
    """The report, and the decision alone, by file name, as `build_report` has them."""
    return _pages(shown_of(run, profile=profile), languages)


def report_of(run: Run) -> dict[str, bytes]:
    """Every file of the report, by name: its pages, its own counts for later reports to be held against, the survey."""
    return report_files(shown_of(run))


def report_files(shown: Evidence) -> dict[str, bytes]:
    """The same, of what may be `shown` of a run."""
    counts = canonical_json(counts_of(shown))
    return {**_pages(shown, LANGUAGES), COUNTS_FILE: counts, SURVEY_FILE: survey_table(shown)}


def _pages(shown: Evidence, languages: Sequence[str]) -> dict[str, bytes]:
    built = {FILE: report_page, DECISION_FILE: decision_page}
    return {name: build(shown, languages).encode() for name, build in built.items()}


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


def write_plots(evidence: Evidence, folder: Path) -> None:
    """Write the calibration curve with band and diagonal, and the decision curve, as SVG; where hidden, that it is."""
    language = Language("en")
    blocks = (*pictures(evidence, language), *benefit_curve(evidence, language))
    drawn = {picture.id: picture.svg for picture in _pictures(blocks)}
    for name, picture in DRAWN.items():
        svg = str(drawn.get(picture) or NOTHING.format(text=language.say("too_few")))
        write_bytes(folder / f"{name}.svg", svg.replace("<svg ", f"<svg {ALONE} ", 1).encode())


def _pictures(blocks: tuple[Block, ...]) -> list[Picture]:
    inside = [
        picture for block in blocks if isinstance(block, Folded | SideBySide) for picture in _pictures(block.blocks)
    ]
    return [block for block in blocks if isinstance(block, Picture)] + inside
