"""Restricted cubic splines as Harrell writes them (Regression Modeling Strategies, 2.4.5; `rms::rcs`, norm = 2)."""

from collections.abc import Sequence

import numpy as np

KNOT_QUANTILES = {
    3: (0.10, 0.50, 0.90),
    4: (0.05, 0.35, 0.65, 0.95),
    5: (0.05, 0.275, 0.50, 0.725, 0.95),
    6: (0.05, 0.23, 0.41, 0.59, 0.77, 0.95),
    7: (0.025, 0.1833, 0.3417, 0.50, 0.6583, 0.8167, 0.975),
}
FEWEST_KNOTS = min(KNOT_QUANTILES)


def weighted_quantile(values: np.ndarray, weight: np.ndarray, *, at: Sequence[float]) -> np.ndarray:
    """The smallest value below or at which at least the share `at` of the weight lies.

    Weight k equals k copies, and a common factor changes nothing. values, weight: shape (n,), n > 0.
    """
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(weight[order])
    wanted = np.asarray(at) * reached[-1] * (1 - 1e-12)  # a share met exactly is met, whatever the rounding
    return values[order][np.minimum(np.searchsorted(reached, wanted), len(values) - 1)]


def choose_knots(values: np.ndarray, weight: np.ndarray, *, knots_n: int) -> tuple[float, ...]:
    """Harrell's quantiles of `values`; none when the values carry no curve (the item is then linear).

    Where a crowd at the lowest value makes quantiles coincide, the first knot stands there and the others at the
    quantiles of the rest, as `rms` does; then fewer knots are tried, down to three.
    """
    above = values > values.min()
    for n in range(knots_n, FEWEST_KNOTS - 1, -1):
        knots = weighted_quantile(values, weight, at=KNOT_QUANTILES[n])
        if len(set(knots)) == n:
            return tuple(map(float, knots))
        if above.any():
            inner = (np.arange(1, n) - 0.5) / (n - 1) if n - 1 < FEWEST_KNOTS else KNOT_QUANTILES[n - 1]
            knots = np.append(values.min(), weighted_quantile(values[above], weight[above], at=tuple(inner)))
            if len(set(knots)) == n:
                return tuple(map(float, knots))
    return ()


def spline_basis(values: np.ndarray, knots: Sequence[float]) -> np.ndarray:
    """The columns x, x′, x″ …: linear beyond the outer knots. Shape (n, number of knots − 1), or (n, 1) without knots.

    With knots t_1 … t_k, column j+1 =
    [(x−t_j)³₊ − (x−t_{k−1})³₊·(t_k−t_j)/(t_k−t_{k−1}) + (x−t_k)³₊·(t_{k−1}−t_j)/(t_k−t_{k−1})] / (t_k−t_1)².
    """
    x = np.asarray(values, dtype=float)
    if not len(knots):
        return x[:, None]
    t = np.asarray(knots, dtype=float)
    cubes = np.clip(x[:, None] - t, 0.0, None) ** 3
    last, gap = t[-1], t[-1] - t[-2]
    curves = (
        cubes[:, :-2]
        - cubes[:, [-2]] * (last - t[:-2]) / gap
        + cubes[:, [-1]] * (t[-2] - t[:-2]) / gap
    )  # fmt: skip
    return np.column_stack([x, curves / (last - t[0]) ** 2])
