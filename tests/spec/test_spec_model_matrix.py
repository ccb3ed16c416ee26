"""What the matrix is, drawn as tables: rows of column values for every answer that can be given."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from riskmodel.ground.settings import read_settings
from riskmodel.instrument.records import Item, Level, Text
from riskmodel.model.levels import Tally, code_levels, merge_levels
from riskmodel.model.matrix import code_number, short
from riskmodel.model.spline import choose_knots, spline_basis, weighted_quantile

MODEL = read_settings(Path(__file__).parents[2] / "params.toml").model
TEXT = Text("fråga", "question")


def item(kind="level", codes="abc", reference="a", merge_into=None, route=()):
    levels = tuple(Level(code, TEXT, merge_into=(merge_into or {}).get(code), route=code in route) for code in codes)
    return Item("q", TEXT, kind, "predictor", levels=levels, reference=reference)


def number(minimum, maximum):
    return Item("x", TEXT, "number", "predictor", minimum=minimum, maximum=maximum)


def counted(people, events, weight=None):
    """Counts per answer, no answer last."""
    return Tally(np.array(people), np.array(events), np.array(weight or people, dtype=float))


def test_a_level_item_has_a_column_for_every_level_and_one_for_no_answer():
    coding, merges = code_levels(item(), counted([40, 40, 40, 40], [10, 10, 10, 10]), MODEL)
    assert coding.columns == ("q=a", "q=b", "q=c", "q=no_answer")
    assert coding.rows.tolist() == [
        [1, 0, 0, 0],  # a
        [0, 1, 0, 0],  # b
        [0, 0, 1, 0],  # c
        [0, 0, 0, 1],  # no answer
    ]
    assert merges == ()


def test_an_ordinal_item_has_steps_centred_at_those_who_answered():
    coding, _ = code_levels(item("ordinal"), counted([40, 20, 40, 50], [10, 10, 10, 20]), MODEL)
    b, c = (20 + 40) / 100, 40 / 100  # share at b or later, share at c or later
    assert coding.columns == ("q>=b", "q>=c", "q=no_answer")
    assert coding.rows.tolist() == [
        [0 - b, 0 - c, 0],  # a
        [1 - b, 0 - c, 0],  # b
        [1 - b, 1 - c, 0],  # c
        [0, 0, 1],  # no answer: the mean, and a coefficient of its own
    ]


def test_too_few_without_answer_stand_at_the_mean():
    coding, merges = code_levels(item("ordinal", "ab"), counted([50, 50, 19], [20, 20, 9]), MODEL)
    assert coding.columns == ("q>=b",)
    assert coding.rows.tolist() == [[-0.5], [0.5], [0]]
    assert [(merge.level, merge.into, merge.reason) for merge in merges] == [("no_answer", "mean", "people")]
    assert not coding.has_no_answer


@pytest.mark.parametrize("kind", ["level", "ordinal"])
def test_blanks_set_to_the_mean_have_no_column_however_many_and_are_no_merge(kind):
    at_mean = replace(MODEL, blanks="mean")
    coding, merges = code_levels(item(kind, "ab"), counted([50, 50, 400], [20, 20, 90]), at_mean)
    assert coding.rows[-1].tolist() == [0] * len(coding.columns)
    assert not coding.has_no_answer
    assert merges == ()
    in_number, merges = code_number(number(0, 1), counted([60, 40, 50], [20, 20, 20]), at_mean)
    assert in_number.columns == ("x",)
    assert in_number.rows[-1].tolist() == [0]
    assert merges == ()


def test_knots_set_by_hand_replace_the_quantiles():
    values = number(0, 100)
    counts = counted([10] * 101 + [0], [5] * 101 + [0])
    coding, _ = code_number(values, counts, MODEL, by_hand=(10, 40, 80))
    basis = spline_basis(np.arange(101.0), (10, 40, 80))
    assert coding.knots == (10, 40, 80)
    assert coding.rows[:-1] == pytest.approx((basis - short(basis.mean(axis=0))) / short(basis.std(axis=0)))


def test_knots_beyond_everybody_leave_a_line():
    counts = counted([10] * 31 + [0] * 70 + [0], [5] * 31 + [0] * 71)  # nobody above 30
    coding, _ = code_number(number(0, 100), counts, MODEL, by_hand=(40, 60, 80))
    assert np.isfinite(coding.rows).all()
    assert coding.rows[:31, 1].tolist() == [0] * 31


@pytest.mark.parametrize(
    ("people", "events", "reason"),
    [
        (19, 9, "people"),  # 19 < 20
        (20, 7, "events"),  # 7 < 8
        (20, 13, "non_events"),  # 20 - 13 = 7 < 8
        (20, 12, None),  # 12 events and 8 others are enough
    ],
)
def test_a_level_needs_20_people_8_events_and_8_non_events(people, events, reason):
    kept, merges = merge_levels(item(), counted([90, 90, people, 0], [30, 30, events, 0]), MODEL)
    assert kept == (("a", "b", "c") if reason is None else ("a", "b", "a"))
    assert [merge.reason for merge in merges] == ([] if reason is None else [reason])


# rare levels have 9 people with 3 events, the others 90 with 30
@pytest.mark.parametrize(
    ("question", "rare", "kept"),
    [
        (item(), "c", "aba"),  # into the reference
        (item(merge_into={"c": "b"}), "c", "abb"),  # where the instrument says
        (item(reference="b"), "b", "aac"),  # a rare reference: into the fullest other, the first of equals
        (item("ordinal", "abcd"), "d", "abcc"),  # towards the reference
        (item("ordinal", "abcd", "d"), "a", "bbcd"),
        (item("ordinal", "abcd", merge_into={"b": "c"}), "b", "accd"),
        (item("ordinal", "abcd", "a"), "a", "bbcd"),  # a rare reference has one neighbour here
        (item("ordinal", "abcd", merge_into={"c": "d"}), "cd", "abbb"),  # 9 + 9 = 18 are still too few
        (item(merge_into={"b": "c", "c": "b"}), "bc", "aaa"),  # a circle ends at the reference
    ],
)
def test_a_rare_level_goes_where_the_instrument_says(question, rare, kept):
    people = [9 if code in rare else 90 for code in question.codes]
    events = [3 if code in rare else 30 for code in question.codes]
    assert "".join(merge_levels(question, counted([*people, 0], [*events, 0]), MODEL)[0]) == kept


def test_a_merged_level_has_the_row_of_the_level_it_went_to():
    coding, merges = code_levels(item(), counted([90, 90, 5, 0], [30, 30, 2, 0]), MODEL)
    assert coding.rows.tolist() == [[1, 0], [0, 1], [1, 0], [0, 0]]  # c as a; no answer, never given, at the centre
    assert [(merge.level, merge.into) for merge in merges] == [("c", "a")]


def test_a_route_level_is_empty_by_rule_and_not_listed():
    coding, merges = code_levels(item(route="c"), counted([90, 90, 0, 0], [30, 30, 0, 0]), MODEL)
    assert coding.kept == ("a", "b", "a")
    assert merges == ()


@pytest.mark.parametrize(
    ("people", "events"),
    [
        ([0, 0, 0, 500], [0, 0, 0, 200]),  # nobody answered
        ([500, 0, 0, 0], [200, 0, 0, 0]),  # everybody answered the same
        ([9, 9, 0, 500], [3, 3, 0, 200]),  # those who answered are too few
    ],
)
@pytest.mark.parametrize("kind", ["level", "ordinal"])
def test_an_item_that_tells_nobody_apart_has_no_columns(kind, people, events):
    coding, _ = code_levels(item(kind), counted(people, events), MODEL)
    assert coding.columns == ()
    assert coding.rows.shape == (4, 0)


def test_answered_against_not_is_told_apart_when_only_one_level_is_left():
    coding, _ = code_levels(item("level", "ab"), counted([90, 0, 90], [30, 0, 60]), MODEL)
    assert coding.columns == ("q=a", "q=no_answer")


def test_the_spline_is_harrells_formula():
    t1, t2, t3 = 1, 2, 4
    basis = spline_basis(np.array([0.0, 1.5, 3.0, 5.0]), (t1, t2, t3))
    scale = (t3 - t1) ** 2
    assert basis[:, 0].tolist() == [0, 1.5, 3, 5]
    assert basis[:, 1] == pytest.approx(
        [
            0,
            (1.5 - t1) ** 3 / scale,
            ((3 - t1) ** 3 - (3 - t2) ** 3 * (t3 - t1) / (t3 - t2)) / scale,
            ((5 - t1) ** 3 - (5 - t2) ** 3 * (t3 - t1) / (t3 - t2) + (5 - t3) ** 3 * (t2 - t1) / (t3 - t2)) / scale,
        ],
        abs=1e-12,
    )


def test_the_spline_is_a_line_beyond_the_outer_knots():
    knots = (5.0, 20.0, 30.0, 60.0)
    beyond = spline_basis(np.array([60.0, 61, 62, 63, 64]), knots)
    assert np.diff(beyond, n=2, axis=0) == pytest.approx(0, abs=1e-9)
    assert spline_basis(np.array([0.0, 2, 5]), knots)[:, 1:] == pytest.approx(0)


def test_knots_stand_at_harrells_quantiles():
    values, weight = np.arange(1.0, 101.0), np.ones(100)
    assert choose_knots(values, weight, knots_n=3) == (10, 50, 90)
    assert choose_knots(values, weight, knots_n=4) == (5, 35, 65, 95)
    assert choose_knots(values, weight, knots_n=5) == (5, 28, 50, 73, 95)  # .275 of 100 is reached at 28
    assert choose_knots(values, weight, knots_n=7) == (3, 19, 35, 50, 66, 82, 98)


def test_a_crowd_at_the_lowest_value_takes_the_first_knot():
    values = np.append(np.zeros(60), np.arange(1.0, 41.0))  # .05 and .35 of all would both be 0
    assert choose_knots(values, np.ones(100), knots_n=4) == (0, 4, 20, 36)  # .10, .50, .90 of the 40


def test_with_few_values_there_are_fewer_knots_and_then_a_line():
    ones = np.ones(90)
    assert choose_knots(np.repeat([0.0, 1.0, 2.0], 30), ones, knots_n=4) == (0, 1, 2)
    assert choose_knots(np.repeat([0.0, 1.0], 45), ones, knots_n=4) == ()
    assert spline_basis(np.array([3.0, 4.0]), ()).tolist() == [[3], [4]]


def test_a_quantile_is_the_first_value_that_reaches_the_share():
    values, weight = np.array([30.0, 10.0, 20.0]), np.array([1.0, 1.0, 2.0])
    # ordered: 10 reaches 1/4, 20 reaches 3/4, 30 reaches 4/4
    assert weighted_quantile(values, weight, at=(0.25, 0.26, 0.75, 0.76)).tolist() == [10, 20, 20, 30]


def test_a_share_met_exactly_is_met_whatever_the_rounding():
    tenths = np.full(20, 0.1)  # .1 added up twenty times is not exactly 2, nor are its parts exact
    shares = np.arange(1, 21) / 20
    assert weighted_quantile(np.arange(1.0, 21.0), tenths, at=tuple(shares)).tolist() == list(range(1, 21))


def test_a_number_is_centred_and_divided_by_the_sd_of_those_who_answered():
    coding, _ = code_number(number(0, 1), counted([60, 40, 0], [20, 20, 0]), MODEL)
    mean, sd = 40 / 100, 0.49  # √(.4 · .6) = .4899: two digits, so that nobody moves it
    assert coding.columns == ("x",)
    assert coding.rows.tolist() == [pytest.approx([(0 - mean) / sd]), pytest.approx([(1 - mean) / sd]), [0]]


def test_a_number_without_answer_is_its_mean_and_a_column_of_its_own():
    coding, _ = code_number(number(0, 1), counted([60, 40, 50], [20, 20, 20]), MODEL)
    assert coding.columns == ("x", "x=no_answer")
    assert coding.rows[-1].tolist() == [0, 1]
    assert coding.rows[:-1, 1].tolist() == [0, 0]


def test_numbers_have_mean_0_and_sd_1_where_they_were_learnt_and_as_many_columns_as_knots_less_one():
    people = np.append(np.arange(1, 48), 0)  # whole values 18 … 64, older ones more often
    coding, _ = code_number(number(18, 64), counted(people, people // 3), MODEL)
    weight = people[:-1] / people.sum()
    assert coding.columns == ("x", "x'", "x''")
    assert len(coding.knots) == 4
    assert weight @ coding.rows[:-1] == pytest.approx(0, abs=0.05)  # two digits of 48.7, 9.5 and 1.6
    assert weight @ coding.rows[:-1] ** 2 == pytest.approx(1, abs=0.08)


@pytest.mark.parametrize("people", [[0, 0, 500], [500, 0, 0]])
def test_a_number_that_tells_nobody_apart_has_no_columns(people):
    coding, _ = code_number(number(0, 1), counted(people, [count // 3 for count in people]), MODEL)
    assert coding.columns == ()


def test_the_limits_come_from_the_settings():
    lenient = replace(MODEL, level_min_people=2, level_min_events=1, level_min_non_events=1)
    kept, _ = merge_levels(item(), counted([90, 90, 2, 0], [30, 30, 1, 0]), lenient)
    assert kept == ("a", "b", "c")
