"""What must agree inside a release whose shape is right, and a release or candidate as it is read from JSON.

The equation is what turns answers into a risk. Two releases with the same hash of it understand every answer alike,
abstain from the same cases and give everybody the same points and risk, whatever their thresholds and evidence are.
What format 1 could not say counts where it says something: points that were withdrawn in format 1 are known again in
format 2. From format 3 on a release holds less of the equation, so its hash is another; `points_identity` is the same
for the same points in every format. Standard library only.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import cast

from riskmodel.ground.errors import BundleError
from riskmodel.ground.files import canonical_json, sha256_of_bytes
from riskmodel.ground.record_reader import Json
from riskmodel.ground.statistics import OFFSETS
from riskmodel.release.acts import FORMAT, KNOWN_FORMATS, POINTS_ALONE, Approval
from riskmodel.release.item import Item, Numbers, Row
from riskmodel.release.json_record import JSON, PUBLISHING, read_record
from riskmodel.release.record import Landmark, Release

WHERE = "release.json"
OF_TABLE = ("month", "offset", "per_point", "risk")
OF_ITEM = ("id", "kind", "text", "no_answer", "spread")
OF_LEVEL = ("code", "text", "aliases", "points", "route")  # a text is one way of giving the answer
OF_NUMBERS = ("minimum", "maximum", "unit", "derive", "points")
SINCE_FORMAT_2: Mapping[str, Json] = {"no_answer_texts": [], "scale": 1}  # an item's own; and what no word means
OF_RELEASE = ("no_answer", "abstention")  # what counts as no answer, and when there is no advice
OF_THRESHOLDS = ("flag", "threshold_prob", "band")
PER_POINT_DECIMALS = 6  # how finely tables are told apart over formats, whose offsets are held in format 3's steps


def check_tables(release: Release) -> None:
    """Refuse (`BundleError`) a release whose tables contradict each other."""
    for landmark in release.landmarks:
        _check_landmark(landmark)
    _check_unique([landmark.month for landmark in release.landmarks], "release.json: landmarks")
    parts = {part.id for part in release.parts}
    if any(item.part not in parts for landmark in release.landmarks for item in landmark.items):
        raise disagrees("release.json", "an item's part", "the parts")
    for approval in release.publication.approvals if release.publication else ():
        check_signed_by_somebody(approval, where="release.json: publication: approvals")


def check_signed_by_somebody(approval: Approval, *, where: str) -> None:
    """Refuse (`BundleError`) a signature that is nobody's, and a signer without one."""
    if (approval.signer is None) != (approval.signature is None):
        raise JSON.wrong(where, "a signer with every signature")


def _check_landmark(landmark: Landmark) -> None:
    where = f"release.json: month {landmark.month}"
    size = len(landmark.columns)
    if len(landmark.covariance) != size or any(len(row) != size for row in landmark.covariance):
        raise disagrees(where, "the covariance", "the columns")
    _check_unique([item.id for item in landmark.items], f"{where}: items")
    for item in landmark.items:
        _check_item(item, f"{where}: {item.id}", columns_n=size)
    _check_risk(landmark, where)
    _check_thresholds(landmark, where)


def _check_item(item: Item, where: str, *, columns_n: int) -> None:
    if item.numbers is not None:
        _check_numbers(item.numbers, where)
    _check_unique([level.code for level in item.levels], f"{where}: levels")
    for row in _rows(item):
        if any(column not in range(1, columns_n) for column, _ in row):
            raise disagrees(where, "a row", "the columns")


def _check_numbers(numbers: Numbers, where: str) -> None:
    values_n = numbers.maximum - numbers.minimum + 1
    if {len(numbers.points), len(numbers.rows or numbers.errors)} != {values_n}:
        raise disagrees(where, "the table", "minimum and maximum")
    if numbers.derive is not None and numbers.scale != 1:
        raise disagrees(where, "the scale", "a number that nobody writes")


def _rows(item: Item) -> Iterable[Row]:
    """The rows of all its answers, of those with a rule of their own too."""
    return [
        item.no_answer.row,
        *(level.row for level in item.levels),
        *(item.numbers.rows if item.numbers is not None else ()),
    ]


def _check_risk(landmark: Landmark, where: str) -> None:
    ranges = [item.points_range() for item in landmark.items]
    lowest, highest = sum(low for low, _ in ranges), sum(high for _, high in ranges)
    first, values = landmark.risk.first, landmark.risk.values
    if first > lowest or first + len(values) - 1 < highest:
        raise disagrees(where, "the risk table", "the sums that the items can give")
    if not all(one <= next_one for one, next_one in pairwise(values)):
        raise disagrees(where, "the risk table", "its own order: more points, more risk")


def _check_thresholds(landmark: Landmark, where: str) -> None:
    flag, band = landmark.thresholds.flag, landmark.thresholds.band
    if flag is not None and flag not in landmark.risk.sums:
        raise disagrees(where, "the threshold", "the risk table")
    if (flag is None) != (landmark.thresholds.threshold_prob is None):
        raise disagrees(where, "the threshold", "its risk")
    if band is not None and (flag is None or not band[0] <= flag <= band[1] + 1 or band[0] > band[1]):
        raise disagrees(where, "the borderline band", "the threshold")


def _check_unique(values: Sequence[str | int], where: str) -> None:
    if len(set(values)) != len(values):
        raise disagrees(where, "one entry", "another of the same name")


def disagrees(where: str, one: str, other: str) -> BundleError:
    """Two things in a release that contradict each other."""
    return BundleError(f"{where}: {one} does not agree with {other}. The file is damaged; fetch it again.")


def read_release(value: object) -> Release:
    """The release in a JSON `value`; a `BundleError` unless it is one of a known format, whole and consistent."""
    return _read(value, level=cast(int, _format_of(value)))


def read_candidate(value: object) -> Release:
    """… with everything in it that publishing and rendering read, too; of the youngest format alone."""
    if _format_of(value) != FORMAT:
        raise JSON.wrong(f"{WHERE}: format", f"one of {FORMAT}")
    return _read(value, level=PUBLISHING)


def _read(value: object, *, level: int) -> Release:
    release = read_record(Release, value, where=WHERE, level=level)
    check_tables(release)
    if release.format > 1 and release.equation_sha256 != equation_sha256(release):
        raise disagrees(WHERE, "the equation's hash", "the tables of points")
    return release


def _format_of(value: object) -> object:
    """The format that `value` says it has, a known one; 1 where it is no object, which no reader takes."""
    if not isinstance(value, dict):
        return 1
    found = value.get("format")
    if not isinstance(found, int) or isinstance(found, bool) or found not in KNOWN_FORMATS:
        known = " and ".join(map(str, KNOWN_FORMATS))
        raise BundleError(f"The release has a format that this version does not know; it knows {known}. Update.")
    return found


@dataclass(frozen=True)
class _Errors:
    """Under which keys a format says how sure it is: of a table, of a level, of numbers."""

    of_table: tuple[str, ...]
    of_level: tuple[str, ...]
    of_numbers: tuple[str, ...]


EQUATION_WHOLE = _Errors(("columns", "covariance", "leverage_limit"), ("row",), ("rows",))
IN_STEPS = _Errors(("mean_error", "unusual_variance"), ("error",), ("errors",))
UNSAID = _Errors((), (), ())


def candidate_sha256(release: Release) -> str:
    """The hash of what was proposed and approved: `release` without what publishing adds."""
    return _sha256({key: value for key, value in release.raw.items() if key != "publication"})


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
