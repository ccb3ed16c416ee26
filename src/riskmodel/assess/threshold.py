"""From the municipality's policy to a threshold in whole points (method.md 6).

The demands are held against out-of-time risks, one sum of the published table after another: each sum stands for its
published risk, since the tables of the rolling years have zeros of their own.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from riskmodel.ground.settings import PolicySettings

DEMANDS = ("harm_ratio", "ppv_floor", "left_early_cap", "capacity_share")  # in the order they are asked
FEWEST_FLAGGED = 100  # a threshold that flags fewer in all rolling years says nothing about whom it flags


@dataclass(frozen=True, eq=False)
class Consequences:
    """What flagging from each risk upwards would have meant out of time; weighted shares 0-1, shape (k,) each.

    ppv and left_early_share are of those flagged, NaN where fewer than `FEWEST_FLAGGED` are.
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

    unmet: for a release without flags, the demands that no sum met together, in the policy's order.
    rejected: the threshold another harm ratio alone would give. rejected_for: the policy's demands it does not meet.
    """

    threshold: Threshold | None
    unmet: tuple[str, ...]
    rejected: Threshold | None
    rejected_for: tuple[str, ...]


def threshold_of_harm(harm_ratio: float) -> float:
    """The risk at which a needless early investigation and a missed long case weigh the same: h/(1+h)."""
    return harm_ratio / (1 + harm_ratio)


def choose_threshold(
    predictions: pd.DataFrame, policy: PolicySettings, *, first: int, risk_by_sum: np.ndarray
) -> Choice:
    """The lowest sum that meets every demand of `policy`, and the alternative that is put on record as rejected.

    predictions: points_prob, outcome, weight, left_within_100_days of out-of-time cases. risk_by_sum: the published
    risk of every whole sum from `first` upwards.
    """
    met = demands_met(consequences(predictions, risk_by_sum), risk_by_sum, policy)
    feasible = np.logical_and.reduce(list(met.values()))
    chosen = _lowest(feasible, first, risk_by_sum)
    other = threshold_of_harm(policy.alternative_harm_ratio)
    rejected = _lowest(risk_by_sum >= other, first, risk_by_sum)
    failed = () if rejected is None else tuple(demand for demand in DEMANDS if not met[demand][rejected.points - first])
    return Choice(chosen, () if chosen else _unmet(met), rejected, failed)


def consequences(predictions: pd.DataFrame, thresholds_prob: np.ndarray) -> Consequences:
    """What flagging from each of `thresholds_prob` (0-1, shape (k,)) upwards would have meant."""
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
    enough = people >= FEWEST_FLAGGED
    with np.errstate(divide="ignore", invalid="ignore"):
        return Consequences(
            flagged_share=flagged / weight.sum(),
            ppv=np.where(enough, events / flagged, np.nan),
            left_early_share=np.where(enough, left_early / left_known, np.nan),
        )


def demands_met(found: Consequences, risk_by_sum: np.ndarray, policy: PolicySettings) -> Mapping[str, np.ndarray]:
    """For each demand of the policy, which sums meet it.

    What is not known, because too few are flagged or nobody's leaving was observed, is not met. A floor of 0 and a cap
    of 1 demand nothing.
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


def _unmet(met: Mapping[str, np.ndarray]) -> tuple[str, ...]:
    """The demands that, added in the policy's order, leave no sum."""
    left = np.ones(len(met["harm_ratio"]), dtype=bool)
    for place, demand in enumerate(DEMANDS):
        left &= met[demand]
        if not left.any():
            return DEMANDS[: place + 1]
    return ()
