"""What a template is given to set: tables and figures, every cell already a text."""

from dataclasses import dataclass

from markupsafe import Markup


@dataclass(frozen=True)
class Column:
    """A heading; numbers are set flush right, words flush left."""

    text: str
    numeric: bool = True


@dataclass(frozen=True)
class Table:
    """A table whose first cell of each row is that row's heading. `note` stands under it."""

    id: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""
    counts_people: bool = True


@dataclass(frozen=True)
class Figure:
    """A drawing with what it shows in words, and its numbers as a table."""

    id: str
    svg: Markup
    caption: str
    alternative: str
    table: Table


def words(*texts: str) -> tuple[Column, ...]:
    """Headings of columns that hold words."""
    return tuple(Column(text, numeric=False) for text in texts)


def numbers(*texts: str) -> tuple[Column, ...]:
    """Headings of columns that hold numbers."""
    return tuple(Column(text) for text in texts)
