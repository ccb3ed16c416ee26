"""Flows that break: each must stop the run, and only a signed explanation, in words of one's own, lets it go on."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from flows import SETTINGS, STEADY, cases, history, raised
from village import ROOT

from riskmodel.assess.assessment import COMPARATOR
from riskmodel.assess.year_drift import DRIFTS
from riskmodel.cohort.flow_alarms import (
    alarms_of,
    outcome_alarms,
    refuse_broken_flow,
    register_alarms,
    unknown_alarms,
)
from riskmodel.cohort.guard import unlinked_explanation
from riskmodel.ground.alarm import is_copied, unmet
from riskmodel.ground.choices import ExplainedAlarm
from riskmodel.ground.errors import SurveyDataError
from riskmodel.instrument.load import read_instrument
from riskmodel.model.published_fit import CHANCE_ALARMS


def test_a_steady_flow_raises_nothing():
    assert raised(history()) == []
    assert outcome_alarms(cases(*STEADY), SETTINGS) == []


def test_a_month_unlike_its_past_is_told_once_a_break():
    # month 80 is September 2024: three times as many starts, a quarter of the rows and persons gone
    assert raised(history(m80=(120, 200, 210), m81=(40, 200, 210))) == [("starts_of_month", "2024-09")]
    assert raised(history(m80=(40, 150, 157))) == [("receipts_of_month", "2024-09"), ("persons_of_month", "2024-09")]
    assert raised(history(m95=(400, 10, 10))) == []  # the youngest two months are never complete
    # months on end that lie apart one way are one break, over New Year, too; the other way is another
    assert raised(history(m83=(120, 200, 210))) == [("starts_of_month", "2024-12")]
    there_and_back = history(m80=(120, 200, 210), m81=(5, 200, 210), m82=(40, 200, 210))
    assert raised(there_and_back) == [("starts_of_month", "2024-09"), ("starts_of_month", "2024-10")]


def test_a_small_town_has_months_of_three_times_as_many_starts():
    # 1.5 · √((x + 6)/2) four times over: of 6 a month 25 are within chance, 26 are not
    assert raised(history(starts=6, m80=(25, 200, 210), m81=(6, 200, 210))) == []
    assert raised(history(starts=6, m80=(28, 200, 210), m81=(6, 200, 210))) == [("starts_of_month", "2024-09")]


def test_an_explained_month_explains_no_other_break_of_its_year():
    # rows double in March 2024 and again in October
    broken = history(m74=(40, 200, 420), m75=(40, 200, 210), m81=(40, 200, 420), m82=(40, 200, 210))
    march = ExplainedAlarm("receipts_of_month", "2024-03", "Anna Berg, analytiker", "En fil lades till.", 2024)
    settings = replace(SETTINGS, alarm=replace(SETTINGS.alarm, explained=(march,)))
    found = register_alarms(broken, cases(*STEADY), settings)
    assert [(one.item, one.is_explained) for one in found] == [("2024-03", True), ("2024-10", False)]
    with pytest.raises(SurveyDataError, match="1 not explained") as caught:
        refuse_broken_flow(found)
    assert 'item = "2024-10"\nyear = 2024\n' in str(caught.value)
    whole_year = replace(march, item="")
    settings = replace(SETTINGS, alarm=replace(SETTINGS.alarm, explained=(whole_year,)))
    assert not any(one.is_explained for one in register_alarms(broken, cases(*STEADY), settings))


def test_an_explanation_that_meets_no_alarm_is_told_by_whoever_looks_for_it():
    broken = register_alarms(history(m74=(40, 200, 420), m75=(40, 200, 210)), cases(*STEADY), SETTINGS)
    march = ExplainedAlarm("receipts_of_month", "2024-03", "Anna Berg, analytiker", "En fil lades till.", 2024)
    dead = [replace(march, item=""), replace(march, year=2023), replace(march, alarm="reciepts_of_month")]
    later = [replace(march, alarm=name) for name in ("auc", *CHANCE_ALARMS, COMPARATOR, *DRIFTS)]
    assert unmet((march, *later), broken, stages=("cohort",)) == []
    told = unmet((march, *dead, *later), broken, stages=("cohort",))
    assert [one.en.partition(": ")[0] for one in told] == [
        'alarm.explained in params.toml, alarm = "receipts_of_month", item = "", year = 2024',
        'alarm.explained in params.toml, alarm = "receipts_of_month", item = "2024-03", year = 2023',
        'alarm.explained in params.toml, alarm = "reciepts_of_month", item = "2024-03", year = 2024',
    ]
    of_march = 'item = "2024-03", year = 2024, which it does not explain.'
    assert [of_march in one.en for one in told] == [True, True, False] and of_march not in told[0].sv
    assert len(unmet((march, *later), broken, stages=("fit", "assess"))) == 6
    assert len(unmet(later, [], stages=("fit", "assess", "year_drift"))) == len(later)


def test_rows_that_are_missing_here_and_there_leave_holes():
    assert raised(history(holes=40, holes_from=85)) == [("holes_of_month", "2025-02")]
    assert raised(history(holes=12, holes_from=85)) == []  # .067 more than usual
    small = {"starts": 3, "persons": 16, "rows": 17, "between": 12}
    assert raised(history(holes=3, holes_from=85, **small)) == []  # of twelve, where two are usual
    assert raised(history(holes=9, holes_from=85, **small)) == [("holes_of_month", "2025-02")]


def test_a_second_break_behind_an_explained_one_is_told():
    # a quarter gone in September and as much again from November on: the median holds the new level by then
    twice = history(starts=20, m80=(20, 150, 157), m82=(20, 112, 118))
    months = ["2024-09", "2024-11"]
    assert [month for name, month in raised(twice) if name == "receipts_of_month"] == months
    # a fifth gone in September, and more than half in October
    worse = history(starts=20, m80=(20, 155, 160), m81=(20, 80, 85), m82=(20, 160, 165))
    assert [month for name, month in raised(worse) if name == "persons_of_month"][:2] == ["2024-09", "2024-10"]


def test_a_break_makes_no_season_of_its_month():
    both = {"m62": (40, 140, 147), "m63": (40, 200, 210), "m74": (40, 140, 147), "m75": (40, 200, 210)}
    found = ["2023-03"] * 2 + ["2024-03"] * 2
    assert sorted(month for _, month in raised(history(**both))) == found
    thrice = both | {"m86": (40, 140, 147), "m87": (40, 200, 210)}  # it was so two years on end: a season
    assert sorted(month for _, month in raised(history(**thrice))) == found


def test_a_season_is_no_break():
    summers = {}
    for july in (42, 54, 66, 78):  # from the fourth year on, and first told then
        summers |= {f"m{july}": (140, 260, 270), f"m{july + 1}": (40, 200, 210)}
    found = raised(history(**summers))
    assert sorted(month for _, month in found) == ["2021-07"] * 3 + ["2022-07"] * 3  # once is no season


def test_few_people_vary_and_raise_nothing():
    small = history(starts=3, persons=16, rows=17, m80=(7, 12, 13), m81=(3, 16, 17))
    assert raised(small) == []


def test_links_of_a_year_that_was_explained_are_nobodys_usual():
    steady, lost = (200, 60, 10, 4), (130, 40, 80, 30)
    slightly = (168, 51, 42, 17)  # .20 beside .05 before, which were .16 with 2020 among them
    by = ExplainedAlarm("unlinked_share", "", "Anna Berg, analytiker", "En blankett togs bort i mars.", 2020)
    settings = replace(SETTINGS, alarm=replace(SETTINGS.alarm, explained=(by,)))
    found = register_alarms(history(), cases(steady, steady, lost, slightly), settings)
    assert [(one.year, one.is_explained) for one in found] == [(2020, True), (2021, False)]
    gap, wider = (180, 60, 20, 7), (180, 60, 20, 20)
    by = ExplainedAlarm("unlinked_events", "", "Anna Berg, analytiker", "De sena svaren kom bort.", 2020)
    settings = replace(SETTINGS, alarm=replace(SETTINGS.alarm, explained=(by,)))
    found = register_alarms(history(), cases(gap, gap, wider, gap, wider), settings)
    assert [(one.year, one.is_explained) for one in found if one.year] == [(2020, True), (2022, False)]


def _with_last(*last):
    return cases(*STEADY[:-1], last)


def test_links_that_fail_more_or_choose_more_are_told_by_year():
    assert raised(history(), _with_last(130, 43, 70, 35)) == [("unlinked_share", 2025)]
    # the usual gap is 10/20 − 60/180 = 1/6; now 20/20 − 50/180 = .72
    assert raised(history(), _with_last(180, 50, 20, 20)) == [("unlinked_events", 2025)]
    always = cases(*[(180, 40, 20, 20)] * 8)  # the gap is .78 in every year
    assert [(one.alarm, one.year) for one in register_alarms(history(), always, SETTINGS)] == [("unlinked_events", 0)]


@pytest.mark.parametrize(("events_n", "told"), [(60, []), (80, []), (100, [2025]), (180, [2025]), (5, [2025])])
def test_an_event_rate_outside_its_predecessors_range_is_told(events_n, told):
    # 60 of 180 before; 80 is .11 higher and within three standard errors (.18), 100 is .22 higher
    last = cases(*[(180, 60, 0, 0)] * 7, (180, events_n, 0, 0))
    assert [one.year for one in outcome_alarms(last, SETTINGS)] == told


def test_too_many_unknown_outcomes_are_told_of_all_and_by_year():
    year = pd.Series([2020] * 50 + [2021] * 50)
    outcome = pd.Series([1, 0] * 50, dtype="Int8")
    assert unknown_alarms(outcome, year, SETTINGS) == []
    some = outcome.mask(np.arange(100) >= 92)  # 8 of 100, 8 of 50
    assert [(one.year, one.found) for one in unknown_alarms(some, year, SETTINGS)] == [(2021, 0.16)]
    many = outcome.mask(np.arange(100) >= 80)
    assert [one.year for one in unknown_alarms(many, year, SETTINGS)] == [0, 2021]


def _explained(reason):
    by = ExplainedAlarm("receipts_of_month", "2024-09", "Anna Berg, analytiker", reason, 2024)
    persons = replace(by, alarm="persons_of_month")
    return replace(SETTINGS, alarm=replace(SETTINGS.alarm, explained=(by, persons)))


def test_a_named_person_lets_it_go_on_in_words_of_their_own():
    broken, usual = history(m80=(40, 150, 157)), cases(*STEADY)
    with pytest.raises(SurveyDataError) as caught:
        refuse_broken_flow(register_alarms(broken, usual, SETTINGS))
    swedish = caught.value.said("sv")
    assert swedish.startswith("Varningar om flödet: 2 är inte förklarade: receipts_of_month för 2024-09 (-0,252, gräns")
    assert 'year = 2024\nsigned_by = "Namn, roll"\n' in swedish
    message = str(caught.value)
    assert "flow alarm: 2 not explained: receipts_of_month of 2024-09 (-0.252, limit 0.150)" in message
    assert 'alarm = "receipts_of_month"\nitem = "2024-09"\nyear = 2024\n' in message
    refuse_broken_flow(register_alarms(broken, usual, _explained("Kommundelen Öst bildade en egen kommun.")))
    copied = "Three questions only,  so each carries much. The birth year comes from the application"
    with pytest.raises(SurveyDataError, match="2 not explained"):
        refuse_broken_flow(register_alarms(broken, usual, _explained(copied)))


def test_what_is_found_at_several_landmarks_is_told_once():
    one = {"alarm": "event_rate", "item": "", "found": 0.2, "limit": 0.1, "year": 2025}
    cohorts = [
        SimpleNamespace(summary={"alarms": [one]}),
        SimpleNamespace(summary={"alarms": [one | {"year": 2024}, one]}),
    ]
    assert sorted(alarm.year for alarm in alarms_of(cohorts)) == [2024, 2025]


@pytest.mark.parametrize("name", ["exempelstad", "sjostad"])
def test_an_examples_explanation_is_its_own_alone(name):
    instrument = read_instrument(ROOT / f"data/instruments/{name}.toml")
    said = unlinked_explanation(instrument)
    assert said
    assert unlinked_explanation(replace(instrument, municipality_code="0180")) == ""
    assert is_copied(said.upper().replace(".", " !"), "0180")


def test_the_guides_reason_is_known_as_copied():
    guide = (ROOT / "docs/analyst.md").read_text(encoding="utf-8")
    alarm = guide[guide.index("[[alarm.explained]]") :]
    assert is_copied(alarm.split('reason = "')[1].split('"')[0])


@pytest.mark.parametrize(
    ("rates", "told"),
    [
        (((16, 4), (160, 40), (160, 40), (16, 0)), []),  # 0 of 16 where a quarter is usual: by chance once in a hundred
        (((5, 3), (600, 150)), []),  # a first year of five says nothing of those after
        (((1, 1), (200, 70), (200, 70), (200, 200)), [2021]),  # … and hides nothing either
        (((200, 70), (200, 70), (200, 200)), [2020]),
        (((600, 210), (600, 300)), [2019]),  # .35 to .50
    ],
)
def test_an_event_rate_is_held_against_years_of_enough_cases_and_against_chance(rates, told):
    found = outcome_alarms(cases(*((n, events_n, 0, 0) for n, events_n in rates)), SETTINGS)
    assert [one.year for one in found] == told


def test_a_year_that_was_explained_is_nobodys_usual():
    broken = [(600, 210, 0, 0), (600, 210, 0, 0), (600, 540, 0, 0), (600, 216, 0, 0), (600, 528, 0, 0)]
    because = ExplainedAlarm("event_rate", "", "Bo Ek, chef", "Fabriken stängde det året.", year=2020)
    settings = replace(SETTINGS, alarm=replace(SETTINGS.alarm, explained=(because,)))
    found = outcome_alarms(cases(*broken), settings)
    assert [(one.year, one.is_explained) for one in found] == [(2020, True), (2022, False)]


@pytest.mark.parametrize(
    ("before", "last", "told"),
    [
        ((500, 150, 100, 5), (500, 150, 100, 65), True),  # from .25 below the linked to .35 above
        ((550, 120, 0, 0), (550, 120, 50, 35), True),  # nobody was without a link; then fifty, of whom .70 stay
        ((500, 150, 100, 65), (500, 150, 100, 30), False),  # a gap that closes
        ((550, 120, 0, 0), (550, 120, 10, 9), True),  # .90 of ten against .22: .68, and three errors are .47
        ((550, 120, 0, 0), (550, 120, 9, 9), False),  # nine people tell of nothing
        ((90, 27, 7, 3), (90, 27, 12, 11), False),  # 11 of 12 where five are usual: 2.5 errors of so few
    ],
)
def test_a_gap_of_the_unlinked_that_turns_or_begins_is_told(before, last, told):
    found = register_alarms(history(), cases(*[before] * 7, last), SETTINGS)
    assert (("unlinked_events", 2025) in [(one.alarm, one.year) for one in found]) == told


def test_who_came_back_and_has_answers_of_the_later_visit_alone_opens_no_gap():
    # of each year twenty come back, half of them long; of the newest only those come back who were soon off again
    years = cases(*[(180, 60, 20, 10)] * 7, (180, 60, 20, 0))
    # nobody else is without answers, so a person's last case says of every year that all is linked
    later = years[~years["linked"]].assign(linked=True, intake_month=2025 * 12 + 6, intake_year=2025)
    assert raised(history(), pd.concat([years, later], ignore_index=True)) == []
    unfollowed = later.assign(complete=False, outcome=np.nan, intake_year=2026, intake_month=2026 * 12)
    assert raised(history(), pd.concat([years, unfollowed], ignore_index=True)) == []
    assert raised(history(), years) == [("unlinked_events", 2025)]


def test_who_has_not_had_time_to_come_back_opens_no_gap():
    # the unlinked of every year stay long, .57 against .20, and come back two years later; the newest can't have yet
    years = cases(*[(300, 60, 100, 57)] * 8)
    back = ~years["linked"] & (years["intake_year"] < 2024)
    later = years[back].assign(linked=True, complete=False, outcome=np.nan)
    later = later.assign(intake_year=later["intake_year"] + 2, intake_month=later["intake_month"] + 24)
    assert raised(history(), pd.concat([years, later], ignore_index=True)) == []
