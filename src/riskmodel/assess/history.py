"""How much of a later landmark's discrimination is only the months with assistance so far."""

import numpy as np
import pandas as pd

from riskmodel.assess.discrimination import auc
from riskmodel.assess.intervals import Resamples, percentiles, resampled
from riskmodel.assess.predictors import RISK_COLUMNS, predictors, scores_of


def history_share(predictions: pd.DataFrame, resamples: Resamples) -> dict[str, float] | None:
    """Of what the points' AUC gains over .5, the share that is lost without the months so far: estimate, low, high.

    with_auc, without_auc: of the points, and of those that the whole procedure makes without the item. The interval is
    paired, on the same resamples. None where no such points were made.
    """
    if "no_history" not in predictors(predictions):
        return None
    both = predictions[[RISK_COLUMNS["points"], RISK_COLUMNS["no_history"]]].notna().all(axis=1).to_numpy()
    prepared = [scores_of(predictions, name, resamples, rows=both) for name in ("points", "no_history")]
    estimates = [float(auc(one.tally())) for one in prepared]
    repeated = [resampled(one, resamples, lambda tallied: {"auc": auc(tallied)})["auc"] for one in prepared]
    low, high = percentiles(_share(*repeated))
    return {
        "estimate": float(_share(*map(np.asarray, estimates))),
        "low": float(low),
        "high": float(high),
        "with_auc": estimates[0],
        "without_auc": estimates[1],
    }


def _share(with_auc: np.ndarray, without_auc: np.ndarray) -> np.ndarray:
    return (with_auc - without_auc) / (with_auc - 0.5)
