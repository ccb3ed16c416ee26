"""The part of a release that turns answers into a risk, and its hash. Standard library only.

Two releases with the same hash understand every answer alike, abstain from the same cases and give everybody the same
points and risk, whatever their thresholds and evidence are. What format 1 could not say counts where it says something:
points that were withdrawn in format 1 are known again in format 2.
"""

from collections.abc import Mapping

from riskmodel.ground.files import canonical_json, sha256_of_bytes
from riskmodel.ground.record_reader import Json
from riskmodel.release.item import Item
from riskmodel.release.record import Landmark, Release

OF_TABLE = ("month", "columns", "covariance", "offset", "per_point", "risk", "leverage_limit")
OF_ITEM = ("id", "kind", "text", "no_answer", "spread")
OF_LEVEL = ("code", "text", "aliases", "points", "row", "route")  # a text is one way of giving the answer
OF_NUMBERS = ("minimum", "maximum", "unit", "derive", "points", "rows")
SINCE_FORMAT_2: Mapping[str, Json] = {"no_answer_texts": [], "scale": 1}  # an item's own; and what no word means
OF_RELEASE = ("no_answer", "abstention")  # what counts as no answer, and when there is no advice
OF_THRESHOLDS = ("flag", "threshold_prob", "band")


def equation_sha256(release: Release) -> str:
    """The hash of all that turns answers into points and risk in `release`: no thresholds, no evidence."""
    return _sha256({**_of(release.raw, OF_RELEASE), "tables": [_table(landmark) for landmark in release.landmarks]})


def thresholds_sha256(release: Release) -> str:
    """The hash of every flag and band in `release`."""
    return _sha256([{"month": one.month, **_of(one.thresholds.raw, OF_THRESHOLDS)} for one in release.landmarks])


def _table(landmark: Landmark) -> dict[str, Json]:
    return {**_of(landmark.raw, OF_TABLE), "items": [_item(item) for item in landmark.items]}


def _item(item: Item) -> dict[str, Json]:
    common = {**_of(item.raw, OF_ITEM), **_said(item.raw, SINCE_FORMAT_2)}
    if item.numbers is None:
        return {**common, "levels": [_of(level.raw, OF_LEVEL) for level in item.levels]}
    return {**common, "numbers": {**_of(item.numbers.raw, OF_NUMBERS), **_said(item.numbers.raw, SINCE_FORMAT_2)}}


def _of(entry: Mapping[str, Json], keys: tuple[str, ...]) -> dict[str, Json]:
    return {key: entry[key] for key in keys}


def _said(entry: Mapping[str, Json], usual: Mapping[str, Json]) -> dict[str, Json]:
    """What `entry` says otherwise than `usual`."""
    return {key: entry[key] for key, value in usual.items() if key in entry and entry[key] != value}


def _sha256(value: Json) -> str:
    return sha256_of_bytes(canonical_json(value))
