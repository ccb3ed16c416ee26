"""What a yearly run decides from one set of cases, and that the same comes out of the same people however written."""

from dataclasses import replace

import numpy as np
import predicted
import pytest
from sampled import items_of, sample_of, settings_of

from riskmodel.assess.policy import Choice
from riskmodel.assess.repeated.repetition import flags, out_of_fold_prob, threshold_for, whole_procedure
from riskmodel.assess.years import open_to_view
from riskmodel.model.fit import learn
from riskmodel.model.points import points_prob, sum_of_points
from riskmodel.model.record import ItemPoints, Points
from riskmodel.model.sample import Sample, intercept_window


@pytest.fixture(scope="module")
def cohort():
    return predicted.cohort_of(900)


@pytest.fixture(scope="module")
def procedure(cohort):
    return whole_procedure(*cohort.modelled, predicted.instrument_of(), settings_of())


def test_the_threshold_is_the_smallest_whole_sum_that_the_policy_allows(cohort, procedure):
    settings, (_, answers) = settings_of(), cohort.modelled
    chosen = procedure.choice.threshold
    risks = points_prob(np.array([chosen.points - 1, chosen.points]), procedure.model.points)
    least = settings.policy.harm_ratio / (1 + settings.policy.harm_ratio)
    assert risks[0] < least <= risks[1]  # the harm ratio is all this policy asks for
    sums = sum_of_points(answers, procedure.model.points)
    assert flags(procedure.model, procedure.choice, answers).tolist() == (sums >= chosen.points).tolist()


def test_without_threshold_nobody_is_flagged(cohort, procedure):
    none = Choice(None, ("ppv_floor",), (), None, ())
    assert not flags(procedure.model, none, cohort.modelled[1]).any()


def test_out_of_fold_risks_have_the_event_rate_of_a_window_and_are_less_sure(cohort):
    cases, answers = cohort.modelled
    two_years = settings_of(intercept_window_years=2)
    procedure = whole_procedure(cases, answers, predicted.instrument_of(), two_years)
    inside = cases["intake_year"].isin(procedure.model.window_years).to_numpy()
    weight, outcome = cases["weight"].to_numpy()[inside], cases["outcome"].to_numpy(dtype=float)[inside]
    assert weight @ procedure.out_of_fold_prob[inside] == pytest.approx(weight @ outcome)
    by_points = points_prob(sum_of_points(answers, procedure.model.points), procedure.model.points)
    assert np.corrcoef(procedure.out_of_fold_prob, by_points)[0, 1] > 0.9


def test_the_order_of_the_cases_changes_nothing(cohort, procedure):
    cases, answers = cohort.modelled
    order = np.random.default_rng(1).permutation(len(cases))
    again = whole_procedure(cases.iloc[order], answers.iloc[order], predicted.instrument_of(), settings_of())
    assert again.out_of_fold_prob == pytest.approx(procedure.out_of_fold_prob[order], abs=1e-9)
    assert again.choice.threshold.points == procedure.choice.threshold.points
    assert [item.by_code for item in again.model.points.items] == [
        item.by_code for item in procedure.model.points.items
    ]


def test_copies_count_as_people_when_a_threshold_is_chosen():
    # a threshold that flags fewer than 20 people says nothing: 15 cases are too few, twice each they are enough
    settings = settings_of()
    settings = replace(settings, policy=replace(settings.policy, ppv_floor=0.9, capacity_share=0.15))
    points = Points((ItemPoints("q", {"a": 0, "b": 20, "no_answer": 0}, None, (), 0.0),), -1.0, np.log(2) / 10)
    prob = np.where(np.arange(120) < 15, 0.6, 0.2)
    early = np.zeros(120)

    def chosen(copies):
        copies = np.full(120, copies)
        outcome = (np.arange(120) < 15).astype(float)
        sample = Sample(np.zeros((120, 1), int), outcome, copies * 1.0, *[np.arange(120)] * 3, copies)
        return threshold_for(points, prob, sample, early, settings)

    assert chosen(1).threshold is None
    # 10 points double the odds: from odds e⁻¹ to 2/3 in 9 points, e⁻¹·2^.9 = .69
    assert chosen(2).threshold.points == 9


def test_a_case_and_its_copies_are_told_the_same():
    sample, settings = sample_of(400, 4, seed=3, cluster_size=2), settings_of(intercept_window_years=2)
    learnt = learn(sample, items_of(4), settings)
    prob = out_of_fold_prob(learnt, sample, settings)
    _, inside = intercept_window(sample.month, years_n=2)
    assert prob[inside].mean() == pytest.approx(sample.outcome[inside].mean())


def test_the_year_that_waits_to_be_confirmed_is_not_open_to_view():
    cohort, settings = predicted.cohort_of(900, years=(2019, 2020, 2021, 2022)), predicted.settings_of()
    cases, _ = cohort.modelled
    latest = cohort.summary["latest_complete_year"]
    assert open_to_view(cohort, settings).tolist() == (cases["intake_year"] < latest).tolist()
    stricter = predicted.settings_of(
        group_min=10_000
    )  # no choice of the analyst's shows a year that could be confirmed
    assert open_to_view(cohort, stricter).tolist() == open_to_view(cohort, settings).tolist()
    few = predicted.cohort_of(
        90, years=(2019, 2020, 2021, 2022)
    )  # it can't be confirmed: there is nothing to keep unseen
    assert open_to_view(few, stricter).all()
