"""csv and txt as text, every cell: any delimiter and encoding, a byte-order mark, titles above the headings."""

import codecs
import csv
import gzip
import io
import zlib
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.csv

from riskmodel.extracts.blame import Begin, below, told_cells
from riskmodel.extracts.csv_lines import StrayMarkError, csv_rows
from riskmodel.extracts.no_rows import without_empty
from riskmodel.extracts.refusals import REFUSALS
from riskmodel.extracts.text_table import MOST_BYTES, TextColumn, TextTable, check_size, text_column
from riskmodel.extracts.two_encodings import OtherEncodingError, two_encodings
from riskmodel.ground.errors import SurveyDataError
from riskmodel.ground.text import Text
from riskmodel.instrument.check_sources import ENCODINGS_READ, is_encoding
from riskmodel.instrument.records import Reader

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

PIECE_BYTES = 1 << 22  # decoded at a time, so that a large file never stands in memory as text too
Content = bytes | Path
BLOCK_BYTES = 1 << 20
WIDE_MARKS = {  # the longer first: it begins as the shorter does
    **dict.fromkeys((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE), "utf-32"),
    **dict.fromkeys((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE), "utf-16"),
}
END_MARKS = "\0\x1a "  # that an old program, or a disk, puts behind the last row
LOOKED_AT_BYTES, MOST_NOUGHTS = 4096, 0.7
MOST_HEADING_LINES = 20  # that the row of headings may run over
LOOKED_AT = 20  # lines in which headings are looked for when they were not found
LONGEST_LINE = 1 << 20  # of the lines down to the headings, in characters
MOST_COLUMNS = 16_384  # as in a spreadsheet
DIFFERENT_TEXTS = pa.dictionary(pa.int32(), pa.string())


def read_text(content: Content, reader: Reader, *, where: str) -> TextTable:
    """The table in a csv or txt file (or its bytes); a wrong encoding or an unreadable file is a `SurveyDataError`."""
    encoding = known_encoding(content, reader.encoding, where=where)
    lines, body_begins = _lines_to_headings(content, encoding, reader.header_row)
    if len(lines) < reader.header_row or not lines[reader.header_row - 1].strip():
        found = (Begin("", lines=_lines_above(pieces(content, encoding), LOOKED_AT)[0]),)
        no_rows = REFUSALS["no_headings"].filled(row=reader.header_row)
        return TextTable((), (), 0, tuple(lines), begins=found, no_rows=no_rows)
    if sum(map(len, lines)) > len(lines) * LONGEST_LINE:
        raise SurveyDataError(REFUSALS["unreadable_headings"].filled(where=where))
    headings = _headings(lines[reader.header_row - 1 :], reader.delimiter, where=where)
    headings = [*below(lines[max(reader.header_row - 2, 0)], headings, reader.delimiter)]
    body = _Body(content, encoding, body_begins)
    columns, broken = _parsed(body, len(headings), reader.delimiter, where=where)
    if broken and _ends_within_a_row(body, len(columns), reader.delimiter):
        raise SurveyDataError(REFUSALS["cut_short"].filled(where=where))
    has_lines = any(map(_runs_over, broken)) or any(_runs_over(text) for column in columns for text in column.texts)
    first_row = len(lines) + 1
    over_lines = _check_lines(body, len(columns), reader, first_line=first_row, where=where) if has_lines else (0, 0)
    begins, _ = _lines_above(pieces(content, encoding), LOOKED_AT)
    pa.default_memory_pool().release_unused()
    table = TextTable(
        headings=tuple(headings),
        columns=columns,
        first_row=first_row,
        elsewhere=tuple(lines[: reader.header_row - 1]),
        no_rows=_of_cells(broken, headings, begins, reader.delimiter) if broken else None,
        begins=(Begin("", lines=begins),),
        broken=tuple(broken),
        over_lines_n=over_lines[0],
        first_over_lines=over_lines[1],
    )
    return without_empty(table)


def unzipped(content: bytes, *, where: str) -> bytes:
    """`content` of a .gz file, unpacked."""
    unpacked, is_whole = io.BytesIO(), False
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as stream:
            while block := stream.read(PIECE_BYTES):
                unpacked.write(block)
                check_size(unpacked.tell(), MOST_BYTES, "bytes", where=where)
        is_whole = True
    except (OSError, EOFError, zlib.error):
        pass
    if not is_whole:
        raise SurveyDataError(REFUSALS["no_gzip"].filled(where=where))
    return unpacked.getvalue()


