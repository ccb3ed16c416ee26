"""Who a release speaks of, and where each of them stands at the start of a later month.

It speaks of new cases with intake answers, of age, who do not follow a rule instead of a score. Of a landmark only the
months before it are read. (van Houwelingen 2007.)
"""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from riskmodel.cohort.followup import FollowUp
from riskmodel.cohort.outcome import outcomes
from riskmodel.ground.settings import CohortSettings
from riskmodel.instrument.records import Item

AT_RISK = "at_risk"  # receipt in the month before, and the outcome undecided; at landmark 0 everybody
LONG_ALREADY = "long_already"  # enough months with receipt for the outcome
NOT_LONG = "not_long"  # too many months without for it
UNOBSERVED = "unobserved"  # died or moved before, with the outcome undecided
OFF_ASSISTANCE = "off_assistance"  # undecided, but no receipt in the month before
NOT_AT_RISK = (LONG_ALREADY, NOT_LONG, UNOBSERVED, OFF_ASSISTANCE)


def standing(follow: FollowUp, settings: CohortSettings) -> np.ndarray:
    """AT_RISK, or the first of NOT_AT_RISK that holds, for each case at the start of its landmark; shape (n,)."""
    landmark = settings.landmark
    if landmark == 0:
        return np.full(len(follow.intake_month), AT_RISK, dtype=object)
    seen_n = np.minimum(follow.observed_n, landmark)
    decided = outcomes(follow.received, seen_n, follow.intake_month, settings)[settings.outcome].value
    holds = [decided == 1, decided == 0, seen_n < landmark, ~follow.received[:, landmark - 1]]
    return np.select(holds, NOT_AT_RISK, AT_RISK).astype(object)


def receipts_so_far(follow: FollowUp, landmark: int) -> np.ndarray:
    """Months with receipt before the landmark, NaN unless all of them were observed; shape (n,)."""
    receipts_n = follow.received[:, :landmark].sum(axis=1).astype(float)
    return np.where(follow.observed_n >= landmark, receipts_n, np.nan)


def age_of_cases(answers: pd.DataFrame, items: Iterable[Item]) -> np.ndarray:
    """Age in years when the answers were given, NaN where unknown, shape (n,)."""
    for item in items:
        if item.derive == "age":
            return answers[item.id].to_numpy(dtype=float)
    return np.full(len(answers), np.nan)


def is_age_outside(age: np.ndarray, settings: CohortSettings) -> np.ndarray:
    """Whether an age is known to lie outside the population; an unknown one is not."""
    return (age < settings.min_age) | (age > settings.max_age)


def follows_route(answers: pd.DataFrame, items: Iterable[Item]) -> np.ndarray:
    """Whether any answer is a level that a rule decides on (pension, studies …), shape (n,), bool."""
    found = np.zeros(len(answers), dtype=bool)
    for item in items:
        routes = [level.code for level in item.levels if level.route]
        found |= answers[item.id].isin(routes).to_numpy()
    return found


def is_population(cases: pd.DataFrame) -> pd.Series:
    """Whether the model is about a case, its follow-up complete or not."""
    left_out = cases["joined"] | cases["age_outside"] | cases["route"]
    return cases["linked"] & ~left_out & (cases["standing"] == AT_RISK)


def unlinked_share(cases: pd.DataFrame) -> tuple[int, float]:
    """Number and share (0-1) of cases without intake answers, of those followed up that did not join a household."""
    counted = cases[cases["complete"] & ~cases["joined"]]
    unlinked_n = int((~counted["linked"]).sum())
    return unlinked_n, unlinked_n / max(len(counted), 1)
