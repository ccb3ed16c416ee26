"""From one landmark's evidence to its table of points: threshold, band, what it means, and the gates it passes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from riskmodel.assess.at_threshold import measures_at, net_benefit_gains
from riskmodel.assess.fairness import Audit, fairness, fairness_of_pairs
from riskmodel.assess.new_year.last_release import LastRelease, judge_last_release
from riskmodel.assess.new_year.verdict import NewYear
from riskmodel.assess.policy import Choice, Stability, choose_threshold, method, stability, threshold_of_harm
from riskmodel.assess.record import Assessment
from riskmodel.assess.repeated.multiverse import Robustness
from riskmodel.assess.subgroups import Grouping, everyone, groupings
from riskmodel.cohort.record import Cohort
from riskmodel.disclosure.earlier import Compared, Evidence, settled, spans_before
from riskmodel.disclosure.tables import disclose_count
from riskmodel.ground.files import tidy
from riskmodel.ground.settings import Settings
from riskmodel.instrument.pairs import questions_in
from riskmodel.instrument.records import Instrument
from riskmodel.model.points import risk_by_sum
from riskmodel.model.record import FittedModel
from riskmodel.model.sample_size import SampleSize, with_corrected_r2
from riskmodel.publish import evidence_gates as gates
from riskmodel.publish.compose import compose_landmark
from riskmodel.publish.evidence import Findings, expected_at, measured_points, small_cells_n
from riskmodel.release.acts import FORMAT
from riskmodel.release.gates import FAILED, Gate
from riskmodel.release.json_record import read_record
from riskmodel.release.landmark import Landmark
from riskmodel.release.record import EQUATION, EXPLAINED, Release

NOBODY = float("inf")  # the threshold of a release without flags
FLOW_KEYS = ("alarm", "item", "year", "signed_by", "reason")  # what a release says of an alarm of the flow
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
    """A table of points as it stands in a candidate, what it rests on, and the gates the evidence decides.

    shown: the evidence as later landmarks are held against it.
    """

    landmark: dict[str, object]
    evidence: dict[str, object]
    gates: list[Gate]
    research_only: bool
    shown: Evidence


def propose_landmark(
    year: Year,
    instrument: Instrument,
    settings: Settings,
    *,
    previous: Release | None = None,
    before: Sequence[Evidence] = (),
    ids: Sequence[str] = (),
) -> Proposed:
    """The table that follows from `year` and the policy. previous: the release whose flags are compared with its.

    before: all evidence handed out earlier, of this landmark in the releases `ids` and of earlier landmarks in this.
    """
    instrument = instrument.asking(questions_in(year.model.design.asked), landmark=settings.cohort.landmark)
    first, risks = risk_by_sum(year.model.points)
    published = np.array(tidy(risks.tolist()))  # the risks as they are written, so that a threshold is one of them
    choice = choose_threshold(year.predictions, settings.policy, first=first, risk_by_sum=published)
    prob = choice.threshold.prob if choice.threshold else NOBODY
    whom = groupings(instrument, landmark=settings.cohort.landmark)
    audit = fairness(year.predictions, settings, groupings=whom, threshold_prob=prob)
    steady = _steady(year, choice)
    thresholds = _thresholds(choice, steady, year, settings)
    landmark = compose_landmark(
        year.model,
        instrument,
        month=settings.cohort.landmark,
        thresholds=thresholds,
        rejected_alternative=_rejected(choice, year.predictions, settings),
        borrowed=year.model_evidence.get("borrowed"),
    )
    sample_n = _households(year, settings, before)
    found = _gates(year, instrument, settings, audit, steady, sample_n)
    findings = Findings(
        cohort=year.cohort,
        assessment=year.assessment,
        at_threshold=_at_threshold(year, choice, settings, whom),
        audit=audit,
        pairs=fairness_of_pairs(year.predictions, settings, groupings=whom, threshold_prob=prob),
        robustness=year.robustness,
        landmark=read_record(Landmark, landmark, where="landmark", level=FORMAT),
        previous=previous,
        last=year.last,
        judged=_judged_last(year, settings, found),
    )
    evidence, compared = settled(partial(findings.evidence, profile=settings.release.profile), before, releases=ids)
    found.append(_disclosure(evidence, compared, settings))
    return Proposed(landmark, evidence, found, _is_research_only(year), {**evidence, "sample_n": sample_n})


def _at_threshold(year: Year, choice: Choice, settings: Settings, whom: Sequence[Grouping]) -> pd.DataFrame:
    """Measures at the published threshold; empty in a release without flags."""
    if choice.threshold is None:
        return pd.DataFrame()
    return measures_at(year.predictions, settings, threshold_prob=choice.threshold.prob, groupings=whom)


def _is_research_only(year: Year) -> bool:
    """Too few people; or a case-control design that is not measured on enough of the inflow, nor will be."""
    inflow = year.assessment.summary["inflow_check"]
    judged = inflow is None or inflow["measured"] or inflow.get("waits", False)
    return needed(year).research_only or not judged


def needed(year: Year) -> SampleSize:
    """How many cases the fit needs; R² by this run's validation where nothing earlier told any."""
    rows = year.robustness.indexes
    explained = rows[(rows["predictor"] == EQUATION) & (rows["measure"] == EXPLAINED)]
    return with_corrected_r2(year.model_evidence["sample_size"], float(explained["low"].iloc[0]))


