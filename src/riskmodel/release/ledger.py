"""Everything that ever happened to releases: one JSON line an event, each with the hash of the line before.

The chain notices a changed or missing line in the middle. A cut-off tail is noticed by the head, the number and hash of
the last line, kept in a file of its own; being written second it may be behind after a kill, never ahead. A last line
without its newline was never acknowledged: readers pass over it, the next append cuts it off. Reading needs the
standard library only.
"""

import errno
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from riskmodel.ground.errors import BundleError, GateError, why
from riskmodel.ground.files import append_bytes, canonical_line, is_taken, sha256_of_bytes, sweep, write_bytes
from riskmodel.ground.record_reader import NEVER_NULL, Json, When
from riskmodel.ground.text import Text
from riskmodel.release import REFUSALS
from riskmodel.release.bundle import read_file_if_any
from riskmodel.release.json_record import Day, Digest, Raw, raw, read_record
from riskmodel.release.standing import (
    CONFIRMED,
    DRILLED,
    FROZEN,
    OPENED,
    PUBLISHED,
    START,
    SUMMARISED,
    WITHDRAWN,
    Line,
    is_withdrawn,
)

LEDGER = "LEDGER"
HEAD = "LEDGER.head"
LOCK = "LEDGER.lock"
ALWAYS_TAKEN = WITHDRAWN  # no clock may stand in the way of taking a release out of use
WAIT_SECONDS = 30
EVERYBODYS = 0o666  # of the lock, which holds nothing


@dataclass(frozen=True, kw_only=True)
class Event:
    """What happened on a day, and its place in the chain: its number, and the hash of the line before.

    release: its id, or that of a summary. by: who did it. equation_sha256, thresholds_sha256: of the release that was
    published, or of what was withdrawn with one.
    year: the latest of the `years` opened. fault: where that of a withdrawn release lies.
    """

    event: Literal[
        "protocol_frozen", "year_opened", "year_confirmed", "published", "withdrawn", "stop_drilled", "summarised"
    ]
    date: Day
    number: int
    before: Digest
    protocol: Annotated[str, When("event", (FROZEN, OPENED, CONFIRMED))] = ""
    protocol_sha256: Annotated[Digest, When("event", (FROZEN,))] = ""
    municipalities: Annotated[tuple[str, ...], When("event", (OPENED, PUBLISHED, SUMMARISED))] = ()
    year: Annotated[int, When("event", (OPENED,))] = 0
    years: Annotated[tuple[int, ...] | None, NEVER_NULL] = None
    opening: Annotated[int, When("event", (OPENED, CONFIRMED))] = 0
    passed: Annotated[bool, When("event", (CONFIRMED,))] = False
    confirmation_sha256: Annotated[Digest, When("event", (CONFIRMED,))] = ""
    release: Annotated[str, When("event", (PUBLISHED, WITHDRAWN, DRILLED, SUMMARISED))] = ""
    summary_sha256: Annotated[Digest, When("event", (SUMMARISED,))] = ""
    valid_from: Annotated[Day, When("event", (PUBLISHED,))] = ""
    valid_until: Annotated[Day, When("event", (PUBLISHED,))] = ""
    candidate_sha256: Annotated[Digest, When("event", (PUBLISHED,))] = ""
    sums_sha256: Annotated[Digest, When("event", (PUBLISHED,))] = ""
    reason: Annotated[str, When("event", (WITHDRAWN,))] = ""
    by: str = ""
    equation_sha256: Annotated[Digest | None, NEVER_NULL] = None
    thresholds_sha256: Annotated[Digest | None, NEVER_NULL] = None
    signature_sha256: Annotated[Digest | None, NEVER_NULL] = None
    fault: Annotated[Literal["points", "thresholds", "other"] | None, NEVER_NULL] = None
    raw: Raw = raw()


@dataclass(frozen=True)
class Ledger:
    """The ledger as it was read. events: oldest first; lines: each as it is written, without its newline."""

    events: list[Line]
    lines: list[bytes]

    @property
    def end(self) -> dict[str, Json]:
        """Number and hash of the youngest line, as a release notes them: a ledger cut off before it is noticed."""
        return {"number": len(self.lines), "line": sha256_of_bytes(self.lines[-1]) if self.lines else START}


def read_ledger(releases: Path) -> list[Line]:
    """Every event in `releases`/LEDGER, oldest first; a broken chain is a `BundleError`."""
    return open_ledger(releases).events


def open_ledger(releases: Path) -> Ledger:
    """The ledger in `releases`, whole; a broken chain is a `BundleError`."""
    head = read_file_if_any(releases / HEAD)  # before the lines: a writer in between only makes the ledger longer
    lines = (read_file_if_any(releases / LEDGER) or b"").split(b"\n")[:-1]
    events: list[Line] = []
    before = START
    for number, line in enumerate(lines, start=1):
        event = _parsed(line) or {}
        if (event.get("number"), event.get("before")) != (number, before):
            raise BundleError(REFUSALS["chain_broken"].filled(number=number))
        _check_event(event)
        events.append(event)
        before = sha256_of_bytes(line)
    _check_head(head, lines)
    return Ledger(events, lines)


