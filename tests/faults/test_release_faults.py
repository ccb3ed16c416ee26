"""Whatever happens while publishing, a reader meets the old state or the new one, and no changed byte passes."""

import errno
import multiprocessing
import os
import random
import shutil
import time
from concurrent.futures import ProcessPoolExecutor
from datetime import timedelta

import pytest
import release_example

from riskmodel.errors import BundleError, GateError
from riskmodel.release import staging
from riskmodel.release.ledger import read_ledger
from riskmodel.release.publish import publish, withdraw
from riskmodel.release.verify import release_in_force, verify_release
from riskmodel.workspace import Workspace

TODAY = release_example.TODAY
KILLS_N, RACERS_N, FLIPS_PER_FILE_N = 30, 6, 12


@pytest.fixture(scope="module")
def ready(tmp_path_factory):
    return release_example.approved(tmp_path_factory.mktemp("ready"))


@pytest.fixture
def workspace(ready, tmp_path):
    shutil.copytree(ready.root, tmp_path / "project")
    return Workspace(tmp_path / "project")


def put_out(workspace):
    return publish(workspace, release_example.settings(), name="Ada Alm", today=TODAY)


def is_published(workspace):
    """Whether 2026.1 is published; anything between the two states fails the test."""
    lines = [event["release"] for event in read_ledger(workspace.releases) if event["event"] == "published"]
    if lines:
        assert lines == ["2026.1"]
        assert verify_release(workspace.releases, "2026.1", today=TODAY)
        return True
    with pytest.raises(BundleError, match="no such publication"):
        verify_release(workspace.releases, "2026.1", today=TODAY)
    with pytest.raises(BundleError, match="No release may be used today"):
        release_in_force(workspace.releases, today=TODAY)
    return False


def test_killed_at_any_instant_the_release_is_published_or_not_and_can_be_finished(workspace):
    instants, outcomes = random.Random(7), set()
    released = workspace.root / "clean"
    shutil.copytree(workspace.releases, released)
    for _ in range(KILLS_N):
        shutil.rmtree(workspace.releases)
        shutil.copytree(released, workspace.releases)
        process = multiprocessing.Process(target=put_out, args=(workspace,))
        process.start()
        time.sleep(instants.uniform(0, 0.1))
        process.kill()
        process.join()
        outcomes.add(is_published(workspace))
        assert put_out(workspace) == "2026.1"
        assert is_published(workspace)
        assert sorted(path.name for path in workspace.releases.iterdir() if path.is_dir()) == ["2026.1"]
    assert False in outcomes, "every kill came too late to show anything"


def test_of_racing_publishers_one_publishes_and_the_others_find_it_published(workspace):
    with ProcessPoolExecutor(RACERS_N) as racers:
        assert list(racers.map(put_out, [workspace] * RACERS_N)) == ["2026.1"] * RACERS_N
    assert is_published(workspace)
    assert len(read_ledger(workspace.releases)) == 4


def test_no_flipped_byte_of_any_file_passes(workspace):
    put_out(workspace)
    places = random.Random(11)
    for path in sorted((workspace.releases / "2026.1").iterdir()):
        content = path.read_bytes()
        for _ in range(FLIPS_PER_FILE_N):
            changed = bytearray(content)
            changed[places.randrange(len(content))] ^= 1 << places.randrange(8)
            path.write_bytes(changed)
            with pytest.raises(BundleError):
                verify_release(workspace.releases, "2026.1", today=TODAY)
        path.write_bytes(content)
    assert verify_release(workspace.releases, "2026.1", today=TODAY)


def test_no_flipped_byte_of_the_ledger_or_its_head_passes(workspace):
    put_out(workspace)
    places = random.Random(13)
    for name in ("LEDGER", "LEDGER.head"):
        path = workspace.releases / name
        content = path.read_bytes()
        for _ in range(60):
            changed = bytearray(content)
            changed[places.randrange(len(content))] ^= 1 << places.randrange(8)
            path.write_bytes(changed)
            with pytest.raises(BundleError):
                verify_release(workspace.releases, "2026.1", today=TODAY)
        path.write_bytes(content)


