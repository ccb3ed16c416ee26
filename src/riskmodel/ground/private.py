"""Files about persons: readable by their owner alone, made in a folder nobody else uses, and never left behind.

So are the processes that hold them: they end with the one that started them.
"""

import os
import shutil
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from typing import Any

from riskmodel.ground.files import FILE_MODE, FOLDER_MODE

CAN_HOLD = os.name == "posix"
JUST_MADE_SECONDS = 60  # in which its maker may not have come to hold it
LONG_GONE_SECONDS = 86_400
LOOK_EVERY_SECONDS = 1.0


def close_folders(folders: Iterable[Path]) -> None:
    """Leave those of `folders` that are there to their owner alone, whatever the umask they were made under."""
    for folder in folders:
        with suppress(OSError):  # none, or another's
            os.chmod(folder, FOLDER_MODE)


def make_private(folder: Path) -> None:
    """Leave `folder` and every file in it to their owner alone."""
    for path in folder.rglob("*"):
        os.chmod(path, FOLDER_MODE if path.is_dir() else FILE_MODE)
    os.chmod(folder, FOLDER_MODE)


@contextmanager
def staged(place: Path, prefix: str) -> Iterator[Path]:
    """A folder in `place` whose name begins with `prefix`, gone at the end; those of killed processes go first."""
    sweep_staged(place, prefix)
    folder = Path(tempfile.mkdtemp(dir=place, prefix=prefix))
    try:
        with _held(folder):
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def sweep_staged(place: Path, prefix: str) -> None:
    """Remove what killed processes left in `place`; what a living one holds stays."""
    for left in place.iterdir():
        if left.name.startswith(prefix) and not left.is_symlink():
            with suppress(OSError):  # held, or another's
                _sweep(left)


def _sweep(left: Path) -> None:
    if left.is_dir() and _is_left(left):
        with _held(left, at_once=True):
            shutil.rmtree(left, ignore_errors=True)


def _is_left(folder: Path) -> bool:
    """Whether nobody can be just about to hold it; where folders can't be held, only time tells."""
    age = time.time() - folder.stat().st_mtime
    return age > (JUST_MADE_SECONDS if CAN_HOLD else LONG_GONE_SECONDS) or any(folder.iterdir()) and CAN_HOLD


@contextmanager
def _held(folder: Path, *, at_once: bool = False) -> Iterator[None]:
    """Hold the folder itself, until the end or this process's own; at_once: a `BlockingIOError` when it is held."""
    if not CAN_HOLD:
        yield
        return
    import fcntl  # POSIX alone has it

    handle = os.open(folder, os.O_RDONLY)
    try:
        with nullcontext() if at_once else suppress(OSError):  # some network disks can't: then nothing is swept there
            fcntl.flock(handle, fcntl.LOCK_EX | (fcntl.LOCK_NB if at_once else 0))
        yield
    finally:
        os.close(handle)


def that_end_with_us() -> dict[str, Any]:
    """What to tell joblib, so that each of its workers ends when this process does, killed or not."""
    return {"initializer": _watch, "initargs": (os.getpid(),)}


def _watch(parent: int) -> None:
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: int) -> None:
    """End this process at once when another than `parent` has become its parent; Windows never says so."""
    while os.getppid() == parent:
        time.sleep(LOOK_EVERY_SECONDS)
    os._exit(1)
