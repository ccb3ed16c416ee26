"""One repetition of the whole procedure: learnt from a resample of clusters, measured there and on the original."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from riskmodel.assess.at_threshold import net_benefit, rates
from riskmodel.assess.calibration import auc, brier, citl, oe, recalibration, scaled_brier
from riskmodel.assess.evaluation import curve_measures, rounded, smoother
from riskmodel.assess.intervals import Tally
from riskmodel.assess.policy import NOBODY, Choice, Threshold, choice_for, threshold_of_harm
from riskmodel.ground.errors import FitError
from riskmodel.ground.settings import Settings
from riskmodel.instrument.pairs import check_pairs, with_pairs
from riskmodel.instrument.records import Instrument, Item
from riskmodel.model.chosen_questions import check_kept
from riskmodel.model.fit import Learnt, fitted_model, learn
from riskmodel.model.logistic import probability
from riskmodel.model.matrix import check_knots, summed
from riskmodel.model.points import found_level, points_prob, sum_at, sum_of_points
from riskmodel.model.record import FittedModel, Points
from riskmodel.model.sample import Sample, intercept_window, sample_of
from riskmodel.release.record import EXPLAINED

CURVE_STEP = 0.005  # risks are rounded to this for the ICI: windows of two thirds of the people do not notice
FLAGGED = ("flagged_share", "sensitivity", "specificity", "ppv", "npv")
STREAM = 801  # which of the seed's random streams draws the resamples
EQUATION_STEP = 0.002  # log-odds: the equation's are rounded to this, so that counting replaces sorting
Indexes = dict[tuple[str, str], np.ndarray]  # (predictor, measure) to its value in each weighting


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


@dataclass(frozen=True, eq=False)
class Procedure:
    """What a yearly run decides.

    out_of_fold_prob: risk of every case by the shrunken equation without its fold, with the intercept window's event
    rate; shape (n,), in the order of the cases. choice: the threshold chosen on it, as a whole sum of `model`'s points.
    """

    model: FittedModel
    out_of_fold_prob: np.ndarray
    choice: Choice


def whole_procedure(
    cases: pd.DataFrame, answers: pd.DataFrame, instrument: Instrument, settings: Settings
) -> Procedure:
    """The whole procedure on `cases` and their `answers` (same rows, same order)."""
    check_knots(instrument, settings.model)
    check_pairs(instrument, settings.model.pairs)
    check_kept(instrument, settings)
    landmark, pairs = settings.cohort.landmark, settings.model.pairs
    sample = sample_of(cases, answers, instrument, landmark=landmark, pairs=pairs)
    learnt = learn(sample, with_pairs(instrument.predictors(landmark), pairs), settings)
    prob = out_of_fold_prob(learnt, sample, settings)
    choice = threshold_for(learnt.points, prob, sample, left_early(cases)[sample.order], settings)
    return Procedure(fitted_model(learnt, sample, settings), sample.in_given_order(prob), choice)


def left_early(cases: pd.DataFrame) -> np.ndarray:
    """1.0 for those who left within 100 days, 0.0 for those who did not, NaN where it is not known. Shape (n,)."""
    return cases["left_within_100_days"].to_numpy(dtype=float, na_value=np.nan)


def out_of_fold_prob(learnt: Learnt, sample: Sample, settings: Settings) -> np.ndarray:
    """The risk of every case of `sample` by the shrunken equation without its fold, 0-1, shape (n,)."""
    logodds = learnt.shrinkage * learnt.left_out
    years_n = settings.model.intercept_window_years
    _, inside = intercept_window(sample.month, years_n=years_n)
    return probability(logodds + found_level(logodds[inside], sample.take(inside), years_n=years_n).offset)


def threshold_for(
    points: Points, prob: np.ndarray, sample: Sample, left_early: np.ndarray, settings: Settings
) -> Choice:
    """The threshold of the policy on the risks `prob`, translated to the smallest whole sum of `points`.

    prob, left_early: of the cases of `sample`, in its order.
    """
    each = np.repeat(np.arange(len(prob)), sample.copies)
    people = pd.DataFrame(
        {
            "points_prob": prob[each],
            "outcome": sample.outcome[each],
            "weight": (sample.weight / sample.copies)[each],
            "left_within_100_days": left_early[each],
        }
    )
    return choice_for(people, points, settings.policy)


def flags(model: FittedModel, choice: Choice, answers: pd.DataFrame) -> np.ndarray:
    """Who is flagged: everybody at or above the threshold, nobody without one. Bool, shape (n,)."""
    return sum_of_points(answers, model.points) >= (choice.threshold or NOBODY).points


@dataclass(frozen=True, eq=False)
class Material:
    """What every repetition shares.

    left_early: as `procedure.left_early`. measured: the cases on which accuracy is measured. Both (n,), in the order of
    `sample`. near: where in the penalty grid a resample looks first.
    """

    sample: Sample
    items: Sequence[Item]
    settings: Settings
    left_early: np.ndarray
    measured: np.ndarray
    near: int


@dataclass(frozen=True, eq=False)
class Repetition:
    """A model and what it says of everybody in the original sample; small, for it travels between processes.

    asked: the items that give points. indexes: on the resample and on the original cases, of those measured. prob: risk
    by points; flags: bool; both (n,).
    """

    penalty: float
    shrinkage: float
    columns_n: int
    merged_n: int
    asked: tuple[str, ...]
    threshold: Threshold | None
    indexes: Indexes
    prob: np.ndarray
    flags: np.ndarray


def draw(sample: Sample, *, seed: int, place: int) -> np.ndarray:
    """How often resample number `place` holds each case: clusters drawn with replacement, shape (n,)."""
    starts = np.append(True, sample.cluster[1:] != sample.cluster[:-1])
    clusters_n = int(starts.sum())
    drawn = np.random.default_rng([seed, STREAM, place]).integers(clusters_n, size=clusters_n)
    return np.bincount(drawn, minlength=clusters_n)[np.cumsum(starts) - 1]


def repetition(material: Material, place: int) -> Repetition | None:
    """Resample number `place`; None where the procedure can't be carried out on it."""
    times = draw(material.sample, seed=material.settings.run.seed, place=place)
    resample = material.sample.repeated(times)
    try:
        learnt = learn(resample, material.items, material.settings, near=material.near)
        found = look_at(learnt, resample, times, material)
    except FitError:
        return None
    return replace(found, prob=found.prob.astype(np.float32))  # half the memory of hundreds of them


