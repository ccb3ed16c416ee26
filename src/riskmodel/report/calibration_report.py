"""The manager's report: one self-contained HTML file in Swedish and English, the same bytes for the same run.

With it the files beside it: the decision alone, counts for later reports to be held against, the survey's profile, and
two drawings, by which `dvc plots` asks the network for nothing.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from riskmodel.disclosure import rule_text
from riskmodel.disclosure.earlier import unsafe_tables
from riskmodel.ground.files import canonical_json, sha256_of_files, write_bytes
from riskmodel.release.published import APPROVED_FILE, DECISION_FILE, with_parts_of
from riskmodel.release.record import Release
from riskmodel.report.chapters.answer import answer
from riskmodel.report.chapters.decision import decision
from riskmodel.report.chapters.firmness import robustness
from riskmodel.report.chapters.groups import groups
from riskmodel.report.chapters.material import material
from riskmodel.report.chapters.performance import accuracy, benefit_curve, pictures
from riskmodel.report.chapters.purpose import glossary, purpose
from riskmodel.report.chapters.questions import questions
from riskmodel.report.chapters.scorecard import later, score
from riskmodel.report.chapters.trail import annex, origin
from riskmodel.report.document import LANGUAGES, Block, Chapter, Folded, Language, Picture, SideBySide
from riskmodel.report.run import COUNTS_FILE, SURVEY_FILE, Run
from riskmodel.report.shown import Evidence, collect, nothing_shown

Writer = Callable[[Evidence, Language], Chapter]
Count = tuple[str, str, Any, Any]  # table, row, people, events
TEMPLATES = Path(__file__).parent / "templates"
CHAPTERS = (
    *(decision, answer, purpose, material, accuracy, robustness, groups, score, later, glossary),
    *(questions, annex, origin),  # on the screen alone
)
FILE = "report.html"
DRAWN = {"calibration": "en-calibration", "decision": "en-benefit-curve"}  # file to the picture's id in the report
ALONE = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="720"'
NOTHING = '<svg viewBox="0 0 360 40"><text x="8" y="24">{text}</text></svg>'


@dataclass(frozen=True)
class Edition:
    """The whole report in one language."""

    language: Language
    kicker: str
    title: str
    lead: str
    chapters: tuple[Chapter, ...]
    foot: tuple[str, ...]  # how small counts are kept back, for every table and drawing; what paper leaves out


def counts_of(evidence: Evidence) -> dict[str, object]:
    """The counts that the report alone shows, by table and row: people and events, None where hidden; and waivers."""
    tables: dict[str, dict[str, list[int | None]]] = {}
    for table, row, people, events in _counts(evidence):
        tables.setdefault(table, {})[row] = [None if pd.isna(count) else int(count) for count in (people, events)]
    codes = evidence.release.codes
    waivers = [waiver.line for waiver in evidence.release.standing_waivers]
    return {"profile": evidence.profile, "municipalities": codes, "waivers": waivers, "tables": tables}


def beside(evidence: Evidence, earlier: Sequence[Mapping[str, object]]) -> Evidence:
    """`evidence` without the tables that, beside those of the `earlier` reports, tell of a handful of people.

    A release that can't show how many people it rests on has a report without counts.
    """
    if evidence.told["n"] is None:
        nobody = evidence.distribution.assign(n=pd.Series(pd.NA, evidence.distribution.index, dtype="Int64"))
        hidden = {table for table, *_ in _counts(evidence)}
        return _without(replace(evidence, distribution=nobody, curve=evidence.curve.iloc[:0]), hidden)
    return _without(evidence, unsafe_tables(counts_of(evidence), earlier))


def _counts(evidence: Evidence) -> Iterator[Count]:
    for step in evidence.flow.to_dict("records"):
        yield "flow", step["step"], step["n"], step["events_n"]
    for row in evidence.outcomes:
        yield "outcomes", row["name"], row["known_n"], row["events_n"]
    for row in evidence.unlinked:
        yield "unlinked", row["group"], row["n"], None
    for row in evidence.exits:
        yield "exits", row["exit"], row["n"], None
    for year in evidence.reconciliation.to_dict("records"):
        for column in evidence.reconciliation.columns.drop("years"):
            yield "reconciliation", f"{year['years']} {column}", year[column], None
    for area, flagged_n in evidence.flags_by_area.items():
        yield "flags", area, flagged_n, None
    for item, given, place, n in evidence.survey.shares[["item", "answer", "place", "n"]].itertuples(index=False):
        yield "survey", f"{item} {given} {place}", n, None
    yield "censored", "", evidence.censored["n"], None


def _without(evidence: Evidence, hidden: set[str]) -> Evidence:
    """`evidence` with every count of the tables named in `hidden` hidden."""
    both = evidence.reconciliation
    blank: dict[str, tuple[str, Any]] = {
        "flow": ("flow", _blank(evidence.flow, ["n", "events_n"])),
        "outcomes": ("outcomes", _blanks(evidence.outcomes)),
        "flags": ("flags_by_area", {}),
        "unlinked": ("unlinked", _blanks(evidence.unlinked)),
        "exits": ("exits", _blanks(evidence.exits)),
        "reconciliation": ("reconciliation", _blank(both, both.columns.drop("years"))),
        "survey": ("survey", nothing_shown(evidence.survey)),
        "censored": ("censored", {**evidence.censored, "n": None}),
    }
    return replace(evidence, **dict(change for table, change in blank.items() if table in hidden))


def _blank(table: pd.DataFrame, columns: Iterable[str]) -> pd.DataFrame:
    nothing = pd.Series(pd.NA, index=table.index, dtype="Int64")
    return table.assign(**dict.fromkeys(columns, nothing))


def _blanks(rows: Iterable[Mapping[str, object]]) -> list[dict[str, object]]:
    return [{**row, **{name: pd.NA for name in ("n", "known_n", "events_n") if name in row}} for row in rows]


def report_page(evidence: Evidence, languages: Sequence[str] = ("sv", "en")) -> str:
    """The report on `evidence` as HTML. languages: "sv", "en", in the order shown."""
    return _page([edition(evidence, LANGUAGES[code]) for code in languages])


def decision_page(evidence: Evidence, languages: Sequence[str] = ("sv", "en")) -> str:
    """The decision on two pages alone, as `report_page` has it."""
    alone = {"title": "decision_page_title"}
    return _page([edition(evidence, LANGUAGES[code], chapters=(decision,), **alone) for code in languages])


def _page(editions: Sequence[Edition]) -> str:
    return _environment().get_template("report.html.j2").render(editions=editions, template_sha256=template_sha256())


def shown_of(run: Run, *, profile: str | None = None) -> Evidence:
    """What of `run` may be shown beside every report published earlier; profile: the settings' own when None."""
    return beside(collect(run, profile=profile or run.settings.release.profile), run.earlier)


