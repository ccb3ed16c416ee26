"""What a new case is and what became of it (docs/method.md 1), on registers drawn by the month.

Read a strip from the left: twelve months without assistance, then the months of the case, then what follows.
"""

from dataclasses import replace

import pandas as pd
import pytest
from strips import INSTRUMENT, JANUARY_2018, cases_of, chosen, cohort_of, delivery, intake_answers, register_rows

from riskmodel.cohort.build import build_cohort
from riskmodel.cohort.censoring import ipc_weights
from riskmodel.ground.errors import SurveyDataError

CLEAN = "." * 12
LAG = 2
TAIL = "." * LAG
FOLLOWED = "X" + "." * 11 + TAIL  # a case of one month, followed to the end


def only(strip, **more):
    """The one case of one person."""
    [case] = cases_of(cohort_of({"p": strip}, **more)).values()
    return case


def each(months, **more):
    """The case of every entry of `months`, each a person of one register, who begins after twelve clean months."""
    found = cases_of(cohort_of({text: CLEAN + text for text in months}, **more))
    return {person: case for (person, month), case in found.items() if month == len(CLEAN)}


def column(cases, name):
    return {person: case[name] for person, case in cases.items()}


# --- receipt ----------------------------------------------------------------------------------------------------------


def test_a_receipt_is_a_month_with_a_net_amount_above_zero():
    receipts_n = {
        "XXXX........" + TAIL: 4,
        "XX0X........" + TAIL: 3,  # a decision of 0 is no receipt
        "XX-X........" + TAIL: 3,  # a recovery alone is no receipt …
        "XX=X........" + TAIL: 3,  # … and takes back the month it corrects
    }
    assert column(each(receipts_n), "receipt_months") == receipts_n


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


def test_a_new_case_is_the_first_receipt_after_twelve_observed_months_without():
    months = {
        "............X": [12],
        "...........X.": [],  # 11 clean months are known: the register goes no further back
        "X...........X": [],  # 11 clean months
        "X............X": [1 + 12],
        "X......0.....X": [1 + 12],  # a month without money is a clean month
        "............X............X": [12, 12 + 1 + 12],  # a person may have several new cases
        "............XXX...XXX...........X": [12],  # a shorter gap belongs to the same case
        "............XXX...XXX............X": [12, 12 + 9 + 12],
    }
    found = cases_of(cohort_of({strip: strip.ljust(50, ".") for strip in months}))
    assert {strip: sorted(month for person, month in found if person == strip) for strip in months} == months


def test_the_clean_months_are_a_setting():
    cohort = cohort_of({"p": "...X" + "..." + "X" + "." * 13}, settings=chosen(clean_months=3))
    assert set(cases_of(cohort)) == {("p", 3), ("p", 3 + 1 + 3)}


def test_months_after_moving_away_are_not_clean_months():
    back = "X..M" + "." * 14 + "X" + "." * 13
    stayed = "X..X" + "." * 14 + "X" + "." * 13
    cohort = cohort_of({"back": back, "stayed": stayed}, asked={"back": "." * 18 + "a", "stayed": "." * 18 + "a"})
    assert set(cases_of(cohort)) == {("stayed", 18)}
    assert cohort.flow.set_index("step").loc["absent", "n"] == 1


def test_an_adult_who_enters_a_household_on_assistance_has_joined():
    joined = {
        "...........X" + "XXXX": True,  # the partner had assistance the month before, and still has
        "...........X" + "....": True,  # … or only then
        "..........X." + "XXXX": False,  # not the month before
        "............" + "XXXX": False,  # both begin together
    }
    partners = {partner: partner.ljust(26, ".") for partner in joined}
    entering = {f"enters {partner}": CLEAN + FOLLOWED for partner in joined}
    households = {person: person.removeprefix("enters ") for person in (*partners, *entering)}
    found = cases_of(cohort_of({**partners, **entering}, households=households))
    assert {partner: found[f"enters {partner}", 12]["joined"] for partner in joined} == joined
    assert {partner: not found[f"enters {partner}", 12]["fitted"] for partner in joined} == joined


