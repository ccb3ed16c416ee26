"""What a new case is and what became of it (docs/method.md 1), on registers drawn by the month.

Read a strip from the left: twelve months without assistance, then the months of the case, then what follows.
"""

import pandas as pd
import pytest
from strips import INSTRUMENT, JANUARY_2018, cases_of, chosen, cohort_of, delivery, intake_answers, register_rows

from riskmodel.cohort.build import build_cohort
from riskmodel.cohort.censoring import ipc_weights
from riskmodel.errors import SurveyDataError

CLEAN = "." * 12
LAG = 2


def only(strip, **more):
    """The one case of one person, p."""
    [case] = cases_of(cohort_of({"p": strip}, **more)).values()
    return case


def starts(strip, **more):
    """Months of the strip in which a case of p begins."""
    return sorted(month for person, month in cases_of(cohort_of({"p": strip}, **more)) if person == "p")


# --- receipt ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("strip", "receipts_n"),
    [
        (CLEAN + "XXXX........" + "..", 4),
        (CLEAN + "XX0X........" + "..", 3),  # a decision of 0 is no receipt
        (CLEAN + "XX-X........" + "..", 3),  # a recovery alone is no receipt …
        (CLEAN + "XX=X........" + "..", 3),  # … and takes back the month it corrects
    ],
)
def test_a_receipt_is_a_month_with_a_net_amount_above_zero(strip, receipts_n):
    assert only(strip)["receipt_months"] == receipts_n


def test_a_households_grant_counts_for_every_adult_registered_in_it():
    cohort = cohort_of(
        {
            "holder_": CLEAN + "XXX-........" + "..",
            "partner": CLEAN + "0000........" + "..",
            "alone__": CLEAN + "0000........" + "..",
        },
        asked={"holder_": CLEAN + "a", "partner": CLEAN + "a"},
        households={"holder_": "H", "partner": "H"},
    )
    found = cases_of(cohort)
    assert found["holder_", 12]["receipt_months"] == found["partner", 12]["receipt_months"] == 3
    assert ("alone__", 12) not in found


def test_who_ever_shared_a_household_is_one_cluster():
    strips = {name: CLEAN + "X..........." + ".." for name in ("a", "b", "c", "d")}
    receipts = register_rows(strips, {"a": "H1", "b": "H1", "c": "H2", "d": "H3"})
    moved_in = register_rows({"b": "." * 20 + "0"}, {"b": "H2"}).query("person_id == 'b'")
    answers = intake_answers(dict.fromkeys(strips, CLEAN + "a"))
    cohort = build_cohort(delivery(pd.concat([receipts, moved_in]), answers), INSTRUMENT, chosen())
    cluster = {person: case["cluster_id"] for (person, _), case in cases_of(cohort).items()}
    assert cluster["a"] == cluster["b"] == cluster["c"]
    assert cluster["d"] != cluster["a"]


# --- new case ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("strip", "months"),
    [
        (CLEAN + "X" + "." * 13, [12]),
        ("." * 11 + "X" + "." * 14, []),  # 11 clean months are known: the register does not go further back
        ("X" + "." * 11 + "X" + "." * 13, []),  # 11 clean months
        ("X" + "." * 12 + "X" + "." * 13, [1 + 12]),  # 12 clean months
        ("X" + "......0....." + "X" + "." * 13, [1 + 12]),  # a month without money is a clean month
        (CLEAN + "X" + "." * 12 + "X" + "." * 13, [12, 12 + 1 + 12]),  # a person may have several new cases
        (CLEAN + "XXX...XXX..." + "." * 11 + "X" + "." * 13, [12, 12 + 9 + 3 + 11]),  # a shorter gap is the same case
    ],
)
def test_a_new_case_is_the_first_receipt_after_twelve_observed_months_without(strip, months):
    someone_else = CLEAN + "X" + "." * (len(strip) - 13)
    cohort = cohort_of({"p": strip, "q": someone_else})
    assert sorted(month for person, month in cases_of(cohort) if person == "p") == months


def test_the_clean_months_are_a_setting():
    strip = "...X" + "..." + "X" + "." * 13
    assert starts(strip, settings=chosen(clean_months=3)) == [3, 3 + 1 + 3]


