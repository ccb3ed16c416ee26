"""How strongly to shrink: the penalty with the least deviance of clusters predicted without themselves."""

from dataclasses import dataclass

import numpy as np

from riskmodel.ground.errors import SettingsError
from riskmodel.ground.settings import ModelSettings
from riskmodel.model import REFUSALS
from riskmodel.model.logistic import Optimum, deviance, free, newton, padded
from riskmodel.model.record import PathPoint
from riskmodel.model.sample import Sample

PATH_TOLERANCE = 1e-4  # of a coefficient; the criterion is flat to second order there
LEGS = 6  # of the grid at first; of the usual one each is a factor of 4.6, and a coarse one is tried whole


@dataclass(frozen=True, eq=False)
class Choice:
    """The chosen `penalty`, its place in the grid, where its coefficients lie (roughly), and what was tried."""

    penalty: float
    place: int
    start: np.ndarray
    path: tuple[PathPoint, ...]


def penalty_grid(settings: ModelSettings) -> np.ndarray:
    """The penalties to choose among, evenly spaced in log, ascending.

    With a prior the last one is infinite: its points as they are. It needs all of our answers in the prior.
    """
    grid = finite_penalties(settings)
    if settings.prior is None:
        return grid
    if settings.prior.only_intercept:
        return np.array([np.inf])
    return grid if settings.prior.at_hand.unmatched else np.append(grid, np.inf)


def finite_penalties(settings: ModelSettings) -> np.ndarray:
    """The penalties between the two that the settings name."""
    if not 0 < settings.penalty_lowest <= settings.penalty_highest or settings.penalty_steps < 1:
        raise SettingsError(REFUSALS["no_penalties"])
    return np.geomspace(settings.penalty_lowest, settings.penalty_highest, settings.penalty_steps)


def nearest_place(penalty: float, settings: ModelSettings) -> int:
    """Where in the grid the penalty closest to `penalty` stands, as a ratio."""
    grid = penalty_grid(settings)
    return int(np.argmin(np.abs(np.log(grid / penalty)))) if np.isfinite(penalty) else len(grid) - 1


def try_penalty(
    x: np.ndarray,
    sample: Sample,
    penalty: float,
    offset: np.ndarray,
    start: np.ndarray | None,
    fold: np.ndarray | None,
) -> tuple[PathPoint, np.ndarray]:
    """Deviance and criterion at one penalty, and the coefficients there.

    Criterion: the deviance of every cluster predicted without it, one Newton step from the whole fit. All copies of a
    cluster in a resample leave out together. With `fold` (n,): of the folds, each predicted by a fit without it.
    """
    fit = newton(x, sample.outcome, sample.weight, penalty, offset=offset, start=start, tolerance=PATH_TOLERANCE)
    coefficients = padded(fit.coefficients, x.shape[1])
    fitted = deviance(x @ coefficients + offset, sample.outcome, sample.weight)
    if fold is None:
        left_out = left_out_logodds(free(x, penalty), sample, fit, offset)
        criterion = deviance(left_out, sample.outcome, sample.weight)
    else:
        criterion = _of_folds(x, sample, penalty, offset, coefficients, fold)
    return PathPoint(float(penalty), fitted, criterion), coefficients


def _of_folds(
    x: np.ndarray, sample: Sample, penalty: float, offset: np.ndarray, start: np.ndarray, fold: np.ndarray
) -> float:
    total = 0.0
    for left_out in range(int(fold.max()) + 1):
        kept = fold != left_out
        others, own = sample.take(kept), sample.take(~kept)
        fit = newton(
            x[kept],
            others.outcome,
            others.weight,
            penalty,
            offset=offset[kept],
            start=start,
            tolerance=PATH_TOLERANCE,
        )
        logodds = free(x[~kept], penalty) @ fit.coefficients + offset[~kept]
        total += deviance(logodds, own.outcome, own.weight)
    return total


def choose_penalty(
    x: np.ndarray,
    sample: Sample,
    grid: np.ndarray,
    *,
    offset: np.ndarray | None = None,
    near: int | None = None,
    fold: np.ndarray | None = None,
) -> Choice:
    """The penalty of `grid` with the least criterion; the larger of equals.

    Places a stride apart are tried, every fourth of the usual 25, warm-started from the largest penalty down, then the
    walk downhill from the best of them. With `near`, a place in the grid, only the walk from there: for resamples of
    data whose own path is known. fold: see `try_penalty`. offset: known log-odds of every case, none when None.
    """
    known_before = np.zeros(len(x)) if offset is None else offset
    tried: dict[int, tuple[PathPoint, np.ndarray]] = {}

    def look(place: int, start: np.ndarray | None) -> np.ndarray:
        if place not in tried:
            tried[place] = try_penalty(x, sample, grid[place], known_before, start, fold)
        return tried[place][1]

    def best() -> int:
        return min(tried, key=lambda place: (tried[place][0].criterion, -place))

    start = None
    stride = max(1, (len(grid) - 1) // LEGS)
    for place in range(len(grid) - 1, -1, -stride) if near is None else [near]:
        start = look(place, start)
    while not {best() - 1, best() + 1} & set(range(len(grid))) <= set(tried):
        here = best()
        for place in {here - 1, here + 1} & set(range(len(grid))):
            look(place, tried[here][1])
    place = best()
    path = tuple(tried[known][0] for known in sorted(tried))
    return Choice(float(grid[place]), place, tried[place][1], path)


# By one Newton step from the fit to all. Without cluster g the penalised score at the whole fit is −u_g and the
# information H − H_g, so the step is −(H − H_g)⁻¹u_g. Along the cluster's own rows X that is −(I − AW)⁻¹A·r, with
# A = XH⁻¹X', W their curvature and r their weighted residuals (Woodbury): one small system a cluster, its leverage
# included. (Pregibon 1981.)
def left_out_logodds(x: np.ndarray, sample: Sample, fit: Optimum, offset: np.ndarray) -> np.ndarray:
    """The log-odds of every case without its cluster, shape (n,). x: (n, p+1), of the columns that `fit` has."""
    half = x @ np.linalg.inv(np.linalg.cholesky(fit.information)).T  # half · half' = XH⁻¹X'
    residual = sample.weight * (sample.outcome - fit.prob)
    curvature = sample.weight * fit.prob * (1 - fit.prob)
    starts = np.flatnonzero(np.append(True, sample.cluster[1:] != sample.cluster[:-1]))
    sizes = np.diff(np.append(starts, len(x)))
    leverage = np.einsum("ij,ij->i", half, half)
    moved = leverage * residual / (1 - leverage * curvature)  # of those alone in their cluster
    for size in np.unique(sizes[sizes > 1]):
        rows = starts[sizes == size][:, None] + np.arange(size)
        moved[rows] = _moved(half[rows], residual[rows], curvature[rows])
    return x @ fit.coefficients + offset - moved


def _moved(half: np.ndarray, residual: np.ndarray, curvature: np.ndarray) -> np.ndarray:
    """How far each cluster pulls the log-odds of its own rows, (clusters, rows). half: (clusters, rows, p+1)."""
    leverage = half @ half.transpose(0, 2, 1)
    pull = leverage @ residual[:, :, None]
    return np.linalg.solve(np.eye(half.shape[1]) - leverage * curvature[:, None, :], pull)[:, :, 0]
