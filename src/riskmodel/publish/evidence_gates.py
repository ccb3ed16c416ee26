"""The gates that the evidence of a run decides: G3 to G8, with G2 of `permissions`."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

import numpy as np
import pandas as pd

from riskmodel.assess.policy import Stability, threshold_of_harm
from riskmodel.disclosure import disclose_count
from riskmodel.ground.choices import ExplainedAlarm, PolicySettings, Waiver
from riskmodel.ground.settings import Settings
from riskmodel.instrument.records import Instrument
from riskmodel.model.sample_size import SampleSize, with_corrected_r2
from riskmodel.publish.evidence import measured_points, rows_of
from riskmodel.publish.permissions import sources_gate
from riskmodel.publish.year import Year
from riskmodel.release.criteria import (
    BEYOND_DOUBT,
    FAIL,
    JUSTIFY,
    MET,
    NOT_KNOWN,
    NOT_MET,
    NOT_SHOWN,
    Criterion,
    Gap,
    accuracy_criteria,
    answers_for,
    judge,
    rounded,
    worst,
)
from riskmodel.release.gates import FAILED, LACKING, OPEN, PASSED, Gate, judged, known_or_not
from riskmodel.release.record import EQUATION, EXPLAINED

MEASURE_DECIMALS, LOSS_DECIMALS, FREEDOM_DECIMALS = 3, 4, 1
ALWAYS_AGAINST = ("none", "all")  # strategies a release must beat
FLOW_KEYS = ("alarm", "item", "year", "signed_by", "reason")  # what a release says of an alarm of the flow


def gates_of(
    year: Year, instrument: Instrument, settings: Settings, *, steady: Stability | None, sample_n: int | None
) -> list[Gate]:
    """The gates that one landmark's evidence decides, but for G9.

    steady: the borderline band, None in a release without flags. sample_n: clusters as they may be shown.
    """
    policy, waivers, assessment = settings.policy, settings.release.waivers, year.assessment
    accuracy = accuracy_gate(
        measured_points(assessment.measures),
        year.model_evidence["points_loss"],
        policy,
        inflow=assessment.summary["inflow_check"],
        waivers=waivers,
    )
    return [
        sources_gate(instrument, year.cohort.summary["unlinked"], settings),
        future_gate(instrument, _alarms(year), landmark=settings.cohort.landmark),
        sample_size_gate(_needed(year), available_n=sample_n, profile=settings.release.profile),
        with_year_drift(accuracy, assessment.summary["year_drift"], settings.alarm.explained),
        benefit_gate(
            year.by_policy.gains,
            assessment.decision,
            threshold_prob=threshold_of_harm(policy.harm_ratio),
            enough=_enough(assessment.summary, settings),
            waivers=waivers,
        ),
        stability_gate(
            steady,
            policy,
            models_n=year.robustness.summary["resamples_n"],
            enough=_enough(year.by_policy.summary["modelled"], settings),
            waivers=waivers,
        ),
        fairness_gate(year.by_policy.gaps, waivers),
    ]


def _enough(people: Mapping[str, int], settings: Settings) -> bool:
    """Whether there are events and as many non-events enough."""
    return min(people["events_n"], people["n"] - people["events_n"]) >= settings.assess.group_min


def _alarms(year: Year) -> list[Mapping[str, Any]]:
    """Those of a leak, then those of the flow; of the latter no figure, which would be a count of people."""
    flow = ({key: one[key] for key in FLOW_KEYS} for one in year.cohort.summary.get("alarms", ()))
    return [*year.model_evidence["alarms"], *year.assessment.summary.get("alarms", ()), *flow]


def _needed(year: Year) -> SampleSize:
    """How many cases the fit needs; R² by this run's validation where nothing earlier told any."""
    rows = year.robustness.indexes
    explained = rows[(rows["predictor"] == EQUATION) & (rows["measure"] == EXPLAINED)]
    return with_corrected_r2(year.model_evidence["sample_size"], float(explained["low"].iloc[0]))


def future_gate(instrument: Instrument, alarms: Sequence[Mapping[str, Any]], *, landmark: int) -> Gate:
    """G3: every scored item is known by the landmark, and every leak alarm is explained."""
    late = [item.id for item in instrument.predictors(landmark) if item.known_from > landmark]
    unexplained = [alarm["alarm"] for alarm in alarms if not (alarm["signed_by"].strip() and alarm["reason"].strip())]
    evidence = {"items_n": len(instrument.predictors(landmark)), "late_items": late, "alarms": list(alarms)}
    return judged("G3", not late and not unexplained, evidence)


