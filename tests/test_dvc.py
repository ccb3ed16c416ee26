"""DVC tells the truth: a stage runs again for every file, setting and library that it reaches."""

import hashlib
import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
import yaml

from riskmodel.publish.origin import PROCEDURE, PROCEDURE_STAGES, PROPOSING, code_files

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "pipelines"))
from libraries import imported_libraries, imported_names, made_text  # noqa: E402  (a script, in no package)

SOURCE = ROOT / "src"
MODULES = {
    ".".join(path.relative_to(SOURCE).with_suffix("").parts).removesuffix(".__init__"): path
    for path in (SOURCE / "riskmodel").rglob("*.py")
}
LIBRARIES = "pipelines/libraries.toml"


def stages() -> dict[str, dict]:
    found = {}
    for name in ("dvc.yaml", "pipelines/example/dvc.yaml"):
        found |= yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))["stages"]
    return found


STAGES = stages()


@cache
def closure(script: Path) -> set[Path]:
    """The script, every module of ours that it reaches, whatever packages they lie in, and the data beside them."""
    reached, waiting = set(), {script}
    while waiting:
        path = waiting.pop()
        reached.add(path)
        modules = {MODULES[name] for name in imported_names(path) if name in MODULES}
        packages = {MODULES[".".join(part)] for module in modules for part in parents(module)}
        waiting |= (modules | packages) - reached
    folders = {path.parent for path in reached if path != script}
    beside = {path for folder in folders for path in folder.rglob("*") if is_data(path, folders)}
    return reached | beside


def parents(module: Path) -> list[tuple[str, ...]]:
    """The packages that a module lies in, outermost first."""
    parts = module.parent.relative_to(SOURCE).parts
    return [parts[: end + 1] for end in range(len(parts))]


def is_data(path: Path, folders: set[Path]) -> bool:
    """Whether `path` is a file that is no code, of one of the packages in `folders`."""
    package = next(folder for folder in path.parents if (folder / "__init__.py").exists())
    is_for_python = path.suffix in (".py", ".pyc", ".pyi", ".typed")  # types are not read when a stage runs
    return path.is_file() and not is_for_python and package in folders


def script_of(stage: str) -> Path:
    return ROOT / STAGES[stage]["cmd"].split()[1]


def listed(stage: str) -> set[Path]:
    return {ROOT / dep for dep in STAGES[stage]["deps"] if not dep.startswith("$")}


def libraries_listed(stage: str) -> set[str]:
    tables = [entry[LIBRARIES] for entry in STAGES[stage].get("params", ()) if LIBRARIES in entry]
    return set(tables[0]) if tables else set()


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_lists_every_file_that_its_script_reaches(stage):
    deps = listed(stage)
    assert all(dep.exists() for dep in deps if dep.is_relative_to(SOURCE))
    unlisted = {path for path in closure(script_of(stage)) if not {path, *path.parents} & deps}
    assert not unlisted, f"{stage} lists none of {sorted(str(path.relative_to(ROOT)) for path in unlisted)}"


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_lists_no_code_that_it_does_not_reach(stage):
    reached = closure(script_of(stage))
    idle = {
        dep for dep in listed(stage) if dep.is_relative_to(SOURCE) and not any(dep in {p, *p.parents} for p in reached)
    }
    assert not idle


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_lists_the_libraries_that_it_imports(stage):
    code = [path for path in closure(script_of(stage)) if path.suffix == ".py"]
    assert libraries_listed(stage) == imported_libraries(code)


def test_the_versions_of_libraries_are_those_of_the_lock():
    assert (ROOT / LIBRARIES).read_text(encoding="utf-8") == made_text(), "Run `python pipelines/libraries.py`."


def test_the_closure_follows_imports_into_functions_and_to_data():
    reached = closure(ROOT / "pipelines/report.py")
    assert SOURCE / "riskmodel/report/templates/report.css" in reached
    assert SOURCE / "riskmodel/publish/propose.py" not in closure(ROOT / "pipelines/assess.py")
    assert SOURCE / "riskmodel/assess/new_year/last_release.py" in closure(ROOT / "pipelines/assess.py")


def test_the_hash_of_the_procedure_covers_what_its_stages_reach():
    hashed = set(code_files(PROCEDURE, PROCEDURE_STAGES))
    reached = set().union(*(closure(script_of(stage)) for stage in PROCEDURE_STAGES))
    assert reached <= hashed
    assert {room_of(path) for path in hashed} == {room_of(path) for path in reached}


