"""What stands in a column, whatever its heading says: ids, months, years, money, numbers."""

import numpy as np

from riskmodel.draft.lexicon import NO_ANSWER
from riskmodel.extracts.months import birth_years, months, months_of_year
from riskmodel.extracts.numbers import UNREADABLE, UNREADABLE_NUMBER, amounts_ore, decimal_numbers, whole_numbers
from riskmodel.extracts.text_table import TextColumn
from riskmodel.instrument.spelling import spelling

NEARLY_ALL = 0.95
FILLED = 0.5
FIRST_YEAR, LAST_YEAR = 1980, 2100
BORN_FROM, BORN_TO, MOST_BORN_BEFORE = 1900, 2025, 2008  # of later years are days of a form, not births
FEWEST_IDS = 20
LEAST_MONEY_ORE = 50_000


def is_answered(column: TextColumn) -> np.ndarray:
    """Whether each row says something, bool, shape (n,)."""
    return column.each(lambda text: spelling(text) not in NO_ANSWER, bool)


def _nearly_all(column: TextColumn, fits: np.ndarray, *, filled: float = FILLED) -> bool:
    answered = is_answered(column)
    n = int(answered.sum())
    return n > 0 and n >= filled * len(column) and int((fits & answered).sum()) >= NEARLY_ALL * n


def distinct_n(column: TextColumn) -> int:
    """How many different texts say something."""
    return len({written for text in column.texts if (written := spelling(text)) not in NO_ANSWER})


def is_months(column: TextColumn) -> bool:
    """Whether it holds months or days."""
    found = months(column)
    of_late = (found.year >= FIRST_YEAR) & (found.year <= LAST_YEAR)
    return _nearly_all(column, of_late & (found.month_of_year >= 1) & (found.month_of_year <= 12))


def is_years(column: TextColumn) -> bool:
    """Whether it holds calendar years of late, and no more of the date."""
    found = whole_numbers(column)
    return _nearly_all(column, (found >= FIRST_YEAR) & (found <= LAST_YEAR))


def is_months_of_year(column: TextColumn) -> bool:
    """Whether it holds months without a year; most of the twelve stand there."""
    found = months_of_year(column)
    return _nearly_all(column, (found >= 1) & (found <= 12)) and len(np.unique(found)) > 6


def is_birth_years(column: TextColumn) -> bool:
    """Whether it holds years of birth of people of many ages."""
    found = birth_years(column)
    is_year = (found >= BORN_FROM) & (found <= BORN_TO)
    are_years = _nearly_all(column, is_year) and distinct_n(column) > 6
    return are_years and bool(np.median(found[is_year]) < MOST_BORN_BEFORE)


def is_numbers(column: TextColumn) -> bool:
    """Whether it holds numbers."""
    found = decimal_numbers(column)
    return _nearly_all(column, np.isfinite(found) & (found != UNREADABLE_NUMBER), filled=0.0)


def is_money(column: TextColumn) -> bool:
    """Whether it holds amounts."""
    return _nearly_all(column, amounts_ore(column) != UNREADABLE)


def is_much_money(column: TextColumn) -> bool:
    """Whether it holds many different amounts, most of them such as a household lives of."""
    found = amounts_ore(column)
    many = is_money(column) and distinct_n(column) > FEWEST_IDS and not is_birth_years(column)
    return many and bool(np.median(found[found != UNREADABLE]) >= LEAST_MONEY_ORE)


def is_ids(column: TextColumn, *, fewest: int = FEWEST_IDS) -> bool:
    """Whether nearly every row holds one of `fewest` ids or more, and no date."""
    answered = is_answered(column)
    return (
        int(answered.sum()) >= NEARLY_ALL * len(column)
        and distinct_n(column) >= fewest
        and not is_months(column)
        and not is_years(column)
    )


def words_of(column: TextColumn) -> set[str]:
    """The spellings of all texts that say something."""
    return {written for text in column.texts if (written := spelling(text)) not in NO_ANSWER}
