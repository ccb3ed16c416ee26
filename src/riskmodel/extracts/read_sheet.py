"""xlsx as text, every cell of every sheet: formulas as they are written, never what they would give."""

import lzma
import re
import warnings
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import IO
from urllib.parse import unquote

from openpyxl.utils.cell import range_boundaries

from riskmodel.extracts.blame import Begin
from riskmodel.extracts.identity import check_no_personal_numbers, personal_numbers_in, personal_numbers_n
from riskmodel.extracts.personal_numbers import LENGTHS
from riskmodel.extracts.refusals import REFUSALS
from riskmodel.extracts.second_table import holds_anything, place_of_second_table
from riskmodel.extracts.sheet_cells import Book, Row
from riskmodel.extracts.text_table import TextTable, check_size, text_array, text_column
from riskmodel.ground.errors import SurveyDataError
from riskmodel.ground.text import Text, listed, quoted
from riskmodel.instrument.records import Reader
from riskmodel.instrument.spelling import spelling

MOST_BYTES, MOST_CELLS = 1 << 29, 50_000_000  # of all its sheets: a workbook takes more room in memory than a text does
Rows = list[Row]
ALL = "*"  # in place of a sheet's name: all that have the same headings
# what a zip that is damaged, locked (RuntimeError), packed another way (NotImplementedError, which is one) or not XML
# (ValueError) ends in, and what unpacks its parts; 12,000 zips with changed bytes, of four packings, ended in no other
UNREADABLE = (zipfile.BadZipFile, RuntimeError, ValueError, OSError, EOFError, zlib.error, lzma.LZMAError)
LOOKED_AT = 20  # rows of each sheet in which headings are looked for when they were not found
TEXT_PARTS = (".xml", ".rels", ".vml")
PIECE_BYTES = 1 << 22
ENDS = (b"</row>", b"</si>", b":row>", b":si>")
LONGEST_MARK = max(map(len, ENDS))
BETWEEN_RUNS = re.compile(  # what parts a text of two letterings
    r"</(?:\w+:)?t>\s*</(?:\w+:)?r>\s*<(?:\w+:)?r(?: [^>]*)?>(?:(?!<(?:\w+:)?t[ >]|</(?:\w+:)?r>).)*"
    r"<(?:\w+:)?t(?: [^>]*)?>",
    flags=re.DOTALL,
)
LONG_ENOUGH = re.compile(rf"[^<>\"]{{{min(LENGTHS)},}}")  # between tags and in attributes
HEADER_CODES = re.compile("&amp;[A-Z]")  # of pages: &C is centred


def read_sheet(content: bytes, reader: Reader, *, where: str) -> TextTable:
    """The table on the sheet `reader.sheet` (or the first that can be seen); a missing sheet is a `SurveyDataError`."""
    private_n = numbers_in_parts(content, where=where)
    with suppress(*([SurveyDataError] if private_n else [])):  # which may name a sheet by what nobody may see
        table = sheet_table(*read_sheets(content, where=where), reader, where=where)
        return replace(table, private_n=private_n)
    check_no_personal_numbers(private_n, where=where)
    raise AssertionError  # there are some, so the line above has refused them


def read_sheets(content: bytes, *, where: str) -> tuple[dict[str, Rows], str, bool]:
    """The rows of every sheet by its name, the first that can be seen, and whether days are counted from 1904.

    Personal numbers among them are not looked for; a workbook without sheets is a `SurveyDataError`.
    """
    sheets, first, since_1904 = _sheets(content, where=where)
    if not sheets:
        raise SurveyDataError(REFUSALS["no_workbook"].filled(where=where))
    return sheets, first, since_1904


def sheet_names(path: Path) -> tuple[str, ...]:
    """The names of a workbook's sheets; none of what is no workbook, which its reader then says."""
    try:
        book = Book(path, read_only=True)
        book.read()
    except Exception:  # as many kinds as in `_sheets`
        return ()
    return tuple(name for name, *_ in book.sheets)


