"""Answers whose heading changed with the year of the row: brought together under one heading before they are read."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from riskmodel.extracts.files import DeliveredFile
from riskmodel.extracts.frames import months_of, years_of
from riskmodel.extracts.refusals import REFUSALS
from riskmodel.extracts.text_table import TextColumn, TextTable, check_headings, text_array
from riskmodel.instrument.records import Instrument, Item, Source
from riskmodel.instrument.spelling import spelling


def one_heading(file: DeliveredFile, table: TextTable, instrument: Instrument) -> TextTable:
    """`table` in which each item stands under one heading, `Item.heading`, whatever it was called in a row's year.

    One of an item's headings is needed; where it was not asked its cell is empty. A survey whose year
    stands in its file's name is of one year, and stays as it is.
    """
    source = instrument.sources[file.source]
    changed = [item for item in instrument.items if item.use != "never" and item.changes_heading(file.source)]
    if not changed or file.survey_year is not None or not {"month", "year"} & source.columns.keys():
        return table
    years = row_years(table, source, where=file.name)
    asked = [item for item in instrument.items if item.use != "never"]
    together = [_under_one(table, item, _own_headings(item, asked, file.source), file, years) for item in changed]
    unchanged = {spelling(item.heading(file.source)) for item in asked if not item.changes_heading(file.source)}
    gone = {spelling(one) for item in changed for one in [*item.headings(file.source), item.heading(file.source)]}
    kept = [place for place, one in enumerate(table.headings) if spelling(one) not in gone - unchanged]
    return replace(
        table,
        headings=(*(table.headings[place] for place in kept), *(item.heading(file.source) for item in changed)),
        columns=(*(table.columns[place] for place in kept), *together),
    )


def _own_headings(item: Item, asked: Sequence[Item], source: str) -> list[str]:
    """The headings that no other item stands under in any year: questions may have changed places."""
    others = {spelling(one) for other in asked if other is not item for one in other.headings(source)}
    return [one for one in dict.fromkeys(filter(None, item.headings(source))) if spelling(one) not in others]


def row_years(table: TextTable, source: Source, *, where: str) -> np.ndarray:
    """The year that each row says, int64; what can't be read is a number that no item has a heading for."""
    roles = [role for role in ("month", "year") if role in source.columns]
    check_headings(table, {source.columns[role]: REFUSALS[f"use_{role}"] for role in roles}, where=where)
    if "month" in roles:
        return months_of(table, source).year
    return years_of(table, source.columns["year"], offset=source.year_offset)


def _under_one(table: TextTable, item: Item, own: Sequence[str], file: DeliveredFile, years: np.ndarray) -> TextColumn:
    """What was answered to `item` in each row's year. own: the headings that are its alone."""
    by_year = {int(year): item.column(file.source, int(year)) for year in np.unique(years)}
    there = {*map(spelling, table.headings)}
    others = [heading for heading in own if spelling(heading) in there]
    said = {heading: table.column(heading).each(lambda text: bool(text.strip()), bool) for heading in others}
    for year, heading in by_year.items():  # a form may change within a year: what is missing may stand under another
        answered = [other for other in others if said[other][years == year].any()]
        if heading and spelling(heading) not in there and answered:
            by_year[year] = answered[0]
    used = {
        heading: REFUSALS["use_item_then"].filled(item=item.id, year=year)
        for year, heading in by_year.items()
        if heading
    }
    check_headings(table, used, where=file.name)
    return _together(table, by_year, years, others)


def _together(
    table: TextTable, by_year: Mapping[int, str | None], years: np.ndarray, others: Sequence[str]
) -> TextColumn:
    """The texts that stand under the heading of each row's year, or where that says nothing under one of the others."""
    texts: np.ndarray = np.full(table.rows_n, "", dtype=object)
    for year, heading in by_year.items():
        if heading:
            rows = years == year
            column = table.column(heading)
            texts[rows] = np.array(column.texts, dtype=object)[column.codes[rows]]
    asked = np.isin(years, [year for year, heading in by_year.items() if heading])
    for heading in others:
        column = table.column(heading)
        silent = asked & (texts == "")
        texts[silent] = np.array(column.texts, dtype=object)[column.codes[silent]]
    encoded = text_array(texts).dictionary_encode()
    since_1904 = any(table.column(heading).since_1904 for heading in by_year.values() if heading)
    return TextColumn(encoded.dictionary, encoded.indices.to_numpy(zero_copy_only=False), since_1904)
