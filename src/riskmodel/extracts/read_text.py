"""csv and txt as text, every cell: any delimiter and encoding, a byte-order mark, titles above the headings."""

import csv
import gzip
import zlib

import pyarrow as pa
import pyarrow.csv

from riskmodel.extracts.text_column import text_column
from riskmodel.extracts.text_table import TextTable
from riskmodel.ground.errors import SurveyDataError
from riskmodel.instrument.records import Reader


def read_text(content: bytes, reader: Reader, *, where: str) -> TextTable:
    """The table in the bytes of a csv or txt file; a wrong encoding or an unreadable file is a `SurveyDataError`."""
    lines = decoded(content, reader.encoding, where=where).split("\n", reader.header_row)
    if len(lines) < reader.header_row or not lines[reader.header_row - 1].strip():
        raise SurveyDataError(f"{where}: no headings in row {reader.header_row}. Correct reader.header_row.")
    headings = next(csv.reader([lines[reader.header_row - 1].rstrip("\r")], delimiter=reader.delimiter))
    body = lines[reader.header_row] if len(lines) > reader.header_row else ""
    table, broken_rows_n = _parsed(body.encode(), len(headings), reader.delimiter, where=where)
    return TextTable(
        headings=tuple(headings),
        columns=tuple(text_column(column) for column in table.columns),
        first_row=reader.header_row + 1,
        elsewhere=tuple(lines[: reader.header_row - 1]),
        broken_rows_n=broken_rows_n,
    )


def unzipped(content: bytes, *, where: str) -> bytes:
    """`content` of a .gz file, unpacked."""
    unpacked = None
    try:
        unpacked = gzip.decompress(content)
    except (OSError, EOFError, zlib.error):
        pass
    if unpacked is None:
        raise SurveyDataError(f"{where}: not a whole gzip file. Deliver it again.")
    return unpacked


def decoded(content: bytes, encoding: str, *, where: str) -> str:
    """`content` as text. UTF-8 said to be something else is caught too: it would pass, with every å, ä and ö wrong."""
    as_utf8, as_declared = _decoded(content, "utf-8-sig"), None
    is_utf8 = encoding.lower().replace("_", "-") in ("utf-8", "utf8", "utf-8-sig")
    if is_utf8:
        as_declared = as_utf8
    elif as_utf8 is None or as_utf8.isascii():
        as_declared = _decoded(content, encoding)
    if as_declared is None:
        other = "another encoding, often cp1252" if is_utf8 else "UTF-8 or another encoding"
        raise SurveyDataError(
            f"{where}: not written in {encoding}, as the instrument says, but in {other}. Correct reader.encoding."
        )
    return as_declared


def _decoded(content: bytes, encoding: str) -> str | None:
    try:
        return content.decode(encoding)
    except UnicodeError:
        return None


def _parsed(body: bytes, width: int, delimiter: str, *, where: str) -> tuple[pa.Table, int]:
    names = [str(place) for place in range(width)]
    if not body.strip():
        return pa.table({name: pa.array([], pa.string()) for name in names}), 0
    broken: list[int] = []

    def leave_out(row: pa.csv.InvalidRow) -> str:
        broken.append(row.actual_columns)
        return "skip"

    table = None
    try:
        table = pa.csv.read_csv(
            pa.BufferReader(body),
            read_options=pa.csv.ReadOptions(column_names=names),
            parse_options=pa.csv.ParseOptions(
                delimiter=delimiter, newlines_in_values=b'"' in body, invalid_row_handler=leave_out
            ),
            convert_options=pa.csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string())),
        )
    except pa.ArrowException:
        pass
    if table is None:  # raised here, after the block: Arrow's own message quotes the row
        raise SurveyDataError(f"{where}: can't be read as a table. Check reader.delimiter and quotation marks.")
    return table, len(broken)
