"""xlsx as text, every cell of every sheet: formulas as they are written, never what they would give."""

import lzma
import re
import warnings
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime
from io import BytesIO
from typing import Any, cast
from urllib.parse import unquote

from openpyxl.reader.excel import ExcelReader
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from riskmodel.extracts.blame import Begin
from riskmodel.extracts.identity import check_no_personal_numbers, personal_numbers_in, personal_numbers_n
from riskmodel.extracts.refusals import REFUSALS
from riskmodel.extracts.text_table import TextTable, check_size, text_array, text_column
from riskmodel.ground.errors import SurveyDataError
from riskmodel.ground.text import listed, quoted
from riskmodel.instrument.records import Reader
from riskmodel.instrument.spelling import spelling

MOST_BYTES, MOST_CELLS = 1 << 29, 50_000_000  # of all its sheets: a workbook takes more room in memory than a text does
Row = dict[int, str]  # the cells that hold anything, by column
Rows = list[Row]
ALL = "*"  # in place of a sheet's name: all that have the same headings
# what a zip that is damaged, locked (RuntimeError), packed another way (NotImplementedError, which is one) or not XML
# (ValueError) ends in, and what unpacks its parts; 24,000 zips with changed bytes, of four packings, ended in no other
UNREADABLE = (zipfile.BadZipFile, RuntimeError, ValueError, OSError, EOFError, zlib.error, lzma.LZMAError)
LOOKED_AT = 20  # rows of each sheet in which headings are looked for when they were not found
TEXT_PARTS = (".xml", ".rels", ".vml")
BETWEEN_RUNS = re.compile(  # what parts a text of two letterings
    r"</(?:\w+:)?t>\s*</(?:\w+:)?r>\s*<(?:\w+:)?r(?: [^>]*)?>(?:(?!<(?:\w+:)?t[ >]|</(?:\w+:)?r>).)*"
    r"<(?:\w+:)?t(?: [^>]*)?>",
    flags=re.DOTALL,
)
BETWEEN_TEXTS = re.compile(r"[<>\"]|&amp;[A-Z]")  # tags, attributes, and the codes of page headers: &C is centred


def read_sheet(content: bytes, reader: Reader, *, where: str) -> TextTable:
    """The table on the sheet `reader.sheet` (or the first that can be seen); a missing sheet is a `SurveyDataError`."""
    check_no_personal_numbers(numbers_in_parts(content, where=where), where=where)
    return sheet_table(*read_sheets(content, where=where), reader, where=where)


def read_sheets(content: bytes, *, where: str) -> tuple[dict[str, Rows], str, bool]:
    """The rows of every sheet by its name, the first that can be seen, and whether days are counted from 1904.

    Personal numbers among them are not looked for; a workbook without sheets is a `SurveyDataError`.
    """
    sheets, first, since_1904 = _sheets(content, where=where)
    if not sheets:
        raise SurveyDataError(REFUSALS["no_workbook"].filled(where=where))
    return sheets, first, since_1904


def sheet_table(sheets: Mapping[str, Rows], first: str, since_1904: bool, reader: Reader, *, where: str) -> TextTable:
    """The table on one of `sheets`, what stands on the others beside it."""
    begins = tuple(Begin(name, _first_rows(rows)) for name, rows in sheets.items())
    name = _fullest(sheets, reader.header_row) if reader.sheet == ALL else reader.sheet or first
    if name not in sheets:
        told = {"sheet": quoted(name), "n": len(sheets), "sheets": listed(map(quoted, sheets))}
        raise SurveyDataError(REFUSALS["no_sheet"].filled(where=where, **told))
    rows, head = sheets[name], headings_at(sheets[name], reader.header_row)
    alike = {other: places for other in sheets if other != name and (places := _places(sheets[other], head, reader))}
    if alike and reader.sheet is None:
        told = {"n": len(alike) + 1, "sheets": listed(map(quoted, (name, *alike))), "every": ALL}
        raise SurveyDataError(REFUSALS["sheets_alike"].filled(where=where, **told))
    read = [*alike] if reader.sheet == ALL else []
    more = [moved for other in read for moved in _moved(sheets[other][reader.header_row :], alike[other])]
    others = [rows for other, rows in sheets.items() if other not in (name, *read)]
    elsewhere = tuple(
        text for other in (rows[: reader.header_row - 1], *others) for row in other for text in row.values()
    )
    if not head:
        no_rows = REFUSALS["no_headings"].filled(row=reader.header_row)
        return TextTable((), (), 0, elsewhere, begins=begins, no_rows=no_rows)
    table = _table([*rows, *more], head, reader.header_row, since_1904=since_1904, where=where)
    unread_n = sum(len(sheets[other]) - reader.header_row for other in alike if other not in read)
    return replace(table, elsewhere=elsewhere, begins=begins, unread_rows_n=unread_n)


def _fullest(sheets: Mapping[str, Rows], header_row: int) -> str:
    """The sheet with most rows, of those that have headings."""
    return max(sheets, key=lambda sheet: (bool(headings_at(sheets[sheet], header_row)), len(sheets[sheet])))


