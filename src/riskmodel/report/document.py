"""What the report is made of, and Swedish and English as it speaks them; the template only sets the blocks."""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote

import pandas as pd
from markupsafe import Markup

from riskmodel.ground.words import DASH, WRITING, Text, read_words
from riskmodel.report.shown import Measured

FORMULA = ("=", "@", "\t", "-")  # a minus of ours is a true one, a plus stands before digits
TEXTS = read_words(*sorted((Path(__file__).parent / "texts").glob("*.toml")))


@dataclass(frozen=True)
class Heading:
    """A heading inside a chapter."""

    text: str
    id: str
    kind: Literal["heading"] = "heading"


@dataclass(frozen=True)
class Paragraph:
    """Running text; `style` "lead" opens a chapter, "note" is small print. quote: the municipality's own words."""

    text: str
    style: Literal["", "lead", "note"] = ""
    quote: str = ""
    kind: Literal["paragraph"] = "paragraph"


@dataclass(frozen=True)
class Bullets:
    """A list without order."""

    items: tuple[str, ...]
    kind: Literal["bullets"] = "bullets"


@dataclass(frozen=True)
class Verdict:
    """A finding that is to be seen first. The word in `mark` says what its colour says."""

    status: Literal["passed", "failed", "open"]
    mark: str
    text: str
    remaining: tuple[tuple[str, str], ...] = ()
    kind: Literal["verdict"] = "verdict"


@dataclass(frozen=True)
class KeyFigure:
    """A number to remember, what it counts, and how sure it is."""

    number: str
    text: str
    certainty: str = ""


@dataclass(frozen=True)
class KeyFigures:
    """The numbers to remember, side by side."""

    figures: tuple[KeyFigure, ...]
    kind: Literal["key_figures"] = "key_figures"


@dataclass(frozen=True)
class Column:
    """A heading of a table; numbers are set flush right, words flush left."""

    text: str
    numeric: bool = True


Rows = Iterable[tuple[str, ...]]


@dataclass(frozen=True)
class Table:
    """A table whose first cell in each row is that row's heading. `note` stands under it, then `quote`.

    profile: of the disclosure control its numbers went through; empty when they count nobody.
    """

    id: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""
    quote: str = ""
    profile: str = ""
    kind: Literal["table"] = "table"

    @property
    def csv(self) -> str:
        """The table as an address that holds it, with semicolons as in Swedish spreadsheets; no cell is a formula."""
        lines = io.StringIO()
        writer = csv.writer(lines, delimiter=";", lineterminator="\r\n")
        writer.writerows(map(_inert, ([column.text for column in self.columns], *self.rows)))
        return f"data:text/csv;charset=utf-8,{quote(lines.getvalue().encode('utf-8-sig'), safe=';:,/()+')}"


def _inert(cells: Iterable[str]) -> list[str]:
    return [f"'{cell}" if cell[:1] in FORMULA else cell for cell in cells]


@dataclass(frozen=True)
class Picture:
    """A drawing under what it shows, in words; how to read it, and its numbers as a table."""

    id: str
    svg: Markup
    title: str
    table: Table
    note: str = ""
    kind: Literal["picture"] = "picture"


@dataclass(frozen=True)
class SideBySide:
    """Narrow tables or drawings that may stand in two columns."""

    blocks: "tuple[Table | Picture, ...]"
    kind: Literal["side_by_side"] = "side_by_side"


@dataclass(frozen=True)
class Terms:
    """Words or keys with what they stand for. `code`: the second half is a hash, set in fixed-width letters."""

    rows: tuple[tuple[str, str], ...]
    code: bool = False
    kind: Literal["terms"] = "terms"


@dataclass(frozen=True)
class Folded:
    """Blocks that are shown when the reader asks for them, and never on paper."""

    summary: str
    blocks: "tuple[Block, ...]"
    kind: Literal["folded"] = "folded"


Block = Heading | Paragraph | Bullets | Verdict | KeyFigures | Table | SideBySide | Picture | Terms | Folded


@dataclass(frozen=True)
class Chapter:
    """One chapter; `id` is unique on the page. printed: whether it goes on paper, too."""

    id: str
    title: str
    blocks: tuple[Block, ...]
    printed: bool = True