def known_encoding(content: Content, declared: str, *, where: str) -> str:
    """The encoding to read `content` in. UTF-8 said to be something else is caught: it would pass, å, ä, ö wrong."""
    if not is_encoding(declared):
        raise SurveyDataError(REFUSALS["encoding_unknown"].filled(where=where, allowed=ENCODINGS_READ))
    name = codecs.lookup(declared).name
    marked = next((name for mark, name in WIDE_MARKS.items() if _begins(content).startswith(mark)), None)
    if marked and not name.startswith(marked):
        raise OtherEncodingError(REFUSALS["other_encoding"].filled(where=where, declared=declared, found=marked))
    unmarked = "" if marked else _without_mark(_begins(content)[:LOOKED_AT_BYTES])
    if unmarked and not name.startswith(("utf-16", "utf-32")):
        raise OtherEncodingError(REFUSALS["other_encoding"].filled(where=where, declared=declared, found=unmarked))
    is_utf8 = name.startswith("utf-8")
    encoding = "utf-8-sig" if is_utf8 else name
    if is_utf8 and (told := two_encodings(_blocks(content))):
        raise SurveyDataError(REFUSALS["two_in_one"].filled(where=where, **told))
    if not is_utf8 and not _is_ascii(content) and _is_in(content, "utf-8-sig") or not _is_in(content, encoding):
        other = REFUSALS["often_cp1252" if is_utf8 else "maybe_utf8"]
        raise OtherEncodingError(REFUSALS["other_encoding"].filled(where=where, declared=declared, found=other))
    return encoding


def _without_mark(begins: bytes) -> str:
    """The wide encoding that text without a mark is in by its noughts, every other byte; "" where it is in none."""
    for encoding, noughts in (("utf-16-le", begins[1::2]), ("utf-16-be", begins[::2])):
        if noughts and noughts.count(0) > MOST_NOUGHTS * len(noughts):
            return encoding
    return ""


def pieces(content: Content, encoding: str) -> Iterator[str]:
    """`content` as text, piece by piece, every line ended by a line feed whatever ended it in the file."""
    decoder = io.IncrementalNewlineDecoder(codecs.getincrementaldecoder(encoding)(), translate=True)
    for block in _blocks(content):
        yield decoder.decode(block)
    yield decoder.decode(b"", final=True)


def _begins(content: Content) -> bytes:
    return next(_blocks(content), b"")


def _of_cells(broken: list[str], headings: list[str], begins: list[str], delimiter: str) -> Text:
    """Why every row is broken."""
    cells_n = Counter(row.count(delimiter) + 1 for row in broken)
    most = max(cells_n, key=lambda n: cells_n[n])
    first = next((row for row, line in enumerate(begins, start=1) if line.count(delimiter) + 1 == most), 1)
    last_empty = all(row.rstrip("\r\n").endswith(delimiter) for row in broken)
    return told_cells(cells_n, headings, last_empty=last_empty, first=first)


def _headings(lines: list[str], delimiter: str, *, where: str) -> list[str]:
    """The headings on one line, or on several where one that is quoted holds line breaks."""
    try:
        headings = next(csv.reader([f"{line}\n" for line in lines], delimiter=delimiter, strict=True))
    except (csv.Error, TypeError):
        raise SurveyDataError(REFUSALS["unreadable_headings"].filled(where=where)) from None
    if len(headings) > MOST_COLUMNS:
        raise SurveyDataError(REFUSALS["too_many_headings"].filled(where=where, n=len(headings), most=MOST_COLUMNS))
    return headings


def _is_in(content: Content, encoding: str) -> bool:
    try:
        for _ in pieces(content, encoding):
            pass
    except UnicodeError:
        return False
    return True


def _is_ascii(content: Content) -> bool:
    blocks = _blocks(content)
    return next(blocks, b"").removeprefix(codecs.BOM_UTF8).isascii() and all(block.isascii() for block in blocks)


def _blocks(content: Content) -> Iterator[bytes]:
    with content.open("rb") if isinstance(content, Path) else io.BytesIO(content) as stream:
        while block := stream.read(PIECE_BYTES):
            yield block


def _lines_to_headings(content: Content, encoding: str, header_row: int) -> tuple[list[str], int]:
    """The lines down to the end of the row of headings, whose quotation marks come in pairs, and their characters."""
    for more_n in range(MOST_HEADING_LINES):
        lines, taken = _lines_above(pieces(content, encoding), header_row + more_n)
        if sum(line.count('"') for line in lines[header_row - 1 :]) % 2 == 0:
            return lines, taken
    return _lines_above(pieces(content, encoding), header_row)


