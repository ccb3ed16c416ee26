"""One equation: design, penalty and coefficients from a sample, and what it predicts for those left out of it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from riskmodel.instrument.records import Item
from riskmodel.model.levels import against_direction, without_steps
from riskmodel.model.logistic import Optimum, Solver, newton, optimum_at
from riskmodel.model.matrix import learn_design, matrix
from riskmodel.model.penalty import Choice, choose_penalty, penalty_grid
from riskmodel.model.record import Design, Merge, Sign
from riskmodel.model.sample import Sample, check_both_outcomes, grouped_folds
from riskmodel.settings import ModelSettings, Settings


@dataclass(frozen=True, eq=False)
class Fit:
    """An equation and how it was reached; no points yet. x: the matrix it was fitted on, intercept first."""

    design: Design
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
    solve: Solver | None = None,
) -> Fit:
    """Learn the design, choose the penalty and fit; with `hold_signs`, again without the steps against their direction.

    near: where in the penalty grid to look first, see `choose_penalty`. solve: Newton's method of ours when None.
    """
    design, merged = learn_design(sample, items, settings)
    held: list[Sign] = []
    while True:
        x = matrix(sample.positions, design)
        choice = choose_penalty(x, sample, penalty_grid(settings), near=near)
        optimum = _optimum(x, sample, choice, solve)
        against = _signs(items, design, optimum, held=settings.hold_signs)
        if not (settings.hold_signs and against):
            return Fit(design, x, optimum, choice, merged, tuple(held or against))
        held.extend(against)
        design = Design(tuple(without_steps(coding, against) for coding in design.codings))


def _optimum(x: np.ndarray, sample: Sample, choice: Choice, solve: Solver | None) -> Optimum:
    if solve is None:
        return newton(x, sample.outcome, sample.weight, choice.penalty, start=choice.start)
    coefficients = solve(x, sample.outcome, sample.weight, choice.penalty)
    return optimum_at(coefficients, x, sample.weight, choice.penalty)


def _signs(items: Sequence[Item], design: Design, optimum: Optimum, *, held: bool) -> list[Sign]:
    signs: list[Sign] = []
    for item, coding in zip(items, design.codings, strict=True):
        own = optimum.coefficients[1:][design.columns_of(item.id)]
        signs.extend(against_direction(item, coding, own, held=held))
    return signs


def out_of_fold_logodds(sample: Sample, items: Sequence[Item], settings: Settings, *, near: int) -> np.ndarray:
    """The equation's log-odds for every case from a fit without its fold, every step repeated there. Shape (n,).

    near: the whole sample's place in the penalty grid, from where each fold walks to its own.
    """
    fold = grouped_folds(sample.cluster, folds_n=settings.assess.folds, seed=settings.run.seed)
    logodds = np.empty(len(fold))
    for left_out in range(int(fold.max()) + 1):
        training = sample.take(fold != left_out)
        check_both_outcomes(int(training.outcome.sum()), len(training.outcome), where=f"cases outside fold {left_out}")
        fit = fit_equation(training, items, settings.model, near=near)
        logodds[fold == left_out] = matrix(sample.positions[fold == left_out], fit.design) @ fit.optimum.coefficients
    return logodds
