import os
import subprocess
import sys

import pytest

from riskmodel.ground.errors import GateError, RiskModelError, SettingsError, shown_plainly, told_as, why
from riskmodel.ground.text import Text


def test_a_known_error_is_shown_plainly_with_its_exit_code(capsys):
    with pytest.raises(SystemExit) as ended, shown_plainly():
        raise GateError(Text("G1: inte prövad.", "G1: not confirmed."))
    assert ended.value.code == GateError.exit_code
    assert capsys.readouterr().err == "G1: inte prövad.\n"


@pytest.mark.parametrize(("asked", "told"), [(None, "Fel."), ("sv", "Fel."), ("en", "Wrong."), ("", "Fel.")])
def test_a_stage_of_the_run_tells_in_the_language_of_the_shell(capsys, monkeypatch, asked, told):
    monkeypatch.delenv("RISKMODEL_LANGUAGE", raising=False)
    if asked is not None:
        monkeypatch.setenv("RISKMODEL_LANGUAGE", asked)
    with pytest.raises(SystemExit), shown_plainly():
        raise GateError(Text("Fel.", "Wrong."))
    assert capsys.readouterr().err == f"{told}\n"


@pytest.mark.parametrize(
    ("error", "swedish", "english"),
    [
        (PermissionError(13, "Permission denied"), "behörighet saknas", "Permission denied"),
        (OSError(110, "Connection timed out"), "Connection timed out", "Connection timed out"),
        (OSError("x"), "OSError", "OSError"),
    ],
)
def test_what_the_disk_refuses_most_often_is_told_in_swedish(error, swedish, english):
    assert why(error) == Text(swedish, english)
    with (
        pytest.raises(GateError) as caught,
        told_as(GateError, Text("{a}: går inte ({reason})", "{a}: no ({reason})"), a=1),
    ):
        raise error
    assert caught.value.message == Text(f"1: går inte ({swedish})", f"1: no ({english})")


def test_an_unknown_error_is_not_hidden():
    with pytest.raises(ZeroDivisionError), shown_plainly():
        _ = 1 / 0


def test_each_family_has_an_exit_code_of_its_own():
    codes = [family.exit_code for family in RiskModelError.__subclasses__()]
    assert len(codes) == len(set(codes)) == 5 and 2 not in codes  # 2 is the command line's own


def test_a_message_with_what_a_terminal_would_obey_shows_it(capsys):
    with pytest.raises(SystemExit), shown_plainly():
        raise GateError(Text(*["\x1b[2J\rå\u202e\udcff\u00a0.json: not found.\nTwo lines."] * 2))
    assert capsys.readouterr().err == "\\x1b[2J\\rå\\u202e\\udcff\u00a0.json: not found.\nTwo lines.\n"


@pytest.mark.skipif(os.name != "posix", reason="Windows has UTF-8 file names whatever the locale")
def test_a_locale_without_utf8_is_one_sentence():
    environment = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0"}
    command = [sys.executable, "-c", "from riskmodel.cli import main; main()", "check", "data/åäö"]
    done = subprocess.run(command, env=environment, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == SettingsError.exit_code
    assert done.stderr.startswith("Filnamn och argument måste stå i UTF-8") and len(done.stderr.splitlines()) == 1
