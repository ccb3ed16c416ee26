"""Predictions → Assessment: every measure, group, comparison and gap of method.md 5 and 8.

And a leak that the points hide: merged away or smoothed in them, while trees on the same answers know too much.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from math import asinh, ceil, sqrt
from typing import Any

import numpy as np
import pandas as pd

from riskmodel.assess import REFUSALS
from riskmodel.assess.at_threshold import comparisons, decision_curve, gap_to_best, history_share
from riskmodel.assess.calibration import auc
from riskmodel.assess.comparators import boosted_prob
from riskmodel.assess.evaluation import CURVE_COLUMNS, MEASURE_COLUMNS, evaluate_all, stacked
from riskmodel.assess.intervals import STRATUM, Resamples, predictors, resamples_of, scores_of, tally
from riskmodel.assess.policy import threshold_of_harm
from riskmodel.assess.record import OUT_OF_FOLD, TEXTS, Assessment, headline
from riskmodel.assess.rolling import Trial
from riskmodel.assess.subgroups import Grouping, everyone, groups
from riskmodel.assess.unseen import unseen
from riskmodel.assess.year_drift import year_drift
from riskmodel.ground.alarm import Alarm, refuse_unexplained, with_explanations
from riskmodel.ground.errors import FitError, SurveyDataError
from riskmodel.ground.files import tidy
from riskmodel.ground.settings import Settings
from riskmodel.ground.statistics import Z_95
from riskmodel.instrument.records import Instrument
from riskmodel.model.inference import LEAK_ALARM
from riskmodel.model.logistic import probability
from riskmodel.release.record import OVERALL, TEMPORAL

COMPARATOR = "comparator_auc"  # an alarm
OE_WIDTH, SLOPE_WIDTH, AUC_WIDTH = 0.4, 0.4, 0.1  # whole widths of the 95 % intervals: ±.2, ±.2 and ±.05
MOST_N = 10**9
COMPARED_WITH_BEST = ("equation", "points", "boosted", "three_item")
BIN_WIDTH = 0.05  # of the risk distribution
WIDE = {"oe": 0.2, "recalibration_slope": 0.2}  # half-widths beyond which temporal evidence is weak (method.md 9)


@dataclass(frozen=True)
class ValidationSize:
    """Cases that each measure needs, and the independent ones there are (households that count as one)."""

    oe_n: int
    auc_n: int
    slope_n: int
    available_n: int

    @property
    def required_n(self) -> int:
        """The largest of the three needs."""
        return max(self.oe_n, self.auc_n, self.slope_n)

    @property
    def is_short(self) -> bool:
        """Whether the evaluation rests on fewer than it needs."""
        return self.available_n < self.required_n


def validation_size(
    logodds: np.ndarray, *, weight: np.ndarray, event_rate: float, auc: float, available_n: int
) -> ValidationSize:
    """What people whose risks are as spread as `logodds` (weights > 0, shape (n,)) need, at this event rate and AUC."""
    return ValidationSize(
        oe_n=cases_for_oe(event_rate, width=OE_WIDTH),
        auc_n=cases_for_auc(auc, event_rate, width=AUC_WIDTH),
        slope_n=cases_for_slope(logodds, weight=weight, width=SLOPE_WIDTH),
        available_n=available_n,
    )


def cases_for_oe(event_rate: float, *, width: float) -> int:
    """Cases for an interval of O/E `width` wide round 1: (1−φ)/(φ·SE²), SE of ln O/E = asinh(width/2)/1.96."""
    return ceil((1 - event_rate) / (event_rate * _squared_se(asinh(width / 2))))


def cases_for_slope(logodds: np.ndarray, *, weight: np.ndarray, width: float) -> int:
    """Cases for an interval of the slope `width` wide: I₀₀/(SE²·(I₀₀I₁₁ − I₀₁²)), I_jk = mean of lp^(j+k)·p(1−p)."""
    prob = probability(logodds)
    spread = weight / weight.sum() * prob * (1 - prob)
    information = [float(spread @ logodds**power) for power in range(3)]
    determinant = information[0] * information[2] - information[1] ** 2
    return ceil(information[0] / (_squared_se(width / 2) * determinant)) if determinant > 0 else MOST_N


def cases_for_auc(auc: float, event_rate: float, *, width: float) -> int:
    """The fewest cases whose AUC has an interval at most `width` wide (Newcombe 2006), found by halving."""
    wanted, fewest, most = sqrt(_squared_se(width / 2)), 2, MOST_N
    while fewest < most:
        middle = (fewest + most) // 2
        if _auc_se(auc, event_rate, middle) <= wanted:
            most = middle
        else:
            fewest = middle + 1
    return fewest


def _squared_se(half_width: float) -> float:
    return (half_width / Z_95) ** 2


def _auc_se(auc: float, event_rate: float, n: int) -> float:
    half = n / 2 - 1
    spread = 1 + half * (1 - auc) / (2 - auc) + half * auc / (1 + auc)
    return sqrt(auc * (1 - auc) * spread / (n**2 * event_rate * (1 - event_rate)))


def assess(
    predictions: pd.DataFrame,
    settings: Settings,
    *,
    groupings: Sequence[Grouping],
    evidence: str = TEMPORAL,
    out_of_fold: pd.DataFrame | None = None,
    inflow: Mapping[str, object] | None = None,
) -> Assessment:
    """Everything that is measured on `predictions` (one row per case, as `rolling.gather_evidence` makes them).

    evidence: "temporal", or "out_of_fold" when no rolling year was possible. out_of_fold: predictions inside the
    training years, shown beside the temporal ones in the scope "out_of_fold"; what points can't say is looked for among
    them, who are twice as many. inflow: see `judged_inflow`.
    """
    check_judgeable(predictions)
    predictions = predictions.sort_values("case_id", ignore_index=True)
    resamples = resamples_of(predictions, settings)
    measures, curves = _measures(predictions, settings, groupings, resamples)
    if out_of_fold is not None and evidence == TEMPORAL:
        measures = stacked([measures, _inside(out_of_fold, settings)], MEASURE_COLUMNS)
    threshold_prob, gaps = threshold_of_harm(settings.policy.harm_ratio), comparisons(predictions, resamples)
    return Assessment(
        measures=measures,
        curves=curves,
        decision=decision_curve(predictions, settings, resamples=resamples),
        distribution=risk_distribution(predictions),
        comparisons=gaps,
        summary={
            **_summary(predictions, settings, measures, resamples, evidence, threshold_prob),
            "inflow_check": None if inflow is None else tidy(inflow),
            "alarms": [asdict(alarm) for alarm in comparator_alarms(measures, settings)],
            "unseen": unseen(predictions if out_of_fold is None else out_of_fold, gaps),
            "year_drift": year_drift(predictions) if evidence == TEMPORAL and STRATUM in predictions else None,
        },
    )


def check_judgeable(predictions: pd.DataFrame) -> None:
    """Refuse cases that all went the same way: nothing can be told apart among them."""
    events_n = int(predictions["outcome"].sum())
    if events_n in (0, len(predictions)):
        years = ", ".join(map(str, sorted({int(year) for year in predictions["intake_year"]})))
        lacking = REFUSALS["all_long" if events_n else "none_long"]
        raise SurveyDataError(REFUSALS["one_outcome_judged"].filled(lacking=lacking, n=len(predictions), years=years))


def risk_distribution(predictions: pd.DataFrame) -> pd.DataFrame:
    """How many people have a risk in each bin, by outcome: bin (lower end), outcome, n."""
    lower = np.arange(round(1 / BIN_WIDTH))
    prob = predictions["points_prob"].to_numpy(dtype=float)
    place = np.minimum((prob / BIN_WIDTH + 1e-9).astype(int), len(lower) - 1)
    outcome = predictions["outcome"].to_numpy(dtype=int)
    rows = [
        pd.DataFrame({"bin": np.round(lower * BIN_WIDTH, 10), "outcome": value}).assign(
            n=np.bincount(place[outcome == value], minlength=len(lower))
        )
        for value in (0, 1)
    ]
    return pd.concat(rows, ignore_index=True)


def _measures(
    predictions: pd.DataFrame, settings: Settings, groupings: Sequence[Grouping], resamples: Resamples
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Every predictor on everyone, and the points in every group."""
    wanted = [(predictor, [everyone(predictions)]) for predictor in predictors(predictions)]
    wanted.append(("points", groups(predictions, groupings)))
    found = [
        evaluate_all(predictions, whom, predictor=predictor, resamples=resamples, settings=settings.assess)
        for predictor, whom in wanted
    ]
    rows, curves = [rows for rows, _ in found], [curve for _, curve in found]
    return stacked(rows, MEASURE_COLUMNS), stacked(curves, CURVE_COLUMNS)


