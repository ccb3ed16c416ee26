"""Events and non-events at each distinct risk: all that the measures of this package need to know."""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

SMALLEST_RISK = 1e-9  # keeps log-odds finite when a comparator says 0 or 1


@dataclass(frozen=True)
class Tally:
    """Weighted outcomes at each distinct risk.

    prob: ascending, shape (u,). events, non_events: sums of weights, shape (u,), or (b, u) for b resamples.
    """

    prob: np.ndarray
    events: np.ndarray
    non_events: np.ndarray

    @property
    def people(self) -> np.ndarray:
        """Sum of weights at each risk, shaped as `events`."""
        return self.events + self.non_events

    @property
    def logodds(self) -> np.ndarray:
        """Log-odds of `prob`, shape (u,)."""
        prob = np.clip(self.prob, SMALLEST_RISK, 1 - SMALLEST_RISK)
        return np.log(prob / (1 - prob))


@dataclass(frozen=True)
class Scores:
    """Predictions ready to be tallied in any resample.

    prob: distinct risks, ascending, shape (u,). events, non_events: sums of weights per risk and cluster, shape (u, g).
    """

    prob: np.ndarray
    events: sparse.csr_array
    non_events: sparse.csr_array

    def tally(self, draws: np.ndarray | None = None) -> Tally:
        """Outcomes per risk; `draws` says how often each cluster is drawn, shape (b, g), and once each when None."""
        times = np.ones(self.events.shape[1]) if draws is None else draws.T
        return Tally(self.prob, (self.events @ times).T, (self.non_events @ times).T)


def scores(
    outcome: np.ndarray, prob: np.ndarray, *, weight: np.ndarray, cluster: np.ndarray, clusters_n: int
) -> Scores:
    """The predictions of n people gathered per distinct risk and cluster.

    outcome: 0/1. prob: 0-1. weight: > 0. cluster: whole numbers 0 … clusters_n - 1. Shape (n,) each.
    """
    distinct, place = np.unique(prob, return_inverse=True)
    shape = (len(distinct), clusters_n)
    events = sparse.coo_array((weight * outcome, (place, cluster)), shape=shape).tocsr()
    non_events = sparse.coo_array((weight * (1 - outcome), (place, cluster)), shape=shape).tocsr()
    return Scores(distinct, events, non_events)


def tally(outcome: np.ndarray, prob: np.ndarray, *, weight: np.ndarray | None = None) -> Tally:
    """The outcomes of n people per distinct risk. outcome: 0/1, prob: 0-1, weight: > 0 or one each; shape (n,)."""
    outcome, prob = np.asarray(outcome, dtype=float), np.asarray(prob, dtype=float)
    weight = np.ones(len(prob)) if weight is None else np.asarray(weight, dtype=float)
    alone = np.zeros(len(prob), dtype=int)
    return scores(outcome, prob, weight=weight, cluster=alone, clusters_n=1).tally()


def rounded(whole: Tally, *, step: float) -> Tally:
    """The same people with risks rounded to whole multiples of `step`."""
    multiples, starts = np.unique(np.round(whole.prob / step).astype(np.int64), return_index=True)
    return Tally(
        multiples * step,
        np.add.reduceat(whole.events, starts, axis=-1),
        np.add.reduceat(whole.non_events, starts, axis=-1),
    )
