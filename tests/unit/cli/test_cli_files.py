"""Files that commands read and write: what can't be is told in one sentence, and nothing is replaced or half done."""

import shutil
from pathlib import Path

import pytest
import release_example

from riskmodel.cli.decide import confirm
from riskmodel.cli.deliveries import simulate
from riskmodel.cli.report import report
from riskmodel.cohort.record import write_cohort
from riskmodel.ground.errors import GateError, RiskModelError, SettingsError
from riskmodel.ground.settings import read_settings
from riskmodel.ground.workspace import Workspace
from riskmodel.publish.approve import approve, draft
from riskmodel.publish.books import read_books, report_files
from riskmodel.release.subject import HEADING, write_statement
from riskmodel.report.remake import remade_sums

ROOT = release_example.ROOT
TEXT = f"{HEADING}\n\ndate: 2026-03-02\n".encode()
GONE, DAMAGED = "the run's results are gone", "the run's results are damaged"


@pytest.fixture(scope="session")
def _confirmed(tmp_path_factory):
    return release_example.confirmed(tmp_path_factory.mktemp("confirmed"))


@pytest.fixture
def workspace(_confirmed, tmp_path):
    shutil.copytree(_confirmed.root, tmp_path / "project")
    return Workspace(tmp_path / "project")


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project folder in which nothing has been run, at hand for the commands."""
    shutil.copy(ROOT / "params.toml", tmp_path)
    shutil.copytree(ROOT / "data/instruments", tmp_path / "data/instruments")
    monkeypatch.chdir(tmp_path)
    return Workspace(tmp_path)


def refused(family, act, *given, **how):
    with pytest.raises(RiskModelError) as caught:
        act(*given, **how)
    assert type(caught.value) is family and "\n" not in str(caught.value)
    return str(caught.value)


def test_a_statement_is_written_where_nothing_or_another_statement_lies(tmp_path):
    write_statement(tmp_path / "new/text", TEXT, option="--statement")
    write_statement(tmp_path / "new/text", TEXT + b"\n", option="--statement")
    assert (tmp_path / "new/text").read_bytes() == TEXT + b"\n"


def test_a_statement_replaces_nothing_else(tmp_path):
    (tmp_path / "params.toml").write_bytes(b"[cohort]\n")
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to("gone")
    for name in ("params.toml", "folder", "link", "params.toml/text", "x" * 300):
        told = refused(SettingsError, write_statement, tmp_path / name, TEXT, option="--letter")
        assert told.startswith("--letter: ")
    assert (tmp_path / "params.toml").read_bytes() == b"[cohort]\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder", "link", "params.toml"]


def test_an_approval_that_can_not_be_put_on_file_is_told(workspace):
    subject = read_books(workspace).subject
    approval = draft(subject, name="Ada", role="analyst", decision="KS 1", today=release_example.TODAY)
    workspace.approvals.write_bytes(b"")
    told = refused(GateError, approve, workspace, subject, approval)
    assert told.startswith("models/candidates/approvals: can't be written (")


def test_a_report_that_can_not_be_read_is_told(workspace, monkeypatch):
    def locked(_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", locked)
    assert "models/candidates/report: can't be read (Permission denied)" in refused(GateError, report_files, workspace)


def test_results_that_are_gone_are_told(project, tmp_path):
    assert GONE in refused(GateError, report, tmp_path / "out")
    assert GONE in refused(GateError, confirm, "Ada")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("content", [b"", b"{", b"\xff", b"[]", b"[" * 100_000, b'{"frames": 5}'], ids=range(6))
def test_a_damaged_delivery_is_told(project, content):
    settings = read_settings(project.params)
    project.delivery.mkdir(parents=True)
    (project.delivery / "delivery.json").write_bytes(content)
    assert DAMAGED in refused(GateError, remade_sums, project, settings)
    (project.delivery / "delivery.json").write_bytes(b'{"frames": ["files"]}')
    (project.delivery / "files.parquet").write_bytes(content)
    assert DAMAGED in refused(GateError, remade_sums, project, settings)


@pytest.mark.parametrize("name", ["cases.parquet", "summary.json"])
def test_a_damaged_cohort_is_told(project, tmp_path, name):

    write_cohort(release_example.year().cohort, project.cohort())
    (project.cohort() / name).write_bytes(b"{")
    assert DAMAGED in refused(GateError, report, tmp_path / "out")
    assert DAMAGED in refused(GateError, confirm, "Ada")


def test_a_report_is_written_to_a_folder(project, monkeypatch):
    monkeypatch.setattr("riskmodel.report.run.read_run", lambda _: None)
    monkeypatch.setattr("riskmodel.report.calibration_report.pages_of", lambda *_, **__: {"report.html": b"<html>"})
    for out in (project.params, Path("x" * 300)):
        assert "can't be written (" in refused(SettingsError, report, out)


def test_a_made_delivery_below_a_file_is_told(project):
    told = refused(SettingsError, simulate, project.params / "made", cases_per_year=1, years="2020-2020")
    assert told.startswith("made: can't be written (")
