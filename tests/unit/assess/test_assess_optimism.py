"""The optimism bootstrap: its arithmetic, what it finds in noise and in signal, and that the seed alone decides."""

from dataclasses import replace

import numpy as np
import pandas as pd
import predicted
import pytest
from sampled import items_of, sample_of, settings_of

from riskmodel.assess.calibration import auc
from riskmodel.assess.intervals import tally
from riskmodel.assess.repeated import optimism
from riskmodel.assess.repeated.optimism import corrected_indexes, resample, resample_procedure
from riskmodel.assess.repeated.repetition import (
    Material,
    calibrated,
    draw,
    flagged,
    look_at,
    repetition,
    tally_steps,
    whole_procedure,
)
from riskmodel.ground.choices import ItemsSettings
from riskmodel.model.fit import fit_model, learn
from riskmodel.model.logistic import scikit_learn
from riskmodel.model.points import points_prob, sum_of_points

pytestmark = pytest.mark.slow

AUC = ("points", "auc")


def row(found, predictor, measure):
    indexes = found.indexes.set_index(["predictor", "measure"])
    return indexes.loc[(predictor, measure)]


def test_corrected_is_apparent_less_what_each_model_gains_on_its_own_resample():
    repeated = [{AUC: np.array([0.82, 0.76])}, {AUC: np.array([0.80, 0.78])}]
    found = corrected_indexes({AUC: np.array([0.0, 0.79])}, repeated, repeats=2).iloc[0]
    assert found["apparent"] == 0.79
    assert found["optimism"] == pytest.approx((0.06 + 0.02) / 2)
    assert found["corrected"] == pytest.approx(0.79 - 0.04)
    # gaps of .02 and .06: their middle 95 % is .021 to .059
    assert (found["low"], found["high"]) == (pytest.approx(0.79 - 0.059), pytest.approx(0.79 - 0.021))


def test_an_index_that_many_resamples_lack_is_not_told():
    some, without = {AUC: np.array([0.8, 0.7])}, {}
    published = {AUC: np.array([0.75, 0.75])}
    assert corrected_indexes(published, [some] * 19 + [without], repeats=20).iloc[0]["status"] == "ok"
    told = corrected_indexes(published, [some] * 18 + [without] * 2, repeats=20).iloc[0]
    assert told["status"] == "few_resamples"
    assert told[["corrected", "low", "high"]].isna().all()
    nothing = corrected_indexes({AUC: np.array([np.nan, np.nan])}, [some] * 20, repeats=20).iloc[0]
    assert nothing["status"] == "not_available"


def test_an_interval_stays_where_the_index_can_be():
    measure = ("points", "brier")
    repeated = [{measure: np.array([0.05, gap])} for gap in np.linspace(0, 0.05, 20)]
    found = corrected_indexes({measure: np.array([0.02, 0.02])}, repeated, repeats=20).iloc[0]
    assert found["low"] == 0


def test_a_distance_from_the_diagonal_is_corrected_without_interval():
    measure = ("points", "ici")
    repeated = [{measure: np.array([0.01, gap])} for gap in (0.01, 0.02)]
    found = corrected_indexes({measure: np.array([0.008, 0.008])}, repeated, repeats=2).iloc[0]
    assert (found["corrected"], found["status"]) == (pytest.approx(0.013), "ok")
    assert found[["low", "high"]].isna().all()


@pytest.mark.parametrize(("n", "items_n", "seed"), [(300, 12, 1), (300, 12, 2), (500, 40, 3)])
def test_noise_has_a_corrected_auc_of_a_half(n, items_n, seed):
    sample = sample_of(n, items_n, seed=seed, effect=0.0)
    # shrinkage would take the points away altogether: the equation shows what was learnt
    found = row(resample(sample, items_of(items_n), settings_of(optimism=20)), "equation", "auc")
    assert found["corrected"] == pytest.approx(0.5, abs=0.05)


def test_overfitting_is_found_and_its_size_is_about_right():
    items, settings = items_of(12), settings_of(optimism=25)
    found = row(resample(sample_of(400, 12, seed=4, effect=0.3), items, settings), "points", "auc")
    learnt = learn(sample_of(400, 12, seed=4, effect=0.3), items, settings)
    people = sample_of(20_000, 12, seed=5, effect=0.3)
    sums = sum(np.array([*own.answered, own.no_answer])[column] for own, column in
               zip(learnt.points.items, people.positions.T, strict=True))  # fmt: skip
    truth = float(auc(tally(people.outcome, points_prob(sums, learnt.points))))
    assert found["apparent"] - truth > 0.02
    assert found["corrected"] == pytest.approx(truth, abs=0.02)
    assert found["low"] < truth < found["high"]


