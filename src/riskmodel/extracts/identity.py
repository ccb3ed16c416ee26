"""No personal number comes in: one in a column, or split over some that stand side by side, stops the run."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from riskmodel.extracts.disguise import plain_text
from riskmodel.extracts.personal_numbers import LENGTHS, holds_personal_number, is_dated, is_new, is_one
from riskmodel.extracts.refusals import REFUSALS
from riskmodel.ground.errors import SurveyDataError
from riskmodel.ground.text import Text

WORTH_A_LOOK = r"[\p{Nd}\p{No}]"
AN_ID = r"^[A-Za-z]{1,2}[0-9]+$"
MOST_PAIRS = 10_000  # of those that stand side by side, enough to tell a column of them
WIDEST = 4  # columns over which one is split
FEW = 3
FEWEST_DATED = 4  # of so many rows long enough, one at least is a date where numbers are split; by chance one in 14 is


def personal_numbers_n(texts: Iterable[str]) -> int:
    """How many of `texts` hold a personal or coordination number somewhere."""
    return sum(map(holds_personal_number, texts))


def personal_numbers_in(distinct: pa.Array) -> int:
    """How many of the `distinct` texts (Arrow strings) hold one; fast on millions of texts."""
    enough = distinct.filter(pc.greater_equal(pc.count_substring_regex(distinct, WORTH_A_LOOK), min(LENGTHS)))
    return personal_numbers_n(enough.filter(pc.invert(pc.match_substring_regex(enough, AN_ID))).to_pylist())


def split_numbers_n(columns: Sequence[tuple[pa.Array, np.ndarray]]) -> int:
    """How many numbers are split over two to four columns that stand side by side.

    columns: each one's distinct texts and, for each row, the place of its text, shape (n,). A date beside four digits
    is a number by chance in one row of ten, so most of such rows must be; fewer than `FEW` count when the dates are
    none of late, as birth dates are.
    """
    written = [_Digits.of(distinct, codes) for distinct, codes in columns]
    windows = [
        written[first : first + width] for width in range(2, WIDEST + 1) for first in range(len(written) - width + 1)
    ]
    return sum(_split_over(window) for window in windows if all(column.sizes.any() for column in window))


def check_no_personal_numbers(found_n: int, *, where: str | Text) -> None:
    """Raise a `SurveyDataError` naming `where` when `found_n` is above 0; the numbers themselves are never shown."""
    if found_n:
        raise SurveyDataError(REFUSALS["personal_numbers"].filled(where=where, n=found_n))


@dataclass(frozen=True)
class _Digits:
    """A column's distinct texts as digits, "" where one is more than a part of a number; sizes: how many digits."""

    texts: np.ndarray
    sizes: np.ndarray
    codes: np.ndarray

    @classmethod
    def of(cls, distinct: pa.Array, codes: np.ndarray) -> "_Digits":
        is_short = pc.less_equal(pc.utf8_length(distinct), 2 * max(LENGTHS))
        is_part = pc.and_(is_short, pc.invert(pc.match_substring_regex(distinct, "[A-Za-z]")))
        part = pc.if_else(is_part, distinct, "")
        texts: np.ndarray = np.array([*map(_only_digits, part.to_pylist()), ""], dtype=object)  # never without any
        return cls(texts, np.array([len(text) for text in texts], dtype=np.int8), codes)


def _only_digits(text: str) -> str:
    if text.isascii() and text.isdigit():
        return text
    plain = plain_text(text)
    return re.sub(r"[-+ /.]", "", plain) if re.fullmatch(r"[-+ /.0-9]*", plain) else ""


def _split_over(columns: Sequence[_Digits]) -> int:
    """How many different numbers stand in the rows of `columns` together, 0 where that may be chance."""
    sizes = [column.sizes[column.codes] for column in columns]
    is_long_enough = np.isin(sum(sizes), LENGTHS) & np.all([size > 0 for size in sizes], axis=0)
    places = np.flatnonzero(is_long_enough)[:MOST_PAIRS]
    together = {"".join(column.texts[column.codes[place]] for column in columns) for place in places}
    dated = [digits for digits in together if is_dated(digits)]
    numbers_n = sum(map(is_one, dated))
    is_enough = FEWEST_DATED * len(dated) > len(together) and (len(dated) >= FEW or not any(map(is_new, dated)))
    return numbers_n if is_enough and 2 * numbers_n > len(dated) else 0
