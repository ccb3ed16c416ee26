"""Intervals from resampling whole clusters; all measures share the resamples, so gaps are paired."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from statistics import NormalDist

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


def share_interval(
    part: float, whole: float, repeated: np.ndarray, *, level: float = 0.95
) -> tuple[float, float, float]:
    """A share and the ends of Wilson's interval (1927) for as many people as would give it the spread of its resamples.

    part, whole: sums of weights. repeated: the share in each resample, shape (b,). Where everybody or nobody is in the
    part, resamples do not spread, and the people are those of the whole. NaN for a share of nothing.
    """
    if whole == 0:
        return np.nan, np.nan, np.nan
    share, variance = part / whole, float(np.var(repeated))
    people = share * (1 - share) / variance if 0 < share < 1 and variance > 0 else whole
    z = NormalDist().inv_cdf((1 + level) / 2)
    added = z**2 / people
    centre, half = share + added / 2, np.sqrt(added * (share * (1 - share) + added / 4))
    return share, float(max(0.0, centre - half) / (1 + added)), float(min(1 + added, centre + half) / (1 + added))


def resampled(prepared: Scores, resamples: Resamples, measures: Callable[[Tally], Measures]) -> Measures:
    """Each of the measures in every resample, the resamples along the first axis."""
    blocks = [measures(prepared.tally(draws)) for draws in resamples.blocks()]
    return {name: np.concatenate([block[name] for block in blocks]) for name in blocks[0]}


def intervals_of(estimates: Measures, repeated: Measures, *, level: float = 0.95) -> dict[str, Interval]:
    """Each of the estimates with the percentile interval of its resamples, as `resampled` gives them."""
    return {name: Interval(value, *percentiles(repeated[name], level=level)) for name, value in estimates.items()}


def resampled_sums(sums_by_row: np.ndarray, cluster: np.ndarray, resamples: Resamples) -> np.ndarray:
    """Column sums in every resample, shape (b, k). sums_by_row: shape (n, k). cluster: places among the clusters."""
    size = len(resamples.clusters)
    by_cluster = np.stack([np.bincount(cluster, column, minlength=size) for column in sums_by_row.T], axis=1)
    return np.concatenate([draws @ by_cluster for draws in resamples.blocks()])


def resampled_group_sums(
    sums_by_row: np.ndarray, rows_by_group: Sequence[np.ndarray], cluster: np.ndarray, resamples: Resamples
) -> np.ndarray:
    """Column sums of every group in every resample, shape (groups, b, k): one pass, not one a group.

    sums_by_row: shape (n, k). rows_by_group: bool masks of shape (n,), which may overlap.
    """
    own = np.concatenate([sums_by_row * rows[:, None] for rows in rows_by_group], axis=1)
    repeated = resampled_sums(own, cluster, resamples)
    return np.moveaxis(repeated.reshape(len(repeated), len(rows_by_group), -1), 1, 0)
