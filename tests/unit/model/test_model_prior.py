"""A fit that starts from a borrowed table: its two ends, what it leaves as it was, and how λ is chosen."""

from dataclasses import replace

import numpy as np
import pytest
from sampled import items_of, sample_of, settings_of

from riskmodel.ground.choices import ItemsSettings, PriorSettings, PriorTable
from riskmodel.ground.files import canonical_json
from riskmodel.model.chosen_questions import shorter_forms
from riskmodel.model.equation import fit_equation, out_of_fold_logodds
from riskmodel.model.fit import FEWEST_FOR_SHRINKAGE, fitted_model, learn, learnt_again
from riskmodel.model.levels import against_direction, prior_steps
from riskmodel.model.logistic import newton, probability, scikit_learn, weighted_auc
from riskmodel.model.matrix import matrix, prior_logodds
from riskmodel.model.penalty import left_out_logodds, nearest_place, penalty_grid
from riskmodel.model.points import sum_at
from riskmodel.model.record import ItemCoding, model_as_dict, model_from_dict
from riskmodel.model.sample import grouped_folds

PER_POINT = np.log(2) / 10
ITEMS = items_of(4)
THEIRS = ((0, 5, 12, 4), (7, 0, 3, 3), (0, 0, 9, 1), (2, 8, 0, 5))  # points of a, b, c and no answer


def with_table(points=THEIRS, *, only_intercept=False, unmatched=None, **model):
    logodds = {item.id: tuple(PER_POINT * np.array(own)) for item, own in zip(ITEMS, points, strict=True)}
    table = PriorTable("release", "2026.1", {"9901": "Grannby"}, "", None, logodds, unmatched or {})
    return settings_of(prior=PriorSettings("theirs", only_intercept=only_intercept, table=table), **model)


def nothing_borrowed():
    return with_table(tuple((0,) * 4 for _ in ITEMS))


def test_a_table_of_nothing_changes_nothing():
    sample = sample_of(900, 4, effect=0.6, cluster_size=2)
    alone = fit_equation(sample, ITEMS, settings_of().model)
    fit = fit_equation(sample, ITEMS, nothing_borrowed().model)
    assert fit.choice.penalty == alone.choice.penalty
    assert fit.coefficients == pytest.approx(alone.coefficients, abs=1e-12)
    x = matrix(sample.positions, fit.design)
    theirs = scikit_learn(x, sample.outcome, sample.weight, fit.choice.penalty)
    assert fit.coefficients == pytest.approx(theirs, abs=1e-8)


def test_without_penalty_it_does_not_matter_what_was_borrowed():
    sample = sample_of(700, 4, seed=1)
    design = fit_equation(sample, ITEMS, with_table().model).design
    x = matrix(sample.positions, design)
    used = [0, *(1 + place for place in range(12) if place % 3)]  # a reference an item
    risks = [
        newton(x[:, used], sample.outcome, sample.weight, 0.0, offset=offset).prob
        for offset in (0.0, prior_logodds(sample.positions, design))
    ]
    assert risks[0] == pytest.approx(risks[1], abs=1e-8)


def test_a_penalty_without_end_leaves_their_points_to_the_digit():
    sample = sample_of(400, 4, seed=2, effect=1.0)
    learnt = learn(sample, ITEMS, with_table(only_intercept=True, intercept_window_years=2))
    assert [tuple(item.by_code.values()) for item in learnt.points.items] == list(THEIRS)
    assert learnt.fit.choice.penalty == np.inf
    risk = probability(learnt.points.offset + PER_POINT * sum_at(sample.positions, learnt.points))
    inside = sample.month // 12 >= 2021  # the latest two years
    assert risk[inside].mean() == pytest.approx(sample.outcome[inside].mean(), abs=0.0025)


def test_where_the_table_is_right_lambda_may_have_no_end_and_where_it_is_wrong_it_is_small():
    right = np.array([[0, 0.5, 1.0, 0.5]] * 4) / PER_POINT
    sample = sample_of(600, 4, seed=3, effect=0.5)
    chosen = [fit_equation(sample, ITEMS, with_table(table).model).choice.penalty for table in (right, -right)]
    assert chosen[0] > 300
    assert chosen[1] < 30


def test_their_points_never_stand_as_they_are_where_answers_of_ours_are_missing():
    assert np.isinf(penalty_grid(with_table().model)[-1])
    assert np.isfinite(penalty_grid(with_table(unmatched={"q1": 2}).model)).all()
    assert nearest_place(np.inf, with_table().model) == len(penalty_grid(settings_of().model))


