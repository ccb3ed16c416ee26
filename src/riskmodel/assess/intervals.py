"""Predictions tallied per risk, and intervals from resampling whole clusters; all measures share the resamples."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse

from riskmodel.ground.settings import Settings

SMALLEST_RISK = 1e-9  # keeps log-odds finite when a comparator says 0 or 1
BLOCK = 100  # resamples held in memory at a time

Measures = dict[str, np.ndarray]
RISK_COLUMNS = {
    "points": "points_prob",
    "equation": "equation_prob",
    "boosted": "boosted_prob",
    "three_item": "three_item_prob",
    "event_rate": "event_rate_prob",
    "no_history": "no_history_prob",
    "last_release": "last_release_prob",
    "best": "best_prob",
    "true": "true_prob",
}
FEW_RISKS = ("event_rate", "three_item")  # a handful of risks has no slope worth the name
CURVED = ("points", "equation", "last_release")  # those a city might use: whose calibration is looked at closely
STRATUM = "stratum"  # the column that says which cases one and the same model predicted
TAIL = (1 - 0.95) / 2  # the share of resamples below an interval, and above it
RESAMPLING_STREAM = 501  # which of the seed's random streams draws the clusters


@dataclass(frozen=True)
class Tally:
    """Weighted outcomes at each distinct risk, of each stratum by itself where there are several.

    prob: ascending, shape (u,). events, non_events: sums of weights, shape (u,), or (b, u) for b resamples. stratum:
    shape (u,); None where all are of one.
    """

    prob: np.ndarray
    events: np.ndarray
    non_events: np.ndarray
    stratum: np.ndarray | None = None

    @property
    def people(self) -> np.ndarray:
        """Sum of weights at each risk, shaped as `events`."""
        return self.events + self.non_events

    @property
    def logodds(self) -> np.ndarray:
        """Log-odds of `prob`, shape (u,)."""
        prob = np.clip(self.prob, SMALLEST_RISK, 1 - SMALLEST_RISK)
        return np.log(prob / (1 - prob))

    def by_stratum(self) -> "list[Tally]":
        """The people of each stratum, in its order."""
        if self.stratum is None:
            return [self]
        own = [self.stratum == one for one in np.unique(self.stratum)]
        return [Tally(self.prob[rows], self.events[..., rows], self.non_events[..., rows]) for rows in own]


@dataclass(frozen=True)
class Scores:
    """Predictions ready to be tallied in any resample.

    prob: distinct risks, ascending, and stratum: as in `Tally`. events, non_events: sums of weights per risk and
    cluster, shape (u, g).
    """

    prob: np.ndarray
    events: sparse.csr_array
    non_events: sparse.csr_array
    stratum: np.ndarray | None = None

    def tally(self, draws: np.ndarray | None = None) -> Tally:
        """Outcomes per risk; `draws` says how often each cluster is drawn, shape (b, g), and once each when None."""
        times = np.ones(self.events.shape[1]) if draws is None else draws.T
        return Tally(self.prob, (self.events @ times).T, (self.non_events @ times).T, self.stratum)


def scores(
    outcome: np.ndarray,
    prob: np.ndarray,
    *,
    weight: np.ndarray,
    cluster: np.ndarray,
    clusters_n: int,
    stratum: np.ndarray | None = None,
) -> Scores:
    """The predictions of n people gathered per distinct risk and cluster, and stratum where there are several.

    outcome: 0/1. prob: 0-1. weight: > 0. cluster: whole numbers 0 … clusters_n - 1. stratum: any numbers. Shape (n,)
    each.
    """
    distinct, place, of = _gathered(prob, stratum)
    shape = (len(distinct), clusters_n)
    events = sparse.coo_array((weight * outcome, (place, cluster)), shape=shape).tocsr()
    non_events = sparse.coo_array((weight * (1 - outcome), (place, cluster)), shape=shape).tocsr()
    return Scores(distinct, events, non_events, of)


def tally(
    outcome: np.ndarray, prob: np.ndarray, *, weight: np.ndarray | None = None, stratum: np.ndarray | None = None
) -> Tally:
    """The outcomes of n people per distinct risk, and stratum. weight: > 0 or one each; for the rest see `scores`."""
    outcome, prob = np.asarray(outcome, dtype=float), np.asarray(prob, dtype=float)
    weight = np.ones(len(prob)) if weight is None else np.asarray(weight, dtype=float)
    distinct, place, of = _gathered(prob, stratum)
    events, non_events = (np.bincount(place, one, len(distinct)) for one in (weight * outcome, weight * (1 - outcome)))
    return Tally(distinct, events, non_events, of)


def _gathered(prob: np.ndarray, stratum: np.ndarray | None) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
    """Every risk once, ascending, in each stratum; where among them each person is; their strata, if several."""
    distinct, place = np.unique(prob, return_inverse=True)
    if stratum is None or not len(stratum) or stratum.min() == stratum.max():
        return distinct, place, None
    strata, own = np.unique(stratum, return_inverse=True)
    pairs, place = np.unique(place * len(strata) + own, return_inverse=True)
    return distinct[pairs // len(strata)], place, strata[pairs % len(strata)]


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

    def scores(
        self,
        outcome: np.ndarray,
        prob: np.ndarray,
        *,
        weight: np.ndarray,
        cluster_ids: np.ndarray,
        stratum: np.ndarray | None = None,
    ) -> Scores:
        """People gathered by the clusters that are drawn: see `scores`."""
        cluster, clusters_n = self.index(cluster_ids), len(self.clusters)
        return scores(outcome, prob, weight=weight, cluster=cluster, clusters_n=clusters_n, stratum=stratum)

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


def percentiles(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The ends between which the middle 95 % of the resamples lie, along the first axis; NaN spreads."""
    low, high = np.quantile(values, [TAIL, 1 - TAIL], axis=0)
    return low, high


