"""The house keeps its shape: imports point left, each heavy library has one importer, files stay short."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "src" / "riskmodel"
GROUND = ("errors", "toml_record", "settings", "provenance", "workspace", "words", "disclosure")
ORDER = ("instrument", "extracts", "cohort", "model", "assess", "release", "advice", "report")
# what a release is, who signs it, why it is trusted, how it reads; then how it is made, decided, published, mirrored
RELEASE_ORDER = (
    "content", "signing", "trust", "rendering", "proposing", "deciding", "publishing", "registry",
)  # fmt: skip
HEAVY = {
    "duckdb", "ibis", "jinja2", "matplotlib", "mlflow", "numpy", "pandas", "pandera",
    "pyarrow", "scipy", "sklearn", "statsmodels",
}  # fmt: skip
SOLE_IMPORTERS = {"pandera": "extracts", "mlflow": "release", "statsmodels": "model"}
MODULES = sorted(PACKAGE.rglob("*.py"))


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{path.name}: relative import"
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def room(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def rooms_of(names: set[str]) -> set[str]:
    return {name.split(".")[1] for name in names if name.startswith("riskmodel.")}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_imports_point_left(path):
    here, used = room(path), rooms_of(imported(path)) - {"__version__"}
    if here in ("cli", "__init__"):
        return
    if here in GROUND:
        allowed = set(GROUND)
    elif here == "simulate":
        allowed = {*GROUND, "instrument", "simulate"}
    else:
        allowed = {*GROUND, *ORDER[: ORDER.index(here) + 1]}
    assert used <= allowed, f"{here} may not import {sorted(used - allowed)}"


@pytest.mark.parametrize("path", sorted((PACKAGE / "release").rglob("*.py")), ids=lambda path: path.name)
def test_inside_the_release_imports_point_left_too(path):
    here = path.relative_to(PACKAGE).parts[1]
    used = {name.split(".")[2] for name in imported(path) if name.startswith("riskmodel.release.")}
    assert used <= {*RELEASE_ORDER[: RELEASE_ORDER.index(here) + 1]} if here in RELEASE_ORDER else not used


@pytest.mark.parametrize(("library", "home"), SOLE_IMPORTERS.items())
def test_each_heavy_library_has_one_importer(library, home):
    importers = [path for path in MODULES if any(name.split(".")[0] == library for name in imported(path))]
    assert {room(path) for path in importers} == {home}
    assert len([path for path in importers if path.name != "pyfunc.py"]) == 1


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_a_file_has_at_most_300_lines_and_a_function_40(path):
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= 300
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            body_lines = node.end_lineno - node.body[0].lineno + 1
            assert body_lines <= 40, f"{node.name}: {body_lines} lines"


@pytest.mark.parametrize("module", ["riskmodel.advice", "riskmodel.release.trust.verify", "riskmodel.cli"])
def test_scoring_one_case_and_help_load_the_standard_library_only(module):
    code = f"import {module}, sys; print(*{{name.split('.')[0] for name in sys.modules}})"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not HEAVY & set(loaded)


def test_nothing_is_pickled():
    assert not [path.name for path in MODULES if {"pickle", "cloudpickle", "joblib.dump"} & imported(path)]