@pytest.mark.parametrize("only_intercept", [False, True])
def test_what_was_learnt_is_found_again_in_its_record(only_intercept):
    sample, settings = sample_of(500, 4, seed=4, cluster_size=2), with_table(only_intercept=only_intercept)
    learnt = learn(sample, ITEMS, settings)
    model = fitted_model(learnt, sample, settings)
    again = learnt_again(model, sample, settings)
    assert again.points == learnt.points
    assert again.left_out == pytest.approx(learnt.left_out, abs=1e-9)
    plain = model_as_dict(model)
    assert model_as_dict(model_from_dict(plain)) == plain
    assert canonical_json(plain)
    assert (np.diag(model.equation.covariance) > 0).all()


def test_coefficients_are_stretched_only_without_a_table_and_with_enough_cases():
    enough, few = sample_of(FEWEST_FOR_SHRINKAGE, 4, seed=5), sample_of(FEWEST_FOR_SHRINKAGE - 1, 4, seed=5)
    assert learn(enough, ITEMS, settings_of()).shrinkage != 1
    assert learn(few, ITEMS, settings_of()).shrinkage == 1
    assert learn(enough, ITEMS, with_table()).shrinkage == 1


def test_a_small_town_gains_by_what_a_neighbour_knows():
    theirs = with_table(np.array([[0, 0.55, 1.05, 0.5]] * 4) / PER_POINT)
    new = sample_of(8000, 4, seed=6)
    gained = []
    for seed in range(10):
        town = sample_of(150, 4, seed=100 + seed)
        auc = [
            weighted_auc(new.outcome, sum_at(new.positions, learn(town, ITEMS, settings).points), new.weight)
            for settings in (theirs, settings_of())
        ]
        gained.append(auc[0] - auc[1])
    assert np.mean(gained) > 0.01


def left_out_by_solving(x, sample, fit):
    """The step without each cluster from its own equations, one after another."""
    logodds = x @ fit.coefficients
    for cluster in np.unique(sample.cluster):
        own = sample.cluster == cluster
        weight, prob = sample.weight[own], fit.prob[own]
        others = fit.information - (x[own].T * (weight * prob * (1 - prob))) @ x[own]
        logodds[own] -= x[own] @ np.linalg.solve(others, x[own].T @ (weight * (sample.outcome[own] - prob)))
    return logodds


def clustered(n, *, seed):
    """Clusters of one, two and three, with weights."""
    sample = sample_of(n, 4, seed=seed)
    cluster = np.repeat(np.arange(n), 1 + np.arange(n) % 3)[:n]
    return replace(sample, cluster=cluster, weight=np.random.default_rng(seed).uniform(0.5, 2, n))


def whole_fit(sample, penalty, tolerance=1e-9):
    x = matrix(sample.positions, fit_equation(sample, ITEMS, settings_of().model).design)
    return x, newton(x, sample.outcome, sample.weight, penalty, tolerance=tolerance)


def test_leaving_clusters_out_by_blocks_is_leaving_them_out_one_by_one():
    sample = clustered(120, seed=7)
    x, fit = whole_fit(sample, 5.0)
    found = left_out_logodds(x, sample, fit, np.zeros(120))
    assert found == pytest.approx(left_out_by_solving(x, sample, fit), abs=1e-10)


def test_one_newton_step_errs_by_the_square_of_what_a_cluster_moves():
    errors = []
    for n in (120, 480):
        sample = clustered(n, seed=8)
        x, fit = whole_fit(sample, n / 24)
        found, refitted = left_out_logodds(x, sample, fit, np.zeros(n)), np.empty(n)
        for cluster in np.unique(sample.cluster):
            kept = sample.cluster != cluster
            others = newton(x[kept], sample.outcome[kept], sample.weight[kept], n / 24)
            refitted[~kept] = x[~kept] @ others.coefficients
        moved = np.abs(refitted - x @ fit.coefficients)
        errors.append(np.abs(found - refitted).mean())
        assert errors[-1] < 0.05 * moved.mean()
    assert errors[1] < errors[0] / 8  # four times the cases: a sixteenth


