"""Which headings of a delivery are read, and which nobody asks for."""

from collections.abc import Mapping

import pandas as pd

from riskmodel.extracts.files import DeliveredFile
from riskmodel.extracts.text_table import TextTable
from riskmodel.instrument.records import Instrument
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
    return {spelling(heading) for heading in (*instrument.sources[source].columns.values(), *of_items) if heading}
