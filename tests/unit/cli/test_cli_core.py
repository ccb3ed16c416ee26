"""Advice and verification need what the core installs and nothing more; another command says what it lacks."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]
WITHOUT_THE_YEAR = """
import sys
sys.modules |= dict.fromkeys(sys.argv.pop(1).split(","))  # importing any of them fails
from riskmodel.cli import main
main()
"""
CASE = ("--answers", "notebooks/one.json", "--language", "en")


def of_the_year():
    """The libraries of the extra, by the names that they are imported under."""
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    names = {one.split("[")[0].split(">")[0].split("<")[0] for one in extras["year"]} - {
        "click"
    }  # Typer brings its own
    return {{"scikit-learn": "sklearn", "ibis-framework": "ibis"}.get(name, name) for name in names}


def in_the_core(*arguments):
    command = [sys.executable, "-c", WITHOUT_THE_YEAR, ",".join(of_the_year()), *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("advise", "2026.1", *CASE), "The limit is 48, this makes 52 points."),
        (("advise", "2026.1", *CASE, "--long"), "\nSum: 52 points\n"),
        (("advise", "2026.1", *CASE, "--json"), '"deciding": [{"item": "health_mental"'),
        (("verify", "2026.1", "--language", "en"), "as published"),
        (("--help",), "Commands:"),
    ],
)
def test_the_core_advises_and_verifies(arguments, told):
    done = in_the_core(*arguments)
    assert done.returncode == 0 and told in done.stdout, done.stderr


def test_a_command_of_the_year_says_what_to_install():
    refused = in_the_core("check", "data/raw", "--instrument", "data/instruments/exempelstad.toml", "--language", "en")
    assert refused.returncode == 10 and refused.stderr.count("\n") == 1
    assert "not installed, and this command needs it. Install riskmodel[year]" in refused.stderr
