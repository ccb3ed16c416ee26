"""A delivered file as text: headings, and columns in which each distinct value is kept once."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import ArrayLike

from riskmodel.extracts.blame import HALF, LONGEST_SHOWN, Begin, told_headings, told_place
from riskmodel.extracts.identity import (
    WIDEST,
    check_no_personal_numbers,
    personal_numbers_in,
    personal_numbers_n,
    split_numbers_n,
)
from riskmodel.extracts.personal_numbers import CALLED_ONE
from riskmodel.extracts.refusals import REFUSALS
from riskmodel.ground.errors import SurveyDataError
from riskmodel.ground.text import Text, listed, quoted
from riskmodel.ground.words import grouped
from riskmodel.instrument.spelling import spelling

MOST_BYTES = 1 << 30  # of a file's texts when it is unpacked: memory holds them, and what is made of them
MOST_CELLS = 500_000_000
ODD = np.uint64(0x9E3779B97F4A7C15)  # an odd multiplier keeps the order of columns in a row's fingerprint


@dataclass(frozen=True)
class TextColumn:
    """distinct: the different texts, none null. codes: for each row the place of its text in `distinct`, shape (n,).

    since_1904: whether its file counts days from there.
    """

    distinct: pa.Array
    codes: np.ndarray
    since_1904: bool = False

    def __len__(self) -> int:
        return len(self.codes)

    @property
    def texts(self) -> list[str]:
        """The distinct texts."""
        return self.distinct.to_pylist()

    @property
    def bytes_n(self) -> int:
        """How many bytes all rows' texts take when they are written out."""
        return int(np.asarray(pc.binary_length(self.distinct), dtype=np.int64)[self.codes].sum())

    def each(self, value_of: Callable[[str], object], dtype: type = object) -> np.ndarray:
        """`value_of` applied to every text; an array of `dtype`, shape (n,)."""
        values: np.ndarray = np.empty(len(self.distinct), dtype=dtype)
        for place, text in enumerate(self.texts):
            values[place] = value_of(text)
        return values[self.codes]

    def translated(self, text_of: Callable[[str], str]) -> pd.Series:
        """`text_of` applied to every text, as a series of text."""
        texts = pa.array([text_of(text) for text in self.texts], pa.string())
        return texts.take(pa.array(self.codes)).to_pandas()

    def meaning(self, text_of: Callable[[str], str]) -> "TextColumn":
        """`text_of` applied to every text, as a column of its own."""
        encoded = pa.array([text_of(text) for text in self.texts], pa.string()).dictionary_encode()
        return TextColumn(encoded.dictionary, encoded.indices.to_numpy(zero_copy_only=False)[self.codes])


def text_column(column: pa.ChunkedArray | pa.Array) -> TextColumn:
    """`column` of Arrow strings, a dictionary of them without nulls or plain; nulls become the empty text."""
    whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    is_encoded = pa.types.is_dictionary(whole.type) and whole.null_count == 0
    encoded = whole if is_encoded else pc.fill_null(whole.cast(pa.string()), "").dictionary_encode()
    return TextColumn(encoded.dictionary, encoded.indices.to_numpy(zero_copy_only=False))


def row_fingerprints(columns: Iterable[TextColumn], rows_n: int) -> np.ndarray:
    """64 bits per row that are equal for equal rows, shape (n,), whichever file a row stands in.

    Two different rows share them with a chance of about n²/2⁶⁵: 4 in 100,000 for a whole country's register.
    """
    fingerprints = np.zeros(rows_n, dtype=np.uint64)
    for column in columns:
        hashes = pd.util.hash_array(np.asarray(column.texts, dtype=object), categorize=False)
        fingerprints = fingerprints * ODD + hashes[column.codes]
    return fingerprints


