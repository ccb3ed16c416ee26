"""Whole-number points: the one arithmetic of a release, and what it loses against the equation."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.optimize import brentq

from riskmodel.ground.errors import FitError
from riskmodel.instrument.records import NO_ANSWER
from riskmodel.model.logistic import probability
from riskmodel.model.record import Design, ItemCoding, ItemPoints, Points
from riskmodel.model.sample import Sample, answer_positions

OFFSETS = 50  # a unit of log-odds: what one person moves in the exact offset would tell how their case ended


def points_of_answers(coding: ItemCoding, coefficients: np.ndarray, *, per_point: float) -> np.ndarray:
    """Points of every answer of one item, no answer last: whole numbers, shape (answers + 1,).

    An answer's points are its log-odds over `per_point`, relative to the lowest answered one, halves upwards.
    No answer is clipped to the range of the answered.
    """
    logodds = coding.rows @ coefficients
    exact = (logodds - logodds[:-1].min()) / per_point
    whole = np.floor(np.round(exact, 9) + 0.5).astype(int)
    whole[-1] = np.clip(whole[-1], 0, whole[:-1].max())
    return whole


def make_points(design: Design, coefficients: np.ndarray, window: Sample, *, points_per_doubling: int) -> Points:
    """The table of points for `coefficients` (p,), shrunken already.

    window: the cases whose event rate the offset keeps, to the nearest of its steps, and whose mean points an
    explanation compares with.
    """
    per_point = float(np.log(2.0)) / points_per_doubling
    items: list[ItemPoints] = []
    sums = np.zeros(len(window.outcome))
    for coding, column in zip(design.codings, window.positions.T, strict=True):
        table = points_of_answers(coding, coefficients[design.columns_of(coding.item)], per_point=per_point)
        own = table[column]
        sums += own
        items.append(_item_points(coding, table, mean=float(window.weight @ own / window.weight.sum())))
    exact = offset_for(sums * per_point, window.outcome, window.weight)
    return Points(tuple(items), round(exact * OFFSETS) / OFFSETS, per_point)


def _item_points(coding: ItemCoding, table: np.ndarray, *, mean: float) -> ItemPoints:
    whole = [int(points) for points in table]
    by_code = dict(zip((*coding.codes, NO_ANSWER), whole, strict=True)) if coding.codes else {NO_ANSWER: whole[-1]}
    by_value = () if coding.codes else tuple(whole[:-1])
    return ItemPoints(coding.item, by_code, coding.minimum, by_value, mean)


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


def sum_of_points(answers: pd.DataFrame, points: Points) -> np.ndarray:
    """The published score of every row of `answers`: whole numbers, shape (n,). An unknown level is a `FitError`."""
    return sum_at(answer_positions(answers, (item.allowed for item in points.items)), points)


def sum_at(positions: np.ndarray, points: Points) -> np.ndarray:
    """The published score from `positions` (n, items) of `answer_positions`: whole numbers, shape (n,)."""
    sums = np.zeros(len(positions), dtype=np.int64)
    for item, column in zip(points.items, positions.T, strict=True):
        sums += np.array([*item.answered, item.no_answer])[column]
    return sums


def points_prob(sums: Sequence[int] | np.ndarray, points: Points) -> np.ndarray:
    """The risk at each sum of points, 0-1."""
    return probability(points.offset + np.asarray(sums, dtype=float) * points.per_point)


def risk_by_sum(points: Points) -> tuple[int, np.ndarray]:
    """The lowest possible sum, and the risk at it and at every sum up to the highest possible."""
    first = sum(min(item.answered) for item in points.items)
    last = sum(max(item.answered) for item in points.items)
    return first, points_prob(np.arange(first, last + 1), points)
