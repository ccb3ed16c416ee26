"""What is fixed before looking: policy, tolerances, outcome, choices, criteria, and the hashes of what they act on."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any, cast

from riskmodel.ground.errors import BundleError, GateError
from riskmodel.ground.files import canonical_json, sha256_of_bytes, tidy, write_bytes
from riskmodel.ground.settings import Settings
from riskmodel.ground.workspace import Workspace
from riskmodel.instrument.records import Instrument
from riskmodel.publish.candidate import load_candidate
from riskmodel.publish.origin import frozen_choices, procedure_sha256, settings_sha256
from riskmodel.publish.revision import check_revision, load_revised
from riskmodel.release.bundle import parse_json, read_file
from riskmodel.release.criteria import accuracy_criteria, as_rows
from riskmodel.release.json_record import has_unseen
from riskmodel.release.ledger import append_event, locked, read_ledger
from riskmodel.release.protocol_keys import differences, frozen_of
from riskmodel.release.record import Release

FORMAT = 2
FROZEN = "protocol_frozen"
JAPANESE = {"CJK", "HIRAGANA", "KATAKANA"}  # written together


def freeze_protocol(
    workspace: Workspace,
    settings: Settings,
    instrument: Instrument,
    *,
    name: str,
    today: date,
    revises: str | None = None,
) -> str:
    """Fix everything that decides the evaluation of the latest year, and return the protocol's id.

    Freezing the same choices again gives the same id and no second line. revises: the id of the release of which
    the thresholds alone change, see `revision`.
    """
    by, candidate = named(name), load_candidate(workspace)
    check_unchanged(candidate.provenance.raw, settings, instrument, what="The candidate")
    protocol = tidy({**_protocol(candidate, settings), "revises": revises})
    if revises is not None:
        check_revision(protocol, load_revised(workspace.releases, revises, today=today))
    content = canonical_json(protocol)
    protocol_id = f"{protocol['confirm_year']}-{sha256_of_bytes(content)[:8]}"
    with locked(workspace.releases):
        if protocol_line(read_ledger(workspace.releases), protocol_id) is None:
            write_bytes(workspace.protocols / protocol_id / "protocol.json", content)
            event = {"event": FROZEN, "protocol": protocol_id, "protocol_sha256": sha256_of_bytes(content)}
            append_event(workspace.releases, {**event, "by": by, "date": today.isoformat()})
    return protocol_id


def _protocol(candidate: Release, settings: Settings) -> dict[str, Any]:
    window = candidate.provenance.data_window
    year = window and window.raw["latest_complete_year"]
    if year is None:
        raise GateError(
            "G1: the candidate has no whole year to confirm, so no protocol can be frozen. It serves analysis alone. "
            'Wait until a whole year of intake answers has been followed, then run design = "cohort".'
        )
    return {
        "format": FORMAT,
        "municipalities": candidate.raw["municipalities"],
        "outcome": candidate.raw["outcome"],
        "confirm_year": year,
        "policy": asdict(settings.policy),
        "fairness": asdict(settings.fairness),
        "choices": frozen_choices(settings),
        "criteria": as_rows(accuracy_criteria(settings.policy)),
        **frozen_of(candidate),
    }


def load_protocol(workspace: Workspace, protocol_id: str) -> dict[str, Any]:
    """The protocol, unchanged since the ledger recorded it."""
    line = protocol_line(read_ledger(workspace.releases), protocol_id)
    if line is None:
        raise GateError("The ledger knows no protocol of that id. Run `riskmodel protocol` first.")
    return unchanged_file(workspace.protocols / protocol_id / "protocol.json", line["protocol_sha256"])


def protocol_line(events: Sequence[Mapping[str, Any]], protocol_id: str) -> Mapping[str, Any] | None:
    """The ledger's line that froze a protocol; None when there is none."""
    return next((line for line in events if line["event"] == FROZEN and line["protocol"] == protocol_id), None)


def protocol_of(workspace: Workspace, candidate: Release) -> str:
    """The id of the youngest protocol that fixed `candidate` as it is; without one, a `GateError` says what differs."""
    fixed, lines = frozen_of(candidate), read_ledger(workspace.releases)
    ids = [line["protocol"] for line in reversed(lines) if line["event"] == FROZEN]
    changed = None
    for protocol_id in ids:
        different = differences(load_protocol(workspace, protocol_id), fixed)
        if not different:
            return protocol_id
        changed = changed or f" Since {protocol_id} was frozen, {len(different)} changed: {', '.join(different)}."
    raise GateError(
        f"G1: no protocol fixed what this candidate was made from.{changed or ''} Run `riskmodel protocol` first."
    )


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
    return cast(dict[str, Any], parse_json(content, where=path.name))  # the hash is that of an object


def named(name: str) -> str:
    """`name` without needless space; a `GateError` when no letter is left, or when it only looks like a name."""
    named = " ".join(name.split())
    letters = [letter for letter in named if unicodedata.category(letter) in ("Lu", "Ll", "Lt", "Lo")]
    if not letters:
        raise GateError("A name is needed: who does this? Add --name, with letters in it.")
    alphabets = {unicodedata.name(letter, "?").split()[0] for letter in letters} - {"MICRO"}
    if has_unseen(named) or (len(alphabets) > 1 and not alphabets <= JAPANESE):
        raise GateError("A name is needed as it is written in one alphabet, without characters that can't be seen.")
    return named
