"""The frame of predictions: which column holds which predictor's risk, and its outcomes ready for the measures."""

import numpy as np
import pandas as pd

from riskmodel.assess.intervals import Resamples, draw_clusters
from riskmodel.assess.tally import Scores, scores
from riskmodel.ground.settings import Settings

RISK_COLUMNS = {
    "points": "points_prob",
    "equation": "equation_prob",
    "boosted": "boosted_prob",
    "three_item": "three_item_prob",
    "event_rate": "event_rate_prob",
    "no_history": "no_history_prob",
    "last_release": "last_release_prob",
    "best": "best_prob",
    "true": "true_prob",
}
FEW_RISKS = ("event_rate", "three_item")  # a handful of risks has no slope worth the name
CURVED = ("points", "equation", "last_release")  # those a city might use: whose calibration is looked at closely
RESAMPLING_STREAM = 501  # which of the seed's random streams draws the clusters


def predictors(predictions: pd.DataFrame) -> tuple[str, ...]:
    """The predictors that `predictions` holds any risk of."""
    return tuple(name for name, column in RISK_COLUMNS.items() if column in predictions and predictions[column].any())


def resamples_of(predictions: pd.DataFrame, settings: Settings) -> Resamples:
    """The resamples of whole clusters behind every interval on these predictions."""
    rng = np.random.default_rng([settings.run.seed, RESAMPLING_STREAM])
    return draw_clusters(predictions["cluster_id"].to_numpy(), repeats=settings.assess.bootstrap, rng=rng)


def scores_of(
    predictions: pd.DataFrame, predictor: str, resamples: Resamples, *, rows: np.ndarray | None = None
) -> Scores:
    """Outcomes and one predictor's risks of `rows` (bool, all when None); people without that risk are left out."""
    prob = predictions[RISK_COLUMNS[predictor]].to_numpy(dtype=float, na_value=np.nan)
    used = np.isfinite(prob) if rows is None else np.isfinite(prob) & rows
    return scores(
        predictions["outcome"].to_numpy(dtype=float)[used],
        prob[used],
        weight=predictions["weight"].to_numpy(dtype=float)[used],
        cluster=resamples.index(predictions["cluster_id"].to_numpy())[used],
        clusters_n=len(resamples.clusters),
    )
