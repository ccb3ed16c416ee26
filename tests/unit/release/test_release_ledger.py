import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from riskmodel.ground.errors import BundleError, GateError
from riskmodel.ground.files import canonical_line
from riskmodel.release import ledger
from riskmodel.release.ledger import append_event, locked, read_ledger

AS_ANOTHER = """
import os, sys
from pathlib import Path
import filelock
from riskmodel.ground.private import sweep_staged
from riskmodel.release import ledger
os.setgroups([]); os.setgid(65534); os.setuid(65534)
ledger.WAIT_SECONDS = 0.2
releases = Path(sys.argv[1])
sweep_staged(releases, ".delivery.")
try:
    with ledger.locked(releases):
        print("held")
except Exception as error:
    print(error)
print(os.access(releases / ".delivery.one", os.R_OK | os.X_OK))
"""


def withdrawn(number):
    return {"event": "withdrawn", "release": f"2026.{number}", "reason": "test", "date": "2026-03-02"}


@pytest.fixture
def releases(tmp_path):
    for number in (1, 2, 3):
        append_event(tmp_path, withdrawn(number))
    return tmp_path


def test_events_come_back_in_order_each_with_the_hash_of_the_line_before(releases):
    events = read_ledger(releases)
    assert [event["release"] for event in events] == ["2026.1", "2026.2", "2026.3"]
    assert [event["number"] for event in events] == [1, 2, 3]
    assert events[0]["before"] == "0" * 64
    assert len({event["before"] for event in events}) == 3


def test_a_line_that_could_not_be_read_again_is_never_written(releases):
    before = (releases / "LEDGER").read_bytes()
    with pytest.raises(BundleError, match="line 4: .*reason"):
        append_event(releases, withdrawn(4) | {"reason": None})
    assert (releases / "LEDGER").read_bytes() == before


def test_no_ledger_is_an_empty_one(tmp_path):
    assert read_ledger(tmp_path) == []


@pytest.mark.parametrize("line", [0, 1, 2])
def test_a_changed_line_is_noticed(releases, line):
    path = releases / "LEDGER"
    lines = path.read_bytes().split(b"\n")
    lines[line] = lines[line].replace(b"test", b"TEST")
    path.write_bytes(b"\n".join(lines))
    with pytest.raises(BundleError, match="LEDGER"):
        read_ledger(releases)


@pytest.mark.parametrize("kept_n", [0, 1, 2])
def test_a_cut_off_tail_is_noticed_by_the_head(releases, kept_n):
    path = releases / "LEDGER"
    path.write_bytes(b"".join(line + b"\n" for line in path.read_bytes().split(b"\n")[:kept_n]))
    with pytest.raises(BundleError, match=f"has {kept_n} lines"):
        read_ledger(releases)


def test_a_line_taken_out_or_two_exchanged_is_noticed(releases):
    path = releases / "LEDGER"
    first, second, third = path.read_bytes().split(b"\n")[:3]
    for order in ((first, third), (second, first, third)):
        path.write_bytes(b"".join(line + b"\n" for line in order))
        with pytest.raises(BundleError, match="does not follow from the line before"):
            read_ledger(releases)


HEADS = [b"", b"nonsense", b"[]", b'{"number":99,"line":"x"}', b'{"number":true}', b'{"number":3}']


@pytest.mark.parametrize("head", HEADS)
def test_a_damaged_head_is_noticed(releases, head):
    (releases / "LEDGER.head").write_bytes(head)
    with pytest.raises(BundleError, match="not what LEDGER.head says"):
        read_ledger(releases)


def test_a_head_that_is_gone_is_noticed(releases):
    (releases / "LEDGER.head").unlink()
    with pytest.raises(BundleError, match="not what LEDGER.head says"):
        read_ledger(releases)


def test_a_line_without_its_end_was_never_written_and_is_cut_off_by_the_next(releases):
    with (releases / "LEDGER").open("ab") as stream:
        stream.write(b'{"before":"half a li')
    assert len(read_ledger(releases)) == 3
    append_event(releases, withdrawn(4))
    assert [event["release"] for event in read_ledger(releases)][-1] == "2026.4"
    assert b"half" not in (releases / "LEDGER").read_bytes()


