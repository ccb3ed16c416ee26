"""Files about persons are their owner's alone, and what a killed process left is gone at the next start."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from riskmodel.extracts.delivery import sweep_leftovers
from riskmodel.ground.files import private_folder, write_bytes
from riskmodel.ground.private import make_private, staged, sweep_staged

pytestmark = pytest.mark.skipif(os.name != "posix", reason="only POSIX has modes")
KILLED = """
import os, signal, sys
from pathlib import Path
from riskmodel.ground.private import staged
with staged(Path(sys.argv[1]), ".delivery.") as folder:
    (folder / "answers.parquet").write_bytes(b"x")
    print("ready", flush=True)
    signal.pause()
"""


def modes(folder: Path) -> dict[str, int]:
    return {path.relative_to(folder).as_posix(): path.stat().st_mode & 0o777 for path in folder.rglob("*")}


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_files_and_folders_are_their_owners_alone_whatever_the_umask(tmp_path, umask):
    before = os.umask(umask)
    try:
        write_bytes(tmp_path / "a/b/c.parquet", b"x", private=True)
        private_folder(tmp_path / "d/e")
        (tmp_path / "f").mkdir()
        pd.DataFrame({"x": [1]}).to_parquet(tmp_path / "f/x.parquet")
        make_private(tmp_path / "f")
        write_bytes(tmp_path / "public.md", b"x")
    finally:
        os.umask(before)
    folders, files = ("a", "a/b", "d", "d/e", "f"), ("a/b/c.parquet", "f/x.parquet")
    assert modes(tmp_path) == dict.fromkeys(folders, 0o700) | dict.fromkeys(files, 0o600) | {"public.md": 0o644}


def test_a_folder_that_was_there_keeps_its_mode(tmp_path):
    (tmp_path / "shared").mkdir(mode=0o750)
    private_folder(tmp_path / "shared/own")
    assert modes(tmp_path) == {"shared": 0o750, "shared/own": 0o700}


def test_what_a_killed_process_left_goes_and_what_a_living_one_holds_stays(tmp_path):
    with subprocess.Popen([sys.executable, "-c", KILLED, str(tmp_path)], stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout.readline() == "ready\n"
        sweep_leftovers(tmp_path / "delivery")
        assert list(tmp_path.glob(".delivery.*/answers.parquet"))
        run.send_signal(signal.SIGKILL)
    assert list(tmp_path.glob(".delivery.*/answers.parquet"))
    sweep_leftovers(tmp_path / "delivery")
    assert not list(tmp_path.iterdir())


def test_only_what_has_the_name_is_swept(tmp_path):
    (tmp_path / ".other.x").mkdir()
    (tmp_path / ".scores.link").symlink_to(tmp_path / ".other.x")
    (tmp_path / ".scores.new").mkdir()  # somebody has just begun
    sweep_staged(tmp_path, ".scores.")
    assert sorted(path.name for path in tmp_path.iterdir()) == [".other.x", ".scores.link", ".scores.new"]


def test_a_staged_folder_is_gone_at_the_end_or_has_become_another(tmp_path):
    with staged(tmp_path, ".scores.") as folder:
        assert folder.stat().st_mode & 0o777 == 0o700
    with staged(tmp_path, ".scores.") as folder:
        folder.rename(tmp_path / "delivery")
    with pytest.raises(ZeroDivisionError), staged(tmp_path, ".scores."):
        _ = 1 / 0
    assert [path.name for path in tmp_path.iterdir()] == ["delivery"]
