"""Kills: of an act at random instants and at every step it takes on disk, and of writers that share a ledger."""

import itertools
import os
import random
import shutil
import signal
import statistics
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from fault_acts import (
    APPEND,
    HALF,
    OLD,
    RELEASE,
    STATES,
    Act,
    Ready,
    add_line,
    is_finished,
    left_over,
    lost_lines,
    openings,
    state_of,
)
from fault_process import AFTER, BEFORE, die, forked, from_step, is_killed, is_killed_after

from riskmodel.ground.errors import BundleError
from riskmodel.ground.files import canonical_json
from riskmodel.publish import publish as publish_module
from riskmodel.release.record import Release

WARM_UP_N = 5
SPREAD = 1.3  # of the time an act usually takes, over which kills are spread: its end is to be met, too
MOST_SECONDS_BETWEEN_KILLS = 0.02
LINES_A_WRITER = 1_000_000
PIPE_BYTES = 1 << 16


@dataclass(frozen=True)
class Tally:
    """What was counted over interruptions of one kind.

    old, new, half: what a reader met afterwards. lost: acknowledged lines of the ledger that are gone. unfinished: acts
    that could not be carried out afterwards, or that left something behind.
    """

    kind: str
    interrupted: int
    old: int
    new: int
    half: int
    lost: int
    unfinished: int

    @classmethod
    def of(cls, kind: str, found: list[Counter[str]]) -> "Tally":
        total = sum(found, Counter[str]())
        interrupted = sum(total[state] for state in STATES)
        return cls(kind, interrupted, *(total[key] for key in (*STATES, "lost", "unfinished")))


class Scene:
    """A project folder that can be put back to the moment before an act.

    For a process of its own, see `fault_process.apart`: the same release is rendered once in it. That is no step on
    disk, and what is interrupted is the rest.
    """

    def __init__(self, ready: Ready, act: Act, folder: Path) -> None:
        publish_module.rendered_files = once(publish_module.rendered_files)
        self.act, self.clean = act, folder / "clean"
        self.ready = ready.copied(folder / "project", published=act.published)
        shutil.copytree(self.ready.releases, self.clean)
        self.ledger = (self.clean / "LEDGER").read_bytes()

    def do(self) -> None:
        self.act.do(self.ready)

    def reset(self) -> None:
        shutil.rmtree(self.ready.releases)
        shutil.copytree(self.clean, self.ready.releases)

    def seconds(self) -> float:
        """How long the act takes, in the middle of a few times."""
        found = []
        for _ in range(WARM_UP_N):
            self.reset()
            started = time.perf_counter()
            self.do()
            found.append(time.perf_counter() - started)
        return statistics.median(found)

    def judged(self) -> Counter[str]:
        """What the interrupted act has left behind."""
        lost, state = lost_lines(self.ledger, self.ready), state_of(self.act, self.ready)
        return Counter({state: 1, "lost": lost, "unfinished": not is_finished(self.act, self.ready)})


def once(render: Callable[..., dict[str, bytes]]) -> Callable[..., dict[str, bytes]]:
    """`render`, which gives what it gave where the releases are the same."""
    made: dict[bytes, dict[str, bytes]] = {}

    def rendered(*releases: Release | None) -> dict[str, bytes]:
        key = canonical_json([release and release.raw for release in releases])
        if key not in made:
            made[key] = render(*releases)
        return made[key]

    return rendered


def kills_at_random(ready: Ready, act: Act, folder: Path, kills_n: int, seed: int) -> Tally:
    """`kills_n` kills of `act`, at instants spread evenly over the time that it takes."""
    scene, instants, found = Scene(ready, act, folder), random.Random(seed), []
    seconds = scene.seconds()
    while len(found) < kills_n:
        scene.reset()
        if is_killed_after(instants.uniform(0, SPREAD * seconds), scene.do):
            found.append(scene.judged())
    return Tally.of(f"{act.name}, random instants", found)


def kills_at_every_step(ready: Ready, act: Act, folder: Path, each: int = 1) -> Tally:
    """One kill before and one after every step that `act` takes on disk, or every third where `each` is 3."""
    scene, found = Scene(ready, act, folder), []
    scene.seconds()  # what is imported on first use is imported
    for number in itertools.count(1, each):
        scene.reset()
        if not is_killed(forked(partial(from_step, number, scene.do, die, moments=(BEFORE, AFTER)))):
            return Tally.of(f"{act.name}, every step", found)
        found.append(scene.judged())


def kills_of_writers(ready: Ready, folder: Path, writers_n: int, kills_n: int, seed: int) -> Tally:
    """`kills_n` kills among writers that add to one ledger at a time, each line acknowledged once it is written."""
    scene, chances = Scene(ready, APPEND, folder), random.Random(seed)
    reader, writer = os.pipe()
    os.set_blocking(reader, False)
    ids = itertools.count(1)
    writers = [_writer(scene.ready, next(ids), writer) for _ in range(writers_n)]
    found, acknowledged = [], b""
    for _ in range(kills_n):
        time.sleep(chances.uniform(0, MOST_SECONDS_BETWEEN_KILLS))
        place = chances.randrange(writers_n)
        _end(writers[place])
        writers[place] = _writer(scene.ready, next(ids), writer)
        found.append(Counter({_as_seen_by_a_reader(scene.ready): 1}))
        acknowledged += _drained(reader)
    for child in writers:
        _end(child)
    acknowledged += _drained(reader)
    os.close(reader)
    os.close(writer)
    return Tally.of(f"{writers_n} writers of one ledger", [*found, _settled(scene, acknowledged)])


def _settled(scene: Scene, acknowledged: bytes) -> Counter[str]:
    """What is in the ledger when every writer is gone, against what they were told."""
    written, told = Counter(openings(scene.ready)), Counter(map(int, acknowledged.split()))
    untold = Counter(number // LINES_A_WRITER for number in written - told)  # by writer; a kill leaves one at most
    lost = lost_lines(scene.ledger, scene.ready) + sum((told - written).values())
    wrong = max(written.values()) > 1 or max(untold.values(), default=0) > 1
    add_line(scene.ready)
    return Counter({HALF: wrong, "lost": lost, "unfinished": bool(left_over(scene.ready) - {RELEASE})})


def _as_seen_by_a_reader(ready: Ready) -> str:
    try:
        openings(ready)
    except BundleError:
        return HALF
    return OLD


def _writer(ready: Ready, writer_id: int, pipe: int) -> int:
    def add_for_ever() -> None:
        for number in itertools.count(writer_id * LINES_A_WRITER):
            add_line(ready, opening=number)
            os.write(pipe, b"%d\n" % number)

    return forked(add_for_ever)


def _end(child: int) -> None:
    os.kill(child, signal.SIGKILL)
    assert is_killed(child)


def _drained(reader: int) -> bytes:
    try:
        return os.read(reader, PIPE_BYTES)
    except BlockingIOError:
        return b""
