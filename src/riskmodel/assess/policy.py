"""From the municipality's policy to a threshold in whole points (method.md 6).

The demands are held against out-of-time risks, one sum of the published table after another: each sum stands for its
published risk, since the tables of the rolling years have zeros of their own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from riskmodel.ground.choices import PolicySettings
from riskmodel.ground.files import tidy
from riskmodel.ground.words import read_words
from riskmodel.model.points import risk_by_sum
from riskmodel.model.record import Points
from riskmodel.release.evidence import DEMANDS

FEWEST_FLAGGED, MOST_ASKED = 20, 100  # people a threshold must flag, at least, before it says whom it flags
ASKED_OF_CAPACITY = 0.5  # of those that there is room for, unless that is fewer or more than these
UNSTABLE_ABOVE = 0.10  # share of models in which somebody changes side
UNSTABLE_OUTSIDE = 0.05  # share of people outside the band who may be unstable
TEXTS = read_words(Path(__file__).parent / "texts" / "band.toml")


@dataclass(frozen=True, eq=False)
class Consequences:
    """What flagging from each risk upwards would have meant out of time; weighted shares 0-1, shape (k,) each.

    ppv and left_early_share are of those flagged, NaN where too few are, or nobody's leaving is known.
    """

    flagged_share: np.ndarray
    ppv: np.ndarray
    left_early_share: np.ndarray


@dataclass(frozen=True)
class Threshold:
    """A whole sum of points from which people are flagged, and its published risk (0-1)."""

    points: int
    prob: float


@dataclass(frozen=True)
class Choice:
    """What the policy leads to. threshold: None for a release without flags.

    unmet: for a release without flags, the demands that no sum met together, in the policy's order. not_known: those
    that no sum can be held against, among sums that meet the others. rejected: the threshold another harm ratio alone
    would give. rejected_for: the policy's demands it is not shown to meet.
    """

    threshold: Threshold | None
    unmet: tuple[str, ...]
    not_known: tuple[str, ...]
    rejected: Threshold | None
    rejected_for: tuple[str, ...]


NOBODY = Threshold(2**31, float("inf"))  # of a release without flags: more points than any sum


def threshold_of_harm(harm_ratio: float) -> float:
    """The risk at which a needless early investigation and a missed long case weigh the same: h/(1+h)."""
    return harm_ratio / (1 + harm_ratio)


def choice_for(predictions: pd.DataFrame, points: Points, policy: PolicySettings) -> Choice:
    """What `policy` leads to among the risks of `points` as they are written, so that a threshold is one of them."""
    first, risks = risk_by_sum(points)
    return choose_threshold(predictions, policy, first=first, risk_by_sum=np.array(tidy(risks.tolist())))


def choose_threshold(
    predictions: pd.DataFrame, policy: PolicySettings, *, first: int, risk_by_sum: np.ndarray
) -> Choice:
    """The lowest sum that meets every demand of `policy`, and the alternative that is put on record as rejected.

    predictions: points_prob, outcome, weight, left_within_100_days of out-of-time cases. risk_by_sum: the published
    risk of every whole sum from `first` upwards.
    """
    fewest = fewest_flagged(policy, len(predictions))
    found = consequences(predictions, risk_by_sum, fewest=fewest)
    met = demands_met(found, risk_by_sum, policy)
    feasible = np.logical_and.reduce(list(met.values()))
    chosen = _lowest(feasible, first, risk_by_sum)
    other = threshold_of_harm(policy.alternative_harm_ratio)
    rejected = _lowest(risk_by_sum >= other, first, risk_by_sum)
    failed = () if rejected is None else tuple(demand for demand in DEMANDS if not met[demand][rejected.points - first])
    if chosen:
        return Choice(chosen, (), (), rejected, failed)
    unknown = _not_known(found, met)
    known = {demand: holds | (demand in unknown) for demand, holds in met.items()}
    return Choice(None, _unmet(known), unknown, rejected, failed)


def fewest_flagged(policy: PolicySettings, people_n: int) -> int:
    """How many of `people_n` a threshold must flag before it says whom it flags: half of those there is room for."""
    room = ASKED_OF_CAPACITY * policy.capacity_share * people_n
    return max(FEWEST_FLAGGED, min(MOST_ASKED, int(room)))


def consequences(predictions: pd.DataFrame, thresholds_prob: np.ndarray, *, fewest: int) -> Consequences:
    """What flagging from each of `thresholds_prob` (0-1, shape (k,)) upwards would have meant.

    fewest: people below whom it is not known whom a threshold flags.
    """
    weight = predictions["weight"].to_numpy(dtype=float)
    left = predictions["left_within_100_days"].to_numpy(dtype=float, na_value=np.nan)
    known = np.isfinite(left)
    sums = np.column_stack(
        [
            np.ones(len(weight)),
            weight,
            weight * predictions["outcome"].to_numpy(dtype=float),
            weight * known,
            weight * np.where(known, left, 0.0),
        ]
    )
    order = np.argsort(predictions["points_prob"].to_numpy(dtype=float), kind="stable")
    prob = predictions["points_prob"].to_numpy(dtype=float)[order]
    from_top = np.vstack([np.cumsum(sums[order][::-1], axis=0)[::-1], np.zeros(sums.shape[1])])
    people, flagged, events, left_known, left_early = from_top[np.searchsorted(prob, thresholds_prob, side="left")].T
    enough = people >= fewest
    with np.errstate(divide="ignore", invalid="ignore"):
        return Consequences(
            flagged_share=flagged / weight.sum(),
            ppv=np.where(enough, events / flagged, np.nan),
            left_early_share=np.where(enough, left_early / left_known, np.nan),
        )


def demands_met(found: Consequences, risk_by_sum: np.ndarray, policy: PolicySettings) -> Mapping[str, np.ndarray]:
    """For each demand of the policy, which sums meet it.

    What is not known, because too few are flagged or nobody's leaving was observed, is not shown to be met. A floor of
    0 and a cap of 1 demand nothing.
    """
    return {
        "harm_ratio": risk_by_sum >= threshold_of_harm(policy.harm_ratio),
        "ppv_floor": (found.ppv >= policy.ppv_floor) | (policy.ppv_floor <= 0),
        "left_early_cap": (found.left_early_share <= policy.left_early_cap) | (policy.left_early_cap >= 1),
        "capacity_share": found.flagged_share <= policy.capacity_share,
    }


def _lowest(feasible: np.ndarray, first: int, risk_by_sum: np.ndarray) -> Threshold | None:
    places = np.flatnonzero(feasible)
    return Threshold(first + int(places[0]), float(risk_by_sum[places[0]])) if len(places) else None


def _not_known(found: Consequences, met: Mapping[str, np.ndarray]) -> tuple[str, ...]:
    """The demands that can be judged at none of the sums that meet those of harm and capacity, which always can."""
    among = met["harm_ratio"] & met["capacity_share"]
    unknown = {"ppv_floor": np.isnan(found.ppv), "left_early_cap": np.isnan(found.left_early_share)}
    return tuple(
        demand
        for demand, is_unknown in unknown.items()
        if among.any() and bool((is_unknown & ~met[demand])[among].all())
    )


def _unmet(met: Mapping[str, np.ndarray]) -> tuple[str, ...]:
    """The demands that, added in the policy's order, leave no sum."""
    left = np.ones(len(met["harm_ratio"]), dtype=bool)
    for place, demand in enumerate(DEMANDS):
        left &= met[demand]
        if not left.any():
            return DEMANDS[: place + 1]
    return ()


