"""Laws that the year's evidence rests on: of the whole procedure, of its flags, of groups, and of what is written.

Beside them: the laws of the fit in test_model_laws, of the measures in test_assess_laws, of what may be shown in
test_disclosure_attack, and old releases in tests/published.
"""

import json
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from predicted import EFFECTS, cohort_of, instrument_of, predictions_of, settings_of
from scipy.stats import binom

from riskmodel.assess.at_threshold import net_benefit, net_benefit_of_all
from riskmodel.assess.evaluation import evaluate
from riskmodel.assess.intervals import resamples_of, tally
from riskmodel.assess.policy import Choice, Threshold
from riskmodel.assess.repeated.repetition import flags, whole_procedure
from riskmodel.assess.subgroups import Grouping, groups
from riskmodel.disclosure.measures import disclose_measures
from riskmodel.disclosure.spans import PROFILES
from riskmodel.ground.errors import FitError
from riskmodel.ground.files import canonical_json
from riskmodel.model.fit import equation_prob, fit_model
from riskmodel.model.points import points_prob, sum_of_points
from riskmodel.model.record import FittedModel, load_model, write_model
from riskmodel.release.bundle import parse_json

PROJECT = Path(__file__).parents[2]
INSTRUMENT = instrument_of()
CHOSEN = settings_of(folds=3, bootstrap=1, group_min=1, curve_min=10_000)
CHOSEN = replace(CHOSEN, policy=replace(CHOSEN.policy, ppv_floor=0.0, left_early_cap=1.0))  # somebody is flagged
CASES_N = 400
SEEDS = st.integers(0, 10_000)
few = settings(max_examples=6, derandomize=True)
many = settings(max_examples=40)


def made(seed, n=CASES_N):
    return cohort_of(n, seed=seed).modelled


def procedure(cases, answers, chosen=CHOSEN):
    return whole_procedure(cases, answers, INSTRUMENT, chosen)


# the whole procedure


@few
@given(SEEDS)
def test_neither_fitting_nor_predicting_changes_what_it_is_given(seed):
    cases, answers = made(seed)
    before = cases.copy(deep=True), answers.copy(deep=True)
    found = procedure(cases, answers)
    flags(found.model, found.choice, answers)
    equation_prob(answers, found.model)
    sum_of_points(answers, found.model.points)
    pd.testing.assert_frame_equal(cases, before[0])
    pd.testing.assert_frame_equal(answers, before[1])


@few
@given(SEEDS)
def test_every_case_keeps_its_risk_and_its_flag_whatever_the_order_of_rows(seed):
    cases, answers = made(seed)
    order = np.random.default_rng(seed).permutation(len(cases))
    one, other = procedure(cases, answers), procedure(cases.iloc[order], answers.iloc[order])
    assert other.out_of_fold_prob == pytest.approx(one.out_of_fold_prob[order], abs=1e-9)
    assert other.choice == one.choice
    assert (flags(other.model, other.choice, answers) == flags(one.model, one.choice, answers)).all()


@few
@given(SEEDS, st.sampled_from([0.01, 0.5, 3.0, 100.0]))
def test_all_weights_times_a_factor_change_no_coefficient_at_penalties_times_the_same(seed, factor):
    cases, answers = made(seed)
    # the criterion grows with the weights, its penalty for overfitting with their square: one penalty alone compares
    one_penalty = {"penalty_lowest": 10.0, "penalty_highest": 10.0, "penalty_steps": 1}
    alone = replace(CHOSEN, model=replace(CHOSEN.model, **one_penalty))
    times = replace(alone, model=replace(alone.model, penalty_lowest=10 * factor, penalty_highest=10 * factor))
    one, other = procedure(cases, answers, alone), procedure(cases.assign(weight=factor), answers, times)
    assert other.model.equation.coefficients == pytest.approx(one.model.equation.coefficients, abs=1e-7)
    # the slope that shrinks has a whiff of penalty of its own
    assert other.out_of_fold_prob == pytest.approx(one.out_of_fold_prob, abs=1e-5)
    assert [item.by_code for item in other.model.points.items] == [item.by_code for item in one.model.points.items]


