"""The manager's report: one self-contained HTML file in Swedish and English, the same bytes for the same run."""

import re
from collections.abc import Sequence
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from riskmodel.ground.files import canonical_json, write_bytes
from riskmodel.report.chapters.accuracy import accuracy
from riskmodel.report.chapters.answer import answer
from riskmodel.report.chapters.glossary import glossary
from riskmodel.report.chapters.groups import groups
from riskmodel.report.chapters.later import later
from riskmodel.report.chapters.material import material
from riskmodel.report.chapters.origin import origin
from riskmodel.report.chapters.purpose import purpose
from riskmodel.report.chapters.robustness import robustness
from riskmodel.report.chapters.score import score
from riskmodel.report.document import Edition
from riskmodel.report.evidence import Evidence, collect
from riskmodel.report.language import LANGUAGES, Language
from riskmodel.report.run import COUNTS_FILE, Run
from riskmodel.report.side_by_side import beside, counts_of

FILE = "report.html"
CHAPTERS = (answer, purpose, material, accuracy, robustness, groups, score, later, origin, glossary)


def build_report(run: Run, *, languages: Sequence[str] = ("sv", "en"), profile: str | None = None) -> str:
    """The report on `run` as HTML. languages: "sv", "en", in the order shown; profile: the settings' own when None."""
    evidence = shown_of(run, profile=profile)
    editions = [edition(evidence, LANGUAGES[code]) for code in languages]
    return _environment().get_template("report.html.j2").render(editions=editions)


def shown_of(run: Run, *, profile: str | None = None) -> Evidence:
    """What of `run` may be shown beside every report published earlier; profile: the settings' own when None."""
    return beside(collect(run, profile=profile or run.settings.release.profile), run.earlier)


def write_counts(run: Run, folder: Path) -> Path:
    """Write the report's own counts into `folder`, for later reports to be held against, and say where they are."""
    path = folder / COUNTS_FILE
    write_bytes(path, canonical_json(counts_of(shown_of(run))))
    return path


def edition(evidence: Evidence, language: Language) -> Edition:
    """Every chapter in one language."""
    names = {"municipality": language.listed([one["name"] for one in evidence.release["municipalities"]])}
    publication = evidence.release.get("publication")
    lead = language.say("lead_release", **publication) if publication else language.say("lead_candidate")
    return Edition(
        language,
        kicker=language.say("kicker", **names),
        title=language.say("title", **names),
        lead=lead,
        chapters=tuple(chapter(evidence, language) for chapter in CHAPTERS),
    )


def write_report(html: str, folder: Path) -> Path:
    """Write the report into `folder`, whole or not at all, and say where it is."""
    path = folder / FILE
    write_bytes(path, html.encode())
    return path


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("riskmodel.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["code"] = _code
    return environment


def _code(text: str) -> Markup:
    """`text` with what stands between backticks set as code."""
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(text))))
