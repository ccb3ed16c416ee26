"""Everything that a yearly run decides from one set of cases, as one call: model, threshold, flags."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from riskmodel.assess.threshold import Choice, choose_threshold
from riskmodel.ground.files import tidy
from riskmodel.ground.settings import Settings
from riskmodel.instrument.records import Instrument
from riskmodel.model.fit import Learnt, fitted_model, learn
from riskmodel.model.logistic import probability
from riskmodel.model.matrix import check_knots
from riskmodel.model.points import offset_for, risk_by_sum, sum_of_points
from riskmodel.model.record import FittedModel, Points
from riskmodel.model.sample import Sample, intercept_window, sample_of


@dataclass(frozen=True, eq=False)
class Procedure:
    """What a yearly run decides.

    out_of_fold_prob: risk of every case by the shrunken equation without its fold, with the intercept window's event
    rate; shape (n,), in the order of the cases. choice: the threshold chosen on it, as a whole sum of `model`'s points.
    """

    model: FittedModel
    out_of_fold_prob: np.ndarray
    choice: Choice


def whole_procedure(
    cases: pd.DataFrame,
    answers: pd.DataFrame,
    instrument: Instrument,
    settings: Settings,
    *,
    near: int | None = None,
) -> Procedure:
    """The whole procedure on `cases` and their `answers` (same rows, same order).

    near: where in the penalty grid to look first, for cases much like others whose penalty is known; see
    `choose_penalty`.
    """
    check_knots(instrument, settings.model)
    sample = sample_of(cases, answers, instrument, landmark=settings.cohort.landmark)
    learnt = learn(sample, instrument.predictors(settings.cohort.landmark), settings, near=near)
    prob = out_of_fold_prob(learnt, sample, settings)
    choice = threshold_for(learnt.points, prob, sample, left_early(cases)[sample.order], settings)
    return Procedure(fitted_model(learnt, sample, settings), sample.in_given_order(prob), choice)


def left_early(cases: pd.DataFrame) -> np.ndarray:
    """1.0 for those who left within 100 days, 0.0 for those who did not, NaN where it is not known. Shape (n,)."""
    return cases["left_within_100_days"].to_numpy(dtype=float, na_value=np.nan)


def out_of_fold_prob(learnt: Learnt, sample: Sample, settings: Settings) -> np.ndarray:
    """The risk of every case of `sample` by the shrunken equation without its fold, 0-1, shape (n,)."""
    logodds = learnt.shrinkage * learnt.left_out
    _, inside = intercept_window(sample.month, years_n=settings.model.intercept_window_years)
    return probability(logodds + offset_for(logodds[inside], sample.outcome[inside], sample.weight[inside]))


def threshold_for(
    points: Points, prob: np.ndarray, sample: Sample, left_early: np.ndarray, settings: Settings
) -> Choice:
    """The threshold of the policy on the risks `prob`, translated to the smallest whole sum of `points`.

    prob, left_early: of the cases of `sample`, in its order.
    """
    each = np.repeat(np.arange(len(prob)), sample.copies)
    people = pd.DataFrame(
        {
            "points_prob": prob[each],
            "outcome": sample.outcome[each],
            "weight": (sample.weight / sample.copies)[each],
            "left_within_100_days": left_early[each],
        }
    )
    first, risks = risk_by_sum(points)
    published = np.array(tidy(risks.tolist()))  # as they are written, so that a threshold is one of them
    return choose_threshold(people, settings.policy, first=first, risk_by_sum=published)


def flags(found: Procedure | FittedModel, choice: Choice, answers: pd.DataFrame) -> np.ndarray:
    """Who is flagged: everybody at or above the threshold, nobody without one. Bool, shape (n,)."""
    model = found.model if isinstance(found, Procedure) else found
    if choice.threshold is None:
        return np.zeros(len(answers), dtype=bool)
    return sum_of_points(answers, model.points) >= choice.threshold.points
