"""The part of a release that turns answers into a risk, and its hash. Standard library only.

Two releases with the same hash understand every answer alike, abstain from the same cases and give everybody the same
points and risk, whatever their thresholds and evidence are. What format 1 could not say counts where it says something:
points that were withdrawn in format 1 are known again in format 2.
"""

from collections.abc import Mapping
from typing import Any

from riskmodel.ground.files import canonical_json, sha256_of_bytes

OF_TABLE = ("month", "columns", "covariance", "offset", "per_point", "risk", "leverage_limit")
OF_ITEM = ("id", "kind", "text", "no_answer", "spread")
OF_LEVEL = ("code", "text", "aliases", "points", "row", "route")  # a text is one way of giving the answer
OF_NUMBERS = ("minimum", "maximum", "unit", "derive", "points", "rows")
SINCE_FORMAT_2: Mapping[str, Any] = {"no_answer_texts": [], "scale": 1}  # an item's own; and what no word means
OF_RELEASE = ("no_answer", "abstention")  # what counts as no answer, and when there is no advice
OF_THRESHOLDS = ("flag", "threshold_prob", "band")


def equation_sha256(release: Mapping[str, Any]) -> str:
    """The hash of all that turns answers into points and risk in `release`: no thresholds, no evidence."""
    return _sha256({**_of(release, OF_RELEASE), "tables": [_table(landmark) for landmark in release["landmarks"]]})


def thresholds_sha256(release: Mapping[str, Any]) -> str:
    """The hash of every flag and band in `release`."""
    tables = release["landmarks"]
    return _sha256([{"month": table["month"], **_of(table["thresholds"], OF_THRESHOLDS)} for table in tables])


def _table(landmark: Mapping[str, Any]) -> dict[str, Any]:
    return {**_of(landmark, OF_TABLE), "items": [_item(item) for item in landmark["items"]]}


def _item(item: Mapping[str, Any]) -> dict[str, Any]:
    common = {**_of(item, OF_ITEM), **_said(item, SINCE_FORMAT_2)}
    if item["kind"] == "number":
        numbers = item["numbers"]
        return {**common, "numbers": {**_of(numbers, OF_NUMBERS), **_said(numbers, SINCE_FORMAT_2)}}
    return {**common, "levels": [_of(level, OF_LEVEL) for level in item["levels"]]}


def _of(entry: Mapping[str, Any], keys: tuple[str, ...]) -> dict[str, Any]:
    return {key: entry[key] for key in keys}


def _said(entry: Mapping[str, Any], usual: Mapping[str, Any]) -> dict[str, Any]:
    """What `entry` says otherwise than `usual`."""
    return {key: entry[key] for key, value in usual.items() if key in entry and entry[key] != value}


def _sha256(value: Any) -> str:
    return sha256_of_bytes(canonical_json(value))