@pytest.mark.parametrize("how", [{}, {"only_intercept": True}], ids=["some way from it", "as it is"])
def test_a_question_left_out_takes_what_was_borrowed_for_it_along(how):
    sample = sample_of(900, 4, seed=5, effect=0.5)
    settings = with_table(**how)
    fold = grouped_folds(sample.cluster, folds_n=5, seed=1)
    forms = shorter_forms(fit_equation(sample, ITEMS, settings.model), sample, fold)
    assert [len(form.asked) for form in forms] == [4, 3, 2, 1]
    for form in forms:
        fit = fit_equation(sample, ITEMS, settings.model, asked=form.asked)
        refitted = weighted_auc(sample.outcome, out_of_fold_logodds(fit, sample, fold), sample.weight)
        assert form.auc == pytest.approx(refitted, abs=0.003)
    short = learn(sample, ITEMS, replace(settings, items=ItemsSettings(2)))
    asked = short.fit.design.asked
    assert {item.item for item in short.points.items if item.spread} == set(asked) == set(forms[2].asked)


@pytest.mark.parametrize(
    ("only_intercept", "years_n", "least", "most"),
    # a level that may move from year to year, though here it does not, makes them longer
    [(False, 2, 0.92, 0.98), (True, 2, 0.92, 0.98), (False, 0, 0.95, 1.0), (True, 0, 0.95, 1.0)],
)
def test_the_errors_are_those_of_a_town_that_does_not_know_how_much_it_differs(only_intercept, years_n, least, most):
    # each town's answers differ from the table by .15; at the chosen penalty alone .81 and .51 of intervals hold
    random, held = np.random.default_rng(9), []
    table = np.array([[0, 0.5, 1.0, 0.5]] * 4)
    settings = with_table(table / PER_POINT, only_intercept=only_intercept, intercept_window_years=years_n)
    for seed in range(25):
        town, truth = sample_of(300, 4, seed=seed), table + random.normal(0, 0.15, table.shape)
        logodds = -1.4 + sum(own[column] for own, column in zip(truth, town.positions.T, strict=True))
        town = replace(town, outcome=(random.random(300) < probability(logodds)).astype(float))
        learnt = learn(town, ITEMS, settings)
        errors = fitted_model(learnt, town, settings).errors
        variance = errors.mean_person**2 + sum(
            np.square(own)[column] for own, column in zip(errors.by_item, town.positions.T, strict=True)
        )
        away = learnt.points.offset + PER_POINT * sum_at(town.positions, learnt.points) - logodds
        held.append((np.abs(away) < 1.96 * np.sqrt(variance)).mean())
    assert least <= np.mean(held) <= most


def test_folds_too_may_leave_their_points_as_they_are():
    sample = sample_of(300, 4, seed=12, effect=0.5)
    right = with_table(np.array([[0, 0.5, 1.0, 0.5]] * 4) / PER_POINT, penalty_rule="grouped", penalty_steps=4)
    choice = learn(sample, ITEMS, right).fit.choice
    assert [one.penalty for one in choice.path][-1] == np.inf
    # the intercept alone moves: its criterion is near what a strong penalty gives
    assert choice.path[-1].criterion == pytest.approx(choice.path[-2].criterion, abs=5)


def test_a_step_goes_against_its_direction_by_what_was_borrowed_and_what_moved_together():
    item = replace(ITEMS[0], kind="ordinal", direction="raises")
    rows = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 0.0]])
    coding = ItemCoding("q0", "ordinal", ("a", "b", "c"), ("a", "b", "c"), None, (), ("q0>=b", "q0>=c"), rows)
    borrowed = prior_steps(coding, np.array([0.0, 0.5, 0.2, 0.3]))
    assert borrowed == pytest.approx([0.5, -0.3])
    moved = np.array([-0.4, 0.1])
    assert [(sign.level, sign.coefficient) for sign in against_direction(item, coding, moved, held=False)] == [
        ("b", -0.4)
    ]
    (sign,) = against_direction(item, coding, moved + borrowed, held=False)
    assert (sign.level, sign.coefficient) == ("c", pytest.approx(-0.2))


def test_levels_that_are_one_here_are_borrowed_as_their_mean():
    rows = np.array([[0.0], [1.0], [1.0], [0.0]])
    coding = ItemCoding("q0", "ordinal", ("a", "b", "c"), ("a", "b", "b"), None, (), ("q0>=b",), rows)
    assert prior_steps(coding, np.array([0.1, 0.5, 0.3, 0.0])) == pytest.approx([(0.5 + 0.3) / 2 - 0.1])


def test_steps_against_their_direction_are_held_where_their_points_stand_too():
    items = (replace(ITEMS[0], kind="ordinal", direction="lowers"), *ITEMS[1:])
    sample = sample_of(400, 4, seed=13)
    fit = fit_equation(sample, items, with_table(only_intercept=True, hold_signs=True).model)
    assert {sign.held for sign in fit.signs} == {True}
    assert not fit.design.codings[0].columns or all("no_answer" in one for one in fit.design.codings[0].columns)
