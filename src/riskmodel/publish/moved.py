"""What two releases have in common, and which answers' points moved between them. Standard library only."""

from collections.abc import Iterator
from dataclasses import dataclass

from riskmodel.ground.record_reader import Json
from riskmodel.instrument.records import NO_ANSWER
from riskmodel.release.identity import equation_sha256
from riskmodel.release.item import Code
from riskmodel.release.record import Landmark, Release

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
    answer: Code
    before: int | None
    now: int | None

    @property
    def change(self) -> str:
        """What became of it."""
        return "added" if self.before is None else "removed" if self.now is None else "changed"


def tables(release: Release, before: Release) -> Iterator[tuple[int, Landmark | None, Landmark | None]]:
    """Every month that either release has a table for, with the table before and the one now."""
    for month in sorted({landmark.month for one in (release, before) for landmark in one.landmarks}):
        yield month, _table(before, month), _table(release, month)


def moved_points(release: Release, before: Release) -> Iterator[Moved]:
    """Every answer whose points are not the same, in the tables that both have, in the order they are asked in."""
    for month, old, new in tables(release, before):
        if old is None or new is None:
            continue
        was, now = _points_of(old), _points_of(new)
        for item, answer in {**now, **was}:
            points = was.get((item, answer)), now.get((item, answer))
            if points[0] != points[1]:
                yield Moved(month, item, answer, *points)


def moved_policy(release: Release, before: Release) -> Iterator[dict[str, Json]]:
    """Every demand of the municipality that is not the same: its name, what it was before and is now."""
    was, now = before.policy.raw, release.policy.raw
    for name in sorted({*was, *now}):
        if was.get(name) != now.get(name):
            yield {"name": name, "before": was.get(name), "now": now.get(name)}


def same_equation(release: Release, before: Release) -> bool:
    """Whether everybody gets the same points and the same risk from both."""
    return equation_sha256(release) == equation_sha256(before)


def same_origin(release: Release, before: Release) -> dict[str, bool]:
    """Whether each thing that a release is made from is the same, by its name in words."""
    made_from = release.provenance.raw, before.provenance.raw
    return {words: made_from[0].get(key) == made_from[1].get(key) for key, words in ORIGIN_WORDS.items()}


def _points_of(landmark: Landmark) -> dict[tuple[str, Code], int]:
    found: dict[tuple[str, Code], int] = {}
    for item in landmark.items:
        found |= {(item.id, code): answer.points for code, answer in item.answers.items()}
        found[item.id, NO_ANSWER] = item.no_answer.points
    return found


def _table(release: Release, month: int) -> Landmark | None:
    return next((landmark for landmark in release.landmarks if landmark.month == month), None)
