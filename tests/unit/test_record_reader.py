"""What a record's type hints and marks let through, and what they refuse, in JSON that others wrote."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal

import pytest

from riskmodel.ground.errors import BundleError
from riskmodel.ground.record_reader import (
    NEVER_NULL,
    NOTHING_ELSE,
    RAW,
    AtLeast,
    Json,
    ReadFrom,
    Rule,
    Since,
    Until,
    When,
)
from riskmodel.ground.text import Text
from riskmodel.release.json_record import read_record


@dataclass(frozen=True)
class Pair:
    sv: str
    en: str


@dataclass(frozen=True, kw_only=True)
class Made:
    kind: Literal["number", "level"]
    share: Annotated[float, Rule(Text("ett tal från 0 till 1", "a number from 0 to 1"), lambda value: 0 <= value <= 1)]
    maybe: int | None
    names: Annotated[tuple[str, ...], AtLeast(1)]
    unread: Annotated[int | None, ReadFrom(3)]
    pair: tuple[int, float] = (0, 0)
    text: Annotated[Pair | None, NEVER_NULL, NOTHING_ELSE] = None
    since: Annotated[int, Since(2)] = 0
    steps: Annotated[int, When("kind", ("number",))] = 1
    later: Annotated[bool, ReadFrom(3)] = False
    some: Mapping[str, int] = field(default_factory=dict)
    anything: Json = None
    raw: Annotated[Mapping[str, Json], RAW] = field(default_factory=dict, compare=False)


LEAST = {"kind": "level", "share": 1, "maybe": None, "names": ["a"], "unread": "anything"}


def read(level=1, without=(), **changed):
    given = {key: value for key, value in {**LEAST, **changed}.items() if key not in without}
    return read_record(Made, given, where="here", level=level)


def test_values_are_kept_as_they_are_and_the_object_beside_them():
    made = read(share=0, extra=[1], anything={"x": None}, pair=[1, 2.5])
    assert (made.share, type(made.share), made.pair, made.anything) == (0, int, (1, 2.5), {"x": None})
    assert made.raw["extra"] == [1] and made == read(share=0, anything={"x": None}, pair=[1, 2.5])


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"kind": "other"}, "here: kind: one of number, level"),
        ({"kind": True}, "here: kind: one of"),
        ({"share": 1.1}, "here: share: a number from 0 to 1"),
        ({"share": True}, "here: share: a number"),
        ({"share": "1"}, "here: share: a number"),
        ({"maybe": 1.0}, "here: maybe: a whole number"),
        ({"maybe": True}, "here: maybe: a whole number"),
        ({"maybe": 10**16}, "here: maybe: a whole number"),
        ({"names": []}, "here: names: a list of at least 1"),
        ({"names": "a"}, "here: names: a list of at least 1"),
        ({"names": ["a", 1]}, "here: names 2: a text"),
        ({"names": ["\u202e"]}, "here: names 1: a text"),
        ({"pair": [1, 2, 3]}, "here: pair: a pair"),
        ({"pair": [1.0, 2]}, "here: pair: a whole number"),
        ({"text": None}, "here: text: an object"),
        ({"text": {"sv": "ja"}}, "here: text: en: a value"),
        ({"since": "x"}, "here: since: a whole number"),
        ({"some": [1]}, "here: some: an object"),
        ({"some": {"x": None}}, "here: some: x: a whole number"),
        ({"kind": "number"}, "here: steps: a value"),
        ({"kind": "number", "steps": None}, "here: steps: a whole number"),
    ],
)
def test_what_does_not_fit_is_refused_where_it_stands(changed, said):
    with pytest.raises(BundleError, match=f"^{said}"):
        read(**changed)


@pytest.mark.parametrize("key", LEAST)
def test_a_field_without_a_default_must_be_there(key):
    with pytest.raises(BundleError, match=f"^here: {key}: a value is needed"):
        read(without=(key,))


def test_from_a_level_on_more_is_asked():
    assert read(level=1).since == 0
    with pytest.raises(BundleError, match="since: a value"):
        read(level=2)
    assert read(level=2, since=5, later="anything").later is False
    for wrong, said in (({}, "unread: a whole number"), ({"unread": 1}, "later: a value"), ({"later": 1}, "unread")):
        with pytest.raises(BundleError, match=said):
            read(level=3, since=5, **wrong)
    assert read(level=3, since=5, unread=None, later=True).later


def test_what_is_of_another_kind_is_passed_over():
    assert read(steps="anything").steps == 1


def test_no_object_is_no_record():
    for value in (None, [], "x", 1):
        with pytest.raises(BundleError, match="^here: an object is needed"):
            read_record(Made, value, where="here")


@dataclass(frozen=True)
class Early:
    gone: Annotated[int, Until(3)] = 0


def test_what_a_level_has_done_away_with_is_needed_before_it_and_refused_from_it_on():
    assert read_record(Early, {"gone": 1}, where="here", level=2) == Early(1)
    assert read_record(Early, {}, where="here", level=3) == Early(0)
    with pytest.raises(BundleError, match="here: gone: a value is needed"):
        read_record(Early, {}, where="here", level=2)
    with pytest.raises(BundleError, match="here: gone: nothing from format 3 on"):
        read_record(Early, {"gone": 1}, where="here", level=3)
