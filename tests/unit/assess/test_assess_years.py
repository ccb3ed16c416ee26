"""Which years wait for the exam: the latest, and as many before it as 100 of each outcome need."""

from dataclasses import replace

import numpy as np
import pytest
from predicted import cohort_of, instrument_of, settings_of

from riskmodel.assess.rolling import confirm_predictions, gather_evidence
from riskmodel.assess.years import check_confirmable, exam_years, open_to_view, rolling_years, waiting
from riskmodel.ground.choices import PriorSettings
from riskmodel.ground.errors import SurveyDataError
from riskmodel.model.fit import fit_model
from riskmodel.model.points import risk_of_answers

YEARS = (2016, 2017, 2018, 2019, 2020, 2021, 2022)
SETTINGS = settings_of(min_training_months=20)


def town(*, events_n: int, n: int = 300):
    """A cohort of `n` cases a year, `events_n` of them events, known by the December after."""
    made = cohort_of(n * len(YEARS), years=YEARS)
    place = made.cases.groupby("intake_year").cumcount()
    outcome = (place * 7919 % made.cases.groupby("intake_year")["outcome"].transform("size") < events_n).astype(int)
    return replace(made, cases=made.cases.assign(outcome=outcome))


@pytest.mark.parametrize(
    ("events_n", "waiting"),
    [(100, (2022,)), (99, (2021, 2022)), (50, (2021, 2022)), (49, (2020, 2021, 2022)), (34, (2020, 2021, 2022))],
)
def test_as_many_years_wait_as_hold_a_hundred_of_each_outcome(events_n, waiting):
    cohort = town(events_n=events_n)
    assert exam_years(cohort, SETTINGS) == waiting
    # and nobody sees them before
    cases, _ = cohort.modelled
    assert sorted(set(cases["intake_year"][~open_to_view(cohort, SETTINGS)])) == list(waiting)
    assert max(rolling_years(cohort, SETTINGS)) == waiting[0] - 1


def test_non_events_are_needed_as_events_are():
    cohort = town(events_n=50)
    turned = replace(cohort, cases=cohort.cases.assign(outcome=1 - cohort.cases["outcome"]))
    assert exam_years(turned, SETTINGS) == exam_years(cohort, SETTINGS)


def test_where_all_years_hold_too_few_the_latest_waits_alone():
    # 2019 is the first with 20 months known before it: four years of 24 events
    assert exam_years(town(events_n=24), settings_of(min_training_months=20, group_min=15)) == (2022,)
    assert exam_years(town(events_n=25), settings_of(min_training_months=20, group_min=15)) == YEARS[3:]


def test_a_borrowed_table_asks_for_a_level_alone_so_more_years_can_wait():
    # before 2019 there are three years of 25 events: too few to learn from, enough for a level
    cohort, alone = town(events_n=25), settings_of(min_training_months=20, group_min=100)
    borrowing = replace(alone, model=replace(alone.model, prior=PriorSettings("theirs")))
    assert exam_years(cohort, alone) == (2022,)
    assert exam_years(cohort, borrowing) == YEARS[3:]


def test_no_setting_lets_anybody_see_a_year_that_could_wait():
    cohort = town(events_n=40)
    usual = open_to_view(cohort, SETTINGS)
    for stricter in (settings_of(min_training_months=60), settings_of(min_training_months=20, group_min=90)):
        assert not open_to_view(cohort, stricter)[~usual].any()


def test_each_year_that_waits_is_predicted_from_before_its_own_january():
    cohort, instrument = town(events_n=60), instrument_of()
    found = confirm_predictions(cohort, instrument, SETTINGS)
    assert sorted(set(found["stratum"])) == [2021, 2022] and (found["stratum"] == found["intake_year"]).all()
    # one event rate a model: what was known on each 1 January
    rates = found.groupby("stratum")["event_rate_prob"].agg(["nunique", "first"])
    for year in (2021, 2022):
        cases, _ = cohort.known_before(year * 12)
        assert rates.loc[year].tolist() == [1, pytest.approx(np.average(cases["outcome"], weights=cases["weight"]))]
    evidence = gather_evidence(cohort, instrument, SETTINGS)
    assert evidence.predictions["intake_year"].max() == 2020 == evidence.out_of_fold["intake_year"].max()


def test_a_year_before_which_too_little_was_known_is_refused():
    with pytest.raises(SurveyDataError, match="Deliver more years"):
        exam_years(town(events_n=60), settings_of(min_training_months=100))


def test_a_case_control_year_waits_outside_the_fit_and_is_predicted_by_all_of_it():
    made = town(events_n=120)
    of_2022 = made.cases["intake_year"] == 2022
    cases = made.cases.assign(fitted=~of_2022, linked=True, joined=False, age_outside=False, route=False)
    cohort = replace(made, cases=cases, summary={**made.summary, "exam_year": 2022})
    assert exam_years(cohort, SETTINGS) == (2022,) and check_confirmable(cohort, SETTINGS) == 2022
    assert rolling_years(cohort, SETTINGS) == () and open_to_view(cohort, SETTINGS).all()
    assert waiting(cohort, [2022])["case_id"].tolist() == cases.loc[of_2022, "case_id"].tolist()
    found = confirm_predictions(cohort, instrument_of(), SETTINGS)
    fitted = fit_model(*cohort.modelled, instrument_of(), SETTINGS)
    by_hand = risk_of_answers(cohort.answers.loc[found["case_id"]], fitted.points)
    assert len(found) == 300 and set(found["intake_year"]) == {2022}
    np.testing.assert_allclose(found["points_prob"], by_hand, atol=1e-12)
