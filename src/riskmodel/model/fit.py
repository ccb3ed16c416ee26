"""The whole procedure on one set of cases: what is published, and what every resample repeats."""

import numpy as np
import pandas as pd

from riskmodel.instrument.records import Instrument
from riskmodel.model.auc import weighted_auc
from riskmodel.model.equation import Fit, fit_equation, out_of_fold_logodds
from riskmodel.model.logistic import Solver, covariance, logistic_slope, probability, score_product
from riskmodel.model.matrix import design_matrix
from riskmodel.model.points import make_points, points_prob, sum_of_points
from riskmodel.model.record import Equation, FittedModel
from riskmodel.model.sample import Sample, grouped_folds, intercept_window, sample_of
from riskmodel.model.spline import weighted_quantile
from riskmodel.settings import Settings

LEVERAGE_QUANTILE = 0.995  # beyond it an answer pattern counts as never seen


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
    items = instrument.predictors(settings.cohort.landmark)
    sample = sample_of(cases, answers, instrument, landmark=settings.cohort.landmark)
    fit = fit_equation(sample, items, settings.model, solve=solve)
    out_of_fold = out_of_fold_logodds(sample, items, settings, near=fit.choice.place)
    # a slope below zero says that the answers carry nothing; the points are then all zero, never reversed
    shrinkage = max(0.0, logistic_slope(out_of_fold, sample.outcome, sample.weight))
    years, in_window = intercept_window(sample.month, years_n=settings.model.intercept_window_years)
    equation = _equation(fit, sample)
    return FittedModel(
        design=fit.design,
        equation=equation,
        points=make_points(
            fit.design,
            shrinkage * equation.coefficients,
            sample.take(in_window),
            points_per_doubling=settings.model.points_per_doubling,
        ),
        shrinkage=shrinkage,
        out_of_fold_auc=weighted_auc(sample.outcome, out_of_fold, sample.weight),
        event_rate=float(sample.weight @ sample.outcome / sample.weight.sum()),
        n=len(sample.outcome),
        events_n=int(sample.outcome.sum()),
        clusters_n=len(np.unique(sample.cluster)),
        window_years=years,
        merged=fit.merged,
        signs=fit.signs,
        penalty_path=fit.choice.path,
        leverage_limit=_leverage_limit(fit.x, equation.covariance, sample.weight),
    )


def _equation(fit: Fit, sample: Sample) -> Equation:
    product = score_product(fit.x, sample.outcome, sample.weight, fit.optimum.prob, sample.cluster)
    return Equation(
        intercept=float(fit.optimum.coefficients[0]),
        coefficients=fit.optimum.coefficients[1:],
        penalty=fit.choice.penalty,
        covariance=covariance(fit.optimum.information, product, fit.choice.penalty),
        columns=fit.design.columns,
    )


def _leverage_limit(x: np.ndarray, sigma: np.ndarray, weight: np.ndarray) -> float:
    leverage = ((x @ sigma) * x).sum(axis=1)
    return float(weighted_quantile(leverage, weight, at=(LEVERAGE_QUANTILE,))[0])


def equation_logodds(answers: pd.DataFrame, model: FittedModel) -> np.ndarray:
    """The equation's log-odds for every row of `answers`, before shrinkage and rounding. Shape (n,)."""
    return model.equation.intercept + design_matrix(answers, model.design) @ model.equation.coefficients


def equation_prob(answers: pd.DataFrame, model: FittedModel) -> np.ndarray:
    """The equation's risk for every row of `answers`, 0-1, shape (n,). An unknown level is a `FitError`."""
    return probability(equation_logodds(answers, model))


def out_of_fold_predictions(
    cases: pd.DataFrame, answers: pd.DataFrame, instrument: Instrument, settings: Settings
) -> pd.DataFrame:
    """Risks of every case from a model fitted without its fold: the whole procedure, repeated a fold.

    Returns case_id, fold, equation_prob, points (each fold has its own table) and points_prob, in the order of `cases`.
    """
    fold = grouped_folds(cases["cluster_id"].to_numpy(), folds_n=settings.assess.folds, seed=settings.run.seed)
    predictions = pd.DataFrame({"case_id": cases["case_id"].to_numpy(), "fold": fold})
    for left_out in range(int(fold.max()) + 1):
        held, kept = fold == left_out, fold != left_out
        model = fit_model(cases[kept], answers[kept], instrument, settings)
        sums = sum_of_points(answers[held], model.points)
        predictions.loc[held, "equation_prob"] = equation_prob(answers[held], model)
        predictions.loc[held, "points"] = sums
        predictions.loc[held, "points_prob"] = points_prob(sums, model.points)
    return predictions.astype({"points": "int64"})
