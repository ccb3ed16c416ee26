"""What of the survey's profile is shown: shares from counts that may be, ratios that rest on no handful."""

import re
from io import BytesIO

import pandas as pd
import reported
from reported import build_report

from riskmodel.assess.survey_profile import COUNT_COLUMNS, ITEM_COLUMNS, RATIO_COLUMNS, SurveyProfile
from riskmodel.report.calibration_report import counts_of, shown_of, survey_table
from riskmodel.report.shown import disclosed_survey, nothing_shown


def profile_of(*, year=(120, 80, 20), both=(300, 200, 50), new=(500, 500, 100), both_n=60):
    """One question with two answers and no answer; a survey year, all surveys, and the new cases."""
    places = {"2022": (130, 90, 20), "2023": year, "all": both, "inflow": new}
    answers = ("own", "none", "no_answer")
    counts = [("housing", answer, place, n) for place, row in places.items() for answer, n in zip(answers, row)]  # noqa: B905
    ratios = [("housing", "own", 1.2345, 1.1, 1.4, 300, 500), ("housing", "none", 0.8, 0.7, 0.9, 200, 500)]
    return SurveyProfile(
        pd.DataFrame(counts, columns=list(COUNT_COLUMNS)),
        pd.DataFrame(ratios, columns=list(RATIO_COLUMNS)),
        pd.DataFrame([("housing", "2022", both_n, 0.0612)], columns=list(ITEM_COLUMNS)),
    )


def shares(found):
    return {(row.answer, row.place): row.share for row in found.shares.itertuples()}


def test_shares_are_of_those_who_answered_and_missing_answers_of_everybody():
    found = disclosed_survey(profile_of(), profile="public")
    told = shares(found)
    assert told["own", "2023"] == 0.60 and told["none", "inflow"] == 0.50
    assert told["no_answer", "2023"] == 0.09  # 20 of 220
    assert {place for _, place in told} == {"2022", "2023", "inflow"}
    assert found.ratios["ratio"].tolist() == [1.23, 0.80]
    assert found.items["net_shift"].tolist() == [0.06]


def test_where_a_year_would_hide_somebody_all_surveys_stand_together():
    told = shares(disclosed_survey(profile_of(year=(120, 5, 20)), profile="public"))
    assert {place for _, place in told} == {"all", "inflow"}
    assert told["own", "all"] == 0.60


def test_a_ratio_whose_share_is_hidden_is_hidden_too():
    found = disclosed_survey(profile_of(year=(120, 5, 20), both=(300, 6, 50)), profile="public")
    assert "none" not in set(found.ratios["answer"])


def test_a_ratio_on_fewer_than_a_hundred_and_a_shift_on_fewer_than_fifty_are_no_numbers():
    few = profile_of(both_n=49)
    few.ratios.loc[0, "inflow_n"] = 99
    found = disclosed_survey(few, profile="public")
    assert found.ratios["ratio"].isna().tolist() == [True, False]
    assert found.items["net_shift"].isna().all()


def test_counts_are_rounded_as_the_profile_says_and_told_to_later_reports():
    found = disclosed_survey(profile_of(year=(123, 82, 21)), profile="public")
    rows = found.shares.set_index(["answer", "place"])["n"]
    assert rows["own", "2023"] % 5 == 0
    told = counts_of(shown_of(reported.run(survey=profile_of())))["tables"]["survey"]
    assert told["housing own 2023"] == [120, None]


def test_beside_an_earlier_report_that_a_handful_lies_between_the_profile_is_hidden():
    before = counts_of(shown_of(reported.run(survey=profile_of()), profile="internal"))
    same, now = (
        shown_of(reported.run(survey=profile_of(year=year), earlier=(before,)), profile="internal")
        for year in ((120, 80, 20), (123, 80, 20))
    )
    assert same.survey.shares["n"].notna().all()
    assert now.survey.shares.empty and now.survey.ratios.empty


def test_the_csv_holds_what_the_report_shows():
    run = reported.run(survey=profile_of())
    table = pd.read_csv(BytesIO(survey_table(shown_of(run))))
    assert list(table.columns) == [
        *("item", "answer", "place", "share", "ratio", "low", "high", "other_heading", "net_shift")
    ]
    assert len(table) == 9
    assert "n" not in table and survey_table(shown_of(run)).count(b"\n") == 10
    assert nothing_shown(shown_of(run).survey).shares.empty


def test_the_strongest_answer_of_each_question_is_told_with_who_asks_and_what_differs():
    html = build_report(reported.run(), languages=("en",))
    said = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).replace("\u00a0", " ")
    mark = "Another heading in the surveys of 2022 than at intake. Of those who answered both, 6 of 100 net have moved"
    assert f"Housing No home 60 25 2.40 (2.20 to 2.62) Caseworker yes {mark}" in said
    assert "Own home 40 40 75 0.53 (0.50 to 0.56)" in said
