"""Damages to the lines of a csv: what editors, systems and wires do to a text."""

import random
from collections.abc import Callable
from typing import Any

from damaged_town import HEADS, Town, csv_text


def in_text(
    damage: Callable[[list[str], random.Random], Any], **how: Any
) -> Callable[[Town, str, random.Random], None]:
    """A damage to the lines of a csv; gives the lines, or the bytes, that the file has then."""

    def damaged(town: Town, source: str, chances: random.Random) -> None:
        lines = csv_text(HEADS[source], town.cells[source]).split("\n")
        made = damage(lines, chances)
        town.content[source] = made if isinstance(made, bytes) else "\n".join(made).encode()

    return damaged


def marked(lines: list[str], chances: random.Random, n: int) -> list[str]:
    for place in chances.sample(range(1, len(lines) - 1), n):
        cells = lines[place].split(";")
        cells[chances.choice((-1, -1, 1, 2))] = '"ojdå'
        lines[place] = ";".join(cells)
    return lines


def commented(lines: list[str], chances: random.Random) -> list[str]:
    for place in chances.sample(range(1, len(lines) - 1), chances.choice((1, 3, 5, 9))):
        lines[place] = lines[place][:-1] + '"en rad\nen till"'
    return lines


def cut(lines: list[str], chances: random.Random) -> bytes:
    """Cut within a row; what is cut at a row's end, or in its last cell, looks whole (decision 28)."""
    row = chances.randrange(len(lines) // 2, len(lines) - 1)
    return "\n".join([*lines[:row], lines[row][: chances.randrange(1, lines[row].rindex(";"))]]).encode()


def trailing(lines: list[str], chances: random.Random) -> list[str]:
    few = chances.random() < 0.5
    return [f"{line};" if n and line and (not few or n % 9 == 0) else line for n, line in enumerate(lines)]


def inserted(what: str) -> Callable[[list[str], random.Random], list[str]]:
    def damage(lines: list[str], chances: random.Random) -> list[str]:
        lines.insert(chances.randrange(1, len(lines) - 1), what)
        return lines

    return damage


def other_encoding(lines: list[str], chances: random.Random) -> bytes:
    return "\n".join(lines).encode(chances.choice(("cp1252", "utf-16", "utf-16-le", "utf-32", "cp850", "mac-roman")))


def huge_heading(lines: list[str], chances: random.Random) -> list[str]:
    return [lines[0] + chances.choice(("x", ";x", '"x')) * 2_000_000, *lines[1:]]


def more_cells(lines: list[str], chances: random.Random) -> list[str]:
    """A column that began somewhere in the file, before or behind the others."""
    began, form = chances.randrange(1, len(lines) - 2), chances.choice(("ny;{}", "{};ny"))
    return [form.format(line) if n >= began and line else line for n, line in enumerate(lines)]


def totalled(lines: list[str], chances: random.Random) -> list[str]:
    return [*lines[:-1], "Summa" + ";" * lines[0].count(";"), ""]


def of_another_kind(lines: list[str], chances: random.Random) -> bytes:
    begins = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"<html><table>", b"%PDF-1.7\n", b"\x1f\x8b\x08")
    return chances.choice(begins) + "\n".join(lines).encode()