def test_who_moves_together_with_somebody_on_assistance_has_joined_too():
    receipts = register_rows({"p": CLEAN + FOLLOWED, "partner": "...........XX".ljust(26, ".")})
    together = (receipts["person_id"] == "p") | (receipts["month"] == JANUARY_2018 + 12)
    receipts["household_id"] = receipts["person_id"].where(~together, "new home")
    cohort = build_cohort(delivery(receipts, intake_answers({"p": CLEAN + "a"})), INSTRUMENT, chosen())
    assert cases_of(cohort)["p", 12]["joined"]


def test_cases_known_to_be_outside_18_to_64_are_not_fitted():
    fitted = {17: False, 18: True, 64: True, 65: False, float("nan"): True}
    ages = {str(age): age for age in fitted}
    found = cases_of(cohort_of(dict.fromkeys(ages, CLEAN + FOLLOWED), age=ages))
    assert {age: found[str(age), 12]["fitted"] for age in fitted} == fitted


def test_people_who_follow_a_rule_are_counted_but_not_fitted():
    cohort = cohort_of({"p": CLEAN + FOLLOWED, "q": CLEAN + FOLLOWED}, situation={"p": "pension"})
    assert not cases_of(cohort)["p", 12]["fitted"] and cases_of(cohort)["q", 12]["fitted"]
    assert cohort.flow.set_index("step").loc["route", "n"] == 1


# --- link -------------------------------------------------------------------------------------------------------------


def test_answers_belong_to_a_case_from_two_months_before_to_one_month_after():
    linked = {
        ".........a": False,  # month −3
        "..........a": True,  # month −2
        "............" + "a": True,  # month 0
        "............" + ".a": True,  # month +1
        "............" + "..a": False,  # month +2 knows who was still there
    }
    found = cases_of(cohort_of(dict.fromkeys(linked, CLEAN + FOLLOWED), asked={asked: asked for asked in linked}))
    assert {asked: found[asked, 12]["linked"] for asked in linked} == linked


def test_the_nearest_answers_are_taken():
    taken = {
        ("..........a", "............a"): "second",
        ("..........a", ".............a"): "second",
        ("...........a", ".............a"): "first",  # as near on both sides: the earlier, which knew less
    }
    names = {drawn: str(drawn) for drawn in taken}
    first = intake_answers({name: drawn[0] for drawn, name in names.items()})
    second = intake_answers({name: drawn[1] for drawn, name in names.items()}).assign(education="higher")
    receipts = register_rows(dict.fromkeys(names.values(), CLEAN + FOLLOWED))
    cohort = build_cohort(delivery(receipts, pd.concat([first, second])), INSTRUMENT, chosen())
    education = dict(zip(cohort.cases["person_id"], cohort.answers["education"], strict=True))
    assert {drawn: education[name] for drawn, name in names.items()} == {
        drawn: {"first": "primary", "second": "higher"}[which] for drawn, which in taken.items()
    }


def test_answers_are_used_once():
    strips = dict.fromkeys("pqrstuvw", CLEAN + "X.X" + "." * 13)
    cohort = cohort_of(strips, asked=dict.fromkeys(strips, CLEAN + ".a"), settings=chosen(clean_months=1))
    linked = {(person, month) for (person, month), case in cases_of(cohort).items() if case["linked"]}
    assert linked == {(person, 12 + 2) for person in strips}  # +1 of one case and −1 of the next: they were met anew


def test_answers_without_a_month_are_facts_about_the_person_and_hold_for_every_case():
    strip = CLEAN + "X" + "." * 12 + "X" + "." * 13
    answers = intake_answers({"p": "a"}).assign(answered_month=pd.array([pd.NA], dtype="Int32"))
    cohort = build_cohort(delivery(register_rows({"p": strip}), answers), INSTRUMENT, chosen())
    assert cohort.cases["linked"].tolist() == [True, True]
    assert cohort.answers["education"].tolist() == ["primary", "primary"]


# --- outcome ----------------------------------------------------------------------------------------------------------


def test_more_than_ten_of_the_first_twelve_months():
    outcome = {
        "XXXXXXXXXXXX" + TAIL: 1,  # 12 > 10
        "XXXXXX.XXXXX" + TAIL: 1,  # 11 > 10
        "XXXXXX.XXXX." + TAIL: 0,  # 10 is not more than 10
        "XXXXXX.XXXX." + "XX": 0,  # and later months do not count
        "X..........." + TAIL: 0,
    }
    assert column(each(outcome), "outcome") == outcome


