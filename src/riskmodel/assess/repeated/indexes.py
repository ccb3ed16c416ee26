"""All indexes of one model in several weightings of the same people at once, cheap enough for every resample."""

import numpy as np

from riskmodel.assess.at_threshold import rates
from riskmodel.assess.calibration import brier, citl, oe, recalibration, scaled_brier
from riskmodel.assess.curve import curve_measures, smoother
from riskmodel.assess.discrimination import auc
from riskmodel.assess.net_benefit import net_benefit
from riskmodel.assess.tally import Tally, rounded
from riskmodel.model.logistic import probability
from riskmodel.release.accuracy import EXPLAINED

CURVE_STEP = 0.005  # risks are rounded to this for the ICI: windows of two thirds of the people do not notice
CALIBRATED = ("auc", "oe", "citl", "recalibration_intercept", "recalibration_slope", "brier", "scaled_brier", "ici")
FLAGGED = ("flagged_share", "sensitivity", "specificity", "ppv", "npv")


def tally_steps(steps: np.ndarray, outcome: np.ndarray, weights: np.ndarray, *, offset: float, step: float) -> Tally:
    """Outcomes per risk of people whose log-odds are `offset` + `steps` × `step`, in each of several weightings.

    steps: whole numbers, outcome: 0/1, shape (n,). weights: shape (k, n); the last one is above 0 for everybody.
    """
    first = steps.min()
    places = steps - first
    size = int(places.max()) + 1
    events = np.array([np.bincount(places, weight * outcome, minlength=size) for weight in weights])
    people = np.array([np.bincount(places, weight, minlength=size) for weight in weights])
    seen = people[-1] > 0
    prob = probability(offset + step * (first + np.flatnonzero(seen)))
    return Tally(prob, events[:, seen], np.maximum(people - events, 0.0)[:, seen])


def calibrated(tallied: Tally, *, threshold_prob: float) -> dict[str, np.ndarray]:
    """The indexes that need no chosen threshold, shape (k,) each; net benefit is that at `threshold_prob`.

    The windows of the curve behind the ICI are those of the last weighting.
    """
    intercept, slope = recalibration(tallied)
    return {
        "auc": auc(tallied),
        "oe": oe(tallied),
        "citl": citl(tallied),
        "recalibration_intercept": intercept,
        "recalibration_slope": slope,
        "brier": brier(tallied),
        "scaled_brier": scaled_brier(tallied),
        "ici": _ici(tallied),
        "net_benefit": net_benefit(tallied, np.array([threshold_prob]))[..., 0],
        EXPLAINED: _cox_snell(tallied),
    }


def _ici(tallied: Tally) -> np.ndarray:
    coarse = rounded(tallied, step=CURVE_STEP)
    smooth = smoother(Tally(coarse.prob, coarse.events[-1], coarse.non_events[-1]))
    return np.full(len(tallied.events), np.nan) if smooth is None else curve_measures(coarse, smooth)["ici"]


def _cox_snell(tallied: Tally) -> np.ndarray:
    """1 − exp(−LR/n), LR twice the log-likelihood above that of the event rate (Cox & Snell 1989)."""
    n, events = tallied.people.sum(axis=-1), tallied.events.sum(axis=-1)
    found = tallied.events @ np.log(tallied.prob) + tallied.non_events @ np.log1p(-tallied.prob)
    with np.errstate(divide="ignore", invalid="ignore"):
        nothing = events * np.log(events / n) + (n - events) * np.log1p(-events / n)
    return 1.0 - np.exp(-2.0 * (found - nothing) / n)


def flagged(tallied: Tally, *, threshold_prob: float) -> dict[str, np.ndarray]:
    """The shares of `FLAGGED` when everybody at or above the risk is flagged, shape (k,) each."""
    above = tallied.prob >= threshold_prob
    cells = [
        amounts[:, side].sum(axis=-1) for side in (above, ~above) for amounts in (tallied.events, tallied.non_events)
    ]
    none = np.zeros(len(tallied.events))
    found = rates(np.stack([*cells, none, none], axis=-1))
    return {name: found[name] for name in FLAGGED}
