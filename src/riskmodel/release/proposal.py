"""From the year's evidence to a candidate: threshold, band, gates, and the release they make up."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from riskmodel.assess.at_threshold import measures_at
from riskmodel.assess.comparison import net_benefit_gains
from riskmodel.assess.fairness import fairness
from riskmodel.assess.record import Assessment
from riskmodel.assess.subgroups import groupings
from riskmodel.assess.threshold import Choice, choose_threshold, threshold_of_harm
from riskmodel.cohort.record import Cohort
from riskmodel.instrument.records import Instrument
from riskmodel.model.points import risk_by_sum
from riskmodel.model.record import FittedModel
from riskmodel.provenance import tidy
from riskmodel.release import evidence_gates as gates
from riskmodel.release.band import METHOD, Stability, stability
from riskmodel.release.compose import compose_release, landmark_table
from riskmodel.release.evidence import disclosed_evidence, expected_at, measured_points, small_cells_n
from riskmodel.release.flags import flags_against
from riskmodel.release.gate import Gate, in_order, still_open
from riskmodel.settings import Settings

NOBODY = float("inf")  # the threshold of a release without flags


@dataclass(frozen=True, eq=False)
class Year:
    """Everything the yearly run has produced. predictions: out of time, one row per case. model_evidence: as stored."""

    cohort: Cohort
    model: FittedModel
    model_evidence: Mapping[str, Any]
    predictions: pd.DataFrame
    assessment: Assessment


def propose(
    year: Year,
    instrument: Instrument,
    settings: Settings,
    *,
    origin: Mapping[str, str],
    previous: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The candidate that follows from `year` and the policy.

    origin: hashes of what it was made from. previous: the release whose flags are compared with the candidate's.
    """
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
    steady = stability(*year.cohort.modelled, year.model, choice.threshold, settings) if choice.threshold else None
    thresholds = _thresholds(choice, steady, year.predictions, settings)
    if previous is not None:
        evidence["flags_against"] = _flags_against(previous, year, instrument, settings, thresholds)
    found = [*_gates(year, instrument, settings, audit, evidence, steady), *still_open()]
    return compose_release(
        year.model,
        instrument,
        settings,
        year.cohort.summary,
        thresholds=thresholds,
        rejected_alternative=_rejected(choice, year.predictions, settings),
        coefficients=year.model_evidence["inference"],
        evidence=evidence,
        gates=in_order(found),
        origin=origin,
        research_only=year.model_evidence["sample_size"]["research_only"],
    )


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
        gates.sources_gate(year.cohort.summary["unlinked"], settings),
        gates.future_gate(instrument, model["alarms"], landmark=settings.cohort.landmark),
        gates.sample_size_gate(model["sample_size"], profile=profile),
        gates.accuracy_gate(measured_points(year.assessment.measures), model["points_loss"], policy),
        gates.benefit_gate(gains, year.assessment.decision, threshold_prob=harm),
        gates.stability_gate(steady, policy),
        gates.fairness_gate(audit, settings.release.waivers),
        gates.disclosure_gate(small_cells_n(evidence, profile=profile), profile=profile),
    ]


def _thresholds(
    choice: Choice, steady: Stability | None, predictions: pd.DataFrame, settings: Settings
) -> dict[str, Any]:
    chosen = choice.threshold
    empty = steady is None or steady.lowest is None
    return {
        "flag": chosen.points if chosen else None,
        "threshold_prob": chosen.prob if chosen else None,
        "band": None if empty or steady is None else [steady.lowest, steady.highest],
        "band_method": METHOD,
        "expected": expected_at(predictions, chosen, settings),
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
