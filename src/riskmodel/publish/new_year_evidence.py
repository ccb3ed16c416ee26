"""What the new year says of the last release, fit to be handed out."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from riskmodel.assess.new_year.last_release import LastRelease
from riskmodel.assess.new_year.verdict import Found, NewYear
from riskmodel.disclosure import MEASURE_DECIMALS, MEASURE_MIN, Whole, disclose_count, disclose_people, read_people


def disclosed_new_year(
    found: NewYear, last: LastRelease, *, profile: str, before: Sequence[Whole] = ()
) -> dict[str, object]:
    """The verdict on the last release with its reasons and figures: counts as `profile` shows them, three decimals.

    before: what is known of these people, or of more, from what was shown earlier.
    """
    everybody = _found(found.everybody, profile=profile, before=before)
    return {
        "release": last.release,
        "verdict": found.verdict,
        "text": asdict(found.text),
        "reasons": [{"reason": reason, "text": asdict(text)} for reason, text in found.reasons.items()],
        "stamp": asdict(found.stamp) if found.stamp else None,
        "notes": [asdict(note) for note in last.notes],
        "everybody": everybody,
        "unshown": _found(found.unshown, profile=profile, before=[*before, *_known(everybody, profile=profile)]),
    }


def _known(people: Mapping[str, Any] | None, *, profile: str) -> list[Whole]:
    return [] if people is None else [read_people(people["n"], people["events_n"], profile=profile)]


def _found(found: Found | None, *, profile: str, before: Sequence[Whole]) -> dict[str, object] | None:
    if found is None:
        return None
    n, events_n = disclose_people(found.n, found.events_n, profile=profile, before=before)
    clusters_n = None if n is None else disclose_count(found.clusters_n, profile=profile)
    counts = {"n": n, "events_n": events_n, "clusters_n": clusters_n}
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
