"""What `pip install riskmodel` brings: its size on disk, and that advice and verification need nothing more.

Builds the wheel, installs it with the versions of uv.lock into an environment of its own, and lets that advise on the
example's case and verify its release. Needs uv and a package index. Run it in the project's folder.
"""

import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

PROJECT = Path(__file__).parents[1]
MOST_MB = 40
ADVISE = ("advise", "2026.1", "--answers", "notebooks/one.json", "--language", "en")


def ran(*command: str | Path, cwd: Path = PROJECT, check: bool = True) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
    return subprocess.run(command, cwd=cwd, env=kept, check=check, capture_output=True, text=True, encoding="utf-8")


def installed(folder: Path) -> Path:
    """An environment in `folder` with the built wheel and what it needs, as locked; its folder of programs."""
    uv = shutil.which("uv") or PROJECT / ".venv/bin/uv"
    ran(uv, "build", "--wheel", "--quiet", "--out-dir", folder)
    (wheel,) = folder.glob("*.whl")
    print(f"wheel                     {wheel.stat().st_size / 1e6:5.1f} MB")
    locked = ran(uv, "export", "--frozen", "--no-dev", "--no-emit-project", "--no-hashes", "--quiet").stdout
    (folder / "locked.txt").write_text(locked, encoding="utf-8")
    ran(uv, "venv", "--quiet", folder / "core")
    programs = folder / "core" / ("Scripts" if os.name == "nt" else "bin")
    python = programs / "python"
    ran(uv, "pip", "install", "--quiet", "--python", python, "--constraint", folder / "locked.txt", wheel)
    return programs


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        programs = installed(folder)
        size = sum(path.lstat().st_size for path in (folder / "core").rglob("*") if path.is_file()) / 1e6
        print(f"environment of the core   {size:5.1f} MB, of {MOST_MB} allowed")
        began = time.perf_counter()
        advised = ran(programs / "riskmodel", *ADVISE).stdout
        print(f"riskmodel advise          {time.perf_counter() - began:5.1f} s")
        assert advised == ran(shutil.which("riskmodel") or "riskmodel", *ADVISE).stdout
        print(ran(programs / "riskmodel", "verify", "2026.1", "--language", "en").stdout.splitlines()[0])
        refused = ran(
            programs / "riskmodel",
            "check",
            "data/raw",
            "--instrument",
            "data/instruments/exempelstad.toml",
            check=False,
        )
        print(f"riskmodel check says: {refused.stderr.strip()}")
        assert size <= MOST_MB and "riskmodel[year]" in refused.stderr


if __name__ == "__main__":
    main()
