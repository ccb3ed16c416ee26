"""The stop: nothing that somebody typed, a clock or a damaged folder stands in its way."""

import json
import shutil
from datetime import date
from pathlib import Path

import pytest
import release_example

from riskmodel.ground.errors import BundleError
from riskmodel.ground.workspace import Workspace
from riskmodel.publish.withdraw import drill_stop, withdraw
from riskmodel.release.ledger import read_ledger
from riskmodel.release.standing import Fault, condemned_equations, condemned_thresholds
from riskmodel.release.verify import verify_release

TODAY = release_example.TODAY
EARLY = Path(__file__).parents[3] / "models/releases"  # 2026.1 there is of format 1


@pytest.mark.parametrize(("pasted", "kept"), [
    ("fel\x1b[2K poäng\u200b\n\nidag", "fel [2K poäng idag"),
    ("fel \ud800 poäng", "fel ? poäng"),
    ("\u202efel\ttal", "fel tal"),
])  # fmt: skip
def test_a_pasted_reason_or_name_is_taken_without_what_can_not_be_seen(published, pasted, kept):
    withdraw(published, "2026.1", reason=pasted, name=f" Bo {pasted}", today=TODAY)
    line = read_ledger(published.releases)[-1]
    assert (line["event"], line["reason"], line["by"]) == ("withdrawn", kept, f"Bo {kept}")
    assert (published.releases / "2026.1.withdrawn").read_text(encoding="utf-8").endswith(f": {kept}\n")


@pytest.mark.parametrize("today", [date.min, date(2020, 1, 1), date.max])
def test_no_clock_stands_in_its_way(published, today):
    assert withdraw(published, "2026.1", reason="r", name="Bo", today=today).is_whole
    with pytest.raises(BundleError, match="2026.1: withdrawn"):
        verify_release(published.releases, "2026.1", today=TODAY)


def test_a_folder_that_is_gone_is_withdrawn_with_its_points(published):
    shutil.rmtree(published.releases / "2026.1")
    assert withdraw(published, "2026.1", reason="r", name="Bo", today=TODAY).is_whole
    assert read_ledger(published.releases)[-1]["equation_sha256"]


@pytest.fixture
def early(tmp_path):
    """A copy of the release of format 1, whose ledger line does not say which equation it has."""
    workspace = Workspace(tmp_path)
    for name in ("LEDGER", "LEDGER.head"):
        workspace.releases.mkdir(parents=True, exist_ok=True)
        shutil.copy(EARLY / name, workspace.releases)
    shutil.copytree(EARLY / "2026.1", workspace.releases / "2026.1")
    return workspace


def test_an_early_release_is_withdrawn_with_the_points_that_its_file_holds(early):
    (published,) = (one for one in read_ledger(early.releases) if one.get("release") == "2026.1")
    assert "equation_sha256" not in published
    assert withdraw(early, "2026.1", reason="r", name="Bo", today=TODAY).is_whole


def test_the_thresholds_of_an_early_release_are_withdrawn_with_what_its_file_holds(early):
    assert withdraw(early, "2026.1", reason="r", name="Bo", today=TODAY, fault=Fault.THRESHOLDS).is_whole
    line = read_ledger(early.releases)[-1]
    assert line["fault"] == "thresholds"
    assert condemned_thresholds([line]) == {(line["equation_sha256"], line["thresholds_sha256"])}
    assert condemned_equations([line]) == set()


def test_an_early_release_that_was_changed_is_withdrawn_by_number_alone(early):
    path = early.releases / "2026.1" / "release.json"
    release = json.loads(path.read_bytes())
    release["landmarks"][0]["items"][0]["levels"][0]["points"] += 1  # another equation, not the one to condemn
    path.write_bytes(json.dumps(release).encode())
    gone = withdraw(early, "2026.1", reason="r", name="Bo", today=TODAY)
    assert (gone.releases, gone.is_whole) == (("2026.1",), False)
    assert "equation_sha256" not in read_ledger(early.releases)[-1]


def test_the_stop_is_tried_on_a_copy_and_changes_nothing_here(published):
    before = {path: path.read_bytes() for path in published.root.rglob("*") if path.is_file()}
    line = drill_stop(published, name="Bo", today=TODAY)
    assert (line["event"], line["release"]) == ("stop_drilled", "2026.1")
    assert {path: path.read_bytes() for path in published.root.rglob("*") if path.is_file()} == before
