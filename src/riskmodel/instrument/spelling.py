"""How a written answer is recognised: one spelling for all the ways of typing the same thing. Standard library only."""

import re
import unicodedata
from collections.abc import Iterable

from riskmodel.instrument.records import Item, Level

WHOLE_NUMBER = re.compile(r"(\d+)[.,]0+")  # a code that a program has written as a decimal number
DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2212"), "-")


def spelling(text: str) -> str:
    """`text` in lower case, one kind of dash and space, without what nobody sees or blanks around it; "1.0" as "1"."""
    if text.isascii() and text.isalnum():  # as nearly all are
        return text.lower()
    written = " ".join(_plain(text).split()).casefold()
    return WHOLE_NUMBER.sub(r"\1", written) if WHOLE_NUMBER.fullmatch(written) else written


def visible(text: str) -> str:
    """`text` without soft hyphens, joiners and other characters that nobody sees."""
    return "".join(letter for letter in text if unicodedata.category(letter) != "Cf")


def level_spellings(level: Level) -> frozenset[str]:
    """Every spelling that means `level`: its code, its texts and its aliases."""
    return frozenset(map(spelling, (level.code, level.text.sv, level.text.en, *level.aliases)))


def code_by_spelling(item: Item) -> dict[str, str]:
    """Spelling to code, for every level of `item`."""
    return {written: level.code for level in item.levels for written in level_spellings(level)}


def no_answer_spellings(item: Item, no_answer: Iterable[str]) -> frozenset[str]:
    """Spellings that mean "no answer" to `item`: the instrument's `no_answer`, its own, and the blank."""
    return frozenset(map(spelling, ("", *no_answer, *item.no_answer)))


def _plain(text: str) -> str:
    if text.isascii():
        return text
    # letters in lower case can fall apart (İ), and are put together again
    lower = unicodedata.normalize("NFKC", visible(text)).casefold()
    return unicodedata.normalize("NFKC", lower).translate(DASHES)