def sample_size_gate(need: SampleSize, *, available_n: int | None, profile: str) -> Gate:
    """G4: as many clusters with known outcome as what is learnt needs. Too few makes the release research only.

    available_n: as they may be shown. With a borrowed table what is learnt is its degrees of freedom, not the columns.
    """
    learnt = {} if need.freedom is None else {"freedom": round(need.freedom, FREEDOM_DECIMALS)}
    counts = {key: getattr(need, key) for key in ("columns_n", "n1", "n2", "n3", "required_n", "r2_from")}
    shown_n = disclose_count(available_n, profile=profile)
    evidence = {**counts, **learnt, "available_n": shown_n}
    if shown_n is not None:
        evidence["missing"] = need.missing(shown_n)
    return judged("G4", not need.research_only, evidence)


def accuracy_gate(
    measured: Mapping[str, Mapping[str, object]],
    points_loss: Mapping[str, float],
    policy: PolicySettings,
    *,
    inflow: Mapping[str, Any] | None = None,
    waivers: Sequence[Waiver] = (),
) -> Gate:
    """G5: calibration and discrimination out of time, and what rounding to points costs, within the policy's limits.

    inflow: of a case-control design, what the linked inflow says: its intervals of O/E and slope must hold 1.
    waivers: of the settings, of whatever gate.
    """
    criteria = judge(accuracy_criteria(policy), measured)
    rounding = [
        _limit("points_auc_loss", points_loss["auc"], at_most=policy.max_auc_loss),
        _limit("points_mean_risk_loss", points_loss["mean_risk"], at_most=policy.max_mean_risk_loss),
        _limit("points_tail_risk_loss", points_loss["tail_risk"], at_most=policy.max_risk_loss),
        _limit("points_same_flag", points_loss["same_flag_share"], at_least=policy.min_same_flag),
    ]
    rows = criteria + [_rounded(row, decimals=LOSS_DECIMALS) for row in rounding] + _on_inflow(inflow)
    return known_or_not("G5", worst(str(row["verdict"]) for row in rows), {"criteria": rows}, map(asdict, waivers))


def with_year_drift(gate: Gate, drift: Mapping[str, Any] | None, explained: Sequence[ExplainedAlarm]) -> Gate:
    """G5 as `gate`, but failed where the youngest year drifted and no named person has explained every sign of it.

    drift: as `assess.year_drift` tells it, None where there are no rolling years.
    """
    if drift is None:
        return gate
    known = {(one.alarm, one.item, one.year): one for one in explained if one.signed_by.strip() and one.reason.strip()}
    signs = []
    for sign in drift["signs"]:
        by = known.get((sign["alarm"], sign["item"], sign["year"]))
        signs.append({**sign, "signed_by": by.signed_by if by else "", "reason": by.reason if by else ""})
    lacking = [LACKING["alarm"].filled(**sign).en for sign in signs if not sign["signed_by"]]
    evidence = {**gate.evidence, "year_drift": {**drift, "signs": signs}, "lacking": list(dict.fromkeys(lacking))}
    return judged(gate.id, False, evidence) if lacking else replace(gate, evidence=evidence)


def _on_inflow(inflow: Mapping[str, Any] | None) -> list[dict[str, object]]:
    """The lower end of each interval lies at most, the upper one at least, at 1; nothing measured is not enough.

    Where an exam year waits, nothing measured before it is: the exam judges the same, in G1.
    """
    if inflow is None or (inflow.get("waits") and not inflow["measured"]):
        return []
    rows = []
    for name in ("oe", "slope"):
        found = rounded(inflow["by_predictor"].get("points", {}).get(name, {})) if inflow["measured"] else rounded({})
        agrees = inflow["measured"] and name not in inflow["off"]
        verdict = (MET if agrees else NOT_MET) if inflow["measured"] else NOT_KNOWN
        shared = {"measure": f"inflow_{name}", **found, "passed": agrees, "verdict": verdict}
        rows += [
            {**shared, "part": "low", "at_least": None, "at_most": 1.0},
            {**shared, "part": "high", "at_least": 1.0, "at_most": None},
        ]
    return rows


