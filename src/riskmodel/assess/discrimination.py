"""How well risks tell events from non-events."""

import numpy as np

from riskmodel.assess.tally import Tally


def auc(tallied: Tally) -> np.ndarray:
    """Probability that an event has a higher risk than a non-event, ties counting half (Hanley & McNeil 1982).

    One number, or shape (b,) for b resamples; NaN where an outcome is absent.
    """
    below = np.cumsum(tallied.non_events, axis=-1) - tallied.non_events / 2
    won = (tallied.events * below).sum(axis=-1)
    pairs = tallied.events.sum(axis=-1) * tallied.non_events.sum(axis=-1)
    return np.divide(won, pairs, out=np.full(np.shape(won), np.nan), where=pairs > 0)
