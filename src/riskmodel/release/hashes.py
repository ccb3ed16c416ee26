"""By which hashes a release is known: as a candidate, by its equation, by its points, by its thresholds.

The equation is what turns answers into a risk. Two releases with the same hash of it understand every answer alike,
abstain from the same cases and give everybody the same points and risk, whatever their thresholds and evidence are.
What format 1 could not say counts where it says something: points that were withdrawn in format 1 are known again in
format 2. From format 3 on a release holds less of the equation, so its hash is another; the hash of the points is the
same for the same points in every format. Standard library only.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import cast

from riskmodel.ground.files import canonical_json, sha256_of_bytes
from riskmodel.ground.record_reader import Json
from riskmodel.ground.statistics import OFFSETS
from riskmodel.release.acts import POINTS_ALONE
from riskmodel.release.item import Item, Question

OF_TABLE = ("month", "offset", "per_point", "risk")
OF_ITEM = ("id", "kind", "text", "no_answer", "spread")
OF_LEVEL = ("code", "text", "aliases", "points", "route")  # a text is one way of giving the answer
OF_NUMBERS = ("minimum", "maximum", "unit", "derive", "points")
SINCE_FORMAT_2: Mapping[str, Json] = {"no_answer_texts": [], "scale": 1}  # an item's own; and what no word means
OF_RELEASE = ("no_answer", "abstention")  # what counts as no answer, and when there is no advice
OF_THRESHOLDS = ("flag", "threshold_prob", "band")
PER_POINT_DECIMALS = 6  # how finely tables are told apart over formats, whose offsets are held in format 3's steps
Written = Mapping[str, Json]  # an object of release.json


@dataclass(frozen=True)
class _Errors:
    """Under which keys a format says how sure it is: of a table, of a level, of numbers."""

    of_table: tuple[str, ...]
    of_level: tuple[str, ...]
    of_numbers: tuple[str, ...]


EQUATION_WHOLE = _Errors(("columns", "covariance", "leverage_limit"), ("row",), ("rows",))
IN_STEPS = _Errors(("mean_error", "unusual_variance"), ("error",), ("errors",))
UNSAID = _Errors((), (), ())


@dataclass(frozen=True)
class Identity:
    """The hashes of one release, each computed when it is first asked for.

    written: all of release.json; tables: of each landmark what is written, and its items.
    """

    format: int
    written: Written
    tables: Sequence[tuple[Written, Sequence[Item]]]

    @cached_property
    def candidate(self) -> str:
        """Of what was proposed and approved: all but what publishing adds."""
        return _sha256({key: value for key, value in self.written.items() if key != "publication"})

    @cached_property
    def equation(self) -> str:
        """Of all that turns answers into points and risk: no thresholds, no evidence."""
        errors = IN_STEPS if self.format >= POINTS_ALONE else EQUATION_WHOLE
        tables = [
            {**_of(table, OF_TABLE + errors.of_table), "items": [_item(item, errors) for item in items]}
            for table, items in self.tables
        ]
        return _sha256({**_of(self.written, OF_RELEASE), "tables": tables})

    @cached_property
    def points(self) -> str:
        """Shared by two releases of whatever formats that give everybody the same points and risk."""
        return _sha256([_in_any_format(table, items) for table, items in self.tables])

    @cached_property
    def thresholds(self) -> str:
        """Of every flag and band."""
        limits = [(table["month"], cast(Written, table["thresholds"])) for table, _ in self.tables]
        return _sha256([{"month": month, **_of(thresholds, OF_THRESHOLDS)} for month, thresholds in limits])


def _in_any_format(table: Written, items: Sequence[Item]) -> Json:
    offset, per_point = cast(float, table["offset"]), cast(float, table["per_point"])
    return {
        "month": table["month"],
        "offset": round(offset * OFFSETS),
        "per_point": round(per_point, PER_POINT_DECIMALS),
        "items": [{**_item(item, UNSAID), "no_answer": item.no_answer.points} for item in items],
    }


def _item(item: Question, errors: _Errors) -> dict[str, Json]:
    common = {**_of(item.raw, OF_ITEM), **_said(item.raw, SINCE_FORMAT_2)}
    if isinstance(item, Item) and item.of:
        common["of"] = [_item(question, errors) for question in item.of]
    if item.numbers is None:
        return {**common, "levels": [_of(level.raw, OF_LEVEL + errors.of_level) for level in item.levels]}
    own = {**_of(item.numbers.raw, OF_NUMBERS + errors.of_numbers), **_said(item.numbers.raw, SINCE_FORMAT_2)}
    return {**common, "numbers": own}


def _of(entry: Written, keys: tuple[str, ...]) -> dict[str, Json]:
    return {key: entry[key] for key in keys}


def _said(entry: Written, usual: Written) -> dict[str, Json]:
    """What `entry` says otherwise than `usual`."""
    return {key: entry[key] for key, value in usual.items() if key in entry and entry[key] != value}


def _sha256(value: Json) -> str:
    return sha256_of_bytes(canonical_json(value))
