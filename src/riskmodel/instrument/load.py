"""An instrument file (TOML) to a frozen `Instrument`; every mistake is named with its place and its remedy.

Standard library only: giving advice must not need more.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from riskmodel.ground.errors import SettingsError
from riskmodel.ground.files import sha256_of_bytes
from riskmodel.ground.toml_record import T, check_keys, read_toml, record, value_of
from riskmodel.ground.words import LANGUAGES
from riskmodel.instrument import REFUSALS
from riskmodel.instrument.check_items import check_form, check_items
from riskmodel.instrument.check_sources import check_areas, check_sources
from riskmodel.instrument.records import (
    Contradiction,
    Instrument,
    Item,
    JoinedArea,
    Level,
    Part,
    Source,
    Text,
)

FORMAT = 1
REQUIRED = ["format", "name", "municipality", "life_areas", "parts", "sources", "items"]
KEYS = [*REQUIRED, "no_answer", "areas", "three_item_rule", "contradictions", "own_rating"]
JOIN_KEYS = ["into", "from", "since"]
ASKED_OF_PREDICTORS = ("life_area", "part", "direction", "stable", "changeable")
TEXTS = ("text", "name", "unit", "who", "legal_basis")  # { sv = …, en = … }, or one text for both languages
YES_AND_NO = (
    Level("no", Text("Nej", "No"), ("0", "false", "falskt", "N")),
    Level("yes", Text("Ja", "Yes"), ("1", "true", "sant", "J", "Y")),
)
OPEN = "?"  # in place of what no file tells
SHOWN = 5


def read_instrument(path: Path) -> Instrument:
    """The instrument in the TOML file at `path`, checked; a mistake is a `SettingsError` naming file and item."""
    tables, content = read_toml(path, absent=REFUSALS["absent"])
    check_keys(tables, known=KEYS, required=REQUIRED, where=path.name)
    if tables["format"] != FORMAT:
        raise SettingsError(REFUSALS["other_format"].filled(file=path.name, format=FORMAT))
    check_none_open(tables, where=path.name)
    instrument = _instrument(tables, where=path.name, sha256=sha256_of_bytes(content))
    check_sources(instrument, where=path.name)
    check_areas(instrument, where=path.name)
    check_items(instrument, where=path.name)
    check_form(instrument, where=path.name)
    return instrument


def _instrument(tables: dict[str, Any], *, where: str, sha256: str) -> Instrument:
    municipality = _municipality(tables["municipality"], where=f"{where}: municipality")
    life_areas, sources, rule = tables["life_areas"], tables["sources"], tables.get("three_item_rule", {})
    parts = tuple(_part(*one, where) for one in enumerate(_list(tables["parts"], where=f"{where}: parts"), 1))
    asked_in = {part.id: part.month for part in parts}
    return Instrument(
        name=value_of(str, tables["name"], where=f"{where}: name"),
        municipality_code=municipality["code"],
        municipality_name=municipality["name"],
        life_areas=_records(Text, life_areas, _both, where=f"{where}: life_areas"),
        parts=parts,
        items=tuple(
            _item(*one, where, asked_in) for one in enumerate(_list(tables["items"], where=f"{where}: items"), 1)
        ),
        sources=_records(Source, sources, _in_both, where=f"{where}: sources"),
        no_answer=value_of(tuple[str, ...], tables.get("no_answer", []), where=f"{where}: no_answer"),
        three_item_rule={
            item_id: value_of(tuple[str, ...], codes, where=f"{where}: three_item_rule: {item_id}")
            for item_id, codes in _table(rule, where=f"{where}: three_item_rule").items()
        },
        areas=tuple(_joined(table, f"{where}: areas") for table in _list(tables.get("areas", []), where="areas")),
        contradictions=tuple(
            record(Contradiction, _in_both(table), where=f"{where}: contradictions {number}")
            for number, table in enumerate(_list(tables.get("contradictions", []), where=f"{where}: contradictions"), 1)
        ),
        own_rating=value_of(str | None, tables.get("own_rating"), where=f"{where}: own_rating"),
        sha256=sha256,
    )


def _municipality(table: object, *, where: str) -> dict[str, str]:
    keys = ["code", "name"]
    codes = _table(table, where=where)
    check_keys(codes, known=keys, required=keys, where=where)
    return {key: value_of(str, codes[key], where=f"{where}: {key}") for key in keys}


def _joined(table: object, where: str) -> JoinedArea:
    said = _table(table, where=where)
    check_keys(said, known=JOIN_KEYS, required=JOIN_KEYS, where=where)
    return JoinedArea(*(value_of(str, said[key], where=f"{where}: {key}") for key in JOIN_KEYS))


def _part(number: int, table: object, where: str) -> Part:
    return record(Part, _in_both(table), where=_place(where, "part", number, table))


def _item(number: int, table: object, where: str, asked_in: dict[str, int]) -> Item:
    """asked_in: part to its month, from which its questions are known where an item does not say otherwise."""
    place = _place(where, "item", number, table)
    item = record(Item, _in_both(table), where=place)
    said = _table(table, where=place)
    if item.use == "predictor":
        check_keys(said, known=list(said), required=list(ASKED_OF_PREDICTORS), where=place)
    if "known_from" not in said and item.part in asked_in:
        item = replace(item, known_from=asked_in[item.part])
    return _with_yes_and_no(item)


def _in_both(table: object) -> object:
    """`table` with each text that is given once standing for both languages, in its levels too."""
    if not isinstance(table, dict):
        return table
    said = {key: _both(value) if key in TEXTS else value for key, value in table.items()}
    levels = said.get("levels")
    return said | {"levels": [*map(_in_both, levels)]} if isinstance(levels, list) else said


def _both(text: object) -> object:
    return dict.fromkeys(LANGUAGES, text) if isinstance(text, str) else text


def _with_yes_and_no(item: Item) -> Item:
    """A flag needs no levels of its own; any level may be left out as reference when nothing is learnt from it."""
    levels = item.levels or (YES_AND_NO if item.kind == "flag" else ())
    first = levels[0].code if levels and (item.kind == "flag" or item.use != "predictor") else None
    return Item(**{**vars(item), "levels": levels, "reference": item.reference or first})


def _records(kind: type[T], tables: object, whole: Callable[[object], object], *, where: str) -> dict[str, T]:
    by_name = _table(tables, where=where).items()
    return {name: record(kind, whole(table), where=f"{where}: {name}") for name, table in by_name}


def _place(where: str, kind: str, number: int, table: object) -> str:
    """By its id, or by its number where it has none."""
    name = table.get("id") if isinstance(table, dict) else None
    return f"{where}: {kind} {name if isinstance(name, str) else number}"


def _table(value: object, *, where: str) -> dict[str, object]:
    if not isinstance(value, dict):
        raise SettingsError(REFUSALS["no_table"].filled(where=where))
    return value


def _list(value: object, *, where: str) -> list[object]:
    if not isinstance(value, list):
        raise SettingsError(REFUSALS["no_list"].filled(where=where, name=where.split(": ")[-1]))
    return value


def check_none_open(tables: Mapping[str, object], *, where: str) -> None:
    """Raise a `SettingsError` that counts the open answers of `tables` and names the first of them."""
    places = [*open_places(tables)]
    if places:
        shown, left = ", ".join(places[:SHOWN]), len(places) - SHOWN
        more = REFUSALS["and_more"].filled(n=left) if left > 0 else ""
        raise SettingsError(
            REFUSALS["still_open"].filled(where=where, n=len(places), open=OPEN, places=shown, more=more)
        )


def open_places(tables: Mapping[str, object]) -> Iterator[str]:
    """The places in an instrument's `tables` whose answer is `OPEN`; levels and lists of words hold none."""
    for key, value in tables.items():
        if value == OPEN:
            yield key
        elif key == "municipality" and isinstance(value, dict):
            yield from (f"{key} {inner}" for inner, text in value.items() if text == OPEN)
        elif key == "sources" and isinstance(value, dict):
            for name, source in value.items():
                yield from (f"{key} {name} {place}" for place in _in_source(source))
        elif key in ("parts", "items") and isinstance(value, list):
            tables_in = [(number, one) for number, one in enumerate(value, start=1) if isinstance(one, dict)]
            for number, one in tables_in:
                name = f"{key[:-1]} {one.get('id', number)}"
                yield from (f"{name} {inner}" for inner, text in one.items() if text == OPEN)


def _in_source(source: object) -> Iterator[str]:
    for key, value in source.items() if isinstance(source, dict) else ():
        if value == OPEN:
            yield key
        elif key == "columns" and isinstance(value, dict):
            yield from (role for role, heading in value.items() if heading == OPEN)
