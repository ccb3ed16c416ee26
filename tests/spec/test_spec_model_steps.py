"""A number's declared steps: a column from each value on, points that jump there, and none where too few stand."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from riskmodel.ground.settings import read_settings
from riskmodel.instrument.records import Instrument, Item, Level, Text
from riskmodel.model.fit import fit_model
from riskmodel.model.levels import Tally, kept_steps
from riskmodel.model.logistic import weighted_auc
from riskmodel.model.matrix import code_number
from riskmodel.model.points import sum_of_points
from riskmodel.model.published_fit import candidate_columns_n

SETTINGS = read_settings(Path(__file__).parents[2] / "params.toml")
TEXT = Text("fråga", "question")
RULE_BEGINS, LOWER, JUMP, BESIDE = 50, -3.0, 3.0, 2.0


def number(*steps, minimum=0, maximum=4):
    return Item("x", TEXT, "number", "predictor", minimum=minimum, maximum=maximum, steps=steps)


def counted(people, events):
    return Tally(np.array(people), np.array(events), np.array(people, dtype=float))


def test_a_step_is_a_column_beside_the_spline_centred_at_those_who_answered():
    coding, merges = code_number(number(3), counted([20, 20, 20, 20, 20, 0], [10] * 5 + [0]), SETTINGS.model)
    assert coding.columns[-1] == "x>=3"
    assert coding.rows[:, -1].tolist() == pytest.approx([-0.4, -0.4, -0.4, 0.6, 0.6, 0])  # .4 of them answered 3 or 4
    assert merges == ()


def test_without_steps_a_number_is_coded_as_before():
    counts = counted([20, 20, 20, 20, 20, 30], [10] * 5 + [9])
    plain, stepped = (code_number(one, counts, SETTINGS.model)[0] for one in (number(), number(3)))
    assert stepped.columns == (*plain.columns[:-1], "x>=3", "x=no_answer")
    np.testing.assert_array_equal(np.delete(stepped.rows, -2, axis=1), plain.rows)


@pytest.mark.parametrize(
    ("people", "events", "kept", "merged"),
    [
        ([40, 40, 40, 40, 40], [20] * 5, (1, 3), []),
        ([19, 40, 40, 40, 40], [9, 20, 20, 20, 20], (3,), [("<1", ">=1", "people")]),
        ([40, 40, 40, 9, 9], [20, 20, 20, 8, 8], (1,), [(">=3", "<3", "people")]),
        ([40, 20, 20, 60, 40], [20, 4, 3, 20, 20], (1,), [("<3", ">=3", "events")]),  # 100 stand from 3 on, 40 below 1
        ([90, 20, 20, 40, 40], [20, 4, 3, 20, 20], (3,), [(">=1", "<1", "events")]),
        ([5, 5, 5, 5, 5], [2] * 5, (), [("<1", ">=1", "people"), (">=3", "<3", "people")]),
    ],
)
def test_a_stretch_with_too_few_joins_its_fuller_neighbour(people, events, kept, merged):
    steps, merges = kept_steps(number(1, 3), counted([*people, 0], [*events, 0]), SETTINGS.model)
    assert steps == kept
    assert [(merge.level, merge.into, merge.reason) for merge in merges] == merged


def test_a_step_below_all_that_can_be_answered_later_in_the_case_goes():
    later = replace(number(3), minimum=5, maximum=9)
    assert kept_steps(later, counted([40] * 5 + [0], [20] * 5 + [0]), SETTINGS.model)[0] == ()


def test_a_declared_step_is_a_candidate_column():
    answers = pd.DataFrame({"x": [0.0, 4.0]})
    assert candidate_columns_n(answers, [number()], knots_n=4) == 3
    assert candidate_columns_n(answers, [number(2, 3)], knots_n=4) == 5


@pytest.fixture(scope="module")
def ruled():
    """People of 18 to 64 whose odds rise by a rule from 50 on, and with an answer beside it; their true risks."""
    random = np.random.default_rng(20261129)
    age, work = random.integers(18, 65, size=4000), random.integers(2, size=4000)
    prob = 1 / (1 + np.exp(-(LOWER + JUMP * (age >= RULE_BEGINS) + BESIDE * work)))
    case_id = pd.Index([f"c{place:05d}" for place in range(len(age))])
    cases = pd.DataFrame(
        {
            "case_id": case_id,
            "cluster_id": np.arange(len(age)),
            "intake_month": 2020 * 12 + np.arange(len(age)) % 36,
            "outcome": (random.random(len(age)) < prob).astype(int),
            "weight": 1.0,
        }
    )
    return cases, pd.DataFrame({"x": age.astype(float), "work": np.array(["n", "y"])[work]}, index=case_id), prob


def fitted(ruled, *steps):
    """Points by age, and what AUC the points have by the true risks."""
    cases, answers, prob = ruled
    work = Item("work", TEXT, "flag", "predictor", levels=(Level("n", TEXT), Level("y", TEXT)), reference="n")
    items = (number(*steps, minimum=18, maximum=64), work)
    points = fit_model(cases, answers, Instrument("made", "9900", "Made", {}, (), items, {}, ("",)), SETTINGS).points
    return points.of("x").by_value, weighted_auc(prob, sum_of_points(answers, points), np.ones(len(cases)))


def test_points_jump_where_the_rule_begins_and_a_smooth_spline_loses_what_the_step_finds(ruled):
    _, _, prob = ruled
    best = weighted_auc(prob, prob, np.ones(len(prob)))
    (_, smooth), (by_age, stepped) = fitted(ruled), fitted(ruled, RULE_BEGINS)
    jumps = np.diff(by_age)
    assert np.argmax(np.abs(jumps)) == RULE_BEGINS - 18 - 1
    assert jumps.max() > 0.8 * JUMP / np.log(2) * 10
    assert best - stepped < 0.001
    assert best - smooth > 0.01