def append_event(releases: Path, event: Mapping[str, object]) -> dict[str, object]:
    """Add one event to the ledger and return it as written. The caller holds `locked(releases)`.

    A clock behind the youngest line is a `GateError`: what follows would be dated, and be valid, wrongly.
    """
    ledger = open_ledger(releases)
    number = len(ledger.events) + 1
    written = {**event, "number": number, "before": ledger.end["line"]}
    check_clock(written, ledger.events)
    line = canonical_line(written)
    _check_event(json.loads(line))  # as it will be read: a line that can't be would close the ledger for good
    kept = sum(len(complete) + 1 for complete in ledger.lines)
    head = canonical_line({"number": number, "line": sha256_of_bytes(line)}) + b"\n"
    try:
        append_bytes(releases / LEDGER, line + b"\n", keep=kept)
        write_bytes(releases / HEAD, head)
    except OSError:
        append_bytes(releases / LEDGER, b"", keep=kept)  # an act that is not acknowledged has not happened
        raise
    return written


def enact(releases: Path, event: Mapping[str, object], files: Mapping[Path, bytes] | None = None) -> dict[str, object]:
    """Write `files` (place to content), then the `event` that tells of them: nothing is done without a line.

    The caller holds `locked(releases)`. Returns the line as written.
    """
    for path, content in (files or {}).items():
        write_bytes(path, content)
    return append_event(releases, event)


def check_clock(event: Mapping[str, object], events: Sequence[Line]) -> None:
    """Refuse (`GateError`) an event dated before another.

    Withdrawals are always taken, so their dates bind nobody, nor do those of releases that were withdrawn.
    """
    binding = [
        one
        for one in events
        if one["event"] != ALWAYS_TAKEN and not ("release" in one and is_withdrawn(events, one["release"]))
    ]
    youngest = max((one["date"] for one in binding), default="")
    if event["event"] != ALWAYS_TAKEN and str(event.get("date")) < youngest:
        raise GateError(REFUSALS["clock_is_early"].filled(day=event["date"], youngest=youngest))


def _check_event(event: Mapping[str, object]) -> None:
    """Refuse (`BundleError`) a line that does not say what its kind of event must."""
    read_record(Event, event, where=f"{LEDGER}, line {event['number']}")


@contextmanager
def locked(releases: Path) -> Iterator[None]:
    """Hold the lock that lets one process at a time add to the ledger; waits `WAIT_SECONDS`, then a `GateError`.

    What the disk or its permissions refuse inside is a `GateError`, too.
    """
    from filelock import FileLock, Timeout  # only writers need it

    reason = None
    try:
        releases.mkdir(parents=True, exist_ok=True)
        _check_lock(releases / LOCK)
        with FileLock(releases / LOCK, timeout=WAIT_SECONDS, mode=EVERYBODYS):
            sweep(releases)
            yield
    except Timeout:
        raise GateError(REFUSALS["ledger_busy"]) from None
    except OSError as error:
        reason = why(error)
    if reason:
        raise GateError(REFUSALS["releases_unwritable"].filled(reason=reason))


def _check_lock(lock: Path) -> None:
    """Refuse (`GateError`) a lock that somebody else left and nobody else may open: it says who must take it away."""
    may_write_here = os.access(lock.parent, os.W_OK | os.X_OK)  # else that is what stands in the way
    if not may_write_here or not is_taken(lock) or os.access(lock, os.R_OK | os.W_OK):
        return
    owner: str | Text = REFUSALS["somebody_else"]
    # it may be gone by now, its owner no longer an account here, or the system one without owners of files
    with suppress(OSError, KeyError, NotImplementedError):
        owner = lock.owner()
    raise GateError(
        REFUSALS["lock_of_another"].filled(
            lock=LOCK, owner=owner, reason=why(OSError(errno.EACCES, os.strerror(errno.EACCES)))
        )
    )


def _parsed(line: bytes) -> dict[str, object] | None:
    try:
        parsed = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return parsed if isinstance(parsed, dict) else None


def _check_head(head: bytes | None, lines: list[bytes]) -> None:
    """Refuse (`BundleError`) other `lines` than the head tells of; there may be none before the second line."""
    if head is None and len(lines) <= 1:
        return
    told = _parsed(head or b"") or {}
    number, line = told.get("number"), told.get("line")
    if not isinstance(number, int) or not 1 <= number <= len(lines) or sha256_of_bytes(lines[number - 1]) != line:
        raise BundleError(REFUSALS["lines_removed"].filled(n=len(lines)))
