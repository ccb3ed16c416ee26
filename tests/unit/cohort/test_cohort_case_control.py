"""The case-control design on registers drawn by the month: who is a case, with which answers, for how many.

Month 0 is January 2018. Cases begin in January 2019 (month 12) unless drawn otherwise, so that the survey of 2019 lists
those who stay; in March 2019 (month 14) only that of 2020 can.
"""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from strips import INSTRUMENT, JANUARY_2018, chosen, delivery, intake_answers, register_rows

from riskmodel.cohort.build import build_cohort, build_inflow
from riskmodel.cohort.two_forms import entering_instrument, net_shift
from riskmodel.ground.errors import SettingsError, SurveyDataError

pytestmark = pytest.mark.slow

CLEAN = "." * 12
STAYS, LEAVES = (CLEAN + case.ljust(26, ".") for case in ("X" * 12, "X"))
LATE = "." * 14 + "X" * 24
STABLE = replace(
    INSTRUMENT,
    items=tuple(replace(item, stable=item.id in ("education", "age")) for item in INSTRUMENT.items),
    three_item_rule={"situation": ("pension",)},
)


def settings(**more):
    plain = chosen(design="case_control")
    return replace(plain, cohort=replace(plain.cohort, **more), model=replace(plain.model, blanks="mean"))


def people(name, n, strip):
    return {f"{name}{i:03d}": strip for i in range(n)}


def survey(persons, year=2019, **columns):
    """One row per person, answered as at intake; columns: item to the answer of each person that differs."""
    plain = {"education": "primary", "situation": "job_seeker", "age": 40.0, "sex": "man"}
    answers = {name: [columns.get(name, {}).get(who, value) for who in persons] for name, value in plain.items()}
    return pd.DataFrame({"person_id": list(persons), "survey_year": year, **answers})


EVENTS, OTHERS = people("event", 60, STAYS), people("other", 120, LEAVES)
LISTED = survey([person for person in EVENTS if person < "event050"])


def made(strips=None, *, asked=None, listed=LISTED, instrument=STABLE, chosen_settings=None, **intake):
    strips = {**EVENTS, **OTHERS} if strips is None else strips
    asked = dict.fromkeys(strips, CLEAN + "a") if asked is None else asked
    frames = delivery(register_rows(strips), intake_answers(asked, **intake), answers_by_survey=listed)
    return build_cohort(frames, instrument, chosen_settings or settings())


@pytest.fixture(scope="module")
def plain():
    return made()


def steps(cohort):
    return cohort.flow.set_index("step")["n"].to_dict()


def verdicts(cohort):
    return {row["item"]: row["verdict"] for row in cohort.summary["stability"]}


def test_events_answer_in_the_survey_and_the_others_at_intake():
    higher = dict.fromkeys(("event000", "other000"), "higher")
    cohort = made(listed=LISTED.assign(education="higher"), education={**dict.fromkeys(EVENTS, "higher"), **higher})
    cases, answers = cohort.modelled
    assert cases.groupby("outcome").size().tolist() == [120, 50]
    by_person = answers.set_index(cases["person_id"])["education"]
    assert by_person["event001"] == by_person["other000"] == "higher" and by_person["other001"] == "primary"
    assert steps(cohort)["not_listed"] == 10


def test_the_listed_stand_for_all_events_and_the_rows_for_the_linked_inflow(plain):
    """60 of 180 linked cases are events, 50 of them listed: 60/50 each, and 1 for the others."""
    cohort, (cases, _) = plain, plain.modelled
    assert cases["weight"].to_numpy() == pytest.approx(np.where(cases["outcome"] == 1, 60 / 50, 1.0))
    assert cohort.summary["tau"]["estimate"] == pytest.approx(60 / 180)
    assert cohort.summary["prior_correction"] == pytest.approx(0.0)
    assert cohort.summary["inflow_check"] == {"n": 180, "events_n": 60, "measurable": False}
    assert cohort.summary["research_only"] is True


