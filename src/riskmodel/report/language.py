"""Swedish and English: the texts that go with them and how each writes its numbers."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pandas as pd

MINUS = "\u2212"
NO_BREAK = "\u00a0"
RANGE = "\u2013"


@dataclass(frozen=True)
class Language:
    """How one language writes numbers. `code`: as in HTML's lang attribute."""

    code: str
    decimal_mark: str
    thousands_mark: str
    of: str
    to: str


LANGUAGES = {
    "sv": Language("sv", decimal_mark=",", thousands_mark=NO_BREAK, of="av", to="till"),
    "en": Language("en", decimal_mark=".", thousands_mark=",", of="of", to="to"),
}


def in_language(text: Mapping[str, str] | str | None, language: Language) -> str:
    """One text of a release, which holds it in both languages (or as a word that both share)."""
    if text is None or isinstance(text, str):
        return text or ""
    return text[language.code]


def decimal(value: Any, language: Language, *, digits: int = 2, signed: bool = False) -> str:
    """`value` with `digits` decimals, halves rounded away from zero; a dash when there is none."""
    if value is None or pd.isna(value):
        return RANGE
    rounded = Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
    sign = MINUS if rounded < 0 else "+" if signed and rounded > 0 else ""
    marks = str.maketrans({",": language.thousands_mark, ".": language.decimal_mark})
    return sign + f"{abs(rounded):,.{digits}f}".translate(marks)


def count(value: Any, language: Language) -> str:
    """A whole number with its thousands apart."""
    return decimal(value, language, digits=0)


def per_hundred(share: Any, language: Language) -> str:
    """A share (0-1) as a whole number of a hundred."""
    return decimal(None if share is None or pd.isna(share) else share * 100, language, digits=0)


def hundred_range(low: Any, high: Any, language: Language) -> str:
    """An interval of shares (0-1) as whole numbers of a hundred, such as 58–66; empty when it is not known."""
    if low is None or high is None or pd.isna(low) or pd.isna(high):
        return ""
    return f"{per_hundred(low, language)}{RANGE}{per_hundred(high, language)}"


def number_range(low: Any, high: Any, language: Language, *, digits: int = 2) -> str:
    """An interval of numbers, with the word for "to" between them so that minus signs stay clear."""
    if low is None or high is None or pd.isna(low) or pd.isna(high):
        return ""
    return f"{decimal(low, language, digits=digits)} {language.to} {decimal(high, language, digits=digits)}"


def month_name(month: int) -> str:
    """A whole-number month (year*12 + month-1) as YYYY-MM."""
    return f"{int(month) // 12}-{int(month) % 12 + 1:02d}"
