"""Texts of others as Markdown that shows them: no HTML, no link, no heading of their own. Ordinary texts stay as is."""

import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

LINE_BREAKS = re.compile("[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")
MARKUP = re.compile(r"[\\\[\]]")
ENTITY = re.compile(r"&(?=#?[0-9A-Za-z]+;)")
BEGINS_A_BLOCK = re.compile(r"#{1,6}(?:\s|$)|```|~~~")


def inert_text(text: str) -> str:
    """`text` on one line, with what would be markup escaped."""
    on_one_line = ENTITY.sub("&amp;", LINE_BREAKS.sub(" ", text)).replace("<", "&lt;")
    escaped = MARKUP.sub(r"\\\g<0>", on_one_line)
    shown = f"\\{escaped}" if BEGINS_A_BLOCK.match(escaped) else escaped
    return text if shown == text else shown


def inert(value: Any) -> Any:
    """`value` with every text in it, however deep, as `inert_text`; itself when that changes nothing."""
    if isinstance(value, str):
        return inert_text(value)
    if isinstance(value, Mapping):
        by_key = {key: inert(inner) for key, inner in value.items()}
        return value if all(by_key[key] is inner for key, inner in value.items()) else by_key
    if isinstance(value, tuple | list):
        several = [inert(inner) for inner in value]
        same = all(one is other for one, other in zip(several, value, strict=True))
        return value if same else _like(value, several)
    if is_dataclass(value) and not isinstance(value, type):
        changed = {entry.name: inert(getattr(value, entry.name)) for entry in fields(value) if entry.init}
        same = all(changed[name] is getattr(value, name) for name in changed)
        return value if same else replace(value, **changed)
    return value


def _like(before: tuple[Any, ...] | list[Any], several: list[Any]) -> tuple[Any, ...] | list[Any]:
    """`several` in the kind of `before`, a named tuple too."""
    if isinstance(before, list):
        return several
    return type(before)(*several) if hasattr(before, "_fields") else tuple(several)
