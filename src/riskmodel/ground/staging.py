"""A folder that appears whole or not at all: written beside its place, flushed to disk, then renamed."""

import os
import shutil
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from riskmodel.ground.files import flush_folder, patiently

STAGING = ".publishing-"
LEFT_BY_WRITERS = (f"{STAGING}*", ".LEDGER.head.*", ".*.withdrawn.*")  # `place_folder`'s and `write_bytes`' own


def place_folder(target: Path, files: Mapping[str, bytes]) -> None:
    """Make the folder `target`, which must not exist, holding exactly `files` (name to content)."""
    staging = Path(tempfile.mkdtemp(dir=target.parent, prefix=STAGING))
    try:
        for name in sorted(files):
            _write(staging / name, files[name])
        os.chmod(staging, 0o755)
        flush_folder(staging)
        patiently(lambda: os.rename(staging, target))
        flush_folder(target.parent)
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
