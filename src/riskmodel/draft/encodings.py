"""The encoding of a text that nobody has said, and letters that were lost in another before."""

import re
from collections.abc import Iterable
from pathlib import Path

from riskmodel.draft.refusals import REFUSALS
from riskmodel.extracts.read_text import WIDE_MARKS, Content, known_encoding
from riskmodel.extracts.two_encodings import two_encodings
from riskmodel.ground.errors import SurveyDataError

WIDE = ("utf-8", "utf-16", "utf-32")
TABLES = ("cp1252", "mac_roman", "cp850", "iso-8859-1")  # of several that fit equally well the first
ENCODINGS = (*WIDE, *TABLES)
LETTERS = b"\xe5\xe4\xf6\xc5\xc4\xd6\xe9\xc9".decode("cp1252")  # that a Swedish text has beside those of ASCII
LONGEST_MARK = 4  # bytes that tell a wide encoding
ASCII = bytes(range(128))
BROKEN = re.compile(  # each of them in UTF-8, read as something else
    "|".join(letter.encode().decode(table, "replace") for letter in LETTERS for table in ("cp1252", "mac_roman"))
)


def encoding_of(content: Content, *, where: str) -> str:
    """The encoding that a file of text is in; one that is in several, or in none, is a `SurveyDataError`."""
    whole = content.read_bytes() if isinstance(content, Path) else content
    if told := two_encodings([whole]):
        known_encoding(content, "utf-8", where=where)  # says so, unless it is marked as another
        raise SurveyDataError(REFUSALS["no_encoding"].filled(file=where, encodings=", ".join(ENCODINGS), **told))
    for encoding in (*WIDE, *_by_letters(whole)):
        try:
            known_encoding(content, encoding, where=where)
        except SurveyDataError:
            continue
        if encoding not in WIDE[1:] or whole.startswith(tuple(WIDE_MARKS)):
            return encoding
    raise SurveyDataError(REFUSALS["no_encoding"].filled(file=where, encodings=", ".join(ENCODINGS)))


def _by_letters(content: bytes) -> list[str]:
    """`TABLES`, those first in which most signs beyond ASCII are letters of Swedish."""
    signs = content.translate(None, ASCII)
    letters_n = {table: sum(signs.count(letter.encode(table)) for letter in LETTERS) for table in TABLES}
    return sorted(TABLES, key=lambda table: -letters_n[table])


def broken_n(texts: Iterable[str]) -> int:
    """How many of `texts` have letters that were written in UTF-8 and read as something else."""
    return sum(BROKEN.search(text) is not None for text in texts)
