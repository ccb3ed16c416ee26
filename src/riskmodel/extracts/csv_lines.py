"""A csv's rows with the lines that each takes, read strictly: one reader for deliveries and for what is scored."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple


class StrayMarkError(ValueError):
    """A quotation mark that is not closed, or stands where none can, or a cell without end; `line`: of its row."""

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line


class CsvRow(NamedTuple):
    """A row's cells, the line it begins in, and the lines it takes."""

    cells: Sequence[str]
    begins: int
    lines: Sequence[str]

    def took_rows(self, width: int, delimiter: str) -> bool:
        """Whether a cell over lines holds what looks like a row of `width` cells, or two of the lines do; where it
        was meant, neither is so.
        """
        inside = [line for cell in self.cells for line in cell.splitlines()[1:]]
        most = max(width - 1, 1)
        whole_n = sum(line.count(delimiter) >= most for line in self.lines)
        return whole_n > 1 or any(line.count(delimiter) >= most for line in inside)


def csv_rows(lines: Iterable[str], delimiter: str, *, first_line: int) -> Iterator[CsvRow]:
    """Every row of `lines`, blank ones too (no cells); a mark that opens a cell and does not end it is an error."""
    taken: list[str] = []
    reader = csv.reader(_noted(lines, taken), delimiter=delimiter, strict=True)
    begins = first_line
    while True:
        try:
            cells = next(reader, None)
        except csv.Error:
            raise StrayMarkError(begins) from None
        if cells is None:
            return
        yield CsvRow(cells, begins, tuple(taken))
        begins += len(taken)
        taken.clear()


def _noted(lines: Iterable[str], taken: list[str]) -> Iterator[str]:
    for line in lines:
        taken.append(line)
        yield line