def sheet_table(sheets: Mapping[str, Rows], first: str, since_1904: bool, reader: Reader, *, where: str) -> TextTable:
    """The table on one of `sheets`, what stands on the others beside it."""
    begins = tuple(Begin(name, _first_rows(rows)) for name, rows in sheets.items())
    name = _fullest(sheets, reader.header_row) if reader.sheet == ALL else reader.sheet or first
    if name not in sheets:
        told = {"sheet": quoted(name), "n": len(sheets), "sheets": listed(map(quoted, sheets))}
        raise SurveyDataError(REFUSALS["no_sheet"].filled(where=where, **told))
    rows, head = sheets[name], headings_at(sheets[name], reader.header_row)
    alike = {
        other: places
        for other in sheets
        if other != name and (places := places_under(sheets[other], head, reader.header_row))
    }
    if alike and reader.sheet is None:
        told = {"n": len(alike) + 1, "sheets": listed(map(quoted, (name, *alike))), "every": ALL}
        raise SurveyDataError(REFUSALS["sheets_alike"].filled(where=where, **told))
    read = [*alike] if reader.sheet == ALL else []
    bodies, below = _bodies({each: sheets[each] for each in (name, *read)}, reader.header_row)
    head |= _more_headings({other: sheets[other] for other in read}, rows, head, alike, reader.header_row)
    more = [moved for other in read for moved in _moved(bodies[other], alike[other])]
    others = [rows for other, rows in sheets.items() if other not in (name, *read)]
    elsewhere = tuple(
        text for other in (rows[: reader.header_row - 1], below, *others) for row in other for text in row.values()
    )
    if not head:
        no_rows = REFUSALS["no_headings"].filled(row=reader.header_row)
        return TextTable((), (), 0, elsewhere, begins=begins, no_rows=no_rows)
    table = _table([*bodies[name], *more], head, reader.header_row, since_1904=since_1904, where=where)
    unread = {other: _as_wide_n(rows, len(head)) for other, rows in sheets.items() if other not in (name, *read)}
    unlike = _unlike({other: sheets[other] for other in unread}, head, where=where) if reader.sheet == ALL else {}
    table = replace(table, unread_sheets=unread, unlike_sheets=unlike)
    return replace(table, elsewhere=elsewhere, begins=begins, below_n=len(below))


def _bodies(sheets: Mapping[str, Rows], header_row: int) -> tuple[dict[str, Rows], Rows]:
    """The rows below each sheet's headings, and those of other tables that stand below them."""
    bodies, below = {}, []
    for name, rows in sheets.items():
        own = rows[header_row:]
        place = place_of_second_table(own, headings_at(rows, header_row))
        bodies[name] = own[:place]
        below += [row for row in own[place:] if holds_anything(row)]
    return bodies, below


def _fullest(sheets: Mapping[str, Rows], header_row: int) -> str:
    """The sheet whose headings most rows stand under, on it and on those like it; of these the one with most."""
    heads = {name: headings_at(rows, header_row) for name, rows in sheets.items()}
    rows_n = {
        name: sum(len(rows) for rows in sheets.values() if places_under(rows, head, header_row))
        for name, head in heads.items()
    }
    return max(sheets, key=lambda name: (min(len(heads[name]), 2), rows_n[name], len(sheets[name])))


def _unlike(sheets: Mapping[str, Rows], head: Row, *, where: str) -> dict[str, Text]:
    """What is told of each of `sheets`, which are not read, that has half of the headings in one of its rows.

    Its rows are lost where nobody else reads them: a title stands above them, or a heading is called otherwise.
    """
    wanted, found = {spelling(text): text for text in head.values()}, {}
    for name, rows in sheets.items():
        for row in range(1, min(len(rows), LOOKED_AT) + 1):
            own = {*map(spelling, headings_at(rows, row).values())}
            if len(wanted) > 1 and 2 * len(own & wanted.keys()) >= len(wanted):
                lacking = [quoted(text) for called, text in wanted.items() if called not in own]
                told = {"sheet": quoted(name), "row": row, "n": len(own & wanted.keys()), "all": len(wanted)}
                lacks = REFUSALS["sheet_lacks"].filled(headings=listed(lacking)) if lacking else ""
                found[name] = REFUSALS["sheet_lost"].filled(where=where, lacks=lacks, **told)
                break
    return found


def headings_at(rows: Rows, header_row: int) -> Row:
    """The headings in row `header_row`; where a cell is empty, as below one that is merged, what stands above it."""
    own = rows[header_row - 1] if header_row <= len(rows) else {}
    above = rows[header_row - 2] if own and header_row > 1 else {}
    return {place: text for place, text in (above | own).items() if text.strip()} if own else {}


def _first_rows(rows: Rows) -> list[list[str]]:
    return [[*headings_at(rows, row).values()] for row in range(1, min(len(rows), LOOKED_AT) + 1)]


def _as_wide_n(rows: Rows, width: int) -> int:
    """How many rows there are, below the first, with cells under half as many headings: as a table has, but no list."""
    return max(0, sum(2 * len(row) > width for row in rows) - 1)


