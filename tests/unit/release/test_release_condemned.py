"""What was withdrawn in an early format does not come back in a later one, however its numbers are rounded there."""

import json
import shutil
from datetime import date
from pathlib import Path

import pytest
from opened import opened
from points_alone import points_alone

from riskmodel.ground.errors import BundleError, GateError
from riskmodel.ground.workspace import Workspace
from riskmodel.publish.withdraw import check_not_condemned, withdraw
from riskmodel.release.ledger import read_ledger
from riskmodel.release.standing import Fault
from riskmodel.release.verify import condemned_early

ROOT = Path(__file__).parents[3]
PUBLISHED = [
    (ROOT / "models/releases", "2026.1"),
    *((ROOT / "tests/published/format_2", number) for number in ("2026.1", "2026.2")),
]


@pytest.fixture(params=PUBLISHED, ids=["format 1", "format 2", "a revision"])
def released(request, tmp_path):
    folder, number = request.param
    workspace = Workspace(tmp_path)
    shutil.copytree(folder, workspace.releases)
    return workspace, number, json.loads((folder / number / "release.json").read_bytes())


def check(workspace, candidate):
    events = read_ledger(workspace.releases)
    check_not_condemned(opened(candidate), events, condemned_early(workspace.releases, events))


def take_out(workspace, number, fault):
    withdraw(workspace, number, reason="wrong", name="Bo", today=date(2026, 12, 1), fault=fault)


def test_withdrawn_points_are_known_again_in_another_format(released):
    workspace, number, early = released
    same = points_alone(early)
    check(workspace, same)
    take_out(workspace, number, Fault.POINTS)
    assert opened(same).identity.equation != opened(early).identity.equation
    with pytest.raises(GateError, match="the very points that were withdrawn"):
        check(workspace, same)


@pytest.mark.parametrize(
    "change",
    [
        lambda landmark: landmark["items"][0]["no_answer"].update(
            points=landmark["items"][0]["no_answer"]["points"] + 1
        ),
        lambda landmark: landmark.update(offset=landmark["offset"] + 0.02),
        lambda landmark: landmark["items"].pop(),
    ],
    ids=["a point", "a step of the offset", "a question"],
)
def test_other_points_are_others(released, change):
    workspace, number, early = released
    take_out(workspace, number, Fault.POINTS)
    other = points_alone(early)
    change(other["landmarks"][0])
    check(workspace, other)


def test_withdrawn_thresholds_are_known_again_and_other_thresholds_are_others(released):
    workspace, number, early = released
    take_out(workspace, number, Fault.THRESHOLDS)
    same = points_alone(early)
    same["landmarks"][0]["thresholds"]["threshold_prob"] += 0.001  # the risk at the flag follows from the offset
    with pytest.raises(GateError, match="the very thresholds that were withdrawn"):
        check(workspace, same)
    same["landmarks"][0]["thresholds"]["flag"] += 1
    check(workspace, same)


def test_a_release_of_which_something_else_was_wrong_condemns_nothing(released):
    workspace, number, early = released
    take_out(workspace, number, Fault.OTHER)
    check(workspace, points_alone(early))


def test_condemned_points_that_cannot_be_read_any_more_stop_everything(released):
    workspace, number, early = released
    take_out(workspace, number, Fault.POINTS)
    shutil.rmtree(workspace.releases / number)
    with pytest.raises(BundleError):
        check(workspace, points_alone(early))


def test_one_identity_of_points_in_every_format(released):
    _, _, early = released
    assert opened(early).identity.points == opened(points_alone(early)).identity.points
