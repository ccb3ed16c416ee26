"""The case-control design: events with the survey's answers, non-events with those of intake, weighted to the inflow.

For a city whose intake answers have just begun. Prior correction repairs the sampling fraction alone; the rest is
handled here: events that no survey lists, answers that came later, blanks that differ between the forms.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from riskmodel.cohort import population
from riskmodel.cohort.guard import check_any_stable, check_roles
from riskmodel.cohort.record import CASE_COLUMNS, DECEMBER
from riskmodel.cohort.two_forms import ENOUGH_N, Forms, Roles, Verdict, roles, verdicts, without_answers
from riskmodel.ground.settings import CohortSettings
from riskmodel.ground.statistics import Z_95, risk_at
from riskmodel.instrument.records import Instrument, Item

LATEST_SURVEY = 1  # years after that of the intake; later surveys list people whose case may be another one
ALL_MONTHS_N = 12  # months with receipt of the first twelve: all of them, or with a month without
CLASS_MIN_N = 20  # listed events of a class of months on assistance; with fewer the classes are not told apart
RAKING_STEPS = 200
RAKED = 1e-10  # relative distance of the totals at which raking ends


def sorted_survey(survey: pd.DataFrame) -> pd.DataFrame:
    """The survey's answers in an order of their own, so that the order of the delivery decides nothing."""
    first = ["person_id", "survey_year"]
    return survey.sort_values([*first, *sorted(set(survey.columns) - set(first))], ignore_index=True)


def first_listed(cases: pd.DataFrame, survey: pd.DataFrame) -> np.ndarray:
    """The row of `survey` (sorted) that first lists each case, UNLINKED where none does; shape (n,).

    The surveys of the intake's calendar year and of the next are looked at.
    """
    persons = cases[["person_id", "intake_year"]].assign(case=np.arange(len(cases)))
    listed = survey[["person_id", "survey_year"]].assign(row=np.arange(len(survey)))
    pairs = persons.merge(listed, on="person_id")
    inside = pairs[(pairs["survey_year"] - pairs["intake_year"]).between(0, LATEST_SURVEY)]
    first = inside.sort_values(["survey_year", "row"]).drop_duplicates("case")
    found = np.full(len(cases), population.UNLINKED)
    found[first["case"]] = first["row"]
    return found


def survey_answers(cases: pd.DataFrame, survey: pd.DataFrame, rows: np.ndarray, items: Iterable[Item]) -> pd.DataFrame:
    """One row per case, index case_id, one column per item, as the survey has them; ages as they were at intake.

    rows: as `first_listed` gives them. Earlier months are the register's (`cases`) where the survey does not ask.
    """
    known = tuple(items)
    registered = {"earlier_months": cases["earlier_months"].to_numpy()}
    found = population.answers_by_case(known, survey, rows, case_id=cases["case_id"], registered=registered)
    years = survey["survey_year"].to_numpy()[rows] - cases["intake_year"].to_numpy()
    later = np.where(rows == population.UNLINKED, 0, years)
    return found.assign(**{item.id: found[item.id] - later for item in known if item.derive == "age"})


def listed_month(survey: pd.DataFrame, rows: np.ndarray) -> np.ndarray:
    """The month by which each case's survey answers are known: that year's December; 0 where there are none."""
    return np.where(rows == population.UNLINKED, 0, survey["survey_year"].to_numpy()[rows] * 12 + DECEMBER)


@dataclass(frozen=True)
class Rate:
    """An event rate (0-1) with the ends of its 95 % interval; n cases with known outcome, events_n of them events."""

    estimate: float
    low: float
    high: float
    n: int
    events_n: int


@dataclass(frozen=True)
class Weighed:
    """What the weights carry.

    tau: event rate of the linked inflow. correction, sampled_share: the prior correction, and the events' share of
    weight before it. answers_from: people with answers from the survey and from intake.
    """

    tau: Rate
    correction: float
    sampled_share: float
    answers_from: dict[str, int]


@dataclass(frozen=True, eq=False)
class CaseControl:
    """The design's rows: cases and answers as in `Cohort`, one per new case of the inflow, and what it found.

    exam_year: the intake year that waits to be confirmed. waits: the rows from it on, which are not fitted; (n,).
    """

    cases: pd.DataFrame
    answers: pd.DataFrame
    exam_year: int | None
    waits: np.ndarray
    roles: Roles
    verdicts: list[Verdict]
    weighed: Weighed


