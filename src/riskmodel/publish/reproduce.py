"""REPRODUCE.md: how a release is made again from its commit, and what is checked without data about people."""

from collections.abc import Iterator
from pathlib import Path

from riskmodel.ground.files import sha256_of_bytes
from riskmodel.ground.words import LANGUAGES, read_words
from riskmodel.publish.card import inert
from riskmodel.release.published import CONFIRMATION, INSTRUMENT, LEDGER_LINES, PROTOCOL, SETTINGS, papers_of
from riskmodel.release.record import Release

TEXTS = read_words(Path(__file__).parent / "texts" / "reproduce.toml")
COMMANDS = (
    "git checkout {commit}",
    "uv sync --frozen",
    "uv run dvc repro",
    "sha256sum models/candidates/release/release.json",
)
LOCK = "pipelines/libraries.toml"
Row = tuple[str, str, object, str]  # the key of what it is, file, SHA-256, where the same hash stands


def reproduce(release: Release) -> str:
    """REPRODUCE.md of the published `release`, both languages."""
    shown, rows = inert(release), _rows(release)
    pages = ("\n".join(_page(shown, rows, language)) for language in LANGUAGES)
    return "\n---\n\n".join(f"{page}\n" for page in pages)


def _page(release: Release, rows: list[Row], language: str) -> Iterator[str]:
    say, publication = TEXTS.speaking(language), release.published
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
