"""Distributions of whole numbers: sums of independent ones, and the risk averaged over them, exactly."""

from dataclasses import dataclass
from functools import reduce

import numpy as np
from numpy.typing import NDArray

HUNDREDTH = 100


@dataclass(frozen=True)
class Spread:
    """Probability of the whole numbers lowest, lowest + 1, …"""

    lowest: int
    prob: NDArray[np.float64]


NOTHING = Spread(0, np.ones(1))


def spread_of(values: NDArray[np.int64], prob: NDArray[np.float64]) -> Spread:
    """The distribution that gives `values[i]` with probability `prob[i]`."""
    lowest = int(values.min())
    return Spread(lowest, np.bincount(values - lowest, weights=prob).astype(np.float64))


def sum_of(spreads: list[Spread]) -> Spread:
    """The distribution of the sum of independent numbers."""
    return reduce(lambda a, b: Spread(a.lowest + b.lowest, np.convolve(a.prob, b.prob)), spreads, NOTHING)


def risk(logodds: NDArray[np.int64]) -> NDArray[np.float64]:
    """Probability from log-odds in hundredths."""
    return 1 / (1 + np.exp(-logodds / HUNDREDTH))


def expected_risk(known: NDArray[np.int64], rest: Spread) -> NDArray[np.float64]:
    """E[risk(known + rest)] for each of `known`, in hundredths of log-odds; the same shape."""
    possible = np.flatnonzero(rest.prob)
    distinct, place = np.unique(known, return_inverse=True)
    return (risk(distinct[:, None] + rest.lowest + possible) @ rest.prob[possible])[place]
