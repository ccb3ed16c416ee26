from dataclasses import replace
from pathlib import Path

import pytest

from riskmodel.release.proposing.origin import settings_sha256
from riskmodel.settings import Settings, read_settings

SETTINGS = read_settings(Path(__file__).parents[3] / "params.toml")


def changed(table: str, **keys: object) -> Settings:
    return replace(SETTINGS, **{table: replace(getattr(SETTINGS, table), **keys)})


@pytest.mark.parametrize(
    "free",
    [changed("release", previous="2025.1"), changed("run", workers=7), changed("delivery", path="data/raw/elsewhere")],
)
def test_what_decides_nothing_about_a_release_is_not_frozen(free):
    assert settings_sha256(free) == settings_sha256(SETTINGS)


@pytest.mark.parametrize(
    "other",
    [changed("release", validity_months=17), changed("policy", ppv_floor=0.51), changed("run", seed=1)],
)
def test_what_decides_something_is_frozen(other):
    assert settings_sha256(other) != settings_sha256(SETTINGS)
