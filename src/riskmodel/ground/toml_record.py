"""TOML files to tables, and tables to frozen records, driven by the records' own type hints. Standard library only."""

import sys
import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from pathlib import Path
from types import UnionType
from typing import TYPE_CHECKING, Any, TypeVar, get_args, get_origin, get_type_hints

from riskmodel.ground.errors import SettingsError
from riskmodel.ground.files import is_taken

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

T = TypeVar("T", bound="DataclassInstance")
KIND_NAMES = {str: "a text", int: "a whole number", float: "a number", bool: "true or false"}
LARGEST_WHOLE = 2**63 - 1  # TOML's own


def read_toml(path: Path, *, absent: str) -> tuple[dict[str, Any], bytes]:
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


def record(kind: type[T], table: Any, *, where: str) -> T:
    """`table` as a record of type `kind`; an unknown, missing or mistyped key is a `SettingsError` naming `where`."""
    if not isinstance(table, dict):
        raise SettingsError(f"{where}: a table is needed, for example {{ {_example(kind)} }}.")
    hints = get_type_hints(kind)
    check_keys(table, known=list(hints), required=_required(kind), where=where)
    values = {name: value_of(hints[name], value, where=f"{where}: {name}") for name, value in table.items()}
    return kind(**values)


def check_keys(table: Mapping[str, Any], *, known: list[str], required: list[str], where: str) -> None:
    """Raise a `SettingsError` when `table` has keys not `known`, or lacks `required` ones."""
    unknown = sorted(set(table) - set(known))
    if unknown:
        raise SettingsError(f"{where}: unknown key {', '.join(unknown)}. Known here: {', '.join(known)}.")
    missing = [name for name in required if name not in table]
    if missing:
        raise SettingsError(f"{where}: key {', '.join(missing)} is missing. Add it.")


def value_of(hint: Any, value: Any, *, where: str) -> Any:
    """`value` as the type `hint` asks for: a record, a tuple, a mapping, or one of TOML's own."""
    if isinstance(hint, UnionType):
        hint = next(option for option in get_args(hint) if option is not type(None))
    if isinstance(hint, type) and is_dataclass(hint):
        return record(hint, value, where=where)
    if get_origin(hint) is tuple:
        return _tuple(get_args(hint)[0], value, where=where)
    if get_origin(hint) is Mapping:
        return _mapping(get_args(hint)[1], value, where=where)
    if isinstance(value, int | float) and hint in (int, float) and not abs(value) <= _largest(value):
        raise SettingsError(f"{where}: {KIND_NAMES[hint]} is needed, found one without end or too long. Correct it.")
    if hint is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if not isinstance(value, hint) or (isinstance(value, bool) and hint is not bool):
        raise SettingsError(f"{where}: {KIND_NAMES[hint]} is needed, found {KIND_NAMES.get(type(value), 'a table')}.")
    return value


def _largest(value: int | float) -> int | float:
    return LARGEST_WHOLE if isinstance(value, int) else sys.float_info.max


def _tuple(hint: Any, value: Any, *, where: str) -> tuple[Any, ...]:
    if not isinstance(value, list):
        raise SettingsError(f"{where}: a list is needed. Put the value in [ ].")
    return tuple(value_of(hint, inner, where=f"{where} {position}") for position, inner in enumerate(value, start=1))


def _mapping(hint: Any, value: Any, *, where: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise SettingsError(f"{where}: a table is needed, for example {{ name = … }}.")
    return {key: value_of(hint, inner, where=f"{where}: {key}") for key, inner in value.items()}


def _required(kind: type["DataclassInstance"]) -> list[str]:
    return [entry.name for entry in fields(kind) if entry.default is MISSING and entry.default_factory is MISSING]


def _example(kind: type["DataclassInstance"]) -> str:
    return ", ".join(f"{name} = …" for name in _required(kind))