def test_the_hash_of_the_code_covers_what_proposing_reaches():
    hashed = set(code_files(PROPOSING, (*PROCEDURE_STAGES, "propose")))
    assert closure(script_of("propose")) <= hashed


def room_of(path: Path) -> str:
    return path.relative_to(SOURCE / "riskmodel").parts[0] if path.is_relative_to(SOURCE) else path.name


@pytest.mark.slow
def test_a_text_that_a_stage_reads_runs_it_again(tmp_path):
    """DVC itself, asked about a stage whose room has gained a line in a file that is no code."""
    room = tmp_path / "room"
    room.mkdir()
    (room / "texts.toml").write_text("a = 1\n")
    (tmp_path / "dvc.yaml").write_text("stages:\n  one:\n    cmd: echo done > out\n    deps: [room]\n    outs: [out]\n")
    dvc = [sys.executable, "-m", "dvc"]

    def run(*command):
        return subprocess.run([*dvc, *command], cwd=tmp_path, capture_output=True, text=True, check=True).stdout

    run("init", "--no-scm", "--quiet")
    run("repro", "--quiet")
    assert "up to date" in run("status")
    (room / "texts.toml").write_text("a = 2\n")
    assert "changed deps" in run("status")


@pytest.fixture
def fresh(tmp_path):
    """A fresh clone of what the project tells git and DVC, with one stage whose output is about people."""
    for part in (".dvc/config", ".dvcignore", ".gitignore", "data/dvc/repo/.gitkeep"):
        (tmp_path / part).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / part, tmp_path / part)
    (tmp_path / "dvc.yaml").write_text(
        "stages:\n  one:\n    cmd: cp data/raw/d data/processed/d\n    deps: [data/raw/d]\n"
        "    outs: [data/processed/d: {cache: false}]\n"
    )
    for folder in ("raw", "processed"):
        (tmp_path / "data" / folder).mkdir()
    (tmp_path / "data/raw/d").write_text("person,answer\n1,yes\n")
    subprocess.run(["git", "init", "--quiet"], cwd=tmp_path, check=True)
    return tmp_path


def dvc(folder, *command):
    asked = [sys.executable, "-m", "dvc", *command]
    return subprocess.run(asked, cwd=folder, capture_output=True, text=True, check=True).stdout


@pytest.mark.slow
def test_no_hash_of_what_is_about_people_comes_to_git(fresh):
    dvc(fresh, "repro")
    assert "up to date" in dvc(fresh, "status") and "Running stage" not in dvc(fresh, "repro")
    subprocess.run(["git", "add", "--all"], cwd=fresh, check=True)
    kept = subprocess.run(["git", "ls-files"], cwd=fresh, capture_output=True, text=True, check=True).stdout.split()
    assert "dvc.yaml" in kept
    md5 = hashlib.md5((fresh / "data/raw/d").read_bytes()).hexdigest()
    assert md5 in (fresh / "dvc.lock").read_text()
    assert not [name for name in kept if md5 in (fresh / name).read_text()]


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="only a clone has what git holds")
def test_git_holds_no_lock_but_of_the_example():
    kept = subprocess.run(["git", "ls-files", "*dvc.lock"], cwd=ROOT, capture_output=True, text=True).stdout.split()
    assert kept == ["pipelines/example/dvc.lock"]  # made people


@pytest.mark.skipif(os.name != "posix", reason="only POSIX has modes")
def test_nobody_else_may_lay_anything_where_dvc_reads_pickles(fresh, monkeypatch):
    monkeypatch.delenv("DVC_SITE_CACHE_DIR", raising=False)
    dvc(fresh, "repro")
    place = fresh / "data/dvc"
    assert any(path.name == "cache.db" for path in place.rglob("*"))
    assert not [path for path in [place, *place.rglob("*")] if path.stat().st_mode & 0o022]


@pytest.mark.skipif(os.name != "posix", reason="only POSIX has modes")
def test_the_first_stage_closes_what_a_wide_umask_left_open(tmp_path):
    places = [tmp_path / "data" / name for name in ("interim", "processed", "dvc")]
    for place in places:
        place.mkdir(parents=True)
        place.chmod(0o777)
    code = [sys.executable, ROOT / "pipelines/ingest.py"]
    environment = {**os.environ, "PYTHONPATH": str(SOURCE)}
    assert subprocess.run(code, cwd=tmp_path, env=environment, capture_output=True).returncode  # there is no delivery
    assert {place.stat().st_mode & 0o777 for place in places} == {0o700}
