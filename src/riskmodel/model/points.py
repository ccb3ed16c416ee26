"""Whole-number points: the one arithmetic of a release, and what it loses against the equation.

Their level is the offset that makes risks right on average, from complete intake years. Either the data say how years
weigh (a local level, Muth 1960): each year's own offset strays by chance from a level that itself moves from year to
year. How much it moves a handful of years hardly tell, so every movement of `MOVES` has its say, by its likelihood. Or
the last so-and-so many years count alike.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from riskmodel.ground.errors import FitError
from riskmodel.ground.settings import Settings
from riskmodel.ground.statistics import OFFSETS
from riskmodel.instrument.pairs import parts_of
from riskmodel.instrument.records import NO_ANSWER
from riskmodel.model import REFUSALS
from riskmodel.model.logistic import MOST_STEPS, probability, weighted_auc
from riskmodel.model.matrix import summed
from riskmodel.model.record import Design, FittedModel, ItemCoding, ItemPoints, Points
from riskmodel.model.sample import Sample, answer_positions, intercept_window
from riskmodel.model.spline import weighted_quantile

FROM_THE_DATA = 0  # as `model.intercept_window_years`: all complete years, weighed by themselves
MOVES = (0.0, 0.03, 0.05, 0.07, 0.10, 0.14, 0.20)  # SD of the level's movement in a year, in log-odds
SETTLED = 1e-12  # log-odds
LEAST = 0.25  # of the variance if all in a cluster shared an outcome; a year of one household would look certain
AHEAD = 2  # years from the youngest complete year to those that are predicted
TAIL = 0.995  # the largest loss of all is one case's, and fails models whose rounding harms nobody


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


def points_of_answers(logodds: np.ndarray, *, per_point: float, silent: np.ndarray | None = None) -> np.ndarray:
    """Points of every answer of one item from its log-odds, no answer last: whole numbers, shape (answers + 1,).

    An answer's points are its log-odds over `per_point`, relative to the lowest answered one, halves upwards.
    No answer is clipped to the range of the answered. silent: which stand for no answer; the last alone when None.
    """
    silent = np.arange(len(logodds)) == len(logodds) - 1 if silent is None else silent
    exact = (logodds - logodds[~silent].min()) / per_point
    whole = np.floor(np.round(exact, 9) + 0.5).astype(int)
    whole[silent] = np.clip(whole[silent], 0, whole[~silent].max())
    return whole


def make_points(
    design: Design, coefficients: np.ndarray, window: Sample, *, points_per_doubling: int, years_n: int
) -> Points:
    """The table of points for `coefficients` (p,), shrunken already.

    window: the cases that tell the offset, to the nearest of its steps, and whose mean points an explanation compares
    with. years_n: as in `level.found_level`.
    """
    per_point = float(np.log(2.0)) / points_per_doubling
    items: list[ItemPoints] = []
    sums = np.zeros(len(window.outcome))
    by_answer = design.answer_logodds(coefficients)
    for coding, logodds, column in zip(design.codings, by_answer, window.positions.T, strict=True):
        table = points_of_answers(logodds, per_point=per_point, silent=_silent(coding))
        own = table[column]
        sums += own
        items.append(_item_points(coding, table, mean=float(window.weight @ own / window.weight.sum())))
    exact = found_level(sums * per_point, window, years_n=years_n).offset
    return Points(tuple(items), round(exact * OFFSETS) / OFFSETS, per_point)


def _silent(coding: ItemCoding) -> np.ndarray:
    """Which answers leave a question without one, bool (answers + 1,): the last, and some of a pair's."""
    partly = [NO_ANSWER in parts_of(code) for code in coding.codes] or [False] * (len(coding.rows) - 1)
    return np.array([*partly, True])


def _item_points(coding: ItemCoding, table: np.ndarray, *, mean: float) -> ItemPoints:
    whole = [int(points) for points in table]
    by_code = dict(zip((*coding.codes, NO_ANSWER), whole, strict=True)) if coding.codes else {NO_ANSWER: whole[-1]}
    by_value = () if coding.codes else tuple(whole[:-1])
    return ItemPoints(coding.item, by_code, coding.minimum, by_value, mean)


def sum_of_points(answers: pd.DataFrame, points: Points) -> np.ndarray:
    """The published score of every row of `answers`: whole numbers, shape (n,). An unknown level is a `FitError`."""
    return sum_at(answer_positions(answers, (item.allowed for item in points.items)), points)


