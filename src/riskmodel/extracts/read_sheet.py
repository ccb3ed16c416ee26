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

MOST_BYTES, MOST_CELLS = 1 << 29, 50_000_000  # of all its sheets: a workbook takes more room in memory than a text does
Rows = list[dict[int, str]]  # of each row the cells that hold anything, by column
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
    begins = tuple(Begin(name, [[*row.values()] for row in rows[:LOOKED_AT]]) for name, rows in sheets.items())
    name = reader.sheet if reader.sheet is not None else first
    if name not in sheets:
        told = {"sheet": quoted(name), "n": len(sheets), "sheets": listed(map(quoted, sheets))}
        raise SurveyDataError(REFUSALS["no_sheet"].filled(where=where, **told))
    rows, others = sheets[name], [rows for other, rows in sheets.items() if other != name]
    if len(rows) < reader.header_row or not rows[reader.header_row - 1]:
        raise SurveyDataError(REFUSALS["no_headings"].filled(where=where, row=reader.header_row))
    above = rows[: reader.header_row - 1]
    elsewhere = tuple(text for other in (above, *others) for row in other for text in row.values())
    table = _table(rows, reader.header_row, since_1904=since_1904, where=where)
    return replace(table, elsewhere=elsewhere, begins=begins)


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


def _table(rows: Rows, header_row: int, *, since_1904: bool, where: str) -> TextTable:
    """The columns that hold anything; one of blanks alone is none, so that the work follows what is written."""
    header, body = rows[header_row - 1], [row for row in rows[header_row:] if any(map(str.strip, row.values()))]
    places = sorted({place for row in (header, *body) for place, text in row.items() if text.strip()})
    check_size(len(places) * len(body), MOST_CELLS, "cells", where=where)
    columns = (text_column(text_array(row.get(place, "") for row in body)) for place in places)
    return TextTable(
        headings=tuple(header.get(place, "") for place in places),
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
