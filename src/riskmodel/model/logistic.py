"""Penalised logistic regression: −Σ w·log-likelihood + ½λΣβ², the intercept free, and its covariance by cluster.

Log-odds are offset + xβ, the offset known beforehand. A penalty without end (λ = ∞) leaves the intercept alone.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from riskmodel.ground.errors import FitError
from riskmodel.model import REFUSALS

TOLERANCE = 1e-9
MOST_STEPS = 100
MOST_HALVINGS = 30


@dataclass(frozen=True, eq=False)
class Optimum:
    """Where the penalised likelihood peaks. coefficients (p+1,), intercept first; prob (n,); information (p+1, p+1)."""

    coefficients: np.ndarray
    prob: np.ndarray
    information: np.ndarray


# (x with the intercept first, outcome, weight, penalty) to coefficients, intercept first
Solver = Callable[[np.ndarray, np.ndarray, np.ndarray, float], np.ndarray]


def probability(logodds: np.ndarray) -> np.ndarray:
    """The risk at `logodds`, 0-1."""
    with np.errstate(over="ignore"):
        return 1.0 / (1.0 + np.exp(-logodds))


def deviance(logodds: np.ndarray, outcome: np.ndarray, weight: np.ndarray) -> float:
    """−2 Σ weight × log-likelihood. All shape (n,)."""
    return float(2.0 * weight @ (np.logaddexp(0.0, logodds) - outcome * logodds))


def weighted_auc(outcome: np.ndarray, score: np.ndarray, weight: np.ndarray) -> float:
    """The chance that a random event scores above a random non-event, ties counting half; NaN with one outcome only.

    outcome: 0/1, score: any real number, weight: > 0. All shape (n,).
    """
    order = np.argsort(score, kind="stable")
    ordered = score[order]
    starts = np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1]))
    events = np.add.reduceat((weight * outcome)[order], starts)
    others = np.add.reduceat((weight * (1 - outcome))[order], starts)
    pairs = events.sum() * others.sum()
    below = np.cumsum(others) - others / 2
    return float(events @ below / pairs) if pairs > 0 else float("nan")


def ridge(columns_n: int, penalty: float) -> np.ndarray:
    """The penalty on each of `columns_n` coefficients, the first one, the intercept, free."""
    return np.append(0.0, np.full(columns_n - 1, penalty))


def free(x: np.ndarray, penalty: float) -> np.ndarray:
    """The columns of `x` that a fit at `penalty` has coefficients for: the intercept's alone where λ = ∞."""
    return x if np.isfinite(penalty) else x[:, :1]


def padded(coefficients: np.ndarray, size: int) -> np.ndarray:
    """`coefficients` and as many zeros as make them `size`."""
    return np.append(coefficients, np.zeros(size - len(coefficients)))


def newton(
    x: np.ndarray,
    outcome: np.ndarray,
    weight: np.ndarray,
    penalty: float,
    *,
    offset: np.ndarray | float = 0.0,
    start: np.ndarray | None = None,
    tolerance: float = TOLERANCE,
) -> Optimum:
    """Fit by Newton's method with halved steps until no coefficient moves by more than `tolerance`.

    x: (n, p+1), the intercept's ones first; of its columns those `free` at the penalty are fitted. A fit that does not
    settle, as under separation without penalty, is a `FitError`.
    """
    x = free(x, penalty)
    lam = ridge(x.shape[1], penalty)
    beta = np.zeros(x.shape[1]) if start is None else start[: x.shape[1]].copy()
    logodds = x @ beta + offset
    loss = deviance(logodds, outcome, weight) / 2 + lam @ beta**2 / 2
    for _ in range(MOST_STEPS):
        prob = probability(logodds)
        information = _information(x, weight * prob * (1 - prob), lam)
        step = _solve(information, x.T @ (weight * (outcome - prob)) - lam * beta)
        for halving in range(MOST_HALVINGS):
            moved = beta + step * 0.5**halving
            logodds = x @ moved + offset
            new_loss = deviance(logodds, outcome, weight) / 2 + lam @ moved**2 / 2
            if new_loss <= loss + 1e-11 * max(1.0, abs(loss)):  # rounding alone may let it rise
                break
        beta, loss = moved, new_loss
        if np.abs(step).max() < tolerance:
            return Optimum(beta, probability(logodds), information)
    raise FitError(REFUSALS["not_settled"].filled(steps=MOST_STEPS, columns=x.shape[1] - 1, cases=len(x)))


