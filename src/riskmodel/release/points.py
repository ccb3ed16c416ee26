"""When a case gets no points, and the numbers that have some within the limits of age. Standard library only."""

from riskmodel.release.item import Code, Item
from riskmodel.release.record import Limits, Release

ROUTE, AGE, OUT_OF_RANGE = "route", "age", "out_of_range"  # why an answer has no points


def why_not_scored(release: Release, item: Item, answer: Code | None) -> str | None:
    """Why a case with this answer gets no points (`ROUTE`, `AGE`, `OUT_OF_RANGE`); None when it does."""
    if answer is None:
        return None
    if isinstance(answer, str):
        return ROUTE if answer in item.routes else None
    if _is_age_outside(item, answer, release.abstention):
        return AGE
    return None if answer in item.answers else OUT_OF_RANGE


def scored_numbers(item: Item, limits: Limits) -> dict[int, int]:
    """The whole numbers of `item` that have points, with their points; an age outside the limits has none."""
    by_number = {code: answer.points for code, answer in item.answers.items() if isinstance(code, int)}
    return {number: points for number, points in by_number.items() if not _is_age_outside(item, number, limits)}


def _is_age_outside(item: Item, number: int, limits: Limits) -> bool:
    return item.derive == "age" and not limits.min_age <= number <= limits.max_age