def test_months_after_moving_away_are_not_clean_months():
    back = "X..M" + "." * 14 + "X" + "." * 13
    stayed = "X..X" + "." * 14 + "X" + "." * 13
    cohort = cohort_of({"back": back, "stayed": stayed}, asked={"back": "." * 18 + "a", "stayed": "." * 18 + "a"})
    assert set(cases_of(cohort)) == {("stayed", 18)}
    assert cohort.flow.set_index("step").loc["absent", "n"] == 1


@pytest.mark.parametrize(
    ("partner", "joined"),
    [
        ("...........X" + "XXXX" + ".........." + "..", True),  # in assistance the month before, and still
        ("...........X" + "...." + ".........." + "..", True),  # … or only then
        ("..........X." + "XXXX" + ".........." + "..", False),  # not the month before
        ("............" + "XXXX" + ".........." + "..", False),  # both begin together
    ],
)
def test_an_adult_who_enters_a_household_on_assistance_has_joined(partner, joined):
    cohort = cohort_of(
        {"p": CLEAN + "XXXX" + ".........." + "..", "partner": partner},
        asked={"p": CLEAN + "a"},
        households={"p": "H", "partner": "H"},
    )
    case = cases_of(cohort)["p", 12]
    assert (case["joined"], case["fitted"]) == (joined, not joined)


@pytest.mark.parametrize(("age", "fitted"), [(17, False), (18, True), (64, True), (65, False), (float("nan"), True)])
def test_cases_known_to_be_outside_18_to_64_are_not_fitted(age, fitted):
    assert only(CLEAN + "X" + "." * 13, age={"p": age})["fitted"] == fitted


def test_people_who_follow_a_rule_are_counted_but_not_fitted():
    cohort = cohort_of({"p": CLEAN + "X" + "." * 13}, situation={"p": "pension"})
    assert not cohort.cases["fitted"].any()
    assert cohort.flow.set_index("step").loc["route", "n"] == 1


# --- link -------------------------------------------------------------------------------------------------------------

FOLLOWED = "X" + "." * 13


@pytest.mark.parametrize(
    ("asked", "linked"),
    [
        (".........a..", False),  # month −3
        ("..........a.", True),  # month −2
        ("............" + "a", True),  # month 0
        ("............" + ".a", True),  # month +1
        ("............" + "..a", False),  # month +2 is after the window: it knows who was still there
    ],
)
def test_answers_belong_to_a_case_from_two_months_before_to_one_month_after(asked, linked):
    cohort = cohort_of({"p": CLEAN + FOLLOWED, "q": CLEAN + FOLLOWED}, asked={"p": asked, "q": CLEAN + "a"})
    assert cases_of(cohort)["p", 12]["linked"] == linked


@pytest.mark.parametrize(
    ("earlier", "later", "taken"),
    [("..........a.", "............a", "later"), ("..........a.", ".............a", "later"), (".a", ".a", "earlier")],
)
def test_the_nearest_answers_are_taken(earlier, later, taken):
    if earlier == later:  # as near on both sides: the earlier, which knew less
        earlier, later = "...........a", ".............a"
    first = intake_answers({"p": earlier}, education={"p": "primary"})
    second = intake_answers({"p": later}, education={"p": "higher"})
    receipts = register_rows({"p": CLEAN + FOLLOWED})
    cohort = build_cohort(delivery(receipts, pd.concat([first, second])), INSTRUMENT, chosen())
    assert cohort.answers["education"].item() == {"earlier": "primary", "later": "higher"}[taken]


def test_answers_are_used_once():
    strip = CLEAN + "X.X" + "." * 13
    cohort = cohort_of({"p": strip}, asked={"p": CLEAN + ".a"}, settings=chosen(clean_months=1))
    linked = {month: case["linked"] for (_, month), case in cases_of(cohort).items()}
    assert linked == {12 + 2: True}  # month 13 is +1 of one case and −1 of the other; the older is no case without


def test_answers_without_a_month_are_facts_about_the_person_and_hold_for_every_case():
    strip = CLEAN + "X" + "." * 12 + "X" + "." * 13
    answers = intake_answers({"p": "a"}).assign(answered_month=pd.array([pd.NA], dtype="Int32"))
    cohort = build_cohort(delivery(register_rows({"p": strip}), answers), INSTRUMENT, chosen())
    assert cohort.cases["linked"].tolist() == [True, True]
    assert cohort.answers["education"].tolist() == ["primary", "primary"]


