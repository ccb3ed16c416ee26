"""The readable files of a release, all from `release.json` alone."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from riskmodel.exports.files import exported_files
from riskmodel.ground.files import sha256_of_bytes
from riskmodel.ground.words import LANGUAGES, read_words
from riskmodel.publish.card import card, inert
from riskmodel.publish.changes import changes
from riskmodel.publish.score_sql import score_files
from riskmodel.release.published import CONFIRMATION, INSTRUMENT, LEDGER_LINES, PROTOCOL, SETTINGS, papers_of
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
    files = {
        "thresholds.csv": thresholds_csv(release),
        "card.md": card(release),
        "CHANGES.md": changes(release, before),
        **score_files(release),
    }
    publication = release.publication
    papers = {} if publication is None else papers_of(publication)
    files |= {} if publication is None else {"REPRODUCE.md": reproduce(release)}
    return {**{name: text.encode() for name, text in files.items()}, **exported_files(release), **papers}


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
    return release.publication.id if release.publication else "candidate", release.waivers_in_short


def _csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return stream.getvalue()


def reproduce(release: Release) -> str:
    """REPRODUCE.md of the published `release`, both languages."""
    shown, rows = inert(release), _rows(release)
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


def _rows(release: Release) -> list[Row]:
    papers = {name: sha256_of_bytes(content) for name, content in papers_of(release.published).items()}
    made_from, ledger = release.provenance.raw, release.published.ledger
    return [
        ("instrument", INSTRUMENT, made_from.get("instrument_sha256"), "`release.json`: `instrument_sha256`"),
        ("settings", SETTINGS, papers[SETTINGS], "`release.json`: `settings_sha256`"),
        ("protocol", PROTOCOL, papers[PROTOCOL], f"`{LEDGER_LINES}`: `protocol_sha256`"),
        ("confirmation", CONFIRMATION, papers[CONFIRMATION], f"`{LEDGER_LINES}`: `confirmation_sha256`"),
        ("ledger", LEDGER_LINES, ledger and ledger.line, "`release.json`: `ledger`"),
        ("lock", LOCK, made_from.get("lock_sha256"), "`release.json`: `lock_sha256`"),
    ]
