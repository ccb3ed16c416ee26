"""A drafted instrument as sections of keys and values, each guess with what it rests on; and as TOML."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

WIDTH = 118  # of a line of remarks


@dataclass(frozen=True)
class Entry:
    """A key and its value; `why`: what the guess rests on, "" where it is none."""

    key: str
    value: object
    why: str = ""


@dataclass(frozen=True)
class Section:
    """A table of the file: its path, its entries, and remarks that stand above it. is_one_of: of a list of tables."""

    path: str
    entries: tuple[Entry, ...]
    remarks: tuple[str, ...] = ()
    is_one_of: bool = False


def toml_of(sections: Iterable[Section]) -> str:
    """The sections as TOML; a guess ends in `# ?` and what it rests on."""
    return "\n".join("\n".join(_lines(section)) + "\n" for section in sections)


def _lines(section: Section) -> list[str]:
    head = [f"[[{section.path}]]"] if section.is_one_of else [f"[{section.path}]"] if section.path else []
    remarks = [f"# {line}" for remark in section.remarks for line in _wrapped(remark)]
    return [*remarks, *head, *(line for entry in section.entries for line in _entry_lines(entry))]


def _entry_lines(entry: Entry) -> list[str]:
    told = f"  # ? {_one_line(entry.why)}" if entry.why else ""
    if entry.key == "levels" and isinstance(entry.value, Sequence):
        return [f"{entry.key} = [{told}", *(f"  {literal(level)}," for level in entry.value), "]"]
    return [f"{key_of(entry.key)} = {literal(entry.value)}{told}"]


def literal(value: object) -> str:
    """`value` as TOML writes it on one line."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")
    if isinstance(value, Mapping) and not value:
        return "{}"
    if isinstance(value, Mapping):
        return f"{{ {', '.join(f'{key_of(str(key))} = {literal(inner)}' for key, inner in value.items())} }}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(literal, value))}]"
    return repr(value)


def key_of(key: str) -> str:
    """`key` as TOML writes it: in quotes where it holds more than a-z, digits, _ and -."""
    is_bare = key.isascii() and key.replace("_", "").replace("-", "").isalnum()
    return key if is_bare else literal(key)


def _one_line(text: str) -> str:
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def _wrapped(remark: str) -> Iterable[str]:
    line = ""
    for word in _one_line(remark).split():
        if line and len(line) + len(word) >= WIDTH:
            yield line
            line = word
        else:
            line = f"{line} {word}".strip()
    yield line
