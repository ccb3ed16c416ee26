"""What is fixed before looking: policy, tolerances, outcome, choices, criteria, and the hashes of what they act on."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from riskmodel.errors import BundleError, GateError
from riskmodel.instrument.records import Instrument
from riskmodel.provenance import canonical_json, sha256_of_bytes, write_bytes
from riskmodel.release.bundle import parse_json, read_file
from riskmodel.release.candidate import load_candidate
from riskmodel.release.criteria import accuracy_criteria, as_rows
from riskmodel.release.ledger import append_event, locked, read_ledger
from riskmodel.release.origin import frozen_choices, procedure_sha256, settings_sha256
from riskmodel.settings import Settings
from riskmodel.workspace import Workspace

FORMAT = 1
FROZEN = "protocol_frozen"
ORIGIN = ("delivery_sha256", "instrument_sha256", "settings_sha256", "procedure_sha256")


def freeze_protocol(workspace: Workspace, settings: Settings, instrument: Instrument, *, name: str, today: date) -> str:
    """Fix everything that decides the evaluation of the latest year, and return the protocol's id.

    Freezing the same choices again gives the same id and no second line.
    """
    candidate = load_candidate(workspace)
    provenance = candidate["provenance"]
    check_unchanged(provenance, settings, instrument, what="The candidate")
    if provenance["data_window"]["latest_complete_year"] is None:
        raise GateError(
            "G1: the candidate has no whole year to confirm, so no protocol can be frozen. It serves analysis alone. "
            'Wait until a whole year of intake answers has been followed, then run design = "cohort".'
        )
    protocol = {
        "format": FORMAT,
        "municipalities": candidate["municipalities"],
        "outcome": candidate["outcome"],
        "confirm_year": provenance["data_window"]["latest_complete_year"],
        "policy": asdict(settings.policy),
        "fairness": asdict(settings.fairness),
        "choices": frozen_choices(settings),
        "criteria": as_rows(accuracy_criteria(settings.policy)),
        **{key: provenance[key] for key in ORIGIN},
    }
    content = canonical_json(protocol)
    protocol_id = f"{protocol['confirm_year']}-{sha256_of_bytes(content)[:8]}"
    with locked(workspace.releases):
        if protocol_line(read_ledger(workspace.releases), protocol_id) is None:
            write_bytes(workspace.protocols / protocol_id / "protocol.json", content)
            event = {"event": FROZEN, "protocol": protocol_id, "protocol_sha256": sha256_of_bytes(content)}
            append_event(workspace.releases, {**event, "by": named(name), "date": today.isoformat()})
    return protocol_id


def load_protocol(workspace: Workspace, protocol_id: str) -> dict[str, Any]:
    """The protocol, unchanged since the ledger recorded it."""
    line = protocol_line(read_ledger(workspace.releases), protocol_id)
    if line is None:
        raise GateError("The ledger knows no protocol of that id. Run `riskmodel protocol` first.")
    return unchanged_file(workspace.protocols / protocol_id / "protocol.json", line["protocol_sha256"])


def protocol_line(events: Sequence[Mapping[str, Any]], protocol_id: str) -> Mapping[str, Any] | None:
    """The ledger's line that froze a protocol; None when there is none."""
    return next((line for line in events if line["event"] == FROZEN and line["protocol"] == protocol_id), None)


def protocol_of(workspace: Workspace, candidate: Mapping[str, Any]) -> str | None:
    """The id of the youngest protocol that froze what `candidate` was made from; None when there is none."""
    for line in reversed(read_ledger(workspace.releases)):
        if line["event"] == FROZEN:
            protocol = load_protocol(workspace, line["protocol"])
            if all(protocol[key] == candidate["provenance"][key] for key in ORIGIN):
                return line["protocol"]
    return None


def check_unchanged(frozen: Mapping[str, Any], settings: Settings, instrument: Instrument, *, what: str) -> None:
    """Refuse (`GateError`) when settings, instrument or code are no longer those whose hashes `frozen` holds."""
    now = {
        "settings_sha256": settings_sha256(settings),
        "instrument_sha256": instrument.sha256,
        "procedure_sha256": procedure_sha256(),
    }
    changed = [key.removesuffix("_sha256") for key, value in now.items() if frozen[key] != value]
    if changed:
        raise GateError(
            f"{what}: {', '.join(changed)} changed since it was made. Run `dvc repro`, then freeze a new protocol."
        )


def unchanged_file(path: Path, sha256: str) -> dict[str, Any]:
    """The JSON object in the file at `path`, whose hash the ledger holds."""
    content = read_file(path)
    if sha256_of_bytes(content) != sha256:
        raise BundleError(f"{path.parent.name}/{path.name}: is not what the ledger recorded. Restore the file.")
    return parse_json(content, where=path.name)


def named(name: str) -> str:
    """`name` without needless space; a `GateError` when nothing is left."""
    named = " ".join(name.split())
    if not named:
        raise GateError("A name is needed: who does this? Add --name.")
    return named
