"""A release and its ledger changed after publication: bytes flipped, files cut, added, swapped and removed."""

import os
import random
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from fault_acts import RELEASE, TODAY, Ready

from riskmodel.ground.errors import BundleError
from riskmodel.ground.files import canonical_line, sha256_of_bytes
from riskmodel.release.verify import verify_release

LEDGER_FILES = ("LEDGER", "LEDGER.head")


def is_accepted(ready: Ready, *, today: date = TODAY) -> bool:
    """Whether the release may be used; anything but our own refusal is an error."""
    try:
        verify_release(ready.releases, RELEASE, today=today)
    except BundleError:
        return False
    return True


def accepted_flips(ready: Ready, path: Path, flips_n: int, seed: int) -> tuple[int, int]:
    """How many single-byte changes of the file at `path` were tried, and how many accepted.

    Every place of a file of at most `flips_n` bytes, else that many places drawn.
    """
    chances, accepted_n = random.Random(seed), 0
    content = path.read_bytes()
    places = range(len(content)) if len(content) <= flips_n else chances.sample(range(len(content)), flips_n)
    with restored(path):
        for place in places:
            changed = bytearray(content)
            changed[place] ^= chances.randrange(1, 256)
            path.write_bytes(changed)
            accepted_n += is_accepted(ready)
    return len(places), accepted_n


def accepted_cuts(ready: Ready, path: Path) -> tuple[int, int]:
    """How many lengths the file at `path` was cut to, and how many were accepted: every one, nothing left included."""
    accepted_n, content = 0, path.read_bytes()
    with restored(path):
        for length in range(len(content)):
            path.write_bytes(content[:length])
            accepted_n += is_accepted(ready)
    return len(content), accepted_n


def accepted_older_ledgers(ready: Ready) -> tuple[int, int]:
    """How often ledger and head were put back together to an older state, and how many of these were accepted."""
    ledger, head = (ready.releases / name for name in LEDGER_FILES)
    lines = ledger.read_bytes().splitlines(keepends=True)
    own = next(place for place, line in enumerate(lines) if b'"published"' in line)
    accepted_n = 0
    with restored(ledger), restored(head):
        for kept in range(own + 1):
            older(ledger, head, lines[:kept])
            accepted_n += is_accepted(ready)
    return own + 1, accepted_n


def older(ledger: Path, head: Path, lines: list[bytes]) -> None:
    """Write a ledger of these lines with the head that goes with them."""
    ledger.write_bytes(b"".join(lines))
    head.unlink(missing_ok=True)
    if lines:
        head.write_bytes(canonical_line({"number": len(lines), "line": sha256_of_bytes(lines[-1][:-1])}) + b"\n")


def damages(folder: Path) -> Iterator[tuple[str, Callable[[], object]]]:
    """Everything else that can be done to a release's folder, one file at a time, in words and as a call."""
    aside = folder.parent / "aside"
    for path in sorted(folder.iterdir()):
        yield f"{path.name} removed", path.unlink
        yield f"{path.name} renamed", lambda path=path: path.rename(path.with_name(f"{path.name}.bak"))
        yield f"{path.name} emptied", lambda path=path: path.write_bytes(b"")
        yield f"{path.name} cut in half", lambda path=path: path.write_bytes(path.read_bytes()[: _size(path) // 2])
        yield f"{path.name} made longer", lambda path=path: path.write_bytes(path.read_bytes() + b"\n")
        yield f"{path.name} a folder", lambda path=path: (path.unlink(), path.mkdir())
        yield f"{path.name} a link to itself", lambda path=path: (path.rename(aside), path.symlink_to(aside))
        yield f"{path.name} a link to nothing", lambda path=path: (path.unlink(), path.symlink_to("nothing"))
        yield f"{path.name} a pipe", lambda path=path: (path.unlink(), os.mkfifo(path))
        yield f"{path.name} in place of another", lambda path=path: shutil.copy(path, _other(path))
    for name in ("extra.txt", ".hidden", "SHA256SUMS.bak"):
        yield f"{name} added", lambda name=name: (folder / name).write_bytes(b"")
    yield "a folder added", (folder / "more").mkdir
    yield "everything removed", lambda: shutil.rmtree(folder)
    yield "a file in its place", lambda: (shutil.rmtree(folder), folder.write_bytes(b""))


@contextmanager
def restored(path: Path) -> Iterator[None]:
    """Afterwards the file at `path` is as it was."""
    content = path.read_bytes()
    try:
        yield
    finally:
        path.write_bytes(content)


def _size(path: Path) -> int:
    return path.stat().st_size


def _other(path: Path) -> Path:
    """The file after `path` in its folder, in a circle."""
    paths = sorted(path.parent.iterdir())
    return paths[(paths.index(path) + 1) % len(paths)]