def test_unlinked_events_become_cases_and_the_event_rate_stays_that_of_the_linked():
    """Twice as many events and others without intake answers: 110 listed of 180 stand for the 60 of the linked."""
    more = {**people("quiet", 120, STAYS), **people("unasked", 240, LEAVES)}
    strips = {**EVENTS, **OTHERS, **more}
    listed = pd.concat([LISTED, survey([person for person in more if person < "quiet060"])])
    cohort = made(strips, asked=dict.fromkeys({**EVENTS, **OTHERS}, CLEAN + "a"), listed=listed)
    cases, _ = cohort.modelled
    assert cases.groupby(["outcome", "linked"]).size().to_dict() == {(0, True): 120, (1, False): 60, (1, True): 50}
    assert cases.loc[cases["outcome"] == 1, "weight"].to_numpy() == pytest.approx(np.full(110, 60 / 110))
    assert cohort.summary["tau"]["estimate"] == pytest.approx(1 / 3)
    sampled = 180 / (180 + 120)  # weighted up to all events, against the non-events with answers
    assert cohort.summary["prior_correction"] == pytest.approx(-np.log(2 * sampled / (1 - sampled)))
    assert steps(cohort)["unlinked"] == 240


def test_unlinked_cases_of_another_kind_are_left_out():
    more = {**people("quiet", 60, STAYS), **people("unasked", 20, LEAVES)}  # .75 stay, not .33
    listed = pd.concat([LISTED, survey([person for person in more if person < "r"])])
    cohort = made({**EVENTS, **OTHERS, **more}, asked=dict.fromkeys({**EVENTS, **OTHERS}, CLEAN + "a"), listed=listed)
    assert cohort.summary["unlinked_events"] == {
        "linked_n": 180, "linked_share": pytest.approx(1 / 3), "unlinked_n": 80, "unlinked_share": 0.75, "used": False
    }  # fmt: skip
    assert steps(cohort)["unlike"] == 60 and cohort.modelled[0]["linked"].all()


def test_months_whose_events_no_survey_reaches_are_left_out_for_everybody():
    late = {**people("march", 10, LATE), **people("short", 20, "." * 14 + "X" + "." * 23)}
    strips = {person: strip.ljust(38, ".") for person, strip in {**EVENTS, **OTHERS, **late}.items()}
    asked = {person: "." * (14 if person in late else 12) + "a" for person in strips}
    without = made(strips, asked=asked)
    [left_out] = without.summary["left_out_months"]
    assert left_out == {"month": JANUARY_2018 + 14, "events_n": 10, "listed_n": 0, "share": 0.0}
    assert steps(without)["months_left_out"] == 30
    reached = made(strips, asked=asked, listed=pd.concat([LISTED, survey(list(late)[:5], year=2020)]))
    assert reached.summary["left_out_months"] == [] and reached.summary["tau"]["n"] == 210
    march = reached.modelled[0].query("outcome == 1 and intake_month == @JANUARY_2018 + 14")
    assert march["weight"].to_numpy() == pytest.approx([2.0] * 5)  # 5 of 10
    assert march["known_month"].eq(JANUARY_2018 + 35).all()  # the survey of 2020, not the follow-up, comes last


def test_the_first_survey_counts_and_ages_are_dated_back_to_intake():
    listed = pd.concat([survey(["march000"], 2020, age={"march000": 41.0}), survey(["march000"], 2021), LISTED])
    strips = {person: strip.ljust(38, ".") for person, strip in {**EVENTS, **OTHERS, "march000": LATE}.items()}
    asked = {person: "." * (14 if person == "march000" else 12) + "a" for person in strips}
    cohort = made(strips, asked=asked, listed=listed)
    [case] = cohort.cases.index[cohort.cases["person_id"] == "march000"]
    assert cohort.cases.loc[case, "fitted"] and cohort.answers["age"].iloc[case] == 40  # 41 in 2020, intake in 2019
    long_after = made(strips, asked=asked, listed=pd.concat([survey(["march000"], 2021), LISTED]))
    assert not long_after.cases.loc[case, "fitted"]  # two years after, it may be another case


def test_an_item_whose_answers_shift_is_refused_with_its_count():
    moved = dict.fromkeys([f"event{i:03d}" for i in range(3)], "higher")
    shifted = made(listed=survey(LISTED["person_id"], education=moved))  # 3 of 50 moved, all one way
    [found] = [row for row in shifted.summary["stability"] if row["item"] == "education"]
    assert found == {"item": "education", "use": "predictor", "both_n": 50, "net_shift": 0.06, "verdict": "shifted"}
    assert shifted.answers["education"].eq("not_asked").all()
    assert (
        verdicts(made(listed=survey(LISTED["person_id"], education=dict(list(moved.items())[:2]))))["education"]
        == "enters"
    )


