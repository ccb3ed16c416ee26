"""The files of a release that follow from `release.json` alone."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from riskmodel.exports.coded import Coded
from riskmodel.exports.form_json import form_files
from riskmodel.exports.form_page import page_files
from riskmodel.exports.kit import kit_files
from riskmodel.exports.pmml import pmml_files
from riskmodel.exports.questionnaire import questionnaire_files
from riskmodel.exports.score_sql import score_files
from riskmodel.ground.files import sha256_of_bytes
from riskmodel.ground.words import LANGUAGES, read_words
from riskmodel.publish.card import card, inert
from riskmodel.publish.changes import changes
from riskmodel.release.acts import POINTS_ALONE
from riskmodel.release.published import (
    CONFIRMATION,
    INSTRUMENT,
    LEDGER_LINES,
    PROTOCOL,
    SETTINGS,
    papers_of,
)
from riskmodel.release.record import Release

OF_FILE = ("release", "waivers")  # the same on every line: a file away from its folder still says what it is
THRESHOLD_COLUMNS = ("landmark_month", "points", "risk", "answer", *OF_FILE)
REPRODUCE = read_words(Path(__file__).parent / "texts" / "reproduce.toml")
COMMANDS = (
    "git checkout {commit}",
    "uv sync --frozen",
    "uv run dvc repro",
    "sha256sum models/candidates/release/release.json",
)
LOCK = "pipelines/libraries.toml"
Row = tuple[str, str, object, str]  # the key of what it is, file, SHA-256, where the same hash stands


def rendered_files(release: Release, before: Release | None = None) -> dict[str, bytes]:
    """Every rendered file of `release`, name to content; `before`: the release it supersedes."""
    texts = {name: made(release) for name, made in READ.items()}
    texts["CHANGES.md"] = changes(release, before)
    papers = papers_of(release.publication) if release.publication else {}
    if papers:
        texts["REPRODUCE.md"] = reproduce(release, papers)
    return {**{name: text.encode() for name, text in texts.items()}, **exported_files(release), **papers}


def exported_files(release: Release) -> dict[str, bytes]:
    """The files by which others ask and count, name to content; those of early formats can be counted with alone."""
    coded, makers = Coded(release), HANDED_ON if release.format >= POINTS_ALONE else HANDED_ON[:1]
    return {name: content for made in makers for name, content in made(coded).items()}


def thresholds_csv(release: Release) -> str:
    """One line a whole sum of points: its risk, and which of the answers it gives."""
    of_file = _of_file(release)
    rows = [
        [landmark.month, points, risk, landmark.thresholds.answer_at(points) or "none", *of_file]
        for landmark in release.landmarks
        for points, risk in landmark.risk.by_sum.items()
    ]
    return _csv(THRESHOLD_COLUMNS, rows)


def _of_file(release: Release) -> tuple[str, str]:
    return release.id or "candidate", release.waivers_in_short


def _csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return stream.getvalue()


def reproduce(release: Release, papers: Mapping[str, bytes]) -> str:
    """REPRODUCE.md of the published `release`, both languages. papers: see `papers_of`."""
    shown, rows = inert(release), _rows(release, {name: sha256_of_bytes(paper) for name, paper in papers.items()})
    pages = ("\n".join(_page(shown, rows, language)) for language in LANGUAGES)
    return "\n---\n\n".join(f"{page}\n" for page in pages)


def _page(release: Release, rows: list[Row], language: str) -> Iterator[str]:
    say, publication = REPRODUCE.speaking(language), release.published
    made, contact = publication.made_by, publication.contact
    told = made.raw if made else {}
    yield from [f"# {say('title', id=publication.id)}", "", say("made", date=publication.date, **told), ""]
    yield from [f"## {say('again')}", "", say("again_needs", processor=release.provenance.processor), ""]
    yield from ["```sh", *(command.format(**told) for command in COMMANDS), "```", ""]
    yield say("again_gives", sha256=publication.candidate_sha256)
    yield from ["", f"## {say('check')}", "", say("check_files"), "", say("check_head"), "|---|---|---|---|"]
    yield from (f"| {say(f'file_{of}')} | `{name}` | `{sha256}` | {where} |" for of, name, sha256, where in rows)
    yield from ["", say("check_points", address=contact.withdrawal if contact else "")]


def _rows(release: Release, papers: Mapping[str, str]) -> list[Row]:
    made_from, ledger = release.provenance.raw, release.published.ledger
    return [
        ("instrument", INSTRUMENT, made_from.get("instrument_sha256"), "`release.json`: `instrument_sha256`"),
        ("settings", SETTINGS, papers[SETTINGS], "`release.json`: `settings_sha256`"),
        ("protocol", PROTOCOL, papers[PROTOCOL], f"`{LEDGER_LINES}`: `protocol_sha256`"),
        ("confirmation", CONFIRMATION, papers[CONFIRMATION], f"`{LEDGER_LINES}`: `confirmation_sha256`"),
        ("ledger", LEDGER_LINES, ledger and ledger.line, "`release.json`: `ledger`"),
        ("lock", LOCK, made_from.get("lock_sha256"), "`release.json`: `lock_sha256`"),
    ]


# what is read, and what is handed on to other software: each made of the release alone, and a new one is a line here;
# the first of those handed on is all that early formats have
READ: Mapping[str, Callable[[Release], str]] = {"thresholds.csv": thresholds_csv, "card.md": card}
HANDED_ON: Sequence[Callable[[Coded], Mapping[str, bytes]]] = (
    score_files,
    page_files,
    form_files,
    pmml_files,
    questionnaire_files,
    kit_files,
)
