"""What a person signs, as a text that can be read: what is approved, by hash and in words, and who approves it.

It can be written again from the release alone, so a signature over it can be checked years later.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from riskmodel.ground.errors import SettingsError, told_as
from riskmodel.ground.files import is_taken, write_bytes
from riskmodel.release.identity import thresholds_sha256
from riskmodel.release.subject import Subject

HEADING = "riskmodel approval, version 1"


def approval_text(subject: Subject, approval: Mapping[str, Any]) -> bytes:
    """The text of one person's approval; the same to the byte whenever and wherever it is written."""
    lines = [
        HEADING,
        "",
        "What is approved",
        *_what(subject),
        "",
        "Who approves it",
        *(f"{key}: {_on_one_line(approval.get(key) or '-')}" for key in ("name", "signer", "role", "decision", "date")),
    ]
    return ("\n".join(lines) + "\n").encode()


def write_statement(path: Path, text: bytes) -> None:
    """Write an approval's `text` to `path`, over another one if need be; a `SettingsError` when anything else is there.

    Settings, keys and reports are named on command lines, too.
    """
    remedy = "Name a new file in a folder that is there."
    with told_as(SettingsError, f"--statement: {path.name} can't be written", remedy=remedy):
        if is_taken(path) and not (path.is_file() and path.read_bytes().startswith(f"{HEADING}\n".encode())):
            raise SettingsError(f"--statement: {path.name} can't be written, as something else lies there. {remedy}")
        write_bytes(path, text)


def date_of(text: bytes) -> str:
    """The date in the last line of an approval's text; empty when it is none."""
    lines = text.decode("utf-8", errors="replace").rstrip("\n").split("\n")
    return lines[-1].removeprefix("date: ") if lines[0] == HEADING else ""


def _what(subject: Subject) -> Iterator[str]:
    candidate, confirmation, hashes = subject.candidate, subject.confirmation, subject.hashes
    for municipality in candidate["municipalities"]:
        yield f"municipality: {municipality['code']} {_on_one_line(municipality['name'])}"
    yield f"outcome: {candidate['outcome']['name']}"
    for landmark in candidate["landmarks"]:
        flag, band = landmark["thresholds"]["flag"], landmark["thresholds"]["band"]
        borderline = f", {band[0]} to {band[1]} borderline" if band else ""
        yield f"flag at month {landmark['month']}: {'none' if flag is None else f'from {flag} points{borderline}'}"
    yield f"equation: {candidate['equation_sha256']}"
    yield f"thresholds: {thresholds_sha256(candidate)}"
    passed = "passed" if confirmation["passed"] else "NOT passed"
    yield f"year {confirmation['year']}, look {confirmation['opening']}: {passed}"
    for waiver in candidate["waivers"]:
        words = " ".join((waiver["gate"], waiver["column"])).strip()
        yield f"waiver of {words} until {waiver['until']}, by {_on_one_line(waiver['name'])}: " + _on_one_line(
            waiver["reason"]
        )
    yield f"candidate: {hashes['candidate']}"
    yield f"protocol {subject.protocol_id}: {hashes['protocol']}"
    yield f"confirmation: {hashes['confirmation']}"
    for name, sha256 in sorted(hashes["report"].items()):
        yield f"report file {name}: {sha256}"
    yield f"all of it: {subject.digest}"


def _on_one_line(text: str) -> str:
    return " ".join(str(text).split())
