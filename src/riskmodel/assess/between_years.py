"""What years differ by beyond chance, and what that adds to an interval over all of them.

Resampled households tell how another draw from the same years would come out, not how other years would. Between-year
variance is set where the years' scatter is what it and chance together would give (Paule & Mandel 1982), and reaches as
far as t on k - 1 degrees of freedom. How often the intervals hold: `docs/coverage.md`.
"""

from collections.abc import Mapping

import numpy as np
from scipy.special import stdtrit  # scipy.stats has the same, and takes half a second to import

from riskmodel.assess.intervals import Interval, Measures, Resamples, Scores, Tally, resampled
from riskmodel.assess.pooling import FEWEST, MEASURES, SCALES, between_variance, scaled
from riskmodel.ground.statistics import Z_95

UPPER = 0.975  # the share below the upper end of a 95 % interval
YEAR_MIN = 30  # events and non-events below which a year says nothing of how years differ


def added_variance(estimates: np.ndarray, variance: np.ndarray) -> float:
    """What the years' own variance adds to that of their mean. estimates, variance > 0: of each year, shape (k,).

    Years with a number that is not known, or without any error, are left out; 0 where fewer than three are left.
    """
    known = np.isfinite(estimates) & np.isfinite(variance) & (variance > 0)
    estimates, variance = estimates[known], variance[known]
    if len(estimates) < FEWEST:
        return 0.0
    weight = 1 / variance
    freedom = len(estimates) - 1
    tau2 = between_variance(estimates, variance, np.array([freedom]))[0]
    # of so few years their own variance is hardly known: t's quantile instead of the normal one
    return float(tau2 * (weight**2).sum() / weight.sum() ** 2 * (stdtrit(freedom, UPPER) / Z_95) ** 2)


def with_between(prepared: Scores, resamples: Resamples, intervals: Mapping[str, Interval]) -> dict[str, Interval]:
    """The intervals of `pooling.MEASURES`, each wider by what years differ; the strata are years."""
    years = enough_years(prepared.tally())
    if years.sum() < FEWEST:
        return {}

    def by_year(tallied: Tally) -> Measures:
        found = [scaled(year) for year, enough in zip(tallied.by_stratum(), years, strict=True) if enough]
        return {measure: np.stack([one[measure] for one in found], axis=-1) for measure in MEASURES}

    estimates, repeated = by_year(prepared.tally()), resampled(prepared, resamples, by_year)
    added = {
        measure: added_variance(estimates[measure], np.var(repeated[measure], axis=0, ddof=1)) for measure in MEASURES
    }
    return {measure: widened(intervals[measure], measure, added[measure]) for measure in MEASURES}


def enough_years(tallied: Tally) -> np.ndarray:
    """Which years have `YEAR_MIN` events and non-events, shape (years,)."""
    return np.array(
        [min(year.events.sum(), year.non_events.sum()) >= YEAR_MIN for year in tallied.by_stratum()], dtype=bool
    )


def widened(interval: Interval, measure: str, added: float) -> Interval:
    """The interval with `added` variance, on the scale where the measure is pooled."""
    if added == 0:
        return interval
    scale = SCALES[measure]
    at, low, high = (np.asarray(scale.to(end)) for end in (interval.estimate, interval.low, interval.high))
    low, high = (at + side * np.sqrt((end - at) ** 2 + Z_95**2 * added) for side, end in ((-1, low), (1, high)))
    return Interval(interval.estimate, np.asarray(scale.back(low)), np.asarray(scale.back(high)))
