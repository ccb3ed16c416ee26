"""What each row of the case-control design stands for: events not listed, and the inflow's own event rate."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from riskmodel.ground.statistics import Z_95, risk_at

ALL_MONTHS_N = 12  # months with receipt of the first twelve: all of them, or with a month without
CLASS_MIN_N = 20  # listed events of a class of months on assistance; with fewer the classes are not told apart
RAKING_STEPS = 200
RAKED = 1e-10  # relative distance of the totals at which raking ends


@dataclass(frozen=True)
class Rate:
    """An event rate (0-1) with the ends of its 95 % interval; n cases with known outcome, events_n of them events."""

    estimate: float
    low: float
    high: float
    n: int
    events_n: int


def listed_by_month(intake_month: np.ndarray, is_listed: np.ndarray) -> pd.DataFrame:
    """One row per intake month of the events: month, events_n, listed_n, share."""
    events = pd.DataFrame({"month": intake_month, "listed": is_listed})
    table = events.groupby("month")["listed"].agg(events_n="size", listed_n="sum").reset_index()
    return table.assign(share=table["listed_n"] / table["events_n"])


def listing_weights(intake_month: np.ndarray, receipt_months: np.ndarray, is_listed: np.ndarray) -> np.ndarray:
    """1/P(in a survey | event, intake month, months on assistance) of each event, 0 for those in none; shape (n,).

    The probability is a product of one factor per intake month and one per class of months on assistance: weights
    such that the listed stand for all events of every month and of every class (raking, Deming & Stephan 1940).
    Every month must have a listed event.
    """
    months = np.unique(intake_month, return_inverse=True)[1]
    classes = (receipt_months >= ALL_MONTHS_N).astype(int)
    if np.bincount(classes, is_listed, minlength=2).min() < CLASS_MIN_N:
        classes = np.zeros(len(months), dtype=int)
    weight = is_listed.astype(float)
    margins = [(groups, np.bincount(groups).astype(float)) for groups in (classes, months)]
    for _ in range(RAKING_STEPS):
        before = weight
        for groups, totals in margins:
            weight = weight * (totals / np.bincount(groups, weight))[groups]
        if np.abs(weight - before).max() <= RAKED * max(weight.max(), 1.0):
            break
    return weight


def event_rate(outcome: np.ndarray, weight: np.ndarray, cluster: np.ndarray) -> Rate:
    """The weighted event rate with a 95 % interval on the log-odds scale, clusters counted as one.

    outcome: 0/1, both present. weight: > 0. cluster. Shape (n,) each.
    """
    total = weight.sum()
    rate = float(weight @ outcome / total)
    score = np.bincount(np.unique(cluster, return_inverse=True)[1], weight * (outcome - rate))
    half = Z_95 * float(np.sqrt(score @ score)) / total / (rate * (1 - rate))
    logodds = np.log(rate / (1 - rate))
    low, high = (risk_at(logodds + side) for side in (-half, half))
    return Rate(rate, low, high, len(outcome), int(outcome.sum()))


def prior_correction(tau: float, sampled_share: float) -> float:
    """−ln[((1−τ)/τ)·(ȳ/(1−ȳ))]: what the intercept moves when events are ȳ of a sample and τ of the inflow.

    (King & Zeng 2001.) Its exponential is the weight of an event against a non-event.
    """
    return float(-np.log((1 - tau) / tau * sampled_share / (1 - sampled_share)))


def inflow_weights(outcome: np.ndarray, weight: np.ndarray, *, tau: float) -> tuple[np.ndarray, float]:
    """`weight` with the events' share brought to `tau`, and the prior correction of the intercept it amounts to.

    The non-events keep their weights. Shape (n,) each.
    """
    correction = prior_correction(tau, float(weight @ outcome / weight.sum()))
    return np.where(outcome == 1, weight * np.exp(correction), weight), correction
