"""What another policy would mean is told from what the run stored; what the policy means now is what was proposed."""

from dataclasses import replace

import pytest
import release_example
from typer.testing import CliRunner

from riskmodel.cli import app
from riskmodel.cohort.record import write_frame
from riskmodel.ground.errors import SettingsError
from riskmodel.ground.workspace import Workspace
from riskmodel.model.record import write_model
from riskmodel.publish.whatif import FLAGGED, LONG, MISSED, what_if
from riskmodel.release.evidence import DEMANDS

SETTINGS = replace(release_example.settings(), cohort=replace(release_example.settings().cohort, landmarks=(0,)))


@pytest.fixture(scope="module")
def stored(tmp_path_factory):
    """A project folder with the made year's model and predictions, as the stages leave them."""
    workspace, year = Workspace(tmp_path_factory.mktemp("stored")), release_example.year()
    write_model(year.model, year.model_evidence, workspace.model())
    write_frame(workspace.assessment() / "predictions.parquet", release_example.predictions())
    return workspace


def test_as_it_is_the_policy_leads_to_what_was_proposed(stored):
    (found,) = what_if(stored, SETTINGS, [])
    proposed = release_example.candidate()["landmarks"][0]["thresholds"]
    assert found.now == found.then and found.now.points == proposed["flag"]
    assert found.now.shares[FLAGGED][0] == pytest.approx(proposed["expected"]["flagged_share"]["estimate"], abs=1e-6)
    assert found.now.shares[MISSED][0] == pytest.approx(1 - proposed["expected"]["sensitivity"]["estimate"], abs=1e-6)


def test_with_less_room_fewer_are_flagged_more_surely_and_more_are_missed(stored):
    before = sorted(stored.root.rglob("*"))
    (found,) = what_if(stored, SETTINGS, ["capacity_share=.15"])
    assert found.then.points > found.now.points and found.then.shares[FLAGGED][0] <= 0.15
    assert found.then.shares[LONG][0] > found.now.shares[LONG][0]
    low, middle, high = (found.then.shares[MISSED][place] for place in (1, 0, 2))
    assert low < middle < high and middle > found.now.shares[MISSED][0]
    assert sorted(stored.root.rglob("*")) == before


def test_what_no_sum_can_meet_gives_no_flags_and_no_numbers(stored):
    (found,) = what_if(stored, SETTINGS, ["ppv_floor=.99", "harm_ratio=.6"])
    assert found.then.points is None and found.then.unmet[:2] == DEMANDS[:2]
    assert set(found.then.shares.values()) == {None}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("max_oe=1", "depends on no such key. Allowed: harm_ratio, ppv_floor"),
        ("capacity_share", "capacity_share: a number is needed"),
        ("capacity_share=2", "capacity_share is 2.0. Allowed: from 0 to 1"),
        ("ppv_floor=nan", "ppv_floor is nan"),
    ],
)
def test_what_is_no_demand_is_refused(stored, change, told):
    with pytest.raises(SettingsError, match=told):
        list(what_if(stored, SETTINGS, [change]))


def test_it_is_told_side_by_side(stored, monkeypatch):
    text = (release_example.ROOT / "params.toml").read_text(encoding="utf-8").replace("[0, 3, 5]", "[0]")
    stored.params.write_text(text, encoding="utf-8")
    monkeypatch.chdir(stored.root)
    said = CliRunner().invoke(app, ["whatif", "capacity_share=.1", "ppv_floor=.99", "--language", "en"]).stdout
    assert "capacity_share=.1 ppv_floor=.99" in said.splitlines()[0] and "Of 100 long cases are missed" in said
    assert "No flags: no sum of points meets harm_ratio, ppv_floor together." in said
    assert "Nothing is changed." in said.splitlines()[-1]
