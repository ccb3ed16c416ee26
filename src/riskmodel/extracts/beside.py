"""Files of a delivery that no source names, hidden ones too: not used, but searched for personal numbers."""

import codecs
import gzip
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from io import BufferedIOBase
from itertools import chain
from pathlib import Path

from riskmodel.extracts.blame import LIKELY_DELIMITERS
from riskmodel.extracts.files import TRUTH
from riskmodel.extracts.identity import check_no_personal_numbers, personal_numbers_in, personal_numbers_n
from riskmodel.extracts.quarantine import Finding
from riskmodel.extracts.read_sheet import numbers_in_parts, read_sheets, sheet_table
from riskmodel.extracts.read_text import WIDE_MARKS
from riskmodel.extracts.read_typed import read_parquet, read_sav
from riskmodel.extracts.refusals import REFUSALS
from riskmodel.extracts.text_table import (
    MOST_BYTES,
    check_size,
    identities_n,
    in_columns,
    private_columns,
    text_array,
    told_column,
)
from riskmodel.ground.errors import SurveyDataError
from riskmodel.ground.text import Text, listed, quoted
from riskmodel.instrument.records import Reader

PIECE = 1 << 22
LONGEST = 1000  # characters of a text that is kept whole where a piece ends
BETWEEN_CELLS = re.compile(r"[;,\t|\n\r\"]")
TYPED = {".parquet": read_parquet, ".sav": read_sav}
UNSEARCHABLE = (SurveyDataError, OSError, EOFError, zlib.error, UnicodeError)


def search_beside(paths: Mapping[str, Path], used: Iterable[str]) -> list[Finding]:
    """Raise a `SurveyDataError` when a file that is not `used` holds a personal number; say which can't be searched."""
    findings = []
    for name in sorted(paths.keys() - {*used, TRUTH}):
        found_n = None
        with suppress(*UNSEARCHABLE):
            found_n = _numbers_in_file(paths[name], name)
        if found_n is None:
            findings.append(Finding(name, "", "file_not_searched", 1))
        elif found_n:
            columns: list[Text] = []
            with suppress(*UNSEARCHABLE):
                columns += _columns_in_file(paths[name], name)
            check_no_personal_numbers(found_n, where=in_columns(name, columns))
    return findings


def _numbers_in_file(path: Path, name: str) -> int:
    """How many different texts hold one; what is no text and no kind that is read here is a `UnicodeError`."""
    typed = TYPED.get(Path(name.lower()).suffix)
    if typed is not None:
        return identities_n(typed(path, where=name))
    if zipfile.is_zipfile(path):
        return numbers_in_parts(path.read_bytes(), where=name)
    found_n, left = 0, ""
    for piece in _pieces(path, name):
        *texts, left = BETWEEN_CELLS.split(left + piece)
        found_n += personal_numbers_in(text_array({*texts, left}))
        left = left[-LONGEST:]
    return found_n


def _columns_in_file(path: Path, name: str) -> Iterator[Text]:
    """The columns in which they stand, as far as it is a table."""
    typed = TYPED.get(Path(name.lower()).suffix)
    if typed is not None:
        table = typed(path, where=name)
        yield from private_columns(table, table.headings)
    elif zipfile.is_zipfile(path):
        sheets, first, since_1904 = read_sheets(path.read_bytes(), where=name)
        for sheet in sheets:
            found = private_columns(sheet_table(sheets, first, since_1904, Reader(sheet=sheet), where=name))
            is_shown = found and not personal_numbers_n([sheet])
            yield from [REFUSALS["on_sheet"].filled(sheet=quoted(sheet), columns=listed(found))] if is_shown else found
    else:
        yield from next(filter(None, map(_columns_of, _pieces(path, name))), ())


def _columns_of(piece: str) -> list[Text]:
    """The columns of a piece of text, parted by what stands there most often."""
    delimiter = max(LIKELY_DELIMITERS, key=piece.count)
    cells: dict[int, set[str]] = {}  # not by `zip`: one long line beside many short ones would never end
    for line in piece.splitlines():
        for place, cell in enumerate(line.split(delimiter)):
            cells.setdefault(place, set()).add(cell)
    first = piece.splitlines()[0].split(delimiter)
    headings = {place: heading.strip('"') for place, heading in enumerate(first)}
    found = (place for place, texts in sorted(cells.items()) if personal_numbers_in(text_array(texts)))
    return [told_column(place, headings.get(place, "")) for place in found]


def _pieces(path: Path, name: str) -> Iterator[str]:
    """The text of a file piece by piece."""
    is_packed = name.lower().endswith(".gz")
    read_n = 0
    with gzip.open(path) if is_packed else path.open("rb") as stream:
        begins = stream.read(PIECE)
        decoder = codecs.getincrementaldecoder(_encoding(begins))("replace")
        for block in chain([begins], _blocks(stream)):
            read_n += len(block)
            if is_packed:
                check_size(read_n, MOST_BYTES, "bytes", where=name)
            piece = decoder.decode(block)
            if block is begins and "\0" in piece:
                raise UnicodeError("no text")
            yield piece


def _blocks(stream: BufferedIOBase) -> Iterator[bytes]:
    while block := stream.read(PIECE):
        yield block


def _encoding(begins: bytes) -> str:
    wide = next((wide for mark, wide in WIDE_MARKS.items() if begins.startswith(mark)), None)
    try:
        codecs.getincrementaldecoder("utf-8")().decode(begins)
    except UnicodeError:
        return wide or "cp1252"
    return wide or "utf-8"
