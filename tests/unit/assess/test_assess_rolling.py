from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from predicted import cohort_of, instrument_of, rolling_predictions, settings_of

from riskmodel.assess import rolling
from riskmodel.assess.record import OUT_OF_FOLD
from riskmodel.assess.rolling import confirm_predictions, gather_evidence, learnt_slope_error
from riskmodel.assess.years import rolling_years
from riskmodel.ground.errors import SurveyDataError
from riskmodel.model.fit import equation_prob, fit_model
from riskmodel.model.matrix import matrix
from riskmodel.model.points import points_by_item, points_prob
from riskmodel.model.sample import answer_positions
from riskmodel.release.record import TEMPORAL

pytestmark = pytest.mark.slow

INSTRUMENT, SETTINGS = instrument_of(), settings_of(min_training_months=11)
COHORT = cohort_of(2400, years=(2020, 2021, 2022, 2023))


@pytest.fixture(scope="module")
def rolled() -> pd.DataFrame:
    return rolling_predictions(COHORT, INSTRUMENT, SETTINGS)


def test_every_case_of_every_rolling_year_is_predicted_once(rolled):
    cases, _ = COHORT.modelled
    expected = cases[cases["intake_year"] == 2022]
    assert rolling_years(COHORT, SETTINGS) == (2022,)
    assert rolled["case_id"].tolist() == sorted(expected["case_id"])
    assert rolled["outcome"].tolist() == expected.sort_values("case_id")["outcome"].tolist()


def test_rolling_years_with_too_few_people_give_way_to_folds():
    # 2022 is learnt from 23 months, and holds the outcomes of 12
    small = cohort_of(1600, years=(2019, 2020, 2021, 2022, 2023))
    cases, _ = small.modelled
    own, open_n = cases["intake_year"] == 2022, int((cases["intake_year"] < 2023).sum())
    events_n = int(cases.loc[own, "outcome"].sum())
    for group_min, kind, n in ((events_n, TEMPORAL, int(own.sum())), (events_n + 1, OUT_OF_FOLD, open_n)):
        found = gather_evidence(small, INSTRUMENT, settings_of(min_training_months=20, group_min=group_min))
        assert (found.kind, len(found.predictions)) == (kind, n)


def test_a_year_is_predicted_by_the_procedure_on_what_was_known_on_its_first_of_january(rolled):
    cases, answers = COHORT.known_before(2022 * 12)
    assert cases["intake_month"].max() == 2022 * 12 - 14
    model = fit_model(cases, answers, INSTRUMENT, SETTINGS)
    by_hand = equation_prob(COHORT.answers.loc[rolled["case_id"]], model)
    assert rolled["equation_prob"].to_numpy() == pytest.approx(by_hand, abs=1e-12)
    assert rolled["event_rate_prob"].unique() == pytest.approx([cases["outcome"].mean()])


def test_the_slope_is_as_uncertain_as_the_coefficients_that_were_learnt():
    # the truth lies off what is told by errors of the coefficients; their slope on what is told is what is measured
    _, answers = COHORT.modelled
    model = fit_model(*COHORT.modelled, INSTRUMENT, SETTINGS)
    prob = points_prob(points_by_item(answers, model.points).sum(axis=1).to_numpy(), model.points)
    x = matrix(answer_positions(answers, (coding.allowed for coding in model.design.codings)), model.design)
    errors = np.random.default_rng(1).multivariate_normal(np.zeros(x.shape[1]), model.equation.covariance, size=4000)
    weight = np.sqrt(prob * (1 - prob))
    slopes, _ = np.polyfit(np.log(prob / (1 - prob)), x @ errors.T, 1, w=weight)
    assert learnt_slope_error(model, answers, prob) == pytest.approx(slopes.std(), rel=0.04)
    assert learnt_slope_error(model, answers, np.full(len(answers), 0.3)) == 0.0