def look_at(learnt: Learnt, resample: Sample, times: np.ndarray, material: Material) -> Repetition:
    """What was `learnt` from `resample`, where each case of the material stands `times` (n,), and how good it is."""
    settings, sample = material.settings, material.sample
    prob = out_of_fold_prob(learnt, resample, settings)
    early = material.left_early[times > 0]
    threshold = threshold_for(learnt.points, prob, resample, early, settings).threshold
    sums = sum_at(sample.positions, learnt.points)
    found = _indexes(learnt, threshold, sums, resample, times, material)
    return Repetition(
        penalty=learnt.fit.choice.penalty,
        shrinkage=learnt.shrinkage,
        columns_n=len(learnt.fit.design.columns),
        merged_n=len(learnt.fit.merged),
        asked=learnt.fit.design.asked,
        threshold=threshold,
        indexes=found,
        prob=points_prob(sums, learnt.points),
        flags=sums >= (threshold or NOBODY).points,
    )


def _indexes(
    learnt: Learnt,
    threshold: Threshold | None,
    sums: np.ndarray,
    resample: Sample,
    times: np.ndarray,
    material: Material,
) -> Indexes:
    seen = material.measured
    outcome, weight = material.sample.outcome[seen], material.sample.weight[seen]
    weights = np.stack([weight * times[seen], weight])
    harm = threshold_of_harm(material.settings.policy.harm_ratio)
    points = learnt.points
    by_points = tally_steps(sums[seen], outcome, weights, offset=points.offset, step=points.per_point)
    steps, offset = equation_steps(learnt, resample, times, material)
    by_equation = tally_steps(steps[seen], outcome, weights, offset=offset, step=EQUATION_STEP)
    found = {("points", name): values for name, values in calibrated(by_points, threshold_prob=harm).items()}
    found |= {("equation", name): values for name, values in calibrated(by_equation, threshold_prob=harm).items()}
    if threshold:
        # half a point below, so that no rounding of a risk decides
        border = float(probability(points.offset + np.array((threshold.points - 0.5) * points.per_point)))
        found |= {("points", name): values for name, values in flagged(by_points, threshold_prob=border).items()}
    return found


def equation_steps(learnt: Learnt, resample: Sample, times: np.ndarray, material: Material) -> tuple[np.ndarray, float]:
    """The shrunken equation's log-odds less its offset, in whole `EQUATION_STEP`s, for all cases; and that offset."""
    by_answer = learnt.fit.design.answer_logodds(learnt.shrinkage * learnt.fit.coefficients[1:])
    logodds = summed(by_answer, material.sample.positions)
    years_n = material.settings.model.intercept_window_years
    _, inside = intercept_window(resample.month, years_n=years_n)
    own = logodds[times > 0][inside]
    offset = found_level(own, resample.take(inside), years_n=years_n).offset
    return np.round(logodds / EQUATION_STEP).astype(np.int64), offset
