"""What goes beside the published model: inference, each item's worth, what rounding loses, sample size; on disk."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from riskmodel.ground.errors import FitError
from riskmodel.instrument.records import NO_ANSWER
from riskmodel.model import points as points_module
from riskmodel.model.fit import equation_logodds, equation_prob, fit_model
from riskmodel.model.inference import drop_one, independent_columns, infer
from riskmodel.model.logistic import deviance, weighted_auc
from riskmodel.model.points import points_loss, points_prob, sum_of_points
from riskmodel.model.published_fit import fit_published
from riskmodel.model.record import load_evidence, load_model, write_model
from riskmodel.model.sample import sample_of
from riskmodel.model.sample_size import candidate_columns_n


@pytest.fixture(scope="module")
def lenient(settings):
    return replace(settings, alarm=replace(settings.alarm, one_item_adds=0.2))


def test_inference_finds_the_true_effects_in_its_intervals(cohort_of, instrument, settings):
    made = cohort_of(6000, seed=21)
    model = fit_model(made.cases, made.answers, instrument, settings)
    by_column = infer(sample_of(made.cases, made.answers, instrument, landmark=0), model, instrument).set_index(
        "column"
    )
    true = {"housing=b": 0.6, "housing=c": 1.2, "health>=l": 0.5, "health>=m": 0.7, "licence=n": -0.8}
    for column, effect in true.items():
        half_width = 1.5 * (by_column.loc[column, "high"] - by_column.loc[column, "low"]) / 2  # within 3 SE
        assert abs(by_column.loc[column, "coefficient"] - effect) < half_width
    assert by_column.loc[["housing=a", "licence=y"], "status"].tolist() == ["reference"] * 2
    assert by_column.loc["housing=a", ["coefficient", "se", "low", "high"]].isna().all()


def test_blanks_that_always_come_together_are_estimated_once(made, instrument, settings):
    blank = made.answers["housing"].eq(NO_ANSWER)
    answers = made.answers.assign(
        licence=made.answers["licence"].replace(NO_ANSWER, "y").mask(blank, NO_ANSWER)
    )  # a part of the form that was not asked
    model = fit_model(made.cases, answers, instrument, settings)
    status = infer(sample_of(made.cases, answers, instrument, landmark=0), model, instrument).set_index("column")[
        "status"
    ]
    assert status["housing=no_answer"] == "ok"
    assert status["licence=no_answer"] == "not_estimable"
    worth = drop_one(sample_of(made.cases, answers, instrument, landmark=0), model, instrument, settings)
    assert (worth["deviance"] > 0).all()


def test_separation_is_reported_not_crashed_on(made, instrument, settings):
    outcome = made.cases["outcome"].to_numpy(dtype=float)
    answers = made.answers.assign(age=30 + 20 * outcome)
    model = fit_model(made.cases, answers, instrument, settings)
    by_column = infer(sample_of(made.cases, answers, instrument, landmark=0), model, instrument).set_index("column")
    assert set(by_column["status"]) == {"reference", "not_estimable"}
    assert by_column[["coefficient", "se", "low", "high"]].isna().all(axis=None)
    worth = drop_one(sample_of(made.cases, answers, instrument, landmark=0), model, instrument, settings).set_index(
        "item"
    )
    assert worth["auc"].isna().all()  # there is nothing to compare with: the full fit does not settle


def test_a_column_that_others_determine_is_left_out_and_nothing_else():
    random = np.random.default_rng(1)
    one, two, three = random.normal(size=(3, 50))
    x = np.column_stack([np.ones(50), one, two, one - 2 * two + 3, three, np.zeros(50)])
    assert independent_columns(x, range(6)) == [0, 1, 2, 4]
    assert independent_columns(x, [0, 3, 1, 2]) == [0, 3, 1]


def test_dropping_an_item_is_fitting_without_it(made, model, instrument, settings):
    worth = drop_one(
        sample_of(made.cases, made.answers, instrument, landmark=0),
        model,
        instrument,
        settings,
        penalty=model.equation.penalty,
    )
    reduced = replace(instrument, items=tuple(item for item in instrument.items if item.id != "health"))
    one_penalty = replace(
        settings.model,
        penalty_lowest=model.equation.penalty,
        penalty_highest=model.equation.penalty,
        penalty_steps=1,
    )
    without = fit_model(made.cases, made.answers, reduced, replace(settings, model=one_penalty))
    outcome = made.cases["outcome"].to_numpy(dtype=float)
    weight = np.ones(len(outcome))
    full, less = (
        (deviance(logodds, outcome, weight), weighted_auc(outcome, logodds, weight))
        for logodds in (equation_logodds(made.answers, model), equation_logodds(made.answers, without))
    )
    row = worth.set_index("item").loc["health"]
    assert row["deviance"] == pytest.approx(less[0] - full[0], rel=1e-6)
    assert row["auc"] == pytest.approx(full[1] - less[1], rel=1e-6)
    assert row["columns_n"] == 3


def test_rounding_loses_little_and_nothing_when_the_equation_is_whole_points(
    made, model, instrument, settings, monkeypatch
):
    loss = points_loss(sample_of(made.cases, made.answers, instrument, landmark=0), model, settings)
    assert loss.auc < 0.005
    assert 0 < loss.mean_risk < 0.02
    assert loss.mean_risk < loss.tail_risk < 0.1
    assert 0.9 < loss.same_flag_share < 1
    monkeypatch.setattr(points_module, "TAIL", 1.0)
    largest = points_loss(sample_of(made.cases, made.answers, instrument, landmark=0), model, settings).tail_risk
    assert loss.tail_risk < largest  # one case's loss is not what is judged
    assert loss.flagged_share == pytest.approx(settings.policy.capacity_share, abs=0.05)
    fine = replace(settings, model=replace(settings.model, points_per_doubling=1_000_000))
    exact = fit_model(made.cases, made.answers, instrument, fine)
    loss = points_loss(sample_of(made.cases, made.answers, instrument, landmark=0), exact, fine)
    assert loss.tail_risk < 3e-3  # the offset's steps: .01 log-odds at most, a quarter of it at one half
    assert loss.same_flag_share == 1


def test_candidate_columns_are_counted_before_merging(made, instrument):
    items = instrument.predictors(0)
    # housing 3 levels, health 2 steps, licence 2 levels, age 4 knots − 1; three items have blanks
    assert candidate_columns_n(made.answers, items, knots_n=4) == 3 + 2 + 2 + 3 + 3
    rare = made.answers.assign(housing="a")
    assert candidate_columns_n(rare, items, knots_n=4) == 3 + 2 + 2 + 3 + 2


def test_the_published_model_is_the_procedures_own_with_its_evidence(made, model, instrument, lenient):
    published, evidence = fit_published(made.cases, made.answers, instrument, lenient)
    assert published.equation.coefficients == pytest.approx(model.equation.coefficients, abs=1e-8)
    assert published.points.items == model.points.items
    assert set(evidence) == {"sample_size", "alarms", "inference", "drop_one", "points_loss"}
    assert evidence["sample_size"]["available_n"] == 1500
    assert evidence["sample_size"]["columns_n"] == 13
    assert [row["item"] for row in evidence["drop_one"]] == ["housing", "health", "licence", "age"]


def test_what_is_written_is_read_back_and_written_again_byte_for_byte(made, instrument, lenient, tmp_path):
    model, evidence = fit_published(made.cases, made.answers, instrument, lenient)
    write_model(model, evidence, tmp_path / "once")
    read = load_model(tmp_path / "once")
    write_model(read, load_evidence(tmp_path / "once"), tmp_path / "twice")
    for name in ("model.json", "evidence.json"):
        assert (tmp_path / "once" / name).read_bytes() == (tmp_path / "twice" / name).read_bytes()
    assert equation_prob(made.answers, read) == pytest.approx(equation_prob(made.answers, model), abs=1e-8)
    sums = sum_of_points(made.answers, read.points)
    assert sums.tolist() == sum_of_points(made.answers, model.points).tolist()
    assert points_prob(sums, read.points) == pytest.approx(points_prob(sums, model.points), abs=1e-9)
    sample = sample_of(made.cases, made.answers, instrument, landmark=0)
    pd.testing.assert_frame_equal(infer(sample, read, instrument), infer(sample, model, instrument))


def test_a_model_that_is_not_there_is_an_error_that_says_what_to_run(tmp_path):
    with pytest.raises(FitError, match="dvc repro fit"):
        load_model(tmp_path)


def test_answers_keep_their_declared_order_on_disk(made, model, tmp_path):
    first, *rest = model.points.items
    backwards = replace(first, by_code=dict(reversed(first.by_code.items())))
    coding = replace(model.design.codings[0], codes=tuple(code for code in backwards.by_code if code != "no_answer"))
    turned = replace(
        model,
        points=replace(model.points, items=(backwards, *rest)),
        design=replace(model.design, codings=(coding, *model.design.codings[1:])),
    )
    write_model(turned, {"inference": []}, tmp_path)
    read = load_model(tmp_path)
    assert [item.allowed for item in read.points.items] == [item.allowed for item in turned.points.items]
