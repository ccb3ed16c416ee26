"""Who is compared with whom: years, areas, audit items, and predictors that touch a ground."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from riskmodel.instrument.records import NO_ANSWER, NOT_ASKED, NOT_OBSERVED, Instrument, Item

YEAR, AREA, AGE_BAND = "year", "area", "age_band"
ALWAYS_AUDITED = ("education",)  # touches no ground, but inspectors and journalists ask for it
AGE_BANDS = ((18, 24), (25, 34), (35, 44), (45, 54), (55, 64))
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
    """Year, area, and this instrument's columns of the fairness audit (method.md 8).

    Predictors that touch a ground are shown by level too, but gated only where method.md lists them.
    """
    found = {AREA: Grouping(AREA, scored=any(item.id == AREA for item in instrument.predictors(landmark)))}
    for item in _audited_items(instrument, landmark):
        gated = item.use == "audit" or item.derive == "age" or item.id in ALWAYS_AUDITED
        found.setdefault(_column(item), Grouping(_column(item), scored=item.use == "predictor", gated=gated))
    return (Grouping(YEAR, gated=False), *found.values())


def audit_columns(answers: pd.DataFrame, instrument: Instrument, *, landmark: int = 0) -> pd.DataFrame:
    """One text column per audited item, index as `answers`; age in bands."""
    items = _audited_items(instrument, landmark)
    columns = {
        _column(item): age_bands(answers[item.id]) if item.derive == "age" else answers[item.id].astype(str)
        for item in items
    }
    return pd.DataFrame(columns, index=answers.index)


def age_bands(ages: pd.Series) -> pd.Series:
    """The band, as "25-34", of each age in years; "no_answer" where the age is unknown or in no band."""
    bands = pd.Series(NO_ANSWER, index=ages.index, dtype=str)
    for lowest, highest in AGE_BANDS:
        bands = bands.mask(ages.between(lowest, highest, inclusive="both"), f"{lowest}-{highest}")
    return bands


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


def _audited_items(instrument: Instrument, landmark: int) -> list[Item]:
    return [item for item in (*instrument.audits, *instrument.predictors(landmark)) if _is_audited(item)]


def _is_audited(item: Item) -> bool:
    if item.kind == "number":
        return item.derive == "age"
    return item.use == "audit" or bool(item.grounds) or item.id in ALWAYS_AUDITED


def _column(item: Item) -> str:
    return AGE_BAND if item.derive == "age" else item.id
