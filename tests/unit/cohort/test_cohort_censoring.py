"""Base rates: the known, the weighted, and the cumulative incidence, each by hand."""

import numpy as np
import pandas as pd
import pytest

from riskmodel.cohort.censoring import Ends, base_rates, incidence, interval


def cases_of(*rows, **more):
    """Cases from (decided_month, censored_month, outcome), all fitted and followed up in one stratum."""
    frame = pd.DataFrame(rows, columns=["decided_month", "censored_month", "outcome"]).astype("Int16")
    plain = {"fitted": True, "complete": True, "intake_year": 2020, "area": "North", "cluster_id": range(len(frame))}
    return frame.assign(**{**plain, **more})


NA = pd.NA
#  month 2: one of four leaves; month 4: one of the three left moves; month 12: of the two left one stays long
FOUR = [(2, NA, 0), (NA, 4, NA), (12, NA, 1), (12, NA, 0)]


def test_the_three_rates_by_hand():
    found = base_rates(cases_of(*FOUR))
    assert (found["n"], found["events_n"], found["non_events_n"], found["censored_n"]) == (4, 1, 2, 1)
    assert found["known_share"] == pytest.approx(1 / 3)
    #  Ĝ just before month 12 is 1 − 1/3, so that each of the two decided then weighs 3/2
    assert found["ipcw_share"] == pytest.approx((3 / 2) / (1 + 3 / 2 + 3 / 2))
    assert found["kaplan_meier_share"] == pytest.approx((3 / 4) * (1 / 2))
    assert found["undecided_share"] == 0


def test_whoever_is_censored_last_stays_undecided():
    found = base_rates(cases_of((2, NA, 0), (6, NA, 1), (NA, 11, NA)))
    assert found["kaplan_meier_share"] == pytest.approx((2 / 3) * (1 / 2))
    assert found["undecided_share"] == pytest.approx((2 / 3) * (1 / 2))


def test_without_censoring_the_error_is_that_of_a_share():
    outcome = [1, 1, 0, 0, 0]
    found = incidence(Ends(np.full(5, 12), np.full(5, True), np.array(outcome) == 1, np.arange(5)))
    assert found.share == pytest.approx(2 / 5)
    assert found.se == pytest.approx(np.sqrt((2 / 5) * (3 / 5) / 5))


def test_couples_who_end_alike_count_once():
    twice = Ends(np.full(4, 12), np.full(4, True), np.array([True, True, False, False]), np.array([7, 7, 3, 3]))
    assert incidence(twice).se == pytest.approx(np.sqrt((1 / 2) * (1 / 2) / 2))


def test_the_incidence_is_that_of_r():
    #  survfit(Surv(month + (1 - decided) / 2, end) ~ 1, id = 1:10) at month 12, R 4.2.2, survival 3.5-3
    month = np.array([2, 2, 3, 3, 5, 6, 9, 12, 12, 12])
    decided = np.array([1, 0, 1, 1, 0, 1, 0, 1, 1, 1], dtype=bool)
    event = np.isin(np.arange(10), [7, 8])
    found = incidence(Ends(month, decided, event, np.arange(10)))
    assert (found.share, found.se) == pytest.approx((0.36, 0.186868938029), abs=1e-9)


def test_a_rule_that_fills_the_censored_changes_no_base_rate():
    filled = cases_of(*FOUR).assign(outcome=pd.array([0, 1, 1, 0], dtype="Int8"))
    assert base_rates(filled) == base_rates(cases_of(*FOUR))


def test_those_left_out_or_not_followed_do_not_count():
    more = cases_of(*FOUR, (12, NA, 1), (12, NA, 1), fitted=[True] * 5 + [False], complete=[True] * 4 + [False, True])
    assert base_rates(more) == base_rates(cases_of(*FOUR))


def test_labelled_cases_have_a_known_rate_alone():
    found = base_rates(cases_of((NA, NA, 1), (NA, NA, 0), (NA, NA, NA)))
    assert (found["known_share"], found["censored_n"], found["kaplan_meier_share"]) == (1 / 2, 1, None)


def test_nobody_has_no_rate():
    nobody = base_rates(cases_of(*FOUR).iloc[:0])
    assert (nobody["n"], nobody["known_share"], nobody["kaplan_meier_low"]) == (0, None, None)


def test_the_interval_holds_the_share_and_stays_inside():
    assert interval(0.0, 0.0) == (0.0, 0.0)
    low, high = interval(0.02, 0.02)
    assert 0 < low < 0.02 < high < 1
    #  log-odds of .5 is 0; 1.959964 · .05/(.5 · .5) to either side
    assert interval(0.5, 0.05)[1] == pytest.approx(1 / (1 + np.exp(-1.959964 * 0.2)))
