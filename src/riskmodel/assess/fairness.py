"""The fairness audit: gaps that are zero for calibrated risks whatever the base rates, and the raw ones beside them."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from riskmodel.assess.intervals import percentiles, resampled_sums
from riskmodel.assess.predictors import RISK_COLUMNS, resamples_of
from riskmodel.assess.subgroups import Group, Grouping, groups
from riskmodel.settings import FairnessSettings, Settings

PASS, FAIL, NOT_SHOWN, JUSTIFY = "pass", "fail", "not_shown", "justify"
FAILING_SE, PASSING_SE = 2.5, 1.645  # standard errors a failing gap must exceed, a passing one must have to spare
GATED, GATED_WHEN_SCORED, RAW = ("missed", "needless", "log_oe"), ("log_oe",), ("fpr", "fnr", "ppv")
IDENTITY = ("column", "group", "measure", "n", "events_n")
NUMBERS = ("difference", "low", "high", "se", "tolerance", "verdict", "explained", "status")

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
    not_shown; raw gaps (fpr, fnr, ppv) are pass or justify.
    """
    gated = [grouping for grouping in groupings if grouping.gated]
    found = [group for group in groups(predictions, gated) if group.is_known]
    sums = _sums(predictions, threshold_prob, predictor)
    resamples = resamples_of(predictions, settings)
    cluster = resamples.index(predictions["cluster_id"].to_numpy())
    everyone = resampled_sums(sums, cluster, resamples)
    rows: list[dict[str, object]] = []
    for group in found:
        own = sums * group.rows[:, None]
        estimates = gaps(own.sum(axis=0), sums.sum(axis=0))
        repeated_own = resampled_sums(own, cluster, resamples)
        rows += _rows(group, estimates, gaps(repeated_own, everyone), settings)
    return pd.DataFrame(rows, columns=[*IDENTITY, *NUMBERS])


def verdict(difference: float, se: float, tolerance: float) -> str:
    """Whether a gap is shown to be small, shown to be large, or neither."""
    size = abs(difference)
    if size > tolerance and size > FAILING_SE * se:
        return FAIL
    if size <= tolerance and size + PASSING_SE * se < 2 * tolerance:
        return PASS
    return NOT_SHOWN


def gaps(own: np.ndarray, everyone: np.ndarray) -> Gaps:
    """Measures of a group minus those of all others, from `_sums`, shape (..., 8); raw ones with "explained_"."""
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


def _rows(group: Group, estimates: Gaps, repeated: Gaps, settings: Settings) -> list[dict[str, object]]:
    enough = group.enough(settings.assess.group_min)
    rows = []
    for measure in (*(GATED_WHEN_SCORED if group.grouping.scored else GATED), *RAW):
        difference, se = float(estimates[measure]), float(np.std(repeated[measure], ddof=1))
        low, high = percentiles(repeated[measure])
        tolerance = tolerance_of(measure, settings.fairness)
        judged = verdict(difference, se, tolerance)
        if measure in RAW:
            judged = JUSTIFY if abs(difference) > tolerance else PASS
        explained = float(estimates[f"explained_{measure}"]) if measure in RAW else np.nan
        numbers = (difference, float(low), float(high), se, tolerance)
        if not enough:
            numbers, judged, explained = (np.nan, np.nan, np.nan, np.nan, tolerance), NOT_SHOWN, np.nan
        identity = (group.grouping.column, group.name, measure, group.n, group.events_n)
        status = "ok" if enough else "too_few"
        rows.append(dict(zip((*IDENTITY, *NUMBERS), (*identity, *numbers, judged, explained, status), strict=True)))
    return rows
