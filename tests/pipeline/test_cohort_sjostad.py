"""A whole untidy delivery becomes a cohort; skipped where the shared folder is absent."""

import pytest
from pipeline.clone import PROJECT
from pipeline.years import SHARED, needs_shared, quick_settings

from riskmodel.cohort.build import build_cohort
from riskmodel.extracts.read import read_delivery
from riskmodel.instrument.load import read_instrument

pytestmark = needs_shared


@pytest.fixture(scope="module")
def cohort():
    settings = quick_settings()
    instrument = read_instrument(PROJECT / "data" / "instruments" / "sjostad.toml")
    return build_cohort(read_delivery(SHARED / "sjostad", instrument, settings), instrument, settings)


def test_the_flow_adds_up_from_rows_to_events(cohort):
    n = cohort.flow.set_index("step")["n"]
    assert n["rows"] > n["used_rows"] >= n["person_months"] >= n["receipts"] > n["starts"]
    assert n["starts"] == n["absent"] + n["before_answers"] + n["new_cases"]
    left_out = ["joined", "unlinked", "age_outside", "route", "not_followed"]
    assert n["new_cases"] == n[left_out].sum() + n["fitted"]
    assert n["fitted"] == n["unknown"] + n["modelled"]
    assert 4_500 < n["modelled"] < 5_100


def test_about_a_fifth_have_no_answers_and_most_of_them_a_later_case_that_has(cohort):
    unlinked = cohort.summary["unlinked"]
    groups = {row["group"]: row for row in unlinked["groups"]}
    assert unlinked["share"] == pytest.approx(0.23, abs=0.01)
    assert groups["unlinked"]["share"] == pytest.approx(0.55, abs=0.02)
    assert groups["linked"]["share"] == pytest.approx(0.32, abs=0.02)
    assert groups["unlinked_before_a_linked_case"]["n"] > 0.9 * groups["unlinked"]["n"]


def test_the_censored_are_handed_on_and_the_ways_of_treating_them_frame_the_answer(cohort):
    shares = {row["rule"]: row["share"] for row in cohort.summary["censoring"]["rules"]}
    assert shares["non_events"] < shares["ipcw"] < shares["events"]
    cases, answers = cohort.modelled
    assert cases["weight"].sum() == pytest.approx(cohort.cases["fitted"].sum())
    assert 1 <= cases["weight"].min() and cases["weight"].max() < 1.5
    assert len(answers) == len(cases)


def test_the_latest_year_is_the_last_whose_twelve_intake_months_are_followed(cohort):
    last = cohort.summary["data_window"]["last_register_month"]
    year = cohort.summary["latest_complete_year"]
    december, follow_up_and_lag = 11, 11 + 2
    assert year * 12 + december + follow_up_and_lag <= last < (year + 1) * 12 + december + follow_up_and_lag
