"""What is fixed before looking: policy, tolerances, outcome, choices, criteria, and the hashes of what they act on."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from riskmodel.ground.errors import GateError
from riskmodel.ground.files import canonical_json, sha256_of_bytes, tidy
from riskmodel.ground.record_reader import Json
from riskmodel.ground.settings import Settings
from riskmodel.ground.workspace import Workspace
from riskmodel.instrument.records import Instrument
from riskmodel.publish.books import FROZEN, read_books
from riskmodel.publish.keyed import as_keyed, told
from riskmodel.publish.names import named
from riskmodel.publish.origin import frozen_choices, procedure_sha256, settings_sha256
from riskmodel.publish.people import check_apart
from riskmodel.release.criteria import accuracy_criteria, as_rows
from riskmodel.release.formats import FORMAT
from riskmodel.release.ledger import enact, locked
from riskmodel.release.record import Release
from riskmodel.release.standing import WITHDRAWN, Fault, condemned_equations
from riskmodel.release.subject import differences, frozen_of
from riskmodel.release.verify import intact_release

REVISABLE = ("harm_ratio", "ppv_floor", "left_early_cap", "capacity_share", "alternative_harm_ratio")
KEPT = ("key", "delivery", "instrument", "procedure", "equation")
PROTOCOL_FORMAT = 3


def load_revised(releases: Path, events: Sequence[Mapping[str, object]], release_id: str, *, today: date) -> Release:
    """The published release that is to be revised: intact, of today, and with points that were not withdrawn.

    Its thresholds may have been: who stops a wrong limit at once can put it right. Whatever else was wrong with it, a
    revision would say again. events: the ledger's.
    """
    release = intact_release(releases, release_id)
    if release.format < FORMAT:
        raise GateError(f"{release_id}: is of an early format and can't be revised. Train a new one.")
    gone = [event for event in events if event["event"] == WITHDRAWN and event["release"] == release_id]
    for_more = any(event.get("fault") != Fault.THRESHOLDS for event in gone)
    if for_more or release.equation_sha256 in condemned_equations(events):
        raise GateError(
            f"{release_id}: was withdrawn for more than its thresholds, so it can't be revised. Train a new one."
        )
    publication = release.published
    if not publication.valid_from <= today.isoformat() <= publication.valid_until:
        raise GateError(f"{release_id}: is not valid today, so it can't be revised. Train a new one.")
    return release


def check_revision(protocol: Mapping[str, Json], revised: Release, workspace: Workspace) -> None:
    """Refuse (`GateError`) a protocol that changes more of the published release `revised` than its thresholds."""
    publication = revised.published
    before = as_keyed(publication.protocol.raw, workspace)
    changed = [name for name in differences(protocol, before) if name in KEPT]
    changed += [key for key in ("criteria", "confirm_year") if protocol[key] != before.get(key)]
    choices = changed_choices(before, protocol)
    changed += [name for name in choices if name not in {f"policy.{key}" for key in REVISABLE}]
    if changed:
        raise GateError(
            f"{publication.id} can't be revised by this candidate: beside the thresholds {told(changed)} Freeze a "
            "protocol of its own, without --revises."
        )
    if not choices:
        raise GateError(f"{publication.id}: nothing is revised. Thresholds follow from the policy: change it first.")


def changed_choices(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """The choices, as "table.key", that are not the same in two protocols."""
    one, other = _flat(before["choices"]), _flat(now["choices"])
    return sorted(name for name in {**one, **other} if one.get(name) != other.get(name))


def _flat(choices: Mapping[str, Mapping[str, object]]) -> dict[str, object]:
    return {f"{table}.{key}": value for table, keys in choices.items() for key, value in keys.items()}


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
    by, books = named(name), read_books(workspace)
    check_unchanged(books.candidate.provenance.raw, settings, instrument, what="The candidate")
    protocol = tidy({**_protocol(books.candidate, settings), "revises": revises})
    check_apart(workspace, books.candidate, books.events)  # before a year is opened for what may not leave
    if revises is not None:
        check_revision(protocol, load_revised(workspace.releases, books.events, revises, today=today), workspace)
    content = canonical_json(protocol)
    protocol_id = f"{protocol['confirm_year']}-{sha256_of_bytes(content)[:8]}"
    event = {"event": FROZEN, "protocol": protocol_id, "protocol_sha256": sha256_of_bytes(content)}
    with locked(workspace.releases):
        if read_books(workspace).protocol_line(protocol_id) is None:
            signed = {**event, "by": by, "date": today.isoformat()}
            enact(workspace.releases, signed, {workspace.protocol_file(protocol_id): content})
    return protocol_id


def _protocol(candidate: Release, settings: Settings) -> dict[str, object]:
    window = candidate.provenance.data_window
    year = window and window.raw["latest_complete_year"]
    if year is None:
        raise GateError(
            "G1: the candidate has no whole year to confirm, so no protocol can be frozen. It serves analysis alone. "
            'Wait until a whole year of intake answers has been followed, then run design = "cohort".'
        )
    return {
        "format": PROTOCOL_FORMAT,
        "municipalities": candidate.raw["municipalities"],
        "outcome": candidate.raw["outcome"],
        "confirm_year": year,
        "policy": asdict(settings.policy),
        "fairness": asdict(settings.fairness),
        "choices": frozen_choices(settings),
        "criteria": as_rows(accuracy_criteria(settings.policy)),
        **frozen_of(candidate),
    }


def check_unchanged(frozen: Mapping[str, object], settings: Settings, instrument: Instrument, *, what: str) -> None:
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
