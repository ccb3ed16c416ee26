"""Gaps between a group and all others that are zero when risks are right, and how a family of them is judged."""

from dataclasses import dataclass
from functools import cached_property
from statistics import NormalDist

import numpy as np

from riskmodel.release.criteria import BEYOND_DOUBT, FAIL, NOT_SHOWN, PASS

GATED, GATED_WHEN_SCORED, RAW = ("missed", "needless", "log_oe"), ("log_oe",), ("fpr", "fnr", "ppv")
FAMILY_LEVEL = 0.95  # of all resamples, those in which no gap strays as far as a failing one must
PASSING_SE = 1.645  # standard errors that a passing gap must have to spare below twice its tolerance

Gaps = dict[str, np.ndarray]


@dataclass(frozen=True, eq=False)
class Family:
    """The k gaps that are judged together. estimate, tolerance: shape (k,). repeated: in b resamples, shape (k, b)."""

    estimate: np.ndarray
    tolerance: np.ndarray
    repeated: np.ndarray

    @cached_property
    def se(self) -> np.ndarray:
        """Standard errors, shape (k,); NaN where a resample had nobody to measure a gap on."""
        with np.errstate(invalid="ignore"):
            return np.std(self.repeated, axis=1, ddof=1)

    @cached_property
    def critical(self) -> float:
        """What the largest of all gaps, in standard errors, exceeds in 5 % of the resamples (Romano & Wolf 2005)."""
        if not len(self.estimate):
            return float("inf")
        with np.errstate(invalid="ignore", divide="ignore"):
            largest = np.nan_to_num(self._strayed / self.se[:, None], posinf=0).max(axis=0)
        return float(np.quantile(largest, FAMILY_LEVEL))

    @property
    def needed(self) -> np.ndarray:
        """What each gap must exceed to fail, shape (k,)."""
        return np.maximum(self.tolerance, self.critical * self.se)

    @property
    def fails_if_right(self) -> float:
        """How often some gap fails when all risks are right: the share of resamples in which one strays so far."""
        return float((self._strayed > self.needed[:, None]).any(axis=0).mean()) if len(self.estimate) else 0.0

    def verdicts(self) -> list[str]:
        """The verdict on each gap."""
        each = zip(self.estimate.tolist(), self.se.tolist(), self.tolerance.tolist(), strict=True)
        return [verdict(gap, se, tolerance, critical=self.critical) for gap, se, tolerance in each]

    def power(self, expected: np.ndarray) -> np.ndarray:
        """How often each gap fails when it is `expected`, shape (k,)."""
        rows = zip(expected.tolist(), self.se.tolist(), self.needed.tolist(), strict=True)
        return np.array([chance_beyond(gap, se, needed) for gap, se, needed in rows])

    @property
    def _strayed(self) -> np.ndarray:
        with np.errstate(invalid="ignore"):
            return np.abs(self.repeated - self.estimate[:, None])


def verdict(difference: float, se: float, tolerance: float, *, critical: float) -> str:
    """Whether a gap is shown to be small, shown to be large, large beyond doubt, or neither; of NaN nothing is shown.

    critical: standard errors that a failing gap must exceed, among all that are judged with it.
    """
    size = abs(difference)
    if size > tolerance and size > critical * se:
        return BEYOND_DOUBT if size - critical * se > tolerance else FAIL
    if size <= tolerance and size + PASSING_SE * se < 2 * tolerance:
        return PASS
    return NOT_SHOWN


def chance_beyond(expected: float, se: float, limit: float) -> float:
    """How often a normal gap around `expected` lies beyond ±`limit`; NaN where its error is not known."""
    if not np.isfinite([expected, se, limit]).all():
        return float("nan")
    if se == 0:
        return float(abs(expected) > limit)
    below = NormalDist().cdf
    return below((-limit - expected) / se) + below((expected - limit) / se)


def gaps(own: np.ndarray, everyone: np.ndarray) -> Gaps:
    """Measures of a group minus those of all others, from `sums_by_row`, shape (..., 6); raw ones with "explained_"."""
    group, others = rates(own), rates(everyone - own)
    return {measure: group[measure] - others[measure] for measure in group}


def sums_by_row(outcome: np.ndarray, prob: np.ndarray, weight: np.ndarray, *, threshold_prob: float) -> np.ndarray:
    """What every gap is a function of, summed over rows: weight by flag, by outcome and by risk. Shape (n, 6)."""
    flagged = (prob >= threshold_prob).astype(float)
    people = np.stack([flagged, 1 - flagged], axis=1) * weight[:, None]
    return np.concatenate([people, people * outcome[:, None], people * prob[:, None]], axis=1)


def rates(sums: np.ndarray) -> Gaps:
    """The measures that are compared, from sums of `sums_by_row`, shape (..., 6)."""
    flagged, unflagged, events_flagged, events_unflagged, risk_flagged, risk_unflagged = np.moveaxis(sums, -1, 0)
    events, risk = events_flagged + events_unflagged, risk_flagged + risk_unflagged
    others, safety = flagged + unflagged - events, flagged + unflagged - risk
    with np.errstate(divide="ignore", invalid="ignore"):
        return {
            "missed": (events_unflagged - risk_unflagged) / risk,
            "needless": (risk_flagged - events_flagged) / safety,
            "log_oe": np.log(events / risk),
            "fpr": (flagged - events_flagged) / others,
            "fnr": events_unflagged / events,
            "ppv": events_flagged / flagged,
            "explained_fpr": (flagged - risk_flagged) / safety,
            "explained_fnr": risk_unflagged / risk,
            "explained_ppv": risk_flagged / flagged,
        }