def headings_at(rows: Rows, header_row: int) -> Row:
    """The headings in row `header_row`; where a cell is empty, as below one that is merged, what stands above it."""
    own = rows[header_row - 1] if header_row <= len(rows) else {}
    above = rows[header_row - 2] if own and header_row > 1 else {}
    return {place: text for place, text in (above | own).items() if text.strip()} if own else {}


def _first_rows(rows: Rows) -> list[list[str]]:
    return [[*headings_at(rows, row).values()] for row in range(1, min(len(rows), LOOKED_AT) + 1)]


def _places(rows: Rows, head: Row, reader: Reader) -> dict[int, int]:
    """Place of a column on another sheet to its place under `head`; {} where its headings are not the same."""
    own = {spelling(text): place for place, text in headings_at(rows, reader.header_row).items()}
    asked = {spelling(text): place for place, text in head.items()}
    return {own[text]: place for text, place in asked.items()} if head and own.keys() == asked.keys() else {}


def _moved(rows: Rows, places: Mapping[int, int]) -> Rows:
    return [{places[place]: text for place, text in row.items() if place in places} for row in rows]


class _Book(ExcelReader):
    """A workbook of which sheets that hold a chart, and nothing else, are left out."""

    def read_chartsheet(self, sheet: object, rel: object) -> None:
        """Nothing: it has no cells, and openpyxl can't read all of them."""


def _sheets(content: bytes, *, where: str) -> tuple[dict[str, Rows], str, bool]:
    """The rows of every sheet by its name, the first that can be seen, and whether days are counted from 1904."""
    sheets: dict[str, Rows] = {}
    cells_n = 0
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of styles and extensions that no table needs
            reader = _Book(BytesIO(content), read_only=True, data_only=False)
            reader.read()
            seen = [sheet.title for sheet in reader.wb.worksheets if sheet.sheet_state == "visible"]
            for sheet in reader.wb.worksheets:
                sheet.reset_dimensions()  # what a program wrote as the sheet's size is often wrong
                vars(sheet)["_get_row"] = _filled  # its own makes a cell of every place up to the last
                rows = sheets[sheet.title] = []
                for row in cast(Iterable[dict[int, str]], sheet.iter_rows(values_only=True)):
                    cells_n += max(len(row), 1)
                    check_size(cells_n, MOST_CELLS, "cells", where=where)
                    rows.append(row or {})
    except SurveyDataError:
        raise
    except Exception:  # a damaged workbook fails in as many ways as zip, XML and styles can
        return {}, "", False
    return sheets, next(iter([*seen, *sheets]), ""), reader.wb.epoch == CALENDAR_MAC_1904


def _filled(row: Iterable[Mapping[str, Any]], *_: object) -> dict[int, str]:
    """The cells of a row that hold anything, by the number of their column; a colour far out makes none."""
    cells = {int(cell["column"]): _text(cell["value"]) for cell in row if cell["value"] is not None}
    return {column: text for column, text in cells.items() if text}


def _text(cell: object) -> str:
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == datetime.min.time() else cell.isoformat(" ")
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def _table(rows: Rows, head: Row, header_row: int, *, since_1904: bool, where: str) -> TextTable:
    """The columns that hold anything; one of blanks alone is none, so that the work follows what is written."""
    body = [row for row in rows[header_row:] if any(map(str.strip, row.values()))]
    places = sorted({place for row in (head, *body) for place, text in row.items() if text.strip()})
    check_size(len(places) * len(body), MOST_CELLS, "cells", where=where)
    columns = (text_column(text_array(row.get(place, "") for row in body)) for place in places)
    return TextTable(
        headings=tuple(head.get(place, "") for place in places),
        columns=tuple(replace(column, since_1904=since_1904) for column in columns),
        first_row=header_row + 1,
    )


def numbers_in_parts(content: bytes, *, where: str) -> int:
    """How many texts hold a personal number in the parts of a workbook, or another zip of XML, and their names.

    Comments, links, names, titles, headers and remembered results of formulas stand outside the cells: look there too.
    What can't be unpacked is a `SurveyDataError`.
    """
    found_n = None
    with suppress(*UNREADABLE):
        found_n = _numbers_in_parts(content, where=where)
    if found_n is None:
        raise SurveyDataError(REFUSALS["no_workbook"].filled(where=where))
    return found_n


def _numbers_in_parts(content: bytes, *, where: str) -> int:
    with zipfile.ZipFile(BytesIO(content)) as book:
        check_size(sum(part.file_size for part in book.infolist()), MOST_BYTES, "bytes", where=where)
        names = book.namelist()
        texts = (_texts(book.read(name)) for name in names if name.endswith(TEXT_PARTS))
        return personal_numbers_n(names) + sum(personal_numbers_in(text_array(some)) for some in texts)


def _texts(part: bytes) -> set[str]:
    text = part.decode("utf-8", "replace")
    if "<!DOCTYPE" in text:  # a workbook declares nothing; what it would is a way to grow without end
        raise ValueError("a part with a DOCTYPE")
    return set(BETWEEN_TEXTS.split(unquote(BETWEEN_RUNS.sub("", text))))
