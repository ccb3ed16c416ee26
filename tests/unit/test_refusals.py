"""Why something is refused is a text in both languages: no module writes it in its code, but those named here."""

import ast
from pathlib import Path

import pytest

import riskmodel
from riskmodel.ground.errors import RiskModelError

PACKAGE = Path(riskmodel.__file__).parent
FAMILIES = {family.__name__ for family in (RiskModelError, *RiskModelError.__subclasses__())}
ENGLISH_ALONE = {  # a room or a module, and what its refusals are of
    "publish.registry.served": "MLflow's model",
}


def written_in(code):
    """The lines of `code` on which the message of an error, or of `told_as`, is a text in English alone."""
    tree = ast.parse(code)
    names = {
        target.id
        for node in tree.body
        if isinstance(node, ast.Assign) and is_written(node.value, set())
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return [call.lineno for call in calls if any(is_written(message, names) for message in messages(call))]


def messages(call):
    name = getattr(call.func, "id", "")
    return call.args[:1] if name in FAMILIES else call.args[1:2] if name == "told_as" else []


def is_written(node, names):
    """names: those of texts in the module's code."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return is_written(node.func.value, names)  # of its format, strip and the like
    if isinstance(node, ast.BinOp):
        return is_written(node.left, names) or is_written(node.right, names)
    if isinstance(node, ast.IfExp):
        return is_written(node.body, names) or is_written(node.orelse, names)
    is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
    return is_text or isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Name) and node.id in names)


@pytest.mark.parametrize(
    "code",
    [
        'raise SettingsError("Wrong.")',
        'raise SettingsError(f"{n} wrong.")',
        'raise GateError(("Wrong" + why).strip())',
        'WRONG = "{n} wrong."\nraise GateError(WRONG.format(n=1))',
        'raise GateError(told if told else "Wrong.")',
        'with told_as(GateError, "can\'t be read ({reason})"): pass',
    ],
)
def test_a_message_in_the_code_is_found(code):
    assert written_in(code) == [len(code.splitlines())]


def test_a_text_in_both_languages_is_no_message_in_the_code():
    assert written_in('raise GateError(REFUSALS["wrong"].filled(n=1, name="x"))\nraise KeyError("id")') == []


def test_no_module_writes_a_refusal_but_those_that_are_named():
    paths = [path for path in PACKAGE.rglob("*.py") if written_in(path.read_text(encoding="utf-8"))]
    names = [path.relative_to(PACKAGE).with_suffix("").parts for path in paths]
    assert {".".join(name) if ".".join(name) in ENGLISH_ALONE else name[0] for name in names} == set(ENGLISH_ALONE)
