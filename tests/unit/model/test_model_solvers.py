"""Two routes to one number: our Newton's method, scikit-learn, statsmodels, and the exact criterion."""

from dataclasses import replace

import numpy as np
import pytest

from riskmodel.ground.errors import FitError
from riskmodel.model.fit import fit_model
from riskmodel.model.inference import infer
from riskmodel.model.logistic import covariance, deviance, newton, scikit_learn, score_product
from riskmodel.model.matrix import matrix
from riskmodel.model.penalty import choose_penalty, nearest_place, penalty_grid, try_penalty
from riskmodel.model.sample import Sample, grouped_folds, sample_of


def made_sample(n, columns, *, seed, cluster_size=1):
    random = np.random.default_rng(seed)
    cluster = np.arange(n) // cluster_size
    signal = random.normal(size=(n, columns))[cluster * cluster_size]
    x = np.column_stack([np.ones(n), signal])
    effects = np.append(-0.5, random.normal(scale=0.4, size=columns))
    outcome = (random.random(n)[cluster * cluster_size] < 1 / (1 + np.exp(-x @ effects))).astype(float)
    weight = random.uniform(0.8, 1.6, size=n)
    return x, Sample(np.empty((n, 0), int), outcome, weight, cluster, np.zeros(n, int), np.arange(n), np.ones(n, int))


@pytest.mark.parametrize("penalty", [0.3, 30.0, 3000.0])
def test_our_newton_agrees_with_scikit_learn(penalty):
    x, sample = made_sample(600, 8, seed=1)
    ours = newton(x, sample.outcome, sample.weight, penalty).coefficients
    theirs = scikit_learn(x, sample.outcome, sample.weight, penalty)
    assert ours == pytest.approx(theirs, abs=1e-8, rel=0)


def test_the_published_matrix_with_every_level_agrees_with_scikit_learn(made, model, instrument):
    sample = sample_of(made.cases, made.answers, instrument, landmark=0)
    x = matrix(sample.positions, model.design)
    theirs = scikit_learn(x, sample.outcome, sample.weight, model.equation.penalty)
    ours = np.append(model.equation.intercept, model.equation.coefficients)
    assert ours == pytest.approx(theirs, abs=1e-8, rel=0)


def test_newton_arrives_from_anywhere():
    x, sample = made_sample(300, 4, seed=2)
    near = newton(x, sample.outcome, sample.weight, 1.0).coefficients
    far = newton(x, sample.outcome, sample.weight, 1.0, start=np.full(5, 8.0)).coefficients
    assert far == pytest.approx(near, abs=1e-9)


def test_statsmodels_without_penalty_agrees_with_newton(made, model, instrument):
    sample = sample_of(made.cases, made.answers, instrument, landmark=0)
    inference = infer(sample, model, instrument).set_index("column")
    used = inference.index[inference["status"] == "ok"]
    x = matrix(sample.positions, model.design)[:, [inference.index.get_loc(column) for column in used]]
    fit = newton(x, sample.outcome, sample.weight, 0.0)
    assert inference.loc[used, "coefficient"].to_numpy() == pytest.approx(fit.coefficients, abs=1e-6, rel=0)


def test_statsmodels_errors_are_the_clustered_sandwich(cohort_of, instrument, settings):
    made = cohort_of(900, seed=3, cluster_size=3)
    cases = made.cases.assign(weight=np.linspace(0.9, 1.5, 900))
    model = fit_model(cases, made.answers, instrument, settings)
    sample = sample_of(cases, made.answers, instrument, landmark=0)
    inference = infer(sample, model, instrument)
    used = np.flatnonzero(inference["status"] == "ok")
    x = matrix(sample.positions, model.design)[:, used]
    fit = newton(x, sample.outcome, sample.weight, 0.0)
    product = score_product(x, sample.outcome, sample.weight, fit.prob, sample.cluster)
    sandwich = np.sqrt(np.diag(covariance(fit.information, product, 0.0)))
    few_clusters = np.sqrt(300 / (300 - 1) * (900 - 1) / (900 - len(used)))
    assert inference["se"].to_numpy()[used] == pytest.approx(sandwich * few_clusters, rel=1e-6)
    width = (inference["high"] - inference["low"]).to_numpy()[used]
    assert width == pytest.approx(2 * 1.96 * sandwich * few_clusters, rel=1e-4)


def whole_path(x, sample, grid, fold=None):
    """Every penalty of `grid` tried, ascending, and the place of the best."""
    tried, start = [], None
    for penalty in grid[::-1]:
        point, start = try_penalty(x, sample, penalty, np.zeros(len(x)), start, fold)
        tried.insert(0, point)
    return tried, int(np.argmin([one.criterion for one in tried]))


@pytest.mark.parametrize("cluster_size", [1, 2])
def test_the_criterion_is_close_to_leaving_every_cluster_out(settings, cluster_size):
    x, sample = made_sample(160, 6, seed=4, cluster_size=cluster_size)
    grid = penalty_grid(settings.model)[::3]
    tried, place = whole_path(x, sample, grid)
    exact = []
    for penalty in grid:
        left_out = 0.0
        for cluster in np.unique(sample.cluster):
            own = sample.cluster == cluster
            fit = newton(x[~own], sample.outcome[~own], sample.weight[~own], penalty)
            left_out += deviance(x[own] @ fit.coefficients, sample.outcome[own], sample.weight[own])
        exact.append(left_out)
    criterion = np.array([one.criterion for one in tried])
    apparent = np.array([one.deviance for one in tried])
    assert abs(int(np.argmin(exact)) - place) <= 1
    # the optimism it estimates is the exact one to within a fifth, and more in clusters than out of them
    assert (criterion - apparent)[place:] == pytest.approx((exact - apparent)[place:], rel=0.2)


