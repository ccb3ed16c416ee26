"""Who a release speaks of: new cases with intake answers, of age, who do not follow a rule instead of a score."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from riskmodel.cohort.landmark import AT_RISK
from riskmodel.ground.settings import CohortSettings
from riskmodel.instrument.records import Item


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
