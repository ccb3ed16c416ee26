"""G10: whether the questions that law and reporting standards ask of a release are answered.

The municipality's register says where: a TOML file with a table for each list of questions, in which
7 = ["docs/method.md"] says where the answer stands, 7 = { where = ["docs/method.md"], lacks = "…" } what is missing
there, 7 = { not_applicable = "…" } why there is none, and 7 = [] that nobody has answered yet. Standard library only.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from riskmodel.ground.errors import SettingsError
from riskmodel.ground.files import canonical_json, sha256_of_bytes
from riskmodel.ground.record_reader import Json
from riskmodel.ground.toml_record import check_keys, read_toml, record
from riskmodel.publish import REFUSALS
from riskmodel.publish.render import rendered_files
from riskmodel.release.bundle import RELEASE_FILE
from riskmodel.release.gates import EVIDENCE, OPEN, PASSED, QUESTIONS, Gate, settled, unanswered
from riskmodel.release.record import Release

DRAFT = EVIDENCE.both("draft")
ELSEWHERE = ("https://", "http://")  # an address on the web is taken at its word: publishing works offline


@dataclass(frozen=True)
class Answer:
    """Where a question is answered: files of the release or the project, or addresses. Empty while nobody has.

    lacks: what the answer does not say yet. not_applicable: why there is no answer to give.
    """

    where: tuple[str, ...] = ()
    lacks: str = ""
    not_applicable: str = ""


def documented_gate(candidate: Release, report: Mapping[str, bytes], register: Path | None, *, root: Path) -> Gate:
    """G10: the `register` over what a reader will find in the release's folder, as far as it stands by now.

    Without a register nothing is looked up in those files, and they are not rendered.
    """
    waivers, published = [waiver.raw for waiver in candidate.waivers], report
    if register is not None:
        published = {RELEASE_FILE: canonical_json(candidate.raw), **rendered_files(candidate), **report}
    return documentation_gate(register, waivers, root=root, published=published)


def documentation_gate(
    register: Path | None,
    waivers: Sequence[Mapping[str, Json]],
    *,
    root: Path,
    published: Mapping[str, bytes],
) -> Gate:
    """The gate over the register of answers. waivers: a candidate's, of whatever gate.

    register: None where there is none. root: the project's folder. published: the files of the release, name to
    content. Answers are looked for in `published` first, then below `root`.
    """
    tables, content = ({}, b"") if register is None else read_toml(register, absent=REFUSALS["absent_register"])
    answers = answers_of(tables, QUESTIONS, where=register.name if register else "register")
    found = {name: _found(answers[name], root=root, published=published) for name in QUESTIONS}
    short = {name: {state: one[state] for state in ("missing", "in_part", "not_found")} for name, one in found.items()}
    lacking = [unanswered(name, **states).en for name, states in short.items() if any(states.values())]
    evidence = {**found, "register_sha256": sha256_of_bytes(content) if register else None, "lacking": lacking}
    if lacking:
        return settled("G10", OPEN, {**evidence, "marked": DRAFT}, waivers)
    return settled("G10", PASSED, evidence)


def _found(answers: Mapping[str, Answer], *, root: Path, published: Mapping[str, bytes]) -> dict[str, Any]:
    """What the register says of one list, each question under what it says of it."""
    lost = {
        question: [pointer for pointer in answer.where if not is_there(pointer, root=root, published=published)]
        for question, answer in answers.items()
    }
    return {
        "asked_n": len(answers),
        "answered": {question: list(answer.where) for question, answer in answers.items() if answer.where},
        "not_applicable": _said(answers, "not_applicable"),
        "in_part": _said(answers, "lacks"),
        "missing": [question for question, answer in answers.items() if not (answer.where or answer.not_applicable)],
        "not_found": {question: pointers for question, pointers in lost.items() if pointers},
    }


def _said(answers: Mapping[str, Answer], key: str) -> dict[str, str]:
    return {question: getattr(answer, key) for question, answer in answers.items() if getattr(answer, key)}


def answers_of(
    tables: Mapping[str, object], questions: Mapping[str, Iterable[str]], *, where: str
) -> dict[str, dict[str, Answer]]:
    """Every question in `questions` (list to ids) with its `Answer`, by list; what nobody asks is a `SettingsError`.

    tables: of the register, empty where there is none.
    """
    check_keys(tables, known=list(questions), required=[], where=where)
    answers = {}
    for name, asked in questions.items():
        place, table = f"{where}: {name}", tables.get(name, {})
        if not isinstance(table, dict):
            raise SettingsError(REFUSALS["no_table_of_answers"].filled(where=place, name=name))
        check_keys(table, known=list(asked), required=[], where=place)
        answers[name] = {question: _answer(table.get(question, []), f"{place}: {question}") for question in asked}
    return answers


def _answer(written: object, where: str) -> Answer:
    answer = record(Answer, {"where": written} if isinstance(written, list) else written, where=where)
    texts = [*answer.where, *(text for text in (answer.lacks, answer.not_applicable) if text)]
    contradicts = bool(answer.not_applicable and (answer.where or answer.lacks))
    if contradicts or (answer == Answer() and written != []) or not all(text.strip() for text in texts):
        raise SettingsError(REFUSALS["no_answer_in_register"].filled(where=where))
    return answer


def is_there(pointer: str, *, root: Path, published: Mapping[str, bytes]) -> bool:
    """Whether `pointer` leads somewhere: to an address, a file in `published`, or a file or folder below `root`.

    What stands after # must be there, too: an id in HTML, a heading in Markdown, a key at the top of JSON.
    """
    if pointer.startswith(ELSEWHERE):
        return _names_a_host(pointer)
    name, _, place = pointer.partition("#")
    content = published[name] if name in published else _content(Path(name), root)
    return content is not None and (not place or place in _places(name, content))


def _names_a_host(address: str) -> bool:
    try:
        return bool(re.search(r"\w", urlsplit(address).hostname or ""))
    except ValueError:
        return False


def _content(path: Path, root: Path) -> bytes | None:
    """What the file at `path` below `root` holds, nothing in a folder; None where neither is, or it can't be read."""
    if path.is_absolute() or ".." in path.parts or path == Path():
        return None
    try:
        return b"" if (root / path).is_dir() else (root / path).read_bytes() if (root / path).is_file() else None
    except (OSError, ValueError):
        return None


@lru_cache(maxsize=16)
def _places(name: str, content: bytes) -> set[str]:
    """What can stand after # of a file; the same page answers many questions, and is read once."""
    text, kind = content.decode("utf-8", "replace"), Path(name).suffix
    if kind == ".html":
        return _ids(text)
    if kind == ".md":
        return {_anchor(heading) for heading in re.findall(r"^#+ +(.*)$", text, flags=re.MULTILINE)}
    return _keys(text) if kind == ".json" else set()


def _ids(html: str) -> set[str]:
    page = _Ids()
    with suppress(AssertionError):  # what the library says to a declaration that it does not know
        page.feed(html)
    return page.found


class _Ids(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found |= {value.strip() for name, value in attrs if name == "id" and value}


def _keys(text: str) -> set[str]:
    try:
        parsed = json.loads(text)
    except (ValueError, RecursionError):
        return set()
    return set(parsed) if isinstance(parsed, dict) else set()


def _anchor(heading: str) -> str:
    """The address that readers of Markdown give a heading."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")
