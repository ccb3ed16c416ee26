"""Swedish and English: what the report says, and how each language writes its numbers."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pandas as pd

from riskmodel.instrument.records import Text
from riskmodel.report.texts import TEXTS

MINUS = "\u2212"
NO_BREAK = "\u00a0"
DASH = "\u2013"
MONTHS_A_YEAR = 12


@dataclass(frozen=True)
class Language:
    """One of the two languages. `code` is that of HTML's lang attribute; `place` is its own in a pair of texts."""

    code: str
    place: int
    decimal_mark: str
    thousands_mark: str

    def say(self, key: str, **parts: Any) -> str:
        """The text `key` with its `parts` filled in."""
        return TEXTS[key][self.place].format(**parts)

    def text(self, text: Text | Mapping[str, str]) -> str:
        """One text of an instrument or a release."""
        return getattr(text, self.code) if isinstance(text, Text) else text[self.code]

    def decimal(self, value: Any, *, digits: int = 2, signed: bool = False) -> str:
        """`value` with `digits` decimals, halves rounded away from zero; a dash when there is none."""
        if is_missing(value):
            return DASH
        rounded = Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
        sign = MINUS if rounded < 0 else "+" if signed and rounded > 0 else ""
        marks = str.maketrans({",": self.thousands_mark, ".": self.decimal_mark})
        return sign + f"{abs(rounded):,.{digits}f}".translate(marks)

    def count(self, value: Any) -> str:
        """A number of people or rows; one that disclosure control hides is said to be hidden."""
        return self.say("not_shown") if is_missing(value) else self.decimal(value, digits=0)

    def hundred(self, share: Any, *, digits: int = 0, signed: bool = False) -> str:
        """A share (0-1) as a number of a hundred."""
        return self.decimal(None if is_missing(share) else share * 100, digits=digits, signed=signed)

    def hundred_or_why(self, share: Any, status: str = "ok") -> str:
        """A share as a number of a hundred for a table's cell, or in a word why there is none."""
        if not is_missing(share):
            return self.hundred(share)
        return self.say({"ok": "few", "too_few": "few"}.get(status, status))

    def hundred_range(self, low: Any, high: Any) -> str:
        """An interval of shares (0-1) as numbers of a hundred, such as 58–66; empty when not known."""
        return "" if is_missing(low) or is_missing(high) else f"{self.hundred(low)}{DASH}{self.hundred(high)}"

    def number_range(self, low: Any, high: Any, *, digits: int = 2) -> str:
        """An interval of numbers, with a word between its ends so that minus signs stay clear; empty when not known."""
        if is_missing(low) or is_missing(high):
            return ""
        return self.say("range", low=self.decimal(low, digits=digits), high=self.decimal(high, digits=digits))

    def listed(self, words: list[str]) -> str:
        """Words with commas, and "and" before the last."""
        return self.say("and", first=", ".join(words[:-1]), last=words[-1]) if len(words) > 1 else "".join(words)


LANGUAGES = {
    "sv": Language("sv", 0, decimal_mark=",", thousands_mark=NO_BREAK),
    "en": Language("en", 1, decimal_mark=".", thousands_mark=","),
}


def is_missing(value: Any) -> bool:
    """Whether `value` is None, NaN or <NA>."""
    return value is None or bool(pd.isna(value))


def month_text(month: int) -> str:
    """A whole-number month (year*12 + month-1) as YYYY-MM."""
    return f"{month // MONTHS_A_YEAR}-{month % MONTHS_A_YEAR + 1:02d}"


def begins_small(sentence: str) -> str:
    """`sentence` as it reads after a colon; abbreviations such as O/E keep their capitals."""
    return sentence if re.match(r"[^\W\d_][A-ZÅÄÖ/]", sentence) else sentence[:1].lower() + sentence[1:]


def begins_large(name: str) -> str:
    """`name` as it reads first in a cell."""
    return name[:1].upper() + name[1:]
