"""How many cases an evaluation needs: published examples, and what must hold for any."""

import numpy as np
import pytest
from scipy.stats import norm

from riskmodel.assess.assessment import cases_for_auc, cases_for_oe, cases_for_slope, validation_size


def quantiles_of_normal(mean, sd, n=200_001):
    return norm.ppf((np.arange(n) + 0.5) / n, mean, sd)


def needed(logodds, *, width):
    return cases_for_slope(logodds, weight=np.ones(len(logodds)), width=width)


def test_an_interval_of_observed_over_expected_one_wide_needs_905_cases_at_a_rate_of_18_in_1000():
    assert cases_for_oe(0.018, width=1.0) == pytest.approx(905, abs=1)  # 905.03, and nobody is a fraction


def test_an_auc_of_80_needs_4252_cases_for_an_interval_a_tenth_wide():
    assert cases_for_auc(0.8, 0.018, width=0.1) == 4252


def test_a_slope_needs_4554_cases_when_log_odds_are_normal_with_mean_minus_5_and_sd_2_and_a_half():
    assert needed(quantiles_of_normal(-5, 2.5), width=0.2) == pytest.approx(4554, abs=2)


def test_half_the_width_needs_four_times_the_cases():
    logodds = quantiles_of_normal(-1, 1)
    assert needed(logodds, width=0.2) == pytest.approx(4 * needed(logodds, width=0.4), rel=1e-2)


def test_equal_risks_never_say_anything_about_a_slope():
    assert needed(np.zeros(10), width=0.4) == 10**9


def test_the_largest_need_decides():
    logodds = quantiles_of_normal(-1, 1)
    need = validation_size(logodds, weight=np.ones(len(logodds)), event_rate=0.3, auc=0.77, available_n=700)
    assert need.required_n == max(need.oe_n, need.auc_n, need.slope_n)
    assert need.is_short == (need.required_n > 700)
