"""From one landmark's evidence to its table of points: threshold, band, what it means, and the gates it passes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from riskmodel.assess.at_threshold import measures_at
from riskmodel.assess.comparison import net_benefit_gains
from riskmodel.assess.fairness import fairness, fairness_of_pairs
from riskmodel.assess.record import Assessment
from riskmodel.assess.repeated.robustness import Robustness
from riskmodel.assess.subgroups import groupings
from riskmodel.assess.threshold import Choice, choose_threshold, threshold_of_harm
from riskmodel.cohort.record import Cohort
from riskmodel.instrument.records import Instrument
from riskmodel.model.points import risk_by_sum
from riskmodel.model.record import FittedModel
from riskmodel.provenance import tidy
from riskmodel.release import evidence_gates as gates
from riskmodel.release.band import Stability, method, stability
from riskmodel.release.compose import compose_landmark, landmark_table
from riskmodel.release.evidence import (
    disclosed_evidence,
    disclosed_pairs,
    expected_at,
    measured_points,
    rows_of,
    small_cells_n,
)
from riskmodel.release.flags import flags_against
from riskmodel.release.gate import FAILED, Gate
from riskmodel.release.last_release import LastRelease, judge_last_release
from riskmodel.release.new_year_evidence import disclosed_new_year
from riskmodel.release.robust_evidence import disclosed_robustness
from riskmodel.settings import Settings

NOBODY = float("inf")  # the threshold of a release without flags
REFIT_GATES = ("G4", "G5", "G6")  # what a refit must pass before it is worth changing to


@dataclass(frozen=True, eq=False)
class Year:
    """Everything the yearly run has produced for one landmark.

    predictions: out of time, one row per case. model_evidence: as stored. last: the last release on the cohort, None
    when there is none to compare with.
    """

    cohort: Cohort
    model: FittedModel
    model_evidence: Mapping[str, Any]
    predictions: pd.DataFrame
    assessment: Assessment
    robustness: Robustness
    landmark: int = 0
    last: LastRelease | None = None


@dataclass(frozen=True, eq=False)
class Proposed:
    """A table of points as it stands in a candidate, what it rests on, and the gates the evidence decides."""

    landmark: dict[str, Any]
    evidence: dict[str, Any]
    gates: list[Gate]
    research_only: bool


def propose_landmark(
    year: Year, instrument: Instrument, settings: Settings, *, previous: Mapping[str, Any] | None = None
) -> Proposed:
    """The table that follows from `year` and the policy. previous: the release whose flags are compared with its."""
    first, risks = risk_by_sum(year.model.points)
    published = np.array(tidy(risks.tolist()))  # the risks as they are written, so that a threshold is one of them
    choice = choose_threshold(year.predictions, settings.policy, first=first, risk_by_sum=published)
    prob = choice.threshold.prob if choice.threshold else NOBODY
    whom = groupings(instrument, landmark=settings.cohort.landmark)
    audit = fairness(year.predictions, settings, groupings=whom, threshold_prob=prob)
    at_threshold = pd.DataFrame()
    if choice.threshold:
        at_threshold = measures_at(year.predictions, settings, threshold_prob=prob, groupings=whom)
    evidence = disclosed_evidence(year.assessment, at_threshold, audit, profile=settings.release.profile)
    evidence["robustness"] = _robustness(year, settings)
    pairs = fairness_of_pairs(year.predictions, settings, groupings=whom, threshold_prob=prob)
    evidence["pairs"] = rows_of(disclosed_pairs(pairs))
    steady = _steady(year, choice)
    thresholds = _thresholds(choice, steady, year, settings)
    if previous is not None:
        evidence["flags_against"] = _flags_against(previous, year, instrument, settings, thresholds)
    landmark = compose_landmark(
        year.model,
        instrument,
        month=settings.cohort.landmark,
        thresholds=thresholds,
        rejected_alternative=_rejected(choice, year.predictions, settings),
        coefficients=year.model_evidence["inference"],
    )
    gates = _gates(year, instrument, settings, audit, evidence, steady)
    if year.last is not None:
        evidence["new_year"] = _new_year(year, year.last, settings, gates)
    return Proposed(landmark, evidence, gates, _is_research_only(year))


def _is_research_only(year: Year) -> bool:
    """Too few people; or a case-control design that has not been measured on enough of the inflow."""
    inflow = year.assessment.summary["inflow_check"]
    return bool(year.model_evidence["sample_size"]["research_only"]) or (inflow is not None and not inflow["measured"])


def _robustness(year: Year, settings: Settings) -> dict[str, Any]:
    cases, _ = year.cohort.modelled
    people = {"n": len(cases), "events_n": int(cases["outcome"].sum())}
    return disclosed_robustness(year.robustness, **people, profile=settings.release.profile)


def _new_year(year: Year, last: LastRelease, settings: Settings, gates: Sequence[Gate]) -> dict[str, Any]:
    """The verdict on the last release; `gates` say whether this year's table could take its place."""
    passes = all(gate.status != FAILED for gate in gates if gate.id in REFIT_GATES)
    found = judge_last_release(last, year.cohort.answers, year.model.design, settings, refit_passes=passes)
    return disclosed_new_year(found, last, profile=settings.release.profile)