def survey_table(evidence: Evidence) -> bytes:
    """The survey's profile as csv: a row an item, answer and place, with what is beside."""
    found = evidence.survey
    rows = found.shares[["item", "answer", "place", "share"]]
    rows = rows.merge(found.ratios, on=["item", "answer"], how="left").merge(found.items, on="item", how="left")
    return rows.to_csv(index=False, lineterminator="\n").encode()


def edition(
    evidence: Evidence, language: Language, *, title: str = "title", chapters: Sequence[Writer] = CHAPTERS
) -> Edition:
    """The `chapters` in one language, under the text `title`."""
    names = {"municipality": language.listed([one.name for one in evidence.release.municipalities])}
    publication = evidence.release.publication
    lead = language.say("lead_release", **publication.raw) if publication else language.say("lead_candidate")
    return Edition(
        language,
        kicker=language.say("kicker", **names),
        title=language.say(title, **names),
        lead=lead,
        chapters=tuple(chapter(evidence, language) for chapter in chapters),
        foot=(
            *(
                language.say(f"profile_{profile}", rule=rule_text(profile, language.code))
                for profile in dict.fromkeys((evidence.release_profile, evidence.profile))
            ),
            *((language.say("on_paper"),) if len(chapters) > 1 else ()),
        ),
    )


def template_sha256() -> str:
    """The hash of the files that every page is made with: which template it is that people were held to read."""
    return sha256_of_files(TEMPLATES.iterdir(), TEMPLATES)


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


def pages_of(run: Run, *, languages: Sequence[str] = ("sv", "en"), profile: str | None = None) -> dict[str, bytes]:
    """The report, and the decision alone, by file name. profile: the settings' own when None."""
    return _pages_of(shown_of(run, profile=profile), languages)


def report_of(run: Run) -> dict[str, bytes]:
    """Every file of the report, by name: its pages, its own counts for later reports to be held against, the survey."""
    return report_files(shown_of(run))


def report_files(shown: Evidence) -> dict[str, bytes]:
    """The same, of what may be `shown` of a run."""
    counts = canonical_json(counts_of(shown))
    return {**_pages_of(shown, ("sv", "en")), COUNTS_FILE: counts, SURVEY_FILE: survey_table(shown)}


def _pages_of(shown: Evidence, languages: Sequence[str]) -> dict[str, bytes]:
    return {
        name: page(shown, languages).encode() for name, page in ((FILE, report_page), (DECISION_FILE, decision_page))
    }


def printed_again(run: Run, release: Release, approved: Mapping[str, bytes]) -> dict[str, bytes]:
    """The pages `approved` as they are published with `release`: their first pages with number, days, acts and exam.

    The decision as it was approved lies beside them.
    """
    decision = decision_page(shown_of(replace(run, release=release))).encode()
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