def places_under(rows: Rows, head: Row, header_row: int) -> dict[int, int]:
    """Place of a column on another sheet to its place under `head`; {} where one lacks headings of the other, and the
    other of it, or most of them.
    """
    own = {spelling(text): place for place, text in headings_at(rows, header_row).items()}
    asked = {spelling(text): place for place, text in head.items()}
    both = own.keys() & asked.keys()
    is_alike = len(both) == min(len(own), len(asked)) and 2 * len(both) > max(len(own), len(asked))
    return {own[text]: asked[text] for text in both} if is_alike else {}


def _more_headings(
    others: Mapping[str, Rows], rows: Rows, head: Row, alike: Mapping[str, dict[int, int]], header_row: int
) -> Row:
    """The headings that other sheets have beyond those of `rows`, each in a place of its own, noted in `alike`."""
    known = {*map(spelling, head.values())}
    more: Row = {}
    free = max((place for row in rows for place in row), default=0) + 1
    for name, other in others.items():
        for place, text in headings_at(other, header_row).items():
            if spelling(text) in known:
                continue
            at = next((at for at, own in more.items() if spelling(own) == spelling(text)), free + len(more))
            more[at] = text
            alike[name][place] = at
    return more


def _moved(rows: Rows, places: Mapping[int, int]) -> Rows:
    return [{places[place]: text for place, text in row.items() if place in places} for row in rows]


def _sheets(content: bytes, *, where: str) -> tuple[dict[str, Rows], str, bool]:
    """The rows of every sheet by its name, the first that can be seen, and whether days are counted from 1904."""
    sheets: dict[str, Rows] = {}
    cells_n = 0
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of styles and extensions that no table needs
            book = Book(BytesIO(content), read_only=True, data_only=False)
            book.read()
            for name, _, part in book.sheets:
                rows = sheets[name] = []
                for row in book.rows(part):
                    cells_n += max(len(row), 1)
                    check_size(cells_n, MOST_CELLS, "cells", where=where)
                    rows.append(row)
                _fill_merged(rows, book.merged, where=where)
    except SurveyDataError:
        raise
    except Exception:  # a damaged workbook fails in as many ways as zip, XML and styles can
        return {}, "", False
    seen = [name for name, state, _ in book.sheets if state == "visible"]
    return sheets, next(iter([*seen, *sheets]), ""), book.is_since_1904


def _fill_merged(rows: Rows, merged: Iterable[str], *, where: str) -> None:
    """What stands in a cell that is merged over rows, in each of them that holds anything: so it is seen, and meant."""
    filled_n = 0
    for place in merged:
        column, first, _, last = (number or 0 for number in range_boundaries(place))
        text = rows[first - 1].get(column) if first <= len(rows) else None
        below = rows[first:last] if text else []
        filled_n += len(below)
        check_size(filled_n, MOST_CELLS, "cells", where=where)
        for row in filter(None, below):
            row.setdefault(column, text or "")


def _table(rows: Rows, head: Row, header_row: int, *, since_1904: bool, where: str) -> TextTable:
    """The columns that hold anything; one of blanks alone is none, so that the work follows what is written."""
    body = [row for row in rows if holds_anything(row)]
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
        found_n = personal_numbers_n(names)
        for name in names:
            if name.endswith(TEXT_PARTS):
                with book.open(name) as part:
                    found_n += sum(personal_numbers_in(text_array(_texts(piece))) for piece in _pieces(part))
        return found_n


def _pieces(part: IO[bytes]) -> Iterator[bytes]:
    """A part piece by piece, each ending where a row or a shared text does: so it never stands in memory whole."""
    left = b""
    while block := part.read(PIECE_BYTES):
        looked_at = max(0, len(left) - LONGEST_MARK)
        left += block
        ends = max(left.rfind(mark, looked_at) for mark in ENDS)
        if ends > 0:
            yield left[:ends]
            left = left[ends:]
    yield left


def _texts(part: bytes) -> set[str]:
    """The texts of a piece of a part that are long enough to hold a number."""
    text = part.decode("utf-8", "replace")
    if "<!DOCTYPE" in text:  # a workbook declares nothing; what it would is a way to grow without end
        raise ValueError("a part with a DOCTYPE")
    runs = {*LONG_ENOUGH.findall(unquote(BETWEEN_RUNS.sub("", text)))}
    return {each for run in runs for each in HEADER_CODES.split(run)}
