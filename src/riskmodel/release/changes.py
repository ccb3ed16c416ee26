"""What is different from the release before: points, thresholds, data and code, item by item. Standard library only."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from riskmodel.instrument.records import NO_ANSWER

ORIGIN_WORDS = {
    "delivery_sha256": "delivery",
    "instrument_sha256": "instrument",
    "settings_sha256": "settings",
    "procedure_sha256": "procedure (code that makes the numbers)",
    "lock_sha256": "locked libraries",
}
THRESHOLD_WORDS = {"flag": "flag from (points)", "threshold_prob": "at risk", "band": "borderline"}
FLAG_COLUMNS = ("kept", "gained", "lost", "unflagged", "not_comparable")


@dataclass(frozen=True)
class Moved:
    """The points of one answer in two tables of `month`, None where a table lacks it. answer: a code or a number."""

    month: int
    item: str
    answer: str | int
    before: int | None
    now: int | None

    @property
    def change(self) -> str:
        """What became of it."""
        return "added" if self.before is None else "removed" if self.now is None else "changed"


def changes(release: Mapping[str, Any], before: Mapping[str, Any] | None) -> str:
    """CHANGES.md: `release` against `before`, the release it supersedes; None when it is the first."""
    lines = [f"# Changes in {name_of(release)}", ""]
    if before is None:
        return "\n".join([*lines, "This is the first release: there is none before it to compare with.", ""])
    lines += [f"Against {name_of(before)}.", "", "## Thresholds", "", *_thresholds(release, before)]
    lines += ["", "## Points", "", *_points(release, before)]
    flags = release["evidence"].get("flags_against")
    if flags and flags["release"] == before.get("publication", {}).get("id"):
        lines += ["", "## Flags, per area", "", *flag_table(flags["rows"])]
    origin = [f"- {words}: {'the same' if same else 'changed'}" for words, same in same_origin(release, before).items()]
    return "\n".join([*lines, "", "## Origin", "", *origin, ""])


def name_of(release: Mapping[str, Any]) -> str:
    """The release's id, or that it is a candidate."""
    return release["publication"]["id"] if "publication" in release else "the candidate"


def tables(
    release: Mapping[str, Any], before: Mapping[str, Any]
) -> Iterator[tuple[int, Mapping[str, Any] | None, Mapping[str, Any] | None]]:
    """Every month that either release has a table for, with the table before and the one now."""
    for month in sorted({landmark["month"] for one in (release, before) for landmark in one["landmarks"]}):
        yield month, _table(before, month), _table(release, month)


def moved_points(release: Mapping[str, Any], before: Mapping[str, Any]) -> Iterator[Moved]:
    """Every answer whose points are not the same, items and answers in the order they are asked in."""
    for month, old, new in tables(release, before):
        was, now = _points_of(old), _points_of(new)
        for item, answer in {**now, **was}:
            points = was.get((item, answer)), now.get((item, answer))
            if points[0] != points[1]:
                yield Moved(month, item, answer, *points)


def same_origin(release: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, bool]:
    """Whether each thing that a release is made from is the same, by its name in words."""
    made_from = release["provenance"], before["provenance"]
    return {words: made_from[0].get(key) == made_from[1].get(key) for key, words in ORIGIN_WORDS.items()}


def flag_table(rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """A table of how many flags are kept, gained and lost; small numbers are not shown."""
    yield f"| area | {' | '.join(column.replace('_', ' ') for column in FLAG_COLUMNS)} |"
    yield "|---" * (len(FLAG_COLUMNS) + 1) + "|"
    for row in rows:
        counts = ["not shown" if row[column] is None else str(row[column]) for column in FLAG_COLUMNS]
        yield f"| {row['area']} | {' | '.join(counts)} |"


def shown(value: Any) -> str:
    """A number, a band or nothing, as it stands in a table."""
    if isinstance(value, list):
        return "–".join(map(str, value))
    return "none" if value is None else f"{value:.3f}" if isinstance(value, float) else str(value)


def _thresholds(release: Mapping[str, Any], before: Mapping[str, Any]) -> Iterator[str]:
    yield "| month | | before | now |"
    yield "|---|---|---|---|"
    for month, old, new in tables(release, before):
        for key, words in THRESHOLD_WORDS.items():
            cells = [shown(table["thresholds"][key]) if table else "–" for table in (old, new)]
            yield f"| {month} | {words} | {cells[0]} | {cells[1]} |"


def _points(release: Mapping[str, Any], before: Mapping[str, Any]) -> list[str]:
    moved = list(moved_points(release, before))
    several = len(list(tables(release, before))) > 1
    lines: list[str] = []
    for month in sorted({one.month for one in moved}):
        lines += [*([""] if lines else []), *([f"At month {month}:", ""] if several else [])]
        lines += sorted(_line(one) for one in moved if one.month == month)
    return lines or ["No answer's points have changed."]


def _line(moved: Moved) -> str:
    answer = f" {moved.answer}" if isinstance(moved.answer, int) else f": {moved.answer}"
    named = moved.item + (", no answer" if moved.answer == NO_ANSWER else answer)
    return f"- {named}: {shown(moved.before)} → {shown(moved.now)}"


def _points_of(landmark: Mapping[str, Any] | None) -> dict[tuple[str, str | int], int]:
    found: dict[tuple[str, str | int], int] = {}
    for item in landmark["items"] if landmark else ():
        if item["kind"] == "number":
            numbers = enumerate(item["numbers"]["points"], start=item["numbers"]["minimum"])
            found |= {(item["id"], number): points for number, points in numbers}
        else:
            found |= {(item["id"], level["code"]): level["points"] for level in item["levels"]}
        found[item["id"], NO_ANSWER] = item["no_answer"]["points"]
    return found


def _table(release: Mapping[str, Any], month: int) -> Mapping[str, Any] | None:
    return next((landmark for landmark in release["landmarks"] if landmark["month"] == month), None)