def test_outcomes_of_the_year_itself_change_no_prediction(rolled):
    known = COHORT.cases["known_month"] < 2022 * 12
    turned = COHORT.cases["outcome"].where(known, 1 - COHORT.cases["outcome"])
    again = rolling_predictions(replace(COHORT, cases=COHORT.cases.assign(outcome=turned)), INSTRUMENT, SETTINGS)
    risks = [column for column in rolled if column.endswith("_prob")]
    pd.testing.assert_frame_equal(again[risks], rolled[risks])


def test_columns_are_those_that_later_stages_read(rolled):
    expected = "case_id cluster_id intake_year area outcome weight left_within_100_days points points_prob"
    expected += " equation_prob event_rate_prob three_item_prob boosted_prob sex education age_band stratum"
    expected += (
        " level_error slope_error points_of.age points_of.education points_of.health points_of.work value_of.age"
    )
    assert sorted(rolled.columns) == sorted(expected.split())
    assert pd.api.types.is_integer_dtype(rolled["points"])


def test_the_truth_of_a_made_municipality_is_joined_by_person_and_month():
    keys = COHORT.cases[["person_id", "intake_month"]]
    truth = keys.assign(true_prob=np.arange(len(keys)) / 1e5, best_prob=0.5).sample(frac=1, random_state=0)
    found = rolling_predictions(COHORT, INSTRUMENT, SETTINGS, truth=truth)
    assert found["true_prob"].tolist() == pytest.approx([int(case_id[1:]) / 1e5 for case_id in found["case_id"]])
    assert "person_id" not in found


def test_confirming_predicts_the_latest_year_alone():
    found = confirm_predictions(COHORT, INSTRUMENT, SETTINGS)
    assert set(found["intake_year"]) == {2023} and len(found) == 600


def test_confirming_without_enough_years_is_refused():
    with pytest.raises(SurveyDataError, match="Deliver more years"):
        confirm_predictions(cohort_of(300, years=(2023,)), INSTRUMENT, SETTINGS)


def test_a_labelled_cohort_counts_twelve_months_a_year():
    month = COHORT.cases["intake_year"] * 12
    labelled = replace(
        COHORT,
        cases=COHORT.cases.assign(intake_month=month, known_month=month + 13),
        summary={**COHORT.summary, "labelled": True},
    )
    assert rolling_years(labelled, settings_of(min_training_months=12)) == (2022,)
    assert rolling_years(labelled, settings_of(min_training_months=13)) == ()


def test_folds_never_split_a_household_and_leave_the_year_to_confirm_unseen():
    found = gather_evidence(COHORT, INSTRUMENT, SETTINGS).out_of_fold
    assert set(found["intake_year"]) == {2020, 2021, 2022}
    assert found["case_id"].is_unique and len(found) == 1800
    # one model a fold: what its level may be off by tells the folds apart
    assert found.groupby("cluster_id")["level_error"].nunique().max() == 1
    assert found["level_error"].nunique() == 3
    assert "boosted_prob" not in found  # beside rolling years nothing is compared there


def test_evidence_is_temporal_where_it_can_be_and_out_of_fold_where_not(rolled):
    evidence = gather_evidence(COHORT, INSTRUMENT, SETTINGS)
    assert evidence.kind == TEMPORAL
    pd.testing.assert_frame_equal(evidence.predictions, rolled)
    assert len(evidence.out_of_fold) == 1800
    young = gather_evidence(cohort_of(400, years=(2022,)), INSTRUMENT, SETTINGS)
    assert young.kind == OUT_OF_FOLD and len(young.predictions) == 400
    assert rolling_predictions(cohort_of(400, years=(2022,)), INSTRUMENT, SETTINGS).empty


def test_numbers_do_not_depend_on_the_number_of_processes(rolled, monkeypatch):
    monkeypatch.setattr(rolling, "WORTH_PROCESSES", 0)
    two = replace(SETTINGS, run=replace(SETTINGS.run, workers=2))
    evidence = gather_evidence(COHORT, INSTRUMENT, two)
    pd.testing.assert_frame_equal(evidence.predictions, rolled, check_exact=True)
