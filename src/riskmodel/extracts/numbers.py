"""Written numbers to whole öre and floats: one form of number in a column, hard spaces, minus before or after."""

from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from riskmodel.extracts.text_table import TextColumn

UNREADABLE = np.iinfo(np.int64).min  # whole number in place of a text that is none
UNREADABLE_NUMBER = np.inf  # the same among floats, where NaN means no answer
SPACES = "[ \t\u00a0\u2007\u2008\u2009\u200a\u202f]"
MINUS = "[-\u2010\u2011\u2012\u2013\u2212]"
SPACED = "[0-9]{1,12}|[0-9]{1,3}(?:[ '\u2019][0-9]{3}){1,3}"
SAYS_KRONOR = "(?i)kr|sek|:-"
IN_KRONOR = r"(?i)^(?:(?:kr\.?|sek) *)?([-+(]* *[0-9][^:a-z]*?)(?: *(?:kr\.?|sek|:-))?( *[-)])?$"
TWO_DECIMALS = (
    "[0-9]{1,2}(?:0*|0{5,}[0-9]+|9{5,}[0-9]*)$"  # more would be thousands, "1.234", no money, or a sum of floats
)
# what may be of the other form in a column that holds both; more, and nobody knows which it is
STRAY_SHARE = 0.05


@dataclass(frozen=True)
class _Form:
    """One way of writing numbers: the mark before the decimals, and the one between groups of three digits."""

    decimal: str
    group: str

    @property
    def number(self) -> str:
        return f"^[-+]?(?:{SPACED}|[1-9][0-9]{{0,2}}(?:[{self.group}][0-9]{{3}}){{1,3}})(?:[{self.decimal}][0-9]+)?$"

    def floats(self, texts: pa.Array) -> np.ndarray:
        """One float per text of `texts`, `UNREADABLE_NUMBER` where it is no number of this form."""
        bare = pc.replace_substring_regex(texts, f"[ '\u2019+{self.group}]", "")
        readable = _matches(texts, self.number)
        numbers = pc.cast(
            pc.if_else(pa.array(readable), pc.replace_substring(bare, self.decimal, "."), "0"), pa.float64()
        )
        return np.where(readable, numbers.to_numpy(zero_copy_only=False), UNREADABLE_NUMBER)


COMMA, POINT = _Form(",", "."), _Form(".", ",")


def decimal_numbers(column: TextColumn) -> np.ndarray:
    """Numbers as float64, shape (n,); `UNREADABLE_NUMBER` (infinity) for anything else.

    1,234 and 1.234 could be two numbers: the column tells which, or they are unreadable.
    """
    return _in_one_form(column, decimals="[0-9]+$")[column.codes]


def whole_numbers(column: TextColumn) -> np.ndarray:
    """Whole numbers as int64, shape (n,); `UNREADABLE` for anything else. "4,0" is whole, "4,5" is not."""
    texts = _signed(column.distinct)
    is_marked = _matches(texts, f"^[-+]?(?:{SPACED})[.,][0-9]+$")
    plain = pa.array(is_marked), pc.replace_substring(texts, ",", ".")
    values = POINT.floats(pc.if_else(*plain, texts))
    values = np.where(is_marked | ~_matches(texts, "[.,]"), values, UNREADABLE_NUMBER)
    return _whole(values, np.isfinite(values) & (values == np.rint(values)))[column.codes]


def amounts_ore(column: TextColumn) -> np.ndarray:
    """Money as whole öre, int64, shape (n,); `UNREADABLE` for anything else, more than two decimals included."""
    # at most 12 digits before the mark: a float carries them to the öre, so rounding is exact
    values = 100 * _in_one_form(replace(column, distinct=_without_kronor(column.distinct)), decimals=TWO_DECIMALS)
    return _whole(values, np.isfinite(values))[column.codes]


def is_negative(column: TextColumn) -> np.ndarray:
    """Whether each row looks like an amount below zero, readable or not; bool, shape (n,)."""
    texts = column.distinct
    found = _matches(texts, f"^[^0-9]*(?:{MINUS}|[(])[^0-9]*[0-9]|[0-9][^0-9:]*{MINUS}[^0-9]*$")
    return found[column.codes]


def _in_one_form(column: TextColumn, *, decimals: str) -> np.ndarray:
    """One float per distinct text, all of the one form that the column's rows are in; decimals: those allowed."""
    texts = _signed(column.distinct)
    comma, point = ((form, form.floats(texts)) for form in (COMMA, POINT))
    fits = [np.isfinite(values) for _, values in (comma, point)]
    is_plain = ~_matches(texts, "[.,]")
    rows_n = np.bincount(column.codes, minlength=len(texts))
    in_comma, in_point = (int(rows_n[own & ~other].sum()) for own, other in (fits, fits[::-1]))
    form, values = comma if in_comma > in_point else point
    if min(in_comma, in_point) > STRAY_SHARE * (in_comma + in_point) or not max(in_comma, in_point):
        return np.where(is_plain, values, UNREADABLE_NUMBER)
    is_decimal = _matches(texts, f"[{form.decimal}]")
    is_sure = fits[0] != fits[1]
    is_allowed = _matches(texts, f"[{form.decimal}]{decimals}") & (is_sure | _has_three(texts, form, is_sure, decimals))
    return np.where(~is_decimal | is_allowed, values, UNREADABLE_NUMBER)


def _has_three(texts: pa.Array, form: _Form, is_sure: np.ndarray, decimals: str) -> bool:
    """Whether three digits after the mark may be decimals: of money, only where others surely are three."""
    return decimals != TWO_DECIMALS or bool((is_sure & _matches(texts, f"[{form.decimal}][0-9]{{3}}$")).any())


def _signed(texts: pa.Array) -> pa.Array:
    """`texts` with one kind of space and minus, none around them, and what is below zero with its minus in front."""
    plain = pc.utf8_trim(pc.replace_substring_regex(texts, SPACES, " "), " ")
    plain = pc.replace_substring_regex(plain, MINUS, "-")
    plain = pc.replace_substring_regex(plain, r"^\( *([0-9][^()+-]*?) *\)$", r"-\1")
    plain = pc.replace_substring_regex(plain, r"^([0-9][^-]*?) *-$", r"-\1")
    return pc.replace_substring_regex(plain, "^([-+]) +", r"\1")


def _without_kronor(texts: pa.Array) -> pa.Array:
    """`texts` without kr, SEK or :- beside the number, which say no more than that it is money."""
    plain = pc.utf8_trim(pc.replace_substring_regex(texts, SPACES, " "), " ")
    is_said = pc.match_substring_regex(plain, SAYS_KRONOR)
    return pc.if_else(is_said, pc.replace_substring_regex(plain, IN_KRONOR, r"\1\2"), texts)


def _matches(texts: pa.Array, pattern: str) -> np.ndarray:
    return pc.match_substring_regex(texts, pattern).to_numpy(zero_copy_only=False)


def _whole(values: np.ndarray, readable: np.ndarray) -> np.ndarray:
    return np.where(readable, np.rint(np.where(readable, values, 0)).astype(np.int64), UNREADABLE)
