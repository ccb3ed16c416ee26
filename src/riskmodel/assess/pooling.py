"""Estimates of places or years that differ by more than chance: their mean, and how much they differ."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, ndtri
from scipy.stats import chi2, t

from riskmodel.assess.calibration import auc, citl, oe, recalibration
from riskmodel.assess.intervals import Interval, Measures, Resamples, Scores, Tally, resampled
from riskmodel.ground.statistics import Z_95

FEWEST = 3  # places or years below which nothing can be said about the next one
TAILS = (0.025, 0.975)  # shares below the ends of a 95 % interval
_POINTS, _WEIGHTS = np.polynomial.legendre.leggauss(48)  # so many put the ends right to 1e-4 of the width
NODES, SHARES = (1 + _POINTS) / 2, _WEIGHTS / 2  # where distributions are read off, and how much each place counts
HALVINGS = 30  # of the range in which an end is looked for
NEAR = 1e-12  # when a tau² is found, relative to it and to the smallest variance

Array = np.ndarray | float
UPPER = 0.975  # the share below the upper end of a 95 % interval
YEAR_MIN = 30  # events and non-events below which a year says nothing of how years differ


@dataclass(frozen=True)
class Scale:
    """Where a measure is pooled, because it is nearer to normal there, and the way back."""

    to: Callable[[Array], Array]
    back: Callable[[Array], Array]


def _logit(prob: Array) -> Array:
    return np.log(prob) - np.log1p(-np.asarray(prob))


def _inverse_logit(logodds: Array) -> Array:
    return 1 / (1 + np.exp(-np.asarray(logodds)))


SCALES = {
    "auc": Scale(_logit, _inverse_logit),
    "oe": Scale(np.log, np.exp),
    "citl": Scale(np.positive, np.positive),
    "recalibration_slope": Scale(np.positive, np.positive),
}
MEASURES = tuple(SCALES)


@dataclass(frozen=True)
class Pooled:
    """A mean over groups with its 95 % interval, the interval for a new group, and tau², the groups' own variance."""

    mean: float
    se: float
    low: float
    high: float
    prediction_low: float
    prediction_high: float
    tau2: float


@dataclass(frozen=True, eq=False)
class Weighed:
    """The mean, its variance by Hartung & Knapp and the scatter around it (Cochran's Q), at each tau²; shape (j,)."""

    mean: np.ndarray
    variance: np.ndarray
    scatter: np.ndarray
    steepness: np.ndarray  # how fast the scatter falls as tau² grows


def pool(estimates: np.ndarray, se: np.ndarray) -> Pooled:
    """The random-effects mean of k >= 2 `estimates` with standard errors `se` > 0, shape (k,) each.

    Mean at the tau² of Paule & Mandel 1982, se by Hartung & Knapp 2001. Both intervals hold the middle 95 % of
    mu = mean(tau²) + t·se(tau²) and of mu + z·tau, t on k - 1 degrees of freedom, tau² from its confidence
    distribution (Nagashima 2019, by the Q-profile of Viechtbauer 2007). The prediction is NaN when k < 3.
    """
    # a sum in another order differs in its last digit; a published figure should not
    estimates, variance = np.array(sorted(zip(estimates, np.square(se), strict=True)), dtype=float).T
    freedom = len(estimates) - 1
    tau2 = between_variance(estimates, variance, np.array([freedom]))
    found = weighed(estimates, variance, tau2)
    by_chance = chi2.ppf(NODES, freedom)
    possible_tau2 = between_variance(estimates, variance, by_chance)
    possible = weighed(estimates, variance, possible_tau2)
    # t is z over the root of chi² a degree of freedom: given both chi² everything is normal
    mean_variance = possible.variance[:, None] * (freedom / by_chance)
    low, high = _middle(possible.mean[:, None], mean_variance)
    next_low, next_high = _middle(possible.mean[:, None], mean_variance + possible_tau2[:, None])
    enough = len(estimates) >= FEWEST
    return Pooled(
        mean=float(found.mean[0]),
        se=float(np.sqrt(found.variance[0])),
        low=low,
        high=high,
        # one group far more precise than the rest can turn the two round by a hair
        prediction_low=min(next_low, low) if enough else np.nan,
        prediction_high=max(next_high, high) if enough else np.nan,
        tau2=float(tau2[0]),
    )


def between_variance(estimates: np.ndarray, variance: np.ndarray, scatter: np.ndarray) -> np.ndarray:
    """The tau² that, added to each `variance`, make the weighted scatter of the estimates what `scatter` says; (j,).

    0 where it is smaller already. At the true tau² the scatter is chi² on k - 1 degrees of freedom: its mean k - 1
    gives an estimate, its quantiles a confidence distribution.
    """
    tau2 = np.zeros(len(scatter))
    while True:
        found = weighed(estimates, variance, tau2)
        excess = found.scatter / scatter - 1
        # one over the scatter is concave in tau², and straight when errors are equal: Newton's steps never overshoot
        step = np.divide(found.scatter * excess, found.steepness, out=np.zeros(len(tau2)), where=excess > 0)
        tau2 = tau2 + step
        if np.all(step <= NEAR * (tau2 + variance.min())):
            return tau2


def weighed(estimates: np.ndarray, variance: np.ndarray, tau2: np.ndarray) -> Weighed:
    """The estimates weighted by one over their `variance`, shape (k,), and each of `tau2`, shape (j,)."""
    weight = 1 / (variance + tau2[:, None])
    total = weight.sum(axis=1)
    mean = weight @ estimates / total
    away = weight * (estimates - mean[:, None])
    steepness = (away**2).sum(axis=1)
    scatter = (away**2 / weight).sum(axis=1)
    return Weighed(mean, scatter / (len(estimates) - 1) / total, scatter, steepness)


def _middle(centre: np.ndarray, variance: np.ndarray) -> tuple[float, float]:
    """The ends of the middle 95 % of normals mixed by SHARES: of their centres a row, of their variances all."""
    share, sd = np.outer(SHARES, SHARES), np.sqrt(np.maximum(variance, np.finfo(float).tiny))
    own_ends = [centre + ndtri(tail) * sd for tail in TAILS]
    low, high = (np.array([pick(ends) for ends in own_ends]) for pick in (np.min, np.max))
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        below = np.array([(share * ndtr((end - centre) / sd)).sum() for end in middle])
        low, high = np.where(below < TAILS, middle, low), np.where(below < TAILS, high, middle)
    return float((low + high)[0] / 2), float((low + high)[1] / 2)


def scaled(tallied: Tally) -> Measures:
    """Each of `MEASURES` on the scale it is pooled on."""
    found = {"auc": auc(tallied), "oe": oe(tallied), "citl": citl(tallied)}
    found["recalibration_slope"] = recalibration(tallied)[1]
    with np.errstate(divide="ignore"):
        return {measure: np.asarray(SCALES[measure].to(found[measure])) for measure in MEASURES}


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
    return float(tau2 * (weight**2).sum() / weight.sum() ** 2 * (t.ppf(UPPER, freedom) / Z_95) ** 2)


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
