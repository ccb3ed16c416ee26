"""Curves, on their way out in bins of enough people."""

import numpy as np
import pandas as pd

from riskmodel.disclosure.single import MEASURE_DECIMALS, RATE_DECIMALS, rounded
from riskmodel.disclosure.spans import PROFILES

BIN_MIN_PEOPLE = 10
BIN_MIN_OUTCOMES = 8  # events, and non-events
CURVE_MIN_BINS = 4


def disclose_bins(bins: pd.DataFrame, *, profile: str) -> pd.DataFrame:
    """One curve in bins of at least 10 people with 8 of each outcome; without rows when fewer than four can be formed.

    bins: n and events_n beside whatever the curve shows (risk, observed, low, high …), in the order of the curve.
    Neighbours are joined greedily from the start, a remainder joins the last; what is shown is the mean over the people
    joined, two decimals (risk three); counts are rounded as `profile` says.
    """
    joined_into = _joined_bins(bins["n"].to_numpy(), bins["events_n"].to_numpy())
    if joined_into.size == 0 or joined_into[-1] + 1 < CURVE_MIN_BINS:
        return bins.iloc[:0].copy()
    people = bins["n"].astype(float)
    numbers = [name for name in bins.select_dtypes("number").columns if name not in ("n", "events_n")]
    shown = bins.groupby(joined_into).first()
    for name in numbers:
        mean = (bins[name] * people).groupby(joined_into).sum() / people.groupby(joined_into).sum()
        shown[name] = mean.round(MEASURE_DECIMALS if name == "risk" else RATE_DECIMALS)
    for name in ("n", "events_n"):
        shown[name] = rounded(bins[name].groupby(joined_into).sum().to_numpy(dtype=np.int64), PROFILES[profile])
    return shown.reset_index(drop=True)[list(bins.columns)]


def disclose_curves(curves: pd.DataFrame, *, profile: str) -> pd.DataFrame:
    """Every curve of a frame (scope, group, predictor, risk, …, n, events_n) through `disclose_bins`."""
    keys = ["scope", "group", "predictor"]
    by_curve = curves.sort_values("risk", kind="stable").groupby(keys, sort=False, dropna=False)
    shown = [disclose_bins(curve, profile=profile) for _, curve in by_curve]
    kept = [curve for curve in shown if len(curve)]
    return pd.concat(kept, ignore_index=True) if kept else curves.iloc[:0].copy()


def _joined_bins(people: np.ndarray, events: np.ndarray) -> np.ndarray:
    """The number, from 0, of the joined bin each row goes to; nothing when not even one can be formed."""
    joined_into = np.zeros(len(people), dtype=int)
    bin_number, bin_people, bin_events = 0, 0, 0
    for row, (row_people, row_events) in enumerate(zip(people, events, strict=True)):
        joined_into[row] = bin_number
        bin_people, bin_events = bin_people + row_people, bin_events + row_events
        if bin_people >= BIN_MIN_PEOPLE and min(bin_events, bin_people - bin_events) >= BIN_MIN_OUTCOMES:
            bin_number, bin_people, bin_events = bin_number + 1, 0, 0
    return np.minimum(joined_into, bin_number - 1) if bin_number else joined_into[:0]
