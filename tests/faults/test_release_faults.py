"""Whoever races, and whatever the clock says: one act happens, the others are told, and no release is used early."""

import os
from datetime import date, timedelta

import pytest
from fault_acts import NEW, OLD, PUBLISH, RELEASE, TODAY, WITHDRAW, is_usable, left_over, put_out, take_back
from fault_bytes import is_accepted
from fault_process import DONE, apart
from fault_races import published_and_withdrawn, published_at_once, withdrawn_at_once

from riskmodel.ground.errors import BundleError, GateError
from riskmodel.ground.workspace import Workspace
from riskmodel.publish.publish import publish
from riskmodel.publish.withdraw import withdraw
from riskmodel.release.ledger import read_ledger
from riskmodel.release.standing import published_line
from riskmodel.release.verify import release_in_force

RACERS_N = 20
EPOCH, LEAP_DAY = date(1970, 1, 1), date(2028, 2, 29)
posix = pytest.mark.skipif(
    not hasattr(os, "fork"),
    reason="twenty racers start at the same instant only as forks of one process; Windows has none",
)


@posix
def test_of_20_racing_publishers_one_publishes_and_the_others_are_told(unpublished):
    told = apart(published_at_once, unpublished, RACERS_N)
    assert len(told) == RACERS_N
    assert sum("is_new=True" in one for one in told) == 1
    assert sum("is_new=False" in one for one in told) == RACERS_N - 1
    assert PUBLISH.state(unpublished) == NEW
    assert not left_over(unpublished)


@posix
def test_of_20_racing_withdrawals_one_happens_and_the_others_are_told(published):
    told = apart(withdrawn_at_once, published, RACERS_N)
    assert sum(one.startswith(DONE) for one in told) == 1
    assert sum("withdrawn already" in one for one in told) == RACERS_N - 1
    assert WITHDRAW.state(published) == NEW


@posix
def test_publishers_racing_withdrawals_leave_it_published_or_withdrawn_once(unpublished):
    told = apart(published_and_withdrawn, unpublished, RACERS_N)
    events = [event["event"] for event in read_ledger(unpublished.releases)]
    assert events.count("published") == 1
    assert sum("is_new=True" in one for one in told) == 1
    withdrawn_n = sum(one == f"{DONE} null" for one in told)
    assert events.count("withdrawn") == withdrawn_n <= 1
    assert is_accepted(unpublished) == (not withdrawn_n)
    assert not left_over(unpublished)
    expected = ("no such publication", "withdrawn")
    assert all(one.startswith(DONE) or any(words in one for words in expected) for one in told), told


def test_whatever_the_clock_says_a_release_is_used_on_its_days_alone(published):
    line = published_line(read_ledger(published.releases), RELEASE)
    first, last = (date.fromisoformat(line[key]) for key in ("valid_from", "valid_until"))
    near = [day + timedelta(days=days) for day in (first, last) for days in (-1, 0, 1)]
    for day in [*near, date.min, EPOCH, LEAP_DAY, date(2027, 2, 28), date.max]:
        is_valid = first <= day <= last
        assert is_accepted(published, today=day) == is_valid, day
        if is_valid:
            assert release_in_force(published.releases, today=day) == RELEASE
        else:
            with pytest.raises(BundleError):
                release_in_force(published.releases, today=day)


@pytest.mark.parametrize("day", [date.min, EPOCH, TODAY - timedelta(days=1)])
def test_behind_the_ledger_nothing_is_published_but_always_withdrawn(unpublished, published, day):
    with pytest.raises(GateError, match="clock"):
        publish(Workspace(unpublished.root), unpublished.settings, name="Ada", today=day)
    assert PUBLISH.state(unpublished) == OLD
    withdraw(Workspace(published.root), RELEASE, reason="wrong", name="Bo", today=day)
    assert WITHDRAW.state(published) == NEW


@pytest.mark.parametrize(("valid_from", "last"), [(date(2026, 8, 31), "2028-02-29"), (date(2026, 9, 1), "2028-02-29")])
def test_eighteen_months_from_any_day_end_on_a_day_there_is(unpublished, valid_from, last):
    publish(Workspace(unpublished.root), unpublished.settings, name="Ada", today=TODAY, valid_from=valid_from)
    events = read_ledger(unpublished.releases)
    assert events[-1]["valid_until"] == last


def test_a_release_that_would_outlive_the_calendar_is_refused(unpublished):
    with pytest.raises(GateError, match="valid"):
        publish(Workspace(unpublished.root), unpublished.settings, name="Ada", today=TODAY, valid_from=date.max)
    assert PUBLISH.state(unpublished) == OLD


def test_a_withdrawal_the_disk_refuses_has_not_happened(published, monkeypatch):
    before = (published.releases / "LEDGER").read_bytes()

    def refused(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("riskmodel.release.ledger.write_bytes", refused)
    with pytest.raises(GateError, match="can't be written .Permission denied.*withdraw or publish again"):
        take_back(published)
    monkeypatch.undo()
    assert (published.releases / "LEDGER").read_bytes() == before
    assert is_usable(published)
    take_back(published)
    assert WITHDRAW.state(published) == NEW


def test_two_clean_publications_are_the_same_to_the_byte(ready, folder):
    copies = [ready.copied(folder / name, published=False) for name in ("one", "other")]
    for copied in copies:
        put_out(copied)
    one, other = (
        {path.relative_to(copied.root): path.read_bytes() for path in copied.releases.rglob("*") if path.is_file()}
        for copied in copies
    )
    assert one == other
