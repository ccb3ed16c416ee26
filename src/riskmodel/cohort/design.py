"""The cohort design: linked new cases, described at the landmark and followed up in the register."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from riskmodel.cohort import population
from riskmodel.cohort.cases import RegisterHistory, is_absent
from riskmodel.cohort.censoring import filled_outcome, weights
from riskmodel.cohort.followup import FollowUp, follow_up, followed_columns
from riskmodel.cohort.guard import check_any_linked
from riskmodel.cohort.record import CASE_COLUMNS, reform_months
from riskmodel.ground.settings import CohortSettings, Settings
from riskmodel.instrument.records import RECEIPTS_SO_FAR, Instrument, Item


def clusters_by_person(households: pd.DataFrame) -> pd.Series:
    """The number of each person's cluster (int64), index person_id; numbered in the order of the person ids.

    households: person_id, household_id, one row per pair that ever occurred.
    """
    person, persons = pd.factorize(households["person_id"], sort=True)
    household, names = pd.factorize(households["household_id"])
    nodes_n = len(persons) + len(names)
    shared = coo_array((np.ones(len(person), dtype=np.int8), (person, len(persons) + household)), (nodes_n, nodes_n))
    component = connected_components(shared, directed=False)[1][: len(persons)]
    return pd.Series(pd.factorize(component)[0].astype(np.int64), index=persons, name="cluster_id")


@dataclass(frozen=True, eq=False)
class Described:
    """Cases (CASE_COLUMNS, sorted by case_id), their answers (index case_id) and their follow-up, row by row.

    absent_n: starts left out because their clean months were not all observed. before_n: starts left out because
    they lie before first_month, the first intake month that answers belong to.
    """

    cases: pd.DataFrame
    answers: pd.DataFrame
    follow: FollowUp
    absent_n: int
    before_n: int
    first_month: int


def described_cases(
    history: RegisterHistory, answers: pd.DataFrame, instrument: Instrument, settings: Settings
) -> Described:
    """Every new case in `history` from the first one with answers on, linked to `answers` (sorted) and followed up."""
    cohort = settings.cohort
    observed = history.starts[~_is_back(history, cohort)].sort_values("case_id", ignore_index=True)
    rows = population.linked_rows(observed, answers, cohort)
    check_any_linked(rows)
    first_month = int(observed.loc[rows != population.UNLINKED, "intake_month"].min())
    counted = (observed["intake_month"] >= first_month).to_numpy()
    starts, rows = observed[counted].reset_index(drop=True), rows[counted]
    follow = follow_up(starts, history, cohort)
    items = population.known_items(instrument, landmark=cohort.landmark)
    earlier_months = _earlier_months(starts, history, items, cohort)
    so_far = population.receipts_so_far(follow, cohort.landmark)
    registered = {"earlier_months": earlier_months, RECEIPTS_SO_FAR: so_far}
    by_case = population.answers_by_case(items, answers, rows, case_id=starts["case_id"], registered=registered)
    cases = starts.assign(
        **followed_columns(starts, follow, history.exits, lag=cohort.reporting_lag_months),
        cluster_id=starts["person_id"].map(clusters_by_person(history.households)),
        intake_year=starts["intake_month"] // 12,
        area=_area(starts["area"], answers["area"], rows),
        linked=rows != population.UNLINKED,
        earlier_months=earlier_months,
        standing=population.standing(follow, cohort),
        receipts_so_far=so_far,
        crosses_reform=_crosses_reform(follow, reform_months(settings)),
    )
    finished = finished_cases(cases, by_case, items, cohort, rule=cohort.censoring)
    absent_n, before_n = len(history.starts) - len(observed), len(observed) - len(starts)
    return Described(finished, by_case, follow, absent_n, before_n, first_month)


def finished_cases(
    cases: pd.DataFrame, answers: pd.DataFrame, items: Iterable[Item], settings: CohortSettings, *, rule: str
) -> pd.DataFrame:
    """`cases` with who is fitted, the outcome under the censoring rule and its weight; CASE_COLUMNS."""
    known = tuple(items)
    age = population.age_of_cases(answers, known)
    described = cases.assign(
        age=age,
        age_outside=population.is_age_outside(age, settings),
        route=population.follows_route(answers, known),
        outcome=filled_outcome(cases["outcome"], cases["complete"], rule=rule),
    )
    described["fitted"] = population.is_population(described) & described["complete"]
    described["weight"] = weights(described, rule=rule)
    return described[list(CASE_COLUMNS)].astype(CASE_COLUMNS)


def _is_back(history: RegisterHistory, settings: CohortSettings) -> np.ndarray:
    """Whether some of the clean months were unobserved: the person had moved away and came back."""
    return is_absent(history.starts, history.absences, first_offset=-settings.clean_months, last_offset=-1)


def _earlier_months(
    starts: pd.DataFrame, history: RegisterHistory, items: Iterable[Item], settings: CohortSettings
) -> np.ndarray:
    """Receipts in the look-back, NaN where it was not all observed, at most what the item allows."""
    first, last = settings.earlier_first_month, settings.earlier_last_month
    covered = (starts["intake_month"] + first >= history.first_month).to_numpy()
    absent = is_absent(starts, history.absences, first_offset=first, last_offset=last)
    caps = [item.maximum for item in items if item.derive == "earlier_months" and item.maximum is not None]
    receipts_n = starts["earlier_n"].to_numpy(dtype=float)
    return np.where(covered & ~absent, np.minimum(receipts_n, min(caps, default=np.inf)), np.nan)


def _area(registered: pd.Series, answered: pd.Series, rows: np.ndarray) -> np.ndarray:
    """The area in the register, or in the intake answers where the register has none."""
    areas = registered.to_numpy(dtype=object)
    missing = (areas == "") & (rows != population.UNLINKED)
    areas[missing] = answered.to_numpy(dtype=object)[rows[missing]]
    return areas


def _crosses_reform(follow: FollowUp, reforms: np.ndarray) -> np.ndarray:
    """Whether a reform begins after the intake month and during the follow-up."""
    first, last = follow.intake_month[:, None], (follow.intake_month + follow.chosen.followed_n - 1)[:, None]
    return ((first < reforms) & (reforms <= last)).any(axis=1)
