"""What the report says of the case-control design: whose answers come from where, and what they are good for."""

import html
import re

import pytest
import reported
from reported import build_report

from riskmodel.report.disclosed import disclosed_two_forms

pytestmark = pytest.mark.slow


def words_of(language="en", profile=None, **forms):
    run = reported.run(summary=reported.summary(**reported.two_forms(**forms)))
    page = build_report(run, languages=(language,), profile=profile)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", page)))


def test_it_says_whose_answers_come_from_where_and_what_the_weights_do():
    assert "Svaren för dem som fick bistånd länge kommer därför från kartläggningen" in words_of("sv")
    said = words_of()
    assert "Weights make the two stand for all new cases with answers from the first conversation" in said
    assert "Of 100 such cases 27 turn out long. Uncertainty: 24–30." in said


def test_the_other_design_says_nothing_of_it():
    assert "Answers from two forms" not in build_report(reported.run(), languages=("en",))
    assert disclosed_two_forms(reported.summary(), profile="public") is None


def test_a_question_that_could_not_be_used_stands_first_with_why():
    said = words_of()
    assert "could not be used: 1." in said
    refused, used = "Earlier months The answers have moved 180 17", "Housing Used 205 1"
    assert refused in said and used in said and said.index(refused) < said.index(used)


def test_an_item_that_was_never_tested_has_no_figures_and_one_nobody_is_asked_no_row():
    nothing = {"use": "predictor", "both_n": None, "net_shift": None, "survey_share": None, "intake_share": None}
    items = [{"item": "housing", "verdict": "not_declared_stable"}, {"item": "earlier", "verdict": "register"}]
    rows = [nothing | item for item in items]
    said = words_of(stability=rows, blanks=rows)
    assert "Housing The answer may have changed in between At least 50 people" in said
    (shown,) = disclosed_two_forms(reported.two_forms(stability=rows, blanks=rows), profile="public")["items"]
    assert shown["item"] == "housing" and not shown["tested"]


def test_blanks_among_few_people_are_not_shown():
    # 12 of 240 is 10 of 240 in the public version; 7 people without an answer are too few to show
    blanks = [row | {"intake_share": 7 / 730} for row in reported.two_forms()["blanks"]]
    shown = disclosed_two_forms(reported.two_forms(blanks=blanks), profile="public")["items"][0]
    assert shown["survey_share"] == 0.04 and shown["intake_share"] is None
    assert "Housing Used 205 1 4 not shown" in words_of(blanks=blanks)


def test_among_too_few_with_both_answers_no_shift_is_shown():
    few = [row | {"both_n": 49, "verdict": "too_few_with_both"} for row in reported.two_forms()["stability"]]
    shown = disclosed_two_forms(reported.two_forms(stability=few), profile="internal")["items"]
    assert [(row["both_n"], row["net_shift"]) for row in shown] == [(49, None), (49, None)]


def test_the_event_rate_of_a_handful_is_not_shown():
    tau = reported.two_forms()["tau"] | {"n": 30, "events_n": 6}
    assert "such cases" not in words_of(tau=tau)


@pytest.mark.parametrize(
    ("measurable", "said"),
    [(True, "The points have been tested on new cases that all have"), (False, "for research only until they have")],
)
def test_it_is_research_until_tested_on_a_hundred_of_each(measurable, said):
    shown = words_of(inflow_check={"measurable": measurable})
    assert said in shown
    assert "at least 100 long and 100 other" in shown and "So the release can't be published" in shown


def test_months_that_the_survey_seldom_reaches_are_named():
    assert "Cases that began in 2024-01 are left out" in words_of()
    assert "are left out, because" not in words_of(left_out_months=[])


def test_cases_without_intake_answers_are_said_to_be_in_only_where_they_are():
    assert "part of the points if they are in the survey" in words_of()
    unlike = words_of(unlinked_events={"used": False})
    assert "are not part of the points" in unlike and "The points say nothing about them" in unlike


def test_it_says_which_year_is_kept_for_the_last_test_or_that_none_is():
    kept = "New cases of 2025 with answers from the first conversation are kept for the last test, at least 100 long"
    assert kept in words_of(exam_year=2025)
    assert "can't be published" not in words_of(exam_year=2025)
    assert "There is no whole year yet with as many new cases" in words_of()
    unmeasured = words_of(exam_year=2025, inflow_check={"n": 150, "events_n": 60, "measurable": False})
    assert kept in unmeasured and "research only until" not in unmeasured