def test_the_outcome_is_decided_when_the_count_has_crossed_or_no_longer_can():
    decided_month = {
        "XXXXXXXXXXX." + TAIL: 11,  # the 11th receipt
        "XX.XXXXXXXXX" + TAIL: 12,
        "X.X.XXXXXXXX" + TAIL: 4,  # the 2nd missed month: 12 − 2 = 10 can no longer cross
        "X..........." + TAIL: 3,
    }
    assert column(each(decided_month), "decided_month") == decided_month


def test_death_and_moving_leave_later_months_unobserved_not_missed():
    found = each(
        outcomes := {
            "XXXXXM......" + TAIL: None,  # 6 of 6 observed: it could still have been 12
            "XXXXXD......" + TAIL: None,
            "X.X.XM......" + TAIL: 0,  # decided before the move: 4 + 6 = 10 at most
            "XXXXXXXXXXM." + TAIL: 1,  # 11 already
            "XXXXXE......" + TAIL: 0,  # who leaves for work is still observed, month by month
            "XXXXXMXXXXXX" + TAIL: 1,  # a receipt in the month after says that nobody left
        }
    )
    assert column(found, "outcome") == outcomes
    assert column(found, "censored_month") == {text: 6 if value is None else None for text, value in outcomes.items()}
    assert all((case["weight"] > 0) == (case["outcome"] is not None) for case in found.values())
    exits = {"M": "moved", "D": "death", "E": "work"}
    assert column(found, "exit") == {text: next(exits[sign] for sign in text if sign in exits) for text in outcomes}


def test_the_exit_is_the_last_reason_registered_during_the_observed_follow_up():
    exits = {
        "XXXE.XXE...." + TAIL: "work",
        "XXXE.XXM...." + TAIL: "moved",
        "XXXXXXXXXXXX" + "E.": "",  # after the follow-up
        "XXM........." + TAIL: "moved",
    }
    assert column(each(exits), "exit") == exits


def test_a_case_enters_only_when_its_whole_follow_up_and_the_reporting_lag_have_passed():
    last = CLEAN + "." + "X" + "." * 11 + "." * LAG  # m0 + 11 = L − 2
    one_later = CLEAN + ".." + "X" + "." * 10 + "." * LAG  # long gone already, and so known to be no event
    found = cases_of(cohort_of({"last": last, "one_later": one_later}))
    assert found["last", 13]["complete"] and found["last", 13]["outcome"] == 0
    assert not found["one_later", 14]["complete"] and found["one_later", 14]["outcome"] is None
    assert found["last", 13]["known_month"] == JANUARY_2018 + 13 + 11 + LAG


def test_the_national_year_counts_calendar_years():
    #   months of 2019  months of 2020
    outcome = {
        "XXXXXXXXXX.." + "............": 1,  # 10 in the intake's year
        "XXXXX.XXXX.." + "............": 0,  # 9
        "XX.XXXXXXX.." + "XXXXXXXXX...": 0,  # 9 and 9
        "XX.XXXXXXX.." + "XXXXXXXXXX..": 1,  # 9 and 10
    }
    later = {
        ".......X" + "XXXX" + "XXXXX......." + TAIL: 0,  # 10 in a row over new year: 5 and 5
        ".......X" + "XXXX" + "XXXXXXXXXX.." + TAIL: 1,
    }
    settings = chosen(outcome="national_year")
    assert column(each({text + TAIL: 0 for text in outcome}, settings=settings), "outcome") == {
        text + TAIL: value for text, value in outcome.items()
    }
    found = cases_of(cohort_of({text: CLEAN + text for text in later}, settings=settings))
    assert {text: found[text, 12 + 7]["outcome"] for text in later} == later
    assert [found[text, 12 + 7]["decided_month"] for text in later] == [5 + 8, 5 + 10]  # 3rd miss of 2020; 10th receipt


def test_the_national_year_is_followed_to_the_end_of_the_next_year():
    case = only(CLEAN + "........XXXX" + "XXXXXXXXXX.." + "..", settings=chosen(outcome="national_year"))
    assert case["known_month"] == JANUARY_2018 + 36 - 1 + LAG
    with pytest.raises(SurveyDataError, match="followed to the end"):
        only(CLEAN + "........XXXX" + "XXXXXXXXXX.." + ".", settings=chosen(outcome="national_year"))


