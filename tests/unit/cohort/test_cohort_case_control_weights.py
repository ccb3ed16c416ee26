"""What a row of the case-control design stands for, by arithmetic, and what weights have to do with an offset."""

import numpy as np
import pandas as pd
import pytest

from riskmodel.cohort.case_control import (
    event_rate,
    inflow_weights,
    listing_weights,
    prior_correction,
)
from riskmodel.cohort.two_forms import listed_by_month
from riskmodel.model.logistic import newton


def test_the_prior_correction_is_king_and_zengs():
    # half the sample are events, 6.93 % of the inflow: the intercept moves by −ln(.9307/.0693)
    assert prior_correction(0.0693, 0.5) == pytest.approx(-np.log(0.9307 / 0.0693))
    assert prior_correction(0.0693, 0.5) == pytest.approx(-2.598, abs=0.001)
    assert prior_correction(0.3, 0.3) == pytest.approx(0.0)


def test_the_events_get_their_share_of_the_inflow_and_the_others_keep_their_weight():
    outcome = np.array([1.0, 1, 1, 0, 0])
    weight, correction = inflow_weights(outcome, np.array([1.0, 1, 2, 1, 2]), tau=0.25)
    assert weight.tolist() == pytest.approx([0.25, 0.25, 0.5, 1, 2])  # events: 1 of 4
    assert correction == pytest.approx(np.log(0.25))


def test_those_in_a_survey_stand_for_all_events_of_their_month():
    month = np.repeat([1, 2], [10, 20])
    listed = np.r_[np.arange(10) < 5, np.arange(20) < 16]
    weight = listing_weights(month, np.full(30, 12.0), listed)
    assert weight[listed][:5].tolist() == pytest.approx([2.0] * 5)  # 5 of 10
    assert weight[listed][5:].tolist() == pytest.approx([20 / 16] * 16)
    assert not weight[~listed].any()
    assert listed_by_month(month, listed)["share"].tolist() == [0.5, 0.8]


def test_months_on_assistance_are_told_apart_once_enough_are_listed():
    # P = factor of the month × factor of the class: .5 and 1 × .8 and .4
    cells = [(1, 12, 100, 40), (1, 11, 100, 20), (2, 12, 100, 80), (2, 11, 100, 40)]
    month, months_on = (np.repeat([cell[i] for cell in cells], 100) for i in (0, 1))
    listed = np.concatenate([np.arange(n) < k for _, _, n, k in cells])
    weight = listing_weights(month, months_on.astype(float), listed)
    of_cell = [weight[(month == m) & (months_on == on) & listed][0] for m, on, _, _ in cells]
    assert of_cell == pytest.approx([1 / 0.4, 1 / 0.2, 1 / 0.8, 1 / 0.4], rel=1e-6)
    few = listing_weights(month[::10], months_on[::10].astype(float), listed[::10])
    assert len(np.unique(few[few > 0].round(9))) == 2  # six with a pause are listed: one weight a month


def test_the_event_rate_has_an_interval_that_counts_a_household_once():
    outcome, one = np.repeat([1.0, 0.0], [30, 70]), np.ones(100)
    alone = event_rate(outcome, one, np.arange(100))
    half = 1.959964 * np.sqrt(0.3 * 0.7 / 100) / (0.3 * 0.7)  # on the log-odds scale
    logodds = np.log(0.3 / 0.7)
    assert alone.estimate == pytest.approx(0.3) and (alone.n, alone.events_n) == (100, 30)
    assert [alone.low, alone.high] == pytest.approx([1 / (1 + np.exp(-(logodds + s * half))) for s in (-1, 1)])
    couples = event_rate(outcome, one, np.repeat(np.arange(50), 2))
    doubled = np.log(couples.high / (1 - couples.high)) - logodds
    assert doubled == pytest.approx(half * np.sqrt(2))


def drawn(bend: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """An inflow of 200,000 whose log-odds bend, a case-control sample of it, and the sample's rows."""
    rng = np.random.default_rng(7)
    x = rng.normal(size=200_000)
    outcome = (rng.random(len(x)) < 1 / (1 + np.exp(-(-1.5 + x + bend * (x**2 - 1))))).astype(float)
    kept = (outcome == 1) | (rng.random(len(x)) < 0.25)
    return np.column_stack([np.ones(len(x)), x]), outcome, kept


@pytest.mark.parametrize(("bend", "apart"), [(0.0, 0.02), (0.1, 0.05)])
def test_weights_and_the_offset_agree_to_first_order(bend, apart):
    """Both move the intercept by the same; the slope differs by sampling error, or where the line is not straight."""
    x, outcome, kept = drawn(bend)
    sample, events = x[kept], outcome[kept]
    weight, correction = inflow_weights(events, np.ones(kept.sum()), tau=outcome.mean())
    weighted = newton(sample, events, weight, 0.0).coefficients
    shifted = newton(sample, events, np.ones(kept.sum()), 0.0).coefficients + [correction, 0.0]
    assert np.abs(weighted - shifted).max() < apart
    assert np.abs(weighted - newton(x, outcome, np.ones(len(x)), 0.0).coefficients).max() < 0.02
    if bend:  # only the weights recover the straight line that fits the inflow best
        assert np.abs(weighted - shifted).max() > 0.02


def test_where_every_answer_has_its_own_column_weights_and_offset_are_the_same():
    table = pd.DataFrame({"x": [0, 0, 1, 1], "y": [0, 1, 0, 1], "n": [50, 20, 30, 60]})
    rows = table.loc[table.index.repeat(table["n"])]
    x, outcome = np.column_stack([np.ones(len(rows)), rows["x"]]), rows["y"].to_numpy(dtype=float)
    weight, correction = inflow_weights(outcome, np.ones(len(rows)), tau=0.2)
    weighted = newton(x, outcome, weight, 0.0).coefficients
    plain = newton(x, outcome, np.ones(len(rows)), 0.0).coefficients
    assert weighted == pytest.approx(plain + [correction, 0.0], abs=1e-8)
