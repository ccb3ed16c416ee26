"""The closed test of a new year: how much of the last release has to change, at a risk of .05 in all of being wrong.

Three questions are put to it, each in one direction, for a test in forty at once would hardly find that the level has
moved (Vergouwe et al. 2017): are the risks right on average; are they as far apart as they should be, their mean
corrected; does each question weigh as it did, mean and spread corrected? The deepest that is answered with no names the
update. Adults of a household share an outcome, so scores are summed by cluster (Rao 1948), and what chance alone gives
is found by turning the signs of whole clusters (Kline & Santos 2012).
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from riskmodel.assess import REFUSALS
from riskmodel.assess.calibration import citl, recalibration
from riskmodel.assess.clustered import DETERMINED, cluster_scores, cluster_z
from riskmodel.assess.intervals import tally
from riskmodel.model.logistic import probability
from riskmodel.model.sample import check_both_outcomes

KEEP, INTERCEPT, INTERCEPT_AND_SLOPE, REFIT = UPDATES = ("keep", "intercept", "intercept_and_slope", "refit")
ALPHA = {INTERCEPT: 0.03, INTERCEPT_AND_SLOPE: 0.01, REFIT: 0.01}  # the last is shared between the items
BLOCK = 250  # sign patterns held in memory at a time


@dataclass(frozen=True)
class Step:
    """One question to the last release. update: what it asks for where the answer is no. item: tested for a refit."""

    update: str
    p_value: float
    alpha: float
    item: str = ""

    @property
    def rejects(self) -> bool:
        """Whether the new cases lie further from the release than chance would take them."""
        return self.p_value <= self.alpha


@dataclass(frozen=True)
class AllDirections:
    """The release held against the refit in all of its df directions at once: printed, and nothing follows from it."""

    statistic: float
    df: int
    p_value: float


@dataclass(frozen=True)
class ClosedTest:
    """The steps, shallowest first, and the test in all directions."""

    steps: tuple[Step, ...]
    all_directions: AllDirections

    @property
    def update(self) -> str:
        """What the deepest step that rejects asks for; to keep the release when none does."""
        return max((step.update for step in self.steps if step.rejects), key=UPDATES.index, default=KEEP)

    @property
    def items(self) -> tuple[str, ...]:
        """The items that weigh otherwise than they did, the clearest first."""
        return tuple(one.item for one in sorted(self.steps, key=lambda one: one.p_value) if one.rejects and one.item)


def closed_test(
    outcome: np.ndarray,
    lp: np.ndarray,
    x: np.ndarray,
    *,
    items: Mapping[str, np.ndarray],
    weight: np.ndarray,
    cluster: np.ndarray,
    repeats: int,
    rng: np.random.Generator,
) -> ClosedTest:
    """Whether level, spread or one item of the last release has to change, at `ALPHA`.

    outcome: 0/1. lp: log-odds by the last release. items: each item's part of them. weight: > 0. cluster: any ids.
    Shape (n,) each. x: the refit's columns without intercept, shape (n, p). repeats: sign patterns. Both outcomes are
    needed.
    """
    check_both_outcomes(int(outcome.sum()), len(outcome), where=REFUSALS["new_cases"])
    member = np.unique(cluster, return_inverse=True)[1]
    signs = rng.integers(2, size=(repeats, int(member.max()) + 1), dtype=np.int8) * 2 - 1
    columns = np.column_stack([np.ones(len(lp)), lp, x])
    prob = {one: probability(recalibrated_logodds(outcome, lp, weight, update=one)) for one in UPDATES[:-1]}

    def scores(adjusted: str, tested: np.ndarray) -> np.ndarray:
        free = columns[:, : UPDATES.index(adjusted)]  # nothing, the intercept, intercept and slope
        return cluster_scores(outcome, prob[adjusted], tested, free, weight=weight, member=member)

    level, spread = scores(KEEP, columns[:, :1]), scores(INTERCEPT, columns[:, 1:2])
    everything = scores(KEEP, columns)
    steps = [
        Step(update, _p_value(found, signs), ALPHA[update])
        for update, found in ((INTERCEPT, level), (INTERCEPT_AND_SLOPE, spread))
    ]
    for item, column in items.items():
        score = cluster_z(scores(INTERCEPT_AND_SLOPE, column[:, None]))
        steps.append(Step(REFIT, two_sided(score), ALPHA[REFIT] / len(items), item))
    return ClosedTest(
        tuple(steps),
        AllDirections(_statistic(everything), everything.shape[1], _p_value(everything, signs)),
    )


def two_sided(score: float) -> float:
    """How often a standard normal number lies as far from 0."""
    return math.erfc(abs(score) / math.sqrt(2))


def recalibrated_logodds(outcome: np.ndarray, lp: np.ndarray, weight: np.ndarray, *, update: str) -> np.ndarray:
    """`lp` after an update short of a refit, shape (n,); the intercept alone where no slope can be found."""
    tallied = tally(outcome, probability(lp), weight=weight)
    if update == INTERCEPT_AND_SLOPE:
        intercept, slope = map(float, recalibration(tallied))
        if np.isfinite(slope):
            return intercept + slope * lp
    return lp if update == KEEP else float(citl(tallied)) + lp


def _statistic(scores: np.ndarray) -> float:
    return float((scores.sum(axis=0) ** 2).sum())


def _p_value(scores: np.ndarray, signs: np.ndarray) -> float:
    """How often clusters with turned signs give as large a statistic; the one observed counts among them."""
    larger_n, as_large = 0, _statistic(scores) * (1 - DETERMINED)
    for first in range(0, len(signs), BLOCK):
        turned = signs[first : first + BLOCK].astype(float) @ scores
        larger_n += int(((turned**2).sum(axis=1) >= as_large).sum())
    return (1 + larger_n) / (1 + len(signs))
