import math

import pytest
import release_example
from opened import opened

from riskmodel.ground.errors import BundleError
from riskmodel.release.json_record import read_record
from riskmodel.release.landmark import Landmark

TEXT = {"sv": "fråga", "en": "question"}
ABOUT = {
    "part": "phone",
    "life_area": "work",
    "text": TEXT,
    "changeable": False,
    "grounds": [],
    "justification": "",
    "spread": 9,
    "mean_points": 1,
    "no_answer_texts": [],
}


def level(code, points, route=False):
    return {"code": code, "text": TEXT, "aliases": [], "points": points, "error": 0.1, "route": route}


LEVELS = {
    "id": "schooling",
    "kind": "level",
    "no_answer": {"points": 4, "error": 0.1},
    "levels": [level("primary", 9), level("tertiary", 0), level("pension", 0, route=True)],
    **ABOUT,
}
AGES = {"minimum": 18, "maximum": 20, "unit": None, "derive": "age", "scale": 1, "points": [0, 2, 3]}
NUMBER = {
    "id": "age",
    "kind": "number",
    "no_answer": {"points": 1, "error": 0.1},
    "numbers": {**AGES, "errors": [0.1, 0.1, 0.2]},
    **ABOUT,
}
LANDMARK = read_record(
    Landmark,
    {
        "month": 0,
        "items": [LEVELS, NUMBER],
        "offset": 0,
        "per_point": 1,
        "risk": {"first": 0, "values": [0.1, 0.2, 0.3]},
        "thresholds": {"flag": None, "band": None, "threshold_prob": None, "expected": None},
        "rejected_alternative": None,
        "mean_error": 0.1,
        "unusual_variance": 1,
    },
    where="landmark",
    level=3,
)
SCHOOLING, AGE = LANDMARK.items


def test_the_score_is_the_sum_of_the_points():
    assert LANDMARK.sum_of_points({"schooling": "primary", "age": 19}) == 9 + 2


@pytest.mark.parametrize("blank", [None, "no_answer", "not_asked", "not_observed", math.nan])
def test_every_kind_of_no_answer_gets_the_points_of_no_answer(blank):
    assert LANDMARK.sum_of_points({"schooling": blank, "age": blank}) == 4 + 1
    assert LANDMARK.sum_of_points({}) == 4 + 1


def test_a_whole_number_may_come_as_a_float():
    assert AGE.points_of(20.0) == 3


@pytest.mark.parametrize("answer", ["Primary", "", 1, True, [], {}, math.inf])
def test_an_unknown_level_is_refused_not_guessed(answer):
    with pytest.raises(BundleError, match="schooling: the release does not know the answer"):
        SCHOOLING.points_of(answer)


@pytest.mark.parametrize("answer", [17, 21, 18.5, "18", True, [18], math.inf, 10**400])
def test_a_number_outside_the_table_is_refused(answer):
    with pytest.raises(BundleError, match="age: the answer is not a whole number from 18 to 20"):
        AGE.points_of(answer)


def test_an_answer_with_a_rule_of_its_own_gets_no_points():
    with pytest.raises(BundleError, match="a rule of its own"):
        SCHOOLING.points_of("pension")


def test_items_the_release_does_not_have_are_counted_not_named():
    with pytest.raises(BundleError, match="2 item") as caught:
        LANDMARK.sum_of_points({"secret": 1, "other": 2})
    assert "secret" not in str(caught.value)


def test_risk_is_looked_up_and_never_extrapolated():
    assert LANDMARK.risk_of(2) == 0.3
    for outside in (-1, 3):
        with pytest.raises(BundleError, match="outside the published table"):
            LANDMARK.risk_of(outside)


def test_a_month_without_a_table_is_named():
    release = opened(release_example.candidate())
    assert release.landmark() is release.landmarks[0]
    with pytest.raises(BundleError, match="no table for month 5"):
        release.landmark(5)