@dataclass(frozen=True)
class TextTable:
    """headings and columns stand in the file's order; elsewhere: texts outside the table (titles, other sheets).

    first_row: where in the file the first row below the headings stands. lines_left_out: the places below the headings,
    from 0, of lines that are no rows. broken: rows with more or fewer cells than headings, as they stand, left out;
    below_n: so are as many of another table, below this one on its sheet.
    unread: headings of columns that are no text, number or date. begins: the first rows of every table in the file, as
    they stand. no_rows: why there are none. over_lines_n: cells that run over lines, the first from first_over_lines
    on. unread_sheets: the others of a workbook, and how many rows as wide each has; unlike_sheets: what is told of
    those that lack little to be read with the rest. private_n: personal numbers in the
    file's parts, its cells and what stands beside them. Where the file says so, by heading, labels: what its codes
    mean; wordings: the question; missing: the codes that are no answer.
    """

    headings: tuple[str, ...]
    columns: tuple[TextColumn, ...]
    first_row: int
    elsewhere: tuple[str, ...] = ()
    broken: Sequence[str] = ()
    below_n: int = 0
    over_lines_n: int = 0
    first_over_lines: int = 0
    unread: tuple[str, ...] = ()
    begins: tuple[Begin, ...] = ()
    no_rows: Text | None = None
    unread_sheets: Mapping[str, int] = field(default_factory=dict)
    unlike_sheets: Mapping[str, Text] = field(default_factory=dict)
    private_n: int = 0
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    wordings: Mapping[str, str] = field(default_factory=dict)
    missing: Mapping[str, frozenset[str]] = field(default_factory=dict)
    lines_left_out: tuple[int, ...] = ()

    @property
    def broken_rows_n(self) -> int:
        """Rows with more or fewer cells than headings."""
        return len(self.broken)

    @property
    def lines_n(self) -> int:
        """Lines below the headings: rows, broken ones, another table's and those that are none."""
        return self.all_rows_n + len(self.lines_left_out)

    @property
    def all_rows_n(self) -> int:
        """Rows below the headings, those too that can't be read."""
        return self.rows_n + self.broken_rows_n + self.below_n

    @property
    def row_numbers(self) -> np.ndarray:
        """Where each row stands in the file, lines without a sign and broken rows not counted; shape (n,)."""
        places: np.ndarray = np.arange(self.rows_n + len(self.lines_left_out))
        return self.first_row + np.delete(places, np.array(self.lines_left_out, dtype=np.int64))

    def places_of(self, numbers: ArrayLike) -> np.ndarray:
        """Which of its rows, from 0, have the `row_numbers` given."""
        return np.searchsorted(self.row_numbers, numbers)

    @property
    def rows_n(self) -> int:
        """Rows below the headings."""
        return len(self.columns[0]) if self.columns else 0

    def column(self, heading: str) -> TextColumn:
        """The column under `heading`, however it is spaced or capitalised; `check_headings` comes first."""
        return self.columns[[spelling(own) for own in self.headings].index(spelling(heading))]


def check_headings(table: TextTable, wanted: Mapping[str, str | Text], *, where: str) -> None:
    """Raise a `SurveyDataError` unless each wanted heading (to what it is for) stands once in `table`, and can be read.

    Of the file's own only what `told_headings` shows is printed: they may be anything, a person's answers too.
    """
    unread = {spelling(heading) for heading in table.unread}
    for heading, use in wanted.items():
        if spelling(heading) in unread:
            raise SurveyDataError(REFUSALS["other_content"].filled(where=where, heading=quoted(heading), use=use))
    own = [spelling(heading) for heading in table.headings]
    missing = {heading: use for heading, use in wanted.items() if spelling(heading) not in own}
    if missing:
        named = listed(REFUSALS["wanted"].filled(heading=quoted(heading), use=use) for heading, use in missing.items())
        counts = {
            "n": len(missing),
            "all": len(wanted),
            "own": len(own),
            "unknown": len({*own} - {*map(spelling, wanted)}),
        }
        first = REFUSALS["headings_missing"].filled(where=where, missing=named, **counts)
        told = told_headings(table.headings, wanted, table.begins, table.wordings)
        raise SurveyDataError(listed([first, *told, REFUSALS["correct_columns"]], " "))
    twice = [heading for heading in wanted if own.count(spelling(heading)) > 1]
    if twice:
        raise SurveyDataError(REFUSALS["heading_twice"].filled(where=where, headings=listed(map(quoted, twice))))


def check_identities(table: TextTable, *, where: str, wanted: Collection[str] = ()) -> None:
    """Raise a `SurveyDataError` when a personal number stands in `table` or beside it, with the columns that hold any.

    wanted: headings; where half of them stand among the table's, what else stands there is a heading too, and shown.
    """
    found_n = identities_n(table) or table.private_n
    if not found_n:
        return
    check_no_personal_numbers(found_n, where=in_columns(where, private_columns(table, wanted)))