@dataclass(frozen=True)
class Stability:
    """How firmly the threshold divides people. lowest, highest: whole points of the band; None when it is empty.

    in_band_share: of cases. change_share: mean share of models in which a case changes side, over all cases.
    """

    lowest: int | None
    highest: int | None
    in_band_share: float
    change_share: float


def method(models_n: int) -> dict[str, str]:
    """How a band came about, in words."""
    return TEXTS.both("method", models_n=models_n)


def stability(people: pd.DataFrame, threshold: Threshold, flagged_models_share: np.ndarray) -> Stability:
    """The band around `threshold`, from the points and weight of `people`, the modelled cases.

    flagged_models_share: of the resampled models those that flag a case, each by its own points and threshold; (n,).
    """
    sums, weight = people["points"].to_numpy(dtype=np.int64), people["weight"].to_numpy(dtype=float)
    changed_share = np.where(sums >= threshold.points, 1 - flagged_models_share, flagged_models_share)
    first = int(min(sums.min(), threshold.points))
    size = int(max(sums.max(), threshold.points)) - first + 1
    at_sum = np.bincount(sums - first, weight, minlength=size)
    unstable = np.bincount(sums - first, weight * (changed_share > UNSTABLE_ABOVE), minlength=size)
    lowest, end = narrowest_band(at_sum, unstable, flag=threshold.points - first)
    return Stability(
        lowest=first + lowest if end > lowest else None,
        highest=first + end - 1 if end > lowest else None,
        in_band_share=float(at_sum[lowest:end].sum() / at_sum.sum()),
        change_share=float(weight @ changed_share / weight.sum()),
    )


def narrowest_band(people: np.ndarray, unstable: np.ndarray, *, flag: int) -> tuple[int, int]:
    """Start and end (one past the last) of the narrowest band that holds the border just below `flag`.

    people, unstable: weight at each sum, shape (k,). Outside the band at most `UNSTABLE_OUTSIDE` of the people are
    unstable. Of bands equally narrow the one that leaves the fewest unstable outside, then the most even one.
    """
    before = np.concatenate([[0.0], np.cumsum(people)]), np.concatenate([[0.0], np.cumsum(unstable)])
    for width in range(len(people) + 1):
        bands = [(start, start + width) for start in range(max(0, flag - width), min(flag, len(people) - width) + 1)]
        fitting = []
        for start, end in bands:
            outside, unsteady = (total[-1] - total[end] + total[start] for total in before)
            if unsteady <= UNSTABLE_OUTSIDE * outside:
                fitting.append((unsteady, abs(2 * flag - start - end), start, end))
        if fitting:
            return min(fitting)[2:]
    return 0, len(people)
