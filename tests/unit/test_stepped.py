"""Errors as they leave: on a ladder of ten steps a power of ten, each about a quarter above the one before."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskmodel.ground.statistics import STEPS, is_stepped, stepped

ERRORS = st.floats(1e-6, 1e6)


@pytest.mark.parametrize(
    ("error", "step"),
    [
        (0, 0),
        (0.1, 0.1),
        (0.112, 0.1),
        (0.113, 0.125),
        (0.0089, 0.008),
        (0.0091, 0.01),
        (3.5, 3.15),
        (3.6, 4),
        (95, 100),
    ],
)
def test_an_error_becomes_the_nearest_step(error, step):
    assert stepped(error) == step


@given(ERRORS)
def test_a_step_is_at_most_an_eighth_away_and_stays_where_it_is(error):
    assert abs(stepped(error) - error) <= 0.1251 * error
    assert stepped(stepped(error)) == stepped(error)
    assert is_stepped(stepped(error))


@pytest.mark.parametrize("power", range(-9, 9))
def test_every_step_of_every_power_is_one_and_what_lies_beside_it_is_not(power):
    for step in STEPS:
        exact = float(f"{step}e{power}")
        assert is_stepped(exact)
        assert not is_stepped(exact * 1.01)
        assert not is_stepped(-exact)
