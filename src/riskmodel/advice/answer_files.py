"""The files whose cases are scored: each one a file, never a pattern, and every line of it a row or said to be none.

A csv is read here, not by the engine, which guesses quotation marks and lets lines vanish: its lines are held against
its rows, and what the release asks for is handed on as parquet.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from riskmodel.ground.errors import SurveyDataError

DELIMITERS = ",;\t|"
ROWS_AT_A_TIME = 20_000
MOST_LINES_IN_A_CELL = 5
PATTERN_MARKS = "[*?"


@dataclass
class Lines:
    """What was seen of a csv's lines. over_lines_n: rows with a cell over several lines; first_over: where one begins.

    uneven_n: rows with more or fewer cells than headings; first_uneven: the line of the first.
    """

    over_lines_n: int = 0
    first_over: int = 0
    uneven_n: int = 0
    first_uneven: int = 0

    def __str__(self) -> str:
        return f"{self.over_lines_n} rows have a cell over several lines, the first begins in line {self.first_over}"


def check_files(paths: Sequence[Path]) -> None:
    """Refuse what is no file: a pattern, an address, a folder, a pipe."""
    others_n = sum(not path.is_file() for path in paths)
    if others_n:
        raise SurveyDataError(
            f"score: {others_n} of {len(paths)} sources are no file. A file's own name is needed, not a pattern, a "
            "folder or an address. Correct the name, or fetch the file first."
        )


def literal(path: Path) -> str:
    """`path` as the engine must be given it to read that file alone, whatever marks are in its name."""
    return "".join(f"[{mark}]" if mark in PATTERN_MARKS else mark for mark in str(path.resolve()))


def csv_as_parquet(source: Path, out: Path, *, wanted: Sequence[str]) -> Lines:
    """Write the `wanted` columns of the csv `source` to `out`, as texts, one row for each of its rows; blanks are null.

    A stray or unclosed quotation mark, and rows that have not as many cells as there are headings, are a
    `SurveyDataError` with the first line.
    """
    lines = Lines()
    try:
        with source.open(encoding="utf-8-sig", newline="") as stream:
            _write(_rows(stream, lines), out, wanted=wanted)
    except csv.Error:
        pass
    else:
        _check_even(lines)
        return lines
    raise SurveyDataError(
        "score: the csv can't be read as a table: a quotation mark is not closed, stands where none can, or a cell is "
        "far too long. Nothing was written. Correct the quotation marks."
    )


def _rows(stream: Iterable[str], lines: Lines) -> Iterator[list[str]]:
    """The headings, then every row that has as many cells."""
    physical = _Remembered(stream)
    head = next(physical, "")
    delimiter = max(DELIMITERS, key=head.count)
    headings = next(csv.reader([head], delimiter=delimiter, strict=True), [])
    yield headings
    physical.taken()
    reader = csv.reader(physical, delimiter=delimiter, strict=True)
    begins = 2
    for row in reader:
        _check_cells(physical.taken(), len(headings), delimiter, begins=begins, lines=lines)
        if len(row) == len(headings):
            yield row
        elif row:
            lines.uneven_n += 1
            lines.first_uneven = lines.first_uneven or begins
        begins = reader.line_num + 2


class _Remembered:
    """Lines of a file, and those that were taken since one last asked."""

    def __init__(self, stream: Iterable[str]) -> None:
        self._lines = iter(stream)
        self._taken: list[str] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self._taken.append(line)
        return line

    def taken(self) -> list[str]:
        """The lines since the last call."""
        taken, self._taken = self._taken, []
        return taken


def _check_cells(taken: Sequence[str], width: int, delimiter: str, *, begins: int, lines: Lines) -> None:
    """Note a row that takes several lines; refuse one that takes too many, or lines that are rows themselves."""
    if len(taken) <= 1:
        return
    lines.over_lines_n += 1
    lines.first_over = lines.first_over or begins
    are_rows = any(line.count(delimiter) >= width - 1 for line in taken[1:])
    if len(taken) > MOST_LINES_IN_A_CELL or are_rows:
        raise SurveyDataError(
            f"score: a quotation mark opened in the row that begins in line {begins} of the csv takes {len(taken) - 1} "
            f"lines more into one cell (allowed {MOST_LINES_IN_A_CELL - 1}, none of which looks like a row). Nothing "
            "was written. Correct the quotation marks, or leave the column out."
        )


def _check_even(lines: Lines) -> None:
    if lines.uneven_n:
        raise SurveyDataError(
            f"score: {lines.uneven_n} rows of the csv have more or fewer cells than there are headings (allowed 0), "
            f"the first in line {lines.first_uneven}. Nothing was written. Correct those rows."
        )


def _write(rows: Iterator[list[str]], out: Path, *, wanted: Sequence[str]) -> None:
    headings = next(rows)
    twice = [name for name in wanted if headings.count(name) > 1]
    if twice:
        raise SurveyDataError(f"score: column {', '.join(twice)} stands more than once in the csv. Rename one.")
    places = {name: headings.index(name) for name in wanted if name in headings}
    schema = pa.schema(dict.fromkeys(places, pa.string()))
    with pq.ParquetWriter(out, schema) as writer:
        while some := list(islice(rows, ROWS_AT_A_TIME)):
            texts = {name: [row[place] or None for row in some] for name, place in places.items()}
            writer.write_table(pa.table(texts, schema=schema))
