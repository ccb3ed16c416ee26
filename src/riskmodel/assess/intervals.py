"""Percentile intervals from resampling whole clusters; all measures share the resamples, so gaps are paired."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from riskmodel.assess.tally import Scores, Tally

BLOCK = 100  # resamples held in memory at a time

Measures = dict[str, np.ndarray]


@dataclass(frozen=True)
class Resamples:
    """How often each cluster is drawn in each resample.

    clusters: distinct cluster ids, ascending, shape (g,). counts: shape (b, g), each row summing to g.
    """

    clusters: np.ndarray
    counts: np.ndarray

    def index(self, cluster_ids: np.ndarray) -> np.ndarray:
        """The place of each id among `clusters`."""
        return np.searchsorted(self.clusters, cluster_ids)

    def blocks(self) -> Iterator[np.ndarray]:
        """The counts as real numbers, some resamples at a time, shape (at most BLOCK, g)."""
        for first in range(0, len(self.counts), BLOCK):
            yield self.counts[first : first + BLOCK].astype(float)


@dataclass(frozen=True)
class Interval:
    """An estimate with the ends of its interval; arrays of one shape."""

    estimate: np.ndarray
    low: np.ndarray
    high: np.ndarray


def draw_clusters(cluster_ids: np.ndarray, *, repeats: int, rng: np.random.Generator) -> Resamples:
    """`repeats` resamples with replacement of the clusters in `cluster_ids`, shape (n,), whatever the order of rows."""
    clusters = np.unique(cluster_ids)
    size = len(clusters)
    counts = np.empty((repeats, size), dtype=np.uint8)  # a cluster is never drawn 256 times out of as many draws
    for row in counts:
        row[:] = np.bincount(rng.integers(size, size=size), minlength=size)
    return Resamples(clusters, counts)


def percentiles(values: np.ndarray, *, level: float = 0.95) -> tuple[np.ndarray, np.ndarray]:
    """The ends between which the middle `level` of the resamples lie, along the first axis; NaN spreads."""
    tail = (1 - level) / 2
    low, high = np.quantile(values, [tail, 1 - tail], axis=0)
    return low, high


def resampled(prepared: Scores, resamples: Resamples, measures: Callable[[Tally], Measures]) -> Measures:
    """Each of the measures in every resample, the resamples along the first axis."""
    blocks = [measures(prepared.tally(draws)) for draws in resamples.blocks()]
    return {name: np.concatenate([block[name] for block in blocks]) for name in blocks[0]}


def with_intervals(
    prepared: Scores, resamples: Resamples, measures: Callable[[Tally], Measures], *, level: float = 0.95
) -> dict[str, Interval]:
    """Each of the measures with its percentile interval."""
    estimates = measures(prepared.tally())
    repeated = resampled(prepared, resamples, measures)
    return {name: Interval(estimates[name], *percentiles(repeated[name], level=level)) for name in estimates}


def resampled_sums(sums_by_row: np.ndarray, cluster: np.ndarray, resamples: Resamples) -> np.ndarray:
    """Column sums in every resample, shape (b, k). sums_by_row: shape (n, k). cluster: places among the clusters."""
    size = len(resamples.clusters)
    by_cluster = np.stack([np.bincount(cluster, column, minlength=size) for column in sums_by_row.T], axis=1)
    return np.concatenate([draws @ by_cluster for draws in resamples.blocks()])