def _flags_against(
    previous: Mapping[str, Any],
    year: Year,
    instrument: Instrument,
    settings: Settings,
    thresholds: Mapping[str, Any],
) -> dict[str, Any]:
    landmark = landmark_table(year.model, instrument, month=settings.cohort.landmark)
    now = {**landmark, "thresholds": thresholds}
    return flags_against(previous, now, *year.cohort.modelled, profile=settings.release.profile)


def _gates(
    year: Year,
    instrument: Instrument,
    settings: Settings,
    audit: pd.DataFrame,
    evidence: Mapping[str, Any],
    steady: Stability | None,
) -> list[Gate]:
    model, policy, profile = year.model_evidence, settings.policy, settings.release.profile
    harm = threshold_of_harm(policy.harm_ratio)
    gains = net_benefit_gains(year.predictions, settings, threshold_prob=harm)
    return [
        gates.sources_gate(instrument, year.cohort.summary["unlinked"], settings),
        gates.future_gate(instrument, model["alarms"], landmark=settings.cohort.landmark),
        gates.sample_size_gate(model["sample_size"], profile=profile),
        gates.accuracy_gate(
            measured_points(year.assessment.measures),
            model["points_loss"],
            policy,
            inflow=year.assessment.summary["inflow_check"],
        ),
        gates.benefit_gate(gains, year.assessment.decision, threshold_prob=harm),
        gates.stability_gate(steady, policy, models_n=year.robustness.summary["resamples_n"]),
        gates.fairness_gate(audit, settings.release.waivers),
        gates.disclosure_gate(small_cells_n(evidence, profile=profile), profile=profile),
    ]


def _steady(year: Year, choice: Choice) -> Stability | None:
    """The band of whom other samples of people might have flagged otherwise; None in a release without flags."""
    flagged = year.robustness.people["flagged_models_share"].to_numpy()
    return stability(*year.cohort.modelled, year.model, choice.threshold, flagged) if choice.threshold else None


def _thresholds(choice: Choice, steady: Stability | None, year: Year, settings: Settings) -> dict[str, Any]:
    chosen = choice.threshold
    empty = steady is None or steady.lowest is None
    return {
        "flag": chosen.points if chosen else None,
        "threshold_prob": chosen.prob if chosen else None,
        "band": None if empty or steady is None else [steady.lowest, steady.highest],
        "band_method": method(year.robustness.summary["resamples_n"]),
        "expected": expected_at(year.predictions, chosen, settings),
        "unmet": list(choice.unmet),
    }


def _rejected(choice: Choice, predictions: pd.DataFrame, settings: Settings) -> dict[str, Any] | None:
    """The threshold another harm ratio alone would give, what it would mean, and the demands it does not meet."""
    if choice.rejected is None:
        return None
    return {
        "harm_ratio": settings.policy.alternative_harm_ratio,
        "flag": choice.rejected.points,
        "threshold_prob": choice.rejected.prob,
        "expected": expected_at(predictions, choice.rejected, settings),
        "unmet": list(choice.rejected_for),
    }
