"""What a program did to answers that nobody knows: another encoding, letters lost, errors and formulas of a sheet."""

import re
from collections.abc import Callable, Collection, Iterable

from riskmodel.extracts.frames import is_formula
from riskmodel.extracts.refusals import REFUSALS
from riskmodel.ground.text import Text
from riskmodel.instrument.spelling import spelling

MOST = 0.5  # of the answers that are not known; a cause that more of them have is the one
SHEET_ERROR = re.compile(r"#(?:[^\W\d_]+(?:/0)?[!?]|N/A|#+)")  # #REF!, #VÄRDEFEL!, #DIV/0!, #N/A and cells too narrow
WRITTEN_IN = ("utf-8", "cp850", "mac_roman")
READ_IN = ("cp1252", "latin-1")
YEAR_AS_DAY = re.compile(r"190[45]-\d\d-\d\d")  # 1979 and its like, counted as a day from 1900
LOST = ("?", "\ufffd")
Test = Callable[[str], bool]


def cause_of(texts: Iterable[str], known: Collection[str]) -> Text | None:
    """What most of `texts` have in common that are not known, and what to do; None where nothing is found.

    texts: as written, one a row. known: spellings of the answers there are, none where they are numbers.
    """
    written = list(texts)
    for test, told in (
        (_is_error, "sheet_errors"),
        (is_formula, "sheet_formulas"),
        (_recoded(known), "two_encodings"),
        (_lost(known), "letters_lost"),
        (_is_day, "years_as_days"),
    ):
        by_text = {text: test(text) for text in {*written}}
        found_n = sum(by_text[text] for text in written)
        if found_n > MOST * len(written):
            return REFUSALS[told].filled(n=found_n)
    return None


def _is_error(text: str) -> bool:
    return SHEET_ERROR.fullmatch(text.strip().upper()) is not None


def _is_day(text: str) -> bool:
    return YEAR_AS_DAY.fullmatch(text.strip()) is not None


def _recoded(known: Collection[str]) -> Test:
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


def _lost(known: Collection[str]) -> Test:
    def is_known(text: str) -> bool:
        if not any(mark in text for mark in LOST):
            return False
        letters = re.escape(spelling(text)).replace(r"\?", "[^\x00-\x7f]").replace("\ufffd", "[^\x00-\x7f]")
        return any(re.fullmatch(letters, each) for each in known)

    return is_known
