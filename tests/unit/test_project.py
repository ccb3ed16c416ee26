"""A project from Python: releases by the standard library alone, and a plain message where no run has been."""

import shutil
import subprocess
import sys
from datetime import date

import pytest
import release_example

import riskmodel
from riskmodel.advice.record import TOO_LITTLE
from riskmodel.ground.errors import BundleError, GateError
from riskmodel.publish.publish import publish
from riskmodel.release.landmark import MORE_SUPPORT

LONG = {"schooling": "primary", "housing": "none", "support": "no", "age": 60}
ON_A_DAY = """
import sys
import riskmodel
release = riskmodel.open(sys.argv[1]).release(sys.argv[2])
print(release.record.published.id, {name.split(".")[0] for name in sys.modules} & {"numpy", "pandas", "sklearn"})
"""


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """A project with a release that was published today."""
    workspace = release_example.approved(tmp_path_factory.mktemp("project"))
    release_id = publish(workspace, release_example.settings(), name="Ada Alm", today=date.today()).release_id
    shutil.copy(release_example.ROOT / "params.toml", workspace.params)
    return workspace.root, release_id


def test_a_release_advises(published):
    root, release_id = published
    release = riskmodel.open(root).release(release_id)
    advice = release.advise(LONG, municipality="9901", own_assessment="Needs more")
    assert advice.answer == MORE_SUPPORT and advice.score.risk > 0.5 and advice.own_assessment == "Needs more"
    assert release.advise({}).answer == TOO_LITTLE
    assert release.advise(LONG, municipality="0180").answer == TOO_LITTLE  # of another municipality


def test_a_release_is_verified_before_it_advises(published):
    with pytest.raises(BundleError, match="no such publication"):
        riskmodel.open(published[0]).release("2020.1")


def test_opening_a_release_loads_the_standard_library_only(published):
    command = [sys.executable, "-c", ON_A_DAY, *map(str, published)]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == f"{published[1]} set()\n"


@pytest.mark.parametrize("asked", ["cases", "predictions", "estimator"])
def test_where_no_run_has_been_it_is_said_what_to_do(tmp_path, asked):
    shutil.copy(release_example.ROOT / "params.toml", tmp_path)
    instruments = tmp_path / "data/instruments"
    shutil.copytree(release_example.ROOT / "data/instruments", instruments)
    with pytest.raises(GateError, match="the run's results are gone.*Run `dvc repro`"):
        getattr(riskmodel.open(tmp_path, month=3), asked)
