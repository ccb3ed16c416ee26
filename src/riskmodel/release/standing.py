"""What the ledger says of releases: which were published, which withdrawn, which one stands. Standard library only."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

from riskmodel.ground.errors import BundleError
from riskmodel.release import TEXTS

RELEASE_ID = re.compile(r"\d{4}\.[1-9]\d{0,5}", flags=re.ASCII)
Line = Mapping[str, Any]  # of the ledger, as `ledger.Event` has checked it
FROZEN, OPENED, CONFIRMED = "protocol_frozen", "year_opened", "year_confirmed"  # what a line can tell
PUBLISHED, WITHDRAWN, DRILLED, SUMMARISED = "published", "withdrawn", "stop_drilled", "summarised"
EQUATION, THRESHOLDS = "equation_sha256", "thresholds_sha256"
START = "0" * 64  # what the first line names as the one before


class Fault(StrEnum):
    """Where the fault of a withdrawn release lies, and with it what may never come back under another number."""

    POINTS = "points"
    THRESHOLDS = "thresholds"
    OTHER = "other"


def published_line(events: Sequence[Line], release_id: str) -> Line:
    """The ledger's line that published `release_id`: the act of publication."""
    if not RELEASE_ID.fullmatch(release_id):
        raise BundleError(TEXTS["no_id"])
    for event in events:
        if event["event"] == PUBLISHED and event["release"] == release_id:
            return event
    raise BundleError(TEXTS["not_published"].filled(release=release_id))


def is_withdrawn(events: Sequence[Line], release_id: str) -> bool:
    """Whether the ledger says that `release_id` was withdrawn, by itself or with the points or thresholds it shares."""
    if any(event["event"] == WITHDRAWN and event["release"] == release_id for event in events):
        return True
    line = next((one for one in events if one["event"] == PUBLISHED and one["release"] == release_id), {})
    return is_condemned(events, line.get(EQUATION), line.get(THRESHOLDS))


def is_condemned(events: Sequence[Line], equation: str | None, thresholds: str | None) -> bool:
    """Whether points of this equation were withdrawn, or were together with these thresholds; both are hashes."""
    return equation in condemned_equations(events) or (equation, thresholds) in condemned_thresholds(events)


def condemned_equations(events: Sequence[Line]) -> set[str]:
    """The hashes of the equations that were withdrawn as such: no release may give points by one of them again."""
    gone = [event for event in events if event["event"] == WITHDRAWN and THRESHOLDS not in event]
    return {event[EQUATION] for event in gone if EQUATION in event}


def condemned_thresholds(events: Sequence[Line]) -> set[tuple[str, str]]:
    """The hashes of equation and thresholds that were withdrawn together: no release may pair them again."""
    gone = [event for event in events if event["event"] == WITHDRAWN]
    return {(event[EQUATION], event[THRESHOLDS]) for event in gone if EQUATION in event and THRESHOLDS in event}


def withdrawn_releases(events: Sequence[Mapping[str, object]]) -> list[str]:
    """Every published release that is withdrawn, oldest first."""
    published = [str(event["release"]) for event in events if event["event"] == PUBLISHED]
    return [release_id for release_id in published if is_withdrawn(events, release_id)]


def mark_of(releases: Path, release_id: str) -> Path:
    """The file beside a release that says it was withdrawn: one more place to forget than the ledger and its head."""
    return releases / f"{release_id}.withdrawn"


def latest_standing(events: Sequence[Line], *, municipalities: Sequence[str] | None = None) -> str | None:
    """The release published last and not withdrawn, for one of the `municipalities` (codes) if given; or None."""
    published = [
        event["release"]
        for event in events
        if event["event"] == PUBLISHED
        and (municipalities is None or set(event["municipalities"]) & set(municipalities))
    ]
    return next((release_id for release_id in reversed(published) if not is_withdrawn(events, release_id)), None)


def clock_is_behind(events: Sequence[Line], today: date) -> bool:
    """Whether `today` lies before the day on which a release that stands was published; a day's zone is let pass."""
    standing = [event for event in events if event["event"] == PUBLISHED and not is_withdrawn(events, event["release"])]
    tomorrow = today + timedelta(days=1) if today < date.max else today
    return any(event["date"] > tomorrow.isoformat() for event in standing)


def in_force(events: Sequence[Line], *, today: date, municipality: str | None = None) -> str | None:
    """The id of the youngest release that may be used `today`, as far as the ledger knows; None without one."""
    for event in reversed(events):
        is_usable = (
            event["event"] == PUBLISHED
            and not is_withdrawn(events, event["release"])
            and event["valid_from"] <= today.isoformat() <= event["valid_until"]
            and municipality in (None, *event["municipalities"])
        )
        if is_usable:
            return str(event["release"])
    return None
