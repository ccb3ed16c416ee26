import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import t

from riskmodel.assess.pooling import SCALES, between_variance, pool, weighed

pytestmark = pytest.mark.slow

study = st.tuples(st.floats(-2, 2), st.floats(0.05, 1))
studies = st.lists(study, min_size=3, max_size=9)


def _arrays(some):
    return tuple(np.array(column) for column in zip(*some, strict=True))


def test_with_equal_errors_the_mean_is_closed_form():
    # variance among 0, 1, 2 is 1, of which .25 is error: tau² = .75. Every weight is 1/(.25 + .75) = 1
    found = pool(np.array([0.0, 1.0, 2.0]), np.array([0.5, 0.5, 0.5]))
    assert found.tau2 == pytest.approx(1 - 0.25)
    assert found.mean == pytest.approx(1)
    # scatter 1 + 0 + 1 = 2, over k - 1 = 2 and the sum of weights 3
    assert found.se == pytest.approx(np.sqrt(1 / 3))
    # whatever tau² is, scatter over weight is 2 / 3: t on 2 degrees of freedom
    assert (found.low, found.high) == pytest.approx((1 - 4.302653 / 3**0.5, 1 + 4.302653 / 3**0.5), abs=1e-3)


def test_a_new_group_is_the_mean_and_tau_drawn_from_their_distributions():
    # as above: the scatter 2 / (.25 + tau²) is chi² on 2 degrees of freedom, so tau² = 2 / chi² - .25, or 0
    random = np.random.default_rng(1)
    chi2, z = random.chisquare(2, 1_000_000), random.normal(size=1_000_000)
    tau = np.sqrt(np.maximum(2 / chi2 - 0.25, 0))
    low, high = np.quantile(1 + random.standard_t(2, 1_000_000) * np.sqrt(1 / 3) + z * tau, [0.025, 0.975])
    found = pool(np.array([0.0, 1.0, 2.0]), np.full(3, 0.5))
    assert (found.prediction_low, found.prediction_high) == pytest.approx((low, high), rel=0.01)


def test_without_errors_a_new_group_is_a_sum_of_two_t():
    estimates = np.array([3.0, 5.0, 6.0, 10.0])
    found = pool(estimates, np.full(4, 1e-6))
    sd = np.std(estimates, ddof=1)
    # P(t sd/√k + t' sd <= the upper end), both on 3 degrees of freedom
    reach = (found.prediction_high - 6) / sd
    below, _ = quad(lambda own: t.pdf(own, 3) * t.cdf((reach - own) * 2, 3), -np.inf, np.inf)
    assert below == pytest.approx(0.975, abs=1e-4)
    assert found.prediction_high - 6 == pytest.approx(6 - found.prediction_low)


def test_two_unequal_estimates_have_a_closed_form_and_no_prediction():
    # (1 - 0)² / (v1 + v2 + 2 tau²) = 1, so tau² = (1 - .1 - .3) / 2
    found = pool(np.array([0.0, 1.0]), np.sqrt([0.1, 0.3]))
    assert found.tau2 == pytest.approx(0.3)
    first, second = 1 / 0.4, 1 / 0.6
    assert found.mean == pytest.approx(second / (first + second))
    # where tau² > 0 the scatter is its degrees of freedom
    assert found.se == pytest.approx(1 / np.sqrt(first + second))
    assert np.isnan(found.prediction_low) and np.isnan(found.prediction_high)


def test_less_scatter_than_the_errors_allow_is_no_heterogeneity():
    # 1/.04 = 25 each; scatter 25 · (.1² + 0 + .1²) = .5, below k - 1 = 2
    found = pool(np.array([-0.1, 0.0, 0.1]), np.full(3, 0.2))
    assert found.tau2 == 0
    assert found.se == pytest.approx(np.sqrt(0.5 / 2 / 75))
    # chi² on 2 degrees of freedom is below .5 with probability 1 - e^-.25 = .22: so likely is some tau² after all
    assert found.prediction_high > 1.1 * found.high


