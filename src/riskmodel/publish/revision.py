"""A revision of thresholds alone: the equation stays, so what was confirmed stays confirmed.

Thresholds follow from a policy about harm and places, not from the confirmed year; everybody keeps their points and
their risk. Nothing but the policy's demands on the threshold may differ from the release that is revised.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from riskmodel.ground.errors import GateError
from riskmodel.release.formats import FORMAT
from riskmodel.release.record import Release
from riskmodel.release.standing import WITHDRAWN, Fault, condemned_equations
from riskmodel.release.verify import intact_release

REVISABLE = ("harm_ratio", "ppv_floor", "left_early_cap", "capacity_share", "alternative_harm_ratio")
KEPT = ("delivery_sha256", "instrument_sha256", "procedure_sha256", "equation_sha256", "criteria", "confirm_year")


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


def check_revision(protocol: Mapping[str, object], revised: Release) -> None:
    """Refuse (`GateError`) a protocol that changes more of the published release `revised` than its thresholds."""
    publication = revised.published
    before = publication.protocol.raw
    changed = [key.removesuffix("_sha256") for key in KEPT if protocol[key] != before.get(key)]
    choices = changed_choices(before, protocol)
    changed += [name for name in choices if name not in {f"policy.{key}" for key in REVISABLE}]
    if changed:
        raise GateError(
            f"{publication.id} can't be revised by this candidate: {len(changed)} thing(s) changed beside the "
            f"thresholds ({', '.join(changed)}). Freeze a protocol of its own, without --revises."
        )
    if not choices:
        raise GateError(f"{publication.id}: nothing is revised. Thresholds follow from the policy: change it first.")


def changed_choices(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """The choices, as "table.key", that are not the same in two protocols."""
    one, other = _flat(before["choices"]), _flat(now["choices"])
    return sorted(name for name in {**one, **other} if one.get(name) != other.get(name))


def _flat(choices: Mapping[str, Mapping[str, object]]) -> dict[str, object]:
    return {f"{table}.{key}": value for table, keys in choices.items() for key, value in keys.items()}
