"""How strongly to shrink: the penalty with the least approximate leave-one-cluster-out deviance."""

from dataclasses import dataclass

import numpy as np

from riskmodel.ground.errors import SettingsError
from riskmodel.ground.settings import ModelSettings
from riskmodel.model.logistic import deviance, newton, score_product
from riskmodel.model.record import PathPoint
from riskmodel.model.sample import Sample

PATH_TOLERANCE = 1e-4  # of a coefficient; the criterion is flat to second order there


@dataclass(frozen=True, eq=False)
class Choice:
    """The chosen `penalty`, its place in the grid, where its coefficients lie (roughly), and what was tried."""

    penalty: float
    place: int
    start: np.ndarray
    path: tuple[PathPoint, ...]


def penalty_grid(settings: ModelSettings) -> np.ndarray:
    """The penalties to choose among, evenly spaced in log, ascending."""
    if not 0 < settings.penalty_lowest <= settings.penalty_highest or settings.penalty_steps < 1:
        raise SettingsError(
            "params.toml: model: 0 < penalty_lowest <= penalty_highest and penalty_steps >= 1 are needed. Correct them."
        )
    return np.geomspace(settings.penalty_lowest, settings.penalty_highest, settings.penalty_steps)


def nearest_place(penalty: float, settings: ModelSettings) -> int:
    """Where in the grid the penalty closest to `penalty` stands, as a ratio."""
    return int(np.argmin(np.abs(np.log(penalty_grid(settings) / penalty))))


def try_penalty(
    x: np.ndarray, sample: Sample, penalty: float, start: np.ndarray | None, fold: np.ndarray | None
) -> tuple[PathPoint, np.ndarray]:
    """Deviance and criterion at one penalty, and the coefficients there.

    Criterion = deviance + 2·tr(H⁻¹J), J the score product over clusters: to first order what the deviance would be
    were each cluster predicted by a fit without it. All copies of a cluster in a resample leave out together.
    With `fold` (n,) it is the deviance of the folds, each predicted by a fit without it.
    """
    fit = newton(x, sample.outcome, sample.weight, penalty, start=start, tolerance=PATH_TOLERANCE)
    fitted = deviance(x @ fit.coefficients, sample.outcome, sample.weight)
    if fold is None:
        product = score_product(x, sample.outcome, sample.weight, fit.prob, sample.cluster)
        criterion = fitted + 2.0 * float(np.trace(np.linalg.solve(fit.information, product)))
    else:
        criterion = _left_out_deviance(x, sample, penalty, fit.coefficients, fold)
    return PathPoint(float(penalty), fitted, criterion), fit.coefficients


def _left_out_deviance(x: np.ndarray, sample: Sample, penalty: float, start: np.ndarray, fold: np.ndarray) -> float:
    total = 0.0
    for left_out in range(int(fold.max()) + 1):
        held, kept = fold == left_out, fold != left_out
        outcome, weight = sample.outcome, sample.weight
        fit = newton(x[kept], outcome[kept], weight[kept], penalty, start=start, tolerance=PATH_TOLERANCE)
        total += deviance(x[held] @ fit.coefficients, outcome[held], weight[held])
    return total


def choose_penalty(
    x: np.ndarray, sample: Sample, grid: np.ndarray, *, near: int | None = None, fold: np.ndarray | None = None
) -> Choice:
    """The penalty of `grid` with the least criterion; the larger of equals.

    The whole path is tried, warm-started from the largest penalty down. With `near`, a place in the grid, only the
    walk downhill from there is: for resamples of data whose own path is known. fold: see `try_penalty`.
    """
    tried: dict[int, tuple[PathPoint, np.ndarray]] = {}

    def look(place: int, start: np.ndarray | None) -> np.ndarray:
        if place not in tried:
            tried[place] = try_penalty(x, sample, grid[place], start, fold)
        return tried[place][1]

    def best() -> int:
        return min(tried, key=lambda place: (tried[place][0].criterion, -place))

    start = None
    for place in range(len(grid) - 1, -1, -1) if near is None else [near]:
        start = look(place, start)
    while not {best() - 1, best() + 1} & set(range(len(grid))) <= set(tried):
        here = best()
        for place in {here - 1, here + 1} & set(range(len(grid))):
            look(place, tried[here][1])
    place = best()
    path = tuple(tried[known][0] for known in sorted(tried))
    return Choice(float(grid[place]), place, tried[place][1], path)
