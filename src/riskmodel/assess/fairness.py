"""The fairness audit: gaps that are zero for calibrated risks whatever the base rates, and the raw ones beside them."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from riskmodel.assess.intervals import percentiles, resampled_sums
from riskmodel.assess.predictors import RISK_COLUMNS, resamples_of
from riskmodel.assess.subgroups import Group, Grouping, groups
from riskmodel.settings import FairnessSettings, Settings

PASS, FAIL, NOT_SHOWN, JUSTIFY = "pass", "fail", "not_shown", "justify"
FAILING_SE, PASSING_SE = 2.5, 1.645  # standard errors a failing gap must exceed, a passing one must have to spare
GATED, GATED_WHEN_SCORED, RAW = ("missed", "needless", "log_oe"), ("log_oe",), ("fpr", "fnr", "ppv")
NUMBERS = ("difference", "low", "high", "se", "explained")
COLUMNS = ("column", "group", "measure", "n", "events_n", *NUMBERS, "tolerance", "verdict", "status")

Gaps = dict[str, np.ndarray]


def fairness(
    predictions: pd.DataFrame,
    settings: Settings,
    *,
    groupings: Sequence[Grouping],
    threshold_prob: float,
    predictor: str = "points",
) -> pd.DataFrame:
    """Each group against all others when everyone at or above `threshold_prob` is flagged (method.md 8).

    One row per column, group and measure: difference (group minus all others), low, high (95 %), se, tolerance,
    verdict, explained (the part that base rates explain; raw gaps only), n, events_n, status. Verdicts: pass, fail,
    not_shown (also of groups with too few to compare); raw gaps (fpr, fnr, ppv) are pass or justify, and have no row
    when nobody is behind one of the rates. Groups that nobody knows the members of are left out.
    """
    gated = [grouping for grouping in groupings if grouping.gated]
    sums = _sums(predictions, threshold_prob, predictor)
    resamples = resamples_of(predictions, settings)
    cluster = resamples.index(predictions["cluster_id"].to_numpy())
    repeated_everyone = resampled_sums(sums, cluster, resamples)
    rows: list[dict[str, object]] = []
    for group in groups(predictions, gated):
        if not group.is_known or group.n == len(predictions):
            continue
        own = sums * group.rows[:, None]
        repeated = gaps(resampled_sums(own, cluster, resamples), repeated_everyone)
        sides = (group, _others(group, predictions))
        compared = all(side.enough(settings.assess.group_min) for side in sides)
        rows += _rows(group, gaps(own.sum(axis=0), sums.sum(axis=0)), repeated, settings.fairness, compared=compared)
    return pd.DataFrame(rows, columns=list(COLUMNS))


def verdict(difference: float, se: float, tolerance: float) -> str:
    """Whether a gap is shown to be small, shown to be large, or neither."""
    size = abs(difference)
    if size > tolerance and size > FAILING_SE * se:
        return FAIL
    if size <= tolerance and size + PASSING_SE * se < 2 * tolerance:
        return PASS
    return NOT_SHOWN


def gaps(own: np.ndarray, everyone: np.ndarray) -> Gaps:
    """Measures of a group minus those of all others, from `_sums`, shape (..., 6); raw ones with "explained_"."""
    group, others = _rates(own), _rates(everyone - own)
    return {measure: group[measure] - others[measure] for measure in group}


def tolerance_of(measure: str, settings: FairnessSettings) -> float:
    """The tolerance of a gap, on its own scale."""
    gated = {
        "missed": settings.missed_tolerance,
        "needless": settings.needless_tolerance,
        "log_oe": float(np.log(settings.oe_tolerance)),
    }
    return gated.get(measure, settings.raw_gap_limit)


def _sums(predictions: pd.DataFrame, threshold_prob: float, predictor: str) -> np.ndarray:
    """What every gap is a function of: weight split by flag, by outcome and by risk, shape (n, 6)."""
    outcome, weight = predictions["outcome"].to_numpy(float), predictions["weight"].to_numpy(float)
    prob = predictions[RISK_COLUMNS[predictor]].to_numpy(float)
    flagged = (prob >= threshold_prob).astype(float)
    people = np.stack([flagged, 1 - flagged], axis=1) * weight[:, None]
    return np.concatenate([people, people * outcome[:, None], people * prob[:, None]], axis=1)


def _rates(sums: np.ndarray) -> Gaps:
    flagged, unflagged, events_flagged, events_unflagged, risk_flagged, risk_unflagged = np.moveaxis(sums, -1, 0)
    events, risk = events_flagged + events_unflagged, risk_flagged + risk_unflagged
    others, safety = flagged + unflagged - events, flagged + unflagged - risk
    with np.errstate(divide="ignore", invalid="ignore"):
        return {
            "missed": (events_unflagged - risk_unflagged) / risk,
            "needless": (risk_flagged - events_flagged) / safety,
            "log_oe": np.log(events / risk),
            "fpr": (flagged - events_flagged) / others,
            "fnr": events_unflagged / events,
            "ppv": events_flagged / flagged,
            "explained_fpr": (flagged - risk_flagged) / safety,
            "explained_fnr": risk_unflagged / risk,
            "explained_ppv": risk_flagged / flagged,
        }


def _others(group: Group, predictions: pd.DataFrame) -> Group:
    events_n = int(predictions["outcome"].sum()) - group.events_n
    return replace(group, rows=~group.rows, n=len(predictions) - group.n, events_n=events_n)


def _rows(
    group: Group, estimates: Gaps, repeated: Gaps, settings: FairnessSettings, *, compared: bool
) -> list[dict[str, object]]:
    rows = []
    for measure in (*(GATED_WHEN_SCORED if group.grouping.scored else GATED), *RAW):
        if measure in RAW and np.isnan(estimates[measure]):
            continue  # nobody flagged, say: there is no gap to justify
        tolerance = tolerance_of(measure, settings)
        row: dict[str, object] = {"column": group.grouping.column, "group": group.name, "measure": measure}
        row |= {"n": group.n, "events_n": group.events_n, "tolerance": tolerance}
        if compared:
            row |= {"status": "ok", **_judged(measure, estimates, repeated, tolerance)}
        else:
            row |= {"status": "too_few", "verdict": NOT_SHOWN, **dict.fromkeys(NUMBERS, np.nan)}
        rows.append(row)
    return rows


def _judged(measure: str, estimates: Gaps, repeated: Gaps, tolerance: float) -> dict[str, object]:
    difference, se = float(estimates[measure]), float(np.std(repeated[measure], ddof=1))
    low, high = map(float, percentiles(repeated[measure]))
    numbers = {"difference": difference, "low": low, "high": high, "se": se}
    if measure not in RAW:
        return {**numbers, "explained": np.nan, "verdict": verdict(difference, se, tolerance)}
    judged = JUSTIFY if abs(difference) > tolerance else PASS
    return {**numbers, "explained": float(estimates[f"explained_{measure}"]), "verdict": judged}
