"""The closed test of a new year: how much of the last release has to change, the least first (Vergouwe et al. 2017).

Adults of a household share an outcome, so χ² would call for changes that are not needed. Each step is instead a score
test whose distribution comes from turning the signs of whole clusters (Rao 1948; Kline & Santos 2012).
"""

from dataclasses import dataclass

import numpy as np

from riskmodel.assess.calibration import citl, recalibration
from riskmodel.assess.intervals import tally
from riskmodel.model.logistic import probability
from riskmodel.model.sample import check_both_outcomes

KEEP, INTERCEPT, INTERCEPT_AND_SLOPE, REFIT = UPDATES = ("keep", "intercept", "intercept_and_slope", "refit")
ALPHA = 0.05
DETERMINED = 1e-9  # of a column's sum of squares: what rounding leaves of one that others determine
BLOCK = 250  # sign patterns held in memory at a time


@dataclass(frozen=True)
class Step:
    """One update held against the refit. df: in how many directions the refit may leave it."""

    update: str
    statistic: float
    df: int
    p_value: float

    @property
    def stands(self) -> bool:
        """Whether the refit finds no more than chance would."""
        return self.p_value > ALPHA


@dataclass(frozen=True)
class ClosedTest:
    """The least update that stands, and the steps up to it."""

    update: str
    steps: tuple[Step, ...]


def closed_test(
    outcome: np.ndarray,
    lp: np.ndarray,
    x: np.ndarray,
    *,
    weight: np.ndarray,
    cluster: np.ndarray,
    repeats: int,
    rng: np.random.Generator,
) -> ClosedTest:
    """Keep, else a new intercept, else a new intercept and slope, else a refit: the first that stands at `ALPHA`.

    outcome: 0/1. lp: log-odds by the last release. weight: > 0. cluster: any ids. Shape (n,) each. x: the refit's
    columns without intercept, shape (n, p). repeats: sign patterns a step. Both outcomes are needed.
    """
    check_both_outcomes(int(outcome.sum()), len(outcome), where="new cases")
    member = np.unique(cluster, return_inverse=True)[1]
    signs = rng.integers(2, size=(repeats, int(member.max()) + 1), dtype=np.int8) * 2 - 1
    columns = np.column_stack([np.ones(len(lp)), lp, x])
    steps: list[Step] = []
    for update in UPDATES[:-1]:
        prob = probability(recalibrated_logodds(outcome, lp, weight, update=update))
        free = columns[:, : UPDATES.index(update)]  # nothing, the intercept, intercept and slope
        scores = cluster_scores(outcome, prob, columns, free, weight=weight, member=member)
        statistic = float((scores.sum(axis=0) ** 2).sum())
        steps.append(Step(update, statistic, scores.shape[1], _p_value(statistic, scores, signs)))
        if steps[-1].stands:
            return ClosedTest(update, tuple(steps))
    return ClosedTest(REFIT, tuple(steps))


def recalibrated_logodds(outcome: np.ndarray, lp: np.ndarray, weight: np.ndarray, *, update: str) -> np.ndarray:
    """`lp` after an update short of a refit, shape (n,); the intercept alone where no slope can be found."""
    tallied = tally(outcome, probability(lp), weight=weight)
    if update == INTERCEPT_AND_SLOPE:
        intercept, slope = map(float, recalibration(tallied))
        if np.isfinite(slope):
            return intercept + slope * lp
    return lp if update == KEEP else float(citl(tallied)) + lp


def cluster_scores(
    outcome: np.ndarray,
    prob: np.ndarray,
    columns: np.ndarray,
    free: np.ndarray,
    *,
    weight: np.ndarray,
    member: np.ndarray,
) -> np.ndarray:
    """Each cluster's share of the score at risks `prob`, along every direction of `columns` that `free` leaves open.

    free: the columns already fitted. Directions have information 1 and are uncorrelated, so that for independent cases
    the squared sum over clusters is Rao's statistic. Shape (clusters, df).
    """
    curvature = weight * prob * (1 - prob)
    residual = _without(columns, free, curvature)
    length = np.sqrt(curvature @ columns**2)
    residual = residual[:, length > 0] / length[length > 0]
    size, direction = np.linalg.eigh((residual * curvature[:, None]).T @ residual)
    new = size > DETERMINED
    scores = residual * (weight * (outcome - prob))[:, None]
    by_cluster = np.stack([np.bincount(member, column) for column in scores.T], axis=1)
    return by_cluster @ (direction[:, new] / np.sqrt(size[new]))


def _without(columns: np.ndarray, free: np.ndarray, curvature: np.ndarray) -> np.ndarray:
    """What is left of `columns` beyond `free`."""
    if not free.shape[1]:
        return columns
    weighted = free * curvature[:, None]
    # the log-odds of a release that gives everybody the same risk are one more intercept
    inverse = np.linalg.pinv(weighted.T @ free, rcond=DETERMINED, hermitian=True)
    return columns - free @ (inverse @ (weighted.T @ columns))


def _p_value(statistic: float, scores: np.ndarray, signs: np.ndarray) -> float:
    """How often clusters with turned signs give as large a statistic; the one observed counts among them."""
    larger_n, as_large = 0, statistic * (1 - DETERMINED)
    for first in range(0, len(signs), BLOCK):
        turned = signs[first : first + BLOCK].astype(float) @ scores
        larger_n += int(((turned**2).sum(axis=1) >= as_large).sum())
    return (1 + larger_n) / (1 + len(signs))
