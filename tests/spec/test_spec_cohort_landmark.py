"""Who is scored at the start of a later month, and by what (docs/method.md 1), on registers drawn by the month.

A strip begins with the month of intake. At landmark 3 its first three months are past, at landmark 5 its first five.
"""

import pytest
from strips import (
    INSTRUMENT,
    asked_at_start,
    cases_of,
    chosen,
    cohort_of,
    delivery,
    intake_answers,
    register_rows,
)

from riskmodel.cohort.build import build_cohort
from riskmodel.cohort.population import NOT_AT_RISK

pytestmark = pytest.mark.slow

CLEAN = "." * 12
FOLLOW_UP_N, LAG = 12, 2


def at(landmark, months, *, before=12, **cohort):
    """The cases of `months`, each a person of one register whose case begins in month `before` of it."""
    ends = before + 36
    strips = {text: ("." * before + text).ljust(ends, ".") for text in months}
    asked = dict.fromkeys(strips, "." * before + "a")
    found = cohort_of(strips, asked, settings=chosen(landmark=landmark, **cohort))
    return {person: case for (person, month), case in cases_of(found).items() if month == before}


def standing(landmark, expected, **more):
    return {text: case["standing"] for text, case in at(landmark, expected, **more).items()}


# --- at risk ----------------------------------------------------------------------------------------------------------


def test_at_month_three_whoever_had_receipt_in_month_two_and_is_undecided_is_scored():
    expected = {
        "XXX": "at_risk",
        "X.X": "at_risk",  # one month missed: 11 of 12 are still possible
        "XX.": "off_assistance",  # undecided too, but not on assistance in month 2
        "X..": "not_long",  # two missed: 12 − 2 = 10 is not more than 10
        "XX..XXXXXXXX": "off_assistance",  # what comes in month 3 and later is not looked at
        "XM": "unobserved",  # moved in month 1: month 2 is unknown
        "XMX": "at_risk",  # a receipt in the month after says that nobody left
        "XXM": "at_risk",  # all three months are observed; what follows is unknown
        "XXD": "at_risk",
        "XXE": "at_risk",
    }
    assert standing(3, expected) == expected


def test_at_month_five_one_miss_is_allowed_and_four_or_five_receipts_are_left():
    expected = {"XXXXX": 5, "X.XXX": 4, "XXX.X": 4, "X.X.X": None, "XXXX.": None}
    cases = at(5, expected)
    found = {text: case["receipts_so_far"] if case["fitted"] else None for text, case in cases.items()}
    assert found == expected


def test_whoever_has_crossed_already_is_not_scored():
    # ten receipts and one miss are undecided before month 11, the twelfth: it decides
    expected = {"X" * 11: "long_already", "X" * 9 + ".X": "at_risk", "X" * 10 + ".": "off_assistance"}
    assert standing(11, expected) == expected


def test_at_intake_everybody_is_scored():
    assert set(standing(0, ("X", "XX", "XM", "X" * 12)).values()) == {"at_risk"}


def test_k_of_w_is_decided_by_its_own_k_and_w():
    at_least_six_of_eight = {"outcome": "k_of_w", "k": 6, "w": 8}  # two may be missed
    three = {"X..": "off_assistance", "X.X": "at_risk"}
    assert standing(3, three, **at_least_six_of_eight) == three
    five = {"X..XX": "at_risk", "X...X": "not_long", "X..X.": "not_long"}
    assert standing(5, five, **at_least_six_of_eight) == five
    six = {"XXXXXX": "long_already", "XXXXX.": "off_assistance", "XXXX.X": "at_risk"}
    assert standing(6, six, **at_least_six_of_eight) == six


def test_the_national_year_is_open_while_this_year_or_the_next_can_have_ten_months():
    january, november = 12, 12 + 10
    # from January: three of twelve missed, so this year can't, but the next still can
    first = {"X...X": "at_risk", "XXXX.": "off_assistance"}
    assert standing(5, first, before=january, outcome="national_year") == first
    # from November: two months of this year, then January to March of the next, of which two may be missed
    second = {"XX..X": "at_risk", "X...X": "at_risk"} | {"XX...": "not_long", "XXXX.": "off_assistance"}
    assert standing(5, second, before=november, outcome="national_year") == second
    # ten months of this year are enough, whatever the next brings
    ten = {"X" * 10: "long_already", "X" * 8 + ".X": "at_risk"}
    assert standing(10, ten, before=january, outcome="national_year") == ten


# --- the history ------------------------------------------------------------------------------------------------------


