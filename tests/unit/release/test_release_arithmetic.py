import math

import pytest

from riskmodel.ground.errors import BundleError
from riskmodel.release.points import landmark_of, points_of, risk_of, sum_of_points

LEVELS = {
    "id": "schooling",
    "kind": "level",
    "no_answer": {"points": 4},
    "levels": [
        {"code": "primary", "points": 9, "route": False},
        {"code": "tertiary", "points": 0, "route": False},
        {"code": "pension", "points": 0, "route": True},
    ],
}
NUMBER = {
    "id": "age",
    "kind": "number",
    "no_answer": {"points": 1},
    "numbers": {"minimum": 18, "maximum": 20, "points": [0, 2, 3]},
}
LANDMARK = {"month": 0, "items": [LEVELS, NUMBER], "risk": {"first": 0, "values": [0.1, 0.2, 0.3]}}


def test_the_score_is_the_sum_of_the_points():
    assert sum_of_points(LANDMARK, {"schooling": "primary", "age": 19}) == 9 + 2


@pytest.mark.parametrize("blank", [None, "no_answer", "not_asked", "not_observed", math.nan])
def test_every_kind_of_no_answer_gets_the_points_of_no_answer(blank):
    assert sum_of_points(LANDMARK, {"schooling": blank, "age": blank}) == 4 + 1
    assert sum_of_points(LANDMARK, {}) == 4 + 1


def test_a_whole_number_may_come_as_a_float():
    assert points_of(NUMBER, 20.0) == 3


@pytest.mark.parametrize("answer", ["Primary", "", 1, True, [], {}, math.inf])
def test_an_unknown_level_is_refused_not_guessed(answer):
    with pytest.raises(BundleError, match="schooling: the release does not know the answer"):
        points_of(LEVELS, answer)


@pytest.mark.parametrize("answer", [17, 21, 18.5, "18", True, [18], math.inf, 10**400])
def test_a_number_outside_the_table_is_refused(answer):
    with pytest.raises(BundleError, match="age: the answer is not a whole number from 18 to 20"):
        points_of(NUMBER, answer)


def test_an_answer_with_a_rule_of_its_own_gets_no_points():
    with pytest.raises(BundleError, match="a rule of its own"):
        points_of(LEVELS, "pension")


def test_items_the_release_does_not_have_are_counted_not_named():
    with pytest.raises(BundleError, match="2 item") as caught:
        sum_of_points(LANDMARK, {"secret": 1, "other": 2})
    assert "secret" not in str(caught.value)


def test_risk_is_looked_up_and_never_extrapolated():
    assert risk_of(LANDMARK, 2) == 0.3
    for outside in (-1, 3):
        with pytest.raises(BundleError, match="outside the published table"):
            risk_of(LANDMARK, outside)


def test_a_month_without_a_table_is_named():
    assert landmark_of({"landmarks": [LANDMARK]}) is LANDMARK
    with pytest.raises(BundleError, match="no table for month 5"):
        landmark_of({"landmarks": [LANDMARK]}, 5)
