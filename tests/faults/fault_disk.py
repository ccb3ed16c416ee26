"""A disk that refuses: at every step on disk, past a number of bytes, when really full, and to a stranger."""

import ctypes
import errno
import itertools
import json
import math
import os
import resource
import shutil
import subprocess
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

from fault_acts import HALF, NEW, OLD, PUBLISH, RELEASE, TODAY, WITHDRAW, Act, Ready, left_over, state_of, take_back
from fault_kills import Scene, Tally
from fault_process import BEFORE, DONE, from_step, outcome, what_came_of

from riskmodel.release.verify import verify_release

REFUSALS = (errno.ENOSPC, errno.EACCES, errno.EIO, errno.EROFS)
NOBODY = 65534
PAGE_KIB = 4
NEW_USER, NEW_MOUNTS = 0x10000000, 0x00020000  # of unshare(2)
CAN_T_WRITE = "GateError: models/releases: can't be written"


def refusals_at_every_step(ready: Ready, act: Act, folder: Path) -> Tally:
    """The system refuses one step of `act` on disk; every step has its turn."""
    scene, found = Scene(ready, act, folder), []
    scene.seconds()
    for number in itertools.count(1):
        scene.reset()
        refuse = partial(_refuse, REFUSALS[number % len(REFUSALS)])
        told = outcome(partial(from_step, number, scene.do, refuse, moments=(BEFORE,)))
        if told == f"{DONE} false":  # there is no such step
            return Tally.of(f"{act.name}, refused at every step", found)
        found.append(_judged(scene, told))


def files_that_may_not_grow(ready: Ready, act: Act, folder: Path) -> Tally:
    """No file may be longer than so many bytes, which really cuts a write off in the middle."""
    scene, found = Scene(ready, act, folder), []
    scene.seconds()
    for most in _limits(scene):
        scene.reset()
        told = outcome(partial(_with_limit, most, scene.do))
        if not told.startswith(DONE):  # where nothing is that long the act is done
            found.append(_judged(scene, told))
    return Tally.of(f"{act.name}, files that may not grow", found)


def full_disks(ready: Ready, act: Act, folder: Path, pages: Iterable[int]) -> Tally | None:
    """`act` on a real disk with room for so many pages beside what is there; None where the system gives none.

    The disk is a tmpfs in a name space of its own: no rights are needed, but some systems allow nobody to have one.
    """
    scene = Scene(ready, act, folder)
    scene.seconds()
    told = outcome(partial(_on_small_disks, scene, list(pages)))
    if not told.startswith(DONE):
        return None
    found = json.loads(told.removeprefix(DONE))
    return None if found is None else Tally.of(f"{act.name}, full disk", [Counter(one) for one in found])


def as_a_stranger(ready: Ready) -> dict[str, str]:
    """What somebody is told who may read models/releases but not write there, and then one who may not list it."""
    with tempfile.TemporaryDirectory() as reachable:
        os.chmod(reachable, 0o755)
        open_ = ready.copied(Path(reachable) / "project", published=True)
        (verify, use) = partial(_verified, open_), partial(take_back, open_)
        found = {}
        with _mode(open_.releases, 0o555):
            found["read-only: verify"] = outcome(partial(_as_nobody, verify))
            found["read-only: withdraw"] = outcome(partial(_as_nobody, use))
        for hidden in ("LEDGER", "2026.1", "2026.1/release.json"):
            path = open_.releases / hidden
            with _mode(path, 0o311 if path.is_dir() else 0):
                found[f"{hidden} hidden: verify"] = outcome(partial(_as_nobody, verify))
        with _mode(open_.releases, 0):
            found["all hidden: verify"] = outcome(partial(_as_nobody, verify))
            found["all hidden: withdraw"] = outcome(partial(_as_nobody, use))
        found["afterwards"] = state_of(WITHDRAW, open_)
        return found


def _judged(scene: Scene, told: str, *, can_go_on: bool = True) -> Counter[str]:
    """What is left by an act that was refused: it must say so, leave the old state and nothing staged, and be possible
    later. One that could do without what was refused must be done."""
    staged = [name for name in left_over(scene.ready) if name.startswith(".")]
    says = OLD if told.startswith(CAN_T_WRITE) else NEW if told.startswith(DONE) else HALF
    if staged or state_of(scene.act, scene.ready) != says:
        return Counter({HALF: 1})
    return scene.judged() if can_go_on else Counter({says: 1})


def _limits(scene: Scene) -> list[int]:
    """One byte less than each file that the act writes; where the ledger is the longest, places all along its line."""
    lengths = {path.name: path.stat().st_size for path in scene.ready.releases.rglob("*") if path.is_file()}
    line = range(len(scene.ledger), lengths["LEDGER"], 5) if scene.act != PUBLISH else ()
    return sorted({*(length - 1 for length in lengths.values() if length), *line})


def _refuse(number: int) -> NoReturn:
    raise OSError(number, os.strerror(number))


def _with_limit(most: int, act: Callable[[], Any]) -> Any:
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
    return act()


def _on_small_disks(scene: Scene, pages: list[int]) -> list[Counter[str]] | None:
    try:
        _enter_own_name_space()
    except OSError:
        return None
    files = [path for path in scene.clean.rglob("*") if path.is_file()]
    taken = sum(math.ceil(path.stat().st_size / 1024 / PAGE_KIB) for path in files)
    found = []
    for number in pages:
        if not _is_mounted(scene.ready.releases, f"size={(number + taken) * PAGE_KIB}k"):
            return None
        try:
            shutil.copytree(scene.clean, scene.ready.releases, dirs_exist_ok=True)
            told = what_came_of(scene.do)
            if not told.startswith(DONE):
                found.append(_judged(scene, told, can_go_on=False))
        finally:
            subprocess.run(["umount", scene.ready.releases], check=True)
    return found


def _enter_own_name_space() -> None:
    user, group = os.getuid(), os.getgid()
    if ctypes.CDLL(None, use_errno=True).unshare(NEW_USER | NEW_MOUNTS):
        raise OSError(ctypes.get_errno(), "unshare")
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"0 {user} 1")
    Path("/proc/self/gid_map").write_text(f"0 {group} 1")


def _is_mounted(folder: Path, size: str) -> bool:
    return subprocess.run(["mount", "-t", "tmpfs", "-o", size, "tmpfs", folder], capture_output=True).returncode == 0


def _verified(ready: Ready) -> None:
    verify_release(ready.releases, RELEASE, today=TODAY)


def _as_nobody(act: Callable[[], Any]) -> Any:
    """`act` as somebody without rights: root would be let in everywhere."""
    if os.getuid() == 0:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
    return act()


@contextmanager
def _mode(path: Path, mode: int) -> Iterator[None]:
    before = path.stat().st_mode
    path.chmod(mode)
    try:
        yield
    finally:
        path.chmod(before)
