"""What flagging is worth at a threshold, against flagging nobody and everybody (Vickers & Elkin 2006)."""

import numpy as np

from riskmodel.assess.tally import Tally
from riskmodel.ground.settings import AssessSettings

STEP = 0.01


def thresholds(settings: AssessSettings) -> np.ndarray:
    """The pre-set range of risk thresholds, one a hundredth."""
    steps = round((settings.net_benefit_highest - settings.net_benefit_lowest) / STEP)
    return np.round(settings.net_benefit_lowest + STEP * np.arange(steps + 1), 10)


def net_benefit(tallied: Tally, threshold_prob: np.ndarray) -> np.ndarray:
    """True positives less weighted false positives per person when everyone at or above the threshold is flagged.

    threshold_prob: in (0, 1), shape (t,). Returns shape (..., t).
    """
    first = np.searchsorted(tallied.prob, threshold_prob, side="left")
    found = _from(tallied.events, first)
    needless = _from(tallied.non_events, first)
    total = tallied.people.sum(axis=-1)[..., None]
    return (found - needless * threshold_prob / (1 - threshold_prob)) / total


def net_benefit_of_all(tallied: Tally, threshold_prob: np.ndarray) -> np.ndarray:
    """Net benefit of flagging everybody, shape (..., t): φ - (1 - φ) t / (1 - t)."""
    rate = (tallied.events.sum(axis=-1) / tallied.people.sum(axis=-1))[..., None]
    return rate - (1 - rate) * threshold_prob / (1 - threshold_prob)


def _from(amounts: np.ndarray, first: np.ndarray) -> np.ndarray:
    """Sums of `amounts` from each place in `first` to the end."""
    total = np.cumsum(amounts, axis=-1)
    before = np.concatenate([np.zeros((*np.shape(amounts)[:-1], 1)), total], axis=-1)
    return before[..., -1:] - before[..., first]
