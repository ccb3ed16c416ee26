"""The part of a release that turns answers into a risk, and its hash. Standard library only.

Two releases with the same hash give everybody the same points and the same risk, whatever their thresholds, texts and
evidence are.
"""

from collections.abc import Mapping
from typing import Any

from riskmodel.provenance import canonical_json, sha256_of_bytes

OF_TABLE = ("month", "columns", "covariance", "offset", "per_point", "risk", "leverage_limit")
OF_ITEM = ("id", "kind", "no_answer")
OF_LEVEL = ("code", "points", "row", "route")
OF_NUMBERS = ("minimum", "maximum", "points", "rows")
OF_THRESHOLDS = ("flag", "threshold_prob", "band")


def equation_sha256(release: Mapping[str, Any]) -> str:
    """The hash of every table of points and risks in `release`, without words, thresholds and evidence."""
    return _sha256([_table(landmark) for landmark in release["landmarks"]])


def thresholds_sha256(release: Mapping[str, Any]) -> str:
    """The hash of every flag and band in `release`."""
    tables = release["landmarks"]
    return _sha256([{"month": table["month"], **_of(table["thresholds"], OF_THRESHOLDS)} for table in tables])


def _table(landmark: Mapping[str, Any]) -> dict[str, Any]:
    return {**_of(landmark, OF_TABLE), "items": [_item(item) for item in landmark["items"]]}


def _item(item: Mapping[str, Any]) -> dict[str, Any]:
    if item["kind"] == "number":
        return {**_of(item, OF_ITEM), "numbers": _of(item["numbers"], OF_NUMBERS)}
    return {**_of(item, OF_ITEM), "levels": [_of(level, OF_LEVEL) for level in item["levels"]]}


def _of(entry: Mapping[str, Any], keys: tuple[str, ...]) -> dict[str, Any]:
    return {key: entry[key] for key in keys}


def _sha256(value: Any) -> str:
    return sha256_of_bytes(canonical_json(value))
