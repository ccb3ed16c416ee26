"""What is fixed before looking: policy, tolerances, outcome, choices, criteria, and the hashes of what they act on."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date

from riskmodel.ground.errors import GateError
from riskmodel.ground.files import canonical_json, sha256_of_bytes, tidy
from riskmodel.ground.settings import Settings
from riskmodel.ground.workspace import Workspace
from riskmodel.instrument.records import Instrument
from riskmodel.publish.books import FROZEN, read_books
from riskmodel.publish.names import named
from riskmodel.publish.origin import frozen_choices, procedure_sha256, settings_sha256
from riskmodel.publish.revision import check_revision, load_revised
from riskmodel.release.criteria import accuracy_criteria, as_rows
from riskmodel.release.ledger import enact, locked
from riskmodel.release.record import Release
from riskmodel.release.subject import frozen_of

FORMAT = 2


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
    if revises is not None:
        check_revision(protocol, load_revised(workspace.releases, books.events, revises, today=today))
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
