"""Processes that can be killed: forked, stopped at a chosen step on disk, or started all at once."""

import json
import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from types import FrameType
from typing import Any

from riskmodel.ground.errors import RiskModelError

STEPS = {  # what changes something on disk, makes it last, or closes it
    "write", "flush", "fsync", "truncate", "ftruncate", "rename", "replace", "mkdir", "rmdir", "unlink", "chmod",
    "close",
}  # fmt: skip
FIRST_STEPS = {"tempfile.mkdtemp", "tempfile.mkstemp", "os.truncate"}  # as the audit of the interpreter calls them
BEFORE, AFTER = "c_call", "c_return"
DONE = "done"


def apart(campaign: Callable[..., Any], *arguments: Any) -> Any:
    """What `campaign` returns in a process of its own that imports only what it needs, so forking it is quick."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as fresh:
        return fresh.submit(campaign, *arguments).result()


def forked(call: Callable[[], Any]) -> int:
    """The id of a child that does `call` and ends; its exit code says whether it could."""
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        call()
        code = 0
    finally:
        os._exit(code)


def is_killed(child: int) -> bool:
    """Whether the child was killed; one that failed by itself is an error."""
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL:
        return True
    assert status == 0, f"the child ended with {status}"
    return False


def is_killed_after(seconds: float, call: Callable[[], Any]) -> bool:
    """Whether a child that does `call` was killed, `seconds` after it began; else it was done before."""
    reader, writer = os.pipe()

    def begin() -> None:
        os.write(writer, b".")
        call()

    child = forked(begin)
    os.read(reader, 1)
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    os.close(reader)
    os.close(writer)
    return is_killed(child)


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def from_step(number: int, act: Callable[[], Any], do: Callable[[], Any], *, moments: Sequence[str]) -> bool:
    """Do `act`, and at step `number` on disk `do`, which may raise; whether there was such a step.

    Nothing that is tested is replaced: the interpreter tells of every call. It is asked to from the first new file on,
    as everything before is reading. For a child process: it can't be taken back.
    """
    reached = 0

    def watch(frame: FrameType, moment: str, called: Any) -> None:
        nonlocal reached
        if moment in moments and called.__name__ in STEPS and _is_on_disk(called):
            reached += 1
            if reached == number:
                do()

    sys.addaudithook(lambda event, _: sys.setprofile(watch) if event in FIRST_STEPS and not sys.getprofile() else None)
    act()
    sys.setprofile(None)
    return reached >= number


def outcome(call: Callable[[], Any]) -> str:
    """What came of `call` in a child, see `what_came_of`."""
    return together([call])[0]


def together(calls: Sequence[Callable[[], Any]]) -> list[str]:
    """What came of every one of `calls`, each in a child of its own, all let go at the same moment."""
    gate, latch = os.pipe()
    started = [_waiting(call, gate, latch) for call in calls]
    os.close(gate)
    os.close(latch)
    found = []
    for child, reader in started:
        with os.fdopen(reader) as stream:
            found.append(stream.read())
        _, status = os.waitpid(child, 0)
        assert status == 0, f"a child ended with {status}"
    return found


def _waiting(call: Callable[[], Any], gate: int, latch: int) -> tuple[int, int]:
    reader, writer = os.pipe()

    def begin() -> None:
        os.close(latch)
        os.read(gate, 1)  # nothing is ever written: it returns when the last holder lets go
        os.write(writer, what_came_of(call).encode())

    child = forked(begin)
    os.close(writer)
    return child, reader


def what_came_of(call: Callable[[], Any]) -> str:
    """`DONE` with what `call` returned as JSON, or the kind of error and its message; anything but ours is raised."""
    try:
        result = call()
    except RiskModelError as error:
        return f"{type(error).__name__}: {error}"
    return f"{DONE} {json.dumps(result, default=str)}"


def _is_on_disk(called: Any) -> bool:
    """Whether a built-in function belongs to the system or to an open file."""
    owner = getattr(called, "__self__", None)
    return getattr(owner, "__name__", type(owner).__module__) in {"posix", "nt", "fcntl", "_io"}