def benefit_gate(
    gains: pd.DataFrame,
    decision: pd.DataFrame,
    *,
    threshold_prob: float,
    enough: bool = True,
    waivers: Sequence[Waiver] = (),
) -> Gate:
    """G6: more net benefit than flagging all or nobody at the policy's trade-off, and nowhere clearly less.

    gains: strategy, gain, low, high at `threshold_prob`. decision: the curve over the pre-set range. enough: whether
    the events and non-events behind them are. waivers: of the settings, of whatever gate.
    """
    against = gains[gains["strategy"].isin([*ALWAYS_AGAINST, "last_release"])]
    curve = decision.pivot(index="threshold", columns="strategy", values=["net_benefit", "high"])
    simple = np.maximum(*(curve[("net_benefit", strategy)].to_numpy() for strategy in ALWAYS_AGAINST))
    clearly_less = curve.index[curve[("high", "points")].to_numpy() < simple]
    evidence = {
        "threshold_prob": round(threshold_prob, MEASURE_DECIMALS),
        "gains": [_rounded(row) for row in rows_of(gains)],
        "clearly_less_at": [float(one) for one in clearly_less],
        "current_practice": "not available until own assessments are logged",
    }
    verdict = _benefit(against, less_somewhere=not clearly_less.empty) if enough else NOT_KNOWN
    return known_or_not("G6", verdict, evidence, map(asdict, waivers))


def _benefit(against: pd.DataFrame, *, less_somewhere: bool) -> str:
    """Whether every strategy is beaten; not known where one may be, by its interval, and none surely is not."""
    if less_somewhere or bool((against["high"] <= 0).any()):
        return NOT_MET
    beaten = bool((against["gain"] > 0).all()) and set(ALWAYS_AGAINST) <= set(against["strategy"])
    return MET if beaten else NOT_KNOWN


def stability_gate(
    found: Stability | None,
    policy: PolicySettings,
    *,
    models_n: int,
    enough: bool = True,
    waivers: Sequence[Waiver] = (),
) -> Gate:
    """G7: the borderline band holds few people. A release without flags has none that could be unstable.

    enough: whether the events and non-events that the models rest on are. waivers: of the settings, of whatever gate.
    """
    if found is None:
        return known_or_not("G7", MET if enough else NOT_KNOWN, {"flags": False}, map(asdict, waivers))
    evidence = {**_rounded(asdict(found)), "max_borderline_share": policy.max_borderline_share, "models_n": models_n}
    steady = MET if found.in_band_share <= policy.max_borderline_share else NOT_MET
    return known_or_not("G7", steady if enough else NOT_KNOWN, evidence, map(asdict, waivers))


def fairness_gate(fairness: pd.DataFrame, waivers: Sequence[Waiver]) -> Gate:
    """G8: every gated gap shown to be small, or answered for: see `release.gap_waivers`.

    Failed when a gap was shown to be large or must be justified, else open when one was not shown to be small.
    """
    if fairness.empty:
        return judged("G8", False, {"audited_columns": []})
    found = [Gap(**row) for row in rows_of(fairness[["column", "group", "measure", "verdict"]])]
    failing = [gap for gap in found if gap.verdict in (FAIL, BEYOND_DOUBT)]
    undecided = [gap for gap in found if gap.verdict in (NOT_SHOWN, JUSTIFY)]
    wanted = [*failing, *undecided]
    applying = [waiver for waiver in waivers if waiver.gate == "G8" and any(answers_for(waiver, gap) for gap in wanted)]
    unanswered = [gap for gap in wanted if not any(answers_for(waiver, gap) for waiver in applying)]
    evidence = {
        "audited_columns": sorted(set(fairness["column"])),
        "failing": list(map(asdict, failing)),
        "not_shown": list(map(asdict, undecided)),
        "not_waived": sorted({gap.column for gap in unanswered}),
    }
    verdicts = {gap.verdict for gap in wanted}
    status = PASSED if not wanted else OPEN if verdicts == {NOT_SHOWN} else FAILED
    return Gate("G8", status, blocks=bool(unanswered), evidence=evidence, waivers=tuple(map(asdict, applying)))


def _limit(
    measure: str, value: float, *, at_least: float | None = None, at_most: float | None = None
) -> dict[str, object]:
    [row] = judge([Criterion(measure, at_least, at_most)], {measure: {"estimate": value}})
    return {**row, "estimate": value}  # rounded further than a measure


def _rounded(row: Mapping[str, object], *, decimals: int = MEASURE_DECIMALS) -> dict[str, object]:
    """The measured numbers of a row as they may be shown; limits stay as they were set."""
    shown = ("estimate", "low", "high", "gain", "in_band_share", "change_share")
    return {
        key: round(value, decimals) if key in shown and isinstance(value, float) else value
        for key, value in row.items()
    }
