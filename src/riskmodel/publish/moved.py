"""What two releases have in common, and which answers' points moved between them. Standard library only."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from riskmodel.instrument.records import NO_ANSWER
from riskmodel.release.identity import equation_sha256

ORIGIN_WORDS = {
    "delivery_sha256": "delivery",
    "cohort_sha256": "cases",
    "instrument_sha256": "instrument",
    "settings_sha256": "settings",
    "procedure_sha256": "procedure (code that makes the numbers)",
    "lock_sha256": "locked libraries",
}


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


def tables(
    release: Mapping[str, Any], before: Mapping[str, Any]
) -> Iterator[tuple[int, Mapping[str, Any] | None, Mapping[str, Any] | None]]:
    """Every month that either release has a table for, with the table before and the one now."""
    for month in sorted({landmark["month"] for one in (release, before) for landmark in one["landmarks"]}):
        yield month, _table(before, month), _table(release, month)


def moved_points(release: Mapping[str, Any], before: Mapping[str, Any]) -> Iterator[Moved]:
    """Every answer whose points are not the same, in the tables that both have, in the order they are asked in."""
    for month, old, new in tables(release, before):
        if old is None or new is None:
            continue
        was, now = _points_of(old), _points_of(new)
        for item, answer in {**now, **was}:
            points = was.get((item, answer)), now.get((item, answer))
            if points[0] != points[1]:
                yield Moved(month, item, answer, *points)


def moved_policy(release: Mapping[str, Any], before: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Every demand of the municipality that is not the same: its name, what it was before and is now."""
    was, now = before["policy"], release["policy"]
    for name in sorted({*was, *now}):
        if was.get(name) != now.get(name):
            yield {"name": name, "before": was.get(name), "now": now.get(name)}


def same_equation(release: Mapping[str, Any], before: Mapping[str, Any]) -> bool:
    """Whether everybody gets the same points and the same risk from both."""
    return equation_sha256(release) == equation_sha256(before)


def same_origin(release: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, bool]:
    """Whether each thing that a release is made from is the same, by its name in words."""
    made_from = release["provenance"], before["provenance"]
    return {words: made_from[0].get(key) == made_from[1].get(key) for key, words in ORIGIN_WORDS.items()}


def _points_of(landmark: Mapping[str, Any]) -> dict[tuple[str, str | int], int]:
    found: dict[tuple[str, str | int], int] = {}
    for item in landmark["items"]:
        if item["kind"] == "number":
            numbers = enumerate(item["numbers"]["points"], start=item["numbers"]["minimum"])
            found |= {(item["id"], number): points for number, points in numbers}
        else:
            scored = [level for level in item["levels"] if not level["route"]]
            found |= {(item["id"], level["code"]): level["points"] for level in scored}
        found[item["id"], NO_ANSWER] = item["no_answer"]["points"]
    return found


def _table(release: Mapping[str, Any], month: int) -> Mapping[str, Any] | None:
    return next((landmark for landmark in release["landmarks"] if landmark["month"] == month), None)
