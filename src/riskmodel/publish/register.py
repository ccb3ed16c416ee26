"""The municipality's register of answers: which question of law or reporting is answered, and where. Standard library.

A TOML file with a table for each list of questions, in which 7 = ["docs/method.md"] says where the answer stands, 7 =
{ where = ["docs/method.md"], lacks = "…" } what is missing there, 7 = { not_applicable = "…" } why there is none, and
7 = [] that nobody has answered yet.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from riskmodel.ground.errors import SettingsError
from riskmodel.ground.toml_record import check_keys, record
from riskmodel.publish.accessibility import read_page

ELSEWHERE = ("https://", "http://")  # an address on the web is taken at its word: publishing works offline


@dataclass(frozen=True)
class Answer:
    """Where a question is answered: files of the release or the project, or addresses. Empty while nobody has.

    lacks: what the answer does not say yet. not_applicable: why there is no answer to give.
    """

    where: tuple[str, ...] = ()
    lacks: str = ""
    not_applicable: str = ""


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
            raise SettingsError(f"{place}: a table is needed. Write [{name}] on a line of its own.")
        check_keys(table, known=list(asked), required=[], where=place)
        answers[name] = {question: _answer(table.get(question, []), f"{place}: {question}") for question in asked}
    return answers


def _answer(written: object, where: str) -> Answer:
    answer = record(Answer, {"where": written} if isinstance(written, list) else written, where=where)
    texts = [*answer.where, *(text for text in (answer.lacks, answer.not_applicable) if text)]
    contradicts = bool(answer.not_applicable and (answer.where or answer.lacks))
    if contradicts or (answer == Answer() and written != []) or not all(text.strip() for text in texts):
        raise SettingsError(
            f'{where}: says nothing, or two things at once. Write ["docs/method.md"], where it is answered; {{ where = '
            '["docs/method.md"], lacks = "what is missing there" }; { not_applicable = "the reason" }; or [ ] while '
            "nobody has answered it."
        )
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


def _places(name: str, content: bytes) -> set[str]:
    text, kind = content.decode("utf-8", "replace"), Path(name).suffix
    if kind == ".html":
        return {element["id"] for element in read_page(text).all()}
    if kind == ".md":
        return {_anchor(heading) for heading in re.findall(r"^#+ +(.*)$", text, flags=re.MULTILINE)}
    return _keys(text) if kind == ".json" else set()


def _keys(text: str) -> set[str]:
    try:
        parsed = json.loads(text)
    except (ValueError, RecursionError):
        return set()
    return set(parsed) if isinstance(parsed, dict) else set()


def _anchor(heading: str) -> str:
    """The address that readers of Markdown give a heading."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")
