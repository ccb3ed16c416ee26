"""What is an id of a person or household, and what only stands where one should: one reader for every source."""

import re
import unicodedata
from collections.abc import Callable, Iterable

from riskmodel.extracts.frames import is_formula
from riskmodel.extracts.quarantine import Finding
from riskmodel.extracts.schema import DAMAGED, FORMULA
from riskmodel.extracts.text_table import TextTable
from riskmodel.instrument.records import Source
from riskmodel.instrument.spelling import WHOLE_NUMBER, spelling, visible

# written by programs and people where nobody's id is known; compared as `spelling` compares
NO_ID = frozenset(
    "null (null) <null> [null] none nil nan n/a na n.a. <na> nat nd #n/a #saknas! #värdefel! #value! #ref! #referens! "
    "#name? #namn? #div/0! #division/0! #null! #skärning! #num! #ogiltigt! \\n void undefined "
    "skydd skyddad skyddat skyddade sekretess sekretessmarkerad sekretessmarkering protected hidden anonym anonymous "
    "okänd okänt okända obekant unknown saknas tomt blank empty missing ingen inget inga uppgift "
    "borttagen borttaget raderad raderat deleted removed maskerad masked xx xxx xxxx".split()
)
SAYS_NONE = re.compile(
    r"(?:skydd|sekretess|okän|obekant|saknas|uppgift saknas|ingen uppgift|inga uppgifter|inte (?:angiv|känd)|"
    r"ej (?:angiv|känd|uppgift|registrer|aktuell)|inget (?:id|nummer|hushåll)|not (?:available|known)|no (?:id|value))"
    r"[^\d]*"
)
NOTHING = re.compile(r"[\W_0]*")  # no letter, and no digit but 0
ROUNDED = re.compile(r"[+-]?(?:\d[.,]\d+e[+-]?|\d+e[+-])\d+")  # 1,23457E+11: the digits are gone
IDS = ("person_id", "household_id")
SIGNED = re.compile(r"[+-]\w+")


def id_of(silent: Iterable[str]) -> Callable[[str], str]:
    """A function from a written text to the id meant: "" for none, `DAMAGED` for a rounded number, or `FORMULA`.

    silent: spellings that mean nothing was written. A sign before letters and digits alone makes no formula.
    """
    nothing = NO_ID | frozenset(silent) | {""}

    def meant(text: str) -> str:
        written = spelling(text)
        if written in nothing or NOTHING.fullmatch(written) or SAYS_NONE.fullmatch(written):
            return ""
        if ROUNDED.fullmatch(written):
            return DAMAGED
        if is_formula(text) and not SIGNED.fullmatch(written):
            return FORMULA
        return " ".join(text.split())

    return meant


def same_case(text: str) -> str:
    """`text` as `spelling` has it, but in its own letter case: two that differ here may be two people."""
    written = " ".join(visible(unicodedata.normalize("NFKC", text)).split())
    return WHOLE_NUMBER.sub(r"\1", written) if WHOLE_NUMBER.fullmatch(written) else written


def no_household(table: TextTable, source: Source, silent: Iterable[str], *, file: str) -> list[Finding]:
    """How many rows hold a word in place of a household; a blank is one that everybody sees."""
    if "household" not in source.columns:
        return []
    heading, called, blank = source.columns["household"], id_of(silent), frozenset(silent) | {""}
    is_word = table.column(heading).each(lambda text: not called(text) and spelling(text) not in blank, bool)
    return [Finding(file, heading, "no_household_id", int(is_word.sum()))]
