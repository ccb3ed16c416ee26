"""No test fails because the machine is busy: nothing in the suite has a time within which it has to be done."""

import ast
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

TESTS = Path(__file__).parent
NEVER = "0"  # as Playwright has it
ALLOWED = {  # what each keyword may say in a test file
    "deadline": lambda value: False,  # the profile in conftest.py is for all
    "timeout": lambda value: value == NEVER,
    "suppress_health_check": lambda value: "too_slow" in value,  # a list of its own replaces the profile's
}


def clocks(path):
    """The keywords in the file `path` that make a test depend on time."""
    calls = (node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call))
    given = [(keyword.arg, ast.unparse(keyword.value)) for call in calls for keyword in call.keywords]
    return [name for name, value in given if not ALLOWED.get(name, bool)(value)]


def test_the_loaded_profile_has_no_deadline_and_may_draw_slowly():
    assert settings.default.deadline is None
    assert HealthCheck.too_slow in settings.default.suppress_health_check


def test_no_file_has_a_clock_of_its_own():
    found = {path.relative_to(TESTS).as_posix(): clocks(path) for path in TESTS.rglob("*.py")}
    assert {path for path, names in found.items() if names} == {"conftest.py"}
    assert found["conftest.py"] == ["deadline"]


@pytest.mark.parametrize(
    ("call", "is_found"),
    [
        ("settings(max_examples=9)", False),
        ("settings(deadline=None)", True),
        ("settings(suppress_health_check=[HealthCheck.too_slow])", False),
        ("settings(suppress_health_check=[])", True),
        ("launch(timeout=0)", False),
        ("run(command, timeout=60)", True),
    ],
)
def test_a_clock_is_found(tmp_path, call, is_found):
    (tmp_path / "made.py").write_text(call, encoding="utf-8")
    assert bool(clocks(tmp_path / "made.py")) is is_found
