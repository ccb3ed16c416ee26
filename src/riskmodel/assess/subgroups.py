"""Who is compared with whom: years, areas, audit items, and predictors that touch a ground."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, groupby, product

import numpy as np
import pandas as pd

from riskmodel.instrument.records import NO_ANSWER, NOT_ASKED, NOT_OBSERVED, Instrument, Item
from riskmodel.release.record import OVERALL

YEAR, AREA, AGE_BAND = "year", "area", "age_band"
CROSS = " × "  # between the two columns, and the two groups, of a pair
AGE_BANDS = ((18, 24), (25, 34), (35, 44), (45, 54), (55, 64))
QUARTERS = 4
UNKNOWN = ("", NO_ANSWER, NOT_ASKED, NOT_OBSERVED)


@dataclass(frozen=True)
class Grouping:
    """A column that parts the cases into groups.

    scored: the score uses it too. gated: its groups must pass the fairness gate; others are only shown.
    """

    column: str
    scored: bool = False
    gated: bool = True


@dataclass(frozen=True)
class Group:
    """The rows of one group of a grouping. rows: bool, shape (n,)."""

    grouping: Grouping
    name: str
    rows: np.ndarray
    n: int
    events_n: int

    def enough(self, at_least: int) -> bool:
        """Whether there are `at_least` events and as many non-events."""
        return min(self.events_n, self.n - self.events_n) >= at_least

    @property
    def is_known(self) -> bool:
        """False for those whose group nobody knows: they are shown, but are no group to be fair to."""
        return self.name not in UNKNOWN


def groupings(instrument: Instrument, *, landmark: int = 0) -> tuple[Grouping, ...]:
    """Year, area, and this instrument's columns of the fairness audit (method.md 8)."""
    found = {AREA: Grouping(AREA, scored=any(item.id == AREA for item in instrument.predictors(landmark)))}
    for item in _audited_items(instrument, landmark):
        found.setdefault(_column(item), Grouping(_column(item), scored=item.use == "predictor"))
    return (Grouping(YEAR, gated=False), *found.values())


def audit_columns(answers: pd.DataFrame, instrument: Instrument, *, landmark: int = 0) -> pd.DataFrame:
    """One text column per audited item, index as `answers`; numbers in bands."""
    items = _audited_items(instrument, landmark)
    columns = {
        _column(item): in_bands(answers[item.id], bands_of(item)) if item.is_number else answers[item.id].astype(str)
        for item in items
    }
    return pd.DataFrame(columns, index=answers.index)


def audited_cases(
    cases: pd.DataFrame, answers: pd.DataFrame, instrument: Instrument, *, landmark: int = 0
) -> pd.DataFrame:
    """`cases` with the columns that `groupings` names beside them; `answers` of the same cases in the same order."""
    audit = audit_columns(answers, instrument, landmark=landmark)
    beside = {str(name): audit[name].to_numpy() for name in audit if name not in cases}
    return cases.assign(**beside)


def in_bands(numbers: pd.Series, bands: Sequence[tuple[int, int]]) -> pd.Series:
    """The band, as "25-34", of each number; "no_answer" where it is unknown or in no band."""
    named = pd.Series(NO_ANSWER, index=numbers.index, dtype=str)
    for lowest, highest in bands:
        named = named.mask(numbers.between(lowest, highest, inclusive="both"), f"{lowest}-{highest}")
    return named


def bands_of(item: Item) -> tuple[tuple[int, int], ...]:
    """The bands that a number is audited in: an age's own, else quarters of what the instrument allows."""
    if _is_age(item):
        return AGE_BANDS
    lowest, highest = item.minimum or 0, item.maximum or 0
    starts = sorted({lowest + (highest + 1 - lowest) * part // QUARTERS for part in range(QUARTERS)})
    return tuple(zip(starts, [*(start - 1 for start in starts[1:]), highest], strict=True))


def everyone(predictions: pd.DataFrame, scope: str = OVERALL) -> Group:
    """All rows of `predictions` as one group."""
    outcome = predictions["outcome"].to_numpy()
    return Group(Grouping(scope), "", np.ones(len(outcome), dtype=bool), len(outcome), int(outcome.sum()))


def groups(predictions: pd.DataFrame, groupings: Sequence[Grouping]) -> list[Group]:
    """Every group of every grouping, groups in order of name; columns that `predictions` lacks are passed over."""
    outcome = predictions["outcome"].to_numpy()
    found = []
    for grouping in groupings:
        column = "intake_year" if grouping.column == YEAR else grouping.column
        if column not in predictions:
            continue
        names = predictions[column].astype(str).to_numpy()
        for name in np.unique(names):
            rows = names == name
            found.append(Group(grouping, str(name), rows, int(rows.sum()), int(outcome[rows].sum())))
    return found


def crossed(predictions: pd.DataFrame, groupings: Sequence[Grouping]) -> list[Group]:
    """Those of two known groups at once, for every pair of the gated columns.

    Named like "sex × born_abroad" and "woman × elsewhere"; scored when either column is. Empty ones are left out.
    """
    gated = [group for group in groups(predictions, groupings) if group.grouping.gated and group.is_known]
    columns = [list(own) for _, own in groupby(gated, key=lambda group: group.grouping.column)]
    outcome = predictions["outcome"].to_numpy()
    pairs = (_both(*pair, outcome) for one, other in combinations(columns, 2) for pair in product(one, other))
    return [pair for pair in pairs if pair.n]


def _both(first: Group, second: Group, outcome: np.ndarray) -> Group:
    scored = first.grouping.scored or second.grouping.scored
    grouping = Grouping(f"{first.grouping.column}{CROSS}{second.grouping.column}", scored=scored, gated=False)
    rows = first.rows & second.rows
    return Group(grouping, f"{first.name}{CROSS}{second.name}", rows, int(rows.sum()), int(outcome[rows].sum()))


def _audited_items(instrument: Instrument, landmark: int) -> list[Item]:
    audits = [item for item in instrument.audits if item.known_from <= landmark]
    return [item for item in (*audits, *instrument.predictors(landmark)) if _is_audited(item)]


def _is_audited(item: Item) -> bool:
    """Whether its groups are gated: age, and what the instrument says touches a ground or is there for the audit."""
    return item.use == "audit" or item.audited or bool(item.grounds) or _is_age(item)


def _column(item: Item) -> str:
    return AGE_BAND if _is_age(item) else item.id


def _is_age(item: Item) -> bool:
    """Worked out from a birth year, or asked for in years: a cohort that somebody else has labelled says it so."""
    return item.is_number and item.scale == 1 and (item.derive == "age" or item.id == "age")
