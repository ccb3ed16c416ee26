import pytest

from riskmodel.cli.deliveries import check, simulate
from riskmodel.ground.errors import SettingsError


def test_an_instrument_that_is_missing_is_told_by_the_option_that_named_it(tmp_path):
    missing = tmp_path / "ours.toml"
    for act in (lambda: check(tmp_path, missing), lambda: simulate(tmp_path / "made", instrument=missing)):
        with pytest.raises(SettingsError, match=r"^--instrument: .*ours\.toml is not there\. Give the path") as caught:
            act()
        assert "params.toml" not in str(caught.value)
    assert not (tmp_path / "made").exists()
