"""Indexes corrected for optimism, and their intervals, from what each repetition measured in both places."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from riskmodel.assess.intervals import percentiles
from riskmodel.assess.measures import NOT_AVAILABLE, OK
from riskmodel.assess.repeated.repetition import Indexes
from riskmodel.release.accuracy import EXPLAINED

INDEX_COLUMNS = ("predictor", "measure", "apparent", "optimism", "corrected", "low", "high", "status")
FEW_RESAMPLES = "few_resamples"
ENOUGH = 0.95  # of the resamples must have the index, or what is left of them is a choice
EXPLAINED_ROW = ("equation", EXPLAINED)
WITHOUT_INTERVAL = ("ici",)  # corrected too far where it is small: the truth then lies above the interval, if outside
RANGES = {
    **dict.fromkeys(("auc", "flagged_share", "sensitivity", "specificity", "ppv", "npv"), (0.0, 1.0)),
    **dict.fromkeys(("oe", "brier", "ici", EXPLAINED), (0.0, np.inf)),
}


def corrected_indexes(published: Indexes, repeated: Sequence[Indexes], *, repeats: int) -> pd.DataFrame:
    """A row an index: apparent − mean(on the resample − on the original cases), Harrell's correction (Efron 1983).

    published: on the original cases, last. repeated: on the resample and on the original cases. repeats: resamples
    asked for; those without a value are left out, and when they are many there is no number (`FEW_RESAMPLES`).
    """
    rows = []
    for (predictor, measure), values in published.items():
        pairs = np.array([one[predictor, measure] for one in repeated if (predictor, measure) in one]).reshape(-1, 2)
        gaps = (pairs[:, 0] - pairs[:, 1])[np.isfinite(pairs).all(axis=1)]
        apparent = float(values[-1])
        numbers, status = _row(apparent, gaps, RANGES.get(measure, (-np.inf, np.inf)), enough=ENOUGH * repeats)
        if measure in WITHOUT_INTERVAL:
            numbers = (*numbers[:2], np.nan, np.nan)
        rows.append((predictor, measure, apparent, *numbers, status))
    return pd.DataFrame(rows, columns=list(INDEX_COLUMNS))


def _row(
    apparent: float, gaps: np.ndarray, limits: tuple[float, float], *, enough: float
) -> tuple[tuple[float, ...], str]:
    """Optimism, corrected, low, high; and whether they can be told.

    The gap between resample and original cases is to a repetition what the gap between original cases and population is
    to the published model. So its spread gives the interval of that model's index in the population: a basic interval.
    """
    if not np.isfinite(apparent):
        return (np.nan,) * 4, NOT_AVAILABLE
    if len(gaps) < max(enough, 2):
        return (np.nan,) * 4, FEW_RESAMPLES
    low, high = percentiles(gaps)
    found = np.clip([apparent - gaps.mean(), apparent - high, apparent - low], *limits)
    return (float(gaps.mean()), *map(float, found)), OK
