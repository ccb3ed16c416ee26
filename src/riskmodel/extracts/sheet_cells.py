"""A workbook's cells that hold anything, as text. openpyxl says what the workbook is, and reads cells of rare kinds."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import IO, Any, cast
from xml.etree.ElementTree import Element, SubElement, XMLPullParser

from openpyxl.reader.excel import ExcelReader
from openpyxl.utils.cell import coordinate_to_tuple
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet._reader import CELL_TAG, INLINE_STRING, MERGE_TAG, ROW_TAG, VALUE_TAG, WorkSheetParser
from openpyxl.xml.constants import SHEET_MAIN_NS

from riskmodel.extracts.plain_cells import PlainCell, PlainCells

TEXT_TAG = f"{{{SHEET_MAIN_NS}}}t"
DIGITS = "0123456789"
MOST_KEPT = 1 << 16  # values whose text is kept
NOTHING: dict[int, str] = {}  # a row of a sheet that holds nothing
Row = dict[int, str]  # of each cell that holds anything the number of its column, and what it says


class Book(ExcelReader):
    """A workbook whose sheets are read row by row; those that hold a chart, and nothing else, are left out.

    merged: places of the cells that are merged, of the sheet that was read to its end.

    openpyxl goes through a sheet once more for its size, makes objects of a text's letterings, and can't read every
    chart: its own reading of sheets is replaced.
    """

    def read_worksheets(self) -> None:
        """Note which sheets there are: name, state, and the part that holds it."""
        found = [(sheet, rel) for sheet, rel in self.parser.find_sheets() if rel.target in self.valid_files]
        self.sheets = [(sheet.name, sheet.state, rel.target) for sheet, rel in found if "chartsheet" not in rel.Type]

    @property
    def is_since_1904(self) -> bool:
        """Whether its days are counted from there."""
        return bool(self.wb.epoch == CALENDAR_MAC_1904)

    def rows(self, part: str) -> Iterator[Row]:
        """Each row of the sheet in `part`, those that it leaves out too."""
        with self.archive.open(part) as source:
            days = {name: vars(self.wb)[f"_{name}"] for name in ("date_formats", "timedelta_formats")}
            cells = _Cells(source, self.shared_strings, epoch=self.wb.epoch, **days)
            rows_n, self.merged = 0, cells.merged
            for place, row in cells.filled():
                for _ in range(rows_n, place - 1):
                    yield NOTHING
                yield row
                rows_n = place


class _Cells(WorkSheetParser):
    """The rows of a sheet; cells of the usual kinds are read without openpyxl's objects."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._columns: dict[str, int] = {}
        self._texts: dict[tuple[str, str, str], str] = {}
        self.merged: list[str] = []

    def filled(self) -> Iterator[tuple[int, Row]]:
        """Each row that holds anything, below the one before: its number and those cells; a colour makes none."""
        last, plain = 0, PlainCells()
        for element in _elements(plain.left_of(cast("IO[bytes]", self.source))):
            if element.tag == ROW_TAG:
                taken = plain.of(element)
                place, cells = self.parse_row(element)
                found = (
                    [(cell["column"], _text(cell["value"])) for cell in cells] if taken is None else self._said(taken)
                )
                row = {column: text for column, text in found if text}
                if row and place > last:
                    yield place, row
                    last = place
                element.clear()
            elif element.tag == MERGE_TAG:
                self.merged += [each.get("ref", "") for each in element]

    def _said(self, cells: Iterable[PlainCell]) -> Iterator[tuple[int, str]]:
        """The column of each plain cell that says anything, and what it says."""
        for letters, style, inline, kind, value in cells:
            text = inline
            if value:
                known = self._texts.get((style, kind, value))
                text = self._plain(style, kind, value) if known is None else known
            if text:
                yield self._columns.get(letters) or self._column(f"{letters}1"), text

    def _plain(self, style: str, kind: str, value: str) -> str:
        """What a value says: the same wherever it stands."""
        cell = Element(CELL_TAG, {"r": "A1", "t": kind or "n"} | ({"s": style} if style else {}))
        SubElement(cell, VALUE_TAG).text = value
        if len(self._texts) >= MOST_KEPT:
            self._texts.clear()
        said = self._texts[style, kind, value] = _text(self.parse_cell(cell)["value"])
        return said

    def parse_row(self, row: Any) -> tuple[int, list[dict[str, Any]]]:
        """The row's number and its cells, without those that hold nothing; how tall it is openpyxl would keep."""
        given = row.get("r")
        self.row_counter = int(float(given)) if given else self.row_counter + 1
        self.col_counter = 0
        return self.row_counter, [self.parse_cell(cell) for cell in row if len(cell) or self._passed(cell)]

    def _passed(self, cell: Element) -> bool:
        """False; a cell that says nothing is counted, since what follows may not say where it stands."""
        place = cell.get("r")
        self.col_counter = self._column(place) if place else self.col_counter + 1
        return False

    def parse_cell(self, element: Any) -> dict[str, Any]:
        """The column of a cell and its value."""
        place, child = element.get("r"), element[0] if len(element) == 1 else None
        text = self._usual(element, child) if place and child is not None else None
        if text is None:
            return super().parse_cell(element)
        self.col_counter = self._column(place)
        return {"column": self.col_counter, "value": text}

    def _usual(self, cell: Element, child: Element) -> str | None:
        """The text of a cell with a text or a number and nothing else; None of any other."""
        kind = cell.get("t", "n")
        if child.tag == VALUE_TAG and child.text:
            if kind == "s":
                return str(self.shared_strings[int(child.text)])
            style = cell.get("s")
            if kind == "n" and not (style and int(style) in self.date_formats):
                is_float = any(mark in child.text for mark in ".Ee")
                return _text(float(child.text) if is_float else int(child.text))
        elif child.tag == INLINE_STRING and kind == "inlineStr" and len(child) == 1:
            if child[0].tag == TEXT_TAG and not len(child[0]):
                return child[0].text or ""
        return None

    def _column(self, place: str) -> int:
        letters = place.rstrip(DIGITS)
        if letters not in self._columns:
            self._columns[letters] = coordinate_to_tuple(place)[1]
        return self._columns[letters]


def _elements(blocks: Iterable[bytes]) -> Iterator[Element]:
    """The elements of a document, each when it ends."""
    parser: Any = XMLPullParser()
    for block in blocks:
        parser.feed(block)
        yield from (element for _, element in parser.read_events())
    parser.close()
    yield from (element for _, element in parser.read_events())


def _text(cell: object) -> str:
    if cell is None or isinstance(cell, str):
        return cell or ""
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == datetime.min.time() else cell.isoformat(" ")
    return cell.isoformat() if isinstance(cell, date) else str(cell)
