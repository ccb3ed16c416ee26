"""Whether risks agree with what happened, on average and on the log-odds scale, and tell events from non-events."""

from collections.abc import Callable

import numpy as np

from riskmodel.assess.intervals import Tally
from riskmodel.model.logistic import probability

MAX_STEPS = 40
LONGEST_STEP = 2.0
CONVERGED = 1e-8  # of a step; convergence is quadratic, so what is left is far smaller


def oe(tallied: Tally) -> np.ndarray:
    """Observed events over expected events."""
    return tallied.events.sum(axis=-1) / (tallied.people @ tallied.prob)


def brier(tallied: Tally) -> np.ndarray:
    """Mean squared distance between outcome and risk (Brier 1950)."""
    missed = tallied.events @ (1 - tallied.prob) ** 2 + tallied.non_events @ tallied.prob**2
    return missed / tallied.people.sum(axis=-1)


def scaled_brier(tallied: Tally) -> np.ndarray:
    """1 minus the Brier score over that of the event rate for everyone: 0 says nothing, 1 says all."""
    rate = tallied.events.sum(axis=-1) / tallied.people.sum(axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where((rate > 0) & (rate < 1), 1 - brier(tallied) / (rate * (1 - rate)), np.nan)


def citl(tallied: Tally) -> np.ndarray:
    """Calibration in the large: the intercept that corrects the mean when the log-odds are an offset (slope 1).

    One number, or shape (b,); NaN where an outcome is absent.
    """
    people, lp, events = tallied.people, tallied.logodds, tallied.events.sum(axis=-1)

    def step(at: np.ndarray) -> np.ndarray:
        risk = probability(at[0][..., None] + lp)
        expected = people * risk
        return ((events - expected.sum(axis=-1)) / (expected * (1 - risk)).sum(axis=-1))[None]

    near = 0.0 if events.ndim == 0 else citl(_averaged(tallied))
    return _newton(step, np.full((1, *events.shape), near), possible=_both_outcomes(tallied))[0]


def recalibration(tallied: Tally) -> tuple[np.ndarray, np.ndarray]:
    """Intercept and slope of the logistic regression of the outcome on the log-odds, jointly (Cox 1958).

    The unpenalised maximum-likelihood estimates, as in `rms::val.prob`; NaN where they don't exist: an outcome
    is absent, all risks are equal, or they tell the outcomes wholly apart.
    """
    people, lp = tallied.people, tallied.logodds
    events, events_lp = tallied.events.sum(axis=-1), tallied.events @ lp

    def step(at: np.ndarray) -> np.ndarray:
        risk = probability(at[0][..., None] + at[1][..., None] * lp)
        expected = people * risk
        spread = expected * (1 - risk)
        score, score_lp = events - expected.sum(axis=-1), events_lp - expected @ lp
        a, b, c = spread.sum(axis=-1), spread @ lp, spread @ lp**2
        return np.stack([c * score - b * score_lp, a * score_lp - b * score]) / (a * c - b**2)

    near = (0.0, 0.0) if events.ndim == 0 else recalibration(_averaged(tallied))
    start = np.stack([np.full(events.shape, value) for value in near])
    intercept, slope = _newton(step, start, possible=_both_outcomes(tallied) & _overlap(tallied))
    return intercept, slope


def _averaged(tallied: Tally) -> Tally:
    """The mean of many resamples: its solution is next to theirs, which saves steps."""
    return Tally(tallied.prob, tallied.events.mean(axis=0), tallied.non_events.mean(axis=0))


def _both_outcomes(tallied: Tally) -> np.ndarray:
    return (tallied.events.sum(axis=-1) > 0) & (tallied.non_events.sum(axis=-1) > 0)


def _overlap(tallied: Tally) -> np.ndarray:
    """Whether the risks of events and non-events overlap; where they don't, no finite slope fits best."""
    (first_event, last_event), (first_other, last_other) = (
        (tallied.prob[end] for end in _ends(amounts > 0)) for amounts in (tallied.events, tallied.non_events)
    )
    return (first_event < last_other) & (first_other < last_event)


def _ends(present: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return present.argmax(axis=-1), present.shape[-1] - 1 - present[..., ::-1].argmax(axis=-1)


def _newton(step: Callable[[np.ndarray], np.ndarray], start: np.ndarray, *, possible: np.ndarray) -> np.ndarray:
    """Newton's method on many resamples at once; NaN where it can't, or doesn't, arrive."""
    at = start
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        for _ in range(MAX_STEPS):
            # a long first step from a poorly calibrated start would overshoot
            move = np.clip(np.where(possible, step(at), 0.0), -LONGEST_STEP, LONGEST_STEP)
            at = at + move
            arrived = (np.abs(move) < CONVERGED).all(axis=0)
            if arrived.all():
                break
    return np.where(possible & arrived, at, np.nan)


def auc(tallied: Tally) -> np.ndarray:
    """Probability that an event has a higher risk than a non-event, ties counting half (Hanley & McNeil 1982).

    Of one stratum, where there are several: models of different years say nothing of each other's people. One number,
    or shape (b,) for b resamples; NaN where no such pair exists.
    """
    won: np.ndarray | float = 0.0
    pairs: np.ndarray | float = 0.0
    for own in tallied.by_stratum():
        below = np.cumsum(own.non_events, axis=-1) - own.non_events / 2
        won = won + (own.events * below).sum(axis=-1)
        pairs = pairs + own.events.sum(axis=-1) * own.non_events.sum(axis=-1)
    return np.divide(won, pairs, out=np.full(np.shape(won), np.nan), where=pairs > 0)
