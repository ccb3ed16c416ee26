"""A published made release, built once; tests that change it work on copies."""

import copy
import shutil
from contextlib import contextmanager

import pytest
import release_example

from riskmodel.ground.workspace import Workspace
from riskmodel.publish import publish as publish_module
from riskmodel.publish.publish import publish


@pytest.fixture
def candidate():
    return copy.deepcopy(release_example.candidate())


@pytest.fixture(scope="session")
def _published(tmp_path_factory):
    workspace = release_example.approved(tmp_path_factory.mktemp("published"))
    publish(workspace, release_example.settings(), name="Ada Alm", today=release_example.TODAY)
    return workspace


@pytest.fixture(scope="session")
def _approved(tmp_path_factory):
    return release_example.approved(tmp_path_factory.mktemp("approved"))


@pytest.fixture
def published(_published, tmp_path):
    """A project folder in which 2026.1 is published."""
    shutil.copytree(_published.root, tmp_path / "project")
    return Workspace(tmp_path / "project")


@pytest.fixture
def approved(_approved, tmp_path):
    """A project folder ready to publish."""
    shutil.copytree(_approved.root, tmp_path / "project")
    return Workspace(tmp_path / "project")


@pytest.fixture
def killed_before_the_ledger_line(monkeypatch):
    """What is published inside is interrupted when all but its line in the ledger stands."""

    def killed(*_):
        raise KeyboardInterrupt

    @contextmanager
    def act():
        with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
            patched.setattr(publish_module, "append_event", killed)
            yield

    return act
