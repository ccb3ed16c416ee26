"""What a run in MLflow is told of a release: its name, its choices and hashes, its measures with their intervals."""

from collections.abc import Mapping
from pathlib import Path

from riskmodel.ground.record_reader import Json
from riskmodel.ground.settings import Settings
from riskmodel.ground.words import MONTHS_A_YEAR
from riskmodel.publish.origin import Frozen, frozen_choices, settings_sha256
from riskmodel.publish.propose import estimates, metrics
from riskmodel.release.acts import FORMAT
from riskmodel.release.consistency import read_candidate
from riskmodel.release.record import Release

MARK = 4  # letters of a hash that tell runs apart
PERSONAL = ("explained",)  # of the choices: who signed for what, which stands in the release alone


def run_name(release: Release, known_by: str) -> str:
    """2026 · exempelstad · month 0,3,5 · 8f3a: id, or year of the data, town, tables, and the start of `known_by`."""
    town = ", ".join(municipality.name for municipality in release.municipalities).lower()
    months = ",".join(str(landmark.month) for landmark in release.landmarks)
    which = release.id or _year(release)
    return f"{which} · {town} · month {months} · {known_by[:MARK]}"


def _year(release: Release) -> str:
    """The year of the youngest month that the data hold."""
    window = release.provenance.data_window
    months = [month for month in (window.raw.values() if window else ()) if isinstance(month, int)]
    return str(max(months) // MONTHS_A_YEAR) if months else "–"


def params_of(release: Release, settings: Settings | None) -> dict[str, Json]:
    """Outcome, hashes and choices, "table.key" each; with `settings`, when they made it, the delivery's name too."""
    hashes = {key: value for key, value in release.provenance.raw.items() if key.endswith(("_sha256", "_hmac"))}
    found: dict[str, Json] = {"outcome": release.outcome.name, **hashes, **_flat({"policy": release.policy.raw})}
    if release.publication:
        choices = release.publication.protocol.raw["choices"]
        return {**found, **_flat(choices if isinstance(choices, Mapping) else {})}
    if settings is None or settings_sha256(settings) != hashes.get("settings_sha256"):
        return found
    named = {"delivery": Path(settings.delivery.path).name, "instrument": Path(settings.delivery.instrument).name}
    return {**found, **_flat(frozen_choices(settings)), **named}


def _flat(choices: Frozen) -> dict[str, Json]:
    """The choices that are one value, or a list of them."""
    return {
        f"{table}.{key}": value
        for table, keys in choices.items()
        if isinstance(keys, Mapping)
        for key, value in keys.items()
        if key not in PERSONAL and value is not None and not _is_nested(value)
    }


def _is_nested(value: object) -> bool:
    many = value if isinstance(value, list | tuple) else [value]
    return any(isinstance(one, Mapping | list | tuple) for one in many)


def metrics_of(release: Release) -> dict[str, float]:
    """The key figures of a release, and of each estimate the ends of its interval: auc, auc_low, auc_high."""
    whole = read_candidate(release.raw) if release.format == FORMAT else release  # who uses a release reads less of it
    ends = {
        f"{measure}_{end}": getattr(row, end) for measure, row in estimates(whole).items() for end in ("low", "high")
    }
    return {name: value for name, value in {**metrics(whole), **ends}.items() if value is not None}