def test_a_scatter_of_each_quantile_gives_a_tau2_each():
    # weights 10, 2, 10/3 and mean (4 - 10/3) / 15.33: the scatter without tau² is 8 + 10/3 - 15.33 mean² = 11.3
    estimates, variance = np.array([0.0, 2.0, -1.0]), np.array([0.1, 0.5, 0.3])
    asked = np.array([0.01, 0.5, 2.0, 5.0, 100.0])
    found = between_variance(estimates, variance, asked)
    assert weighed(estimates, variance, found).scatter[:-1] == pytest.approx(asked[:-1], rel=1e-9)
    assert found[-1] == 0
    assert np.all(np.diff(found) < 0)


@pytest.mark.parametrize(
    ("estimates", "se"),
    [([0.3, 0.3, 0.3], [0.1, 0.2, 0.3]), ([0.0, 1e6, 3.0], [1e-3, 1.0, 2.0]), ([0.0, 1e-9, 0.0], [5.0, 5.0, 5.0])],
)
def test_extreme_groups_have_finite_intervals_around_their_mean(estimates, se):
    found = pool(np.array(estimates), np.array(se))
    ends = (found.prediction_low, found.low, found.mean, found.high, found.prediction_high)
    assert np.isfinite(ends).all()
    assert np.all(np.diff(ends) >= -1e-6 * np.ptp(ends))


@given(studies)
def test_tau2_makes_the_scatter_equal_to_its_degrees_of_freedom(some):
    estimates, se = _arrays(some)
    found = pool(estimates, se)
    weight = 1 / (se**2 + found.tau2)
    scatter = weight @ (estimates - found.mean) ** 2
    assert found.mean == pytest.approx(weight @ estimates / weight.sum())
    if found.tau2 > 0:
        assert scatter == pytest.approx(len(some) - 1, rel=1e-6)
    else:
        assert scatter <= (len(some) - 1) * (1 + 1e-9)
    ends = (found.prediction_low, found.low, found.mean, found.high, found.prediction_high)
    assert np.all(np.diff(ends) >= -1e-12)  # equal estimates leave nothing but rounding


@given(st.floats(-2, 2), st.lists(st.floats(0.05, 1), min_size=3, max_size=9))
def test_equal_estimates_do_not_differ(estimate, se):
    found = pool(np.full(len(se), estimate), np.array(se))
    assert found.tau2 == 0
    assert found.mean == pytest.approx(estimate)


@given(studies, st.randoms(use_true_random=False))
def test_order_does_not_matter_to_the_last_digit(some, random):
    assert pool(*_arrays(random.sample(some, len(some)))) == pool(*_arrays(some))


@given(studies, st.floats(0.1, 10), st.floats(-3, 3))
def test_units_carry_over(some, scale, shift):
    estimates, se = _arrays(some)
    found, other = pool(estimates, se), pool(scale * estimates + shift, scale * se)
    assert other.tau2 == pytest.approx(scale**2 * found.tau2, rel=1e-6, abs=1e-9)
    for end in ("mean", "low", "high", "prediction_low", "prediction_high"):
        assert getattr(other, end) == pytest.approx(scale * getattr(found, end) + shift, rel=1e-6, abs=1e-6)


@given(studies)
def test_better_and_worse_change_places_with_the_sign(some):
    estimates, se = _arrays(some)
    found, other = pool(estimates, se), pool(-estimates, se)
    assert (other.low, other.prediction_high) == pytest.approx((-found.high, -found.prediction_low), abs=1e-6, rel=1e-6)


@pytest.mark.parametrize(("measure", "value", "scaled"), [("auc", 0.8, np.log(4)), ("oe", 2.0, np.log(2))])
def test_scales_go_there_and_back(measure, value, scaled):
    assert SCALES[measure].to(value) == pytest.approx(scaled)
    assert SCALES[measure].back(scaled) == pytest.approx(value)


def test_intercept_and_slope_are_pooled_as_they_are():
    assert all(
        SCALES[measure].to(0.7) == SCALES[measure].back(0.7) == 0.7 for measure in ("citl", "recalibration_slope")
    )
