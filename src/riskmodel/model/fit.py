"""The whole procedure on one set of cases: what is published, and what every resample repeats."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from riskmodel.ground.choices import ALL
from riskmodel.ground.settings import Settings
from riskmodel.ground.statistics import stepped
from riskmodel.instrument.pairs import check_pairs, with_pairs
from riskmodel.instrument.records import Instrument, Item
from riskmodel.model.chosen_questions import check_kept, chosen_form, shorter_forms
from riskmodel.model.equation import Fit, averaged_covariance, fit_equation, out_of_fold_logodds
from riskmodel.model.logistic import (
    Solver,
    covariance,
    free,
    logistic_slope,
    optimum_at,
    probability,
    score_product,
    weighted_auc,
)
from riskmodel.model.matrix import check_knots, matrix, prior_logodds
from riskmodel.model.penalty import Choice
from riskmodel.model.points import Level, found_level, make_points, sum_at
from riskmodel.model.record import AnswerErrors, Design, Equation, FittedModel, Points
from riskmodel.model.sample import Sample, answer_positions, grouped_folds, intercept_window, sample_of
from riskmodel.model.spline import weighted_quantile

UNUSUAL_QUANTILE = 0.995  # beyond it an answer pattern counts as never seen
FEWEST_FOR_SHRINKAGE = 600  # cases; below, the slope's noise is larger than what it gains
DIGITS = 2  # of the limit beyond which a pattern is unusual


@dataclass(frozen=True, eq=False)
class Learnt:
    """What the procedure decides from one sample: equation, shrinkage, points.

    left_out: log-odds of every case of the sample by the equation without its fold, not shrunken. Shape (n,).
    """

    fit: Fit
    left_out: np.ndarray
    shrinkage: float
    points: Points


def learn(
    sample: Sample, items: Sequence[Item], settings: Settings, *, near: int | None = None, solve: Solver | None = None
) -> Learnt:
    """Which questions, merging, knots, penalty, equation, shrinkage, points and intercept: what every resample repeats.

    near, solve: as in `fit_equation`.
    """
    fold, asked = _folds(sample, settings), None
    if settings.items.choose != ALL:
        whole = fit_equation(sample, items, settings.model, near=near, fold=fold)
        forms = shorter_forms(whole, sample, fold, keep=settings.items.keep)
        asked = chosen_form(forms, sample, settings.items.choose).asked
    fit = fit_equation(sample, items, settings.model, near=near, fold=fold, solve=solve, asked=asked)
    return _finished(fit, sample, fold, settings)


def learn_forms(sample: Sample, items: Sequence[Item], settings: Settings) -> Iterator[Learnt]:
    """What would be learnt with every number of questions, from all of them down to one, or to those always kept."""
    fold = _folds(sample, settings)
    whole = fit_equation(sample, items, settings.model, fold=fold)
    for form in shorter_forms(whole, sample, fold, keep=settings.items.keep):
        fit = fit_equation(sample, items, settings.model, near=whole.choice.place, fold=fold, asked=form.asked)
        yield _finished(fit, sample, fold, settings)


def learnt_again(model: FittedModel, sample: Sample, settings: Settings) -> Learnt:
    """What `model` was made of, from the sample it was learnt from, without choosing or fitting anything anew."""
    penalty, offset = model.equation.penalty, prior_logodds(sample.positions, model.design)
    x = free(matrix(sample.positions, model.design), penalty)
    coefficients = np.append(model.equation.intercept, model.equation.coefficients)
    optimum = optimum_at(coefficients, x, sample.weight, penalty, offset)
    place = [tried.penalty for tried in model.penalty_path].index(penalty)
    choice = Choice(penalty, place, coefficients, model.penalty_path)
    fit = Fit(model.design, coefficients, x, optimum, choice, model.merged, model.signs, offset)
    return _finished(fit, sample, _folds(sample, settings), settings)


def _folds(sample: Sample, settings: Settings) -> np.ndarray:
    return grouped_folds(sample.cluster, folds_n=settings.assess.folds, seed=settings.run.seed)


def _finished(fit: Fit, sample: Sample, fold: np.ndarray, settings: Settings) -> Learnt:
    left_out = out_of_fold_logodds(fit, sample, fold)
    shrinkage = _shrinkage(fit, left_out, sample)
    years_n = settings.model.intercept_window_years
    _, in_window = intercept_window(sample.month, years_n=years_n)
    points = make_points(
        fit.design,
        shrinkage * fit.coefficients[1:],
        sample.take(in_window),
        points_per_doubling=settings.model.points_per_doubling,
        years_n=years_n,
    )
    return Learnt(fit, left_out, shrinkage, points)


def _shrinkage(fit: Fit, left_out: np.ndarray, sample: Sample) -> float:
    """What the coefficients are multiplied by: 1 with a prior, whose λ has settled it, and 1 or 0 for few cases."""
    if fit.design.prior:
        return 1.0
    slope = logistic_slope(left_out, sample.outcome, sample.weight)
    if slope <= 0:  # the answers carry nothing; the points are then all zero, never reversed
        return 0.0
    return 1.0 if sample.copies.sum() < FEWEST_FOR_SHRINKAGE else slope


def fit_model(
    cases: pd.DataFrame,
    answers: pd.DataFrame,
    instrument: Instrument,
    settings: Settings,
    *,
    solve: Solver | None = None,
) -> FittedModel:
    """Fit `cases` and their `answers` (same rows, same order): merging, knots, penalty, shrinkage, points, intercept.

    cases: outcome 0/1, weight > 0, cluster_id, intake_month; copies in a resample keep their cluster_id.
    solve: what fits the equation at the chosen penalty, our own Newton's method when None.
    """
    check_knots(instrument, settings.model)
    check_pairs(instrument, settings.model.pairs)
    check_kept(instrument, settings)
    landmark, pairs = settings.cohort.landmark, settings.model.pairs
    sample = sample_of(cases, answers, instrument, landmark=landmark, pairs=pairs)
    learnt = learn(sample, with_pairs(instrument.predictors(landmark), pairs), settings, solve=solve)
    return fitted_model(learnt, sample, settings)


def fitted_model(learnt: Learnt, sample: Sample, settings: Settings) -> FittedModel:
    """The record of what was `learnt` from `sample`, with its errors and its counts."""
    fit, x = learnt.fit, matrix(sample.positions, learnt.fit.design)
    equation = _equation(fit, x, sample, settings)
    window_years, level = _level(learnt.points, sample, settings)
    return FittedModel(
        design=fit.design,
        equation=equation,
        points=learnt.points,
        shrinkage=learnt.shrinkage,
        out_of_fold_auc=weighted_auc(sample.outcome, learnt.left_out, sample.weight),
        event_rate=float(sample.weight @ sample.outcome / sample.weight.sum()),
        n=int(sample.copies.sum()),
        events_n=int(sample.copies @ sample.outcome),
        clusters_n=len(np.unique(sample.cluster)),
        window_years=window_years,
        level_error=level.error,
        merged=fit.merged,
        signs=fit.signs,
        penalty_path=fit.choice.path,
        errors=answer_errors(
            fit.design, equation.covariance, sample.positions, sample.weight, level_error=level.coming
        ),
    )


def _level(points: Points, sample: Sample, settings: Settings) -> tuple[tuple[int, ...], Level]:
    """The years that tell the level of the points, and what they tell."""
    years_n = settings.model.intercept_window_years
    years, inside = intercept_window(sample.month, years_n=years_n)
    window = sample.take(inside)
    return years, found_level(sum_at(window.positions, points) * points.per_point, window, years_n=years_n)


def _equation(fit: Fit, x: np.ndarray, sample: Sample, settings: Settings) -> Equation:
    return Equation(
        intercept=float(fit.coefficients[0]),
        coefficients=fit.coefficients[1:],
        penalty=fit.choice.penalty,
        covariance=averaged_covariance(fit, sample, settings.model)
        if fit.design.prior
        else _covariance(fit, x, sample),
        columns=fit.design.columns,
    )


def _covariance(fit: Fit, x: np.ndarray, sample: Sample) -> np.ndarray:
    found = optimum_at(fit.coefficients, x, sample.weight, fit.choice.penalty)
    product = score_product(x, sample.outcome, sample.weight, found.prob, sample.cluster)
    return covariance(found.information, product, fit.choice.penalty)


def equation_logodds(answers: pd.DataFrame, model: FittedModel) -> np.ndarray:
    """The equation's log-odds for every row of `answers`, before shrinkage and rounding. Shape (n,)."""
    positions = answer_positions(answers, (coding.allowed for coding in model.design.codings))
    own = matrix(positions, model.design)[:, 1:] @ model.equation.coefficients
    return model.equation.intercept + own + prior_logodds(positions, model.design)


