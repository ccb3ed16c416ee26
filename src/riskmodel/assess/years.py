"""Which years may be looked at, and which wait for the exam that `riskmodel confirm` holds, once."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from riskmodel.assess import REFUSALS
from riskmodel.cohort.record import Cohort
from riskmodel.ground.errors import SurveyDataError
from riskmodel.ground.settings import Settings
from riskmodel.ground.words import MONTHS_A_YEAR

MONTHS_ENOUGH, OUTCOMES_ENOUGH = 20, 100  # with these a year can be confirmed, so no setting opens it to view
LEVEL_MIN = 30  # events and non-events from which a borrowed table gets its level
EXAM_MIN = 100  # events and non-events of the years that wait; of 60 a slope of .6 is found in three of five


def january(year: int) -> int:
    """The month in which a year begins."""
    return year * MONTHS_A_YEAR


def rolling_years(cohort: Cohort, settings: Settings) -> tuple[int, ...]:
    """The intake years before those that wait for which enough was known on 1 January.

    Enough: `min_training_months` distinct intake months, and `group_min` events and non-events. None where the years
    themselves hold fewer than that together: folds, which hold everybody, then say more.
    """
    cases, _ = cohort.modelled
    if cohort.summary["latest_complete_year"] is None or cohort.exam_year is not None:
        return ()  # a case-control design has one set of weights, for all that it fits
    years = sorted(int(year) for year in cases["intake_year"].unique() if year < _first_that_waits(cohort, settings))
    found = tuple(year for year in years if _is_enough(cohort, year, settings))
    judged = cases.loc[cases["intake_year"].isin(found), "outcome"]
    return found if _fewest(judged) >= settings.assess.group_min else ()


def exam_years(cohort: Cohort, settings: Settings) -> tuple[int, ...]:
    """The years that wait, oldest first: the latest complete one, and those before it that 100 of each outcome need.

    Enough has to be known on the 1 January of each. Where even all of them hold too few, the latest waits alone. A
    `SurveyDataError` where too little was known for that.
    """
    if cohort.exam_year is not None:
        return (cohort.exam_year,)
    return _pooled(cohort, check_confirmable(cohort, settings), settings)


def waiting(cohort: Cohort, years: Sequence[int]) -> pd.DataFrame:
    """The cases of `years`, which wait: those that the model is about and whose outcome is known."""
    if cohort.exam_year is not None:
        return cohort.exam[0]
    cases, _ = cohort.modelled
    return cases[cases["intake_year"].isin(years)]


def _pooled(cohort: Cohort, latest: int, settings: Settings) -> tuple[int, ...]:
    cases, _ = cohort.modelled
    years = [latest]
    while _fewest(cases.loc[cases["intake_year"].isin(years), "outcome"]) < EXAM_MIN:
        years = [years[0] - 1, *years]
        if not _is_enough(cohort, years[0], settings):
            return (latest,)
    return tuple(years)


def check_confirmable(cohort: Cohort, settings: Settings) -> int:
    """The latest complete year; a `SurveyDataError` when too little was known on its 1 January to evaluate it."""
    latest = cohort.summary["latest_complete_year"]
    if cohort.exam_year is not None:
        return cohort.exam_year
    if latest is None or not _is_enough(cohort, latest, settings):
        least = {"months": settings.assess.min_training_months, "needed": outcomes_needed(settings)}
        raise SurveyDataError(REFUSALS["little_known"].filled(year=latest, **least))
    return int(latest)


@dataclass(frozen=True)
class Known:
    """What was known on the 1 January of a year: distinct intake months, events and non-events."""

    months_n: int
    events_n: int
    others_n: int


def known_on_january(cohort: Cohort, year: int) -> Known:
    """What there was to learn from on the 1 January of `year`."""
    places, _ = cohort.places_known_before(january(year))
    cases = cohort.cases[["intake_year", "intake_month", "outcome"]].iloc[places]
    # a labelled cohort says the year of a case but not its month
    labelled = bool(cohort.summary.get("labelled"))
    months_n = cases["intake_year"].nunique() * MONTHS_A_YEAR if labelled else cases["intake_month"].nunique()
    events_n = int(cases["outcome"].sum())
    return Known(months_n, events_n, len(cases) - events_n)


def _is_enough(cohort: Cohort, year: int, settings: Settings) -> bool:
    known = known_on_january(cohort, year)
    enough = min(known.events_n, known.others_n) >= outcomes_needed(settings)
    return known.months_n >= settings.assess.min_training_months and enough


def outcomes_needed(settings: Settings) -> int:
    """Events and non-events without which nothing is learnt; what is borrowed asks for a level alone."""
    least = settings.assess.group_min
    return least if settings.model.prior is None else min(least, LEVEL_MIN)


def _fewest(outcome: pd.Series) -> int:
    """The fewer of events and non-events."""
    return int(min(outcome.sum(), len(outcome) - outcome.sum()))


def open_to_view(cohort: Cohort, settings: Settings) -> np.ndarray:
    """Which modelled cases accuracy may be measured on: all but the years that wait to be confirmed, if they can be.

    Shape (n,), bool, in the order of `cohort.modelled`.
    """
    cases, _ = cohort.modelled
    latest = cohort.summary["latest_complete_year"]
    if cohort.exam_year is not None:
        return np.ones(len(cases), dtype=bool)  # what waits is not among the modelled
    if latest is None or not _is_enough(cohort, latest, _at_least_as_easily(settings)):
        return np.ones(len(cases), dtype=bool)
    return (cases["intake_year"] < _first_that_waits(cohort, settings)).to_numpy()


def _first_that_waits(cohort: Cohort, settings: Settings) -> int:
    """The first of the years that wait, under whichever settings makes them more."""
    latest = int(cohort.summary["latest_complete_year"])
    return _pooled(cohort, latest, _at_least_as_easily(settings))[0]


def _at_least_as_easily(settings: Settings) -> Settings:
    """Settings by which a year counts as confirmable whenever it could be: a stricter choice must not show it."""
    months_n = min(settings.assess.min_training_months, MONTHS_ENOUGH)
    people_n = min(settings.assess.group_min, OUTCOMES_ENOUGH)
    return replace(settings, assess=replace(settings.assess, min_training_months=months_n, group_min=people_n))
