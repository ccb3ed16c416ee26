"""The band: where another resample of households might have flagged otherwise."""

import numpy as np
import pandas as pd
import pytest

from riskmodel.assess.policy import Threshold, method, narrowest_band, stability


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


def of_sums(sums, flagged_models_share, *, threshold, weight=None):
    """The band for people with these sums."""
    people = pd.DataFrame({"points": sums, "weight": 1.0 if weight is None else weight})
    return stability(people, Threshold(threshold, 0.4), np.array(flagged_models_share))


def test_somebody_changes_side_in_the_models_that_do_as_the_published_threshold_does_not():
    found = of_sums([39, 40, 40, 41], [0.05, 0.3, 0.9, 1.0], threshold=40)
    # 39 is not flagged: 5 % of the models flag it; at 40 and above .7, .1 and 0 do not
    assert found.change_share == pytest.approx((0.05 + 0.7 + 0.1 + 0) / 4)
    assert (found.lowest, found.highest) == (40, 40)  # one of two at 40 changes side in more than 1 in 10
    assert found.in_band_share == 2 / 4


def test_weights_count():
    found = of_sums([39, 40, 40, 41], [0.05, 0.3, 0.9, 1.0], threshold=40, weight=[1.0, 3.0, 1.0, 1.0])
    assert found.change_share == pytest.approx((0.05 + 3 * 0.7 + 0.1) / 6)
    assert found.in_band_share == pytest.approx(4 / 6)


def test_when_all_models_agree_there_is_no_band():
    found = of_sums([10, 20, 60, 70], [0.0, 0.0, 1.0, 1.0], threshold=40)
    assert (found.lowest, found.highest, found.in_band_share, found.change_share) == (None, None, 0.0, 0.0)


def test_one_model_in_ten_is_still_steady():
    assert of_sums([39, 40], [0.1, 0.9], threshold=40).lowest is None
    assert of_sums([39, 40], [0.11, 0.9], threshold=40).lowest == 39


def test_the_method_says_how_many_models_there_were():
    assert {language: "250" in text for language, text in method(250).items()} == {"sv": True, "en": True}
