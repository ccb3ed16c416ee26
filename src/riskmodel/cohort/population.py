"""Whom the model is about: which intake answers belong to which case, and who is at risk at the landmark."""

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from riskmodel.cohort.followup import FollowUp, outcomes
from riskmodel.ground.settings import CohortSettings
from riskmodel.instrument.records import RECEIPTS_SO_FAR, Instrument, Item

UNLINKED = -1  # which `take` fills
AT_RISK = "at_risk"  # receipt in the month before, and the outcome undecided; at landmark 0 everybody
LONG_ALREADY = "long_already"  # enough months with receipt for the outcome
NOT_LONG = "not_long"  # too many months without for it
UNOBSERVED = "unobserved"  # died or moved before, with the outcome undecided
OFF_ASSISTANCE = "off_assistance"  # undecided, but no receipt in the month before
NOT_AT_RISK = (LONG_ALREADY, NOT_LONG, UNOBSERVED, OFF_ASSISTANCE)


def sorted_answers(answers: pd.DataFrame) -> pd.DataFrame:
    """The answers in an order of their own, so that the order of the delivery decides nothing."""
    first = ["person_id", "answered_month"]
    return answers.sort_values([*first, *sorted(set(answers.columns) - set(first))], ignore_index=True)


def linked_rows(cases: pd.DataFrame, answers: pd.DataFrame, settings: CohortSettings) -> np.ndarray:
    """The row of `answers` that belongs to each case, UNLINKED where there is none; shape (n,).

    An answer goes to the nearest case of its person whose link window holds it, the later case when two are as
    near; a case keeps the nearest of its answers, the earlier when two are as near. So each answer is used once.
    Answers without a month hold for every case of the person that has none of its own.
    """
    numbered = answers[["person_id", "answered_month"]].assign(row=np.arange(len(answers)))
    persons = cases[["person_id", "intake_month"]].assign(case=np.arange(len(cases)))
    pairs = persons.merge(numbered, on="person_id")
    after = pairs["answered_month"] - pairs["intake_month"]
    inside = after.between(settings.link_first_month, settings.link_last_month).fillna(False)
    nearest = pairs.assign(distance=after.abs(), after=after)[inside].sort_values(["distance", "after", "row"])
    own = nearest.drop_duplicates("row").drop_duplicates("case")
    always = pairs[pairs["answered_month"].isna()].drop_duplicates("case")
    found = np.full(len(cases), UNLINKED)
    for rows in (always, own):
        found[rows["case"]] = rows["row"]
    return found


def known_items(instrument: Instrument, *, landmark: int) -> tuple[Item, ...]:
    """Predictors and audit items that are known at `landmark`; whatever comes later has no column at all."""
    audits = (item for item in instrument.audits if item.known_from <= landmark)
    return (*instrument.predictors(landmark), *audits)


def answers_by_case(
    items: Iterable[Item],
    answers: pd.DataFrame,
    rows: np.ndarray,
    *,
    case_id: pd.Series,
    registered: Mapping[str, np.ndarray],
) -> pd.DataFrame:
    """One row per case, index case_id, one column per item: codes as text, numbers as float64.

    rows: the row of `answers` for each case, or UNLINKED: then nothing was asked. registered: what the register says,
    by derivation. Earlier months are taken from it where the answers do not hold them, receipts so far always.
    """
    columns = {}
    for item in items:
        if item.id in answers.columns and item.derive != RECEIPTS_SO_FAR:
            columns[item.id] = answers[item.id].array.take(rows, allow_fill=True, fill_value=item.not_asked)
        elif item.derive is not None and item.derive in registered:
            columns[item.id] = registered[item.derive]
        else:
            columns[item.id] = np.full(len(rows), item.not_asked)
    return pd.DataFrame(columns, index=pd.Index(case_id, name="case_id"))


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
