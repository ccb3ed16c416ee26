"""How well a score separates the outcomes."""

import numpy as np


def weighted_auc(outcome: np.ndarray, score: np.ndarray, weight: np.ndarray) -> float:
    """The chance that a random event scores above a random non-event, ties counting half; NaN with one outcome only.

    outcome: 0/1, score: any real number, weight: > 0. All shape (n,).
    """
    order = np.argsort(score, kind="stable")
    ordered = score[order]
    starts = np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1]))
    events = np.add.reduceat((weight * outcome)[order], starts)
    others = np.add.reduceat((weight * (1 - outcome))[order], starts)
    pairs = events.sum() * others.sum()
    below = np.cumsum(others) - others / 2
    return float(events @ below / pairs) if pairs > 0 else float("nan")
