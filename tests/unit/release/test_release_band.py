from dataclasses import replace

import numpy as np
import pytest
import release_example

from riskmodel.assess.threshold import Threshold
from riskmodel.release.band import draw_coefficients, narrowest_band, stability


@pytest.mark.parametrize(
    ("people", "unstable", "flag", "band"),
    [
        ([10, 10, 10, 10], [0, 0, 0, 0], 2, (2, 2)),  # nobody changes side: no band
        ([10, 10, 10, 10], [0, 0, 9, 0], 2, (2, 3)),  # they sit just above
        ([10, 10, 10, 10], [0, 9, 0, 0], 2, (1, 2)),  # … just below
        ([10, 10, 10, 10], [0, 9, 9, 0], 2, (1, 3)),  # … on both sides
        ([10, 10, 10, 10], [9, 0, 0, 0], 2, (0, 2)),  # the band reaches out to them from the border
        ([10, 80, 10, 100], [0, 10, 0, 0], 2, (2, 2)),  # 10 of 200 are 5 %: few enough
        ([10, 79, 10, 100], [0, 10, 0, 0], 2, (1, 2)),  # 10 of 199 are more
        ([5, 5], [5, 5], 1, (0, 2)),
    ],
)
def test_the_band_is_the_narrowest_that_leaves_few_unstable_people_outside(people, unstable, flag, band):
    assert narrowest_band(np.array(people, float), np.array(unstable, float), flag=flag) == band


def _stability(model, **changes):
    year, settings = release_example.year(), release_example.settings()
    published = release_example.candidate()["landmarks"][0]["thresholds"]
    threshold = Threshold(published["flag"], published["threshold_prob"])
    return stability(*year.cohort.modelled, replace(model, **changes), threshold, settings)


def test_a_model_known_exactly_has_no_band():
    model = release_example.year().model
    exact = replace(model.equation, covariance=np.zeros_like(model.equation.covariance))
    found = _stability(model, equation=exact)
    assert found.lowest is None
    assert found.change_share == 0
    assert found.in_band_share == 0


def test_the_less_is_known_the_wider_the_band():
    model = release_example.year().model
    wide = _stability(model, equation=replace(model.equation, covariance=9 * model.equation.covariance))
    found = _stability(model)
    assert found.lowest <= release_example.candidate()["landmarks"][0]["thresholds"]["flag"] <= found.highest + 1
    assert wide.highest - wide.lowest > found.highest - found.lowest
    assert wide.in_band_share > found.in_band_share


def test_drawn_coefficients_have_the_published_mean_and_covariance():
    model, settings = release_example.year().model, release_example.settings()
    drawn = draw_coefficients(model, settings)
    expected = model.shrinkage**2 * model.equation.covariance[1:, 1:]
    assert np.allclose(np.cov(drawn.T), expected, atol=0.25 * np.abs(expected).max())
    error = np.sqrt(np.diag(expected) / len(drawn))
    assert (np.abs(drawn.mean(axis=0) - model.shrinkage * model.equation.coefficients) < 4 * error).all()
    assert (drawn == draw_coefficients(model, settings)).all()
