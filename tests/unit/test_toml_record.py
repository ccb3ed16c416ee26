"""What three kinds of TOML files can hold that no reader may stumble over: one sentence, never a traceback."""

from pathlib import Path

import pytest

from riskmodel.ground.errors import SettingsError
from riskmodel.ground.settings import read_settings
from riskmodel.ground.toml_record import value_of
from riskmodel.instrument.load import read_instrument
from riskmodel.publish.documents import documentation_gate

WRONG = {
    "nested": b"a = " + b"[" * 100_000,
    "digits": b"a = 1" + b"0" * 5_000,
    "latin": "a = 'å'".encode("latin-1"),
    "cut": b"[cohort",
    "no cohort": b"cohort = 5",
}


def read_documents(path: Path) -> None:
    documentation_gate(path, (), root=path.parent, published={})


@pytest.fixture(params=[read_settings, read_instrument, read_documents], ids=["settings", "instrument", "documents"])
def read(request):
    return request.param


def refused(read, path: Path) -> str:
    with pytest.raises(SettingsError) as caught:
        read(path)
    assert str(caught.value).startswith("made.toml: ") and "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("wrong", WRONG)
def test_what_is_no_toml_is_named_in_one_sentence(tmp_path, read, wrong):
    path = tmp_path / "made.toml"
    path.write_bytes(WRONG[wrong])
    assert ("not valid TOML" in refused(read, path)) == (wrong != "no cohort")


def test_a_folder_or_a_broken_link_in_its_place_is_no_file(tmp_path, read):
    path = tmp_path / "made.toml"
    path.mkdir()
    assert "no file" in refused(read, path)
    path.rmdir()
    path.symlink_to(tmp_path / "gone.toml")
    assert "no file" in refused(read, path)


def test_what_the_disk_refuses_is_told(tmp_path, read, monkeypatch):
    def locked(_):
        raise PermissionError(13, "Permission denied")

    path = tmp_path / "made.toml"
    path.write_bytes(b"")
    monkeypatch.setattr(Path, "read_bytes", locked)
    assert "can't be read (Permission denied)" in refused(read, path)


def test_a_name_that_no_file_can_have_is_not_found(tmp_path, read):
    for name in ("x" * 300, "x\0y"):
        with pytest.raises(SettingsError, match="no file|not found|can't be read"):
            read(tmp_path / name)


@pytest.mark.parametrize("value", [float("inf"), float("-inf"), float("nan"), 10**400, 2**63])
@pytest.mark.parametrize("hint", [float, int])
def test_a_number_that_is_none_or_without_end_is_refused(hint, value):
    with pytest.raises(SettingsError, match=r"^here: a (whole )?number"):
        value_of(hint, value, where="here")
    assert value_of(float, 2**60, where="here") == float(2**60)
