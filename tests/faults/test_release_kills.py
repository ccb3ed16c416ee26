"""Killed at any instant, publishing, withdrawing and the ledger have done it or not, and can go on."""

import os

import pytest
from fault_acts import ACTS, APPEND, PUBLISH, WITHDRAW
from fault_kills import kills_at_every_step, kills_at_random, kills_of_writers
from fault_process import apart

pytestmark = pytest.mark.skipif(
    not hasattr(os, "fork"),
    reason="to be killed at a chosen step an act runs in a forked copy of the process and sends itself SIGKILL; "
    "Windows has neither",
)
KILLS_N = {PUBLISH: 60, WITHDRAW: 150, APPEND: 150}  # with the writers more than 500
STEPS_BETWEEN = {PUBLISH: 3, WITHDRAW: 1, APPEND: 1}  # benchmarks/faults.py takes every one
WRITERS_N, WRITERS_KILLED_N = 4, 150


def check_nothing_is_half_done(tally):
    assert (tally.half, tally.lost, tally.unfinished) == (0, 0, 0), tally


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.name)
def test_killed_at_random_an_act_is_done_or_not_and_can_be_finished(ready, folder, act):
    tally = apart(kills_at_random, ready, act, folder, KILLS_N[act], 7)
    check_nothing_is_half_done(tally)
    assert tally.interrupted == KILLS_N[act]
    assert tally.old, "every kill came too late to show anything"


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.name)
def test_killed_step_by_step_on_disk_an_act_is_done_or_not_and_can_be_finished(ready, folder, act):
    tally = apart(kills_at_every_step, ready, act, folder, STEPS_BETWEEN[act])
    check_nothing_is_half_done(tally)
    assert tally.old, tally
    assert tally.new, tally


def test_of_killed_writers_every_acknowledged_line_is_there_once_and_the_chain_is_whole(ready, folder):
    tally = apart(kills_of_writers, ready, folder, WRITERS_N, WRITERS_KILLED_N, 11)
    check_nothing_is_half_done(tally)
    assert tally.interrupted == WRITERS_KILLED_N