def test_every_cluster_once_gives_the_published_procedure():
    sample, items, settings = sample_of(500, 5, seed=6, cluster_size=2), items_of(5), settings_of()
    ones, everybody = np.ones(500, dtype=int), np.ones(500, dtype=bool)
    material = Material(sample, items, settings, np.full(500, np.nan), everybody, near=10)
    published = look_at(learn(sample, items, settings), sample, ones, material)
    again = look_at(learn(sample.repeated(ones), items, settings, near=10), sample.repeated(ones), ones, material)
    for measure, values in again.indexes.items():
        assert values == pytest.approx(np.repeat(published.indexes[measure][-1], 2), abs=1e-12, nan_ok=True)
    assert (again.flags == published.flags).all()


def test_a_resample_draws_whole_clusters_as_many_as_there_are():
    sample = sample_of(300, 1, cluster_size=3)
    times = draw(sample, seed=1, place=0)
    by_cluster = times.reshape(100, 3)
    assert (by_cluster == by_cluster[:, :1]).all()
    assert by_cluster[:, 0].sum() == 100
    assert (draw(sample, seed=1, place=0) == times).all()
    assert (draw(sample, seed=1, place=1) != times).any()


def test_the_numbers_depend_on_the_seed_not_on_the_workers(monkeypatch):
    sample, items = sample_of(200, 4, seed=7), items_of(4)
    one = resample(sample, items, settings_of(optimism=12))
    monkeypatch.setattr(optimism, "WORTH_PROCESSES", 0)
    two = resample(sample, items, settings_of(optimism=12, workers=2))
    pd.testing.assert_frame_equal(one.indexes, two.indexes)
    pd.testing.assert_frame_equal(one.people, two.people)
    pd.testing.assert_frame_equal(one.models, two.models)
    assert one.summary == two.summary


def test_two_resamples_are_enough_to_run_and_progress_is_told():
    told = []
    found = resample(sample_of(200, 3, seed=8), items_of(3), settings_of(optimism=2), progress=told.append)
    assert told == [2]
    assert len(found.models) == 2
    assert found.summary["resamples_n"] == 2
    assert np.isfinite(row(found, "points", "auc")["corrected"])


def test_people_and_models_are_told_what_the_repetitions_say():
    sample, items, settings = sample_of(240, 3, seed=9), items_of(3), settings_of(optimism=3)
    found = resample(sample, items, settings)
    learnt = learn(sample, items, settings)
    near = optimism.nearest_place(2 * learnt.fit.choice.penalty, settings.model)
    everybody = np.ones(240, dtype=bool)
    material = Material(sample, items, settings, np.full(240, np.nan), everybody, near)
    models = [repetition(material, place) for place in range(3)]
    published = look_at(learnt, sample, np.ones(240, dtype=int), material)
    shares = np.mean([model.flags for model in models], axis=0)
    assert found.people["flagged_models_share"].tolist() == pytest.approx(shares.tolist())
    changes = np.mean([np.abs(model.prob - published.prob) for model in models], axis=0)
    assert found.people["mean_abs_change"].tolist() == pytest.approx(changes.tolist())
    assert (found.people["low_prob"] <= found.people["high_prob"]).all()
    changed = [(model.flags != published.flags).mean() for model in models]
    assert found.models["changed_share"].tolist() == pytest.approx(changed)
    assert found.models["flag_points"].tolist() == [model.threshold.points for model in models]
    assert found.summary["changed_share"] == pytest.approx(np.mean(changed))
    moved = np.where(published.flags, 1 - shares, shares)
    assert found.summary["unsteady_share"] == pytest.approx((moved > 0.1).mean())


def test_a_policy_that_nothing_meets_has_no_flags_and_no_index_of_them():
    settings = settings_of()
    settings = replace(settings, policy=replace(settings.policy, ppv_floor=1.0))
    found = resample(sample_of(300, 3, seed=10), items_of(3), settings)
    assert found.models["flag_points"].isna().all()
    assert (found.people["flagged_models_share"] == 0).all()
    assert "ppv" not in set(found.indexes["measure"])
    assert found.summary["without_flags_n"] == 4


