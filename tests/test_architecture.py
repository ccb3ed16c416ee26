"""The house keeps its shape: imports point left, each heavy library has one importer, files stay short."""

import ast
import subprocess
import sys
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "src" / "riskmodel"
ORDER = (
    *("ground", "disclosure", "instrument", "release", "extracts", "cohort", "model", "assess", "exports"),
    *("publish", "report", "preview", "cli"),
)
BESIDE = {  # rooms that stand on fewer than all to their left
    "simulate": {"ground", "instrument"},
    "advice": {"ground", "disclosure", "instrument", "release", "extracts"},
    "draft": {"ground", "disclosure", "instrument", "extracts"},
    "exports": {"ground", "instrument", "release", "advice"},
}
STAGES = {  # each stage's script, and the furthest room it may import from
    "settings": "instrument", "previous": "release", "simulate": "simulate", "ingest": "extracts",
    "cohort": "cohort", "fit": "model", "assess": "assess", "robustness": "assess", "propose": "publish",
    "report": "report",
}  # fmt: skip
HEAVY = {
    "duckdb", "ibis", "jinja2", "matplotlib", "mlflow", "numpy", "pandas", "pandera",
    "pyarrow", "scipy", "sklearn", "statsmodels",
}  # fmt: skip
SOLE_IMPORTERS = {"pandera": "extracts", "mlflow": "publish", "statsmodels": "model"}
PIPELINES = PACKAGE.parents[1] / "pipelines"
MODULES = sorted(PACKAGE.rglob("*.py"))
NAMES = {".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts): path for path in MODULES}


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def nodes(path: Path) -> list[ast.AST]:
    return list(ast.walk(tree(path)))


@cache
def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in nodes(path):
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


def may_import(here: str) -> set[str]:
    """The rooms that a module of the room `here` may import from."""
    return BESIDE[here] | {here} if here in BESIDE else {*ORDER[: ORDER.index(here) + 1]}


def test_imports_point_left():
    assert {path: beyond for path in MODULES if (beyond := imported_from_the_right(path))} == {}


def imported_from_the_right(path: Path) -> set[str]:
    here, used = room(path), rooms_of(imported(path)) - {"__version__"}
    everything = may_import("cli") | set(BESIDE)
    door = {"__init__": set(), "__main__": {"cli"}, "cli": everything, "project": everything - {"cli"}}
    allowed = door[here] if here in door else may_import(here)
    return used - allowed


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_imports_nothing_to_the_right_of_it(stage):
    used = rooms_of(imported(PIPELINES / f"{stage}.py"))
    assert used <= may_import(STAGES[stage]), f"{stage} may not import {sorted(used - may_import(STAGES[stage]))}"


def test_every_script_is_a_stage_or_makes_the_list_of_libraries():
    assert {path.stem for path in PIPELINES.glob("*.py")} == {*STAGES, "libraries"}


def test_no_module_imports_itself_by_way_of_others():
    graph = {name: {other for other in imported(path) if other in NAMES} for name, path in NAMES.items()}
    TopologicalSorter(graph).prepare()


@pytest.mark.parametrize(("library", "home"), SOLE_IMPORTERS.items())
def test_each_heavy_library_has_one_importer(library, home):
    importers = [path for path in MODULES if any(name.split(".")[0] == library for name in imported(path))]
    assert {room(path) for path in importers} == {home}
    assert len([path for path in importers if path.name != "pyfunc.py"]) == 1


def test_a_file_has_at_most_300_lines_and_a_function_40():
    lines = {path: path.read_text(encoding="utf-8").count("\n") for path in MODULES}
    assert {path: lines_n for path, lines_n in lines.items() if lines_n > 300} == {}
    functions = [(path, node) for path in MODULES for node in nodes(path) if isinstance(node, ast.FunctionDef)]
    bodies = {(path, node.name, node.lineno): node.end_lineno - node.body[0].lineno + 1 for path, node in functions}
    assert len(bodies) > len(MODULES)
    assert {where: lines_n for where, lines_n in bodies.items() if lines_n > 40} == {}


@pytest.mark.parametrize(
    "module", ["riskmodel.advice", "riskmodel.release.verify", "riskmodel.cli", "riskmodel.project"]
)
def test_scoring_one_case_and_help_load_the_standard_library_only(module):
    code = f"import {module}, sys; print(*{{name.split('.')[0] for name in sys.modules}})"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not HEAVY & set(loaded)


def test_a_preview_imports_nothing_that_it_may_not_need():
    code = "import riskmodel.preview.make, riskmodel.preview.lines, sys; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"sklearn", "statsmodels", "mlflow", "matplotlib", "scipy.stats", "scipy.optimize"} & set(loaded)


def test_nothing_is_pickled():
    assert not [path.name for path in MODULES if {"pickle", "cloudpickle", "joblib.dump"} & imported(path)]


def test_the_drawings_of_the_architecture_are_those_of_the_code():
    docs = PACKAGE.parents[1] / "docs"
    code = "from make_architecture import PAGE, made; page = PAGE.read_text('utf-8'); print(made(page) == page)"
    done = subprocess.run([sys.executable, "-c", code], cwd=docs, capture_output=True, text=True, check=True)
    assert done.stdout == "True\n", "Run `python docs/make_architecture.py`."


def test_what_writes_what_is_published_is_given_its_ledger_event():
    """By name: in publish/ and release/, whoever calls a writer has the event in hand, or is one of these."""
    writers = {"write_bytes", "write_json", "place_folder", "_place", "enact", "append_event"}
    without = set()
    for path in [*(PACKAGE / "publish").rglob("*.py"), *(PACKAGE / "release").rglob("*.py")]:
        for node in nodes(path):
            if isinstance(node, ast.FunctionDef) and writers & called(node):
                names = {part.arg for part in [*node.args.args, *node.args.kwonlyargs]} | assigned(node)
                if "event" not in names:
                    without.add(node.name)
    assert without == {
        "_place",  # handed the folder by the one who has the event
        "_mark",  # a second sign of what the ledger already says
        "approve",  # binds nobody until `publish` repeats it under its own line
        "local_key",  # a secret of this folder, which nothing published holds
        "write_statement", "write_candidate", "write_metrics",  # nothing that anybody may use yet
    }  # fmt: skip


def called(node: ast.AST) -> set[str]:
    return {one.func.id for one in ast.walk(node) if isinstance(one, ast.Call) and isinstance(one.func, ast.Name)}


def assigned(node: ast.AST) -> set[str]:
    targets = [target for one in ast.walk(node) if isinstance(one, ast.Assign) for target in one.targets]
    return {target.id for target in targets if isinstance(target, ast.Name)}


def test_what_the_disk_refuses_is_told_by_a_text_with_places_never_by_one_already_filled():
    """A file's name may hold braces, and a text without a place for the reason loses it."""
    calls = [
        (path.name, call)
        for path in MODULES
        for call in nodes(path)
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "told_as"
    ]
    assert len(calls) > 5
    assert [name for name, call in calls if isinstance(call.args[1], ast.JoinedStr)] == []
