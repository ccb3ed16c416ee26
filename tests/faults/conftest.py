"""A project folder in which everything is approved, for every fault that may come next."""

import pytest
import release_example
from fault_acts import Ready

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