def _inside(out_of_fold: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Points and equation on the grouped folds inside the training years."""
    out_of_fold = out_of_fold.sort_values("case_id", ignore_index=True)
    resamples, whole = resamples_of(out_of_fold, settings), [everyone(out_of_fold, OUT_OF_FOLD)]
    found = [
        evaluate_all(out_of_fold, whole, predictor=predictor, resamples=resamples, settings=settings.assess)[0]
        for predictor in ("points", "equation")
    ]
    return stacked(found, MEASURE_COLUMNS)


def _summary(
    predictions: pd.DataFrame,
    settings: Settings,
    measures: pd.DataFrame,
    resamples: Resamples,
    evidence: str,
    threshold_prob: float,
) -> dict[str, Any]:
    overall, need = headline(measures, OVERALL), _need(predictions, resamples)
    return {
        "evidence": evidence,
        "evidence_text": TEXTS.both(evidence),
        "evidence_weak": evidence != TEMPORAL or need.is_short or _is_wide(overall["points"]),
        "validation_size": {**asdict(need), "required_n": need.required_n},
        "years": sorted({int(year) for year in predictions["intake_year"]}),
        "n": len(predictions),
        "events_n": int(predictions["outcome"].sum()),
        "clusters_n": len(resamples.clusters),
        "bootstrap": settings.assess.bootstrap,
        "threshold_prob": threshold_prob,
        "overall": overall,
        "out_of_fold": headline(measures, OUT_OF_FOLD),
        "gap_to_best": {name: gap_to_best(predictions, resamples, predictor=name) for name in COMPARED_WITH_BEST},
        "history_share": history_share(predictions, resamples),
    }


def _need(predictions: pd.DataFrame, resamples: Resamples) -> ValidationSize:
    """How many cases an evaluation of these predictions needs, and has."""
    tallied = scores_of(predictions, "points", resamples).tally()
    total = float(tallied.people.sum())
    rate = float(tallied.events.sum()) / total
    return validation_size(
        tallied.logodds,
        weight=tallied.people,
        event_rate=rate,
        auc=float(auc(tallied)),
        available_n=len(resamples.clusters),
    )


def _is_wide(points: Mapping[str, Mapping[str, float | None]]) -> bool:
    """Whether the intervals of O/E or slope are too wide to call the temporal evidence strong."""
    ends = [(points[name]["low"], points[name]["high"], half) for name, half in WIDE.items()]
    return any(low is None or high is None or high - low > 2 * half for low, high, half in ends)


def comparator_alarms(measures: pd.DataFrame, settings: Settings) -> list[Alarm]:
    """ "comparator_auc": the trees' AUC above the limit of an alarm, wherever the points' lies."""
    own = measures[(measures["scope"] == "overall") & (measures["measure"] == "auc")].set_index("predictor")["estimate"]
    return _alarms(float(own.get("boosted", 0.0)), settings)


def hidden_leaks(
    years: Sequence[Trial], folds: Sequence[Trial], instrument: Instrument, settings: Settings
) -> list[Alarm]:
    """The alarms that `assess` would raise of these trials (see `trials_of`), from the trees alone."""
    items = instrument.predictors(settings.cohort.landmark)
    shown = [*(years or folds)]
    prob = [boosted_prob(one.cases, one.answers, one.new_answers, items, seed=settings.run.seed) for one in shown]
    cases = pd.concat([one.new_cases for one in shown])
    outcome, weight = (cases[name].to_numpy(dtype=float) for name in ("outcome", "weight"))
    stratum = cases["intake_year"].to_numpy(dtype=np.int64) if years else None
    return _alarms(float(auc(tally(outcome, np.concatenate(prob), weight=weight, stratum=stratum))), settings)


def _alarms(found: float, settings: Settings) -> list[Alarm]:
    limits = settings.alarm
    limit = limits.auc if settings.cohort.landmark == 0 else limits.auc_later
    return with_explanations([Alarm(COMPARATOR, "", found, limit)] if found > limit else [], limits.explained)


def refuse_hidden_leak(alarms: list[Alarm]) -> None:
    """Stop with a `FitError` unless a named person has said why."""
    refuse_unexplained(alarms, kind=LEAK_ALARM, look=REFUSALS["look_behind_points"], family=FitError)
