"""A disk that refuses, is full, or is somebody else's: nothing is half written, and what happened is said."""

import errno
import os

import pytest
from fault_acts import ACTS, APPEND, OLD, PUBLISH, WITHDRAW
from fault_disk import as_a_stranger, files_that_may_not_grow, full_disks, refusals_at_every_step
from fault_process import DONE, apart

pytestmark = pytest.mark.skipif(
    not hasattr(os, "fork"),
    reason="a step on disk is refused inside a forked copy of the process, and Windows has no fork, no limit on a "
    "file's length and no chown; its way of refusing, a held file, is in test_release_staging and test_provenance",
)
NEEDED_STEPS_N = {
    PUBLISH: 40,
    WITHDRAW: 8,
    APPEND: 8,
}  # of the ledger's line and head eight, of a release's files the rest


def check_all_old(tally):
    assert tally.interrupted, tally
    assert (tally.old, tally.half, tally.lost, tally.unfinished) == (tally.interrupted, 0, 0, 0), tally


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.name)
def test_refused_any_step_on_disk_an_act_has_not_happened_and_can_be_done_later(ready, folder, act):
    tally = apart(refusals_at_every_step, ready, act, folder)
    assert (tally.half, tally.lost, tally.unfinished) == (0, 0, 0), tally
    # beside these, steps that can be done without: making a folder that is there, flushing its list of names, laying
    # the mark of a withdrawal
    assert tally.old >= NEEDED_STEPS_N[act], tally


@pytest.mark.parametrize("act", [PUBLISH, WITHDRAW], ids=lambda act: act.name)
def test_cut_off_in_the_middle_of_a_file_an_act_has_not_happened(ready, folder, act):
    check_all_old(apart(files_that_may_not_grow, ready, act, folder))


@pytest.mark.parametrize(("act", "most_pages"), [(PUBLISH, 24), (WITHDRAW, 1)], ids=["publish", "withdraw"])
def test_on_a_full_disk_an_act_has_not_happened(ready, folder, act, most_pages):
    tally = apart(full_disks, ready, act, folder, range(most_pages))
    if tally is None:
        pytest.skip("this system lets nobody have a small disk of his own")
    check_all_old(tally)


def test_who_may_read_but_not_write_can_verify_and_is_told_why_not_withdraw(ready):
    told = apart(as_a_stranger, ready)
    assert told.pop("afterwards") == OLD
    assert told.pop("read-only: verify").startswith(DONE)
    denied = os.strerror(errno.EACCES)
    for what, said in told.items():
        assert said.startswith(("BundleError", "GateError")), (what, said)
        assert denied in said, (what, said)
