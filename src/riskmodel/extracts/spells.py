"""Spells of assistance: when each begins, how long it lasts, and which have not ended yet."""

import re
from collections.abc import Collection, Iterator

import numpy as np

from riskmodel.extracts.frames import is_error, plain
from riskmodel.extracts.months import Months, months
from riskmodel.extracts.numbers import UNREADABLE
from riskmodel.extracts.quarantine import Finding
from riskmodel.extracts.refusals import REFUSALS
from riskmodel.extracts.schema import FOREVER_YEAR, LONGEST_SPELL_MONTHS, NEVER_YEAR
from riskmodel.extracts.stops import Stop, noted
from riskmodel.extracts.text_table import TextColumn, TextTable
from riskmodel.ground.words import MONTHS_A_YEAR, percent
from riskmodel.instrument.records import Source
from riskmodel.instrument.spelling import spelling

STILL = re.compile(  # of a spelling
    r"tills ?vidare|pågå(?:r|ende)|löpande|öppe[nt]|aktuell|aktiv|fortsatt|(?:inte|ej) avslutad|saknar slut|"
    r"t\.? ?v\.?|ongoing|open|current|active|until further notice|none|nat|nan|n/?a|0000-00-00.*"
)
FAR_MONTHS = 20 * MONTHS_A_YEAR  # beyond the last beginning: nobody grants assistance until then
RECENT_MONTHS, FEWEST_BEGINNINGS = 6, 20  # of the months up to the last beginning; of fewer, one may have none
LATER_MONTHS = 2  # than the last beginning, where hardly anybody begins
ALONE_MONTHS, MOST_ALONE = MONTHS_A_YEAR, 0.01  # behind all other beginnings, and of all: a mistyped year; where many
# begin, behind a month in which nobody does
FIRST_OF_MONTH = re.compile(r"(?:\d{4}-\d\d-01|\d{6}01|0?1[./]\d\d?[./]\d{4})(?:[ t].*)?")
A_DAY = re.compile(r"(?:\d{4}-\d\d-\d\d|\d{8}|\d\d?[./]\d\d?[./]\d{4})(?:[ t].*)?")
FEWEST_ENDS, LEAST_FIRST, MOST_WITHIN = 20, 0.9, 0.05  # ends; on the first of a month; in the month of their beginning


def spells(table: TextTable, source: Source, silent: Collection[str], last: int) -> dict[str, np.ndarray]:
    """First month and length of each spell, and whether it is open: year, month_of_year, spell_months, is_open.

    An open one ends with the last month that its file tells of. last: the register's last month; what lies behind it is
    not yet so, and cut. silent: spellings that mean nothing was written.
    """
    start, end_column = months(table.column(source.columns["start"])), table.column(source.columns["end"])
    end, first = months(end_column), _possible(start)
    is_open = _is_open(end_column, end, silent, last)
    own = np.where(is_open, UNREADABLE, _possible(end))
    is_believed = (own - np.maximum(first, 0) < LONGEST_SPELL_MONTHS) & (own != UNREADABLE)
    of_file = max(int(first.max(initial=0)), int(own[is_believed].max(initial=0)))
    ends = np.minimum(np.where(is_open, of_file, own), max(last, 0))
    length = np.where((own == UNREADABLE) & ~is_open, UNREADABLE, ends - np.maximum(first, 0) + 1)
    # where the start can't be read that alone is said, not that the spell is too long
    length = np.where(first == UNREADABLE, 1, length)
    told = {"is_open": is_open, "is_cut": ~is_open & (own > last) & (first != UNREADABLE) & (first <= last)}
    return {"year": start.year, "month_of_year": start.month_of_year, "spell_months": length, **told}


def last_month(tables: Collection[TextTable], source: Source) -> int:
    """The register's last month: the one in which the last spell begins; somewhat later where few begin.

    So that one that is granted ahead, or mistyped, does not carry all that are open with it.
    """
    first = np.sort(np.concatenate([_possible(months(table.column(source.columns["start"]))) for table in tables]))
    first = first[first != UNREADABLE]
    if not len(first):
        return UNREADABLE
    recent_n = np.arange(len(first)) + 1 - np.searchsorted(first, first - RECENT_MONTHS, side="right")
    is_busy = recent_n >= FEWEST_BEGINNINGS
    behind_n, gap = len(first) - 1 - np.arange(len(first) - 1), np.diff(first)
    is_alone = (behind_n <= MOST_ALONE * len(first)) & (gap > ALONE_MONTHS)
    is_alone |= (behind_n <= max(1, MOST_ALONE * len(first))) & (gap > 1) & is_busy[:-1]
    place = int(np.argmax(is_alone)) if is_alone.any() else len(first) - 1
    return int(first[place]) if is_busy[place] else int(first[place]) + LATER_MONTHS


def check_ends(tables: Collection[TextTable], source: Source, accepted: Collection[str]) -> Iterator[Finding]:
    """Raise a `SurveyDataError` where spells end on the first day after: nearly all on the first of another month."""
    ends_n = first_n = within_n = 0
    for table in tables:
        start, column = months(table.column(source.columns["start"])), table.column(source.columns["end"])
        end, texts = months(column), [text.strip().lower() for text in column.texts]
        is_day = np.array([A_DAY.fullmatch(text) is not None for text in texts], dtype=bool)[column.codes]
        is_day &= (end.year >= NEVER_YEAR) & (end.year < FOREVER_YEAR)
        is_first = np.array([FIRST_OF_MONTH.fullmatch(text) is not None for text in texts], dtype=bool)[column.codes]
        ends_n += int(is_day.sum())
        first_n += int((is_day & is_first).sum())
        within_n += int((is_day & (start.month == end.month)).sum())
    if ends_n >= FEWEST_ENDS and first_n >= LEAST_FIRST * ends_n and within_n <= MOST_WITHIN * ends_n:
        told = {"n": first_n, "all": ends_n, "least": percent(LEAST_FIRST)}
        yield noted(
            Stop("register", "end", "first_day_after", first_n, REFUSALS["ends_after"].filled(**told)), accepted
        )


def _is_open(column: TextColumn, end: Months, silent: Collection[str], last: int) -> np.ndarray:
    """Ends that are not written, said to be open, or of a time in which none can lie; bool, shape (n,)."""
    meant = plain(silent)
    is_said = column.each(lambda text: not is_error(text) and _says_nothing(meant(text)), bool)
    is_read = end.year != UNREADABLE
    is_never = is_read & ((end.year >= FOREVER_YEAR) | (end.year < NEVER_YEAR) | (end.month > last + FAR_MONTHS))
    return is_said | is_never


def _says_nothing(text: str) -> bool:
    """Whether an end is empty, a dash, or said not to be."""
    return not text.strip("-–. ") or STILL.fullmatch(spelling(text)) is not None


def _possible(found: Months) -> np.ndarray:
    in_year = (found.month_of_year >= 1) & (found.month_of_year <= 12)
    return np.where(in_year & (found.year < FOREVER_YEAR), found.month, UNREADABLE)
