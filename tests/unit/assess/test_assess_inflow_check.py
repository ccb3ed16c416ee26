"""Measuring a case-control model on the inflow."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from strips import chosen

from riskmodel.assess.inflow_check import InflowCheck, Measured, inflow_check

SETTINGS = chosen()
SETTINGS = replace(SETTINGS, assess=replace(SETTINGS.assess, bootstrap=200))


def predictions(n=3000, *, slope=1.0, shift=0.0, seed=1):
    """People whose true log-odds are `slope` times what was predicted, plus `shift`."""
    rng = np.random.default_rng(seed)
    logodds = rng.normal(-0.8, 1.0, n)
    prob, true = (1 / (1 + np.exp(-value)) for value in (logodds, slope * logodds + shift))
    return pd.DataFrame(
        {
            "case_id": [f"c{i:05d}" for i in range(n)],
            "cluster_id": np.arange(n) // 2,
            "outcome": (rng.random(n) < true).astype(int),
            "weight": 1.0,
            "points_prob": prob,
            "equation_prob": prob,
        }
    )


def test_a_right_model_is_not_called_wrong():
    check = inflow_check(predictions(), SETTINGS)
    points = check.by_predictor["points"]
    assert check.agrees and check.measured and check.clusters_n == 1500
    assert points["oe"].low < 1 < points["oe"].high and points["slope"].low < 1 < points["slope"].high
    assert points["citl"].low < 0 < points["citl"].high
    assert points["slope"].estimate == pytest.approx(1, abs=0.15)


@pytest.mark.parametrize(("wrong", "off"), [({"slope": 0.5, "shift": -0.35}, "slope"), ({"shift": 0.5}, "oe")])
def test_a_bent_model_is(wrong, off):
    check = inflow_check(predictions(**wrong), SETTINGS)
    assert off in check.off and not check.agrees


def test_o_over_e_is_events_over_the_sum_of_risks_with_the_weights_of_censoring():
    rows = predictions(400)
    rows["weight"] = np.where(np.arange(400) % 2, 1.0, 1.5)
    found = inflow_check(rows, SETTINGS).by_predictor["equation"]["oe"].estimate
    assert found == pytest.approx(
        (rows["weight"] @ rows["outcome"]) / (rows["weight"] @ rows["equation_prob"]), rel=1e-12
    )


def test_the_order_of_rows_decides_nothing():
    rows = predictions(500)
    again = inflow_check(rows[::-1].reset_index(drop=True), SETTINGS).by_predictor["points"]["oe"]
    first = inflow_check(rows, SETTINGS).by_predictor["points"]["oe"]
    assert [again.low, again.high] == pytest.approx([first.low, first.high])


@pytest.mark.parametrize(("n", "events_n", "measured"), [(200, 100, True), (200, 99, False), (199, 100, False)])
def test_a_hundred_events_and_a_hundred_others_count_as_measured(n, events_n, measured):
    perfect = {"oe": Measured(1, 0.9, 1.1), "citl": Measured(0, -0.1, 0.1), "slope": Measured(1, 0.8, 1.2)}
    check = InflowCheck(n, events_n, n, {"points": perfect, "equation": perfect})
    assert check.measured is measured
    assert check.agrees is True


def test_a_slope_that_nobody_can_tell_is_no_agreement():
    unknown = {"oe": Measured(1, 0.9, 1.1), "slope": Measured(np.nan, np.nan, np.nan)}
    assert InflowCheck(20, 2, 20, {"points": unknown}).off == ("slope",)
