"""The borderline band: the points around the threshold where another sample of people might have flagged otherwise.

Until every step is repeated on resampled households, the models are drawn from the estimated sampling distribution of
the coefficients, N(β, Σ) with Σ by cluster; each draw gets its own points, its own offset and its own threshold at the
same risk. Knots, merging and penalty stay as they are, so the band is, if anything, too narrow.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from riskmodel.assess.threshold import Threshold
from riskmodel.model.answers import answer_positions
from riskmodel.model.points import offset_for, points_of_answers, sum_of_points
from riskmodel.model.record import FittedModel
from riskmodel.settings import Settings

MODELS_N = 200
STREAM = 701  # which of the seed's random streams draws coefficients
UNSTABLE_ABOVE = 0.10  # share of models in which somebody changes side
UNSTABLE_OUTSIDE = 0.05  # share of people outside the band who may be unstable
PUBLISHED_ROUNDING = 1e-8  # log-odds: the risk at the threshold is written with ten digits
METHOD = {
    "sv": f"{MODELS_N} modeller dragna ur koefficienternas skattade fördelning",
    "en": f"{MODELS_N} models drawn from the estimated distribution of the coefficients",
}


@dataclass(frozen=True)
class Stability:
    """How firmly the threshold divides people. lowest, highest: whole points of the band; None when it is empty.

    in_band_share: of cases. change_share: mean share of models in which a case changes side, over all cases.
    """

    lowest: int | None
    highest: int | None
    in_band_share: float
    change_share: float


def stability(
    cases: pd.DataFrame,
    answers: pd.DataFrame,
    model: FittedModel,
    threshold: Threshold,
    settings: Settings,
) -> Stability:
    """The band around `threshold`, from the modelled `cases` and their `answers` (same rows, same order)."""
    sums = sum_of_points(answers, model.points)
    changed_share = _changed_share(cases, answers, model, threshold, sums, settings)
    weight = cases["weight"].to_numpy(dtype=float)
    first = int(min(sums.min(), threshold.points))
    size = int(max(sums.max(), threshold.points)) - first + 1
    people = np.bincount(sums - first, weight, minlength=size)
    unstable = np.bincount(sums - first, weight * (changed_share > UNSTABLE_ABOVE), minlength=size)
    lowest, end = narrowest_band(people, unstable, flag=threshold.points - first)
    return Stability(
        lowest=first + lowest if end > lowest else None,
        highest=first + end - 1 if end > lowest else None,
        in_band_share=float(people[lowest:end].sum() / people.sum()),
        change_share=float(weight @ changed_share / weight.sum()),
    )


def narrowest_band(people: np.ndarray, unstable: np.ndarray, *, flag: int) -> tuple[int, int]:
    """Start and end (one past the last) of the narrowest band that holds the border just below `flag`.

    people, unstable: weight at each sum, shape (k,). Outside the band at most `UNSTABLE_OUTSIDE` of the people are
    unstable. Of bands equally narrow the one that leaves the fewest unstable outside, then the most even one.
    """
    before = np.concatenate([[0.0], np.cumsum(people)]), np.concatenate([[0.0], np.cumsum(unstable)])
    for width in range(len(people) + 1):
        bands = [(start, start + width) for start in range(max(0, flag - width), min(flag, len(people) - width) + 1)]
        fitting = []
        for start, end in bands:
            outside, unsteady = (total[-1] - total[end] + total[start] for total in before)
            if unsteady <= UNSTABLE_OUTSIDE * outside:
                fitting.append((unsteady, abs(2 * flag - start - end), start, end))
        if fitting:
            return min(fitting)[2:]
    return 0, len(people)


def _changed_share(
    cases: pd.DataFrame,
    answers: pd.DataFrame,
    model: FittedModel,
    threshold: Threshold,
    sums: np.ndarray,
    settings: Settings,
) -> np.ndarray:
    """For each case the share of drawn models that put it on the other side of the threshold, shape (n,)."""
    positions = answer_positions(answers, (item.allowed for item in model.points.items))
    outcome, weight = cases["outcome"].to_numpy(dtype=float), cases["weight"].to_numpy(dtype=float)
    in_window = cases["intake_year"].isin(model.window_years).to_numpy()
    flagged = sums >= threshold.points
    border = np.log(threshold.prob / (1 - threshold.prob)) - PUBLISHED_ROUNDING
    changed = np.zeros(len(cases))
    for coefficients in draw_coefficients(model, settings):
        logodds = _sums_of(positions, model, coefficients) * model.points.per_point
        logodds += offset_for(logodds[in_window], outcome[in_window], weight[in_window])
        changed += (logodds >= border) != flagged
    return changed / MODELS_N


def draw_coefficients(model: FittedModel, settings: Settings) -> np.ndarray:
    """Shrunken coefficients of the drawn models, shape (MODELS_N, p)."""
    rng = np.random.default_rng([settings.run.seed, STREAM])
    values, vectors = np.linalg.eigh(model.equation.covariance[1:, 1:])
    root = (vectors * np.sqrt(np.maximum(values, 0.0))) @ vectors.T  # the symmetric root: it has one sign only
    noise = rng.standard_normal((MODELS_N, len(root)))
    return model.shrinkage * (model.equation.coefficients + noise @ root)


def _sums_of(positions: np.ndarray, model: FittedModel, coefficients: np.ndarray) -> np.ndarray:
    sums = np.zeros(len(positions))
    for coding, column in zip(model.design.codings, positions.T, strict=True):
        own = coefficients[model.design.columns_of(coding.item)]
        sums += points_of_answers(coding, own, per_point=model.points.per_point)[column]
    return sums
