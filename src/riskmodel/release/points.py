"""The one arithmetic: whole-number points summed, the sum looked up in a published table. Standard library only.

Answers are canonical here: a level's code, a whole number, or no answer (`None`, `NO_ANSWER`, `NOT_ASKED`,
`NOT_OBSERVED` or the item left out). Messages name the item, never the answer.
"""

from collections.abc import Mapping
from typing import Any

from riskmodel.ground.errors import BundleError
from riskmodel.instrument.records import NO_ANSWER, NOT_ASKED, NOT_OBSERVED

UNANSWERED = (None, NO_ANSWER, NOT_ASKED, NOT_OBSERVED)
ROUTE, AGE, OUT_OF_RANGE = "route", "age", "out_of_range"  # why an answer has no points


def landmark_of(release: Mapping[str, Any], month: int = 0) -> dict[str, Any]:
    """The table of points that is used at the start of `month` of a case."""
    for landmark in release["landmarks"]:
        if landmark["month"] == month:
            return landmark
    known = ", ".join(str(landmark["month"]) for landmark in release["landmarks"])
    raise BundleError(f"The release has no table for month {month}. It has: {known}. Give one of these.")


def points_of(item: Mapping[str, Any], answer: Any) -> int:
    """The points of one answer to `item`; an answer the release does not know is a `BundleError`."""
    if is_unanswered(answer):
        return item["no_answer"]["points"]
    if item["kind"] == "number":
        return _number_points(item, answer)
    for level in item["levels"]:
        if level["code"] == answer:
            if level["route"]:
                raise BundleError(f"{item['id']}: the answer leads to a rule of its own, not to a score.")
            return level["points"]
    codes = ", ".join(level["code"] for level in item["levels"])
    raise BundleError(f"{item['id']}: the release does not know the answer. Known: {codes}.")


def why_not_scored(release: Mapping[str, Any], item: Mapping[str, Any], answer: str | int | None) -> str | None:
    """Why a case with this answer gets no points (`ROUTE`, `AGE`, `OUT_OF_RANGE`); None when it does."""
    if answer is None:
        return None
    if item["kind"] != "number":
        return ROUTE if any(level["route"] for level in item["levels"] if level["code"] == answer) else None
    numbers = item["numbers"]
    if _is_age_outside(item, int(answer), release["abstention"]):
        return AGE
    return None if numbers["minimum"] <= int(answer) <= numbers["maximum"] else OUT_OF_RANGE


def scored_numbers(item: Mapping[str, Any], abstention: Mapping[str, Any]) -> dict[int, int]:
    """The whole numbers of `item` that have points, with their points; an age outside the limits has none."""
    by_number = dict(enumerate(item["numbers"]["points"], start=item["numbers"]["minimum"]))
    return {number: points for number, points in by_number.items() if not _is_age_outside(item, number, abstention)}


def is_unanswered(answer: Any) -> bool:
    """Whether `answer` stands for no answer; NaN does."""
    return answer is None or (isinstance(answer, str) and answer in UNANSWERED) or answer != answer


def sum_of_points(landmark: Mapping[str, Any], answers: Mapping[str, Any]) -> int:
    """The published score: the points of every item in `landmark`; an item left out counts as no answer."""
    known = {item["id"] for item in landmark["items"]}
    unknown_n = len(set(answers) - known)
    if unknown_n:
        raise BundleError(
            f"{unknown_n} item(s) among the answers are not in the release. Known: {', '.join(sorted(known))}."
        )
    return sum(points_of(item, answers.get(item["id"])) for item in landmark["items"])


def risk_of(landmark: Mapping[str, Any], points: int) -> float:
    """The risk (0-1) published for a sum of points."""
    first, values = landmark["risk"]["first"], landmark["risk"]["values"]
    if not first <= points < first + len(values):
        raise BundleError(f"The sum lies outside the published table, {first} to {first + len(values) - 1} points.")
    return values[points - first]


def _is_age_outside(item: Mapping[str, Any], number: int, abstention: Mapping[str, Any]) -> bool:
    return item["numbers"]["derive"] == "age" and not abstention["min_age"] <= number <= abstention["max_age"]


def _number_points(item: Mapping[str, Any], answer: Any) -> int:
    numbers = item["numbers"]
    is_number = isinstance(answer, int | float) and not isinstance(answer, bool)
    is_whole = is_number and (isinstance(answer, int) or answer.is_integer())
    if not is_whole or not numbers["minimum"] <= answer <= numbers["maximum"]:
        raise BundleError(
            f"{item['id']}: the answer is not a whole number from {numbers['minimum']} to {numbers['maximum']}."
        )
    return numbers["points"][int(answer) - numbers["minimum"]]
