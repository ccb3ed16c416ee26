"""The files whose cases are scored: each one a file, never a pattern, and every line of it a row or said to be none.

A csv is read here, not by the engine, which guesses quotation marks and lets lines vanish: its lines are held against
its rows, and what the release asks for is handed on as parquet.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from riskmodel.advice.table import REFUSALS
from riskmodel.extracts.csv_lines import CsvRow, StrayMarkError, csv_rows
from riskmodel.ground.errors import SurveyDataError
from riskmodel.ground.text import Text

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

    @property
    def told(self) -> Text:
        """How many rows have a cell over several lines, and where the first begins."""
        return REFUSALS["long_cells"].filled(n=self.over_lines_n, line=self.first_over)


def check_files(paths: Sequence[Path]) -> None:
    """Refuse what is no file: a pattern, an address, a folder, a pipe."""
    others_n = sum(not path.is_file() for path in paths)
    if others_n:
        raise SurveyDataError(REFUSALS["no_such_sources"].filled(n=others_n, of=len(paths)))


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
    except StrayMarkError as stray:
        raise SurveyDataError(REFUSALS["stray_quote"].filled(line=stray.line)) from None
    _check_even(lines)
    return lines


def _rows(stream: Iterator[str], lines: Lines) -> Iterator[Sequence[str]]:
    """The headings, then every row that has as many cells."""
    head = next(stream, "")
    delimiter = max(DELIMITERS, key=head.count)
    headings = next((row.cells for row in csv_rows([head], delimiter, first_line=1)), [])
    yield headings
    for row in csv_rows(stream, delimiter, first_line=2):
        _check_cells(row, len(headings), delimiter, lines=lines)
        if len(row.cells) == len(headings):
            yield row.cells
        elif row.cells:
            lines.uneven_n += 1
            lines.first_uneven = lines.first_uneven or row.begins


def _check_cells(row: CsvRow, width: int, delimiter: str, *, lines: Lines) -> None:
    """Note a row that takes several lines; refuse one that takes too many, or lines that are rows themselves."""
    if len(row.lines) <= 1:
        return
    lines.over_lines_n += 1
    lines.first_over = lines.first_over or row.begins
    if len(row.lines) > MOST_LINES_IN_A_CELL or row.took_rows(width, delimiter):
        raise SurveyDataError(
            REFUSALS["long_quote"].filled(line=row.begins, n=len(row.lines) - 1, most=MOST_LINES_IN_A_CELL - 1)
        )


def _check_even(lines: Lines) -> None:
    if lines.uneven_n:
        raise SurveyDataError(REFUSALS["uneven_rows"].filled(n=lines.uneven_n, line=lines.first_uneven))


def _write(rows: Iterator[Sequence[str]], out: Path, *, wanted: Sequence[str]) -> None:
    headings = next(rows)
    twice = [name for name in wanted if headings.count(name) > 1]
    if twice:
        raise SurveyDataError(REFUSALS["heading_twice"].filled(columns=", ".join(twice)))
    places = {name: headings.index(name) for name in wanted if name in headings}
    schema = pa.schema(dict.fromkeys(places, pa.string()))
    with pq.ParquetWriter(out, schema) as writer:
        while some := list(islice(rows, ROWS_AT_A_TIME)):
            texts = {name: [row[place] or None for row in some] for name, place in places.items()}
            writer.write_table(pa.table(texts, schema=schema))
