"""What the report is made of: chapters of blocks, every number already a text. The template only sets them."""

from dataclasses import dataclass
from typing import Literal

from markupsafe import Markup

from riskmodel.report.language import Language


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


@dataclass(frozen=True)
class Table:
    """A table whose first cell in each row is that row's heading. `note` stands under it, then `quote`.

    profile: of the disclosure control its numbers went through, printed with it; empty when they count nobody.
    """

    id: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""
    quote: str = ""
    profile: str = ""
    kind: Literal["table"] = "table"


@dataclass(frozen=True)
class Picture:
    """A drawing, what it shows in words, and its numbers as a table."""

    id: str
    svg: Markup
    caption: str
    alternative: str
    table: Table
    kind: Literal["picture"] = "picture"


@dataclass(frozen=True)
class SideBySide:
    """Narrow tables that may stand in two columns."""

    tables: tuple[Table, ...]
    kind: Literal["side_by_side"] = "side_by_side"


@dataclass(frozen=True)
class Terms:
    """Words or keys with what they stand for. `code`: the second half is a hash, set in fixed-width letters."""

    rows: tuple[tuple[str, str], ...]
    code: bool = False
    kind: Literal["terms"] = "terms"


@dataclass(frozen=True)
class Folded:
    """Blocks that are shown when the reader asks for them, and always on paper."""

    summary: str
    blocks: "tuple[Block, ...]"
    kind: Literal["folded"] = "folded"


Block = Heading | Paragraph | Bullets | Verdict | KeyFigures | Table | SideBySide | Picture | Terms | Folded


@dataclass(frozen=True)
class Chapter:
    """One chapter; `id` is unique on the page."""

    id: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Edition:
    """The whole report in one language."""

    language: Language
    kicker: str
    title: str
    lead: str
    chapters: tuple[Chapter, ...]


def words(*texts: str) -> tuple[Column, ...]:
    """Headings of columns that hold words."""
    return tuple(Column(text, numeric=False) for text in texts)


def numbers(*texts: str) -> tuple[Column, ...]:
    """Headings of columns that hold numbers."""
    return tuple(Column(text) for text in texts)
