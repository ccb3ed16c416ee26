"""Censoring weights: who stands for whom, and what is too small to have a curve of its own."""

import numpy as np
import pandas as pd
import pytest

from riskmodel.cohort.censoring import STRATUM_MIN_N, uncensored_before, weights


def ends(decided, censored, **more):
    """Cases of which `decided` is a month, or else `censored`."""
    plain = {"complete": True, "fitted": True, "intake_year": 2020, "area": "North"}
    frame = pd.DataFrame({"decided_month": decided, "censored_month": censored}).astype("Int16")
    frame["outcome"] = (frame["decided_month"].notna().astype("Int8")).where(frame["decided_month"].notna())
    return frame.assign(**{**plain, **more})


def test_a_decision_and_a_censoring_in_the_same_month_were_both_observed_until_then():
    #  month 3: one of two decided first, so that the censored is the last at risk but one
    kept = uncensored_before(np.array([3, 0, 12]), np.array([0, 3, 0]))
    assert kept[3] == 1
    assert kept[12] == pytest.approx(1 - 1 / 2)


def test_strata_do_not_lend_to_each_other():
    n = STRATUM_MIN_N
    north = ends([12] * (n - 1) + [pd.NA], [pd.NA] * (n - 1) + [6])
    south = ends([12] * n, [pd.NA] * n, area="South")
    weight = weights(pd.concat([north, south], ignore_index=True), rule="ipcw")
    assert weight[: n - 1] == pytest.approx(n / (n - 1))
    assert weight[n:] == pytest.approx(1)


def test_strata_too_small_are_pooled_with_each_other():
    small = STRATUM_MIN_N - 1
    north = ends([12] * (small - 1) + [pd.NA], [pd.NA] * (small - 1) + [6])
    south = ends([12] * small, [pd.NA] * small, area="South")
    weight = weights(pd.concat([north, south], ignore_index=True), rule="ipcw")
    assert weight[weight > 0] == pytest.approx(2 * small / (2 * small - 1))


def test_those_left_out_of_the_fit_neither_give_nor_take():
    cases = ends([12, pd.NA, 12, 12], [pd.NA, 6, pd.NA, pd.NA], fitted=[True, False, False, True])
    assert weights(cases, rule="ipcw").tolist() == [1, 0, 2, 1]


@pytest.mark.parametrize("rule", ["ipcw", "drop"])
def test_without_censoring_every_weight_is_one_and_follow_up_not_complete_has_none(rule):
    cases = ends([2, 12, 12], [pd.NA] * 3, complete=[True, True, False])
    assert weights(cases, rule=rule).tolist() == [1, 1, 0]
