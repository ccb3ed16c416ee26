"""The part of a release that turns answers into a risk, and its hash. Standard library only.

Two releases with the same hash understand every answer alike, abstain from the same cases and give everybody the same
points and risk, whatever their thresholds and evidence are. What format 1 could not say counts where it says something:
points that were withdrawn in format 1 are known again in format 2. From format 3 on a release holds less of the
equation, so its hash is another; `points_identity` is the same for the same points in every format.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from riskmodel.ground.files import canonical_json, sha256_of_bytes
from riskmodel.ground.record_reader import Json
from riskmodel.release.formats import POINTS_ALONE
from riskmodel.release.item import Item
from riskmodel.release.record import Landmark, Release

OF_TABLE = ("month", "offset", "per_point", "risk")
OF_ITEM = ("id", "kind", "text", "no_answer", "spread")
OF_LEVEL = ("code", "text", "aliases", "points", "route")  # a text is one way of giving the answer
OF_NUMBERS = ("minimum", "maximum", "unit", "derive", "points")
SINCE_FORMAT_2: Mapping[str, Json] = {"no_answer_texts": [], "scale": 1}  # an item's own; and what no word means
OF_RELEASE = ("no_answer", "abstention")  # what counts as no answer, and when there is no advice
OF_THRESHOLDS = ("flag", "threshold_prob", "band")
OFFSETS, PER_POINT_DECIMALS = 50, 6  # how finely points are told apart over formats: steps of .02, as format 3 has them


@dataclass(frozen=True)
class _Errors:
    """Under which keys a format says how sure it is: of a table, of a level, of numbers."""

    of_table: tuple[str, ...]
    of_level: tuple[str, ...]
    of_numbers: tuple[str, ...]


EQUATION_WHOLE = _Errors(("columns", "covariance", "leverage_limit"), ("row",), ("rows",))
IN_STEPS = _Errors(("mean_error", "unusual_variance"), ("error",), ("errors",))
UNSAID = _Errors((), (), ())


def equation_sha256(release: Release) -> str:
    """The hash of all that turns answers into points and risk in `release`: no thresholds, no evidence."""
    errors = IN_STEPS if release.format >= POINTS_ALONE else EQUATION_WHOLE
    tables = [_table(landmark, errors) for landmark in release.landmarks]
    return _sha256({**_of(release.raw, OF_RELEASE), "tables": tables})


def points_identity(release: Release) -> str:
    """A hash that two releases of whatever formats share when they give everybody the same points and risk."""
    return _sha256([_in_any_format(landmark) for landmark in release.landmarks])


def thresholds_sha256(release: Release) -> str:
    """The hash of every flag and band in `release`."""
    return _sha256([{"month": one.month, **_of(one.thresholds.raw, OF_THRESHOLDS)} for one in release.landmarks])


def _table(landmark: Landmark, errors: _Errors) -> dict[str, Json]:
    items = [_item(item, errors) for item in landmark.items]
    return {**_of(landmark.raw, OF_TABLE + errors.of_table), "items": items}


def _in_any_format(landmark: Landmark) -> Json:
    table = {"offset": round(landmark.offset * OFFSETS), "per_point": round(landmark.per_point, PER_POINT_DECIMALS)}
    items = [{**_item(item, UNSAID), "no_answer": item.no_answer.points} for item in landmark.items]
    return {"month": landmark.month, **table, "items": items}


def _item(item: Item, errors: _Errors) -> dict[str, Json]:
    common = {**_of(item.raw, OF_ITEM), **_said(item.raw, SINCE_FORMAT_2)}
    if item.numbers is None:
        return {**common, "levels": [_of(level.raw, OF_LEVEL + errors.of_level) for level in item.levels]}
    own = {**_of(item.numbers.raw, OF_NUMBERS + errors.of_numbers), **_said(item.numbers.raw, SINCE_FORMAT_2)}
    return {**common, "numbers": own}


def _of(entry: Mapping[str, Json], keys: tuple[str, ...]) -> dict[str, Json]:
    return {key: entry[key] for key in keys}


def _said(entry: Mapping[str, Json], usual: Mapping[str, Json]) -> dict[str, Json]:
    """What `entry` says otherwise than `usual`."""
    return {key: entry[key] for key, value in usual.items() if key in entry and entry[key] != value}


def _sha256(value: Json) -> str:
    return sha256_of_bytes(canonical_json(value))
