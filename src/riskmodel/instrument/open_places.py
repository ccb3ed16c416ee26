"""Answers that a drafted instrument leaves open: nothing is read from a file that still has one."""

from collections.abc import Iterator, Mapping

from riskmodel.ground.errors import SettingsError

OPEN = "?"  # in place of what no file tells
SHOWN = 5


def check_none_open(tables: Mapping[str, object], *, where: str) -> None:
    """Raise a `SettingsError` that counts the open answers of `tables` and names the first of them."""
    places = [*open_places(tables)]
    if places:
        more = f", and {len(places) - SHOWN} more" if len(places) > SHOWN else ""
        raise SettingsError(
            f'{where}: {len(places)} answers are still open (allowed 0), written "{OPEN}": '
            f"{', '.join(places[:SHOWN])}{more}. Write what only you know: direction is raises, lowers or none; code "
            'and name are your municipality\'s. A question that shall not be used gets use = "never" and no direction.'
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
            for one in filter(lambda one: isinstance(one, dict), value):
                name = f"{key[:-1]} {one.get('id', 'without an id')}"
                yield from (f"{name} {inner}" for inner, text in one.items() if text == OPEN)


def _in_source(source: object) -> Iterator[str]:
    for key, value in source.items() if isinstance(source, dict) else ():
        if value == OPEN:
            yield key
        elif key == "columns" and isinstance(value, dict):
            yield from (role for role, heading in value.items() if heading == OPEN)