def case_control(
    inflow: pd.DataFrame,
    intake: pd.DataFrame,
    survey: pd.DataFrame,
    instrument: Instrument,
    settings: CohortSettings,
    *,
    at_intake: Iterable[str],
    latest_year: int | None = None,
) -> CaseControl:
    """Events and non-events of `inflow` (CASE_COLUMNS), weighted to its linked cases; intake: its answers, row by row.

    Fitted are the events that a survey lists, with its answers, and the linked non-events with theirs. survey:
    person_id, survey_year, items. at_intake: the items of the intake form. latest_year: the last intake year that has
    been followed to its end; it waits for the exam, with what came after, where `exam_year_of` says that it can. Too
    little to go by: a `SurveyDataError`.
    """
    listed = sorted_survey(survey)
    rows = first_listed(inflow, listed)
    items = population.known_items(instrument, landmark=settings.landmark)
    later = survey_answers(inflow, listed, rows, items)
    outcome = inflow["outcome"].to_numpy(dtype=float, na_value=np.nan)
    exam_year = exam_year_of(inflow, rows != population.UNLINKED, latest_year=latest_year)
    waits = np.zeros(len(inflow), dtype=bool) if exam_year is None else (inflow["intake_year"] >= exam_year).to_numpy()
    found = roles(inflow.assign(complete=inflow["complete"] & ~waits), rows != population.UNLINKED)
    described = _described(inflow, later, found, items, settings)
    outside = (described["age_outside"] | described["route"]).to_numpy(dtype=bool)
    fitted = (found.listed | (found.inflow & (outcome == 0))) & ~outside
    check_roles(found, outcome, fitted)
    has_both = inflow["linked"].to_numpy() & (rows != population.UNLINKED) & ~waits
    forms = Forms(
        both=(intake[has_both], later[has_both]),
        fitted=(later[fitted & (outcome == 1)], intake[fitted & (outcome == 0)]),
    )
    judged = verdicts(items, forms, surveyed=survey.columns, at_intake=at_intake)
    check_any_stable(judged)
    weight, weighed = _weights(inflow, outcome, fitted, found)
    known_month = np.maximum(inflow["known_month"], np.where(found.listed, listed_month(listed, rows), 0))
    cases = described.assign(fitted=fitted, weight=weight, known_month=known_month)
    refused = {one.item for one in judged if not one.enters}
    answers = later.where(pd.Series(found.listed, index=later.index), intake, axis=0)
    return CaseControl(
        cases=cases[list(CASE_COLUMNS)].astype(CASE_COLUMNS),
        answers=without_answers(answers, [item for item in items if item.id in refused]),
        exam_year=exam_year,
        waits=waits,
        roles=found,
        verdicts=judged,
        weighed=weighed,
    )


def exam_year_of(inflow: pd.DataFrame, is_listed: np.ndarray, *, latest_year: int | None) -> int | None:
    """`latest_year`, where its linked cases hold `ENOUGH_N` events and non-events, and what is fitted before it does.

    Told by counts alone. is_listed: in a survey, shape (n,).
    """
    if latest_year is None:
        return None
    known = inflow["complete"] & (inflow["weight"] > 0)
    is_event, linked = (inflow["outcome"] == 1).fillna(False), known & inflow["fitted"]
    of_year, before = inflow["intake_year"] == latest_year, inflow["intake_year"] < latest_year
    counts = (linked & of_year & is_event, linked & of_year & ~is_event, known & before & is_event & is_listed)
    enough = all(rows.sum() >= ENOUGH_N for rows in (*counts, linked & before & ~is_event))
    return latest_year if enough else None


def _described(
    inflow: pd.DataFrame, later: pd.DataFrame, found: Roles, items: Iterable[Item], settings: CohortSettings
) -> pd.DataFrame:
    """`inflow` with age and route of the listed events without intake answers, as the survey has them."""
    known = tuple(items)
    unlinked = found.listed & ~inflow["linked"].to_numpy()
    age = np.where(unlinked, population.age_of_cases(later, known), inflow["age"])
    return inflow.assign(
        age=age,
        age_outside=np.where(unlinked, population.is_age_outside(age, settings), inflow["age_outside"]),
        route=np.where(unlinked, population.follows_route(later, known), inflow["route"]),
    )


