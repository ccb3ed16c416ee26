"""Lines of a file that are no rows: empty ones, and headings that stand again where files were put together."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa

from riskmodel.extracts.quarantine import Finding
from riskmodel.extracts.refusals import REFUSALS
from riskmodel.extracts.second_table import MOST_OF
from riskmodel.extracts.text_table import TextColumn, TextTable
from riskmodel.ground.errors import SurveyDataError
from riskmodel.instrument.records import Source
from riskmodel.instrument.spelling import spelling


def without_empty(table: TextTable) -> TextTable:
    """`table` without the rows in which no cell holds anything, as a spreadsheet writes those with a style alone."""
    empty: np.ndarray = np.arange(table.rows_n)
    for column in table.columns:
        if not len(empty):
            return table
        blank = np.array([not text.strip() for text in column.texts], dtype=bool)
        empty = empty[blank[column.codes[empty]]]
    return _without(table, empty)


def without_headings_again(table: TextTable, source: Source, *, where: str) -> tuple[TextTable, Finding]:
    """`table` without the rows that hold its headings again, and how many there were.

    A `SurveyDataError` where they stand there in another order: what is below them stands under wrong headings.
    """
    own = [spelling(heading) for heading in table.headings]
    rows = _of_headings(table, {heading for heading in own if heading}, _person(source, own))
    for row in rows:
        found = [spelling(column.distinct[int(column.codes[row])].as_py()) for column in table.columns]
        moved = [text for text, heading in zip(found, own, strict=True) if text and text in own and text != heading]
        if moved:
            told = {"row": int(table.row_numbers[row]), "n": len(own) - len(moved), "all": len(own)}
            raise SurveyDataError(REFUSALS["headings_moved"].filled(where=where, **told))
    return _without(table, rows), Finding(where, "", "headings_again", len(rows))


def _person(source: Source, own: Sequence[str]) -> int | None:
    """Where the column stands that says who a row is about; a person is called like no heading, an answer may be."""
    called = [source.columns.get("person"), *(text for text, role in source.other_headings.items() if role == "person")]
    places = [own.index(spelling(text)) for text in called if text and spelling(text) in own]
    return places[0] if places else None


def _of_headings(table: TextTable, headings: set[str], person: int | None) -> np.ndarray:
    """The rows most of whose cells hold `headings`; all of them do, where no column says who a row is about."""
    rows: np.ndarray = np.arange(table.rows_n)
    first = [table.columns[person]] if person is not None else table.columns
    for column in first:  # hardly any row is left after it
        rows = rows[_hold(column, rows, headings)]
    held_n = sum((_hold(column, rows, headings).astype(int) for column in table.columns), np.zeros(len(rows), int))
    return rows[held_n >= max(2, MOST_OF * len(headings))]


def _hold(column: TextColumn, rows: np.ndarray, headings: set[str]) -> np.ndarray:
    """Whether each of `rows` holds a heading, bool, shape (n,)."""
    codes = column.codes[rows]
    if len(rows) < len(column.distinct):
        return np.array([spelling(column.distinct[int(code)].as_py()) in headings for code in codes], dtype=bool)
    return np.array([spelling(text) in headings for text in column.texts], dtype=bool)[codes]


def _without(table: TextTable, rows: np.ndarray) -> TextTable:
    """`table` without `rows`, and without the texts that stand in these alone: nobody wrote them."""
    if not len(rows):
        return table
    places = table.row_numbers[rows] - table.first_row
    columns = tuple(_fewer(column, np.delete(column.codes, rows)) for column in table.columns)
    return replace(table, columns=columns, lines_left_out=(*sorted((*table.lines_left_out, *places.tolist())),))


def _fewer(column: TextColumn, codes: np.ndarray) -> TextColumn:
    kept, places = np.unique(codes, return_inverse=True)
    return replace(column, distinct=column.distinct.take(pa.array(kept)), codes=places.astype(column.codes.dtype))