def points_by_item(answers: pd.DataFrame, points: Points) -> pd.DataFrame:
    """The points of every answer: rows as in `answers`, a column an item. An unknown level is a `FitError`."""
    positions = answer_positions(answers, (item.allowed for item in points.items))
    columns = zip(points.items, positions.T, strict=True)
    return pd.DataFrame({item.item: _points_at(column, item) for item, column in columns}, index=answers.index)


def sum_at(positions: np.ndarray, points: Points) -> np.ndarray:
    """The published score from `positions` (n, items) of `answer_positions`: whole numbers, shape (n,)."""
    sums = np.zeros(len(positions), dtype=np.int64)
    for item, column in zip(points.items, positions.T, strict=True):
        sums += _points_at(column, item)
    return sums


def _points_at(positions: np.ndarray, item: ItemPoints) -> np.ndarray:
    return np.array([*item.answered, item.no_answer], dtype=np.int64)[positions]


def points_prob(sums: Sequence[int] | np.ndarray, points: Points) -> np.ndarray:
    """The risk at each sum of points, 0-1."""
    return probability(points.offset + np.asarray(sums, dtype=float) * points.per_point)


def risk_of_answers(answers: pd.DataFrame, points: Points) -> np.ndarray:
    """The published risk of every row of `answers`, 0-1, shape (n,)."""
    return points_prob(sum_of_points(answers, points), points)


def risk_by_sum(points: Points) -> tuple[int, np.ndarray]:
    """The lowest possible sum, and the risk at it and at every sum up to the highest possible."""
    first = sum(min(item.answered) for item in points.items)
    last = sum(max(item.answered) for item in points.items)
    return first, points_prob(np.arange(first, last + 1), points)


@dataclass(frozen=True)
class PointsLoss:
    """auc: absolute difference. mean_risk, tail_risk: mean and `TAIL` quantile of the absolute difference of risks.

    same_flag_share: people flagged or not flagged by both when each flags `flagged_share`.
    """

    auc: float
    mean_risk: float
    tail_risk: float
    same_flag_share: float
    flagged_share: float


def points_loss(sample: Sample, model: FittedModel, settings: Settings) -> PointsLoss:
    """Points against the shrunken equation with an intercept from the same window, so that rounding alone differs.

    Measured on the fitted cases; flags at the share nearest to the policy's capacity that a whole sum can give.
    """
    exact = _shrunken_logodds(sample, model, settings)
    sums = sum_at(sample.positions, model.points)
    rounded = model.points.offset + sums * model.points.per_point
    gap = np.abs(probability(exact) - probability(rounded))
    total = sample.weight.sum()
    share, by_points = _flags_nearest(sums, sample.weight, share=settings.policy.capacity_share)
    by_equation = _flags_highest(exact, sample.weight, share=share)
    aucs = [weighted_auc(sample.outcome, score, sample.weight) for score in (exact, rounded)]
    return PointsLoss(
        auc=abs(aucs[0] - aucs[1]),
        mean_risk=float(sample.weight @ gap / total),
        tail_risk=float(weighted_quantile(gap, sample.weight, at=(TAIL,))[0]),
        same_flag_share=float(sample.weight @ (by_points == by_equation) / total),
        flagged_share=share,
    )


def _shrunken_logodds(sample: Sample, model: FittedModel, settings: Settings) -> np.ndarray:
    score = summed(model.design.answer_logodds(model.equation.coefficients * model.shrinkage), sample.positions)
    years_n = settings.model.intercept_window_years
    _, inside = intercept_window(sample.month, years_n=years_n)
    return score + found_level(score[inside], sample.take(inside), years_n=years_n).offset


def _flags_nearest(sums: np.ndarray, weight: np.ndarray, *, share: float) -> tuple[float, np.ndarray]:
    reached = [(float(weight @ (sums >= first) / weight.sum()), int(first)) for first in np.unique(sums)]
    flagged_share, threshold = min(reached, key=lambda one: (abs(one[0] - share), one[1]))
    return flagged_share, sums >= threshold


def _flags_highest(score: np.ndarray, weight: np.ndarray, *, share: float) -> np.ndarray:
    order = np.argsort(-score, kind="stable")
    flags = np.empty(len(score), dtype=bool)
    flags[order] = np.cumsum(weight[order]) <= share * weight.sum() * (1 + 1e-9)
    return flags
