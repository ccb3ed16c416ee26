"""The level: the offset that makes risks right on average, from the latest years, and how well they tell it.

Either the last so-and-so many complete years count alike, or the data say how years weigh (a local level, Muth 1960):
each year's own offset strays by chance from a level that itself moves from year to year. How much it moves a handful of
years hardly tell, so every movement of `MOVES` has its say, by its likelihood.
"""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq

from riskmodel.ground.errors import FitError
from riskmodel.model.logistic import probability
from riskmodel.model.sample import Sample

FROM_THE_DATA = 0  # as `model.intercept_window_years`: all complete years, weighed by themselves
MOVES = (0.0, 0.03, 0.05, 0.07, 0.10, 0.14, 0.20)  # SD of the level's movement in a year, in log-odds
AHEAD = 2  # years from the youngest complete year to those that are predicted


@dataclass(frozen=True)
class Level:
    """The offset. error: its standard error, in log-odds, as the level was; coming: as it will be `AHEAD` years on."""

    offset: float
    error: float
    coming: float


def found_level(logodds: np.ndarray, window: Sample, *, years_n: int) -> Level:
    """The level of `logodds` (n,) among the cases of `window`, whole years; a `FitError` where an outcome is absent.

    years_n: as the settings say it: FROM_THE_DATA weighs the years, any other number takes them as one, which
    never moves.
    """
    if years_n != FROM_THE_DATA:
        return _of_one(logodds, window)
    year = window.month // 12
    known = [one for one in np.unique(year) if 0 < window.outcome[year == one].mean() < 1]
    if len(known) < 2:
        return _of_one(logodds, window)
    by_year = [_of_one(logodds[year == one], window.take(year == one)) for one in known]
    return local_level(np.array([one.offset for one in by_year]), np.array([one.error for one in by_year]))


def _of_one(logodds: np.ndarray, window: Sample) -> Level:
    offset = offset_for(logodds, window.outcome, window.weight)
    risk = probability(logodds + offset)
    member = np.unique(window.cluster, return_inverse=True)[1]
    strayed = np.bincount(member, window.weight * (window.outcome - risk))
    error = float(np.sqrt((strayed**2).sum()) / (window.weight @ (risk * (1 - risk))))
    return Level(offset, error, error)


def local_level(offsets: np.ndarray, errors: np.ndarray) -> Level:
    """The level in the last of at least two years.

    offsets, errors: of each year, oldest first, shape (k,). Of every movement q: the filter m ← m + K(a − m), K = P/F,
    P ← P + q, F = P + error², begun at the first year; each with weight ∝ Π F^−½·exp(−½(a − m)²/F).
    """
    moves = np.square(MOVES)
    level, variance = np.full(len(moves), offsets[0]), np.full(len(moves), errors[0] ** 2)
    log_weight = np.zeros(len(moves))
    for offset, error in zip(offsets[1:], errors[1:], strict=True):
        variance = variance + moves
        spread, away = variance + error**2, offset - level
        log_weight -= (np.log(spread) + away**2 / spread) / 2
        level, variance = level + variance / spread * away, variance * error**2 / spread
    weight = np.exp(log_weight - log_weight.max())
    weight /= weight.sum()
    found = float(weight @ level)
    known = float(weight @ (variance + (level - found) ** 2))
    return Level(found, float(np.sqrt(known)), float(np.sqrt(known + AHEAD * float(weight @ moves))))


def offset_for(logodds: np.ndarray, outcome: np.ndarray, weight: np.ndarray) -> float:
    """The real number that, added to `logodds`, makes the weighted mean risk the weighted event rate."""
    rate = float(weight @ outcome / weight.sum())
    if not 0 < rate < 1:
        raise FitError(
            f"intercept window: {int(outcome.sum())} events among {len(outcome)} cases; both outcomes are needed. "
            "Raise model.intercept_window_years in params.toml."
        )
    centre = np.log(rate / (1 - rate))

    def gap(offset: float) -> float:
        return float(weight @ probability(logodds + offset) / weight.sum()) - rate

    return float(brentq(gap, centre - logodds.max() - 1, centre - logodds.min() + 1, xtol=1e-13, rtol=1e-14))