def test_killed_between_line_and_head_nothing_is_lost(releases, monkeypatch):
    def killed(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(ledger, "write_bytes", killed)
    with pytest.raises(KeyboardInterrupt):
        append_event(releases, withdrawn(4))
    monkeypatch.undo()
    assert len(read_ledger(releases)) == 4
    append_event(releases, withdrawn(5))
    assert len(read_ledger(releases)) == 5


def test_a_full_disk_leaves_the_ledger_as_it_was(releases, monkeypatch):
    before = (releases / "LEDGER").read_bytes()
    write = os.write
    monkeypatch.setattr(os, "write", lambda handle, content: write(handle, content[:10]))
    with pytest.raises(OSError, match="No space"):
        append_event(releases, withdrawn(4))
    monkeypatch.undo()
    assert (releases / "LEDGER").read_bytes() == before
    assert len(read_ledger(releases)) == 3


NO_EVENTS = [
    {"event": "celebrated", "date": "2026-03-02"},
    {"event": "withdrawn", "date": "2026-03-02"},
    {**withdrawn(1), "date": "yesterday"},
    {**withdrawn(1), "release": 7},
    {**withdrawn(1), "equation_sha256": ["x"]},
    {**withdrawn(1), "thresholds_sha256": "x"},
    {**withdrawn(1), "fault": "everything"},
]


@pytest.mark.parametrize("event", NO_EVENTS)
def test_a_line_that_is_no_event_is_refused(tmp_path, event):
    line = canonical_line({**event, "number": 1, "before": ledger.START})
    (tmp_path / "LEDGER").write_bytes(line + b"\n")
    with pytest.raises(BundleError, match="line 1"):
        read_ledger(tmp_path)


def test_lines_are_canonical_json(releases):
    for line in (releases / "LEDGER").read_text().splitlines():
        assert line == json.dumps(json.loads(line), sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def test_one_writes_at_a_time_the_other_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(ledger, "WAIT_SECONDS", 0.05)
    with locked(tmp_path), pytest.raises(GateError, match="somebody else is writing"), locked(tmp_path):
        pass
    with locked(tmp_path):
        pass


@pytest.mark.skipif(os.name != "posix", reason="only POSIX has a umask")
def test_whoever_shares_the_folder_can_lock_it_next_whatever_the_umask(tmp_path):
    before = os.umask(0o077)
    try:
        with locked(tmp_path):
            pass
    finally:
        os.umask(before)
    assert (tmp_path / "LEDGER.lock").stat().st_mode & 0o666 == 0o666


def test_a_lock_that_another_left_closed_is_named(tmp_path, monkeypatch):
    (tmp_path / "LEDGER.lock").touch()
    monkeypatch.setattr(os, "access", lambda path, mode: not str(path).endswith("LEDGER.lock"))
    with pytest.raises(GateError, match=r"models/releases/LEDGER\.lock: belongs to \S+, .* remove LEDGER\.lock"):
        with locked(tmp_path):
            pass


def test_a_ledger_that_can_not_be_read_is_refused_in_a_sentence(tmp_path):
    (tmp_path / "LEDGER").mkdir()
    with pytest.raises(BundleError, match="LEDGER: can't be read"):
        read_ledger(tmp_path)


def test_a_clock_behind_the_ledger_writes_nothing_but_a_withdrawal(releases):
    drilled = {"event": "stop_drilled", "release": "2026.9", "date": "2027-03-01"}
    append_event(releases, drilled | {"date": "2027-03-02"})
    before = (releases / "LEDGER").read_bytes()
    with pytest.raises(GateError, match="clock of this machine says 2027-03-01, but 2027-03-02 stands in the ledger"):
        append_event(releases, drilled)
    assert (releases / "LEDGER").read_bytes() == before
    append_event(releases, withdrawn(4) | {"date": "1970-01-01"})  # the stop works whatever the clock says …
    append_event(releases, withdrawn(5) | {"date": "2099-01-01"})
    with pytest.raises(GateError, match="but 2027-03-02 stands in the ledger"):
        append_event(releases, drilled)
    assert append_event(releases, drilled | {"date": "2027-03-02"})["number"] == 7  # … and its date binds nobody


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only root may become another account")
def test_a_second_account_waits_for_the_lock_and_neither_reads_nor_sweeps_what_is_anothers():
    with tempfile.TemporaryDirectory() as place:
        releases = Path(place) / "releases"
        (releases / ".delivery.one").mkdir(mode=0o700, parents=True)
        (releases / ".delivery.one" / "answers.parquet").write_bytes(b"x")
        Path(place).chmod(0o755)
        releases.chmod(0o777)
        asked = [sys.executable, "-c", AS_ANOTHER, str(releases)]

        def another():
            return subprocess.run(asked, capture_output=True, text=True, check=True).stdout.splitlines()

        with locked(releases):
            said, may_read = another()
        assert said.startswith("LEDGER: somebody else is writing to it") and may_read == "False"
        assert another() == ["held", "False"]
        assert (releases / ".delivery.one" / "answers.parquet").exists()