def _lines_above(texts: Iterable[str], lines_n: int) -> tuple[list[str], int]:
    """The first `lines_n` lines (all of them when there are fewer), and how many characters they take."""
    read = ""
    for text in texts:
        read += text
        if read.count("\n") >= lines_n or len(read) > lines_n * LONGEST_LINE:
            break
    lines = read.split("\n", lines_n)[:lines_n]
    return lines, sum(len(line) + 1 for line in lines)


class _Body(io.RawIOBase):
    """What stands below the headings, in UTF-8, made as it is read."""

    def __init__(self, content: Content, encoding: str, begins: int) -> None:
        self._content, self._encoding, self._begins = content, encoding, begins
        self._texts, self._left = self.texts(), memoryview(b"")

    def texts(self) -> Iterator[str]:
        """The body as text, piece by piece."""
        above = self._begins
        for text in pieces(self._content, self._encoding):
            yield text[above:]
            above = max(0, above - len(text))

    def has_quotes(self) -> bool:
        """Whether a quotation mark stands in it, or above it."""
        if '"'.encode(self._encoding).removeprefix(codecs.BOM_UTF8) != b'"':
            return any('"' in text for text in self.texts())
        return any(b'"' in block for block in _blocks(self._content))

    def readable(self) -> bool:
        """Whether it can be read: yes."""
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        """Fill `buffer` from its beginning; how many bytes were written, 0 at the end."""
        while not self._left:
            text = next(self._texts, None)
            if text is None:
                return 0
            self._left = memoryview(text.encode())
        room = memoryview(buffer).cast("B")
        n = min(len(room), len(self._left))
        room[:n], self._left = self._left[:n], self._left[n:]
        return n


def _parsed(body: _Body, width: int, delimiter: str, *, where: str) -> tuple[tuple[TextColumn, ...], list[str]]:
    names = [str(place) for place in range(width)]
    if not any(text.strip() for text in body.texts()):
        return tuple(text_column(pa.array([], pa.string())) for _ in names), []
    broken: list[str] = []

    def leave_out(row: pa.csv.InvalidRow) -> str:
        broken.append(row.text or "")
        return "skip"

    has_quotes = body.has_quotes()
    table = None
    try:
        table = pa.csv.read_csv(
            io.BufferedReader(body, BLOCK_BYTES),
            read_options=pa.csv.ReadOptions(column_names=names, block_size=BLOCK_BYTES),
            parse_options=pa.csv.ParseOptions(
                delimiter=delimiter, newlines_in_values=has_quotes, invalid_row_handler=leave_out
            ),
            convert_options=pa.csv.ConvertOptions(column_types=dict.fromkeys(names, DIFFERENT_TEXTS)),
        )
    except pa.ArrowException:
        pass
    if table is None:  # raised here, after the block: Arrow's own message quotes the row
        raise SurveyDataError(REFUSALS["no_table"].filled(where=where))
    return tuple(text_column(column) for column in table.columns), broken


def _check_lines(body: _Body, width: int, reader: Reader, *, first_line: int, where: str) -> tuple[int, int]:
    """How many cells run over lines, and where the first does; refused when a quotation mark took rows."""
    cells_n, first, told = 0, 0, None
    try:
        for row in csv_rows(_lines_of(body), reader.delimiter, first_line=first_line):
            if len(row.lines) > 1:
                first = first or row.begins
                cells_n += sum(map(_runs_over, row.cells))
                if len(row.cells) != width or row.took_rows(width, reader.delimiter):
                    told = REFUSALS["mark_takes_rows"].filled(line=row.begins)
                    break
    except StrayMarkError as stray:
        told = REFUSALS["stray_mark"].filled(line=stray.line)
    if told:
        raise SurveyDataError(REFUSALS["wrong_lines"].filled(where=where, told=told))
    return cells_n, first


def _ends_within_a_row(body: _Body, width: int, delimiter: str) -> bool:
    """Whether the last line has no end, as a whole last row may, and too few cells, as none has."""
    last = deque(_lines_of(body), maxlen=1)[0].rstrip(END_MARKS)
    return bool(last) and not last.endswith("\n") and last.count(delimiter) < width - 1


def _runs_over(text: str) -> bool:
    return "\n" in text


def _lines_of(body: _Body) -> Iterator[str]:
    left = ""
    for text in body.texts():
        *lines, left = (left + text).split("\n")
        yield from (f"{line}\n" for line in lines)
    if left:
        yield left
