"""What decides whose signatures count, and whether a ledger lies beside a release: never that it can't be read."""

from pathlib import Path

import pytest
import typer

from riskmodel.cli.shared import signers_required
from riskmodel.cli.use import verify
from riskmodel.ground.errors import BundleError, SettingsError
from riskmodel.ground.workspace import Workspace
from riskmodel.publish.registry.served import _signers


@pytest.fixture
def project(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("RISKMODEL_SIGNERS", raising=False)
    return tmp_path


def required_by_a_server(_):
    return _signers(Workspace(Path()))


@pytest.fixture(params=[signers_required, required_by_a_server], ids=["command", "server"])
def required(request):
    return lambda: request.param(None)


def test_where_there_are_no_settings_nobodys_signature_is_required(project, required):
    assert required() is None


def test_settings_that_can_not_be_read_do_not_free_anybody_from_signing(project, required):
    (project / "params.toml").mkdir()
    with pytest.raises(SettingsError, match=r"params\.toml: can't be read"):
        required()
    (project / "params.toml").rmdir()
    (project / "params.toml").symlink_to("settings/params.toml")
    with pytest.raises(SettingsError, match=r"params\.toml: can't be read"):
        required()


def test_a_ledger_that_leads_nowhere_does_not_make_a_folder_a_lone_one(project, monkeypatch):
    (project / "releases/2026.1").mkdir(parents=True)
    (project / "releases/LEDGER").symlink_to("gone")
    (project / "signers").write_text("")
    monkeypatch.setattr(typer, "echo", lambda *_, **__: pytest.fail("nothing is to be told"))
    with pytest.raises(BundleError, match=r"the ledger has no such publication"):
        verify("releases/2026.1", signers=Path("signers"))


@pytest.mark.parametrize("release", [None, "2026.1"])
def test_in_another_folder_it_says_where_it_looked(project, release):
    with pytest.raises(
        BundleError, match=r"0 releases here, there is no folder models/releases. Run the command in the"
    ):
        verify(release)
    (project / "models/releases").mkdir(parents=True)  # in the project's folder it is the ledger that says so
    with pytest.raises(
        BundleError, match="Use a release that has been published" if release else "No release may be used"
    ):
        verify(release)