def resampled(prepared: Scores, resamples: Resamples, measures: Callable[[Tally], Measures]) -> Measures:
    """Each of the measures in every resample, the resamples along the first axis."""
    blocks = [measures(prepared.tally(draws)) for draws in resamples.blocks()]
    return {name: np.concatenate([block[name] for block in blocks]) for name in blocks[0]}


def intervals_of(estimates: Measures, repeated: Measures) -> dict[str, Interval]:
    """Each of the estimates with the percentile interval of its resamples, as `resampled` gives them."""
    return {name: Interval(value, *percentiles(repeated[name])) for name, value in estimates.items()}


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


def predictors(predictions: pd.DataFrame) -> tuple[str, ...]:
    """The predictors that `predictions` holds any risk of."""
    return tuple(name for name, column in RISK_COLUMNS.items() if column in predictions and predictions[column].any())


def resamples_of(predictions: pd.DataFrame, settings: Settings, *, stream: int = RESAMPLING_STREAM) -> Resamples:
    """The resamples of whole clusters behind every interval on these predictions; `stream` of the seed draws them."""
    rng = np.random.default_rng([settings.run.seed, stream])
    return draw_clusters(predictions["cluster_id"].to_numpy(), repeats=settings.assess.bootstrap, rng=rng)


def scores_of(
    predictions: pd.DataFrame, predictor: str, resamples: Resamples, *, rows: np.ndarray | None = None
) -> Scores:
    """Outcomes and one predictor's risks of `rows` (bool, all when None); people without that risk are left out.

    Where `predictions` have the column `STRATUM`, people are told apart by it.
    """
    prob = predictions[RISK_COLUMNS[predictor]].to_numpy(dtype=float, na_value=np.nan)
    used = np.isfinite(prob) if rows is None else np.isfinite(prob) & rows
    return resamples.scores(
        predictions["outcome"].to_numpy(dtype=float)[used],
        prob[used],
        weight=predictions["weight"].to_numpy(dtype=float)[used],
        cluster_ids=predictions["cluster_id"].to_numpy()[used],
        stratum=predictions[STRATUM].to_numpy()[used] if STRATUM in predictions else None,
    )
