"""The procedure as a whole: it finds what is there, repeats itself, and refuses what can't be fitted."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from out_of_fold import out_of_fold_predictions
from sampled import items_of, sample_of

from riskmodel.ground.errors import FitError, SettingsError
from riskmodel.ground.settings import Knots
from riskmodel.instrument.records import NO_ANSWER, NOT_ASKED
from riskmodel.model.equation import fit_equation, out_of_fold_logodds
from riskmodel.model.fit import (
    equation_logodds,
    equation_prob,
    fit_model,
    learn,
    learnt_again,
)
from riskmodel.model.logistic import logistic_slope, newton, weighted_auc
from riskmodel.model.matrix import design_matrix
from riskmodel.model.penalty import choose_penalty, penalty_grid
from riskmodel.model.points import points_prob, sum_of_points
from riskmodel.model.record import model_as_dict, model_from_dict
from riskmodel.model.sample import answer_positions, grouped_folds
from riskmodel.model.sample import sample_of as sample_of_cases


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
    assert model.window_years == (2020, 2021, 2022)
    assert model.equation.columns == model.design.columns
    assert model.equation.covariance.shape == (len(model.design.columns) + 1,) * 2
    assert model.equation.penalty in [tried.penalty for tried in model.penalty_path]


def test_points_follow_the_shrunken_equation(made, model):
    exact = model.shrinkage * equation_logodds(made.answers, model)
    rounded = sum_of_points(made.answers, model.points) * model.points.per_point
    gap = exact - rounded
    assert gap.max() - gap.min() <= 4 * model.points.per_point + 1e-9  # half a point either way for each of 4 items


@pytest.fixture(scope="module")
def of_two_years(made, instrument, settings):
    """A model whose level is that of the last two years, and is not said to move."""
    two = replace(settings, model=replace(settings.model, intercept_window_years=2))
    return fit_model(made.cases, made.answers, instrument, two)


def test_mean_risk_by_points_is_the_event_rate_of_a_window(made, of_two_years):
    model = of_two_years
    assert model.window_years == (2021, 2022)
    inside = (made.cases["intake_month"] // 12).isin(model.window_years).to_numpy()
    risk = points_prob(sum_of_points(made.answers, model.points), model.points)
    # the offset is the nearest of steps of .02: at most .01 log-odds away, a quarter of it in risk
    assert risk[inside].mean() == pytest.approx(made.cases["outcome"][inside].astype(float).mean(), abs=0.0025)
    assert model.points.offset * 50 == pytest.approx(round(model.points.offset * 50))


def test_at_most_one_case_in_two_hundred_is_unusual(made, model):
    places = answer_positions(made.answers, (item.allowed for item in model.points.items))
    variance = np.full(len(places), model.errors.mean_person**2)
    for errors, column in zip(model.errors.by_item, places.T, strict=True):
        variance += np.square(errors)[column]
    assert 0 < (variance > model.errors.unusual).mean() <= 0.005
    assert (variance > model.errors.unusual / 1.11).mean() > 0.004  # two digits, rounded up: at most a tenth too high


def test_errors_by_answer_come_near_those_of_the_whole_equation(made, of_two_years):
    model = of_two_years
    x = np.column_stack([np.ones(len(made.answers)), design_matrix(made.answers, model.design)])
    exact = np.sqrt(((x @ model.equation.covariance) * x).sum(axis=1))
    places = answer_positions(made.answers, (item.allowed for item in model.points.items))
    by_answer = [np.square(errors)[column] for errors, column in zip(model.errors.by_item, places.T, strict=True)]
    near = np.sqrt(model.errors.mean_person**2 + sum(by_answer))
    assert np.median(near / exact) == pytest.approx(1, abs=0.1)


def test_a_level_that_may_move_makes_every_risk_less_sure(model, of_two_years):
    assert model.errors.mean_person > of_two_years.errors.mean_person
    assert model.errors.by_item == of_two_years.errors.by_item


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
    assert held.points.of("age").minimum == 18 and len(equation_prob(made.answers, held)) == len(made.cases)


def test_holding_one_step_can_turn_the_next_and_then_both_are_held(made, instrument, settings):
    # event rates .3, .6 and .5: the step to l goes against "lowers"; once k and l share .45, so does the step to m
    level = np.repeat(["k", "l", "m"], 500)
    outcome = np.concatenate([np.arange(500) < 500 * rate for rate in (0.3, 0.6, 0.5)]).astype(int)
    health = replace(instrument.item("health"), direction="lowers")
    one_item = replace(instrument, items=(health,))
    cases = made.cases.assign(outcome=outcome, cluster_id=np.random.default_rng(1).permutation(1500))
    answers = pd.DataFrame({"health": level}, index=made.answers.index)
    reported = fit_model(cases, answers, one_item, settings)
    assert [sign.level for sign in reported.signs] == ["l"]
    held = fit_model(cases, answers, one_item, replace(settings, model=replace(settings.model, hold_signs=True)))
    assert [(sign.level, sign.held) for sign in held.signs] == [("l", True), ("m", True)]
    assert held.design.columns == ()


def left_out_by_refitting(made, instrument, settings):
    """Log-odds of every case by a complete fit without its fold: what one Newton step stands in for."""
    fold = grouped_folds(made.cases["cluster_id"].to_numpy(), folds_n=settings.assess.folds, seed=settings.run.seed)
    logodds = np.empty(len(fold))
    for left_out in range(settings.assess.folds):
        held = fold == left_out
        others = fit_model(made.cases[~held], made.answers[~held], instrument, settings)
        logodds[held] = equation_logodds(made.answers[held], others)
    return logodds


# few enough to need shrinking; there the design of the folds, which the step keeps, differs too
@pytest.mark.parametrize(("n", "seed", "slope", "separation"), [(660, 14, 0.03, 0.01), (1500, 15, 0.003, 0.0005)])
def test_shrinkage_is_the_slope_of_what_each_fold_is_told_by_the_others(
    cohort_of, instrument, settings, n, seed, slope, separation
):
    made, ones = cohort_of(n, seed=seed, cluster_size=2), np.ones(n)
    model = fit_model(made.cases, made.answers, instrument, settings)
    refitted = left_out_by_refitting(made, instrument, settings)
    outcome = made.cases["outcome"].to_numpy(dtype=float)
    assert model.shrinkage == pytest.approx(logistic_slope(refitted, outcome, ones), abs=slope)
    assert abs(model.shrinkage - 1) > 0.01
    assert model.out_of_fold_auc == pytest.approx(weighted_auc(outcome, refitted, ones), abs=separation)


def test_each_fold_has_the_penalty_it_would_have_chosen_itself(settings):
    # the whole and the folds disagree here: four of five folds ask for one step more or less
    found = []
    for seed in range(12):
        sample, items = sample_of(240, 6, seed=seed, effect=0.3), items_of(6)
        fit = fit_equation(sample, items, settings.model)
        fold = np.arange(240) % 5
        by_step = out_of_fold_logodds(fit, sample, fold)
        for left_out in range(5):
            others = sample.take(fold != left_out)
            grid = penalty_grid(settings.model)
            choice = choose_penalty(fit.x[fold != left_out], others, grid, near=fit.choice.place)
            exact = newton(fit.x[fold != left_out], others.outcome, others.weight, choice.penalty).coefficients
            gap = np.abs(by_step - fit.x @ exact)[fold == left_out].max()
            found.append((choice.place != fit.choice.place, gap))
    moved, gaps = (np.array(column) for column in zip(*found, strict=True))
    assert moved.sum() >= 10
    assert np.median(gaps[moved]) < 0.03
    assert np.median(gaps[~moved]) < 0.03


def test_what_was_learnt_is_found_again_from_its_record(made, model, instrument, settings):
    sample = sample_of_cases(made.cases, made.answers, instrument, landmark=0)
    learnt = learn(sample, instrument.predictors(0), settings)
    again = learnt_again(model_from_dict(model_as_dict(model)), sample, settings)
    assert again.left_out == pytest.approx(learnt.left_out, abs=1e-7)
    assert again.shrinkage == pytest.approx(model.shrinkage, abs=1e-7)
    assert again.points.items == model.points.items


def test_blanks_can_be_set_to_the_mean(made, instrument, settings):
    at_mean = replace(settings, model=replace(settings.model, blanks="mean"))
    model = fit_model(made.cases, made.answers, instrument, at_mean)
    assert not [column for column in model.design.columns if column.endswith("no_answer")]
    assert model.merged == ()
    coding = next(one for one in model.design.codings if one.item == "housing")
    assert coding.rows[-1].tolist() == [0, 0, 0]
    own = model.shrinkage * model.equation.coefficients[model.design.columns_of("housing")]
    by_code = model.points.of("housing").by_code
    assert by_code["no_answer"] == np.floor((0 - own.min()) / model.points.per_point + 0.5)


def test_knots_set_by_hand_stay_where_they_were_put(made, instrument, settings):
    by_hand = replace(settings, model=replace(settings.model, knots_at=(Knots("age", (22, 33, 45, 58)),)))
    model = fit_model(made.cases, made.answers, instrument, by_hand)
    assert next(one for one in model.design.codings if one.item == "age").knots == (22.0, 33.0, 45.0, 58.0)


@pytest.mark.parametrize(
    ("item", "at", "message"),
    [
        ("income", (1, 2, 3), "income is no number among the predictors. Allowed: age, later"),
        ("housing", (1, 2, 3), "housing is no number"),
        ("age", (30, 40), "age: 2 knots. At least 3"),
        ("age", (30, 50, 40), "ascending order"),
        ("age", (30, 30, 40), "ascending order"),
        ("age", (10, 30, 40), "from 18 to 64"),
        ("age", (20, 30, 70), "from 18 to 64"),
    ],
)
def test_knots_that_can_not_be_are_refused(made, instrument, settings, item, at, message):
    by_hand = replace(settings, model=replace(settings.model, knots_at=(Knots(item, at),)))
    with pytest.raises(SettingsError, match=message):
        fit_model(made.cases, made.answers, instrument, by_hand)


def test_knots_of_an_item_asked_later_wait_for_it(made, instrument, settings):
    later = replace(settings, model=replace(settings.model, knots_at=(Knots("later", (1, 4, 8)),)))
    assert fit_model(made.cases, made.answers, instrument, later).n == 1500


def test_answers_that_mislead_give_no_points_rather_than_turned_ones(made, instrument, settings):
    # the outcome is a coin: in some draws what the folds learn is wrong for those left out
    random = np.random.default_rng(8)
    found = []
    for _ in range(8):
        cases = made.cases.head(200).assign(outcome=random.integers(0, 2, size=200))
        model = fit_model(cases, made.answers.head(200), instrument, settings)
        found.append(model.shrinkage)
        if model.shrinkage == 0:
            assert {item.spread for item in model.points.items} == {0}
    assert min(found) == 0


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


def test_a_fraction_counts_as_the_nearest_whole_value_and_a_number_outside_as_the_nearest_end(made, model):
    answers = made.answers.head(1)
    risk = {age: equation_prob(answers.assign(age=age), model)[0] for age in (10.0, 18.0, 30.4, 30.5, 30.0, 31.0)}
    assert risk[30.4] == risk[30.0] != risk[31.0] == risk[30.5]
    assert risk[10.0] == risk[18.0]


@pytest.mark.parametrize("wrong", [{"penalty_lowest": 0.0}, {"penalty_highest": 0.1}, {"penalty_steps": 0}])
def test_a_grid_without_penalties_is_refused(made, instrument, settings, wrong):
    with pytest.raises(SettingsError, match="penalty_lowest <= penalty_highest"):
        fit_model(made.cases, made.answers, instrument, replace(settings, model=replace(settings.model, **wrong)))


def test_a_number_of_knots_that_no_spline_has_is_refused(made, instrument, settings):
    eight = replace(settings, model=replace(settings.model, knots=8))
    with pytest.raises(SettingsError, match="knots is 8. Allowed: 3 to 7"):
        fit_model(made.cases, made.answers, instrument, eight)
