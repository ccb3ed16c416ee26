"""What is published is used where nothing else is: no database, no settings, no network, a disk that can't be written.

Commands run in a process of their own that refuses, for any user, to write, to call out, and to import more than the
standard library and typer.
"""

import json
import shutil
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest
import release_example

from riskmodel.publish.publish import publish

PROJECT = Path(__file__).parents[2]
AWAY = (
    "mlflow dvc dvclive pandas numpy scipy sklearn statsmodels pandera duckdb ibis pyarrow sqlalchemy matplotlib jinja2"
)
ALONE = f"""
import datetime, errno, os, sys

sys.dont_write_bytecode = True
TODAY = sys.argv.pop(1)
AWAY = set({AWAY!r}.split())
CHANGES = {{"os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.truncate", "os.chmod", "os.utime", "os.link",
           "os.symlink", "shutil.copyfile", "tempfile.mkstemp", "tempfile.mkdtemp"}}
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def refuse(event, given):
    if event == "import" and given[0].split(".")[0] in AWAY:
        raise ImportError(given[0] + " is away")
    if event in CHANGES or event == "open" and given[0] != os.devnull and given[2] and given[2] & WRITING:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))
    if event.startswith("socket.") or event == "sqlite3.connect":
        raise OSError(errno.ENETUNREACH, os.strerror(errno.ENETUNREACH))


class Day(datetime.date):
    @classmethod
    def today(cls):
        return cls.fromisoformat(TODAY)


datetime.date = Day
sys.addaudithook(refuse)
from riskmodel.cli import main

main()
"""


def riskmodel(folder, day, *arguments):
    command = [sys.executable, "-c", ALONE, day.isoformat(), *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, encoding="utf-8")


def consumer(root, releases, case):
    """A folder with what a consumer of `releases` gets, and nothing that may be written in it."""
    shutil.copytree(releases, root / "models/releases", ignore=shutil.ignore_patterns("LEDGER.lock"))
    (root / "case.json").write_text(json.dumps(case), encoding="utf-8")
    for path in [root, *root.rglob("*")]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    return root


def listing(root):
    found = [root, *sorted(root.rglob("*"))]
    return {path.relative_to(root).as_posix(): (path.stat().st_mtime_ns, path.stat().st_size) for path in found}


@pytest.fixture
def ours(tmp_path):
    """This repository's own release 2026.1 with a case, its day and its numbers as they were published."""
    case = json.loads((PROJECT / "notebooks/one.json").read_text(encoding="utf-8"))
    return consumer(tmp_path, PROJECT / "models/releases", case), date(2026, 12, 20), "2026.1", (52, 0.473)


@pytest.fixture
def made(tmp_path_factory):
    """A release published just now, with one of its own example records."""
    workspace = release_example.approved(tmp_path_factory.mktemp("made"))
    done = publish(workspace, release_example.settings(), name="Ada Alm", today=release_example.TODAY)
    example = release_example.candidate()["examples"][1]
    case = {"municipality": "9901", "answers": example["answers"]}
    root = consumer(tmp_path_factory.mktemp("consumer"), workspace.releases, case)
    return root, release_example.TODAY + timedelta(days=9), done.release_id, (example["sum"], round(example["risk"], 3))


@pytest.mark.parametrize("given", ["ours", "made"])
def test_a_published_release_verifies_and_advises_where_nothing_else_is(given, request):
    root, day, release_id, (points, risk) = request.getfixturevalue(given)
    before = listing(root)
    named, in_force = riskmodel(root, day, "verify", release_id), riskmodel(root, day, "verify")
    asked = riskmodel(root, day, "advise", release_id, "--answers", "case.json", "--json")
    assert [run.stderr for run in (named, in_force, asked)] == ["", "", ""]
    assert named.stdout == in_force.stdout
    assert release_id in named.stdout
    advice = json.loads(asked.stdout)
    assert (advice["score"]["points"], round(advice["score"]["risk"], 3)) == (points, risk)
    assert listing(root) == before


def test_it_refuses_there_what_it_refuses_everywhere(ours):
    root, day, release_id, _ = ours
    late = riskmodel(root, day + timedelta(days=600), "verify", release_id)
    assert (late.returncode, late.stdout) == (14, "")
    assert "slutade gälla" in late.stderr


@pytest.mark.parametrize(
    "act", ["import mlflow", "open('made', 'w')", "import socket; socket.create_connection(('127.0.0.1', 9))"]
)
def test_the_process_these_tests_run_in_does_refuse(act, tmp_path):
    command = [sys.executable, "-c", ALONE.replace("main()", act), "2027-03-01"]
    refused = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert refused.returncode == 1
    assert "Error: " in refused.stderr.splitlines()[-1]
    assert not list(tmp_path.iterdir())
