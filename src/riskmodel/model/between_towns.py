"""Adding what several towns say of the same coefficients: by what each knows, and by how far towns lie apart."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

LARGEST_BETWEEN = 4.0  # variance between towns, log-odds squared
LOG_SPREADS = (-12.0, 4.0)  # where the coefficients' own variance is looked for
NEARLY_NOTHING = 1e-8


@dataclass(frozen=True, eq=False)
class Around:
    """What one town says of the coefficients near some of theirs: information (k, k), its intercept taken out; pull:
    information × the coefficients that the town alone would have, without a penalty, (k,)."""

    information: np.ndarray
    pull: np.ndarray


def added(towns: Sequence[Around], between: float) -> tuple[np.ndarray, np.ndarray]:
    """Precision (k, k) of what all towns share, each weighted by what it knows and `between` (variance), and that times
    its estimate, (k,)."""
    weights, pulls = zip(*(_weighted(town, between) for town in towns), strict=True)
    return np.sum(weights, axis=0), np.sum(pulls, axis=0)


def shrunken(precision: np.ndarray, pull: np.ndarray) -> np.ndarray:
    """The coefficients, drawn towards zero as one ridge on everybody would: by their own spread (empirical Bayes)."""
    from scipy.optimize import minimize_scalar  # a quarter of a second to import

    known, directions = np.linalg.eigh(precision)
    known, pull = np.maximum(known, NEARLY_NOTHING), directions.T @ pull
    estimate, noise = pull / known, 1 / known

    def surprise(log_spread: float) -> float:
        variance = np.exp(log_spread) + noise
        return float(np.sum(np.log(variance) + estimate**2 / variance))

    spread = np.exp(minimize_scalar(surprise, bounds=LOG_SPREADS, method="bounded").x)
    return np.asarray(directions @ (pull / (known + 1 / spread)))


def _weighted(town: Around, between: float) -> tuple[np.ndarray, np.ndarray]:
    """(V + τ²)⁻¹ and that times the estimate, with V⁻¹ the information: it may be singular."""
    spread = np.eye(len(town.pull)) + between * town.information
    solved = np.linalg.solve(spread, np.column_stack([town.information, town.pull]))
    return solved[:, :-1], solved[:, -1]


def between_variance(towns: Sequence[Around]) -> float:
    """The variance between towns at which their scatter is what it should be; 0 where even none is too much."""
    from scipy.optimize import brentq

    known = sum(int(np.linalg.matrix_rank(town.information, tol=NEARLY_NOTHING, hermitian=True)) for town in towns)
    free = known - int(np.linalg.matrix_rank(sum(town.information for town in towns), tol=NEARLY_NOTHING))
    estimates = [np.linalg.pinv(town.information, rcond=NEARLY_NOTHING) @ town.pull for town in towns]

    def excess(between: float) -> float:
        precision, pull = added(towns, between)
        centre = np.linalg.pinv(precision, rcond=NEARLY_NOTHING) @ pull
        away = [estimate - centre for estimate in estimates]
        return sum(float(one @ _weighted(town, between)[0] @ one) for one, town in zip(away, towns, strict=True)) - free

    if excess(0.0) <= 0:
        return 0.0
    return float(brentq(excess, 0.0, LARGEST_BETWEEN, xtol=1e-6)) if excess(LARGEST_BETWEEN) < 0 else LARGEST_BETWEEN
