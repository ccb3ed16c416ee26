"""What the report says of how many questions the form needs."""

import re

import pytest
import reported
from reported import build_report

pytestmark = pytest.mark.slow


def words_of(run, language):
    html = build_report(run, languages=(language,))
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).replace("\u00a0", " ")


def released(items):
    return reported.release(landmarks=[reported.landmark() | {"items": items}])


def test_every_number_of_questions_stands_with_what_it_is_worth_and_what_went():
    said = words_of(reported.run(), "en")
    assert "2 73.8 (72.8 to 74.8) 0.0 (\u22121.0 to 1.0) 6.0 (5.0 to 7.0) 1.2 2 of 3 times" in said
    assert re.search(r"1 Earlier months[^0-9]* 70\.0 \(69\.0 to 71\.0\) 3\.8", said)
    assert "With 1 questions instead of 2, 3.8 fewer pairs of 100" in build_report(reported.run(), languages=("en",))
    assert "Frågor Fråga som tagits bort Ställs av" in words_of(reported.run(), "sv")


def test_without_enough_cases_the_report_says_so_and_draws_nothing():
    release = reported.release()
    release["evidence"]["robustness"] = reported.robustness(forms=[])
    html = build_report(reported.run(release=release), languages=("en",))
    assert "There are too few cases to say what a shorter form is worth." in html
    assert "en-forms-table" not in html


def test_a_release_from_before_there_were_forms_is_still_reported():
    release = reported.release()
    old = {name: rows for name, rows in reported.robustness().items() if name != "forms"}
    release["evidence"]["robustness"] = old
    assert "too few cases to say what a shorter form is worth" in words_of(reported.run(release=release), "en")


def test_how_many_questions_give_points_and_which_are_asked_for_their_rule_alone():
    assert "rest on the answers to 2 questions" in words_of(reported.run(), "en")
    housing, *others = reported.ITEMS
    levels = [level | {"points": 0} for level in housing["levels"]]
    silent = housing | {"levels": levels, "spread": 0, "no_answer": {"points": 0, "error": 0.1}}
    said = words_of(reported.run(release=released([silent, *others])), "en")
    assert "rest on the answers to 1 questions" in said
    assert "no points are to be counted: How do you live?" in said
    assert "no points are to be counted" not in words_of(reported.run(), "en")


def test_how_often_each_question_was_chosen_again_is_told_where_any_was_left_out():
    said = words_of(reported.run(), "en")
    assert "The choice was made again 200 times" in said
    assert "Housing yes 100 Earlier months yes 64" in said
    release = reported.release()
    always = [{"item": "housing", "share": 1.0}, {"item": "earlier", "share": 1.0}]
    release["evidence"]["robustness"] = reported.robustness(asked=always)
    assert "The choice was made again" not in words_of(reported.run(release=release), "en")