def test_moves_both_ways_cancel_and_levels_without_order_count_half_of_each_change():
    education, situation = (STABLE.item(name) for name in ("education", "situation"))
    before = pd.Series(["primary"] * 5 + ["higher"] * 5)
    assert net_shift(education, before, before[::-1]) == 0
    assert net_shift(education, before, pd.Series(["higher"] * 10)) == 0.5
    assert net_shift(situation, pd.Series(["job_seeker"] * 4), pd.Series(["job_seeker"] * 3 + ["pension"])) == 0.25
    ages = pd.Series([40.0] * 4)
    assert net_shift(STABLE.item("age"), ages, ages + [1, -1, 0, 2]) == 0.25  # a year is a matter of the month


@pytest.mark.parametrize(
    ("blank_n", "verdict"),
    [(3, "enters"), (4, "blanks_differ")],  # of 60 in the survey, none at intake; 5 points are allowed
)
def test_blanks_may_not_differ_between_the_forms(blank_n, verdict):
    blank = dict.fromkeys([f"event{i:03d}" for i in range(blank_n)], "no_answer")
    cohort = made(listed=survey(EVENTS, education=blank))
    assert verdicts(cohort)["education"] == verdict
    assert cohort.summary["blanks"][0]["survey_share"] == pytest.approx(blank_n / 60)


def test_what_is_not_declared_stable_not_surveyed_or_hardly_tested_does_not_enter():
    few = dict.fromkeys([f"event{i:03d}" for i in range(11)], "no_answer")  # 49 of 60 have both
    cohort = made(listed=survey(EVENTS, education=few).drop(columns="sex"), age={})
    found = verdicts(cohort)
    assert found["education"] == "too_few_with_both" and found["situation"] == "not_declared_stable"
    assert found["earlier_months"] == "register" and found["age"] == "enters"
    instrument = replace(STABLE, items=tuple(replace(item, stable=True) for item in STABLE.items))
    assert verdicts(made(listed=LISTED.drop(columns="sex"), instrument=instrument))["sex"] == "not_in_survey"


def test_downstream_the_refused_items_are_of_no_use(plain):
    entering = entering_instrument(STABLE, plain.summary["refused"])
    assert [item.id for item in entering.predictors(0)] == ["education", "age", "earlier_months"]
    assert entering.three_item_rule == {}
    assert entering_instrument(STABLE, ()) == STABLE


def test_a_survey_answer_fills_no_hole_at_intake_and_the_inflow_keeps_its_own():
    blank = dict.fromkeys(("event000", "other000"), "no_answer")
    strips, listed = {**EVENTS, **OTHERS}, survey([*EVENTS, "other000"])
    intake = intake_answers(dict.fromkeys(strips, CLEAN + "a"), education=blank)
    handed_over = delivery(register_rows(strips), intake, answers_by_survey=listed)
    in_design, in_inflow = (
        build(handed_over, STABLE, settings()).answers["education"].tolist() for build in (build_cohort, build_inflow)
    )
    assert in_design.count("no_answer") == 1  # the non-event's: an event has what the survey says, nothing else
    assert in_inflow.count("no_answer") == 2


def test_routes_and_ages_of_the_unlinked_come_from_the_survey():
    more = {**people("quiet", 30, STAYS), **people("unasked", 60, LEAVES)}
    quiet = list(people("quiet", 30, STAYS))
    answers = survey(quiet, situation={quiet[0]: "pension"}, age={quiet[1]: 17.0})
    asked = dict.fromkeys({**EVENTS, **OTHERS}, CLEAN + "a")
    cohort = made({**EVENTS, **OTHERS, **more}, asked=asked, listed=pd.concat([LISTED, answers]))
    cases = cohort.cases.set_index("person_id")
    assert cases.loc[quiet[0], "route"] and cases.loc[quiet[1], "age_outside"]
    assert cases.loc[quiet, "fitted"].sum() == 28
    assert (steps(cohort)["route"], steps(cohort)["age_outside"]) == (1, 1)


def test_the_flow_counts_everybody_once_and_the_order_of_the_survey_decides_nothing(plain):
    cohort, n = plain, steps(plain)
    parts = ("joined", "not_followed", "outcome_unknown", "unlike", "unlinked", "months_left_out", "age_outside")
    assert n["new_cases"] == sum(n[step] for step in (*parts, "route", "not_listed", "fitted"))
    assert cohort.flow["text_sv"].ne(cohort.flow["text_en"]).all()
    again = made(listed=LISTED[::-1].reset_index(drop=True))
    pd.testing.assert_frame_equal(cohort.cases, again.cases)
    assert cohort.summary == again.summary