def _weights(inflow: pd.DataFrame, outcome: np.ndarray, fitted: np.ndarray, found: Roles) -> tuple[np.ndarray, Weighed]:
    """The weight of each row, 0 where it is not fitted, and τ with the prior correction that the weights carry.

    Inverse probabilities of not being censored and, for events, of being listed; then the events brought to τ.
    """
    uncensored, linked = inflow["weight"].to_numpy(), found.inflow
    tau = event_rate(outcome[linked], uncensored[linked], inflow["cluster_id"].to_numpy()[linked])
    months, receipts = inflow["intake_month"].to_numpy(), inflow["receipt_months"].to_numpy(dtype=float, na_value=0.0)
    standing_for = np.ones(len(inflow))
    events = found.events
    standing_for[events] = listing_weights(months[events], receipts[events], found.listed[events])
    sampled = (uncensored * standing_for)[fitted]
    weight = np.zeros(len(inflow))
    weight[fitted], correction = inflow_weights(outcome[fitted], sampled, tau=tau.estimate)
    share = float(sampled @ outcome[fitted] / sampled.sum())
    events_n = int(outcome[fitted].sum())
    answers_from = {"survey": events_n, "intake": int(fitted.sum()) - events_n}
    return weight, Weighed(tau, correction, share, answers_from)


def listing_weights(intake_month: np.ndarray, receipt_months: np.ndarray, is_listed: np.ndarray) -> np.ndarray:
    """1/P(in a survey | event, intake month, months on assistance) of each event, 0 for those in none; shape (n,).

    The probability is a product of one factor per intake month and one per class of months on assistance: weights
    such that the listed stand for all events of every month and of every class (raking, Deming & Stephan 1940).
    Every month must have a listed event.
    """
    months = np.unique(intake_month, return_inverse=True)[1]
    classes = (receipt_months >= ALL_MONTHS_N).astype(int)
    if np.bincount(classes, is_listed, minlength=2).min() < CLASS_MIN_N:
        classes = np.zeros(len(months), dtype=int)
    weight = is_listed.astype(float)
    margins = [(groups, np.bincount(groups).astype(float)) for groups in (classes, months)]
    for _ in range(RAKING_STEPS):
        before = weight
        for groups, totals in margins:
            weight = weight * (totals / np.bincount(groups, weight))[groups]
        if np.abs(weight - before).max() <= RAKED * max(weight.max(), 1.0):
            break
    return weight


def event_rate(outcome: np.ndarray, weight: np.ndarray, cluster: np.ndarray) -> Rate:
    """The weighted event rate with a 95 % interval on the log-odds scale, clusters counted as one.

    outcome: 0/1, both present. weight: > 0. cluster. Shape (n,) each.
    """
    total = weight.sum()
    rate = float(weight @ outcome / total)
    score = np.bincount(np.unique(cluster, return_inverse=True)[1], weight * (outcome - rate))
    half = Z_95 * float(np.sqrt(score @ score)) / total / (rate * (1 - rate))
    logodds = np.log(rate / (1 - rate))
    low, high = (risk_at(logodds + side) for side in (-half, half))
    return Rate(rate, low, high, len(outcome), int(outcome.sum()))


def prior_correction(tau: float, sampled_share: float) -> float:
    """−ln[((1−τ)/τ)·(ȳ/(1−ȳ))]: what the intercept moves when events are ȳ of a sample and τ of the inflow.

    (King & Zeng 2001.) Its exponential is the weight of an event against a non-event.
    """
    return float(-np.log((1 - tau) / tau * sampled_share / (1 - sampled_share)))


def inflow_weights(outcome: np.ndarray, weight: np.ndarray, *, tau: float) -> tuple[np.ndarray, float]:
    """`weight` with the events' share brought to `tau`, and the prior correction of the intercept it amounts to.

    The non-events keep their weights. Shape (n,) each.
    """
    correction = prior_correction(tau, float(weight @ outcome / weight.sum()))
    return np.where(outcome == 1, weight * np.exp(correction), weight), correction