def test_resamples_that_can_not_be_fitted_are_counted():
    # in the intercept window two clusters hold all events: about one resample in seven draws neither
    sample = sample_of(120, 1, seed=11, cluster_size=2)
    year = np.where(np.arange(120) < 60, 2020, 2021)
    outcome = np.where(year == 2020, sample.outcome, (np.arange(120) >= 116).astype(float))
    settings = settings_of(optimism=30, intercept_window_years=1)
    found = resample(replace(sample, month=year * 12 + 11, outcome=outcome), items_of(1), settings)
    assert 0 < found.summary["failed_n"] < 15
    assert found.models["penalty"].isna().sum() == found.summary["failed_n"]
    assert set(found.indexes["status"]) <= {"few_resamples", "not_available"}


def test_accuracy_is_measured_only_where_it_may_be():
    cohort = predicted.cohort_of(600)
    cases, answers = cohort.modelled
    settings, instrument = settings_of(optimism=3), predicted.instrument_of()
    model = fit_model(cases, answers, instrument, settings, solve=scikit_learn)
    measured = (cases["intake_year"] < 2022).to_numpy()
    found = resample_procedure(cases, answers, model, instrument, settings, measured=measured)
    risk = points_prob(sum_of_points(answers, model.points), model.points)
    outcome, weight = cases["outcome"].to_numpy(dtype=float), cases["weight"].to_numpy()
    own = tally(outcome[measured], risk[measured], weight=weight[measured])
    assert row(found, "points", "auc")["apparent"] == pytest.approx(float(auc(own)))
    assert found.people["case_id"].tolist() == cases["case_id"].tolist()
    assert found.people["prob"].tolist() == pytest.approx(risk.tolist())
    threshold = whole_procedure(cases, answers, instrument, settings).choice.threshold
    hits = (risk >= threshold.prob - 1e-9)[measured]
    assert row(found, "points", "ppv")["apparent"] == pytest.approx(outcome[measured][hits].mean())
    r2 = row(found, "equation", "cox_snell_r2")
    assert found.summary["corrected_r2"] == r2["corrected"]


def test_indexes_of_a_table_drawn_by_hand():
    # log-odds −1, 0, 1; the second weighting counts the last person twice
    steps, outcome = np.array([-1, -1, 0, 1, 1]), np.array([0, 1, 0, 1, 1])
    weights = np.array([[1, 1, 1, 1, 1], [1, 1, 1, 1, 2.0]])
    tallied = tally_steps(steps, outcome, weights, offset=0.0, step=1.0)
    low, high = 1 / (1 + np.e), np.e / (1 + np.e)
    assert tallied.prob == pytest.approx([low, 0.5, high])
    assert tallied.events.tolist() == [[1, 0, 2], [1, 0, 3]]
    found = calibrated(tallied, threshold_prob=0.6)
    # pairs: the low event ties one and loses one, each high event wins two
    assert found["auc"] == pytest.approx([(0.5 + 0 + 2 + 2) / 6, (0.5 + 0 + 3 * 2) / 8])
    assert found["oe"] == pytest.approx([3 / (2 * low + 0.5 + 2 * high), 4 / (2 * low + 0.5 + 3 * high)])
    assert found["net_benefit"] == pytest.approx([2 / 5, 3 / 6])
    log_likelihood = np.log([low, 1 - low, 0.5, high, high]).sum()
    nothing = 3 * np.log(3 / 5) + 2 * np.log(2 / 5)
    assert found["cox_snell_r2"][0] == pytest.approx(1 - np.exp(-2 * (log_likelihood - nothing) / 5))
    at = flagged(tallied, threshold_prob=0.5)
    assert at["flagged_share"] == pytest.approx([3 / 5, 4 / 6])
    assert at["ppv"] == pytest.approx([2 / 3, 3 / 4])
    assert at["specificity"] == pytest.approx([1 / 2, 1 / 2])


def test_how_often_each_question_is_chosen_again_is_counted():
    sample, items = sample_of(400, 3, seed=4, effect=0.4), items_of(3)
    silent = np.random.default_rng(1).permutation(sample.positions[:, 1])
    sample = replace(sample, positions=np.column_stack([sample.positions[:, 0], silent, sample.positions[:, 2]]))
    settings = replace(settings_of(optimism=6), items=ItemsSettings(2))
    share = resample(sample, items, settings).summary["asked_share"]
    assert list(share) == ["q0", "q1", "q2"]
    assert share["q0"] > share["q1"] < share["q2"]
    assert sum(share.values()) == pytest.approx(2)
    assert set(resample(sample, items, settings.asking_all()).summary["asked_share"].values()) == {1.0}
