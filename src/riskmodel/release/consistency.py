"""What must agree inside a release whose shape is right: tables with each other, and items with their parts.

Standard library only.
"""

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from riskmodel.ground.errors import BundleError


def check_tables(release: Mapping[str, Any]) -> None:
    """Refuse (`BundleError`) a release whose tables contradict each other."""
    for landmark in release["landmarks"]:
        _check_landmark(landmark)
    _check_unique([landmark["month"] for landmark in release["landmarks"]], "release.json: landmarks")
    parts = {part["id"] for part in release["parts"]}
    if any(entry["part"] not in parts for landmark in release["landmarks"] for entry in landmark["items"]):
        raise disagrees("release.json", "an item's part", "the parts")


def _check_landmark(landmark: Mapping[str, Any]) -> None:
    where = f"release.json: month {landmark['month']}"
    size = len(landmark["columns"])
    if len(landmark["covariance"]) != size or any(len(row) != size for row in landmark["covariance"]):
        raise disagrees(where, "the covariance", "the columns")
    _check_unique([entry["id"] for entry in landmark["items"]], f"{where}: items")
    for entry in landmark["items"]:
        _check_item(entry, f"{where}: {entry['id']}", columns_n=size)
    _check_risk(landmark, where)
    _check_thresholds(landmark, where)


def _check_item(entry: Mapping[str, Any], where: str, *, columns_n: int) -> None:
    if entry["kind"] == "number":
        numbers = entry["numbers"]
        values_n = numbers["maximum"] - numbers["minimum"] + 1
        if len(numbers["points"]) != values_n or len(numbers["rows"]) != values_n:
            raise disagrees(where, "the table", "minimum and maximum")
        if numbers["derive"] is not None and numbers.get("scale", 1) != 1:
            raise disagrees(where, "the scale", "a number that nobody writes")
        rows = numbers["rows"]
    else:
        _check_unique([level["code"] for level in entry["levels"]], f"{where}: levels")
        rows = [level["row"] for level in entry["levels"]]
    for row in [*rows, entry["no_answer"]["row"]]:
        if any(column not in range(1, columns_n) for column, _ in row):
            raise disagrees(where, "a row", "the columns")


def points_range(entry: Mapping[str, Any], *, answered: bool = False) -> tuple[int, int]:
    """Fewest and most points an item can give; `answered`: without counting no answer."""
    if entry["kind"] == "number":
        points = list(entry["numbers"]["points"])
    else:
        points = [level["points"] for level in entry["levels"] if not level["route"]]
    points += [] if answered and points else [entry["no_answer"]["points"]]
    return min(points), max(points)


def _check_risk(landmark: Mapping[str, Any], where: str) -> None:
    ranges = [points_range(entry) for entry in landmark["items"]]
    lowest, highest = sum(low for low, _ in ranges), sum(high for _, high in ranges)
    first, values = landmark["risk"]["first"], landmark["risk"]["values"]
    if first > lowest or first + len(values) - 1 < highest:
        raise disagrees(where, "the risk table", "the sums that the items can give")
    if not all(one <= next_one for one, next_one in pairwise(values)):
        raise disagrees(where, "the risk table", "its own order: more points, more risk")


def _check_thresholds(landmark: Mapping[str, Any], where: str) -> None:
    flag, band = landmark["thresholds"]["flag"], landmark["thresholds"]["band"]
    sums = range(landmark["risk"]["first"], landmark["risk"]["first"] + len(landmark["risk"]["values"]))
    if flag is not None and flag not in sums:
        raise disagrees(where, "the threshold", "the risk table")
    if (flag is None) != (landmark["thresholds"]["threshold_prob"] is None):
        raise disagrees(where, "the threshold", "its risk")
    if band is not None and (flag is None or not band[0] <= flag <= band[1] + 1 or band[0] > band[1]):
        raise disagrees(where, "the borderline band", "the threshold")


def _check_unique(values: list[Any], where: str) -> None:
    if len(set(values)) != len(values):
        raise disagrees(where, "one entry", "another of the same name")


def disagrees(where: str, one: str, other: str) -> BundleError:
    """Two things in a release that contradict each other."""
    return BundleError(f"{where}: {one} does not agree with {other}. The file is damaged; fetch it again.")