def in_columns(where: str | Text, columns: Sequence[Text]) -> str | Text:
    """The place `where` with the `columns` in it, if any are known."""
    return REFUSALS["in_columns"].filled(where=where, columns=listed(columns)) if columns else where


def private_columns(table: TextTable, wanted: Collection[str] = ()) -> list[Text]:
    """The columns of `table` that hold personal numbers; wanted: as in `check_identities`."""
    own = {*map(spelling, table.headings)}
    is_sure = bool(wanted) and HALF * len(wanted) <= sum(spelling(heading) in own for heading in wanted)
    return [told_column(place, table.headings[place], is_sure=is_sure) for place in sorted(private_places(table))]


def told_column(place: int, heading: str, *, is_sure: bool = False) -> Text:
    """A column by its place, and its heading where that has words and no number of anybody.

    is_sure: whether it is a heading beyond doubt; what such numbers are called is one anyway.
    """
    is_heading = is_sure or CALLED_ONE.fullmatch(heading.strip())
    is_shown = is_heading and heading.strip() and not personal_numbers_n([heading])
    shown = (
        REFUSALS["its_heading"].filled(heading=quoted(" ".join(heading.split())[:LONGEST_SHOWN])) if is_shown else ""
    )
    return REFUSALS["column"].filled(place=place + 1, heading=shown)


def private_places(table: TextTable) -> set[int]:
    """Where columns stand that hold personal numbers, alone or over several side by side."""
    found = {place for place, column in enumerate(table.columns) if personal_numbers_in(column.distinct)}
    pairs = [(column.distinct, column.codes) for column in table.columns]
    if not split_numbers_n(pairs):
        return found
    for width in range(2, WIDEST + 1):
        for first in range(len(pairs) - width + 1):
            window = {*range(first, first + width)}
            if not window & found and split_numbers_n([pairs[place] for place in sorted(window)]):
                found |= window
    return found


def identities_n(table: TextTable) -> int:
    """How many different texts hold a personal number: cells, asked for or not, headings and what stands elsewhere."""
    found_n = personal_numbers_n((*table.headings, *table.elsewhere))
    found_n += sum(personal_numbers_in(column.distinct) for column in table.columns)
    return found_n + split_numbers_n([(column.distinct, column.codes) for column in table.columns])


def check_rows(table: TextTable, *, where: str, wanted: Collection[str] = ()) -> None:
    """Raise a `SurveyDataError` when `table` has no rows; wanted: headings that say which row they stand in."""
    if table.rows_n == 0:
        remedy = [] if table.no_rows and table.headings else [REFUSALS["correct_header_row"]]
        told = [table.no_rows or REFUSALS["no_rows"], *told_place(table.headings, wanted, table.begins), *remedy]
        raise SurveyDataError(REFUSALS["at"].filled(where=where, told=listed(told, " ")))


def check_size(found_n: int, most_n: int, what: str, *, where: str) -> None:
    """Raise a `SurveyDataError` when a file holds, or unpacks to, more than memory should be asked for."""
    if found_n > most_n:
        told = {"n": grouped(found_n), "what": REFUSALS[what], "most": grouped(most_n)}
        raise SurveyDataError(REFUSALS["too_large"].filled(where=where, **told))


def whole_fingerprints(table: TextTable) -> np.ndarray:
    """`row_fingerprints` of all columns, in an order that does not hang on the file's."""
    order = sorted(range(len(table.headings)), key=lambda place: spelling(table.headings[place]))
    return row_fingerprints([table.columns[place] for place in order], table.rows_n)


def repeated_rows(tables: Mapping[str, TextTable]) -> dict[str, np.ndarray]:
    """For each file of one form, which rows stand earlier too, in it or in a file before it; bool, shape (n,)."""
    seen: np.ndarray = np.array([], dtype=np.uint64)
    repeated = {}
    for file, table in tables.items():
        fingerprints = whole_fingerprints(table)
        repeated[file] = pd.Series(fingerprints).duplicated().to_numpy() | pd.Index(fingerprints).isin(seen)
        seen = np.concatenate([seen, fingerprints])
    return repeated


def text_array(texts: Iterable[str]) -> pa.Array:
    """`texts` as Arrow strings."""
    return pa.array(list(texts), pa.string())
