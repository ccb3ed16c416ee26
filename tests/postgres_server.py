"""A PostgreSQL server of Debian's package, for as long as a test needs it: its own folder, a socket and no network."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

PACKAGED = Path("/usr/lib/postgresql")  # where Debian keeps the programs, by version
USER = "postgres"  # the server refuses to run as root; the package makes this user
LONGEST_SOCKET = 107  # bytes
PATIENCE_SECONDS = "3600"  # pg_ctl gives up after a minute, which a busy machine may need


@dataclass(frozen=True)
class Server:
    """A running server: its programs, and the folder that its socket lies in."""

    programs: Path
    folder: Path

    def psql(self, *files: Path) -> str:
        """What psql prints as CSV when it runs `files` in one session, stopping at the first error."""
        options = ["-X", "-q", "--csv", "-v", "ON_ERROR_STOP=1", "-h", str(self.folder), "-U", USER, "-d", "postgres"]
        named = [part for file in files for part in ("-f", str(file))]
        command = [str(self.programs / "psql"), *options, *named]
        return subprocess.run(command, capture_output=True, check=True, encoding="utf-8").stdout


def server_programs() -> Path | None:
    """The folder with initdb, pg_ctl and psql, of the newest version that there is; None without any."""
    packaged = sorted(PACKAGED.glob("*/bin"), key=lambda folder: float(folder.parent.name))
    on_path = [Path(found).resolve().parent for found in [shutil.which("initdb")] if found]
    complete = [
        folder
        for folder in (*on_path, *packaged)
        if all((folder / name).is_file() for name in ("initdb", "pg_ctl", "psql"))
    ]
    return complete[-1] if complete else None


@contextmanager
def running_server(programs: Path) -> Iterator[Server]:
    """A new, empty server in a folder of its own, gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    try:
        assert len(os.fsencode(folder / ".s.PGSQL.5432")) <= LONGEST_SOCKET, "the temporary folder's name is too long"
        if os.geteuid() == 0:
            shutil.chown(folder, USER)
        data = folder / "data"
        _run(folder, programs / "initdb", "-D", data, "-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C", "-N")
        options = f"-F -k {folder} -c listen_addresses=''"
        _run(folder, programs / "pg_ctl", "start", "-w", "-D", data, "-l", folder / "log", "-o", options)
        try:
            yield Server(programs, folder)
        finally:
            _run(folder, programs / "pg_ctl", "stop", "-w", "-m", "immediate", "-D", data)
    finally:
        shutil.rmtree(folder)


def _run(folder: Path, *command: Path | str) -> None:
    as_user = {"user": USER, "group": USER, "extra_groups": []} if os.geteuid() == 0 else {}
    patient = {**os.environ, "PGCTLTIMEOUT": PATIENCE_SECONDS}
    line = [str(part) for part in command]
    subprocess.run(line, check=True, cwd=folder, env=patient, stdout=subprocess.DEVNULL, **as_user)
