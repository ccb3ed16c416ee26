"""What is different from the release before: points, thresholds, data and code, item by item."""

from collections.abc import Iterator, Mapping
from typing import Any

ORIGIN_WORDS = {
    "delivery_sha256": "delivery",
    "instrument_sha256": "instrument",
    "settings_sha256": "settings",
    "procedure_sha256": "procedure (code that makes the numbers)",
    "lock_sha256": "locked libraries",
}


def changes(release: Mapping[str, Any], before: Mapping[str, Any] | None) -> str:
    """CHANGES.md: `release` against `before`, the release it supersedes; None when it is the first."""
    lines = [f"# Changes in {_name(release)}", ""]
    if before is None:
        return "\n".join([*lines, "This is the first release: there is none before it to compare with.", ""])
    lines += [f"Against {_name(before)}.", "", "## Thresholds", "", *_thresholds(release, before)]
    lines += ["", "## Points", "", *(list(_points(release, before)) or ["No answer's points have changed."])]
    flags = release["evidence"].get("flags_against")
    if flags and flags["release"] == before.get("publication", {}).get("id"):
        lines += ["", "## Flags, per area", "", *_flags(flags["rows"])]
    return "\n".join([*lines, "", "## Origin", "", *_origin(release, before), ""])


def _name(release: Mapping[str, Any]) -> str:
    return release["publication"]["id"] if "publication" in release else "the candidate"


def _thresholds(release: Mapping[str, Any], before: Mapping[str, Any]) -> Iterator[str]:
    yield "| month | | before | now |"
    yield "|---|---|---|---|"
    for old, new in _pairs(release, before):
        month = (new or old)["month"]
        for key, words in (("flag", "flag from (points)"), ("threshold_prob", "at risk"), ("band", "borderline")):
            shown = [_shown(table["thresholds"][key]) if table else "–" for table in (old, new)]
            yield f"| {month} | {words} | {shown[0]} | {shown[1]} |"


def _points(release: Mapping[str, Any], before: Mapping[str, Any]) -> Iterator[str]:
    for old, new in _pairs(release, before):
        old_points, new_points = (_points_of(table) for table in (old, new))
        for key in sorted(old_points.keys() | new_points.keys()):
            was, now = old_points.get(key), new_points.get(key)
            if was != now:
                yield f"- {key}: {_shown(was)} → {_shown(now)}"


def _flags(rows: list[Mapping[str, Any]]) -> Iterator[str]:
    """A table of how many flags are kept, gained and lost; small numbers are not shown."""
    columns = ("kept", "gained", "lost", "unflagged", "not_comparable")
    yield f"| area | {' | '.join(column.replace('_', ' ') for column in columns)} |"
    yield "|---" * (len(columns) + 1) + "|"
    for row in rows:
        shown = ["not shown" if row[column] is None else str(row[column]) for column in columns]
        yield f"| {row['area']} | {' | '.join(shown)} |"


def _points_of(landmark: Mapping[str, Any] | None) -> dict[str, int]:
    found: dict[str, int] = {}
    for item in landmark["items"] if landmark else ():
        found[f"{item['id']}, no answer"] = item["no_answer"]["points"]
        if item["kind"] == "number":
            first = item["numbers"]["minimum"]
            found |= {f"{item['id']} {first + step}": points for step, points in enumerate(item["numbers"]["points"])}
        else:
            found |= {f"{item['id']}: {level['code']}": level["points"] for level in item["levels"]}
    return found


def _origin(release: Mapping[str, Any], before: Mapping[str, Any]) -> Iterator[str]:
    for key, words in ORIGIN_WORDS.items():
        same = release["provenance"].get(key) == before["provenance"].get(key)
        yield f"- {words}: {'the same' if same else 'changed'}"


def _pairs(release: Mapping[str, Any], before: Mapping[str, Any]) -> Iterator[tuple[Any, Any]]:
    months = sorted({landmark["month"] for one in (release, before) for landmark in one["landmarks"]})
    for month in months:
        yield _table(before, month), _table(release, month)


def _table(release: Mapping[str, Any], month: int) -> Mapping[str, Any] | None:
    return next((landmark for landmark in release["landmarks"] if landmark["month"] == month), None)


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return "–".join(map(str, value))
    return "none" if value is None else f"{value:.3f}" if isinstance(value, float) else str(value)
