"""Laws that hold whatever the data: of weights, order, reference levels, and of the points' arithmetic."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sampled import copied, items_of
from sampled import sample_of as sample_of_arrays

from riskmodel.ground.settings import read_settings
from riskmodel.instrument.records import NO_ANSWER, Instrument, Item, Level, Text
from riskmodel.model.fit import equation_prob, fit_model, fitted_model, learn
from riskmodel.model.inference import independent_columns, reference_columns
from riskmodel.model.logistic import covariance, newton, score_product
from riskmodel.model.matrix import learn_design, matrix
from riskmodel.model.points import points_prob, risk_by_sum, sum_of_points
from riskmodel.model.sample import sample_of
from riskmodel.model.spline import KNOT_QUANTILES, spline_basis, weighted_quantile

SETTINGS = read_settings(Path(__file__).parents[2] / "params.toml")
SETTINGS = replace(SETTINGS, assess=replace(SETTINGS.assess, folds=3))
TEXT = Text("fråga", "question")


def question(item_id, kind, codes):
    return Item(item_id, TEXT, kind, "predictor", levels=tuple(Level(code, TEXT) for code in codes), reference=codes[0])


INSTRUMENT = Instrument(
    name="made",
    municipality_code="9900",
    municipality_name="Made",
    life_areas={},
    parts=(),
    items=(
        question("q", "level", "abc"),
        question("r", "ordinal", "abc"),
        Item("x", TEXT, "number", "predictor", minimum=0, maximum=30),
    ),
    sources={},
    no_answer=("",),
)
SEEDS = st.integers(0, 10_000)
few = settings(max_examples=10, derandomize=True)


def draw(seed, n=700):
    random = np.random.default_rng(seed)
    case_id = pd.Index([f"c{place:04d}" for place in range(n)])
    codes = np.array(["a", "b", "c", NO_ANSWER])
    answers = pd.DataFrame({item: random.choice(codes, size=n) for item in "qr"}, index=case_id)
    answers["x"] = random.integers(0, 31, size=n).astype(float)
    effect = answers["q"].eq("b") * 0.8 - answers["r"].eq("c") * 0.6 + 0.05 * (answers["x"] - 15)
    cases = pd.DataFrame(
        {
            "case_id": case_id,
            "cluster_id": random.integers(0, n // 2, size=n),
            "intake_month": 2020 * 12 + random.integers(0, 36, size=n),
            "outcome": (random.random(n) < 1 / (1 + np.exp(0.5 - effect.to_numpy()))).astype(int),
            "weight": random.integers(1, 4, size=n).astype(float),
        }
    )
    return cases, answers


def fitted(cases, answers, instrument=INSTRUMENT):
    return fit_model(cases, answers, instrument, SETTINGS)


def assert_same(one, other):
    assert one.equation.penalty == other.equation.penalty
    assert one.equation.coefficients == pytest.approx(other.equation.coefficients, abs=1e-7)
    assert one.equation.covariance == pytest.approx(other.equation.covariance, abs=1e-7)
    assert one.shrinkage == pytest.approx(other.shrinkage, abs=1e-6)
    assert one.errors == other.errors
    assert [item.by_code for item in one.points.items] == [item.by_code for item in other.points.items]
    assert one.points.offset == pytest.approx(other.points.offset, abs=1e-7)


@few
@given(SEEDS)
def test_weight_k_is_k_copies_in_the_same_cluster(seed):
    # true while no level is near the limit for merging, which counts cases, not weight
    cases, answers = draw(seed)
    copies = np.repeat(np.arange(len(cases)), cases["weight"].astype(int))
    assert_same(fitted(cases, answers), fitted(cases.iloc[copies].assign(weight=1.0), answers.iloc[copies]))


@few
@given(SEEDS, st.integers(60, 250))
def test_a_case_held_k_times_is_k_cases_in_its_cluster_merging_and_all(seed, n):
    # few enough that levels merge: 20 people, 8 events and 8 others are counted in copies
    sample, items = sample_of_arrays(n, 4, seed=seed, cluster_size=2), items_of(4)
    times = np.repeat(np.random.default_rng(seed).integers(0, 4, size=-(-n // 2)), 2)[:n]
    held, written_out = (learn(one, items, SETTINGS) for one in (sample.repeated(times), copied(sample, times)))
    assert held.fit.merged == written_out.fit.merged
    assert held.fit.design.columns == written_out.fit.design.columns
    assert held.fit.choice.penalty == written_out.fit.choice.penalty
    assert held.fit.coefficients == pytest.approx(written_out.fit.coefficients, abs=1e-7)
    assert held.shrinkage == pytest.approx(written_out.shrinkage, abs=1e-6)
    assert np.repeat(held.left_out, times[times > 0]) == pytest.approx(written_out.left_out, abs=1e-6)
    records = [
        fitted_model(*pair, SETTINGS) for pair in ((held, sample.repeated(times)), (written_out, copied(sample, times)))
    ]
    assert (records[0].n, records[0].events_n) == (records[1].n, records[1].events_n)
    assert records[0].clusters_n == records[1].clusters_n


@few
@given(SEEDS)
def test_every_case_once_is_the_sample_itself(seed):
    sample = sample_of_arrays(200, 3, seed=seed, cluster_size=2)
    once = sample.repeated(np.ones(200, dtype=int))
    learnt = [learn(one, items_of(3), SETTINGS) for one in (sample, once)]
    assert learnt[0].fit.coefficients.tolist() == learnt[1].fit.coefficients.tolist()
    assert learnt[0].points == learnt[1].points


@few
@given(SEEDS)
def test_the_order_of_the_cases_changes_nothing(seed):
    cases, answers = draw(seed)
    order = np.random.default_rng(seed).permutation(len(cases))
    assert_same(fitted(cases, answers), fitted(cases.iloc[order], answers.iloc[order]))


@few
@given(SEEDS)
def test_the_reference_level_changes_nothing_in_the_penalised_fit(seed):
    cases, answers = draw(seed)
    items = tuple(replace(item, reference="c") if item.levels else item for item in INSTRUMENT.items)
    assert_same(fitted(cases, answers), fitted(cases, answers, replace(INSTRUMENT, items=items)))


@few
@given(SEEDS)
def test_the_reference_level_changes_no_probability_without_penalty(seed):
    cases, answers = draw(seed)
    risks = []
    for reference in "ac":
        items = tuple(replace(item, reference=reference) if item.levels else item for item in INSTRUMENT.items)
        instrument = replace(INSTRUMENT, items=items)
        sample = sample_of(cases, answers, instrument, landmark=0)
        design, _ = learn_design(sample, items, SETTINGS.model)
        x, left_out = matrix(sample.positions, design), reference_columns(design, instrument)
        names = ("intercept", *design.columns)
        used = independent_columns(x, [place for place, name in enumerate(names) if name not in left_out])
        risks.append(newton(x[:, used], sample.outcome, sample.weight, 0.0).prob)
    assert risks[0] == pytest.approx(risks[1], abs=1e-8)


@few
@given(SEEDS, st.floats(0.01, 100), st.floats(0.1, 1000))
def test_weights_and_penalty_times_a_factor_change_no_coefficient_and_no_error(seed, factor, penalty):
    cases, answers = draw(seed)
    sample = sample_of(cases, answers, INSTRUMENT, landmark=0)
    design, _ = learn_design(sample, INSTRUMENT.items, SETTINGS.model)
    x = matrix(sample.positions, design)
    one = newton(x, sample.outcome, sample.weight, penalty)
    other = newton(x, sample.outcome, factor * sample.weight, factor * penalty)
    assert other.coefficients == pytest.approx(one.coefficients, abs=1e-7)
    errors = [
        covariance(fit.information, score_product(x, sample.outcome, weight, fit.prob, sample.cluster), 0.0)
        for fit, weight in ((one, sample.weight), (other, factor * sample.weight))
    ]
    assert errors[1] == pytest.approx(errors[0], abs=1e-7)


@few
@given(SEEDS)
def test_mean_risk_is_the_event_rate_because_the_intercept_is_free(seed):
    cases, answers = draw(seed)
    model = fitted(cases, answers)
    weight, outcome = cases["weight"].to_numpy(), cases["outcome"].to_numpy()
    assert weight @ equation_prob(answers, model) == pytest.approx(weight @ outcome)
    assert model.event_rate == pytest.approx(weight @ outcome / weight.sum())


@few
@given(SEEDS)
def test_every_sum_has_its_place_in_the_risk_table_and_more_points_more_risk(seed):
    cases, answers = draw(seed)
    points = fitted(cases, answers).points
    first, risks = risk_by_sum(points)
    sums = sum_of_points(answers, points)
    assert risks[sums - first] == pytest.approx(points_prob(sums, points), abs=0)
    assert (np.diff(risks) > 0).all()
    for item in points.items:
        assert min(item.answered) == 0
        assert 0 <= item.no_answer <= max(item.answered)


@given(
    st.lists(st.tuples(st.integers(-50, 50), st.integers(1, 5)), min_size=1, max_size=40),
    st.lists(st.floats(0.001, 1.0), min_size=1, max_size=5),
    st.floats(0.1, 10.0),
)
def test_a_weighted_quantile_is_that_of_copies_and_knows_no_scale(pairs, shares, factor):
    values, copies = (np.array(column, dtype=float) for column in zip(*pairs, strict=True))
    found = weighted_quantile(values, copies, at=shares)
    repeated = np.repeat(values, copies.astype(int))
    assert found.tolist() == weighted_quantile(repeated, np.ones(len(repeated)), at=shares).tolist()
    assert found.tolist() == weighted_quantile(values, copies * factor, at=shares).tolist()
    for share, value in zip(shares, found, strict=True):
        assert (repeated <= value).mean() >= share * (1 - 1e-9)
        assert (repeated < value).mean() < share


@given(st.sampled_from(sorted(KNOT_QUANTILES)), st.randoms(use_true_random=False))
def test_a_spline_is_smooth_at_its_knots_and_straight_outside(knots_n, random):
    knots = np.sort(random.sample(range(1, 200), knots_n)).astype(float)
    step = 1e-4
    around = spline_basis(np.concatenate([knots - step, knots, knots + step]), knots).reshape(3, knots_n, -1)
    bend = (around[0] - 2 * around[1] + around[2]) / step**2
    left, right = spline_basis(knots - 2 * step, knots), spline_basis(knots + 2 * step, knots)
    bend_left = (left - 2 * around[0] + around[1]) / step**2
    bend_right = (right - 2 * around[2] + around[1]) / step**2
    assert bend_left == pytest.approx(bend_right, abs=1e-2)  # the second derivative has no jump
    assert bend[[0, -1]] == pytest.approx(0, abs=1e-2)