def _households(year: Year, settings: Settings, before: Sequence[Evidence]) -> int | None:
    """Households with known outcome, as they may be shown."""
    found, known = year.model_evidence["sample_size"]["available_n"], spans_before("sample_n", before)
    return disclose_count(found, profile=settings.release.profile, before=known)


def _judged_last(year: Year, settings: Settings, found: Sequence[Gate]) -> NewYear | None:
    """The verdict on the last release; the gates `found` say whether this year's table could take its place."""
    if year.last is None:
        return None
    passes = all(gate.status != FAILED for gate in found if gate.id in REFIT_GATES)
    return judge_last_release(year.last, year.cohort.answers, year.model.design, settings, refit_passes=passes)


def _disclosure(evidence: Evidence, compared: Compared, settings: Settings) -> Gate:
    profile = settings.release.profile
    return gates.disclosure_gate(small_cells_n(evidence, profile=profile), profile=profile, compared=compared)


def _gates(
    year: Year,
    instrument: Instrument,
    settings: Settings,
    audit: Audit,
    steady: Stability | None,
    sample_n: int | None,
) -> list[Gate]:
    policy, profile = settings.policy, settings.release.profile
    waivers, group_min = settings.release.waivers, settings.assess.group_min
    harm = threshold_of_harm(policy.harm_ratio)
    gains = net_benefit_gains(year.predictions, settings, threshold_prob=harm)
    return [
        gates.sources_gate(instrument, year.cohort.summary["unlinked"], settings),
        gates.future_gate(instrument, _alarms(year), landmark=settings.cohort.landmark),
        gates.sample_size_gate(needed(year), available_n=sample_n, profile=profile),
        _accuracy(year, settings),
        gates.benefit_gate(
            gains,
            year.assessment.decision,
            threshold_prob=harm,
            enough=everyone(year.predictions).enough(group_min),
            waivers=waivers,
        ),
        gates.stability_gate(
            steady,
            policy,
            models_n=year.robustness.summary["resamples_n"],
            enough=everyone(year.cohort.modelled[0]).enough(group_min),
            waivers=waivers,
        ),
        gates.fairness_gate(audit.gaps, waivers),
    ]


def _alarms(year: Year) -> list[Mapping[str, Any]]:
    """Those of a leak, then those of the flow; of the latter no figure, which would be a count of people."""
    flow = ({key: one[key] for key in FLOW_KEYS} for one in year.cohort.summary.get("alarms", ()))
    return [*year.model_evidence["alarms"], *year.assessment.summary.get("alarms", ()), *flow]


def _accuracy(year: Year, settings: Settings) -> Gate:
    measured, summary = measured_points(year.assessment.measures), year.assessment.summary
    loss, policy = year.model_evidence["points_loss"], settings.policy
    waivers = settings.release.waivers
    gate = gates.accuracy_gate(measured, loss, policy, inflow=summary["inflow_check"], waivers=waivers)
    return gates.with_year_drift(gate, summary["year_drift"], settings.alarm.explained)


def _steady(year: Year, choice: Choice) -> Stability | None:
    """The band of whom other samples of people might have flagged otherwise; None in a release without flags."""
    flagged = year.robustness.people["flagged_models_share"].to_numpy()
    return stability(*year.cohort.modelled, year.model, choice.threshold, flagged) if choice.threshold else None


def _thresholds(choice: Choice, steady: Stability | None, year: Year, settings: Settings) -> dict[str, object]:
    chosen = choice.threshold
    empty = steady is None or steady.lowest is None
    return {
        "flag": chosen.points if chosen else None,
        "threshold_prob": chosen.prob if chosen else None,
        "band": None if empty or steady is None else [steady.lowest, steady.highest],
        "band_method": method(year.robustness.summary["resamples_n"]),
        "expected": expected_at(year.predictions, chosen, settings),
        "unmet": list(choice.unmet),
        "not_known": list(choice.not_known),
    }


def _rejected(choice: Choice, predictions: pd.DataFrame, settings: Settings) -> dict[str, object] | None:
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
