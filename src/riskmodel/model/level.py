"""The level: the offset that makes risks right on average, from complete intake years, and how well they tell it.

Either the data say how years weigh (a local level, Muth 1960): each year's own offset strays by chance from a level
that itself moves from year to year. How much it moves a handful of years hardly tell, so every movement of `MOVES` has
its say, by its likelihood. Or the last so-and-so many years count alike.
"""

from dataclasses import dataclass

import numpy as np

from riskmodel.ground.errors import FitError
from riskmodel.model import REFUSALS
from riskmodel.model.logistic import MOST_STEPS, probability
from riskmodel.model.sample import Sample

FROM_THE_DATA = 0  # as `model.intercept_window_years`: all complete years, weighed by themselves
MOVES = (0.0, 0.03, 0.05, 0.07, 0.10, 0.14, 0.20)  # SD of the level's movement in a year, in log-odds
SETTLED = 1e-12  # log-odds
LEAST = 0.25  # of the variance if all in a cluster shared an outcome; a year of one household would look certain
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
    people = (logodds, window.outcome, window.weight, window.cluster)
    if years_n == FROM_THE_DATA:
        year = window.month // 12
        years = (tuple(rows[year == one] for rows in people) for one in np.unique(year))
        known = [_of_one(*own) for own in years if 0 < own[1].mean() < 1]
        if len(known) > 1:
            return local_level(np.array([one.offset for one in known]), np.array([one.error for one in known]))
    return _of_one(*people)


def _of_one(logodds: np.ndarray, outcome: np.ndarray, weight: np.ndarray, cluster: np.ndarray) -> Level:
    offset = offset_for(logodds, outcome, weight)
    risk = probability(logodds + offset)
    member = np.unique(cluster, return_inverse=True)[1]
    strayed = np.bincount(member, weight * (outcome - risk))
    alike = np.bincount(member, weight * np.sqrt(risk * (1 - risk)))
    error = float(np.sqrt(max(strayed @ strayed, LEAST * alike @ alike)) / (weight @ (risk * (1 - risk))))
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
        raise FitError(REFUSALS["one_outcome_in_window"].filled(events=int(outcome.sum()), cases=len(outcome)))
    centre = float(np.log(rate / (1 - rate)))
    low, high = centre - logodds.max() - 1, centre - logodds.min() + 1
    offset = centre - float(weight @ logodds / weight.sum())
    for _ in range(MOST_STEPS):  # Newton's, halving what is left where one leaves it
        risk = probability(logodds + offset)
        gap = float(weight @ (outcome - risk))
        low, high = (offset, high) if gap > 0 else (low, offset)
        moved = offset + gap / float(weight @ (risk * (1 - risk)))
        if abs(moved - offset) < SETTLED:
            return moved
        offset = moved if low < moved < high else (low + high) / 2
    return offset