def test_a_ledger_cut_anywhere_never_brings_a_withdrawn_release_back(workspace):
    put_out(workspace)
    withdraw(workspace, "2026.1", reason="found a leak", name="Bo Berg", today=TODAY)
    path = workspace.releases / "LEDGER"
    content = path.read_bytes()
    for length in [*range(0, len(content), 37), len(content) - 1]:
        path.write_bytes(content[:length])
        with pytest.raises(BundleError):
            verify_release(workspace.releases, "2026.1", today=TODAY)


@pytest.mark.parametrize("full_at", range(9))
def test_a_full_disk_publishes_nothing_says_so_and_is_made_up_for_later(workspace, monkeypatch, full_at):
    written = []
    fsync = os.fsync

    def full(handle):
        written.append(handle)
        if len(written) > full_at:
            raise OSError(28, "No space left on device")
        fsync(handle)

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(GateError, match="can't be written .No space left on device.*publish again"):
        put_out(workspace)
    monkeypatch.undo()
    assert not is_published(workspace)
    assert not list(workspace.releases.glob(f"{staging.STAGING}*"))
    assert put_out(workspace) == "2026.1"
    assert is_published(workspace)


def test_a_folder_nobody_may_write_to_still_verifies(workspace):
    put_out(workspace)
    workspace.releases.chmod(0o555)
    try:
        if os.access(workspace.releases, os.W_OK):
            pytest.skip("this process writes where nobody may: root, or a system without such permissions")
        assert verify_release(workspace.releases, "2026.1", today=TODAY)
        with pytest.raises(GateError, match="can't be written .Permission denied"):
            withdraw(workspace, "2026.1", reason="r", name="Bo", today=TODAY)
        assert verify_release(workspace.releases, "2026.1", today=TODAY)  # not withdrawn by a line nobody acknowledged
    finally:
        workspace.releases.chmod(0o755)


def test_a_withdrawal_the_disk_refuses_has_not_happened(workspace, monkeypatch):
    put_out(workspace)
    before = (workspace.releases / "LEDGER").read_bytes()

    def refused(*_):
        raise OSError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr("riskmodel.release.ledger.write_bytes", refused)
    with pytest.raises(GateError, match="can't be written .Permission denied.*withdraw or publish again"):
        withdraw(workspace, "2026.1", reason="r", name="Bo", today=TODAY)
    monkeypatch.undo()
    assert (workspace.releases / "LEDGER").read_bytes() == before
    assert verify_release(workspace.releases, "2026.1", today=TODAY)
    withdraw(workspace, "2026.1", reason="r", name="Bo", today=TODAY)
    with pytest.raises(BundleError, match="withdrawn"):
        verify_release(workspace.releases, "2026.1", today=TODAY)


def test_a_clock_that_jumps_opens_no_release_outside_its_days(workspace):
    put_out(workspace)
    for days in (-40_000, -1, 549, 40_000):
        with pytest.raises(BundleError):
            verify_release(workspace.releases, "2026.1", today=TODAY + timedelta(days=days))


def test_two_clean_publications_are_the_same_to_the_byte(workspace, tmp_path):
    shutil.copytree(workspace.root, tmp_path / "other")
    other = Workspace(tmp_path / "other")
    for one in (workspace, other):
        put_out(one)
    folders = [sorted((one.releases / "2026.1").iterdir()) for one in (workspace, other)]
    assert [path.name for path in folders[0]] == [path.name for path in folders[1]]
    assert [path.read_bytes() for path in folders[0]] == [path.read_bytes() for path in folders[1]]
    assert (workspace.releases / "LEDGER").read_bytes() == (other.releases / "LEDGER").read_bytes()