# --- outcome ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("months", "outcome"),
    [
        ("XXXXXXXXXXXX", 1),  # 12 > 10
        ("XXXXXX.XXXXX", 1),  # 11 > 10
        ("XXXXXX.XXXX.", 0),  # 10 is not more than 10
        ("X...........", 0),
    ],
)
def test_more_than_ten_of_the_first_twelve_months(months, outcome):
    assert only(CLEAN + months + ".." + "XX")["outcome"] == outcome  # later months do not count


@pytest.mark.parametrize(
    ("months", "decided_month"),
    [
        ("XXXXXXXXXXX.", 11),  # the 11th receipt
        ("XX.XXXXXXXXX", 12),
        ("X.X.XXXXXXXX", 4),  # the 2nd missed month: 12 − 2 = 10 can no longer cross
        ("X...........", 3),
    ],
)
def test_the_outcome_is_decided_when_the_count_has_crossed_or_no_longer_can(months, decided_month):
    assert only(CLEAN + months + "..")["decided_month"] == decided_month


@pytest.mark.parametrize(
    ("months", "outcome", "exit_reason"),
    [
        ("XXXXXM......", None, "moved"),  # 6 of 6 observed: it could still have been 12
        ("XXXXXD......", None, "death"),
        ("X.X.XM......", 0, "moved"),  # decided before the move: at most 4 + 6 = 10
        ("XXXXXXXXXXM.", 1, "moved"),  # 11 already
        ("XXXXXE......", 0, "work"),  # leaving for work is observed, month by month
        ("XXXXXMXXXXXX", 1, "moved"),  # a receipt in the month after says that nobody left
    ],
)
def test_death_and_moving_leave_later_months_unobserved_not_missed(months, outcome, exit_reason):
    more = CLEAN + "X" + "." * 13  # somebody whose outcome is known
    case = cases_of(cohort_of({"p": CLEAN + months + "..", "q": more}))["p", 12]
    assert case["exit"] == exit_reason
    assert (case["outcome"] is pd.NA) if outcome is None else (case["outcome"] == outcome)
    assert (case["censored_month"] is pd.NA) == (outcome is not None)
    if outcome is None:
        assert (case["censored_month"], case["weight"]) == (6, 0)


def test_a_case_enters_only_when_its_whole_follow_up_and_the_reporting_lag_have_passed():
    last = CLEAN + "." + "X" + "." * 11 + "." * LAG  # m0 + 11 = L − 2
    one_later = CLEAN + ".." + "X" + "." * 10 + "." * LAG  # long gone already, and so known to be no event
    found = cases_of(cohort_of({"last": last, "one_later": one_later}))
    assert found["last", 13]["complete"] and found["last", 13]["outcome"] == 0
    assert not found["one_later", 14]["complete"] and found["one_later", 14]["outcome"] is pd.NA
    assert found["last", 13]["known_month"] == JANUARY_2018 + 13 + 11 + LAG


@pytest.mark.parametrize(
    ("months", "outcome"),
    [
        # January 2019 is month 12: the intake's calendar year is the first twelve
        ("XXXXXXXXXX.." + "............", 1),  # 10 in the first year
        ("XXXXX.XXXX.." + "............", 0),  # 9
        ("........XXXX" + "XXXXXX......", 0),  # 10 in a row, over new year: 0 + 4 and 6  (a case from month 20)
        ("........XXXX" + "XXXXXXXXXX..", 1),  # 10 in the second year
    ],
)
def test_the_national_year_counts_calendar_years(months, outcome):
    case = only(CLEAN + months + "..", settings=chosen(outcome="national_year"))
    assert case["outcome"] == outcome


def test_the_national_year_is_followed_to_the_end_of_the_next_year():
    case = only(CLEAN + "........XXXX" + "XXXXXXXXXX.." + "..", settings=chosen(outcome="national_year"))
    assert case["known_month"] == JANUARY_2018 + 36 - 1 + LAG
    with pytest.raises(SurveyDataError, match="followed to the end"):
        only(CLEAN + "........XXXX" + "XXXXXXXXXX.." + ".", settings=chosen(outcome="national_year"))


