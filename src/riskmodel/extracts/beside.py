"""Files of a delivery that no source names, hidden ones too: not used, but searched for personal numbers."""

import codecs
import gzip
import re
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from contextlib import suppress
from io import BufferedIOBase
from pathlib import Path

from riskmodel.extracts.files import TRUTH
from riskmodel.extracts.identity import check_no_personal_numbers, personal_numbers_in
from riskmodel.extracts.quarantine import Finding
from riskmodel.extracts.read_sheet import numbers_in_parts
from riskmodel.extracts.read_text import WIDE_MARKS
from riskmodel.extracts.read_typed import read_parquet, read_sav
from riskmodel.extracts.text_table import MOST_BYTES, check_size, identities_n, text_array
from riskmodel.ground.errors import SurveyDataError

PIECE = 1 << 22
LONGEST = 1000  # characters of a text that is kept whole where a piece ends
BETWEEN_CELLS = re.compile(r"[;,\t|\n\r\"]")
TYPED = {".parquet": read_parquet, ".sav": read_sav}


def search_beside(paths: Mapping[str, Path], used: Iterable[str]) -> list[Finding]:
    """Raise a `SurveyDataError` when a file that is not `used` holds a personal number; say which can't be searched."""
    findings = []
    for name in sorted(paths.keys() - {*used, TRUTH}):
        found_n = None
        with suppress(SurveyDataError, OSError, EOFError, zlib.error):
            found_n = _numbers_in_file(paths[name], name)
        if found_n is None:
            findings.append(Finding(name, "", "file_not_searched", 1))
        else:
            check_no_personal_numbers(found_n, where=name)
    return findings


def _numbers_in_file(path: Path, name: str) -> int | None:
    """How many different texts hold one; None for what is no text and no kind that is read here."""
    typed = TYPED.get(Path(name.lower()).suffix)
    if typed is not None:
        return identities_n(typed(path, where=name))
    if zipfile.is_zipfile(path):
        return numbers_in_parts(path.read_bytes(), where=name)
    with gzip.open(path) if name.lower().endswith(".gz") else path.open("rb") as stream:
        return _numbers_in_text(stream, name)


def _numbers_in_text(stream: BufferedIOBase, name: str) -> int | None:
    begins = stream.read(PIECE)
    encoding = next((wide for mark, wide in WIDE_MARKS.items() if begins.startswith(mark)), _encoding(begins))
    if "\0" in begins.decode(encoding, "replace"):
        return None
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    found_n, left, read_n = 0, "", 0
    while begins:
        read_n += len(begins)
        if isinstance(stream, gzip.GzipFile):
            check_size(read_n, MOST_BYTES, "bytes", where=name)
        *texts, left = BETWEEN_CELLS.split(left + decoder.decode(begins))
        found_n += personal_numbers_in(text_array({*texts, left}))
        left, begins = left[-LONGEST:], stream.read(PIECE)
    return found_n


def _encoding(begins: bytes) -> str:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(begins)
    except UnicodeError:
        return "cp1252"
    return "utf-8"
