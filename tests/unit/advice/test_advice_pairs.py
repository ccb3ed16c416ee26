"""Advice where two questions are weighed together: worded as one, asked one by one, blanks half or whole."""

import copy
from dataclasses import replace

import pytest
import release_example
from opened import opened

from riskmodel.advice import advice_json, advice_text, advise
from riskmodel.advice.abstain import UNANSWERED
from riskmodel.ground.errors import SurveyDataError

PAIR = ("schooling", "housing")
REST = {"support": "no", "age": 40}


@pytest.fixture
def release():
    """The pair's points: 0 to 30 by schooling and 0 to 20 by housing, no answer 10 and 5; the limit lies at 40."""
    made = copy.deepcopy(release_example.candidate(PAIR))
    landmark = made["landmarks"][0]
    worth = {"primary": 30, "secondary": 15, "tertiary": 0, "own": 0, "rented": 10, "none": 20, "care": 0}
    for level in landmark["items"][0]["levels"]:
        one, other = level["code"].split("+")
        level["points"] = worth.get(one, 10) + worth.get(other, 5)
    landmark["items"][0] |= {"no_answer": {"points": 15, "error": 0}, "spread": 50, "mean_points": 24.0}
    landmark["items"][1:] = [item | {"spread": 1} for item in landmark["items"][1:]]
    for level in landmark["items"][1]["levels"]:
        level["points"] = 0
    landmark["items"][2]["numbers"]["points"] = [0 for _ in landmark["items"][2]["numbers"]["points"]]
    landmark["thresholds"] |= {"flag": 40, "band": None}
    landmark["unusual_variance"] = 1e9
    made["abstention"]["max_unanswered_share"] = 0.25
    return opened(made | {"research_only": False})


def advised(release, **answers):
    return advise(release, {**REST, **answers}, today=release_example.TODAY)


@pytest.mark.parametrize(
    ("given", "points", "said"),
    [
        ({"schooling": "primary", "housing": "none"}, 50, "primary (sv) · none (sv)"),
        ({"schooling": "secondary", "housing": None}, 20, "secondary (sv) · inget svar"),
        ({"housing": "own"}, 10, "inget svar · own (sv)"),
    ],
)
def test_both_answers_stand_on_one_line_of_the_sum(given, points, said, release):
    advice = advised(release, **given)
    assert advice.score.points == points
    assert f"- schooling? Och: housing? {said}: {points} poäng" in advice_text(advice, is_long=True)
    (line, *_) = advice_json(advice)["score"]["contributions"]
    assert (line["item"], line["points"]) == ("schooling+housing", points)


@pytest.mark.parametrize(
    ("given", "asks"),
    [
        ({"schooling": "primary"}, "housing"),  # 30 to 50: on both sides of 40
        ({"housing": "none"}, "schooling"),  # 20 to 50
        ({"schooling": "tertiary"}, None),  # 0 to 20: nothing could change
        ({"schooling": "primary", "housing": "none"}, None),
        ({}, "schooling"),  # 5 to 35 with housing unknown: none reaches 40, so it is asked for its spread alone
    ],
)
def test_the_question_without_an_answer_is_asked_and_not_the_pair(given, asks, release):
    found = advised(release, **given).next_question
    assert (found and found.item) == asks


def test_half_a_pair_is_too_little_where_the_other_half_could_turn_the_answer(release):
    advice = advised(release, schooling="primary")
    assert advice.abstention.reason == UNANSWERED
    assert [text.sv for text in advice.abstention.items] == ["housing?"]
    assert advised(release, schooling="tertiary").abstention is None
    both = advised(release)
    assert [text.sv for text in both.abstention.items] == ["schooling?", "housing?"]


def test_only_what_can_change_counts_as_changeable(release):
    """Housing can change, schooling can't: with a home of one's own the rest of the pair's points stay."""
    assert [entry.item for entry in advised(release, schooling="primary", housing="own").score.changeable] == []
    assert [entry.item for entry in advised(release, schooling="tertiary", housing="rented").score.changeable] == [
        "schooling+housing"
    ]


def test_a_pair_is_no_question_and_a_rule_of_one_answer_is_a_rule_of_the_pair(release):
    with pytest.raises(SurveyDataError, match="It asks for: schooling, housing, support, age"):
        advise(release, {"schooling+housing": "primary+own"}, today=release_example.TODAY)
    advice = advised(release, schooling="primary", housing="care")
    assert advice.score is None and [text.sv for text in advice.abstention.items] == ["housing? care (sv)"]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, (0, 0, 50)),  # tertiary and own, primary and none
        ({"schooling": "primary"}, (35, 30, 50)),  # 30, and 5 of the missing half, which gives 0 to 20
        ({"schooling": "primary", "housing": "none"}, (50, 50, 50)),
    ],
)
def test_points_so_far_and_their_range_know_the_half_that_is_missing(given, expected, release):
    found = advised(release, **given).so_far
    assert (found.points, found.lowest, found.highest) == expected


def test_a_half_of_a_pair_can_contradict_and_be_the_own_rating(release):
    clashing = {"schooling": "tertiary", "housing": "own", "age": 18}
    assert [one.text.en for one in advised(release, **clashing).contradictions] == [
        "is 18 years old, but went to university"
    ]
    assert advised(release, **clashing | {"age": 19}).contradictions == ()
    rated = advised(replace(release, own_rating="housing"), **clashing).own_rating
    assert (rated.item, rated.answer.en) == ("housing", "own (en)")
