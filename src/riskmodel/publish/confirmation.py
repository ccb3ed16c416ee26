"""The one look at the latest year, and what it showed against the protocol's criteria.

Every opening is a line in the ledger, written before anything is evaluated: a look that was abandoned counts too.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from riskmodel.ground.errors import GateError
from riskmodel.ground.files import canonical_json, sha256_of_bytes, write_bytes
from riskmodel.ground.settings import Settings
from riskmodel.ground.workspace import Workspace
from riskmodel.instrument.records import Instrument
from riskmodel.publish.candidate import load_candidate
from riskmodel.publish.protocol import check_unchanged, load_protocol, named, unchanged_file
from riskmodel.release.criteria import from_rows, judge, rounded
from riskmodel.release.ledger import append_event, locked, read_ledger
from riskmodel.release.protocol_keys import FIXED, differences, frozen_of

FORMAT = 2
OPENED, CONFIRMED = "year_opened", "year_confirmed"


def open_year(
    workspace: Workspace, protocol_id: str, settings: Settings, instrument: Instrument, *, name: str, today: date
) -> int:
    """Write down that the protocol's year is looked at, and return which look it is (1 is the first).

    The candidate, settings, instrument and code must be those that the protocol froze.
    """
    protocol = load_protocol(workspace, protocol_id)
    if protocol.get("revises"):
        raise GateError(f"{protocol_id} revises thresholds alone and opens no year. Next: riskmodel approve.")
    check_unchanged(protocol, settings, instrument, what="The protocol")
    different = differences(protocol, frozen_of(load_candidate(workspace)))
    if different:
        raise GateError(f"The candidate is not the protocol's: {', '.join(different)} changed. Freeze a new protocol.")
    codes, year = _codes(protocol), protocol["confirm_year"]
    with locked(workspace.releases):
        opening = len(openings(read_ledger(workspace.releases), codes=codes, year=year)) + 1
        event = {"event": OPENED, "protocol": protocol_id, "municipalities": codes, "year": year, "opening": opening}
        append_event(workspace.releases, {**event, "by": named(name), "date": today.isoformat()})
    return opening


def check_cohort(protocol: Mapping[str, Any], *, cohort_sha256: str, year: int) -> None:
    """Refuse (`GateError`) to evaluate cases that are not those the protocol was frozen for, or another year."""
    if protocol["cohort_sha256"] != cohort_sha256 or protocol["confirm_year"] != year:
        raise GateError(
            "The cases at hand are not those the protocol was frozen for. No year was opened. Run `dvc repro`, "
            "then freeze a new protocol."
        )


def record_confirmation(
    workspace: Workspace,
    protocol_id: str,
    measured: Mapping[int, Mapping[str, Mapping[str, Any]]],
    *,
    opening: int,
    name: str,
    today: date,
) -> dict[str, Any]:
    """Hold what was measured on the opened year against the protocol's criteria, and write it beside the protocol.

    measured: by landmark, measure of the points to estimate, low and high; None or NaN where too few allow none. The
    first look's record stays; a later one stands beside it, numbered.
    """
    protocol = load_protocol(workspace, protocol_id)
    limits = from_rows(protocol["criteria"])
    criteria = [{"landmark": month, **row} for month, found in measured.items() for row in judge(limits, found)]
    measures = {month: {measure: rounded(row) for measure, row in found.items()} for month, found in measured.items()}
    first, *later = measures
    confirmation = {
        "format": FORMAT,
        "protocol": protocol_id,
        "year": protocol["confirm_year"],
        "opening": opening,
        "date": today.isoformat(),
        "criteria": criteria,
        "measures": measures[first],
        "later_measures": {str(month): measures[month] for month in later},
        "passed": all(row["passed"] for row in criteria),
        "evaluated": {key: protocol[key] for key in FIXED},
    }
    content = canonical_json(confirmation)
    with locked(workspace.releases):
        _check_opened(read_ledger(workspace.releases), protocol_id, opening)
        write_bytes(_confirmation_file(workspace, protocol_id, opening), content)
        event = {"event": CONFIRMED, "protocol": protocol_id, "opening": opening, "passed": confirmation["passed"]}
        signed = {"by": named(name), "date": today.isoformat(), "confirmation_sha256": sha256_of_bytes(content)}
        append_event(workspace.releases, {**event, **signed})
    return confirmation


def confirmation_of(workspace: Workspace, protocol_id: str) -> dict[str, Any] | None:
    """The latest confirmation under a protocol, unchanged since the ledger recorded it; None without one."""
    for line in reversed(read_ledger(workspace.releases)):
        if line["event"] == CONFIRMED and line["protocol"] == protocol_id:
            path = _confirmation_file(workspace, protocol_id, line["opening"])
            return unchanged_file(path, line["confirmation_sha256"])
    return None


def openings(events: Sequence[Mapping[str, Any]], *, codes: Sequence[str], year: int) -> list[Mapping[str, Any]]:
    """The ledger's lines of looks at `year`, or one after it, in any of the municipalities `codes`."""
    return [
        line
        for line in events
        if line["event"] == OPENED and line["year"] >= year and set(line["municipalities"]) & set(codes)
    ]


def _check_opened(events: Sequence[Mapping[str, Any]], protocol_id: str, opening: int) -> None:
    opened = [line for line in events if line["event"] == OPENED and line["protocol"] == protocol_id]
    if opening not in [line["opening"] for line in opened]:
        raise GateError("The year was not opened under this protocol. Run `riskmodel confirm`.")


def _confirmation_file(workspace: Workspace, protocol_id: str, opening: int) -> Path:
    name = "confirmation.json" if opening == 1 else f"confirmation-{opening}.json"
    return workspace.protocols / protocol_id / name


def _codes(protocol: Mapping[str, Any]) -> list[str]:
    return sorted(entry["code"] for entry in protocol["municipalities"])
