"""What a program did to answers that nobody knows: another encoding, letters lost, errors and formulas of a sheet."""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping

import numpy as np
import pandas as pd

from riskmodel.extracts.frames import is_error, is_formula
from riskmodel.extracts.refusals import REFUSALS
from riskmodel.extracts.text_table import TextTable
from riskmodel.ground.text import Text
from riskmodel.instrument.spelling import spelling

MOST = 0.5  # of the answers that are not known; a cause that more of them have is the one
WRITTEN_IN = ("utf-8", "cp850", "mac_roman")
READ_IN = ("cp1252", "latin-1")
YEAR_AS_DAY = re.compile(r"190[45]-\d\d-\d\d")  # 1979 and its like, counted as a day from 1900
UNREAD = ("unreadable_amount", "unreadable_month", "unreadable_year")
SHOWN_DAY = re.compile(r"(?:19|20)\d\d-\d\d-\d\d(?: \d\d:\d\d:\d\d(?:\.\d+)?)?")
MIDNIGHT = re.compile(r"\d{4}-\d\d-\d\d[ T]2[23]:00(?::00(?:[.,]0+)?)?(?:Z|[+]00:?00)?")  # of Sweden, in UTC
DAY_NUMBER = re.compile(r"[34]\d{4}(?:[.,]\d+)?")  # that a spreadsheet counts, of the years 1982 to 2036
SIGNED = re.compile(r"[-+]\d+(?:[.,]\d+)?")  # -1, as Access writes what is true, is a number
LOST = ("?", "\ufffd")
Test = Callable[[str], bool]


def cause_of(texts: Iterable[str], known: Collection[str]) -> Text | None:
    """What most of `texts` have in common that are not known, and what to do; None where nothing is found.

    texts: as written, one a row. known: spellings of the answers there are, none where they are numbers.
    """
    written = list(texts)
    for test, told in (
        (is_error, "sheet_errors"),
        (lambda text: is_formula(text) and not SIGNED.fullmatch(text.strip()), "sheet_formulas"),
        (recoded(known), "two_encodings"),
        (lost(known), "letters_lost"),
        (_is_day, "years_as_days"),
    ):
        by_text = {text: test(text) for text in {*written}}
        found_n = sum(by_text[text] for text in written)
        if found_n > MOST * len(written):
            return REFUSALS[told].filled(n=found_n)
    return None


def sharpened(found: pd.DataFrame, table: TextTable, headings: Mapping[str, str]) -> pd.DataFrame:
    """Failures with what a program did for their reason, where a cell that can't be read holds what one writes.

    found: row (its number in the file), column, reason. headings: column of the rows to its heading.
    """
    reasons = found["reason"].to_numpy(dtype=object, copy=True)
    rows = table.places_of(found["row"])
    for place in np.flatnonzero(found["reason"].isin(UNREAD)):
        column = table.column(headings[found["column"].iloc[place]])
        text = column.distinct[int(column.codes[rows[place]])].as_py()
        reasons[place] = _sharper(reasons[place], text)
    return found.assign(reason=reasons).astype({"reason": str})


def _sharper(reason: str, text: str) -> str:
    if not text.strip():
        return "blank_amount" if reason == "unreadable_amount" else "blank_month"
    if is_error(text):
        return "sheet_error"
    if text.startswith("="):
        return "formula"
    if reason == "unreadable_amount":
        return "shown_as_day" if SHOWN_DAY.fullmatch(text) else reason
    if MIDNIGHT.fullmatch(text.strip()):
        return "midnight_elsewhere"
    return "day_number_beside" if DAY_NUMBER.fullmatch(text.strip()) else reason


def _is_day(text: str) -> bool:
    return YEAR_AS_DAY.fullmatch(text.strip()) is not None


def recoded(known: Collection[str]) -> Test:
    """Whether a text is one of the `known` spellings when its bytes are read in another encoding."""

    def is_known(text: str) -> bool:
        return not text.isascii() and any(spelling(other) in known for other in _other_readings(text))

    return is_known


def _other_readings(text: str) -> Iterable[str]:
    for read_in in READ_IN:
        for written_in in WRITTEN_IN:
            try:
                yield text.encode(read_in).decode(written_in)
            except UnicodeError:
                continue


def nearly_called(rows_n: Mapping[str, int]) -> set[str]:
    """The spellings that are another's but for marks on letters and between them, or cut it short with a full stop.

    rows_n: of each spelling; of two that differ by marks the one in fewer rows.
    """
    bare = {text: _bare(text) for text in rows_n}
    most: dict[str, str] = {}
    for text in sorted(rows_n, key=lambda text: (rows_n[text], -len(text), text)):
        most[bare[text]] = text
    rarer = {text for text in rows_n if most[bare[text]] != text}
    cut = (text for text in rows_n if text.endswith(".") and bare[text])
    return rarer | {text for text in cut if sum(other.startswith(bare[text]) for other in most) == 2}


def _bare(text: str) -> str:
    return "".join(letter for letter in unicodedata.normalize("NFKD", text) if letter.isalnum())


def lost(known: Collection[str]) -> Test:
    """Whether a text is one of the `known` spellings whose letters beyond a-z were lost."""

    def is_known(text: str) -> bool:
        if not any(mark in text for mark in LOST):
            return False
        letters = re.escape(spelling(text)).replace(r"\?", "[^\x00-\x7f]").replace("\ufffd", "[^\x00-\x7f]")
        return any(re.fullmatch(letters, each) for each in known)

    return is_known