def test_k_of_w_is_receipt_in_at_least_k_of_the_first_w_months():
    at_least_six_of_eight = chosen(outcome="k_of_w", k=6, w=8)
    outcome = {"XX.XX.XX" + TAIL: 1, "XX.XX.X." + "XX": 0}
    assert column(each(outcome, settings=at_least_six_of_eight), "outcome") == outcome


def test_k_of_w_may_look_at_sixty_months():
    longest = chosen(outcome="k_of_w", k=60, w=60)
    outcome = {"X" * 60 + TAIL: 1, "X" * 59 + "." + TAIL: 0}
    assert column(each(outcome, settings=longest), "outcome") == outcome


def test_all_three_definitions_are_tabulated_each_with_its_own_follow_up():
    cohort = cohort_of({"p": CLEAN + "XXXXXXXXXX.." + "..", "q": CLEAN + "X..........." + ".."})
    table = {row["name"]: (row["known_n"], row["events_n"]) for row in cohort.summary["outcomes"]}
    assert table == {"over_ten_of_twelve": (2, 0), "national_year": (0, 0), "k_of_w": (2, 1)}


def test_a_definition_that_decides_every_case_alike_is_told_once_and_the_chosen_one_first():
    strips = {"p": CLEAN + "XXXXXXXXXX.." + "..", "q": CLEAN + "X..........." + ".."}
    for outcome, others in (("over_ten_of_twelve", ["national_year"]), ("k_of_w", ["national_year"])):
        cohort = cohort_of(strips, settings=chosen(outcome=outcome, k=11, w=12))
        assert [row["name"] for row in cohort.summary["outcomes"]] == [outcome, *others]


def test_left_within_100_days_is_no_receipt_in_months_three_four_and_five():
    left = {
        "XXX...XXXXXX" + TAIL: 1,
        "X..........." + TAIL: 1,
        "XXX..X......" + TAIL: 0,
        "XXXM........" + TAIL: 0,  # month 3 was seen
        "XXM........." + TAIL: None,  # months 3, 4 and 5 are not observed
        "XXX..M......" + TAIL: 0,
    }
    assert column(each(left), "left_within_100_days") == left


def test_earlier_months_are_the_receipts_36_to_13_months_before_if_all_were_observed():
    first, clean = 36, 12
    earlier_months = {
        "." * (first - clean): 0,
        "XXXX" + "." * 19 + "X": 4 + 1,
        "X" * 12 + "." * 12: 10,  # 12, clamped at the item's maximum
        "XM" + "." * 8 + "XX" + "." * 12: float("nan"),  # away for a time, so not all observed
        "XM" + "XX" + "." * 20: 4,  # … but a receipt the month after says that nobody left
    }
    strips = {text: text + CLEAN + FOLLOWED for text in earlier_months}
    asked = dict.fromkeys(strips, "." * first + "a")
    cohort = cohort_of(strips, asked)
    found = {text: cases_of(cohort)[text, first]["earlier_months"] for text in strips}
    assert found == pytest.approx(earlier_months, nan_ok=True)
    assert cohort.answers["earlier_months"].tolist() == pytest.approx(cohort.cases["earlier_months"], nan_ok=True)


def test_earlier_months_need_a_register_that_reaches_back_all_36():
    assert only("." * 36 + FOLLOWED)["earlier_months"] == 0
    assert pd.isna(only("." * 35 + FOLLOWED)["earlier_months"])


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
    assert (case["outcome"], case["weight"]) == (outcome, 1)
    assert case["over_ten_of_twelve"] is None  # the table of definitions stays with what was observed


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
    strips = {str(month): "." * month + "X" + "." * (after - month) + "." * 13 for month in (before, crossing, after)}
    settings = replace(chosen(), release=replace(chosen().release, reforms=("2020-01-01",)))
    marked = {
        month: case["crosses_reform"] for (_, month), case in cases_of(cohort_of(strips, settings=settings)).items()
    }
    assert marked == {before: False, crossing: True, after: False}


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
