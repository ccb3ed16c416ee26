"""A project folder in which everything is approved, for every fault that may come next."""

import os
import tempfile
from pathlib import Path

import pytest
import release_example
from fault_acts import Ready

IN_MEMORY = Path("/dev/shm")
KEPT_N = 3  # rows of each table of evidence: thousands of publications follow


@pytest.fixture(scope="session")
def ready(tmp_path_factory):
    candidate = release_example.candidate()
    shorter = {**candidate, "evidence": shortened(candidate["evidence"])}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(release_example, "candidate", lambda: shorter)
        workspace = release_example.approved(tmp_path_factory.mktemp("ready") / "project")
    return Ready(workspace.root, release_example.settings())


def shortened(value):
    """`value` with the first rows of every list in it."""
    if isinstance(value, dict):
        return {key: shortened(inner) for key, inner in value.items()}
    return [shortened(inner) for inner in value[:KEPT_N]] if isinstance(value, list) else value


@pytest.fixture
def folder(tmp_path):
    """An empty folder; in memory where there is some, as kills and refusals look the same on any disk."""
    if not os.access(IN_MEMORY, os.W_OK):
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(dir=IN_MEMORY) as path:
        yield Path(path)
