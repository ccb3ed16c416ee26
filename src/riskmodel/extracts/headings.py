"""Which headings of a delivery are read, and which nobody asks for."""

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from riskmodel.extracts.files import DeliveredFile
from riskmodel.extracts.refusals import REFUSALS
from riskmodel.extracts.text_table import TextTable
from riskmodel.ground.errors import SurveyDataError
from riskmodel.ground.text import listed, quoted
from riskmodel.instrument.records import Instrument, Source
from riskmodel.instrument.spelling import spelling


def headings_frame(tables: Mapping[DeliveredFile, TextTable], instrument: Instrument) -> pd.DataFrame:
    """One row per source and heading, in the order they first stand in: source, heading, is_used.

    tables: as delivered, in which every heading that is asked for was found: so what stands beside it is a heading too.
    """
    asked = {name: asked_headings(name, instrument) for name in instrument.sources}
    rows: dict[tuple[str, str], tuple[str, str, bool]] = {}
    for file, table in tables.items():
        for heading in table.headings:
            plain = spelling(heading)
            rows.setdefault((file.source, plain), (file.source, " ".join(heading.split()), plain in asked[file.source]))
    frame = pd.DataFrame([*rows.values()], columns=["source", "heading", "is_used"])
    return frame.astype({"source": str, "heading": str, "is_used": bool})


def asked_headings(source: str, instrument: Instrument) -> set[str]:
    """The spellings of the headings that anything is read from in `source`, in any year."""
    items = [item for item in instrument.items if item.use != "never"]
    of_items = [text for item in items for key, text in item.columns.items() if key.partition(".")[0] == source]
    roles = instrument.sources[source]
    of_roles = (*roles.columns.values(), *roles.other_headings)
    return {spelling(heading) for heading in (*of_roles, *of_items) if heading}


def as_asked(table: TextTable, source: Source, *, where: str) -> TextTable:
    """`table` with each role under its first heading, whichever of its headings the file has.

    A `SurveyDataError` where it has several of one role: nobody can say which is meant.
    """
    there = {*map(spelling, table.headings)}
    found = {heading: role for heading, role in source.other_headings.items() if spelling(heading) in there}
    first = {source.columns[role]: role for role in found.values() if spelling(source.columns[role]) in there}
    for role in found.values():
        several = [heading for heading, own in (found | first).items() if own == role]
        if len(several) > 1:
            told = {"headings": listed(map(quoted, several)), "role": role}
            raise SurveyDataError(REFUSALS["called_twice"].filled(where=where, **told))
    renamed = {spelling(heading): source.columns[role] for heading, role in found.items()}
    return replace(table, headings=tuple(renamed.get(spelling(heading), heading) for heading in table.headings))