@dataclass(frozen=True)
class Language:
    """One of the two languages. `code` is that of HTML's lang attribute."""

    code: str

    def say(self, key: str, /, **parts: Any) -> str:
        """The text `key` with its `parts` filled in."""
        return TEXTS.say(key, self.code, **parts)

    def text(self, text: Text | Mapping[str, str]) -> str:
        """One text of an instrument or a release."""
        return text.said(self.code) if isinstance(text, Text) else text[self.code]

    def decimal(self, value: Any, *, digits: int = 2, signed: bool = False) -> str:
        """`value` with `digits` decimals, halves rounded away from zero; a dash when there is none."""
        return WRITING[self.code].decimal(None if is_missing(value) else value, digits=digits, signed=signed)

    def count(self, value: object) -> str:
        """A number of people or rows; one that disclosure control hides is said to be hidden."""
        return self.say("not_shown") if is_missing(value) else self.decimal(value, digits=0)

    def hundred(self, share: Any, *, digits: int = 0, signed: bool = False) -> str:
        """A share (0-1) as a number of a hundred."""
        return self.decimal(None if is_missing(share) else share * 100, digits=digits, signed=signed)

    def hundred_or_why(self, share: object, status: str = "ok") -> str:
        """A share as a number of a hundred for a table's cell, or in a word why there is none."""
        if not is_missing(share):
            return self.hundred(share)
        return self.say({"ok": "few", "too_few": "few"}.get(status, status))

    def measured(self, share: Measured) -> str:
        """A measured share as `hundred_or_why` has it."""
        return self.hundred_or_why(share.estimate, share.status)

    def hundred_range(self, low: object, high: object) -> str:
        """An interval of shares (0-1) as numbers of a hundred, such as 58–66; empty when not known."""
        return "" if is_missing(low) or is_missing(high) else f"{self.hundred(low)}{DASH}{self.hundred(high)}"

    def number_range(self, low: object, high: object, *, digits: int = 2) -> str:
        """An interval of numbers, with a word between its ends so that minus signs stay clear; empty when not known."""
        if is_missing(low) or is_missing(high):
            return ""
        return self.say("range", low=self.decimal(low, digits=digits), high=self.decimal(high, digits=digits))

    def share_range(self, low: Any, high: Any, *, digits: int = 1) -> str:
        """An interval of shares (0-1) as `number_range` has it, of a hundred; empty when not known."""
        known = not (is_missing(low) or is_missing(high))
        return self.number_range(low * 100, high * 100, digits=digits) if known else ""

    def listed(self, words: list[str]) -> str:
        """Words with commas, and "and" before the last."""
        return WRITING[self.code].listed(words)

    def words(self, *keys: str) -> tuple[Column, ...]:
        """Headings of columns that hold words."""
        return tuple(Column(self.say(key), numeric=False) for key in keys)

    def numbers(self, *keys: str) -> tuple[Column, ...]:
        """Headings of columns that hold numbers."""
        return tuple(Column(self.say(key)) for key in keys)

    def heading(self, key: str, id: str = "") -> Heading:
        """The heading `key`_heading; `id`: its name on the page when that is another than `key`."""
        return Heading(self.say(f"{key}_heading"), f"{self.code}-{id or key.replace('_', '-')}")

    def table(
        self, id: str, caption: str, columns: Sequence[Column], rows: Rows, *, note: str = "", profile: str = ""
    ) -> Table:
        """A table under the text `caption`."""
        name = f"{self.code}-{id}"
        return Table(name, self.say(caption), tuple(columns), tuple(rows), note=note, profile=profile)

    def chapter(self, key: str, *blocks: Block, lead: bool = False, printed: bool = True) -> Chapter:
        """The chapter `key`_title; `lead`: it opens with `key`_lead; printed: on paper, too."""
        opening = (Paragraph(self.say(f"{key}_lead"), "lead"),) if lead else ()
        return Chapter(f"{self.code}-{key}", self.say(f"{key}_title"), (*opening, *blocks), printed)


LANGUAGES = {code: Language(code) for code in WRITING}


def is_missing(value: Any) -> bool:
    """Whether `value` is None, NaN or <NA>."""
    return value is None or bool(pd.isna(value))


def begins_small(sentence: str) -> str:
    """`sentence` as it reads after a colon; abbreviations such as O/E keep their capitals."""
    return sentence if re.match(r"[^\W\d_][A-ZÅÄÖ/]", sentence) else sentence[:1].lower() + sentence[1:]


def begins_large(name: str) -> str:
    """`name` as it reads first in a cell."""
    return name[:1].upper() + name[1:]


def years_text(years: Sequence[int], language: Language) -> str:
    """Years as "2019–2023" when none between is missing, else one by one."""
    ordered = sorted(years)
    if len(ordered) > 2 and ordered[-1] - ordered[0] == len(ordered) - 1:
        return f"{ordered[0]}{DASH}{ordered[-1]}"
    return language.listed([str(year) for year in ordered])
