"""The one look at the latest year, and what it showed against the protocol's criteria.

Every opening is a line in the ledger, written before anything is evaluated: a look that was abandoned counts too.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from riskmodel.ground.errors import GateError
from riskmodel.ground.files import canonical_json, sha256_of_bytes
from riskmodel.ground.settings import Settings
from riskmodel.ground.workspace import Workspace
from riskmodel.instrument.records import Instrument
from riskmodel.publish.books import CONFIRMED, OPENED, read_books
from riskmodel.publish.names import named
from riskmodel.publish.protocol import check_unchanged
from riskmodel.release.criteria import from_rows, judge, rounded
from riskmodel.release.ledger import enact, locked, read_ledger
from riskmodel.release.subject import FIXED, differences, frozen_of

FORMAT = 2


def open_year(
    workspace: Workspace, protocol_id: str, settings: Settings, instrument: Instrument, *, name: str, today: date
) -> int:
    """Write down that the protocol's year is looked at, and return which look it is (1 is the first).

    The candidate, settings, instrument and code must be those that the protocol froze.
    """
    books = read_books(workspace)
    protocol = books.protocol(protocol_id)
    if protocol.get("revises"):
        raise GateError(f"{protocol_id} revises thresholds alone and opens no year. Next: riskmodel approve.")
    check_unchanged(protocol, settings, instrument, what="The protocol")
    different = differences(protocol, frozen_of(books.candidate))
    if different:
        raise GateError(f"The candidate is not the protocol's: {', '.join(different)} changed. Freeze a new protocol.")
    codes, year = _codes(protocol), protocol["confirm_year"]
    with locked(workspace.releases):
        opening = len(openings(read_ledger(workspace.releases), codes=codes, year=year)) + 1
        event = {"event": OPENED, "protocol": protocol_id, "municipalities": codes, "year": year, "opening": opening}
        enact(workspace.releases, {**event, "by": named(name), "date": today.isoformat()})
    return opening


def check_cohort(protocol: Mapping[str, object], *, cohort_sha256: str, year: int) -> None:
    """Refuse (`GateError`) to evaluate cases that are not those the protocol was frozen for, or another year."""
    if protocol["cohort_sha256"] != cohort_sha256 or protocol["confirm_year"] != year:
        raise GateError(
            "The cases at hand are not those the protocol was frozen for. No year was opened. Run `dvc repro`, "
            "then freeze a new protocol."
        )


def record_confirmation(
    workspace: Workspace,
    protocol_id: str,
    measured: Mapping[int, Mapping[str, Mapping[str, object]]],
    *,
    opening: int,
    name: str,
    today: date,
) -> dict[str, object]:
    """Hold what was measured on the opened year against the protocol's criteria, and write it beside the protocol.

    measured: by landmark, measure of the points to estimate, low and high; None or NaN where too few allow none. The
    first look's record stays; a later one stands beside it, numbered.
    """
    protocol = read_books(workspace).protocol(protocol_id)
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
        event = {"event": CONFIRMED, "protocol": protocol_id, "opening": opening, "passed": confirmation["passed"]}
        signed = {"by": named(name), "date": today.isoformat(), "confirmation_sha256": sha256_of_bytes(content)}
        enact(workspace.releases, {**event, **signed}, {workspace.confirmation_file(protocol_id, opening): content})
    return confirmation


def openings(events: Sequence[Mapping[str, Any]], *, codes: Sequence[str], year: int) -> list[Mapping[str, object]]:
    """The ledger's lines of looks at `year`, or one after it, in any of the municipalities `codes`."""
    return [
        line
        for line in events
        if line["event"] == OPENED and line["year"] >= year and set(line["municipalities"]) & set(codes)
    ]


def _check_opened(events: Sequence[Mapping[str, object]], protocol_id: str, opening: int) -> None:
    opened = [line for line in events if line["event"] == OPENED and line["protocol"] == protocol_id]
    if opening not in [line["opening"] for line in opened]:
        raise GateError("The year was not opened under this protocol. Run `riskmodel confirm`.")


def _codes(protocol: Mapping[str, Any]) -> list[str]:
    return sorted(entry["code"] for entry in protocol["municipalities"])
