"""A revision of thresholds alone: the equation stays, so what was confirmed stays confirmed.

Thresholds follow from a policy about harm and places, not from the confirmed year; everybody keeps their points and
their risk. Nothing but the policy's demands on the threshold may differ from the release that is revised.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from riskmodel.errors import GateError
from riskmodel.release.bundle import RELEASE_FILE, load_release_file
from riskmodel.release.equation import equation_sha256
from riskmodel.release.ledger import read_ledger
from riskmodel.release.standing import is_withdrawn, published_line

REVISABLE = ("harm_ratio", "ppv_floor", "left_early_cap", "capacity_share", "alternative_harm_ratio")
KEPT = ("delivery_sha256", "instrument_sha256", "procedure_sha256", "criteria", "confirm_year")


def load_revised(releases: Path, release_id: str) -> dict[str, Any]:
    """The published release that is to be revised; a `GateError` when it was withdrawn."""
    events = read_ledger(releases)
    published_line(events, release_id)
    if is_withdrawn(events, release_id):
        raise GateError(f"{release_id}: withdrawn, so its thresholds can't be revised. Train a new one.")
    return load_release_file(releases / release_id / RELEASE_FILE)


def check_revision(protocol: Mapping[str, Any], revised: Mapping[str, Any]) -> None:
    """Refuse (`GateError`) a protocol that changes more of the published release `revised` than its thresholds."""
    publication = revised["publication"]
    before = publication["protocol"]
    changed = [key.removesuffix("_sha256") for key in KEPT if protocol[key] != before.get(key)]
    changed += ["equation"] if protocol["equation_sha256"] != equation_sha256(revised) else []
    allowed = {f"policy.{key}" for key in REVISABLE}
    changed += [name for name in changed_choices(before, protocol) if name not in allowed]
    if changed:
        raise GateError(
            f"{publication['id']} can't be revised by this candidate: {len(changed)} thing(s) changed beside the "
            f"thresholds ({', '.join(changed)}). Freeze a protocol of its own, without --revises."
        )


def changed_choices(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """The choices, as "table.key", that are not the same in two protocols."""
    one, other = _flat(before["choices"]), _flat(now["choices"])
    return sorted(name for name in {**one, **other} if one.get(name) != other.get(name))


def _flat(choices: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    return {f"{table}.{key}": value for table, keys in choices.items() for key, value in keys.items()}
