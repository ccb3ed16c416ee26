"""What the report says of how firm the result is, of later landmarks, and of the previous release."""

import re

import pytest
import reported
from reported import build_report

pytestmark = pytest.mark.slow


def words_of(run, language):
    html = build_report(run, languages=(language,))
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).replace("\u00a0", " ")


def test_the_corrected_value_stands_beside_what_it_looked_like():
    said = words_of(reported.run(), "en")
    assert "73.8 +0.4 73.4 71.5 to 75.3" in said
    assert "done again 200 times" in said
    assert "Fewer than 500 rounds" in said


def test_five_hundred_rounds_need_no_excuse():
    release = reported.release()
    release["evidence"]["robustness"] = reported.robustness(resamples_n=500)
    assert "Fewer than 500" not in words_of(reported.run(release=release), "en")


def test_what_to_expect_in_a_new_area_is_said():
    assert "one area at a time Pairs in the right order (AUC) 73.0 70.0 to 76.0 66.0 to 79.0" in words_of(
        reported.run(), "en"
    )


def test_the_choice_that_matters_most_is_named_with_its_share():
    said = words_of(reported.run(), "sv")
    assert "Mest ändras flaggorna av valet ”Hur böjlig kurvan för tal får vara (knutar): 3”: 5 av 100" in said
    assert "(knutar) 4" not in said  # the year's own choice changes nothing


def test_a_choice_that_can_not_be_tried_says_so():
    choice = {"choice": "outcome", "value": "national_year", "is_default": False, "status": "not_possible"}
    blank = dict.fromkeys(("auc", "flagged_share", "changed_share"))
    release = reported.release()
    tried = [*reported.robustness()["choices"], choice | blank]
    release["evidence"]["robustness"] = reported.robustness(choices=tried)
    assert "at least 10 months of a calendar year not possible" in words_of(reported.run(release=release), "en")


def test_how_well_the_answers_guess_a_group_and_what_knowing_it_would_add():
    said = words_of(reported.run(), "en")
    assert "Kön" not in said
    assert "Sex: Woman 53 51\u201355" in said
    assert "Sex +0.1" in said and "\u22120.1 to 0.3 1" in said


def test_a_later_table_is_told_with_its_own_figures():
    release = reported.release(landmarks=[reported.landmark(), reported.later_landmark(3)])
    said = words_of(reported.run(release=release), "en")
    assert "After 3 months" in said
    assert "accounts for 8 percent" in said
    assert "from 12 points, a risk of 42 of 100" in said


def test_a_release_for_the_start_alone_says_so():
    assert "gives points only when a case begins" in words_of(reported.run(), "en")


def test_the_verdict_on_the_previous_release_with_its_reasons_and_stamp():
    release = reported.release()
    release["evidence"]["new_year"] = reported.new_year()
    said = words_of(reported.run(release=release, previous=reported.release()), "en")
    assert "Adjust the level. The level changed. Not comparable." in said
    assert "0.900 0.850 to 0.950" in said


def test_a_town_with_one_area_is_told_what_can_not_be_tested():
    release = reported.release()
    held = reported.robustness()["held_out"]
    alone = {**held[0], "estimate": None, "status": "one_group"}
    year = {**held[0], "column": "year"}
    release["evidence"]["robustness"] = reported.robustness(held_out=[alone, year])
    assert "There is one area only" in words_of(reported.run(release=release), "en")