def equation_prob(answers: pd.DataFrame, model: FittedModel) -> np.ndarray:
    """The equation's risk for every row of `answers`, 0-1, shape (n,). An unknown level is a `FitError`."""
    return probability(equation_logodds(answers, model))


@dataclass(frozen=True, eq=False)
class _Block:
    """One item's columns: the row of every answer, and how the mean person would answer."""

    rows: np.ndarray
    mean: np.ndarray
    covariance: np.ndarray

    def errors(self) -> tuple[float, ...]:
        """The standard error of every answer's log-odds against the mean person's, no answer last."""
        away = self.rows - self.mean
        variance = np.clip(((away @ self.covariance) * away).sum(axis=1), 0, None)
        return tuple(stepped(error) for error in np.sqrt(variance).tolist())


def answer_errors(
    design: Design, covariance: np.ndarray, positions: np.ndarray, weight: np.ndarray, *, level_error: float
) -> AnswerErrors:
    """The errors of an equation by answer, each the nearest of a short ladder, and beyond what a case is unusual.

    covariance: (p+1, p+1), squared log-odds. positions: (n, items), of those fitted, with their weight (n,). An
    answer's error is about the mean person; with the mean person's own its variance adds, what items share left out.
    level_error: of the offset, which comes from some of the years alone and is most of what is not known of the mean
    person.
    """
    blocks, first = [], 1
    for coding, column in zip(design.codings, positions.T, strict=True):
        own = slice(first, first + len(coding.columns))
        given = np.bincount(column, weight, minlength=len(coding.rows))
        blocks.append(_Block(coding.rows, given @ coding.rows / given.sum(), covariance[own, own]))
        first = own.stop
    mean = np.concatenate([[1.0], *(block.mean for block in blocks)])
    mean_person = stepped(max(float(np.sqrt(mean @ covariance @ mean)), level_error))
    by_item = tuple(block.errors() for block in blocks)
    variance = np.full(len(positions), mean_person**2)
    for errors, column in zip(by_item, positions.T, strict=True):
        variance += np.square(errors)[column]
    largest_usual = float(weighted_quantile(variance, weight, at=(UNUSUAL_QUANTILE,))[0])
    return AnswerErrors(mean_person, by_item, rounded_up(largest_usual))


def rounded_up(value: float) -> float:
    """A positive `value` to two significant digits, never below it."""
    if value <= 0:
        return 0.0
    power = int(np.floor(np.log10(value))) + 1 - DIGITS
    return float(f"{int(np.ceil(value / 10.0**power * (1 - 1e-12)))}e{power}")
