"""What lies in a release's folder beside it, so that the folder answers an auditor alone.

Protocol, confirmation and settings follow from `release.json`. The instrument and the ledger's lines do not, so they
are held against the hashes in it. Standard library only.
"""

from collections.abc import Iterator, Mapping

from riskmodel.ground.files import canonical_json, sha256_of_bytes
from riskmodel.ground.record_reader import Json
from riskmodel.release.acts import LedgerPlace, Publication
from riskmodel.release.record import Release
from riskmodel.release.standing import START

INSTRUMENT, LEDGER_LINES = "instrument.toml", "ledger.jsonl"
PROTOCOL, CONFIRMATION, SETTINGS = "protocol.json", "confirmation.json", "settings.json"
READ_FIRST = ("card.md", "CHANGES.md", "REPRODUCE.md")
SINCE = 3  # the first format whose folder holds them


def papers_of(publication: Publication) -> dict[str, bytes]:
    """The papers that follow from `release.json`, name to content: each as it was when its hash was taken."""
    protocol, confirmation = publication.protocol.raw, publication.confirmation.raw
    return {
        PROTOCOL: canonical_json(without(protocol, "id")),
        CONFIRMATION: canonical_json(without(confirmation, "openings_n")),
        SETTINGS: canonical_json(protocol["choices"]),
    }


def without(entry: Mapping[str, Json], added: str) -> dict[str, Json]:
    """`entry` as it was before publishing added a key to it."""
    return {key: value for key, value in entry.items() if key != added}


def ledger_lines(lines: list[bytes]) -> bytes:
    """The ledger's `lines` as a paper: all that stood there when the release was made, so without its own."""
    return b"".join(line + b"\n" for line in lines)


def wrong_papers(release: Release, publication: Publication, files: Mapping[str, bytes]) -> Iterator[str]:
    """The papers in `files`, name to content, that are not there or not those of the release."""
    if release.format < SINCE:
        return
    yield from (name for name, content in papers_of(publication).items() if files.get(name) != content)
    yield from (name for name in READ_FIRST if not files.get(name))
    if sha256_of_bytes(files.get(INSTRUMENT, b"")) != release.provenance.raw.get("instrument_sha256"):
        yield INSTRUMENT
    if not _ends_at(publication.ledger, files.get(LEDGER_LINES, b"")):
        yield LEDGER_LINES


def _ends_at(place: LedgerPlace | None, content: bytes) -> bool:
    """Whether the lines in `content` follow from each other, up to the `place` that the release noted."""
    lines, before = content.splitlines(), START
    for line in lines:
        if not line.startswith(f'{{"before":"{before}",'.encode()):  # a line's keys are sorted
            return False
        before = sha256_of_bytes(line)
    return place is not None and (len(lines), before) == (place.number, place.line)
