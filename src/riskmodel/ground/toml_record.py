"""TOML files to tables, and tables to frozen records, driven by the records' own type hints. Standard library only."""

import sys
import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

from riskmodel.ground.errors import SettingsError
from riskmodel.ground.files import is_taken
from riskmodel.ground.record_reader import Read, reader

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

T = TypeVar("T", bound="DataclassInstance")
KIND_NAMES = {str: "a text", int: "a whole number", float: "a number", bool: "true or false"}
LARGEST_WHOLE = 2**63 - 1  # TOML's own


def read_toml(path: Path, *, absent: str) -> tuple[dict[str, object], bytes]:
    """The tables in the TOML file at `path`, and its bytes; a `SettingsError` when it can't be read as that.

    absent: what to say where there is no such file: "not found", and what to do.
    """
    content = _content(path, absent=absent)
    try:
        return tomllib.loads(content.decode("utf-8-sig")), content
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        reason = str(error)
    except RecursionError:
        reason = "lists or tables lie too deep in one another"
    except ValueError:
        reason = "a number has too many digits"
    raise SettingsError(f"{path.name}: not valid TOML in UTF-8: {reason}. Correct the line.")


def _content(path: Path, *, absent: str) -> bytes:
    try:
        if path.is_file():  # to read a pipe would wait for ever
            return path.read_bytes()
        reason = "no file, or a link that leads nowhere" if is_taken(path) else ""
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "no name that a file can have"
    if reason:
        raise SettingsError(f"{path.name}: can't be read ({reason}). Put the file in its place, or correct the path.")
    raise SettingsError(f"{path.name}: {absent}")


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
        raise SettingsError(f"{where}: unknown key {', '.join(unknown)}. Known here: {', '.join(known)}.")
    missing = [name for name in required if name not in table]
    if missing:
        raise SettingsError(f"{where}: key {', '.join(missing)} is missing. Add it.")


class Toml:
    """TOML as a dialect of `record_reader`: every key is known, and a whole number may stand for a number."""

    def scalar(self, kind: type) -> Read:
        """How a str, int, float or bool is read."""

        def scalar(value: object, where: str, level: int) -> object:
            if isinstance(value, int | float) and kind in (int, float) and not abs(value) <= _largest(value):
                raise self.wrong(where, f"{KIND_NAMES[kind]} is needed, found one without end or too long. Correct it")
            if kind is float and isinstance(value, int) and not isinstance(value, bool):
                return float(value)
            if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
                found = KIND_NAMES.get(type(value), "a table")
                raise self.wrong(where, f"{KIND_NAMES[kind]} is needed, found {found}")
            return value

        return scalar

    def no_object(self, where: str, kind: "type[DataclassInstance] | None") -> SettingsError:
        """No table, where a record of `kind` or a mapping is needed."""
        example = ", ".join(f"{name} = …" for name in _required(kind)) if kind else "name = …"
        return self.wrong(where, f"a table is needed, for example {{ {example} }}")

    def no_list(self, where: str, least: int) -> SettingsError:
        """No list."""
        return self.wrong(where, "a list is needed. Put the value in [ ]")

    def wrong(self, where: str, needed: str) -> SettingsError:
        """Anything else that is not as `needed`."""
        return SettingsError(f"{where}: {needed}.")

    def check_keys(self, kind: "type[DataclassInstance]", table: Mapping[str, object], where: str) -> None:
        """Refuse unknown and missing keys."""
        check_keys(table, known=[entry.name for entry in fields(kind)], required=_required(kind), where=where)


TOML = Toml()


def _largest(value: int | float) -> int | float:
    return LARGEST_WHOLE if isinstance(value, int) else sys.float_info.max


def _required(kind: type["DataclassInstance"]) -> list[str]:
    return [entry.name for entry in fields(kind) if entry.default is MISSING and entry.default_factory is MISSING]
