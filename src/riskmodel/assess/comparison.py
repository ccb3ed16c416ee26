"""Predictors side by side on the same people and the same resamples: gaps in AUC, gains in net benefit."""

import numpy as np
import pandas as pd

from riskmodel.assess.at_threshold import net_benefit, net_benefit_of_all, thresholds
from riskmodel.assess.calibration import auc
from riskmodel.assess.intervals import Resamples, percentiles, resampled
from riskmodel.assess.predictors import RISK_COLUMNS, predictors, resamples_of, scores_of
from riskmodel.assess.tally import Tally
from riskmodel.ground.settings import Settings

COMPARISON_COLUMNS = ("comparator", "against", "measure", "gap", "low", "high")
DECISION_COLUMNS = ("threshold", "strategy", "net_benefit", "low", "high")
FLAG_NONE, FLAG_ALL = "none", "all"


def auc_gap(predictions: pd.DataFrame, first: str, second: str, *, resamples: Resamples) -> dict[str, float]:
    """AUC of `first` minus AUC of `second` with its paired interval: estimate, low, high, and both AUCs.

    Only people with both risks are used.
    """
    rows = predictions[[RISK_COLUMNS[first], RISK_COLUMNS[second]]].notna().all(axis=1).to_numpy()
    both = [scores_of(predictions, predictor, resamples, rows=rows) for predictor in (first, second)]
    estimates = [float(auc(prepared.tally())) for prepared in both]
    repeated = [resampled(prepared, resamples, lambda tallied: {"auc": auc(tallied)})["auc"] for prepared in both]
    low, high = percentiles(repeated[0] - repeated[1])
    gap = estimates[0] - estimates[1]
    return {"estimate": gap, "low": float(low), "high": float(high), "first": estimates[0], "second": estimates[1]}


def gap_to_best(
    predictions: pd.DataFrame, resamples: Resamples, *, predictor: str = "equation"
) -> dict[str, float] | None:
    """How far the AUC of `predictor` is from the best possible given the answers, where the made truth is known.

    share_of_gain: of what the best gains over .5, the share that `predictor` gains. None without a truth.
    """
    if "best" not in predictors(predictions):
        return None
    gap = auc_gap(predictions, "best", predictor, resamples=resamples)
    share = (gap["second"] - 0.5) / (gap["first"] - 0.5)
    return {"estimate": gap["estimate"], "low": gap["low"], "high": gap["high"], "share_of_gain": share}


def comparisons(predictions: pd.DataFrame, resamples: Resamples) -> pd.DataFrame:
    """Paired gaps in AUC: every comparator minus the points."""
    rows = []
    for comparator in predictors(predictions):
        if comparator != "points":
            gap = auc_gap(predictions, comparator, "points", resamples=resamples)
            rows.append((comparator, "points", "auc", gap["estimate"], gap["low"], gap["high"]))
    return pd.DataFrame(rows, columns=list(COMPARISON_COLUMNS))


def decision_curve(predictions: pd.DataFrame, settings: Settings, *, resamples: Resamples) -> pd.DataFrame:
    """Net benefit of each predictor, of flagging all and of flagging nobody, over the pre-set range of thresholds."""
    range_prob = thresholds(settings.assess)
    curves = [
        _strategy(name, estimate, repeated, range_prob)
        for name, (estimate, repeated) in _net_benefits(predictions, range_prob, resamples).items()
    ]
    return pd.concat(curves, ignore_index=True)


def net_benefit_gains(
    predictions: pd.DataFrame, settings: Settings, *, threshold_prob: float, predictor: str = "points"
) -> pd.DataFrame:
    """Net benefit of `predictor` minus that of each other strategy at one threshold, with paired intervals.

    Columns: strategy (what `predictor` is held against), gain, low, high.
    """
    found = _net_benefits(predictions, np.array([threshold_prob]), resamples_of(predictions, settings))
    estimate, repeated = found.pop(predictor)
    rows = []
    for strategy, (other, other_repeated) in found.items():
        low, high = percentiles(repeated[:, 0] - other_repeated[:, 0])
        rows.append((strategy, float(estimate[0] - other[0]), float(low), float(high)))
    return pd.DataFrame(rows, columns=["strategy", "gain", "low", "high"])


def _net_benefits(
    predictions: pd.DataFrame, range_prob: np.ndarray, resamples: Resamples
) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """For each strategy its net benefit, shape (t,), and that of each resample, shape (b, t)."""

    def benefits(tallied: Tally) -> dict[str, np.ndarray]:
        return {"model": net_benefit(tallied, range_prob), FLAG_ALL: net_benefit_of_all(tallied, range_prob)}

    found = {FLAG_NONE: (np.zeros(len(range_prob)), np.zeros((len(resamples.counts), len(range_prob))))}
    for predictor in predictors(predictions):
        prepared = scores_of(predictions, predictor, resamples)
        estimates, repeated = benefits(prepared.tally()), resampled(prepared, resamples, benefits)
        found[predictor] = (estimates["model"], repeated["model"])
        if predictor == "points":
            found[FLAG_ALL] = (estimates[FLAG_ALL], repeated[FLAG_ALL])
    return found


def _strategy(name: str, estimate: np.ndarray, repeated: np.ndarray, range_prob: np.ndarray) -> pd.DataFrame:
    low, high = percentiles(repeated)
    columns = zip(DECISION_COLUMNS, (range_prob, name, estimate, low, high), strict=True)
    return pd.DataFrame(dict(columns))
