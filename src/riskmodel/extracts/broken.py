"""Rows that stand under no headings of theirs: set aside, and of the year that they say where they do.

Those of a text with more or fewer cells than headings, and those of another table below the first."""

import numpy as np
import pandas as pd

from riskmodel.extracts.blame import split_line
from riskmodel.extracts.files import DeliveredFile
from riskmodel.extracts.frames import months_of, years_of
from riskmodel.extracts.months import months
from riskmodel.extracts.quarantine import NO_YEAR, Extract, Finding, rows_by_year
from riskmodel.extracts.schema import FOREVER_YEAR, NEVER_YEAR
from riskmodel.extracts.text_table import TextColumn, TextTable, text_array
from riskmodel.instrument.records import Source
from riskmodel.instrument.spelling import spelling

REASON, BELOW = "wrong_number_of_cells", "second_table"
TIMES = ("month", "year", "start")  # roles that say when a row is of


def broken_rows(table: TextTable, source: Source, file: DeliveredFile) -> Extract:
    """The broken rows of `table`, as it stands in `file`, and those of a table below it, set aside."""
    counts = {REASON: table.broken_rows_n, BELOW: table.below_n}
    below: np.ndarray = np.full(table.below_n, file.survey_year or NO_YEAR, dtype=np.int64)
    years = pd.Series(np.concatenate([_years(table, source, file), below]), dtype="int64")
    reasons = np.repeat([*counts], [*counts.values()])
    cells = pd.DataFrame({"file": file.name, "row": -1 - np.arange(len(years)), "year": years, "column": ""})
    cells = cells.assign(reason=reasons).astype({"file": str, "column": str, "reason": str})
    findings = tuple(Finding(file.name, "", reason, n) for reason, n in counts.items())
    return Extract(pd.DataFrame(), findings, cells, rows_by_year(years, file=file.name))


def _years(table: TextTable, source: Source, file: DeliveredFile) -> np.ndarray:
    """The year of each broken row, `NO_YEAR` where its cell does not stand in its place or can't be read."""
    nobody: np.ndarray = np.full(table.broken_rows_n, NO_YEAR, dtype=np.int64)
    places = {spelling(heading): place for place, heading in enumerate(table.headings)}
    roles = [role for role in TIMES if role in source.columns]
    is_told = roles and all(spelling(source.columns[role]) in places for role in roles)
    if file.survey_year is not None or not is_told or not table.rows_n or not table.broken_rows_n:
        return nobody + (file.survey_year or 0)
    rows = [split_line(row, source.reader.delimiter) for row in table.broken]
    headings = [source.columns[role] for role in roles]
    width, years = len(table.headings), nobody
    for from_end in (0, width):  # a cell too many may stand before or behind
        at = {one: places[spelling(one)] - from_end for one in headings}
        columns = (_column(table.column(one), [_cell(row, at[one]) for row in rows]) for one in headings)
        found = _told_years(TextTable(tuple(headings), tuple(columns), first_row=0), source)
        is_year = (found >= NEVER_YEAR) & (found <= FOREVER_YEAR)
        years = np.where((years == NO_YEAR) & is_year, found, years)
    return years


def _told_years(told: TextTable, source: Source) -> np.ndarray:
    if "start" in source.columns:
        return months(told.column(source.columns["start"])).year
    if "month" in source.columns:
        return months_of(told, source).year
    return years_of(told, source.columns["year"], offset=source.year_offset)


def _cell(row: list[str], place: int) -> str:
    return row[place] if -len(row) <= place < len(row) else ""


def _column(whole: TextColumn, cells: list[str]) -> TextColumn:
    """`cells` as a column that is read in the form of the `whole` one."""
    known = {text: place for place, text in enumerate(dict.fromkeys([*whole.texts, *cells]))}
    return TextColumn(text_array(known), np.array([known[cell] for cell in cells]), whole.since_1904)
