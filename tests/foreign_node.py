"""What software for node says, of packages that nobody here wrote, pinned in tests/node."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent / "node"


def node_says(script, given, *, else_nobody):
    """What `script` writes when it is handed `given`. else_nobody: what has not run where node or npm is missing."""
    if not shutil.which("node") or not shutil.which("npm"):
        pytest.skip(f"node and npm are not installed: {else_nobody}")
    if packages(FOLDER / "node_modules" / ".package-lock.json") != packages(FOLDER / "package-lock.json"):
        command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        if subprocess.run(command, cwd=FOLDER, capture_output=True).returncode:
            pytest.skip(f"npm could not install the packages of tests/node: {else_nobody}")
    done = subprocess.run(["node", script], cwd=FOLDER, input=json.dumps(given), capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def packages(lock):
    """Every package with its version, as npm tells what is wanted, and what is installed."""
    if not lock.is_file():
        return None
    found = json.loads(lock.read_text(encoding="utf-8"))["packages"]
    return {name: package["version"] for name, package in found.items() if name}
