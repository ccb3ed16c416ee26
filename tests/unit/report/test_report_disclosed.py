import pandas as pd
import pytest
from reported import flow

from riskmodel.report.disclosed import (
    banded,
    disclosed_flow,
    disclosed_followup,
    disclosed_groups,
    disclosed_outcomes,
    disclosed_quality,
    disclosed_reconciliation,
)


def by_step(frame):
    return frame.set_index("step")


def test_a_flow_without_small_counts_is_rounded_and_its_sums_agree():
    shown = by_step(disclosed_flow(flow(), profile="public"))
    assert shown["n"].to_dict() | {"rows": 90000} == {
        "rows": 90000,
        "starts": 100 + 40 + 60 + 20 + 780,
        "before_answers": 100,
        "new_cases": 40 + 60 + 20 + 780,
        "joined": 40,
        "unlinked": 60,
        "fitted": 20 + 780,
        "unknown": 20,
        "modelled": 780,
        "events": 250,
    }
    assert shown.loc[["new_cases", "joined", "unlinked", "fitted", "modelled"], "events_n"].tolist() == [
        300,
        15,
        35,
        250,
        250,
    ]


def test_a_count_is_the_sum_of_its_rounded_outcomes_as_in_the_other_tables():
    # 252 and 527 of 779 are shown as 250 and 525; rounded by itself 779 would be 780
    steps = flow(modelled=779).assign(events_n=lambda rows: rows["events_n"].replace(250, 252))
    shown = by_step(disclosed_flow(steps, profile="public"))
    definition = {"name": "", "text": {}, "complete_n": 800, "known_n": 779, "events_n": 252}
    (outcome,) = disclosed_outcomes([definition], profile="public")
    assert shown.loc["modelled", "n"] == outcome["known_n"] == 775


def test_a_step_that_left_nobody_out_is_not_listed():
    assert "absent" not in set(disclosed_flow(flow(), profile="public")["step"])


def test_a_small_step_is_hidden_together_with_every_sum_it_could_be_worked_out_from():
    shown = by_step(disclosed_flow(flow(unlinked=63, unknown=3), profile="public"))["n"]
    assert shown[["unknown", "fitted", "new_cases", "starts"]].isna().all()
    assert shown["joined":"modelled"].isna().sum() >= 3  # the small step, one beside it, and their sum


def test_steps_whose_outcome_is_not_known_have_no_events():
    shown = by_step(disclosed_flow(flow(), profile="internal"))
    assert not shown.loc[["rows", "starts", "before_answers", "unknown", "events"], "has_events"].any()


def test_groups_show_the_rate_of_those_whose_outcome_is_known():
    groups = [
        {"exit": "work", "n": 400, "known_n": 400, "events_n": 40},
        {"exit": "none", "n": 310, "known_n": 300, "events_n": 200},
        {"exit": "moved", "n": 9, "known_n": 0, "events_n": 0},
    ]
    assert disclosed_groups(groups, name="exit", profile="public") == [
        {"exit": "work", "n": 400, "share": 40 / 400},
        {"exit": "none", "n": 300, "share": round(200 / 300, 2)},
    ]


def test_a_group_with_few_events_shows_no_rate():
    groups = [
        {"exit": "work", "n": 400, "known_n": 400, "events_n": 3},
        {"exit": "other", "n": 300, "known_n": 300, "events_n": 90},
    ]
    assert disclosed_groups(groups, name="exit", profile="public")[0]["share"] is None


def test_each_definition_of_the_outcome_has_its_own_rate():
    definition = {"name": "national_year", "text": {}, "complete_n": 800, "known_n": 781, "events_n": 252}
    (shown,) = disclosed_outcomes([definition], profile="public")
    assert (shown["known_n"], shown["events_n"], shown["share"]) == (780, 250, round(250 / 780, 2))


def test_a_share_with_unknown_outcomes_stands_beside_the_range_they_allow():
    definition = {"name": "labelled", "text": {}, "complete_n": 1000, "known_n": 800, "events_n": 250}
    (shown,) = disclosed_outcomes([{**definition, "unknown_n": 200}], profile="public")
    assert shown["span"] == (0.25, 0.45)  # 250 of 1,000 to 450 of 1,000
    (few,) = disclosed_outcomes([{**definition, "unknown_n": 3}], profile="public")
    assert few["span"] is None


