from dataclasses import replace
from pathlib import Path

import pytest

from riskmodel.ground.settings import Settings, read_settings
from riskmodel.ground.workspace import Workspace
from riskmodel.publish.origin import CONTACT, settings_sha256, sha256_of_cohorts, sha256_of_run

SETTINGS = read_settings(Path(__file__).parents[3] / "params.toml")


def changed(table: str, **keys: object) -> Settings:
    return replace(SETTINGS, **{table: replace(getattr(SETTINGS, table), **keys)})


@pytest.mark.parametrize(
    "free",
    [
        *(changed("release", **{key: "other"}) for key in ("previous", *CONTACT)),
        changed("run", workers=7),
        changed("report", hours_per_flag=7.0),
        changed("delivery", path="data/raw/elsewhere"),
    ],
)
def test_what_decides_nothing_about_a_release_is_not_frozen(free):
    assert settings_sha256(free) == settings_sha256(SETTINGS)


@pytest.mark.parametrize(
    "other",
    [changed("release", validity_months=17), changed("policy", ppv_floor=0.51), changed("run", seed=1)],
)
def test_what_decides_something_is_frozen(other):
    assert settings_sha256(other) != settings_sha256(SETTINGS)


def test_one_byte_of_what_a_run_rests_on_or_found_is_another_run(tmp_path):
    workspace = Workspace(tmp_path)
    places = [workspace.cohort, workspace.model, workspace.assessment, workspace.robustness]
    for place in places:
        for landmark in (0, 3):
            place(landmark).mkdir(parents=True)
            (place(landmark) / "measures.json").write_text("{}")
    cohorts, run = sha256_of_cohorts(workspace, [0, 3]), sha256_of_run(workspace, [0, 3])
    assert run != sha256_of_run(workspace, [0])
    for place in places:
        (place(3) / "measures.json").write_text("{ }")
        assert (sha256_of_cohorts(workspace, [0, 3]) != cohorts) is (place == workspace.cohort)
        assert (sha256_of_run(workspace, [0, 3]) != run) is (place != workspace.cohort)
        (place(3) / "measures.json").write_text("{}")