def test_no_year_waits_to_be_confirmed_since_the_inflow_is_the_judge(plain):
    assert plain.summary["latest_complete_year"] is None


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"listed": None}, "survey: 0 rows; the case-control design takes its events from it"),
        ({"listed": LISTED.iloc[:0]}, "survey: 0 rows"),
        (
            {"listed": survey(["stranger"])},
            r"survey: 0 of 60 events .*; 1 intake months \(2019-01\) have fewer than 20%",
        ),
        ({"strips": EVENTS, "listed": survey(EVENTS)}, "60 of 60 new cases that have them.*are events"),
        ({"instrument": INSTRUMENT}, "0 of 3 predictors that are asked .*education: not declared stable"),
        ({"listed": LISTED.assign(education="higher", age=np.nan)}, "education: shifted, 50 with both.*net shift 100%"),
    ],
)
def test_what_cannot_carry_the_design_is_refused_with_what_to_do(more, message):
    with pytest.raises(SurveyDataError, match=message) as raised:
        made(**more)
    assert "stranger" not in str(raised.value)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (chosen(design="case_control"), 'model: blanks must be "mean"'),
        (settings(landmarks=(0, 3)), r"landmarks must be \[0\]"),
        (settings(landmark=3), "landmark must be 0"),
    ],
)
def test_settings_that_the_design_cannot_obey_are_refused(wrong, message):
    with pytest.raises(SettingsError, match=message):
        made(chosen_settings=wrong)


def test_cases_that_come_labelled_have_no_survey():
    frames = delivery(None, None, labelled_cases=pd.DataFrame({"case_id": ["c"]}))
    with pytest.raises(SettingsError, match="have no survey"):
        build_cohort(frames, STABLE, settings())


def two_years(*, events_n=110, listed_n=110):
    """Events and others of January 2019 and of January 2020; the register goes on to February 2022."""
    later = {name: "." * 24 + case for name, case in (("stays", "X" * 12), ("leaves", "X"))}
    strips = {
        **people("event", 120, STAYS.ljust(50, ".")),
        **people("other", 130, LEAVES.ljust(50, ".")),
        **people("late", events_n, later["stays"].ljust(50, ".")),
        **people("short", 140, later["leaves"].ljust(50, ".")),
    }
    asked = {person: strip[: strip.index("X")].replace("X", ".") + "a" for person, strip in strips.items()}
    listed = [person for person in strips if person.startswith("event")][:listed_n]
    both = pd.concat([survey(listed), survey([one for one in strips if one.startswith("late")], year=2020)])
    return made(strips, asked=asked, listed=both, education=dict.fromkeys(["short000", "late000"], "higher"))


def test_a_year_with_a_hundred_of_each_outcome_waits_and_teaches_nothing():
    cohort = two_years()
    fitted, _ = cohort.modelled
    assert cohort.exam_year == cohort.summary["latest_complete_year"] == 2020
    assert set(fitted["intake_year"]) == {2019} and len(fitted) == 110 + 130
    assert cohort.summary["tau"]["n"] == 250
    assert cohort.summary["research_only"] is False
    counted = steps(cohort)
    assert counted["waits"] == 250
    assert counted["new_cases"] == counted["waits"] + counted["not_listed"] + counted["fitted"]


def test_the_year_that_waits_is_judged_by_its_answers_at_intake():
    cohort = two_years()
    cases, answers = cohort.exam
    assert len(cases) == 110 + 140 and int(cases["outcome"].sum()) == 110
    assert cases["weight"].to_numpy() == pytest.approx(np.ones(250))
    by_person = answers.set_index(cases["person_id"])["education"]
    assert by_person["late000"] == by_person["short000"] == "higher" and by_person["late001"] == "primary"


@pytest.mark.parametrize("few", [{"events_n": 99}, {"listed_n": 99}], ids=["in the year", "before it"])
def test_where_there_are_too_few_in_the_year_or_before_it_all_are_fitted(few):
    cohort = two_years(**few)
    assert cohort.exam_year is None and cohort.summary["latest_complete_year"] is None
    assert set(cohort.modelled[0]["intake_year"]) == {2019, 2020}
    assert steps(cohort)["waits"] == 0
