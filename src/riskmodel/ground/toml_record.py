"""TOML files to tables, and tables to frozen records, driven by the records' own type hints. Standard library only."""

import re
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

from riskmodel.ground.errors import SettingsError, why
from riskmodel.ground.files import is_taken
from riskmodel.ground.record_reader import Read, reader
from riskmodel.ground.text import REFUSALS, Text

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

T = TypeVar("T", bound="DataclassInstance")
KINDS = {str: "kind_text", int: "kind_whole", float: "kind_number", bool: "kind_truth"}
PLACE = re.compile(r"\(at line (?P<line>\d+), column (?P<column>\d+)\)")
LARGEST_WHOLE = 2**63 - 1  # TOML's own


def read_toml(path: Path, *, absent: Text) -> tuple[dict[str, object], bytes]:
    """The tables in the TOML file at `path`, and its bytes; a `SettingsError` when it can't be read as that.

    absent: what to say where there is no such file: "not found", and what to do.
    """
    content = _content(path, absent=absent)
    try:
        return tomllib.loads(content.decode("utf-8-sig")), content
    except tomllib.TOMLDecodeError as error:
        reason = _reason(str(error))
    except UnicodeDecodeError as error:
        reason = Text(REFUSALS["toml_no_utf8"].said("sv"), str(error))
    except RecursionError:
        reason = REFUSALS["toml_too_deep"]
    except ValueError:
        reason = REFUSALS["toml_too_long"]
    raise SettingsError(REFUSALS["not_toml"].filled(file=path.name, reason=reason))


def _reason(told: str) -> Text:
    """What `tomllib` told, and in Swedish where it is: the library has its words in English alone."""
    at = PLACE.search(told)
    where = REFUSALS["toml_at_place"].filled(**at.groupdict()) if at else REFUSALS["toml_ends_early"]
    return Text(where.said("sv"), told)


def _content(path: Path, *, absent: Text) -> bytes:
    try:
        if path.is_file():  # to read a pipe would wait for ever
            return path.read_bytes()
        reason = REFUSALS["no_file"] if is_taken(path) else None
    except OSError as error:
        reason = why(error)
    except ValueError:
        reason = REFUSALS["no_name"]
    if reason:
        raise SettingsError(REFUSALS["unreadable"].filled(file=path.name, reason=reason))
    raise SettingsError(REFUSALS["absent"].filled(file=path.name, what=absent))


def record(kind: type[T], table: object, *, where: str) -> T:
    """`table` as a record of type `kind`; an unknown, missing or mistyped key is a `SettingsError` naming `where`."""
    return cast(T, value_of(kind, table, where=where))


def value_of(hint: object, value: object, *, where: str) -> Any:
    """`value` as the type `hint` asks for: a record, a tuple, a mapping, or one of TOML's own."""
    return reader(hint, TOML)(value, where, 0)


def check_keys(table: Mapping[str, object], *, known: list[str], required: list[str], where: str) -> None:
    """Raise a `SettingsError` when `table` has keys not `known`, or lacks `required` ones."""
    unknown = sorted(set(table) - set(known))
    if unknown:
        named = {"keys": ", ".join(unknown), "known": ", ".join(known)}
        raise SettingsError(REFUSALS["unknown_key"].filled(where=where, **named))
    missing = [name for name in required if name not in table]
    if missing:
        raise SettingsError(REFUSALS["missing_key"].filled(where=where, keys=", ".join(missing)))


class Toml:
    """TOML as a dialect of `record_reader`: every key is known, and a whole number may stand for a number."""

    def scalar(self, kind: type) -> Read:
        """How a str, int, float or bool is read."""
        needed = REFUSALS[KINDS[kind]]

        def scalar(value: object, where: str, level: int) -> object:
            if isinstance(value, int | float) and kind in (int, float) and not abs(value) <= _largest(value):
                raise self.wrong(where, REFUSALS["endless_number"].filled(needed=needed))
            if kind is float and isinstance(value, int) and not isinstance(value, bool):
                return float(value)
            if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
                found = REFUSALS[KINDS.get(type(value), "kind_table")]
                raise self.wrong(where, REFUSALS["other_kind"].filled(needed=needed, found=found))
            return value

        return scalar

    def no_object(self, where: str, kind: "type[DataclassInstance] | None") -> SettingsError:
        """No table, where a record of `kind` or a mapping is needed."""
        example = ", ".join(f"{name} = …" for name in _required(kind)) if kind else "name = …"
        return self.wrong(where, REFUSALS["no_table"].filled(example=example))

    def no_list(self, where: str, least: int) -> SettingsError:
        """No list."""
        return self.wrong(where, REFUSALS["no_list"])

    def wrong(self, where: str, needed: Text) -> SettingsError:
        """Anything else that is not as `needed`."""
        return SettingsError(REFUSALS["not_as_needed"].filled(where=where, needed=needed))

    def check_keys(self, kind: "type[DataclassInstance]", table: Mapping[str, object], where: str) -> None:
        """Refuse unknown and missing keys."""
        check_keys(table, known=[entry.name for entry in fields(kind)], required=_required(kind), where=where)


TOML = Toml()


def _largest(value: int | float) -> int | float:
    return LARGEST_WHOLE if isinstance(value, int) else sys.float_info.max


def _required(kind: type["DataclassInstance"]) -> list[str]:
    return [entry.name for entry in fields(kind) if entry.default is MISSING and entry.default_factory is MISSING]
