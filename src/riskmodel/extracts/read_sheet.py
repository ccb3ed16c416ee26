"""xlsx as text, every cell of every sheet: formulas as they are written, never what they would give."""

import lzma
import re
import warnings
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime
from io import BytesIO
from urllib.parse import unquote

import openpyxl
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from riskmodel.extracts.identity import check_no_personal_numbers, personal_numbers_in, personal_numbers_n
from riskmodel.extracts.text_table import TextTable, check_size, text_array, text_column
from riskmodel.ground.errors import SurveyDataError
from riskmodel.instrument.records import Reader

MOST_BYTES, MOST_CELLS = 1 << 29, 50_000_000  # of all its sheets: a workbook takes more room in memory than a text does
NO_WORKBOOK = "not an xlsx workbook, a damaged one, or locked by a password. Save it as xlsx again."
Rows = list[tuple[str, ...]]
# what a zip that is damaged, locked (RuntimeError), packed another way (NotImplementedError, which is one) or not XML
# (ValueError) ends in, and what unpacks its parts; 24,000 zips with changed bytes, of four packings, ended in no other
UNREADABLE = (zipfile.BadZipFile, RuntimeError, ValueError, OSError, EOFError, zlib.error, lzma.LZMAError)
TEXT_PARTS = (".xml", ".rels", ".vml")
BETWEEN_RUNS = re.compile(  # what parts a text of two letterings
    r"</(?:\w+:)?t>\s*</(?:\w+:)?r>\s*<(?:\w+:)?r(?: [^>]*)?>(?:(?!<(?:\w+:)?t[ >]|</(?:\w+:)?r>).)*"
    r"<(?:\w+:)?t(?: [^>]*)?>",
    flags=re.DOTALL,
)
BETWEEN_TEXTS = re.compile(r"[<>\"]|&amp;[A-Z]")  # tags, attributes, and the codes of page headers: &C is centred


def read_sheet(content: bytes, reader: Reader, *, where: str) -> TextTable:
    """The table on the sheet `reader.sheet` (or the first) of a workbook; a missing sheet is a `SurveyDataError`."""
    check_no_personal_numbers(numbers_in_parts(content, where=where), where=where)
    sheets, since_1904 = _sheets(content, where=where)
    if not sheets:
        raise SurveyDataError(f"{where}: {NO_WORKBOOK}")
    name = reader.sheet if reader.sheet is not None else next(iter(sheets))
    if name not in sheets:
        raise SurveyDataError(
            f"{where}: sheet {name!r} was not found among its {len(sheets)} sheets. Correct reader.sheet."
        )
    rows = sheets.pop(name)
    if len(rows) < reader.header_row or not any(rows[reader.header_row - 1]):
        raise SurveyDataError(f"{where}: no headings in row {reader.header_row}. Correct reader.header_row.")
    elsewhere = [text for other in (rows[: reader.header_row - 1], *sheets.values()) for row in other for text in row]
    check_size(len(rows) * max(map(len, rows)), MOST_CELLS, "cells", where=where)
    return _table(rows, reader.header_row, elsewhere, since_1904=since_1904)


def _sheets(content: bytes, *, where: str) -> tuple[dict[str, Rows], bool]:
    """The rows of every sheet by its name, and whether the workbook counts its days from 1904."""
    sheets: dict[str, Rows] = {}
    cells_n = 0
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of styles and extensions that no table needs
            book = openpyxl.load_workbook(BytesIO(content), read_only=True, data_only=False)
            for sheet in book.worksheets:
                sheet.reset_dimensions()  # what a program wrote as the sheet's size is often wrong
                rows = sheets[sheet.title] = []
                for row in sheet.iter_rows(values_only=True):
                    cells_n += len(row)
                    check_size(cells_n, MOST_CELLS, "cells", where=where)
                    rows.append(tuple(map(_text, row[: _width(row)])))
    except SurveyDataError:
        raise
    except Exception:  # a damaged workbook fails in as many ways as zip, XML and styles can
        return {}, False
    return sheets, book.epoch == CALENDAR_MAC_1904


def _width(row: Sequence[object]) -> int:
    """Up to the last cell that holds anything; a colour far out makes no columns."""
    return next((place for place in range(len(row), 0, -1) if row[place - 1] is not None), 0)


def _text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == datetime.min.time() else cell.isoformat(" ")
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def _table(rows: Rows, header_row: int, elsewhere: Iterable[str], *, since_1904: bool) -> TextTable:
    body = [row for row in rows[header_row:] if any(text.strip() for text in row)]
    width = max(map(len, (rows[header_row - 1], *body)))
    headings, *cells = [_padded(row, width) for row in (rows[header_row - 1], *body)]
    columns = zip(*cells, strict=True) if cells else [()] * width
    return TextTable(
        headings=headings,
        columns=tuple(replace(text_column(text_array(column)), since_1904=since_1904) for column in columns),
        first_row=header_row + 1,
        elsewhere=tuple(text for text in elsewhere if text),
    )


def _padded(row: Sequence[str], width: int) -> tuple[str, ...]:
    return (*row, *[""] * (width - len(row)))


def numbers_in_parts(content: bytes, *, where: str) -> int:
    """How many texts hold a personal number in the parts of a workbook, or another zip of XML, and their names.

    Comments, links, names, titles, headers and remembered results of formulas stand outside the cells: look there too.
    What can't be unpacked is a `SurveyDataError`.
    """
    found_n = None
    with suppress(*UNREADABLE):
        found_n = _numbers_in_parts(content, where=where)
    if found_n is None:
        raise SurveyDataError(f"{where}: {NO_WORKBOOK}")
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
