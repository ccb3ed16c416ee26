"""With a borrowed table the table is fixed, and all else is learnt again: in rolling years, folds and resamples."""

from dataclasses import replace

import numpy as np
import pytest
from predicted import cohort_of, instrument_of, settings_of
from sampled import items_of, sample_of
from sampled import settings_of as sampled_settings

from riskmodel.assess.repeated.optimism import resample
from riskmodel.assess.rolling import confirm_predictions, gather_evidence
from riskmodel.ground.choices import PriorSettings, PriorTable
from riskmodel.model.sample import allowed_answers, answer_positions

PER_POINT = np.log(2) / 10
INSTRUMENT = instrument_of()
COHORT = cohort_of(1200, years=(2020, 2021, 2022, 2023))


def starting_from(settings, points, *, only_intercept):
    logodds = {item: tuple(PER_POINT * np.array(own, dtype=float)) for item, own in points.items()}
    table = PriorTable("release", "2025.1", {"9902": "Grannby"}, "", None, logodds, {})
    prior = PriorSettings("theirs", only_intercept=only_intercept, table=table)
    return replace(settings, model=replace(settings.model, prior=prior))


@pytest.fixture(scope="module")
def their_points():
    return {item.id: np.append(np.arange(allowed_answers(item).n) % 7, 1) for item in INSTRUMENT.predictors()}


def test_every_year_and_fold_has_their_points_where_these_stand(their_points):
    settings = starting_from(settings_of(min_training_months=11), their_points, only_intercept=True)
    found = gather_evidence(COHORT, INSTRUMENT, settings)
    for predictions in (found.predictions, found.out_of_fold, confirm_predictions(COHORT, INSTRUMENT, settings)):
        answers = COHORT.answers.loc[predictions["case_id"]]
        places = answer_positions(answers, map(allowed_answers, INSTRUMENT.predictors()))
        sums = sum(own[column] for own, column in zip(their_points.values(), places.T, strict=True))
        assert predictions["points"].tolist() == sums.tolist()
    offsets = found.out_of_fold["points_prob"] / (1 - found.out_of_fold["points_prob"])
    assert (np.log(offsets) - PER_POINT * found.out_of_fold["points"]).round(6).nunique() > 1  # each fold has its own


@pytest.mark.parametrize("only_intercept", [True, False])
def test_resamples_start_from_the_table_too(only_intercept):
    items, points = items_of(4), {f"q{place}": (0, 7, 14, 7) for place in range(4)}
    settings = starting_from(sampled_settings(optimism=6), points, only_intercept=only_intercept)
    found = resample(sample_of(300, 4, seed=3), items, settings)
    assert found.summary["failed_n"] == 0
    assert (found.models["shrinkage"] == 1).all()
    assert np.isinf(found.models["penalty"]).all() or not only_intercept
    auc = found.indexes.set_index(["predictor", "measure"]).loc[("points", "auc")]
    if only_intercept:  # nothing of the sample is in the points
        assert auc["optimism"] == pytest.approx(0, abs=0.02)
    assert auc["corrected"] > 0.7