@pytest.mark.parametrize("n", [60, 120, 400])
def test_the_walk_from_a_neighbour_or_the_best_of_some_finds_what_the_whole_path_finds(settings, n):
    grid = penalty_grid(settings.model)
    for seed in range(4):
        x, sample = made_sample(n, 10, seed=seed)
        _, place = whole_path(x, sample, grid)
        for near in (max(place - 3, 0), place, min(place + 3, len(grid) - 1), None):
            walked = choose_penalty(x, sample, grid, near=near)
            assert walked.place == place
            assert len(walked.path) < len(grid) / 2
            assert walked.penalty == min(walked.path, key=lambda tried: tried.criterion).penalty


def test_a_coarse_grid_is_tried_whole(settings):
    # four places apart a coarse grid has room for a minimum between, which no walk would meet
    x, sample = made_sample(400, 10, seed=1)
    grid = penalty_grid(replace(settings.model, penalty_steps=6))
    assert len(choose_penalty(x, sample, grid).path) == 6


def test_resamples_ask_for_about_twice_the_penalty_and_the_walk_from_there_finds_what_the_whole_path_finds(settings):
    # copies of a cluster leave out together: the score product doubles, the information does not
    x, sample = made_sample(1200, 20, seed=7, cluster_size=2)
    grid = penalty_grid(settings.model)
    penalty = choose_penalty(x, sample, grid).penalty
    ratios, tried_n = [], []
    for seed in range(10):
        times = np.repeat(np.bincount(np.random.default_rng(seed).integers(600, size=600), minlength=600), 2)
        resample, near = sample.repeated(times), nearest_place(2 * penalty, settings.model)
        _, exact = whole_path(x[times > 0], resample, grid)
        walked = choose_penalty(x[times > 0], resample, grid, near=near)
        assert walked.place == exact
        ratios.append(walked.penalty / penalty)
        tried_n.append(len(walked.path))
    assert 1.4 < np.exp(np.mean(np.log(ratios))) < 2.8
    assert np.mean(tried_n) < 5


def test_the_grouped_rule_asks_the_folds_themselves(settings):
    x, sample = made_sample(200, 6, seed=8, cluster_size=2)
    fold = grouped_folds(sample.cluster, folds_n=5, seed=1)
    grid = penalty_grid(settings.model)[::4]
    tried, place = whole_path(x, sample, grid, fold)
    left_out = []
    for penalty in grid:
        total = 0.0
        for held in (fold == one for one in range(5)):
            fit = newton(x[~held], sample.outcome[~held], sample.weight[~held], penalty)
            total += deviance(x[held] @ fit.coefficients, sample.outcome[held], sample.weight[held])
        left_out.append(total)
    assert [one.criterion for one in tried] == pytest.approx(left_out, abs=1e-3)
    assert place == int(np.argmin(left_out)) == choose_penalty(x, sample, grid, fold=fold).place


def test_the_penalty_rule_of_the_settings_is_the_one_that_is_followed(made, instrument, settings):
    grouped = replace(settings, model=replace(settings.model, penalty_rule="grouped", penalty_steps=5))
    approximate = replace(settings, model=replace(settings.model, penalty_steps=5))
    models = [fit_model(made.cases, made.answers, instrument, one) for one in (grouped, approximate)]
    folds, clusters = ({tried.penalty: tried.criterion for tried in model.penalty_path} for model in models)
    both = sorted(folds.keys() & clusters.keys())
    assert len(both) > 2 and all(folds[penalty] != clusters[penalty] for penalty in both)
    # of a deviance near 1,900: they estimate the same
    assert [folds[penalty] for penalty in both] == pytest.approx([clusters[penalty] for penalty in both], abs=15)
    assert abs(np.log(models[0].equation.penalty / models[1].equation.penalty)) < np.log(10.001)  # one step


def test_noise_alone_is_shrunken_as_far_as_the_grid_goes(settings):
    random = np.random.default_rng(6)
    x = np.column_stack([np.ones(300), random.normal(size=(300, 12))])
    outcome = (random.random(300) < 0.4).astype(float)
    one, none = np.ones(300, int), np.zeros(300, int)
    sample = Sample(np.empty((300, 0), int), outcome, np.ones(300), np.arange(300), none, np.arange(300), one)
    assert choose_penalty(x, sample, penalty_grid(settings.model)).penalty > 100


def test_separation_without_penalty_is_an_error_and_with_penalty_a_fit():
    outcome = np.repeat([0.0, 1.0], 20)
    x = np.column_stack([np.ones(40), outcome])
    with pytest.raises(FitError):
        newton(x, outcome, np.ones(40), 0.0)
    assert np.isfinite(newton(x, outcome, np.ones(40), 1.0).coefficients).all()