def test_k_of_w_is_receipt_in_at_least_k_of_the_first_w_months():
    at_least_six_of_eight = chosen(outcome="k_of_w", k=6, w=8)
    assert only(CLEAN + "XX.XX.XX" + "..", settings=at_least_six_of_eight)["outcome"] == 1
    assert only(CLEAN + "XX.XX.X." + "XX", settings=at_least_six_of_eight)["outcome"] == 0


def test_all_three_definitions_are_tabulated_each_with_its_own_follow_up():
    cohort = cohort_of({"p": CLEAN + "XXXXXXXXXX.." + "..", "q": CLEAN + "X..........." + ".."})
    table = {row["name"]: (row["known_n"], row["events_n"]) for row in cohort.summary["outcomes"]}
    assert table == {"over_ten_of_twelve": (2, 0), "national_year": (0, 0), "k_of_w": (2, 1)}


@pytest.mark.parametrize(
    ("months", "left"),
    [("XXX...XXXXXX", 1), ("X.....", 1), ("XXX..X......", 0), ("XXXX........", 0), ("XXXM", 0), ("XXM.........", None)],
)
def test_left_within_100_days_is_no_receipt_in_months_three_four_and_five(months, left):
    strip = CLEAN + months.ljust(12, ".") + ".."
    case = cases_of(cohort_of({"p": strip, "q": CLEAN + "X" + "." * 13}))["p", 12]
    assert (case["left_within_100_days"] is pd.NA) if left is None else (case["left_within_100_days"] == left)


@pytest.mark.parametrize(
    ("before", "earlier_months"),
    [
        ("." * 36, 0),
        ("XXXX" + "." * 19 + "X" + CLEAN, 4 + 1),  # months −36 … −13
        ("." * 35, float("nan")),  # month −36 is not in the register
        ("X" * 12 + "." * 12 + CLEAN, 10),  # 12, clamped at the item's maximum
        ("XM" + "." * 8 + "XX" + "." * 12 + CLEAN, float("nan")),  # away for a time, so not all observed
        ("XM" + "XX" + "." * 20 + CLEAN, 4),  # … but a receipt the month after says that nobody left
    ],
)
def test_earlier_months_are_the_receipts_36_to_13_months_before_if_all_were_observed(before, earlier_months):
    month = len(before)
    cohort = cohort_of({"p": before + "X" + "." * 13}, asked={"p": "." * month + "a"})
    [case] = cases_of(cohort).values()
    assert case["earlier_months"] == pytest.approx(earlier_months, nan_ok=True)
    assert cohort.answers["earlier_months"].item() == pytest.approx(earlier_months, nan_ok=True)


# --- weights ----------------------------------------------------------------------------------------------------------


def test_those_still_observed_stand_for_the_censored():
    #            decided in month 2, censored after 3 of 3 at risk − 1, two decided in month 12
    weight = ipc_weights(pd.array([2, 0, 12, 12]).to_numpy(), pd.array([0, 3, 0, 0]).to_numpy(), pd.array(["s"] * 4))
    assert weight.tolist() == pytest.approx([1, 0, 1 / (1 - 1 / 3), 1 / (1 - 1 / 3)])
    assert weight.sum() == pytest.approx(4)


def test_the_event_rate_under_each_way_of_treating_the_censored():
    cohort = cohort_of(
        {
            "left": CLEAN + "X..........." + "..",  # decided in month 3
            "moved": CLEAN + "XXXXXM......" + "..",  # censored when 3 are at risk
            "long_": CLEAN + "XXXXXXXXXXXX" + "..",
            "short": CLEAN + "XXXXXXXX...." + "..",
        }
    )
    shares = {row["rule"]: row["share"] for row in cohort.summary["censoring"]["rules"]}
    assert shares == pytest.approx({"ipcw": 1.5 / 4, "drop": 1 / 3, "non_events": 1 / 4, "events": 2 / 4})


