"""What is an id of a person or household, and what only stands where one should: one reader for every source."""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator

import numpy as np

from riskmodel.extracts.frames import FORMULA, NULLS, is_formula
from riskmodel.extracts.quarantine import Finding
from riskmodel.extracts.text_table import TextTable
from riskmodel.instrument.records import Source
from riskmodel.instrument.spelling import WHOLE_NUMBER, spelling, visible

DAMAGED = "#"  # stands for an id that a spreadsheet has rounded
# written by programs and people where nobody's id is known; compared as `spelling` compares
NO_ID = NULLS | frozenset(
    "none nil nan n/a na n.a. <na> nat nd #n/a #saknas! #värdefel! #value! #ref! #referens! "
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
TOTAL = r"(?:(?:del|slut|total|års|månads)?summ(?:a|or)|(?:sub|grand )?total(?:t|er|en|s)?|sum)"
NOBODY = re.compile(  # lines of totals, alone or with what they sum up, and invented persons
    rf"(?:.*\s)?{TOTAL}(?:[\s:].*)?|(?:alla|samtliga|hela|antal|källa|medel(?:värde)?|median|genomsnitt)(?:[\s:].*)?|"
    r"test(?:person(?:er)?|are|fall|data|rad|konto|user|case)?[\W_\d]*"
)
NOTHING = re.compile(r"[\W_0]*")  # no letter, and no digit but 0
ROUNDED = re.compile(r"[+-]?(?:\d[.,]\d+e[+-]?|\d+e[+-])\d+")  # 1,23457E+11: the digits are gone
IDS = ("person_id", "household_id")
SIGNED = re.compile(r"[+-]\w+")
NUMBERED = re.compile(r"([-+]?)(0*)([^\W\d_]*[-_ ]?)(0*)([1-9]\d*)")  # a sign, noughts, letters, noughts, the number


def id_of(silent: Iterable[str]) -> Callable[[str], str]:
    """A function from a written text to the id meant: "" for none, `DAMAGED` for a rounded number, or `FORMULA`.

    silent: spellings that mean nothing was written. A sign before letters and digits alone makes no formula.
    """
    nothing = NO_ID | frozenset(silent) | {""}

    def meant(text: str) -> str:
        if text.isascii() and text.isalnum() and not text.isalpha() and text.strip("0"):  # as nearly all are
            return "" if text.lower() in nothing else text
        written = spelling(text)
        if (
            written in nothing
            or NOTHING.fullmatch(written)
            or SAYS_NONE.fullmatch(written)
            or NOBODY.fullmatch(written)
        ):
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


def likely_same_n(ids: Collection[str]) -> int:
    """How many numbers stand in several of `ids` (spellings) that differ by a sign, noughts or letters in front alone.

    Letters that differ are two series of numbers; letters that some ids have and others lack are a prefix.
    """
    hashes = np.fromiter((hash(match[5]) for match in _numbered(ids)), np.int64)
    numbers, n = np.unique(hashes, return_counts=True)  # ids are many, and those of one number few
    several = set(numbers[n > 1].tolist())
    by_number: dict[str, list[str]] = defaultdict(list)
    for match in _numbered(ids) if several else ():
        if hash(match[5]) in several:
            by_number[match[5]].append(match[3].rstrip("-_ "))
    return sum(len(fronts) > 1 and ("" in fronts or len({*fronts}) < len(fronts)) for fronts in by_number.values())


def odd_ids(ids: Collection[str]) -> dict[str, set[str]]:
    """Reason to those of `ids` (spellings) that have or lack a sign, noughts or letters in front, unlike most."""
    fronts = Counter((match[1], bool(match[3])) for match in _numbered(ids))
    if 2 * fronts.total() < len(ids):  # most are no numbers at all, so that some look like one by chance
        return {}
    usual = max(fronts, key=lambda front: fronts[front], default=None)
    odd = {match[0] for match in _numbered(ids) if (match[1], bool(match[3])) != usual} if len(fronts) > 1 else set()
    led = {match[0]: len(match[2] + match[4] + match[5]) for match in _numbered(ids) if match[2] or match[4]}
    widest = max(led.values(), default=0)
    bare = {match[0] for match in _numbered(ids) if match[0] not in led and len(match[5]) < widest} if led else set()
    return {reason: few for reason, few in (("odd_prefix", odd), ("odd_zeros", min({*led}, bare, key=len))) if few}


def _numbered(ids: Iterable[str]) -> Iterator[re.Match[str]]:
    return filter(None, map(NUMBERED.fullmatch, ids))


def no_household(table: TextTable, source: Source, silent: Iterable[str], *, file: str) -> list[Finding]:
    """How many rows hold a word in place of a household, and how many hold nothing."""
    if "household" not in source.columns:
        return []
    heading, called, blank = source.columns["household"], id_of(silent), frozenset(silent) | {""}
    column = table.column(heading)
    is_blank = column.each(lambda text: spelling(text) in blank, bool)
    is_word = column.each(lambda text: not called(text), bool) & ~is_blank
    return [
        Finding(file, heading, "no_household_id", int(is_word.sum())),
        Finding(file, heading, "blank_household", int(is_blank.sum())),
    ]
