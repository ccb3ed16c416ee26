"""Each constant of the alarms, by arithmetic: what lies just within it is not told, what lies just beyond it is."""

import numpy as np
import pandas as pd
import pytest
from flows import SETTINGS, STEADY, cases, history, raised

from riskmodel.cohort.flow_alarms import outcome_alarms, unknown_alarms


@pytest.mark.parametrize(("month", "told"), [(23, []), (24, ["2020-01"])])
def test_a_register_fills_for_two_years(month, told):
    spike = history(**{f"m{month}": (120, 200, 210), f"m{month + 1}": (40, 200, 210)})
    assert [item for _, item in raised(spike)] == told


@pytest.mark.parametrize(("month", "told"), [(35, []), (36, ["2021-01"])])
def test_starts_are_held_against_twelve_months_after_the_first_answers(month, told):
    spike = history(**{f"m{month}": (120, 200, 210), f"m{month + 1}": (40, 200, 210)})
    since_2020 = cases(*STEADY)
    assert [item for _, item in raised(spike, since_2020[since_2020["intake_year"] >= 2020])] == told


def test_rows_are_held_against_the_median_of_three_months():
    # November: 17,300 against 21,000, 15,000 and 15,000, which is .153 up; of four months it would be .039 down
    rows = {"m80": 15_000, "m82": 17_300, "m83": 16_000}
    broken = history(persons=20_000, rows=21_000, **{name: (40, 20_000, n) for name, n in rows.items()})
    assert raised(broken) == [("receipts_of_month", "2024-09"), ("receipts_of_month", "2024-11")]


@pytest.mark.parametrize(("starts", "told"), [(77, 0), (78, 1)])
def test_a_month_lies_four_errors_away(starts, told):
    """Beside 40 four errors of x are 4·√(1.5·(x + 40)/2): 37.5 of 77, which is 37 more, 37.6 of 78, 38 more."""
    assert len(raised(history(m80=(starts, 200, 210), m81=(40, 200, 210)))) == told


@pytest.mark.parametrize(("rows", "told"), [(820, 0), (795, 1)])
def test_of_those_on_assistance_a_seventh_or_so_come_and_go(rows, told):
    """Of 200 persons 30 move, more than the 20 who start: √(2 · 1.5 · 30) / 200 = .047, four are .190."""
    dropped = history(starts=20, persons=200, rows=1000, m80=(20, 200, rows), m81=(20, 200, 1000))
    assert len(raised(dropped)) == told


@pytest.mark.parametrize(("linked_events_n", "told"), [(20, []), (18, [("unlinked_events", "")])])
def test_the_gap_of_all_years_lies_surely_beyond_its_limit(linked_events_n, told):
    """.70 of 80 less .20 or .18 of 800: √(1.5 · (.212/82 + .160/802)) = .065, and .50 − 1.645 · .065 < .40 < .52 − …"""
    always = cases(*[(100, linked_events_n, 10, 7)] * 8)
    assert [(name, item or "") for name, item in raised(history(), always)] == told


@pytest.mark.parametrize(("n", "told"), [(29, []), (30, [2019])])
def test_a_year_of_thirty_cases_is_a_measure_for_others(n, told):
    """6 of 30, then 360 of 600: .40 apart, and three errors of .58 are .33."""
    assert [one.year for one in outcome_alarms(cases((n, 6, 0, 0), (600, 360, 0, 0)), SETTINGS)] == told


@pytest.mark.parametrize(("unknown_n", "told"), [(2, []), (3, [2021])])
def test_two_unknown_outcomes_stop_no_year(unknown_n, told):
    year = pd.Series([2020] * 90 + [2021] * 10)
    outcome = pd.Series([1, 0] * 50, dtype="Int8").mask(np.arange(100) >= 100 - unknown_n)
    assert [one.year for one in unknown_alarms(outcome, year, SETTINGS)] == told
