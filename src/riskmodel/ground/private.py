"""Files about persons: readable by their owner alone, made in a folder nobody else uses, and never left behind."""

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

FILE_MODE, FOLDER_MODE = 0o600, 0o700
IN_USE = "LOCK"
JUST_MADE_SECONDS = 60  # in which a folder may not have its lock yet


def private_folder(folder: Path) -> Path:
    """`folder`, made with all above it that are missing, each for its owner alone, whatever the umask."""
    missing = [one for one in (folder, *folder.parents) if not one.exists()]
    for one in reversed(missing):
        one.mkdir(exist_ok=True)
        os.chmod(one, FOLDER_MODE)
    return folder


def make_private(folder: Path) -> None:
    """Leave `folder` and every file in it to their owner alone."""
    for path in folder.rglob("*"):
        os.chmod(path, FOLDER_MODE if path.is_dir() else FILE_MODE)
    os.chmod(folder, FOLDER_MODE)


@contextmanager
def staged(place: Path, prefix: str) -> Iterator[Path]:
    """A folder in `place` whose name begins with `prefix`, gone at the end; those of killed processes go first."""
    from filelock import FileLock  # only writers need it

    sweep_staged(place, prefix)
    folder = Path(tempfile.mkdtemp(dir=place, prefix=prefix))
    try:
        with FileLock(_lock_of(folder)):
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        _lock_of(folder).unlink(missing_ok=True)


def sweep_staged(place: Path, prefix: str) -> None:
    """Remove what killed processes left in `place`; what a living one holds stays."""
    from filelock import FileLock, Timeout

    for left in (path for path in place.iterdir() if path.name.startswith(prefix) and not path.is_symlink()):
        if left.suffix == f".{IN_USE}":
            if not left.with_suffix("").exists():
                left.unlink(missing_ok=True)
        elif left.is_dir() and not _is_just_made(left):
            with suppress(Timeout, OSError), FileLock(_lock_of(left), timeout=0):
                shutil.rmtree(left, ignore_errors=True)
            if not left.exists():
                _lock_of(left).unlink(missing_ok=True)


def _is_just_made(folder: Path) -> bool:
    """Whether its maker may not have come to the lock yet."""
    return not _lock_of(folder).exists() and time.time() - folder.stat().st_mtime < JUST_MADE_SECONDS


def _lock_of(folder: Path) -> Path:
    """Beside the folder, which may be renamed or swept while it is held."""
    return folder.with_name(f"{folder.name}.{IN_USE}")
