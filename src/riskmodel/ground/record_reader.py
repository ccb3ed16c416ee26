"""Objects of JSON and TOML to frozen records, driven by the records' own type hints. Standard library only.

A record is the one place where its shape is said: by its fields' types, by the rules and marks that `Annotated` adds,
and by its defaults (a field with one may be absent). How strict a reading is goes by its level, a whole number.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass
from functools import cache
from types import UnionType
from typing import TYPE_CHECKING, Annotated, Literal, Protocol, Union, cast, get_args, get_origin, get_type_hints

from riskmodel.ground.errors import RiskModelError
from riskmodel.ground.text import REFUSALS, Text

if TYPE_CHECKING:
    from typing import TypeAlias

    from _typeshed import DataclassInstance

    Json: TypeAlias = "str | int | float | bool | None | Sequence[Json] | Mapping[str, Json]"
else:
    Json = object  # whatever a parser gives: read as it is

Read = Callable[[object, str, int], object]  # a value, where it stands, and the level


@dataclass(frozen=True)
class Rule:
    """A demand on a value of the right type. needed: it in words."""

    needed: Text
    holds: Callable[..., bool]


@dataclass(frozen=True)
class AtLeast:
    """A list has so many entries, or more."""

    least: int


@dataclass(frozen=True)
class Since:
    """From this level on the key must be there; below it may be absent, and fits where it stands."""

    level: int


@dataclass(frozen=True)
class Until:
    """Below this level the key must be there; from it on it must not, and the default stands for it."""

    level: int


@dataclass(frozen=True)
class ReadFrom:
    """Below this level the value may be anything and is not read: None or the default stands for it.

    A field without a default must be there all the same.
    """

    level: int


@dataclass(frozen=True)
class When:
    """Read, and needed, where the field `key` before it has one of `values`; anything else is passed over."""

    key: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Mark:
    """What a field is by its name here."""

    name: str


RAW = Mark("raw")  # the object that the record was read from
NEVER_NULL = Mark("never null")  # None stands for an absent key alone
NOTHING_ELSE = Mark("nothing else")  # no keys but the record's own


class Dialect(Protocol):
    """What one kind of file means by a value, and how it says that something else was needed."""

    def __hash__(self) -> int:
        """Its own: what reads a record is made once a dialect."""

    def scalar(self, kind: type) -> Read:
        """How a str, int, float or bool is read."""

    def no_object(self, where: str, kind: type | None) -> RiskModelError:
        """No object, where a record of `kind` or a mapping is needed."""

    def no_list(self, where: str, least: int) -> RiskModelError:
        """No list, or too short a one."""

    def wrong(self, where: str, needed: Text) -> RiskModelError:
        """Anything else that is not as `needed`."""

    def check_keys(self, kind: "type[DataclassInstance]", table: Mapping[str, object], where: str) -> None:
        """Refuse keys as such, before any value is read."""


@cache
def reader(hint: Hashable, dialect: Dialect) -> Read:
    """What reads a value as `hint` says: a record, tuple, mapping, literal, scalar, or one of them or None.

    One of several kinds is taken as it is: a `Rule` says what it may be.
    """
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return _annotated(arguments[0], arguments[1:], dialect)
    if origin in (Union, UnionType):
        return _maybe(arguments, dialect)
    if origin is Literal:
        return _one_of(arguments, dialect)
    if origin is tuple:
        return _listing(arguments[0], dialect, 0) if arguments[-1] is Ellipsis else _pair(arguments, dialect)
    if origin is Mapping:
        return _mapping(arguments[1], dialect)
    if isinstance(hint, type) and is_dataclass(hint):
        return _record(hint, dialect)
    if not isinstance(hint, type):
        raise TypeError(f"no value is read as {hint}")
    return _as_it_is if hint is object else dialect.scalar(hint)


def _as_it_is(value: object, where: str, level: int) -> object:
    return value


def _annotated(hint: object, marks: Sequence[object], dialect: Dialect) -> Read:
    least = next((mark.least for mark in marks if isinstance(mark, AtLeast)), None)
    read = reader(hint, dialect) if least is None else _listing(get_args(hint)[0], dialect, least)
    for mark in marks:
        if isinstance(mark, Rule):
            read = _ruled(read, mark, dialect)
        elif mark is NOTHING_ELSE:
            read = _alone(read, hint, dialect)
    return read


def _ruled(read: Read, rule: Rule, dialect: Dialect) -> Read:
    def ruled(value: object, where: str, level: int) -> object:
        found = read(value, where, level)
        if not rule.holds(found):
            raise dialect.wrong(where, rule.needed)
        return found

    return ruled


def _alone(read: Read, kind: object, dialect: Dialect) -> Read:
    names = [entry.name for entry in fields(cast("type[DataclassInstance]", kind))]

    def alone(value: object, where: str, level: int) -> object:
        found = read(value, where, level)
        if isinstance(value, dict) and len(value) > len(names):
            raise dialect.wrong(where, REFUSALS["nothing_but"].filled(names=", ".join(names)))
        return found

    return alone


def _maybe(options: Sequence[object], dialect: Dialect) -> Read:
    hints = [option for option in options if option is not type(None)]
    read = _as_it_is if len(hints) > 1 else reader(hints[0], dialect)
    return lambda value, where, level: None if value is None else read(value, where, level)


def _one_of(allowed: Sequence[object], dialect: Dialect) -> Read:
    def one_of(value: object, where: str, level: int) -> object:
        if not any(value == known and type(value) is type(known) for known in allowed):
            raise dialect.wrong(where, REFUSALS["one_of"].filled(allowed=", ".join(map(str, allowed))))
        return value

    return one_of


def _listing(hint: object, dialect: Dialect, least: int) -> Read:
    read = reader(hint, dialect)

    def listing(value: object, where: str, level: int) -> object:
        if not isinstance(value, list) or len(value) < least:
            raise dialect.no_list(where, least)
        return tuple(read(inner, f"{where} {position}", level) for position, inner in enumerate(value, start=1))

    return listing


def _pair(hints: Sequence[object], dialect: Dialect) -> Read:
    first, second = (reader(hint, dialect) for hint in hints)

    def pair(value: object, where: str, level: int) -> object:
        if not isinstance(value, list) or len(value) != 2:
            raise dialect.wrong(where, REFUSALS["a_pair"])
        return first(value[0], where, level), second(value[1], where, level)

    return pair


def _mapping(hint: object, dialect: Dialect) -> Read:
    read = reader(hint, dialect)

    def mapping(value: object, where: str, level: int) -> object:
        if not isinstance(value, dict):
            raise dialect.no_object(where, None)
        return {key: read(inner, f"{where}: {key}", level) for key, inner in value.items()}

    return mapping


@dataclass(frozen=True)
class _Entry:
    """One field of a record, as it is read."""

    name: str
    read: Read
    is_raw: bool
    has_default: bool
    since: int | None
    until: int | None
    read_from: int
    when: When | None

    def is_passed_over(self, found: Mapping[str, object]) -> bool:
        return self.when is not None and found[self.when.key] not in self.when.values

    def is_gone(self, level: int) -> bool:
        return self.until is not None and level >= self.until

    def is_needed(self, level: int) -> bool:
        if self.until is not None:
            return level < self.until
        if self.when is not None or not self.has_default:
            return True
        return self.since is not None and level >= self.since


def _record(kind: "type[DataclassInstance]", dialect: Dialect) -> Read:
    hints = get_type_hints(kind, include_extras=True)
    entries = [_entry(one, hints[one.name], dialect) for one in fields(kind) if one.init]

    def record(value: object, where: str, level: int) -> object:
        if not isinstance(value, dict):
            raise dialect.no_object(where, kind)
        dialect.check_keys(kind, value, where)
        found: dict[str, object] = {}
        for entry in entries:
            _read_entry(entry, value, found, dialect, where=where, level=level)
        return kind(**found)

    return record


def _read_entry(
    entry: _Entry, value: Mapping[str, object], found: dict[str, object], dialect: Dialect, *, where: str, level: int
) -> None:
    if entry.is_raw:
        found[entry.name] = value
    elif entry.is_passed_over(found):
        return
    elif entry.name not in value:
        if entry.is_needed(level):
            raise dialect.wrong(f"{where}: {entry.name}", REFUSALS["a_value"])
    elif entry.is_gone(level):
        raise dialect.wrong(f"{where}: {entry.name}", REFUSALS["nothing_from_format"].filled(format=entry.until))
    elif level >= entry.read_from:
        found[entry.name] = entry.read(value[entry.name], f"{where}: {entry.name}", level)
    elif not entry.has_default:
        found[entry.name] = None


def _entry(one: "Field[object]", hint: object, dialect: Dialect) -> _Entry:
    marks = get_args(hint)[1:] if get_origin(hint) is Annotated else ()
    bare = get_args(hint)[0] if NEVER_NULL in marks else hint
    if NEVER_NULL in marks:
        (bare,) = (option for option in get_args(bare) if option is not type(None))
    read_from = next((mark.level for mark in marks if isinstance(mark, ReadFrom)), 0)
    since = [mark.level for mark in marks if isinstance(mark, Since)]
    return _Entry(
        name=one.name,
        read=reader(bare, dialect),
        is_raw=RAW in marks,
        has_default=one.default is not MISSING or one.default_factory is not MISSING,
        since=since[0] if since else read_from or None,
        until=next((mark.level for mark in marks if isinstance(mark, Until)), None),
        read_from=read_from,
        when=next((mark for mark in marks if isinstance(mark, When)), None),
    )