@few
@given(SEEDS)
def test_mean_risk_is_mean_outcome_where_the_intercept_was_fitted(seed):
    two_years = replace(CHOSEN, model=replace(CHOSEN.model, intercept_window_years=2))
    cases, answers = made(seed)
    weight = np.random.default_rng(seed).uniform(0.5, 3.0, len(cases))
    outcome = cases["outcome"].to_numpy(dtype=float)
    found = procedure(cases.assign(weight=weight), answers, two_years)
    inside = (cases["intake_month"] // 12).isin(found.model.window_years).to_numpy()
    by_points = points_prob(sum_of_points(answers, found.model.points), found.model.points)
    rate = weight[inside] @ outcome[inside]
    assert weight @ equation_prob(answers, found.model) == pytest.approx(weight @ outcome)
    # the offset is within .01 log-odds of the exact one, and risk moves by a quarter of that at most
    assert weight[inside] @ by_points[inside] == pytest.approx(rate, abs=0.0025 * weight[inside].sum())
    assert weight[inside] @ found.out_of_fold_prob[inside] == pytest.approx(rate)


def true_contrasts(model: FittedModel):
    """For every step between two levels: its true log-odds, and its row over the coefficients, intercept first."""
    for item, effects in EFFECTS.items():
        first = 1 + model.design.columns_of(item).start
        for level in range(1, len(effects)):
            row = np.zeros(len(model.equation.coefficients) + 1)
            row[[first + level - 1, first + level]] = -1.0, 1.0
            yield effects[level] - effects[level - 1], row


def test_known_coefficients_lie_in_their_interval_as_often_as_it_says():
    covered = []
    for seed in range(120):
        model = fit_model(*made(seed, n=1200), INSTRUMENT, CHOSEN)
        coefficients = np.append(model.equation.intercept, model.equation.coefficients)
        for truth, row in true_contrasts(model):
            half = 1.96 * np.sqrt(row @ model.equation.covariance @ row)
            covered.append(abs(row @ coefficients - truth) <= half)
    assert sum(covered) >= binom.ppf(0.001, len(covered), 0.95)
    assert sum(covered) < len(covered)  # an interval that never misses says nothing


# flags and net benefit


@pytest.fixture(scope="module")
def fitted():
    cases, answers = made(3)
    return fit_model(cases, answers, INSTRUMENT, CHOSEN), answers


@many
@given(first=st.integers(-5, 60), second=st.integers(-5, 60))
def test_raising_the_threshold_never_adds_a_flag_to_anybody(fitted, first, second):
    model, answers = fitted
    low, high = (
        flags(model, Choice(Threshold(points, 0.5), (), (), None, ()), answers) for points in sorted((first, second))
    )
    assert not (high & ~low).any()
    assert not flags(model, Choice(None, ("harm_ratio",), (), None, ()), answers).any()


PERSON = st.tuples(st.integers(0, 1), st.integers(1, 39).map(lambda step: step / 40), st.integers(1, 4))
PEOPLE = st.lists(PERSON, min_size=1, max_size=40)


@many
@given(PEOPLE, st.floats(0.01, 0.99))
def test_net_benefit_of_flagging_none_is_nothing_and_of_all_follows_the_event_rate(people, threshold):
    outcome, prob, weight = (np.array(column, dtype=float) for column in zip(*people, strict=True))
    at, rate = np.array([threshold]), weight @ outcome / weight.sum()
    of_all = rate - (1 - rate) * threshold / (1 - threshold)
    assert net_benefit(tally(outcome, np.zeros(len(prob)), weight=weight), at) == pytest.approx([0.0])
    assert net_benefit(tally(outcome, np.ones(len(prob)), weight=weight), at) == pytest.approx([of_all])
    assert net_benefit_of_all(tally(outcome, prob, weight=weight), at) == pytest.approx([of_all])
    #  below the lowest risk everybody is flagged, above the highest nobody
    ends = np.array([prob.min() / 2, (1 + prob.max()) / 2])
    found = net_benefit(tally(outcome, prob, weight=weight), ends)
    assert found == pytest.approx([rate - (1 - rate) * ends[0] / (1 - ends[0]), 0.0])


# groups, and what may be shown of them

COLUMNS = [Grouping("year"), Grouping("area"), Grouping("sex")]


@few
@given(SEEDS)
def test_the_groups_of_a_column_part_everybody_between_them(seed):
    predictions = predictions_of(200, seed=seed)
    for grouping in COLUMNS:
        found = groups(predictions, [grouping])
        assert sum(group.n for group in found) == len(predictions)
        assert sum(group.events_n for group in found) == predictions["outcome"].sum()
        assert (np.sum([group.rows for group in found], axis=0) == 1).all()


@few
@given(SEEDS)
def test_the_value_of_a_group_is_the_measure_on_its_rows_alone(seed):
    predictions = predictions_of(200, seed=seed)
    resamples = resamples_of(predictions, CHOSEN)
    for group in groups(predictions, COLUMNS):
        rows, _ = evaluate(predictions, group, predictor="points", resamples=resamples, settings=CHOSEN.assess)
        own = predictions[group.rows].reset_index(drop=True)
        [alone] = [one for one in groups(own, [group.grouping]) if one.name == group.name]
        same, _ = evaluate(own, alone, predictor="points", resamples=resamples_of(own, CHOSEN), settings=CHOSEN.assess)
        assert rows["estimate"].tolist() == pytest.approx(same["estimate"].tolist(), nan_ok=True)
        assert (rows["n"] == len(own)).all() and (rows["events_n"] == own["outcome"].sum()).all()


GROUP = st.tuples(st.integers(0, 30) | st.integers(0, 400), st.integers(0, 30) | st.integers(0, 400))


@many
@given(st.lists(GROUP, min_size=1, max_size=6), st.sampled_from(sorted(PROFILES)))
def test_no_published_count_of_a_group_is_below_the_limit(cells, profile):
    assume(all(events + others for events, others in cells))
    rows = [
        ("area", f"area {place}", "points", "auc", 0.7, 0.6, 0.8, events + others, events, "ok")
        for place, (events, others) in enumerate(cells)
    ]
    names = ["scope", "group", "predictor", "measure", "estimate", "low", "high", "n", "events_n", "status"]
    shown = disclose_measures(pd.DataFrame(rows, columns=names), profile=profile)
    limit = PROFILES[profile].hidden_up_to
    counts = shown[["n", "events_n"]].astype("Float64")
    published = [counts["n"], counts["events_n"], counts["n"] - counts["events_n"]]
    for (events, others), *of_group in zip(cells, *published, strict=True):
        for real, count in zip((events + others, events, others), of_group, strict=True):
            assert pd.isna(count) or (count > limit and real > limit)


# what is written and read


@settings(max_examples=4, derandomize=True)
@given(SEEDS)
def test_a_model_written_read_and_written_again_is_the_same_bytes_and_the_same_risks(seed):
    cases, answers = made(seed)
    model = fit_model(cases, answers, INSTRUMENT, CHOSEN)
    with tempfile.TemporaryDirectory() as folder:
        one, other = Path(folder) / "one", Path(folder) / "other"
        evidence = {"inference": [{"column": "intercept", "published": model.equation.intercept}]}
        write_model(model, evidence, one)
        again = load_model(one)
        write_model(again, evidence, other)
        for path in one.iterdir():
            assert path.read_bytes() == (other / path.name).read_bytes()
    assert (sum_of_points(answers, again.points) == sum_of_points(answers, model.points)).all()
    assert equation_prob(answers, again) == pytest.approx(equation_prob(answers, model), abs=1e-9)


RELEASES = sorted((PROJECT / "models/releases").glob("*/release.json"))


@pytest.mark.parametrize("path", RELEASES, ids=[path.parent.name for path in RELEASES])
def test_a_published_release_read_and_written_again_is_the_same_bytes(path):
    written = path.read_bytes()
    assert canonical_json(parse_json(written, where=path.parent.name)) == written
    assert canonical_json(json.loads(written)) == written


@many
@given(item=st.sampled_from(sorted(EFFECTS)), answer=st.text(max_size=8), row=st.integers(0, CASES_N - 1))
def test_a_level_never_seen_is_refused_and_not_repeated(fitted, item, answer, row):
    model, answers = fitted
    known = {"l0", "l1", "l2", "no_answer", "not_asked", "not_observed"}
    assume(answer not in known)
    strange = answers.copy()
    for score in (lambda rows: equation_prob(rows, model), lambda rows: sum_of_points(rows, model.points)):
        said = []
        for told in (answer, "another"):
            strange.loc[strange.index[row], item] = told
            with pytest.raises(FitError, match=f"answers, {item}: 1 are no level") as refused:
                score(strange)
            said.append(str(refused.value))
        assert said[0] == said[1]  # so it holds nothing of what was answered
