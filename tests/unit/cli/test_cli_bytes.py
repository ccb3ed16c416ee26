"""What a shell can hand over that is no text: it is refused or shown as what it is, never a traceback."""

import os
import subprocess
import sys

import pytest

pytestmark = pytest.mark.slow

COMMAND = [sys.executable, "-c", "from riskmodel.cli import main; main()"]
STRANGE = os.fsdecode(b"A\xff")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["advise", "2026.1", "--answers", STRANGE], 11),
        (["advise", STRANGE, "--answers", "one.json"], 14),
        (["drill", "--name", STRANGE], 13),
        (["verify", STRANGE], 14),
    ],
)
@pytest.mark.skipif(sys.platform == "win32", reason="arguments are text there")
def test_bytes_that_are_no_text_end_in_one_sentence(tmp_path, arguments, code):
    (tmp_path / "one.json").write_text('{"municipality": "9901", "answers": {}}')
    done = subprocess.run([*COMMAND, *arguments], cwd=tmp_path, capture_output=True, check=False)
    assert done.returncode == code, done.stderr
    assert done.stderr.count(b"\n") == 1 and b"Traceback" not in done.stderr


def test_a_sentence_with_such_bytes_shows_their_numbers(tmp_path):
    done = subprocess.run([*COMMAND, "advise", "2026.1", "--answers", STRANGE], cwd=tmp_path, capture_output=True)
    assert done.stderr.startswith(rb"A\udcff: filen finns inte.")
