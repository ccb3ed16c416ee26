"""The error of an answer about the mean person, of the mean person, and what is unusual, by hand."""

import numpy as np
import pytest

from riskmodel.model.fit import answer_errors, rounded_up
from riskmodel.model.record import Design, ItemCoding

ROWS = np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 0.0]])
ONE = Design((ItemCoding("q", "level", ("a", "b"), ("a", "b"), None, (), ("q=a", "q=b"), ROWS),))
SIGMA = np.diag([0.04, 0.01, 0.09])


def test_errors_by_hand():
    found = answer_errors(ONE, SIGMA, np.array([[0], [0], [1]]), np.ones(3), level_error=0.0)
    # the mean person is (2/3, 1/3); a lies (1/3, −1/3) away: √(.01/9 + .09/9) = .105; b twice as far: .211;
    # no answer (−2/3, −1/3): √(.04/9 + .09/9) = .120
    assert found.by_item == ((0.1, 0.2, 0.125),)
    assert found.mean_person == 0.25  # √(.04 + .04/9 + .09/9) = .233
    assert found.unusual == 0.11  # the largest: .25² + .2² = .1025


def test_weight_k_is_k_people():
    once = answer_errors(ONE, SIGMA, np.array([[0], [0], [1]]), np.ones(3), level_error=0.0)
    assert answer_errors(ONE, SIGMA, np.array([[0], [1]]), np.array([2.0, 1.0]), level_error=0.0) == once


def test_an_item_without_columns_has_no_errors():
    empty = ItemCoding("r", "flag", ("yes",), ("yes",), None, (), (), np.empty((2, 0)))
    found = answer_errors(Design((empty, *ONE.codings)), SIGMA, np.array([[0, 0], [1, 1]]), np.ones(2), level_error=0.0)
    assert found.by_item[0] == (0.0, 0.0)


@pytest.mark.parametrize(
    ("value", "up"), [(0.1025, 0.11), (0.11, 0.11), (0.1100001, 0.12), (3.0, 3.0), (99.1, 100.0), (0.0, 0.0)]
)
def test_a_limit_has_two_digits_and_lets_nobody_below_it_in(value, up):
    assert rounded_up(value) == up
