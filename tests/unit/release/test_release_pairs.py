"""A pair in a release: it says which two questions it is made of, and what does not agree with them is refused."""

import copy
from dataclasses import replace

import pandas as pd
import pytest
import release_example
from opened import opened

from riskmodel.assess.new_year.flags import points_of
from riskmodel.ground.errors import BundleError, SettingsError
from riskmodel.model.points import points_by_item
from riskmodel.model.prior import of_release
from riskmodel.publish.card import card
from riskmodel.publish.diff import difference_text
from riskmodel.publish.difference import difference
from riskmodel.release.acts import FORMAT
from riskmodel.release.consistency import read_candidate
from riskmodel.release.json_record import read_record
from riskmodel.release.record import Release

PAIR = ("schooling", "housing")


@pytest.fixture
def paired():
    return copy.deepcopy(release_example.candidate(PAIR))


def pair_of(candidate):
    return candidate["landmarks"][0]["items"][0]


def test_the_release_says_what_the_pair_is_made_of_and_every_answer_to_both(paired):
    landmark = opened(paired).landmark()
    pair = landmark.items[0]
    assert (pair.id, pair.kind, [one.id for one in pair.of]) == ("schooling+housing", "pair", list(PAIR))
    assert [one.id for one in landmark.questions] == ["schooling", "housing", "support", "age"]
    assert len(pair.levels) == (3 + 1) * (4 + 1) - 1 and pair.routes == {f"{one}+care" for one in (*SCHOOLING, SILENT)}
    assert all(question.points_range() == (0, 0) for question in pair.of)


SCHOOLING, SILENT = ("primary", "secondary", "tertiary"), "no_answer"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (("primary", "own"), "primary+own"),
        ((None, "own"), "no_answer+own"),
        (("primary", "not_asked"), "primary+no_answer"),
        (("not_observed", None), None),
    ],
)
def test_one_function_finds_its_points_from_two_answers(given, code, paired):
    landmark = opened(paired).landmark()
    pair = landmark.items[0]
    answers = dict(zip(PAIR, given, strict=True))
    assert pair.given(answers) == code
    rest = sum(item.no_answer.points for item in landmark.items[1:])
    assert landmark.sum_of_points(answers) == pair.points_of(code) + rest


def test_the_model_and_the_release_on_many_cases_give_the_same_points(paired):
    year = release_example.year(PAIR)
    answers, pair = year.cohort.answers, opened(paired).landmark().items[0]
    expected = points_by_item(answers, year.model.points)["schooling+housing"]
    assert points_of(pair, answers).tolist() == expected.tolist()
    strange = pd.DataFrame({"schooling": ["primary", "none", None], "housing": ["care", "own", None]})
    assert points_of(pair, strange).isna().tolist() == [True, True, False]
    assert points_of(pair, strange[["schooling"]]).tolist()[0] == pair.points_of("primary+no_answer")


def without_a_level(pair):
    pair["levels"].pop()


def with_another_id(pair):
    pair["id"] = "schooling+support"


def of_three(pair):
    pair["of"].append(pair["of"][0] | {"id": "third"})


def with_points_of_its_own(pair):
    pair["of"][0]["levels"][0]["points"] = 3


def with_another_route(pair):
    pair["of"][1]["levels"][0]["route"] = True


def without_answers(pair):
    for level in pair["of"][0]["levels"]:
        level["route"] = True


def in_a_pair(pair):
    pair["of"][0]["kind"] = "pair"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (without_a_level, "the levels does not agree with the answers to its questions"),
        (with_another_route, "the levels does not agree with the answers to its questions"),
        (with_another_id, "the pair does not agree with its two questions"),
        (of_three, "the pair does not agree with its two questions"),
        (with_points_of_its_own, "a question does not agree with being one of a pair"),
        (without_answers, "a question does not agree with being one of a pair"),
        (in_a_pair, "a question does not agree with being one of a pair"),
    ],
)
def test_a_pair_that_is_not_what_its_questions_are_is_refused(wrong, said, paired):
    wrong(pair_of(paired))
    with pytest.raises(BundleError, match=said):
        read_candidate(paired)


def test_a_question_asked_twice_is_refused(paired):
    paired["landmarks"][0]["items"].append(pair_of(paired)["of"][0])
    with pytest.raises(BundleError, match="one entry does not agree with another of the same name"):
        read_candidate(paired)


def test_early_formats_have_no_pairs(paired):
    release = read_record(Release, paired, where="release.json", level=FORMAT)
    with pytest.raises(BundleError, match="a pair does not agree with format 2, which has none"):
        from riskmodel.release.consistency import check_tables

        check_tables(replace(release, format=2))


def test_another_spelling_of_one_of_its_answers_is_another_equation(paired):
    before = opened(paired).identity.equation
    pair_of(paired)["of"][1]["levels"][0]["aliases"] = ["Eget kontrakt"]
    assert opened(paired).identity.equation != before


def test_card_and_difference_tell_both_questions(paired):
    release, apart = opened(paired), opened(release_example.candidate())
    assert "| schooling? Och: housing? | primary (sv) · inget svar |" in card(release)
    told = difference_text(difference(apart, release), [], language="sv")
    assert "schooling+housing: schooling? Och: housing?" in told and "primary (sv) · own (sv): " in told


def test_a_release_with_a_pair_is_not_lent(paired):
    published = {"id": "2027.1"}
    release = replace(opened(paired), publication=type("Published", (), published)())
    with pytest.raises(SettingsError, match=r"2027\.1: 1 of its items are pairs of questions, which can't be borrowed"):
        of_release(release, 0, sha256="0" * 64)
