"""One person who left is read from two equations, and is not from whole points, or when a hundred lie between them."""

from dataclasses import replace

import attacker
import numpy as np
import pytest
from attacker import SUMMARIES, attacked
from sampled import settings_of

from riskmodel.model import summarise
from riskmodel.publish.apart import FEWEST_APART

CASES_N, PEOPLE_N = 464, 30


def at_most_two_errors_above_nothing(gained):
    """Being right less often than about somebody else gives nobody away, so one side alone is a failure."""
    return gained.mean() <= 2 * gained.std(ddof=1) / np.sqrt(len(gained)) + 1e-12


def test_the_attack_reads_whoever_leaves_alone():
    gained = attacked(CASES_N, 0, PEOPLE_N, settings_of())
    assert gained["answers"].mean() > 0.4
    assert gained["rare"].mean() > 0.4
    assert gained["outcome"].mean() > 0.25


@pytest.mark.parametrize("reads", ["coefficients", SUMMARIES])
def test_with_as_many_others_as_the_rule_asks_for_guessing_does_as_well(reads):
    gained = attacked(CASES_N, FEWEST_APART - 1, PEOPLE_N, settings_of(), reads=reads)
    assert all(map(at_most_two_errors_above_nothing, gained.values()))


def test_finer_points_would_be_read_as_the_coefficients_are():
    usual = settings_of()
    fine = replace(usual, model=replace(usual.model, points_per_doubling=1000))
    gained = attacked(CASES_N, 0, PEOPLE_N, fine, reads="points")
    assert gained["answers"].mean() > 0.4
    assert gained["outcome"].mean() > 0.25


def test_whole_points_hide_most_of_whoever_leaves_alone_in_the_smallest_town_but_not_all():
    gained = attacked(CASES_N, 0, 120, settings_of(), reads="points")
    assert 0.0 < gained["answers"].mean() < 0.3  # so the rule stands though nothing but points leaves


def test_a_small_towns_summary_is_told_in_steps_that_hide_most_of_whoever_leaves_alone(monkeypatch):
    told = attacked(CASES_N, 0, PEOPLE_N, settings_of(), reads=SUMMARIES)
    for module in (summarise, attacker):
        monkeypatch.setattr(module, "logodds_step", lambda cases_n: 0.01)
    finer = attacked(CASES_N, 0, PEOPLE_N, settings_of(), reads=SUMMARIES)
    assert told["answers"].mean() < 0.2 and finer["answers"].mean() > 0.4


@pytest.mark.parametrize(("cases_n", "others_n", "come"), [(CASES_N, FEWEST_APART - 1, True), (2000, 2, False)])
def test_whole_points_tell_nothing_by_the_rule_or_in_a_larger_town_when_three_leave(cases_n, others_n, come):
    gained = attacked(cases_n, others_n, PEOPLE_N, settings_of(), reads="points", come=come)
    assert all(map(at_most_two_errors_above_nothing, gained.values()))
