"""How well a score separates the outcomes, and what whole-number points lose of it."""

from dataclasses import dataclass

import numpy as np

from riskmodel.ground.settings import Settings
from riskmodel.model.logistic import probability
from riskmodel.model.matrix import matrix
from riskmodel.model.points import offset_for, sum_at
from riskmodel.model.record import FittedModel
from riskmodel.model.sample import Sample, intercept_window


def weighted_auc(outcome: np.ndarray, score: np.ndarray, weight: np.ndarray) -> float:
    """The chance that a random event scores above a random non-event, ties counting half; NaN with one outcome only.

    outcome: 0/1, score: any real number, weight: > 0. All shape (n,).
    """
    order = np.argsort(score, kind="stable")
    ordered = score[order]
    starts = np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1]))
    events = np.add.reduceat((weight * outcome)[order], starts)
    others = np.add.reduceat((weight * (1 - outcome))[order], starts)
    pairs = events.sum() * others.sum()
    below = np.cumsum(others) - others / 2
    return float(events @ below / pairs) if pairs > 0 else float("nan")


@dataclass(frozen=True)
class PointsLoss:
    """auc: absolute difference. mean_risk, max_risk: absolute difference of a person's risk.

    same_flag_share: people flagged or not flagged by both when each flags `flagged_share`.
    """

    auc: float
    mean_risk: float
    max_risk: float
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
        max_risk=float(gap.max()),
        same_flag_share=float(sample.weight @ (by_points == by_equation) / total),
        flagged_share=share,
    )


def _shrunken_logodds(sample: Sample, model: FittedModel, settings: Settings) -> np.ndarray:
    score = matrix(sample.positions, model.design)[:, 1:] @ model.equation.coefficients * model.shrinkage
    _, in_window = intercept_window(sample.month, years_n=settings.model.intercept_window_years)
    return score + offset_for(score[in_window], sample.outcome[in_window], sample.weight[in_window])


def _flags_nearest(sums: np.ndarray, weight: np.ndarray, *, share: float) -> tuple[float, np.ndarray]:
    reached = [(float(weight @ (sums >= first) / weight.sum()), int(first)) for first in np.unique(sums)]
    flagged_share, threshold = min(reached, key=lambda one: (abs(one[0] - share), one[1]))
    return flagged_share, sums >= threshold


def _flags_highest(score: np.ndarray, weight: np.ndarray, *, share: float) -> np.ndarray:
    order = np.argsort(-score, kind="stable")
    flags = np.empty(len(score), dtype=bool)
    flags[order] = np.cumsum(weight[order]) <= share * weight.sum() * (1 + 1e-9)
    return flags
