"""What every fault begins with: a project that is ready to publish, and a folder for what becomes of it."""

import os
import tempfile
from pathlib import Path

import pytest
from fault_ready import made_ready

IN_MEMORY = Path("/dev/shm")


@pytest.fixture(scope="session")
def ready(tmp_path_factory):
    return made_ready(tmp_path_factory.mktemp("ready") / "project")


@pytest.fixture
def folder(tmp_path):
    """An empty folder; in memory where there is some, as kills and refusals look the same on any disk."""
    if not os.access(IN_MEMORY, os.W_OK):
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(dir=IN_MEMORY) as path:
        yield Path(path)


@pytest.fixture
def unpublished(ready, folder):
    return ready.copied(folder / "unpublished", published=False)


@pytest.fixture
def published(ready, folder):
    return ready.copied(folder / "published", published=True)
