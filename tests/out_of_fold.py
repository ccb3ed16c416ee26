"""Every case as a model without its fold sees it, by fitting again: what the tests hold the quicker ways against."""

import pandas as pd

from riskmodel.ground.settings import Settings
from riskmodel.instrument.records import Instrument
from riskmodel.model.fit import equation_prob, fit_model
from riskmodel.model.points import points_prob, sum_of_points
from riskmodel.model.sample import grouped_folds


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