@pytest.mark.parametrize(("rule", "outcome"), [("non_events", 0), ("events", 1)])
def test_the_censored_can_be_counted_as_non_events_or_events(rule, outcome):
    case = only(CLEAN + "XXXXXM......" + "..", settings=chosen(censoring=rule))
    assert (case["outcome"], case["weight"], case["over_ten_of_twelve"]) == (outcome, 1, pd.NA) or (
        case["over_ten_of_twelve"] is pd.NA and (case["outcome"], case["weight"]) == (outcome, 1)
    )


# --- the population ---------------------------------------------------------------------------------------------------


def test_cases_count_from_the_first_month_that_has_intake_answers():
    early, late = CLEAN + "X" + "." * 14 + ".", CLEAN + "..X" + "." * 13
    cohort = cohort_of({"early": early, "late": late, "late_too": late}, asked={"late": CLEAN + "..a"})
    assert set(cases_of(cohort)) == {("late", 14), ("late_too", 14)}
    assert cohort.flow.set_index("step").loc["before_answers", "n"] == 1


def test_the_unlinked_are_counted_with_their_event_rate_and_their_reason():
    long, short = "XXXXXXXXXXXX", "X..........."
    cohort = cohort_of(
        {
            "p": CLEAN + long + "." * 12 + short + "..",
            "q": CLEAN + short + "." * 12 + "............" + "..",
            "r": CLEAN + long + "." * 12 + "............" + "..",
        },
        asked={"p": CLEAN + "." * 24 + "a", "q": CLEAN + "a"},
    )
    groups = {row["group"]: (row["n"], row["events_n"]) for row in cohort.summary["unlinked"]["groups"]}
    assert groups["linked"] == (2, 0)
    assert groups["unlinked"] == (1 + 1, 1 + 1)
    assert groups["unlinked_before_a_linked_case"] == (1, 1)
    assert groups["unlinked_person_never_linked"] == (1, 1)
    assert cohort.summary["unlinked"]["share"] == 2 / 4


def test_a_case_whose_follow_up_crosses_a_reform_is_marked():
    before, crossing, after = 12, 12 + 1, 12 + 12
    strips = {
        str(month): "." * month + "X" + "." * (after - month) + "." * 13 for month in (before, crossing, after)
    }
    settings = chosen()
    settings = type(settings)(**{**vars(settings), "release": _reform(settings.release, "2020-01-01")})
    marked = {month: case["crosses_reform"] for (_, month), case in cases_of(cohort_of(strips, settings=settings)).items()}
    assert marked == {before: False, crossing: True, after: False}


def _reform(release, day):
    return type(release)(**{**vars(release), "reforms": (day,)})


def test_the_latest_complete_year_has_all_its_intake_months_followed_up():
    year = 12
    december_2019 = "." * (2 * year - 1) + "X" + "." * 11
    assert cohort_of({"p": december_2019 + "." * LAG}).summary["latest_complete_year"] == 2019
    november = "." * (2 * year - 2) + "X" + "." * 11 + "." * LAG
    assert cohort_of({"p": november}).summary["latest_complete_year"] == 2018


def test_the_flow_leads_from_rows_to_events():
    cohort = cohort_of(
        {
            "event": CLEAN + "XXXXXXXXXXXX" + "..",
            "moved": CLEAN + "XXXXXM......" + "..",
            "left_": CLEAN + "X..........." + "..",
            "asked": CLEAN + "X..........." + "..",
            "young": CLEAN + "X..........." + "..",
            "late_": CLEAN + ".X.........." + "..",
        },
        asked=dict.fromkeys(("event", "moved", "left_", "young", "late_"), CLEAN + "a"),
        age={"young": 17.0, "left_": float("nan")},
    )
    flow = cohort.flow.set_index("step")["n"].to_dict()
    receipts_n = 12 + 6 + 1 + 1 + 1 + 1
    assert (flow["person_months"], flow["receipts"]) == (receipts_n + 2, receipts_n)  # 2: the clerk's
    assert (flow["starts"], flow["new_cases"]) == (6, 6)
    left_out = {step: flow[step] for step in ("joined", "unlinked", "age_outside", "route", "not_followed")}
    assert left_out == {"joined": 0, "unlinked": 1, "age_outside": 1, "route": 0, "not_followed": 1}
    assert flow["fitted"] == 6 - sum(left_out.values())
    assert (flow["age_unknown"], flow["unknown"], flow["modelled"], flow["events"]) == (1, 1, 2, 1)