def test_receipts_so_far_are_the_months_with_receipt_before_the_landmark():
    expected = {"XXX": 3, "X.X": 2, "XXXX": 3, "X.XXXXXXXXXX": 2, "XMX": 3}
    assert {text: case["receipts_so_far"] for text, case in at(3, expected).items()} == expected
    assert at(3, ["XM", "XXX"])["XM"]["receipts_so_far"] is None  # month 2 is unknown


def test_the_item_is_the_registers_never_the_forms():
    strips = {"p": CLEAN + "XXX" + "." * 23, "q": CLEAN + "X.X" + "." * 23}
    told = intake_answers(asked_at_start(strips)).assign(receipts_so_far=1.0)
    cohort = build_cohort(delivery(register_rows(strips), told), INSTRUMENT, chosen(landmark=3))
    so_far = dict(zip(cohort.cases["person_id"], cohort.answers["receipts_so_far"], strict=True))
    assert so_far == {"p": 3.0, "q": 2.0}


# --- outcome and follow-up are those of month 0 -----------------------------------------------------------------------


def test_outcome_follow_up_and_when_it_is_known_stay_those_of_the_case():
    months = ["XXXXXXXXXXXX", "XXXXXX", "X.XXXXXXXXXX", "XXXXXM"]
    same = ("outcome", "complete", "known_month", "decided_month", "censored_month", "receipt_months", "exit")
    early, late = ({text: [case[name] for name in same] for text, case in at(s, months).items()} for s in (0, 3))
    assert early == late
    assert [early[text][0] for text in months] == [1, 0, 1, None]


def test_nobody_scored_at_month_five_has_left_within_100_days():
    left = {"XXX": 1, "XXXX": 0, "XXXXX": 0}
    assert {text: case["left_within_100_days"] for text, case in at(3, left).items()} == left
    # receipt in month 4 is one of the months 3, 4 and 5
    cases = at(5, ["XXXXX", "XXX.X", "XXXX", "XXX"])
    assert {case["left_within_100_days"] for case in cases.values() if case["fitted"]} == {0}


def test_weights_are_those_of_the_cases_still_observed_at_the_landmark():
    moved_early, moved, short, long = "XM", "XXXXXM", "XXXX", "X" * 12
    months = [moved_early, moved, short, long]
    # at intake: 1 of 4 censored after 2 months, 1 of 2 after 6 (the short case is decided then)
    after_two, after_six = 1 - 1 / 4, 1 - 1 / 2
    expected = {moved_early: 0, moved: 0, short: 1 / after_two, long: 1 / (after_two * after_six)}
    assert {text: case["weight"] for text, case in at(0, months).items()} == pytest.approx(expected)
    # at month 3 whoever moved before is no case of the landmark, and takes no part in the curve
    expected = {moved: 0, short: 1, long: 1 / after_six}
    weights = {text: case["weight"] for text, case in at(3, months).items() if case["fitted"]}
    assert weights == pytest.approx(expected)
    assert sum(weights.values()) == pytest.approx(3)


# --- counted ----------------------------------------------------------------------------------------------------------


def test_the_flow_counts_each_case_that_is_not_scored_once_with_its_reason():
    strips = ["XXX", "X.X", "XX.", "X..", "XM.", "XXXXXXXXXXXX"]
    people = {text: (CLEAN + text).ljust(12 + FOLLOW_UP_N + LAG, ".") for text in strips}
    asked = dict.fromkeys(strips, CLEAN + "a") | {"X.X": "." * 20}
    flow = cohort_of(people, asked, settings=chosen(landmark=3)).flow.set_index("step")
    left_out = flow.loc[list(NOT_AT_RISK), "n"].to_dict()
    assert left_out == {"long_already": 0, "not_long": 1, "unobserved": 1, "off_assistance": 1}
    assert flow.loc["unlinked", "n"] == 1  # counted there, not again here
    assert flow.loc["fitted", "n"] == 6 - 1 - 3 and flow.loc["events", "n"] == 1
    assert flow["text_sv"].ne(flow["text_en"]).all()
    assert not set(NOT_AT_RISK) & set(cohort_of(people, asked).flow["step"])


def test_the_summary_says_for_whom_the_risk_holds():
    strips = {"p": CLEAN + "XXX" + "." * 23}
    early, late = (cohort_of(strips, settings=chosen(landmark=s)).summary for s in (0, 3))
    assert (early["landmark"], late["landmark"]) == (0, 3)
    assert late["population"]["sv"].startswith(early["population"]["sv"])
    assert "efter 3 månader" in late["population"]["sv"] and "after 3 months" in late["population"]["en"]
    assert late["base_rate"]["n"] == 1
