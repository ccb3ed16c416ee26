"""A delivered file as text: its headings, its columns, and whatever else stands in it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa

from riskmodel.extracts.identity import check_no_personal_numbers, personal_numbers_in, personal_numbers_n
from riskmodel.extracts.text_column import TextColumn, row_fingerprints
from riskmodel.ground.errors import SurveyDataError
from riskmodel.instrument.spelling import spelling


@dataclass(frozen=True)
class TextTable:
    """headings and columns stand in the file's order; elsewhere: texts outside the table (titles, other sheets).

    first_row: where in the file the first row below the headings stands. broken_rows_n: rows with more or
    fewer cells than headings, left out.
    """

    headings: tuple[str, ...]
    columns: tuple[TextColumn, ...]
    first_row: int
    elsewhere: tuple[str, ...] = ()
    broken_rows_n: int = 0

    @property
    def row_numbers(self) -> range:
        """Where each row stands in the file, blank lines and broken rows not counted."""
        return range(self.first_row, self.first_row + self.rows_n)

    @property
    def rows_n(self) -> int:
        """Rows below the headings."""
        return len(self.columns[0]) if self.columns else 0

    def column(self, heading: str) -> TextColumn:
        """The column under `heading`, however it is spaced or capitalised; `check_headings` comes first."""
        return self.columns[[spelling(own) for own in self.headings].index(spelling(heading))]


def check_headings(table: TextTable, wanted: Mapping[str, str], *, where: str) -> None:
    """Raise a `SurveyDataError` unless each wanted heading (to what it is for) stands once in `table`.

    Only headings of the instrument are printed: those of the file may be anything, a person's answers too.
    """
    own = [spelling(heading) for heading in table.headings]
    missing = [f"{heading!r} ({use})" for heading, use in wanted.items() if spelling(heading) not in own]
    if missing:
        unknown_n = len(set(own) - {spelling(heading) for heading in wanted})
        raise SurveyDataError(
            f"{where}: {len(missing)} of {len(wanted)} headings were not found: {', '.join(missing)}. The file has "
            f"{len(own)} headings, {unknown_n} of them not asked for. Correct the instrument's columns, or its reader "
            "(delimiter, header_row, encoding, sheet) when no heading was found."
        )
    twice = [heading for heading in wanted if own.count(spelling(heading)) > 1]
    if twice:
        names = ", ".join(map(repr, twice))
        raise SurveyDataError(f"{where}: heading {names} stands more than once. Rename one in the file.")


def check_identities(table: TextTable, *, where: str) -> None:
    """Raise a `SurveyDataError` when a personal number stands anywhere in `table`, read or not."""
    found_n = personal_numbers_n((*table.headings, *table.elsewhere))
    found_n += sum(personal_numbers_in(column.distinct) for column in table.columns)
    check_no_personal_numbers(found_n, where=where)


def check_rows(table: TextTable, *, where: str) -> None:
    """Raise a `SurveyDataError` when `table` has no rows."""
    if table.rows_n == 0:
        raise SurveyDataError(f"{where}: 0 rows below the headings. Deliver the file again, or correct header_row.")


def repeated_rows(tables: Mapping[str, TextTable]) -> dict[str, np.ndarray]:
    """For each file of one form, which rows stand earlier too, in it or in a file before it; bool, shape (n,)."""
    seen: np.ndarray = np.array([], dtype=np.uint64)
    repeated = {}
    for file, table in tables.items():
        order = sorted(range(len(table.headings)), key=lambda place: spelling(table.headings[place]))
        fingerprints = row_fingerprints([table.columns[place] for place in order], table.rows_n)
        repeated[file] = pd.Series(fingerprints).duplicated().to_numpy() | pd.Index(fingerprints).isin(seen)
        seen = np.concatenate([seen, fingerprints])
    return repeated


def text_array(texts: Iterable[str]) -> pa.Array:
    """`texts` as Arrow strings."""
    return pa.array(list(texts), pa.string())
