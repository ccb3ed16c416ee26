"""What the new year says of the last release, fit to be handed out."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from riskmodel.assess.new_year.verdict import Found, NewYear
from riskmodel.disclosure import MEASURE_DECIMALS, MEASURE_MIN, disclose_count
from riskmodel.release.last_release import LastRelease


def disclosed_new_year(found: NewYear, last: LastRelease, *, profile: str) -> dict[str, Any]:
    """The verdict on the last release with its reasons and figures: counts as `profile` shows them, three decimals."""
    return {
        "release": last.release,
        "verdict": found.verdict,
        "text": asdict(found.text),
        "reasons": [{"reason": reason, "text": asdict(text)} for reason, text in found.reasons.items()],
        "stamp": asdict(found.stamp) if found.stamp else None,
        "notes": [asdict(note) for note in last.notes],
        "everybody": _found(found.everybody, profile=profile),
        "unshown": _found(found.unshown, profile=profile),
    }


def _found(found: Found | None, *, profile: str) -> dict[str, Any] | None:
    if found is None:
        return None
    counts = {name: disclose_count(getattr(found, name), profile=profile) for name in ("n", "events_n", "clusters_n")}
    enough = min(found.events_n, found.n - found.events_n) >= MEASURE_MIN
    if not enough or found.closed is None:
        return {**counts, "measures": {}, "gains": {}, "steps": []}
    return {
        **counts,
        "measures": {name: _rounded(numbers) for name, numbers in (found.measures or {}).items()},
        "gains": {name: _rounded(numbers) for name, numbers in (found.gains or {}).items()},
        "steps": [
            {"update": step.update, "df": step.df, "p_value": round(step.p_value, MEASURE_DECIMALS)}
            for step in found.closed.steps
        ],
    }


def _rounded(numbers: Mapping[str, float]) -> dict[str, float | None]:
    return {name: None if value != value else round(value, MEASURE_DECIMALS) for name, value in numbers.items()}
