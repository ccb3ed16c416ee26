"""A folder that appears whole or not at all: written beside its place, flushed to disk, then renamed."""

import os
import shutil
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

STAGING = ".publishing-"
LEFT_BY_WRITERS = (f"{STAGING}*", ".LEDGER.head.*", ".*.withdrawn.*")  # `place_folder`'s and `write_bytes`' own
IS_WINDOWS = os.name == "nt"
RENAME_TRIES = 20  # on Windows a virus scanner may hold a new file for some seconds
RENAME_PAUSE_SECONDS = 0.25


def place_folder(target: Path, files: Mapping[str, bytes]) -> None:
    """Make the folder `target`, which must not exist, holding exactly `files` (name to content)."""
    staging = Path(tempfile.mkdtemp(dir=target.parent, prefix=STAGING))
    try:
        for name in sorted(files):
            _write(staging / name, files[name])
        os.chmod(staging, 0o755)
        _flush_folder(staging)
        _rename(staging, target)
        _flush_folder(target.parent)
    except BaseException:
        shutil.rmtree(staging, ignore_errors=True)
        raise


def sweep(folder: Path) -> None:
    """Remove what killed writers left in `folder`. The caller holds the lock on it: nobody else is writing there."""
    for left in (path for pattern in LEFT_BY_WRITERS for path in folder.glob(pattern)):
        if left.is_dir():
            shutil.rmtree(left, ignore_errors=True)
        else:
            with suppress(OSError):
                left.unlink()


def _write(path: Path, content: bytes) -> None:
    with path.open("xb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    os.chmod(path, 0o644)


def _rename(staging: Path, target: Path) -> None:
    for tries_left in reversed(range(RENAME_TRIES)):
        try:
            os.rename(staging, target)
            return
        except PermissionError:
            if not tries_left or not IS_WINDOWS:
                raise
        time.sleep(RENAME_PAUSE_SECONDS)


def _flush_folder(folder: Path) -> None:
    """Flush a folder's list of names; only POSIX can, and needs to."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
