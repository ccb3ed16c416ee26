"""One equation from a sample, and what it would say of cases it had not seen.

It is fitted in a smaller matrix with the same optimum: where everybody has exactly one 1 among an item's columns, the
free intercept makes their penalised coefficients sum to zero. Orthonormal contrasts span just that, with one column
less and the same sum of squares.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.linalg import block_diag

from riskmodel.ground.settings import ModelSettings
from riskmodel.instrument.records import Item
from riskmodel.model.levels import against_direction, prior_steps, without_steps
from riskmodel.model.logistic import (
    Optimum,
    Solver,
    covariance,
    deviance,
    free,
    newton,
    optimum_at,
    padded,
    ridge,
    score_product,
)
from riskmodel.model.matrix import learn_design, matrix, prior_logodds
from riskmodel.model.penalty import (
    PATH_TOLERANCE,
    Choice,
    choose_penalty,
    finite_penalties,
    left_out_logodds,
    penalty_grid,
)
from riskmodel.model.record import Design, Merge, PathPoint, Sign
from riskmodel.model.sample import Sample


def contrasts(design: Design, positions: np.ndarray) -> tuple[np.ndarray, ...]:
    """For each item its basis, shape (columns of the design, columns fitted). positions: (n, items), of the fitted."""
    return tuple(
        helmert(len(coding.columns)) if _one_each(coding.rows, column) else np.eye(len(coding.columns))
        for coding, column in zip(design.codings, positions.T, strict=True)
    )


def _one_each(rows: np.ndarray, column: np.ndarray) -> bool:
    given = rows[np.bincount(column, minlength=len(rows)) > 0]
    return bool(((given == 0) | (given == 1)).all() and (given.sum(axis=1) == 1).all())


def helmert(columns_n: int) -> np.ndarray:
    """Orthonormal columns that each sum to zero, shape (columns_n, columns_n − 1)."""
    basis = np.triu(np.ones((columns_n, columns_n)))[:, :-1]
    basis[np.arange(1, columns_n), np.arange(columns_n - 1)] = -np.arange(1.0, columns_n)
    return basis / np.sqrt((basis**2).sum(axis=0))


def fitted_design(design: Design, bases: Sequence[np.ndarray]) -> Design:
    """`design` in the bases' columns; their names stand for none of its own."""
    pairs = zip(design.codings, bases, strict=True)
    return Design(
        tuple(
            replace(coding, rows=coding.rows @ basis, columns=coding.columns[: basis.shape[1]])
            for coding, basis in pairs
        )
    )


def expanded(coefficients: np.ndarray, bases: Sequence[np.ndarray]) -> np.ndarray:
    """Coefficients of the design's own columns from those fitted, the intercept first in both."""
    ends = 1 + np.cumsum([basis.shape[1] for basis in bases], dtype=int)
    blocks = np.split(coefficients, [1, *ends])[1 : len(bases) + 1]
    return np.concatenate([coefficients[:1], *(basis @ own for basis, own in zip(bases, blocks, strict=True))])


@dataclass(frozen=True, eq=False)
class Fit:
    """An equation and how it was reached; no points yet.

    coefficients: of the design's columns, the intercept first. x: the matrix it was fitted on, in the `contrasts` of
    the design and with the intercept first, as are the coefficients of `optimum` and `choice`. offset: what the prior
    says of each case, (n,).
    """

    design: Design
    coefficients: np.ndarray
    x: np.ndarray
    optimum: Optimum
    choice: Choice
    merged: tuple[Merge, ...]
    signs: tuple[Sign, ...]
    offset: np.ndarray | float = 0.0


def fit_equation(
    sample: Sample,
    items: Sequence[Item],
    settings: ModelSettings,
    *,
    near: int | None = None,
    fold: np.ndarray | None = None,
    solve: Solver | None = None,
    asked: Collection[str] | None = None,
) -> Fit:
    """Learn the design, choose the penalty and fit; with `hold_signs`, again without the steps against their direction.

    With a prior in the settings the coefficients say how far the equation lies from it. near: where in the penalty grid
    to look first, see `choose_penalty`. fold: 0 … k−1 (n,), for the grouped rule. solve: Newton's method of ours when
    None; no other knows an offset. asked: ids of the items that get columns, all when None.
    """
    design, merged = learn_design(sample, items, settings, asked=asked)
    fold = fold if settings.penalty_rule == "grouped" else None
    offset, held = prior_logodds(sample.positions, design), list[Sign]()
    while True:
        bases = contrasts(design, sample.positions)
        x = matrix(sample.positions, fitted_design(design, bases))
        choice = choose_penalty(x, sample, penalty_grid(settings), offset=offset, near=near, fold=fold)
        optimum = _optimum(x, sample, choice, offset, solve)
        coefficients = expanded(padded(optimum.coefficients, x.shape[1]), bases)
        against = _signs(items, design, coefficients, held=settings.hold_signs)
        if not (settings.hold_signs and against):
            own = free(x, choice.penalty)
            return Fit(design, coefficients, own, optimum, choice, merged, tuple(held or against), offset)
        held.extend(against)
        design = replace(design, codings=tuple(without_steps(coding, against) for coding in design.codings))


def _optimum(x: np.ndarray, sample: Sample, choice: Choice, offset: np.ndarray, solve: Solver | None) -> Optimum:
    if solve is None:
        return newton(x, sample.outcome, sample.weight, choice.penalty, offset=offset, start=choice.start)
    coefficients = solve(x, sample.outcome, sample.weight, choice.penalty)
    return optimum_at(coefficients, x, sample.weight, choice.penalty)