def optimum_at(
    coefficients: np.ndarray, x: np.ndarray, weight: np.ndarray, penalty: float, offset: np.ndarray | float = 0.0
) -> Optimum:
    """The optimum when another solver has found its `coefficients` (p+1,), intercept first."""
    x = free(x, penalty)
    coefficients = coefficients[: x.shape[1]]
    prob = probability(x @ coefficients + offset)
    return Optimum(coefficients, prob, _information(x, weight * prob * (1 - prob), ridge(x.shape[1], penalty)))


def _information(x: np.ndarray, curvature: np.ndarray, lam: np.ndarray) -> np.ndarray:
    scaled = x * np.sqrt(curvature)[:, None]
    information = scaled.T @ scaled
    information.flat[:: len(lam) + 1] += lam
    return information


def _solve(information: np.ndarray, gradient: np.ndarray) -> np.ndarray:
    try:
        return np.linalg.solve(information, gradient)
    except np.linalg.LinAlgError:
        pass
    raise FitError(REFUSALS["columns_alike"].filled(columns=len(gradient)))


def check_any_column(columns_n: int) -> None:
    """Refuse an equation of which nothing is left but the intercept."""
    if columns_n == 0:
        raise FitError(REFUSALS["no_item_left"])


def scikit_learn(x: np.ndarray, outcome: np.ndarray, weight: np.ndarray, penalty: float) -> np.ndarray:
    """The same optimum from scikit-learn (`newton-cholesky`): what is published. Shape (p+1,), intercept first."""
    from sklearn.linear_model import LogisticRegression  # 1.5 s to import, and resampling never needs it

    check_any_column(x.shape[1] - 1)
    fit = LogisticRegression(C=1.0 / penalty, solver="newton-cholesky", tol=1e-13, max_iter=200)
    fit.fit(x[:, 1:], outcome, sample_weight=weight)
    return np.append(fit.intercept_, fit.coef_[0])


def score_product(
    x: np.ndarray, outcome: np.ndarray, weight: np.ndarray, prob: np.ndarray, cluster: np.ndarray
) -> np.ndarray:
    """Σ over clusters of score·scoreᵀ, shape (p+1, p+1). The rows of a cluster must stand together."""
    scores = x * (weight * (outcome - prob))[:, None]
    starts = np.flatnonzero(np.append(True, cluster[1:] != cluster[:-1]))
    if len(starts) < len(x):
        rows = len(x)
        members = sparse.csr_array((np.ones(rows), np.arange(rows), np.append(starts, rows)), (len(starts), rows))
        scores = members @ scores  # four times as fast as np.add.reduceat
    return scores.T @ scores


def covariance(information: np.ndarray, product: np.ndarray, penalty: float) -> np.ndarray:
    """Σ = H⁻¹MH⁻¹ with M = `product` + λI (λ not on the intercept), shape (p+1, p+1).

    The λ in M answers for the bias that shrinking brings: coverage .95 where the plain sandwich falls short.
    """
    inverse = np.linalg.inv(information)
    result = inverse @ (product + np.diag(ridge(len(product), penalty))) @ inverse
    return (result + result.T) / 2


def logistic_slope(logodds: np.ndarray, outcome: np.ndarray, weight: np.ndarray) -> float:
    """The slope of `outcome` on `logodds` with a free intercept: 1 when they are as far apart as they should be.

    1 when all `logodds` are equal. A whiff of penalty keeps it finite where `logodds` separates the outcomes.
    """
    if np.ptp(logodds) < TOLERANCE:
        return 1.0
    x = np.column_stack([np.ones(len(logodds)), logodds])
    # so flat under separation that rounding alone moves a step by more than the usual tolerance
    return float(newton(x, outcome, weight, 1e-6, tolerance=1e-7).coefficients[1])
