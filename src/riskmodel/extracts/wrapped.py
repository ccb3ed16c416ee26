"""Cells as programs write them, ="0012", '0012, with noughts or _x000D_ behind, to what stands in them."""

import re
from dataclasses import replace

import pyarrow.compute as pc

from riskmodel.extracts.text_table import TextColumn, TextTable

KEPT = re.compile(r"""="([^"]*)"|'([^']*\d[^']*)'?""")
UNSEEN = re.compile(r"[\x00-\x08\x0e-\x1b\x7f]|_x00(?:0[0-8BCDEF]|1[0-9A-F]|7F)_")  # signs that steer a machine
WRITTEN_SO = rf"^(?:=\"|')|{UNSEEN.pattern}"


def unwrapped(table: TextTable) -> TextTable:
    """`table` with what each such cell, or heading, holds; a formula that does more than hold a text stays one."""
    headings = tuple(map(_inner, table.headings))
    return replace(table, headings=headings, columns=tuple(map(_bare, table.columns)))


def _bare(column: TextColumn) -> TextColumn:
    is_any = pc.any(pc.match_substring_regex(column.distinct, WRITTEN_SO)).as_py()
    return replace(column.meaning(_inner), since_1904=column.since_1904) if is_any else column


def _inner(text: str) -> str:
    seen = UNSEEN.sub("", text)
    kept = KEPT.fullmatch(seen.strip())
    return next(part for part in kept.groups() if part is not None) if kept else seen
