"""Who a release speaks of: new cases with intake answers, of age, who do not follow a rule instead of a score."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from riskmodel.cohort.calendar import month_text
from riskmodel.errors import SurveyDataError
from riskmodel.instrument.records import Instrument, Item
from riskmodel.settings import CohortSettings, DeliverySettings


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


def is_fitted(cases: pd.DataFrame) -> pd.Series:
    """Whether a case belongs to those the model is fitted on, its outcome known or censored."""
    return cases["linked"] & cases["complete"] & ~(cases["joined"] | cases["age_outside"] | cases["route"])


def unlinked_share(cases: pd.DataFrame) -> tuple[int, float]:
    """Number and share (0-1) of cases without intake answers, of those followed up that did not join a household."""
    counted = cases[cases["complete"] & ~cases["joined"]]
    unlinked_n = int((~counted["linked"]).sum())
    return unlinked_n, unlinked_n / max(len(counted), 1)


def check_linked(cases: pd.DataFrame, instrument: Instrument, settings: DeliverySettings) -> None:
    """Refuse a delivery without linked cases, or with more unlinked than allowed and no explanation of them."""
    unlinked_n, share = unlinked_share(cases)
    if not cases["linked"].any():
        raise SurveyDataError(
            f"intake answers: none belongs to any of {len(cases)} new cases (allowed: answers dated within the link "
            "window of params.toml). Check that register and intake file use the same person id, and the month column."
        )
    if share > settings.max_unlinked_share and not instrument.sources["intake"].unlinked_explanation.strip():
        raise SurveyDataError(
            f"intake answers, from {month_text(int(cases['intake_month'].min()))}: {unlinked_n} new cases followed up "
            f"have none, {share:.0%} (allowed without explanation: {settings.max_unlinked_share:.0%}). "
            "Write why in the instrument, sources.intake: unlinked_explanation, or correct the link."
        )
