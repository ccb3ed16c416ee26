"""A copy of the project in which a test can run the year without touching anything here."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).parents[2]
WATCHED = Path(__file__).parent / "watched"
PARTS = (
    ".dvc/config", ".dvcignore", ".gitignore", "data/documents.toml", "data/dvc/repo/.gitkeep", "data/instruments",
    "dvc.yaml", "models/releases/.gitkeep", "params.toml", "pipelines", "src",
)  # fmt: skip


def clone(target: Path) -> Path:
    """Copy what the run needs to `target`, as a git repository of its own."""
    for part in PARTS:
        source, copy = PROJECT / part, target / part
        copy.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, copy, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, copy)
    run(target, "git", "init", "--quiet")
    return target


def commit(project: Path) -> None:
    """Commit everything that git is not told to ignore, as whoever publishes has to."""
    run(project, "git", "add", "--all")
    who = ("-c", "user.name=Anna Berg", "-c", "user.email=anna@kommun.se")
    run(project, "git", *who, "commit", "--quiet", "--allow-empty", "--message=Ready to publish")


def set_param(project: Path, **values: object) -> None:
    """Set keys of params.toml (table__key=value), as a person would with an editor."""
    path = project / "params.toml"
    lines = path.read_text(encoding="utf-8").splitlines()
    for name, value in values.items():
        table, key = name.split("__")
        start = lines.index(next(line for line in lines if line.startswith(f"[{table}]")))
        place = next(i for i in range(start + 1, len(lines)) if lines[i].split("=")[0].strip() == key)
        written = f'"{value}"' if isinstance(value, str) else str(value).lower()
        lines[place] = f"{key} = {written}"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def waive(project: Path, *gates: str) -> None:
    """Add a waiver of each of `gates` to params.toml, in the name of a made person."""
    path = project / "params.toml"
    of_gate = '\n[[release.waivers]]\ngate = "{}"\nname = "Bo Ek, chef"\nreason = "Prövas"\nuntil = "2099-12-31"\n'
    head, run_table = path.read_text(encoding="utf-8").split("\n[run]\n")
    text = f"{head}{''.join(map(of_gate.format, gates))}\n[run]\n{run_table}"
    path.write_text(text, encoding="utf-8")


def run(
    project: Path, *command: str, check: bool = True, watched: bool = False, umask: int = -1
) -> subprocess.CompletedProcess[str]:
    """Run `command` in `project` with this environment's programs first on the path.

    watched: a stage that reads a setting which dvc.yaml does not list ends in an error. umask: this process's if -1.
    """
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    # a test in this process may have pointed MLflow elsewhere
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("MLFLOW_")}
    sources = [project / "src", *([WATCHED] if watched else [])]
    environment = {**inherited, "PATH": path, "PYTHONPATH": os.pathsep.join(map(str, sources))}
    environment["RISKMODEL_LANGUAGE"] = "en"
    as_text = {"capture_output": True, "text": True, "encoding": "utf-8"}
    done = subprocess.run(command, cwd=project, env=environment, umask=umask, **as_text)
    if check and done.returncode:
        raise AssertionError(f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}")
    return done
