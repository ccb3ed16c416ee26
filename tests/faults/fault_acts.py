"""The acts that are interrupted, and the states a reader may meet: the old one, the new one, nothing in between."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from riskmodel.ground.errors import BundleError, RiskModelError
from riskmodel.ground.settings import Settings
from riskmodel.ground.workspace import Workspace
from riskmodel.publish.publish import publish
from riskmodel.publish.withdraw import withdraw
from riskmodel.release.ledger import append_event, locked, read_ledger
from riskmodel.release.standing import PUBLISHED, is_withdrawn
from riskmodel.release.verify import release_in_force, verify_release

TODAY = date(2026, 3, 2)  # the day on which everything in `release_example` happens
RELEASE = "2026.1"
STATES = OLD, NEW, HALF = "old", "new", "half"
KEPT = {
    RELEASE,
    f"{RELEASE}.withdrawn",
    "LEDGER",
    "LEDGER.head",
    "LEDGER.lock",
}  # all that may lie in models/releases once an act is done


@dataclass(frozen=True)
class Ready:
    """A project folder in which everything is approved, and the settings it was made with."""

    root: Path
    settings: Settings

    @property
    def releases(self) -> Path:
        return Workspace(self.root).releases

    def copied(self, folder: Path, *, published: bool) -> "Ready":
        """A copy in `folder`, with its release published or not."""
        shutil.copytree(self.root, folder)
        ready = Ready(folder, self.settings)
        if published:
            put_out(ready)
        return ready


@dataclass(frozen=True)
class Act:
    """do: the act. state: the one that a reader finds. published: whether the release is, before the act."""

    name: str
    do: Callable[[Ready], Any]
    state: Callable[[Ready], str]
    published: bool


def put_out(ready: Ready) -> Any:
    return publish(Workspace(ready.root), ready.settings, name="Ada Alm", today=TODAY)


def take_back(ready: Ready) -> None:
    withdraw(Workspace(ready.root), RELEASE, reason="found a leak", name="Bo Berg", today=TODAY)


def add_line(ready: Ready, opening: int = 2) -> None:
    """One more line in the ledger; `opening` tells it from others."""
    event = {"event": "year_opened", "protocol": "p", "municipalities": ["9901"], "year": 2023, "opening": opening}
    with locked(ready.releases):
        append_event(ready.releases, {**event, "by": "Ada Alm", "date": TODAY.isoformat()})


def openings(ready: Ready) -> list[int]:
    """What `add_line` has added, in order."""
    events = read_ledger(ready.releases)
    return [event["opening"] for event in events if event["event"] == "year_opened" and event["protocol"] == "p"]


def is_usable(ready: Ready) -> bool:
    verify_release(ready.releases, RELEASE, today=TODAY)
    return release_in_force(ready.releases, today=TODAY) == RELEASE


def is_refused(ready: Ready) -> bool:
    """Whether neither the release nor any other may be used."""
    return all(
        _refuses(partial(use, today=TODAY))
        for use in (partial(verify_release, ready.releases, RELEASE), partial(release_in_force, ready.releases))
    )


def state_of(act: Act, ready: Ready) -> str:
    """The state that a reader finds; what he can't read is half done."""
    try:
        return act.state(ready)
    except BundleError:
        return HALF


def is_finished(act: Act, ready: Ready) -> bool:
    """Whether the interrupted act can be carried out, and leaves nothing but what it should."""
    try:
        if act == PUBLISH or act.state(ready) == OLD:
            act.do(ready)
        else:
            add_line(ready, opening=3)  # it was done; the next one must find a whole ledger
        return act.state(ready) == NEW and not left_over(ready)
    except RiskModelError:
        return False


def left_over(ready: Ready) -> set[str]:
    """What lies in models/releases and should not."""
    return {path.name for path in ready.releases.iterdir()} - KEPT


def lost_lines(before: bytes, ready: Ready) -> int:
    """How many of the lines in the ledger `before` do not stand where they stood."""
    now = (ready.releases / "LEDGER").read_bytes().split(b"\n")[:-1]
    lines = before.split(b"\n")[:-1]
    return sum(place >= len(now) or now[place] != line for place, line in enumerate(lines))


def _publication_state(ready: Ready) -> str:
    lines = [event["release"] for event in read_ledger(ready.releases) if event["event"] == PUBLISHED]
    if lines == [RELEASE]:
        return NEW if is_usable(ready) else HALF
    return OLD if not lines and is_refused(ready) else HALF


def _withdrawal_state(ready: Ready) -> str:
    if is_withdrawn(read_ledger(ready.releases), RELEASE):
        return NEW if is_refused(ready) else HALF
    return OLD if is_usable(ready) else HALF


def _line_state(ready: Ready) -> str:
    found = openings(ready)
    return NEW if found[:1] == [2] else HALF if found else OLD


def _refuses(use: Callable[[], Any]) -> bool:
    try:
        use()
    except BundleError:
        return True
    return False


PUBLISH = Act("publish", put_out, _publication_state, published=False)
WITHDRAW = Act("withdraw", take_back, _withdrawal_state, published=True)
APPEND = Act("ledger append", add_line, _line_state, published=False)
ACTS = (PUBLISH, WITHDRAW, APPEND)
