"""Where the project stands, from the terminal: one line a thing, one next command, in the language asked for."""

import re
import shutil
import sys
from datetime import date

import pytest
import release_example
from typer.testing import CliRunner

from riskmodel import __version__
from riskmodel.cli import app
from riskmodel.ground.errors import BundleError
from riskmodel.ground.files import canonical_json, write_bytes
from riskmodel.ground.text import Text
from riskmodel.publish.publish import publish
from riskmodel.publish.withdraw import withdraw

TODAY = release_example.TODAY


class Then(date):
    """The day on which the made year is decided."""

    @classmethod
    def today(cls):
        return TODAY


@pytest.fixture
def told(tmp_path, monkeypatch):
    """What `riskmodel status` says of a project folder, with the waivers that its candidate was made with."""

    def say(workspace, *words):
        shutil.copy(release_example.ROOT / "params.toml", workspace.params)
        text = workspace.params.read_text(encoding="utf-8").replace(
            'documents = "data/documents.toml"', 'documents = ""'
        )
        workspace.params.write_text(text, encoding="utf-8")
        monkeypatch.chdir(workspace.root)
        monkeypatch.setattr(sys.modules["riskmodel.cli.report"], "date", Then)
        done = CliRunner().invoke(app, ["status", *words])
        assert done.exit_code == 0, done.exception
        return done.stdout

    return say


def steps(said):
    return re.findall("[✓○]", said.splitlines()[0])


@pytest.mark.parametrize(
    ("stage", "done_n", "next_command"),
    [
        ("proposed", 1, "riskmodel protocol --name NAME"),
        ("confirmed", 3, "riskmodel approve --name NAME --role ROLE --decision DNR"),
        ("approved", 4, "riskmodel publish --name NAME"),
    ],
)
def test_one_command_is_next_and_every_gate_is_told(tmp_path, told, stage, done_n, next_command):
    said = told(getattr(release_example, stage)(tmp_path), "--language", "en")
    assert steps(said) == ["✓"] * done_n + ["○"] * (5 - done_n)
    assert [line.split()[1] for line in said.splitlines() if line.startswith("  ")] == [f"G{n}" for n in range(1, 14)]
    assert "○ G12" in said and "waived until 2029-12-31" in said and "Against" not in said
    assert said.splitlines()[-1] == f"Next       {next_command}"
    assert f"Report     {(tmp_path / 'models/candidates/report/report.html').as_uri()}" in said


def test_a_gate_that_forbids_publication_is_named_before_anything_is_frozen(tmp_path, told):
    workspace = release_example.proposed(tmp_path)
    (workspace.report / "report.html").write_text("<html>not of the template</html>", encoding="utf-8")
    said = told(workspace, "--language", "en")
    assert "✗ G13" in said and "Against    G13\n  G13 " in said
    assert "Pages made with another template" in " ".join(said.split())
    assert "Next       put right what stands against it" in said


def test_a_project_without_a_run_is_told_how_to_begin(tmp_path, told):
    workspace = release_example.Workspace(tmp_path)
    assert told(workspace) == (
        "Året       ○ körning  ○ protokoll  ○ prov  ○ två godkännanden  ○ publicering\n"
        "Härnäst    make run (utan make: dvc repro)\n"
    )


def test_what_is_in_force_and_what_was_withdrawn_is_told(tmp_path, told):
    workspace = release_example.approved(tmp_path)
    release_id = publish(workspace, release_example.settings(), name="Ada Alm", today=TODAY).release_id
    said = told(workspace, "--language", "en")
    assert steps(said) == ["✓"] * 5 and f"In force   {release_id} in municipality 9901, until 2027-09-01" in said
    assert "Next       nothing until the next delivery comes" in said
    withdraw(workspace, release_id, reason="Wrong", name="Ada", today=TODAY)
    write_bytes(workspace.previous, canonical_json({"release": release_id}))
    said = told(workspace, "--language", "en")
    assert "none in municipality 9901: nobody gets advice" in said and f"Withdrawn  {release_id}\n" in said
    assert f"{release_id}, which the run was compared with" in said


def test_a_borrowed_table_that_can_be_used_no_more_is_told(tmp_path, told, monkeypatch):
    workspace = release_example.proposed(tmp_path)
    monkeypatch.setattr(
        "riskmodel.publish.status.no_more",
        lambda prior, root: BundleError(Text("2025.4 har återkallats.", "Withdrawn.")),
    )
    assert "Lånad      2025.4 har återkallats.\n" in told(workspace)


def test_the_version_is_told_and_a_language_that_is_not_known_is_refused():
    assert CliRunner().invoke(app, ["--version"]).stdout == f"riskmodel {__version__}\n"
    refused = CliRunner().invoke(app, ["status"], env={"RISKMODEL_LANGUAGE": "no"})
    assert "--language: not known. Allowed: sv, en." in str(refused.exception)


def test_the_commands_stand_in_the_order_of_the_year():
    listed = re.findall(r"^  ([a-z]+) +[A-Z]", CliRunner().invoke(app, ["--help"]).stdout, flags=re.MULTILINE)
    order = ["check", "status", "report", "protocol", "confirm", "approve", "publish", "verify", "advise"]
    assert [name for name in listed if name in order] == order
