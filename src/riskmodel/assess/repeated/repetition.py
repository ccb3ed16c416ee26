"""One repetition of the whole procedure: learnt from a resample of clusters, measured there and on the original."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from riskmodel.assess.repeated.indexes import calibrated, flagged, tally_steps
from riskmodel.assess.repeated.procedure import out_of_fold_prob, threshold_for
from riskmodel.assess.threshold import Threshold, threshold_of_harm
from riskmodel.ground.errors import FitError
from riskmodel.ground.settings import Settings
from riskmodel.instrument.records import Item
from riskmodel.model.fit import Learnt, learn
from riskmodel.model.logistic import probability
from riskmodel.model.points import offset_for, points_prob, sum_at
from riskmodel.model.sample import Sample, intercept_window

STREAM = 801  # which of the seed's random streams draws the resamples
EQUATION_STEP = 0.002  # log-odds: the equation's are rounded to this, so that counting replaces sorting
Indexes = dict[tuple[str, str], np.ndarray]  # (predictor, measure) to its value in each weighting


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

    indexes: on the resample and on the original cases, of those measured. prob: risk by points; flags: bool; both (n,).
    """

    penalty: float
    shrinkage: float
    columns_n: int
    merged_n: int
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
        threshold=threshold,
        indexes=found,
        prob=points_prob(sums, learnt.points),
        flags=sums >= (threshold.points if threshold else np.inf),
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
    design, coefficients = learnt.fit.design, learnt.shrinkage * learnt.fit.coefficients[1:]
    logodds = np.zeros(len(times))
    for coding, column in zip(design.codings, material.sample.positions.T, strict=True):
        logodds += (coding.rows @ coefficients[design.columns_of(coding.item)])[column]
    _, inside = intercept_window(resample.month, years_n=material.settings.model.intercept_window_years)
    own = logodds[times > 0][inside]
    offset = offset_for(own, resample.outcome[inside], resample.weight[inside])
    return np.round(logodds / EQUATION_STEP).astype(np.int64), offset