@pytest.mark.parametrize(("events_n", "known_n", "is_shown"), [
    (1000, 5000, True),  # nobody lies between
    (1003, 5000, False),  # three people with exactly ten months
    (1004, 5001, False),
    (1005, 5000, True),
    (1020, 5003, False),  # three whose outcome one definition does not know
])  # fmt: skip
def test_two_definitions_do_not_tell_of_the_handful_between_them(events_n, known_n, is_shown):
    first = {"name": "more_than_10", "known_n": 5000, "events_n": 1000}
    second = {"name": "at_least_10", "known_n": known_n, "events_n": events_n}
    one, other = disclosed_outcomes([first, second], profile="internal")
    assert (one["events_n"], one["share"]) == (1000, 0.2)
    assert pd.isna([other["events_n"], other["known_n"]]).tolist() == [not is_shown] * 2
    assert (other["share"] is None) is not is_shown


@pytest.mark.parametrize(("more_n", "is_shown"), [(0, True), (1, False), (7, False), (8, True)])
def test_rounded_definitions_do_not_add_up_to_a_handful_between_them(more_n, is_shown):
    # of the same people: rounded events and rounded others, each with its limits, could tell more than either
    definitions = [
        {"name": "more_than_10", "known_n": 704, "events_n": 549},
        {"name": "at_least_10", "known_n": 704, "events_n": 549 + more_n},
    ]
    other = disclosed_outcomes(definitions, profile="public")[1]
    assert bool(pd.notna(other["events_n"])) is is_shown


def survey(year, **changed):
    usual = {"over_ten_n": 400, "ten_n": 6, "fewer_n": 30, "none_n": 1, "over_ten_not_in_survey_n": 50}
    return {"survey_year": year, **usual, **changed}


def test_the_survey_is_reconciled_with_the_register_year_by_year():
    shown = disclosed_reconciliation(pd.DataFrame([survey(2022), survey(2023, fewer_n=13)]), profile="public")
    assert shown["years"].tolist() == ["2022", "2023"]
    assert shown["at_most_ten_n"].tolist() == [35, 20]  # 6 + 30 + 1 = 37, 6 + 13 + 1 = 20, to the nearest 5


def test_without_a_survey_there_is_nothing_to_reconcile():
    assert disclosed_reconciliation(pd.DataFrame(), profile="public").empty


def test_years_with_something_to_hide_are_put_together():
    shown = disclosed_reconciliation(pd.DataFrame([survey(2022), survey(2023, fewer_n=0, ten_n=2)]), profile="public")
    assert shown["years"].tolist() == ["2022–2023"]
    assert shown.iloc[0, 1:].tolist() == [800, 40, 100]  # 37 + 3 = 40


def test_a_part_that_never_holds_anybody_has_no_column():
    shown = disclosed_reconciliation(pd.DataFrame([survey(2022, over_ten_not_in_survey_n=0)]), profile="public")
    assert list(shown.columns) == ["years", "over_ten_n", "at_most_ten_n"]


def test_the_first_month_is_left_out_since_everybody_has_assistance_in_it():
    months = [{"month": month, "observed_n": 800, "receipts_n": 800 - 200 * month} for month in range(3)]
    assert disclosed_followup(months, profile="public") == [{"month": 1, "share": 0.75}, {"month": 2, "share": 0.5}]


def test_few_faulty_rows_are_not_counted_out():
    findings = pd.DataFrame({"file": ["a", "b"], "column": "", "reason": "blank", "action": "noted", "n": [12, 3]})
    assert disclosed_quality(findings, profile="public")["n"].isna().tolist() == [False, True]
    assert disclosed_quality(findings, profile="internal")["n"].dropna().tolist() == [12]


def test_a_curve_has_one_point_a_band_weighted_by_people():
    curve = pd.DataFrame(
        {
            "risk": [0.11, 0.14, 0.31],
            "observed": [0.1, 0.2, 0.3],
            "low": 0.0,
            "high": 1.0,
            "n": [10, 30, 5],
            "events_n": [1, 6, 2],
        }
    )
    shown = banded(curve, width=0.05)
    assert shown["risk"].round(6).tolist() == [round((0.11 * 10 + 0.14 * 30) / 40, 6), 0.31]
    assert shown["observed"].round(6).tolist() == [(0.1 * 10 + 0.2 * 30) / 40, 0.3]
    assert shown["n"].tolist() == [40, 5]
    assert shown["events_n"].tolist() == [7, 2]
