"""The procedure as a whole: it finds what is there, repeats itself, and refuses what can't be fitted."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from riskmodel.errors import FitError, SettingsError
from riskmodel.instrument.records import NO_ANSWER, NOT_ASKED
from riskmodel.model.fit import equation_logodds, equation_prob, fit_model, out_of_fold_predictions
from riskmodel.model.matrix import design_matrix
from riskmodel.model.points import points_prob, sum_of_points
from riskmodel.model.sample import grouped_folds


def test_known_effects_are_recovered(cohort_of, instrument, settings):
    made = cohort_of(6000, seed=11)
    model = fit_model(made.cases, made.answers, instrument, settings)
    assert np.abs(equation_logodds(made.answers, model) - made.logodds).mean() < 0.1
    assert np.corrcoef(equation_logodds(made.answers, model), made.logodds)[0, 1] > 0.98
    assert 0.9 < model.shrinkage < 1.1
    points = model.points.of("housing").by_code
    assert points["c"] - points["a"] == pytest.approx(1.2 / np.log(2) * 10, abs=3)
    ages = model.points.of("age").by_value
    assert ages[-1] - ages[0] == pytest.approx(0.03 * (64 - 18) / np.log(2) * 10, abs=4)


def test_the_record_says_what_was_fitted(made, model):
    assert (model.n, model.clusters_n) == (1500, 1500)
    assert model.events_n == made.cases["outcome"].sum()
    assert model.event_rate == pytest.approx(model.events_n / 1500)
    assert model.window_years == (2021, 2022)
    assert model.equation.columns == model.design.columns
    assert model.equation.covariance.shape == (len(model.design.columns) + 1,) * 2
    assert len(model.penalty_path) == 25


def test_points_follow_the_shrunken_equation(made, model):
    exact = model.shrinkage * equation_logodds(made.answers, model)
    rounded = sum_of_points(made.answers, model.points) * model.points.per_point
    gap = exact - rounded
    assert gap.max() - gap.min() <= 4 * model.points.per_point + 1e-9  # half a point either way for each of 4 items


def test_mean_risk_by_points_is_the_event_rate_of_the_window(made, model):
    inside = (made.cases["intake_month"] // 12).isin(model.window_years).to_numpy()
    risk = points_prob(sum_of_points(made.answers, model.points), model.points)
    assert risk[inside].mean() == pytest.approx(made.cases["outcome"][inside].astype(float).mean(), abs=1e-9)


def test_one_case_in_two_hundred_has_more_leverage_than_the_limit(made, model):
    x = np.column_stack([np.ones(len(made.answers)), design_matrix(made.answers, model.design)])
    leverage = ((x @ model.equation.covariance) * x).sum(axis=1)
    assert (leverage > model.leverage_limit * (1 + 1e-12)).mean() == pytest.approx(0.005, abs=0.001)


def test_nothing_handed_in_is_changed_and_the_same_comes_out_twice(made, model, instrument, settings):
    cases, answers = made.cases.copy(deep=True), made.answers.copy(deep=True)
    again = fit_model(made.cases, made.answers, instrument, settings)
    equation_prob(made.answers, again)
    pd.testing.assert_frame_equal(made.cases, cases)
    pd.testing.assert_frame_equal(made.answers, answers)
    assert np.array_equal(again.equation.coefficients, model.equation.coefficients)
    assert again.points == model.points


def test_an_ordinal_step_against_its_direction_is_reported_or_held_at_zero(made, instrument, settings):
    health = replace(instrument.item("health"), direction="lowers")  # the truth is that it raises
    turned = replace(instrument, items=tuple(health if item.id == "health" else item for item in instrument.items))
    reported = fit_model(made.cases, made.answers, turned, settings)
    assert [(sign.item, sign.level, sign.held) for sign in reported.signs] == [
        ("health", "l", False),
        ("health", "m", False),
    ]
    assert "health>=m" in reported.design.columns
    holding = replace(settings, model=replace(settings.model, hold_signs=True))
    held = fit_model(made.cases, made.answers, turned, holding)
    assert not [column for column in held.design.columns if column.startswith("health>=")]
    assert {(sign.level, sign.held) for sign in held.signs} == {("l", True), ("m", True)}
    points = held.points.of("health").by_code
    assert points["k"] == points["l"] == points["m"]


def test_no_sign_is_reported_when_all_go_the_declared_way(model):
    assert model.signs == ()


def test_not_asked_and_no_answer_share_a_row(made, model):
    asked, not_asked = made.answers.head(3).copy(), made.answers.head(3).copy()
    asked["housing"], not_asked["housing"] = NO_ANSWER, NOT_ASKED
    assert equation_prob(asked, model).tolist() == equation_prob(not_asked, model).tolist()


def test_an_item_nobody_answered_gives_no_points(made, instrument, settings):
    answers = made.answers.assign(housing=NO_ANSWER, age=np.nan)
    model = fit_model(made.cases, answers, instrument, settings)
    assert set(model.points.of("housing").by_code.values()) == {0}
    assert set(model.points.of("age").by_value) == {0}


def test_a_level_that_separates_the_outcomes_is_merged(made, instrument, settings):
    rare = made.answers["housing"].eq("c") & made.cases["outcome"].eq(1).to_numpy()
    answers = made.answers.assign(housing=made.answers["housing"].mask(made.answers["housing"].eq("c"), "b"))
    answers["housing"] = answers["housing"].mask(rare, "c")  # every c an event
    model = fit_model(made.cases, answers, instrument, settings)
    assert [(merge.level, merge.into, merge.reason) for merge in model.merged] == [("c", "a", "non_events")]


def test_answers_that_carry_nothing_give_no_points_or_small_ones(made, instrument, settings):
    shuffled = made.answers.sample(frac=1, random_state=3).set_axis(made.answers.index)
    model = fit_model(made.cases, shuffled, instrument, settings)
    assert model.shrinkage >= 0
    assert abs(model.out_of_fold_auc - 0.5) < 0.06


def test_out_of_fold_predictions_come_from_models_that_never_saw_the_cluster(cohort_of, instrument, settings):
    made = cohort_of(300, seed=12, cluster_size=2)
    few = replace(settings, assess=replace(settings.assess, folds=3))
    predictions = out_of_fold_predictions(made.cases, made.answers, instrument, few)
    fold = grouped_folds(made.cases["cluster_id"].to_numpy(), folds_n=3, seed=few.run.seed)
    assert predictions["fold"].tolist() == fold.tolist()
    assert predictions["case_id"].tolist() == made.cases["case_id"].tolist()
    left_out = fold == 1
    model = fit_model(made.cases[~left_out], made.answers[~left_out], instrument, few)
    expected = equation_prob(made.answers[left_out], model)
    assert predictions.loc[left_out, "equation_prob"].tolist() == expected.tolist()
    assert predictions.loc[left_out, "points"].tolist() == sum_of_points(made.answers[left_out], model.points).tolist()


def test_one_outcome_only_is_refused_with_counts(made, instrument, settings):
    cases = made.cases.assign(outcome=pd.array([1] * 1500, dtype="Int8"))
    with pytest.raises(FitError, match="1500 events and 0 non-events"):
        fit_model(cases, made.answers, instrument, settings)


def test_a_case_without_known_outcome_or_weight_is_refused(made, instrument, settings):
    cases = made.cases.copy()
    cases.loc[3, "outcome"] = pd.NA
    cases.loc[4, "weight"] = 0.0
    with pytest.raises(FitError, match="2 without a known outcome or a weight"):
        fit_model(cases, made.answers, instrument, settings)


def test_answers_of_other_cases_are_refused(made, instrument, settings):
    with pytest.raises(FitError, match="do not stand for the same cases"):
        fit_model(made.cases, made.answers.iloc[::-1], instrument, settings)


def test_an_answer_first_known_later_is_refused(made, instrument, settings):
    answers = made.answers.assign(later=1.0)
    with pytest.raises(FitError, match="later first known after month 0"):
        fit_model(made.cases, answers, instrument, settings)


def test_a_missing_item_is_refused(made, instrument, settings):
    with pytest.raises(FitError, match="item age is missing"):
        fit_model(made.cases, made.answers.drop(columns="age"), instrument, settings)


def test_a_level_nobody_declared_is_refused_without_repeating_it(made, model):
    answers = made.answers.head(5).copy()
    answers.iloc[2, 0] = "19121212-1212"
    with pytest.raises(FitError, match="answers, housing: 1 are no level") as refused:
        equation_prob(answers, model)
    assert "19121212" not in str(refused.value)
    assert refused.value.__context__ is None


def test_a_number_of_knots_that_no_spline_has_is_refused(made, instrument, settings):
    eight = replace(settings, model=replace(settings.model, knots=8))
    with pytest.raises(SettingsError, match="knots is 8. Allowed: 3 to 7"):
        fit_model(made.cases, made.answers, instrument, eight)
