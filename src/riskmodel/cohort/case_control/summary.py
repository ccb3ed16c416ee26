"""What there is to say about a case-control design beside its rows: its flow, and what was tested and weighted."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict

import numpy as np
import pandas as pd

from riskmodel.cohort.case_control.items import Roles, Verdict
from riskmodel.cohort.case_control.weights import Rate
from riskmodel.cohort.flow import Step
from riskmodel.cohort.summary import population_text
from riskmodel.ground.settings import CohortSettings

CASE_CONTROL = "case_control"
ENOUGH_N = 100  # events, and as many non-events, of the inflow before intercept and slope count as measured


def case_control_summary(
    found: Roles,
    verdicts: Sequence[Verdict],
    settings: CohortSettings,
    *,
    tau: Rate,
    correction: float,
    sampled_share: float,
    fitted: dict[str, int],
) -> dict[str, object]:
    """The keys that this design adds to the summary of its inflow, or says otherwise.

    tau: event rate of the linked inflow. correction, sampled_share: the prior correction, and the events' share of
    weight before it. fitted: people with answers from the survey and from intake. inflow_check: how many of the inflow
    it can be measured on. latest_complete_year: None, as no year waits to be confirmed: the inflow is the judge.
    """
    return {
        "design": CASE_CONTROL,
        "population": population_text(settings, "two_forms"),
        "answers_from": fitted,
        "tau": asdict(tau),
        "sampled_share": sampled_share,
        "prior_correction": correction,
        "refused": [one.item for one in verdicts if not one.enters],
        "stability": [_stability(one) for one in verdicts],
        "blanks": [_blanks(one) for one in verdicts],
        "listing": {"events_n": int(found.events.sum()), "listed_n": int(found.listed.sum())},
        "left_out_months": found.left_out_months.drop(columns="left_out").to_dict("records"),
        "unlinked_events": asdict(found.unlinked),
        "inflow_check": {"n": tau.n, "events_n": tau.events_n, "measurable": _is_enough(tau)},
        "research_only": not _is_enough(tau),
        "latest_complete_year": None,
    }


def _is_enough(tau: Rate) -> bool:
    return min(tau.events_n, tau.n - tau.events_n) >= ENOUGH_N


def _stability(one: Verdict) -> dict[str, object]:
    return {"item": one.item, "use": one.use, "both_n": one.both_n, "net_shift": one.net_shift, "verdict": one.verdict}


def _blanks(one: Verdict) -> dict[str, object]:
    shares = {"survey_share": one.survey_blank_share, "intake_share": one.intake_blank_share}
    return {"item": one.item, "use": one.use, **shares, "verdict": one.verdict}


def case_control_steps(cases: pd.DataFrame, inflow: pd.DataFrame, found: Roles) -> list[Step]:
    """From all new cases to the design's rows; whoever is left out is counted once, in this order.

    cases: as they are fitted. inflow: the same rows before the design, with their outcomes.
    """
    left = np.ones(len(cases), dtype=bool)
    outcome = inflow["outcome"].to_numpy(dtype=float, na_value=np.nan)
    steps = [_counted(inflow, left, "new_cases")]
    is_event = outcome == 1
    for step, outside in _reasons(cases, inflow, found, is_event):
        steps.append(_counted(inflow, left & outside, step))
        left &= ~outside
    kept = {"fitted": left, "modelled": left, "events": left & is_event}
    return [*steps, *(_counted(inflow, rows, step) for step, rows in kept.items())]


def _reasons(
    cases: pd.DataFrame, inflow: pd.DataFrame, found: Roles, is_event: np.ndarray
) -> Iterable[tuple[str, np.ndarray]]:
    unlinked = ~inflow["linked"].to_numpy()
    yield "joined", inflow["joined"].to_numpy()
    yield "not_followed", ~inflow["complete"].to_numpy()
    yield "outcome_unknown", ~found.counted
    yield "unlike", unlinked & is_event & (not found.unlinked.used)
    yield "unlinked", unlinked & ~is_event
    yield "months_left_out", ~found.kept_month
    yield "age_outside", cases["age_outside"].to_numpy()
    yield "route", cases["route"].to_numpy()
    yield "not_listed", is_event & ~found.listed


def _counted(inflow: pd.DataFrame, chosen: np.ndarray, step: str) -> Step:
    outcomes = inflow.loc[chosen, "outcome"]
    nothing_known = len(outcomes) > 0 and bool(outcomes.isna().all())
    return Step(step, len(outcomes), None if nothing_known else int(outcomes.sum()))
