"""A checkout on Windows, where git writes other line ends, changes no byte of what is hashed."""

import shutil
import subprocess
from pathlib import Path

PROJECT = Path(__file__).parents[1]
HASHED = (
    "params.toml",
    "data/instruments/exempelstad.toml",
    "src/riskmodel/ground/files.py",
    "models/protocols/2024-44787605/protocol.json",
    "models/releases/2026.1/release.json",
    "models/releases/LEDGER",
)


def git(folder: Path, *arguments: str) -> None:
    own = ("user.name=x", "user.email=x@example.org", "core.autocrlf=true", "core.safecrlf=false")
    options = [word for one in own for word in ("-c", one)]
    subprocess.run(["git", *options, *arguments], cwd=folder, check=True, capture_output=True)


def test_a_clone_with_other_line_ends_has_the_same_bytes(tmp_path):
    project, clone = tmp_path / "project", tmp_path / "clone"
    for name in (".gitattributes", *HASHED):
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(PROJECT / name, project / name)
    git(project, "init", "--quiet")
    git(project, "add", "--all", "--force")
    git(project, "commit", "--quiet", "-m", "x")
    git(tmp_path, "clone", "--quiet", str(project), str(clone))
    for name in HASHED:
        assert (clone / name).read_bytes() == (PROJECT / name).read_bytes()
