"""Answers that a drafted instrument leaves open: nothing is read from a file that still has one."""

from collections.abc import Iterator, Mapping

from riskmodel.ground.errors import SettingsError
from riskmodel.instrument import REFUSALS

OPEN = "?"  # in place of what no file tells
SHOWN = 5


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
