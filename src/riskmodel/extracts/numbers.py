"""Written numbers to whole öre and floats: decimal comma, hard spaces, any minus."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from riskmodel.extracts.text_table import TextColumn

UNREADABLE = np.iinfo(np.int64).min  # whole number in place of a text that is none
UNREADABLE_NUMBER = np.inf  # the same among floats, where NaN means no answer
SPACES = "[ \u00a0\u2009\u202f]"
MINUS = "\u2212"
GROUPS = f"(?:[0-9]{{1,12}}|[0-9]{{1,3}}(?:{SPACES}[0-9]{{3}}){{1,3}})"
NUMBER = f"^{SPACES}*[-+{MINUS}]?{SPACES}*{GROUPS}(?:[.,][0-9]+)?{SPACES}*$"
TWO_DECIMALS = "^[^.,]*(?:[.,][0-9]{1,2}0*)?$"  # more would be thousands, "1.234", or no money


def decimal_numbers(column: TextColumn) -> np.ndarray:
    """Numbers as float64, shape (n,); `UNREADABLE_NUMBER` (infinity) for anything else."""
    return _decimals(column.distinct)[column.codes]


def whole_numbers(column: TextColumn) -> np.ndarray:
    """Whole numbers as int64, shape (n,); `UNREADABLE` for anything else. "4,0" is whole, "4,5" is not."""
    values = _decimals(column.distinct)
    return _whole(values, np.isfinite(values) & (values == np.rint(values)))[column.codes]


def amounts_ore(column: TextColumn) -> np.ndarray:
    """Money as whole öre, int64, shape (n,); `UNREADABLE` for anything else, more than two decimals included."""
    # at most 12 digits before the mark: a float carries them to the öre, so rounding is exact
    values = 100 * _decimals(column.distinct)
    return _whole(values, np.isfinite(values) & _matches(column.distinct, TWO_DECIMALS))[column.codes]


def _decimals(texts: pa.Array) -> np.ndarray:
    """One float per text, `UNREADABLE_NUMBER` where it is no number."""
    bare = pc.replace_substring_regex(texts, SPACES, "")
    for written, meant in ((MINUS, "-"), (",", "."), ("+", "")):
        bare = pc.replace_substring(bare, written, meant)
    readable = _matches(texts, NUMBER)
    numbers = pc.cast(pc.if_else(pa.array(readable), bare, "0"), pa.float64())
    return np.where(readable, numbers.to_numpy(zero_copy_only=False), UNREADABLE_NUMBER)


def _matches(texts: pa.Array, pattern: str) -> np.ndarray:
    return pc.match_substring_regex(texts, pattern).to_numpy(zero_copy_only=False)


def _whole(values: np.ndarray, readable: np.ndarray) -> np.ndarray:
    return np.where(readable, np.rint(np.where(readable, values, 0)).astype(np.int64), UNREADABLE)
