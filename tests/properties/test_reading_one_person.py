"""One person who left is read from two equations, and is not when a hundred people lie between them."""

import numpy as np
from attacker import attacked
from sampled import settings_of

from riskmodel.publish.people import FEWEST_APART

CASES_N, PEOPLE_N = 464, 30


def within_two_errors_of_nothing(gained):
    return abs(gained.mean()) <= 2 * gained.std(ddof=1) / np.sqrt(len(gained)) + 1e-12


def test_the_attack_reads_whoever_leaves_alone():
    gained = attacked(CASES_N, 0, PEOPLE_N, settings_of())
    assert gained["answers"].mean() > 0.4
    assert gained["rare"].mean() > 0.4
    assert gained["outcome"].mean() > 0.25


def test_with_as_many_others_as_the_rule_asks_for_guessing_does_as_well():
    gained = attacked(CASES_N, FEWEST_APART - 1, PEOPLE_N, settings_of())
    assert all(map(within_two_errors_of_nothing, gained.values()))
