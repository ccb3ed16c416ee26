"""Months that two files of the register both hold: a later extract beside an earlier one, with other rows in it."""

from collections.abc import Iterator, Mapping
from itertools import combinations

import numpy as np
import pandas as pd

from riskmodel.extracts.quarantine import Finding
from riskmodel.extracts.text_table import TextTable, row_fingerprints, whole_fingerprints
from riskmodel.instrument.records import Source

TIMES = ("year", "month", "start")  # roles that say when a row is of
FEWEST, HALF = 5, 0.5  # rows of a month that both files hold, and of the shorter one's: offices apart share none


def overlaps(tables: Mapping[str, TextTable], repeated: Mapping[str, np.ndarray], source: Source) -> Iterator[Finding]:
    """How many rows one file alone has, of the months most of whose rows two files hold: each is counted as paid.

    repeated: file to which of its rows stand earlier, too, shape (n,).
    """
    if len(tables) < 2 or not any(again.any() for again in repeated.values()):
        return
    headings = [source.columns[role] for role in TIMES if role in source.columns]
    times = {file: row_fingerprints(map(table.column, headings), table.rows_n) for file, table in tables.items()}
    months = {file: {*pd.unique(time)} for file, time in times.items()}
    for first, second in combinations(tables, 2):
        if not repeated[second].any() or months[first].isdisjoint(months[second]):
            continue
        rows = {file: pd.Index(whole_fingerprints(tables[file])) for file in (first, second)}
        own = _by_time(times[second], rows[second].isin(rows[first]))
        other = _by_time(times[first], rows[first].isin(rows[second]))
        both = own.merge(other, on="time", suffixes=("", "_other"))
        fewer = both[["rows_n", "rows_n_other"]].min(axis=1)
        both = both[(both["both_n"] >= FEWEST) & (both["both_n"] >= HALF * fewer)]
        alone_n = both["rows_n"] - both["both_n"] + both["rows_n_other"] - both["both_n_other"]
        yield Finding(second, headings[-1], "overlap_differs", int(alone_n.sum()))


def _by_time(times: np.ndarray, in_both: np.ndarray) -> pd.DataFrame:
    """By what a row says of its time: rows_n, both_n."""
    rows = pd.Series(in_both).groupby(times)
    return pd.DataFrame({"rows_n": rows.size(), "both_n": rows.sum()}).rename_axis("time")
