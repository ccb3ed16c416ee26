"""The one arithmetic, drawn as tables: log-odds to points, points to risk."""

from math import log

import numpy as np
import pandas as pd
import pytest

from riskmodel.ground.errors import FitError
from riskmodel.model.points import make_points, offset_for, points_of_answers, points_prob, risk_by_sum, sum_of_points
from riskmodel.model.record import Design, ItemCoding, ItemPoints, Points
from riskmodel.model.sample import Sample

PER_POINT = log(2) / 10


def level_coding(item="q", codes=("a", "b", "c"), kept=None):
    kept = kept or codes
    levels = list(dict.fromkeys(kept))
    rows = np.vstack([np.eye(len(levels) + 1)[[levels.index(code) for code in kept]], np.eye(len(levels) + 1)[-1:]])
    columns = (*(f"{item}={code}" for code in levels), f"{item}=no_answer")
    return ItemCoding(item, "level", tuple(codes), tuple(kept), None, (), columns, rows)


def number_coding():
    return ItemCoding("x", "number", (), (), 18, (), ("x",), np.array([[-1.0], [0.0], [1.0], [0.0]]))


def window(positions, outcome, weight=None):
    n = len(outcome)
    weight = np.ones(n) if weight is None else np.array(weight, dtype=float)
    places, month, copies = np.arange(n), np.zeros(n, int), np.ones(n, int)
    return Sample(np.array(positions), np.array(outcome, float), weight, places, month, places, copies)


@pytest.mark.parametrize(
    ("in_points", "expected"),
    [
        ([0, 10, -10, 0], [10, 20, 0, 10]),  # relative to the lowest answered level
        ([3, 3, 3, 3], [0, 0, 0, 0]),
        ([0, 4.4, 4.6, 1.5], [0, 4, 5, 2]),  # halves upwards
        ([0, 5, 9, 30], [0, 5, 9, 9]),  # no answer never above the highest answer …
        ([0, 5, 9, -30], [0, 5, 9, 0]),  # … nor below the lowest
    ],
)
def test_points_are_log_odds_over_the_worth_of_a_point(in_points, expected):
    table = points_of_answers(level_coding().rows @ np.array(in_points) * PER_POINT, per_point=PER_POINT)
    assert table.tolist() == expected


def test_a_merged_level_has_the_points_of_the_level_it_went_to():
    coding = level_coding(kept=("a", "b", "b"))
    assert points_of_answers(coding.rows @ np.array([0, 7, 2]) * PER_POINT, per_point=PER_POINT).tolist() == [
        0,
        7,
        7,
        2,
    ]


def test_a_number_is_a_table_of_whole_values():
    points = make_points(
        Design((number_coding(),)),
        np.array([6 * PER_POINT]),
        window([[0], [3]], [0, 1]),
        points_per_doubling=10,
        years_n=2,
    )
    assert points.of("x") == ItemPoints("x", {"no_answer": 6}, 18, (0, 6, 12), mean=(0 + 6) / 2)


def test_the_offset_makes_mean_risk_the_weighted_event_rate():
    design = Design((level_coding(codes=("a", "b")),))
    cases = window([[0], [0], [1]], [0, 1, 1], weight=[2, 1, 1])
    points = make_points(design, np.array([0, 10, 0]) * PER_POINT, cases, points_per_doubling=10, years_n=2)
    risk = points_prob([0, 0, 10], points)
    assert (2 * risk[0] + risk[1] + risk[2]) / 4 == pytest.approx((0 + 1 + 1) / 4, abs=0.0025)  # a quarter of .01
    assert points.offset == -0.18  # exact: 3/(1+e^-a) + 1/(1+2·e^-a/4...) lies between -.17 and -.19
    assert points.of("q").mean == pytest.approx((0 + 0 + 10) / 4)


def test_ten_points_double_the_odds():
    points = Points((), -1.3, PER_POINT)
    low, high = points_prob([7, 17], points)
    assert high / (1 - high) == pytest.approx(2 * low / (1 - low))


def test_five_points_may_double_the_odds_instead():
    design = Design((level_coding(codes=("a", "b")),))
    points = make_points(design, np.array([0, log(4), 0]), window([[0], [1]], [0, 1]), points_per_doubling=5, years_n=2)
    assert points.of("q").by_code == {"a": 0, "b": 10, "no_answer": 0}


def test_the_sum_is_the_items_points_added():
    points = Points(
        (
            ItemPoints("q", {"a": 0, "b": 12, "no_answer": 5}, None, (), 4.0),
            ItemPoints("x", {"no_answer": 3}, 18, (9, 4, 0), 4.0),
        ),
        0.0,
        PER_POINT,
    )
    answers = pd.DataFrame(
        {"q": ["a", "b", "no_answer", "not_asked", "b"], "x": [18.0, 19.0, 20.0, np.nan, 99.0]}, index=list("vwxyz")
    )
    assert sum_of_points(answers, points).tolist() == [0 + 9, 12 + 4, 5 + 0, 5 + 3, 12 + 0]
    first, risks = risk_by_sum(points)
    assert (first, len(risks)) == (0, 12 + 9 + 1)
    assert [points.of(item).spread for item in ("q", "x")] == [12, 9]


def test_an_unknown_answer_is_an_error_that_does_not_repeat_it():
    points = Points((ItemPoints("q", {"a": 0, "b": 12, "no_answer": 5}, None, (), 4.0),), 0.0, PER_POINT)
    with pytest.raises(FitError, match="answers, q: 2 are no level of the item") as refused:
        sum_of_points(pd.DataFrame({"q": ["a", "secret", "other"]}), points)
    assert "secret" not in str(refused.value)


def test_a_window_with_one_outcome_only_is_refused():
    with pytest.raises(FitError, match="3 events among 3 cases"):
        offset_for(np.zeros(3), np.ones(3), np.ones(3))
