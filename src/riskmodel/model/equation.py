"""One equation: design, penalty and coefficients, from a sample."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from riskmodel.ground.settings import ModelSettings
from riskmodel.instrument.records import Item
from riskmodel.model.contrasts import contrasts, expanded, fitted_design
from riskmodel.model.levels import against_direction, without_steps
from riskmodel.model.logistic import Optimum, Solver, newton, optimum_at
from riskmodel.model.matrix import learn_design, matrix
from riskmodel.model.penalty import Choice, choose_penalty, penalty_grid
from riskmodel.model.record import Design, Merge, Sign
from riskmodel.model.sample import Sample


@dataclass(frozen=True, eq=False)
class Fit:
    """An equation and how it was reached; no points yet.

    coefficients: of the design's columns, the intercept first. x: the matrix it was fitted on, in the `contrasts` of
    the design and with the intercept first, as are the coefficients of `optimum` and `choice`.
    """

    design: Design
    coefficients: np.ndarray
    x: np.ndarray
    optimum: Optimum
    choice: Choice
    merged: tuple[Merge, ...]
    signs: tuple[Sign, ...]


def fit_equation(
    sample: Sample,
    items: Sequence[Item],
    settings: ModelSettings,
    *,
    near: int | None = None,
    fold: np.ndarray | None = None,
    solve: Solver | None = None,
) -> Fit:
    """Learn the design, choose the penalty and fit; with `hold_signs`, again without the steps against their direction.

    near: where in the penalty grid to look first, see `choose_penalty`. fold: 0 … k−1 (n,), for the grouped rule.
    solve: Newton's method of ours when None.
    """
    design, merged = learn_design(sample, items, settings)
    fold = fold if settings.penalty_rule == "grouped" else None
    held: list[Sign] = []
    while True:
        bases = contrasts(design, sample.positions)
        x = matrix(sample.positions, fitted_design(design, bases))
        choice = choose_penalty(x, sample, penalty_grid(settings), near=near, fold=fold)
        optimum = _optimum(x, sample, choice, solve)
        coefficients = expanded(optimum.coefficients, bases)
        against = _signs(items, design, coefficients, held=settings.hold_signs)
        if not (settings.hold_signs and against):
            return Fit(design, coefficients, x, optimum, choice, merged, tuple(held or against))
        held.extend(against)
        design = Design(tuple(without_steps(coding, against) for coding in design.codings))


def _optimum(x: np.ndarray, sample: Sample, choice: Choice, solve: Solver | None) -> Optimum:
    if solve is None:
        return newton(x, sample.outcome, sample.weight, choice.penalty, start=choice.start)
    coefficients = solve(x, sample.outcome, sample.weight, choice.penalty)
    return optimum_at(coefficients, x, sample.weight, choice.penalty)


def _signs(items: Sequence[Item], design: Design, coefficients: np.ndarray, *, held: bool) -> list[Sign]:
    signs: list[Sign] = []
    for item, coding in zip(items, design.codings, strict=True):
        own = coefficients[1:][design.columns_of(item.id)]
        signs.extend(against_direction(item, coding, own, held=held))
    return signs