def _signs(items: Sequence[Item], design: Design, coefficients: np.ndarray, *, held: bool) -> list[Sign]:
    signs: list[Sign] = []
    for place, (item, coding) in enumerate(zip(items, design.codings, strict=True)):
        own = coefficients[1:][design.columns_of(item.id)]
        steps = own + prior_steps(coding, design.prior[place]) if design.prior else own
        signs.extend(against_direction(item, coding, steps, held=held))
    return signs


@dataclass(frozen=True, eq=False)
class Around:
    """The log-likelihood of some cases around `coefficients` (p+1,), to second order, without penalty.

    score: its slope there, (p+1,). information: its curvature with the sign turned. product: score product by cluster.
    """

    coefficients: np.ndarray
    score: np.ndarray
    information: np.ndarray
    product: np.ndarray

    def peak(self, penalty: float) -> tuple[np.ndarray, float]:
        """The coefficients these cases alone would get at `penalty`, and the criterion there, up to a constant."""
        lam = ridge(len(self.score), penalty)
        slope = self.score - lam * self.coefficients
        solved = np.linalg.solve(self.information + np.diag(lam), np.column_stack([slope, self.product]))
        step = solved[:, 0]
        deviance = step @ self.information @ step - 2 * self.score @ step
        return self.coefficients + step, float(deviance + 2 * np.trace(solved[:, 1:]))


def out_of_fold_logodds(fit: Fit, sample: Sample, fold: np.ndarray) -> np.ndarray:
    """Log-odds of every case from the equation without its fold: one Newton step from the whole fit. Shape (n,).

    Each fold's step is taken at the penalty it prefers among the chosen one and its neighbours: their criterion is the
    whole sample's, changed by what the fold's cases add to it to second order. The design stays. fold: 0 … k−1, (n,).
    """
    whole, tried = _around(fit, sample), _neighbours(fit)
    shift = {one.penalty: one.criterion - whole.peak(one.penalty)[1] for one in tried}
    logodds = np.empty(len(fold))
    for left_out in range(int(fold.max()) + 1):
        held = np.flatnonzero(fold == left_out)
        others = _without(whole, fit, sample, held)
        peaks = {penalty: others.peak(penalty) for penalty in shift}
        best = min(peaks, key=lambda penalty: (peaks[penalty][1] + shift[penalty], -penalty))
        logodds[held] = fit.x[held] @ peaks[best][0]
    return logodds + fit.offset


def _neighbours(fit: Fit) -> tuple[PathPoint, ...]:
    place = [tried.penalty for tried in fit.choice.path].index(fit.choice.penalty)
    around = fit.choice.path[max(place - 1, 0) : place + 2]
    # from λ = ∞ to a finite one, or back, is more than a step
    return tuple(one for one in around if np.isfinite(one.penalty) == np.isfinite(fit.choice.penalty))


def _around(fit: Fit, sample: Sample) -> Around:
    found, lam = fit.optimum, ridge(fit.x.shape[1], fit.choice.penalty)
    product = score_product(fit.x, sample.outcome, sample.weight, found.prob, sample.cluster)
    return Around(found.coefficients, lam * found.coefficients, found.information - np.diag(lam), product)


def _without(whole: Around, fit: Fit, sample: Sample, held: np.ndarray) -> Around:
    x, prob, outcome, weight = fit.x[held], fit.optimum.prob[held], sample.outcome[held], sample.weight[held]
    scaled = x * np.sqrt(weight * prob * (1 - prob))[:, None]
    return Around(
        whole.coefficients,
        whole.score - x.T @ (weight * (outcome - prob)),
        whole.information - scaled.T @ scaled,
        whole.product - score_product(x, outcome, weight, prob, sample.cluster[held]),
    )


# λ says how much the two towns differ, and a few hundred cases hardly tell. At the chosen λ alone the errors are those
# of a town that knew it, and intervals held the true risk of .53-.83 of people (docs/coverage.md).
def averaged_covariance(fit: Fit, sample: Sample, settings: ModelSettings) -> np.ndarray:
    """The covariance of the design's own coefficients, intercept first, about those of `fit`. Shape (p+1, p+1).

    Σ over λ of w·[Σ_λ + (β_λ − β)(β_λ − β)'], w ∝ exp(−½ deviance left out)/√λ: every SD between towns, 1/√λ, is as
    likely beforehand (Gelman 2006). λ = ∞ is not among them: no two towns are exactly alike.
    """
    bases = contrasts(fit.design, sample.positions)
    x = matrix(sample.positions, fitted_design(fit.design, bases))
    expand, offset = block_diag(np.eye(1), *bases), np.broadcast_to(fit.offset, len(x))
    found, left_out, start = [], [], None
    penalties = finite_penalties(settings)[::-1]
    for penalty in penalties:
        optimum = newton(
            x, sample.outcome, sample.weight, penalty, offset=offset, start=start, tolerance=PATH_TOLERANCE
        )
        start = optimum.coefficients
        product = score_product(x, sample.outcome, sample.weight, optimum.prob, sample.cluster)
        own = expand @ covariance(optimum.information, product, penalty) @ expand.T
        away = expanded(optimum.coefficients, bases) - fit.coefficients
        found.append(own + np.outer(away, away))
        left_out.append(deviance(left_out_logodds(x, sample, optimum, offset), sample.outcome, sample.weight))
    weight = np.exp(-(np.array(left_out) - min(left_out)) / 2) / np.sqrt(penalties)
    return np.average(found, axis=0, weights=weight)
