"""Persons in a column of the register that nobody reads, who have no row of their own: co-applicants get lost."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import pyarrow as pa

from riskmodel.extracts.crowds import codes_of
from riskmodel.extracts.files import DeliveredFile
from riskmodel.extracts.frames import months_of
from riskmodel.extracts.ids import id_of
from riskmodel.extracts.months import months
from riskmodel.extracts.quarantine import Finding
from riskmodel.extracts.refusals import REFUSALS
from riskmodel.extracts.stops import Stop, noted
from riskmodel.extracts.text_table import TextColumn, TextTable
from riskmodel.ground.text import quoted
from riskmodel.instrument.records import Instrument, Source
from riskmodel.instrument.spelling import spelling

FEWEST = 10  # persons without a row of their own
LEAST_KNOWN = 0.2  # of a column's cells hold persons, where it holds any; a number meets an id by chance
LEAST_LOST = 0.5  # of those; who is told of beside their own rows is not lost
Called = Mapping[str, int]  # an id to its place


@dataclass(frozen=True)
class _Register:
    """Who has a row in which month, and in which household; keys: a number for each pair."""

    persons: Called
    homes: Called
    in_month: np.ndarray
    in_home: np.ndarray

    def has_month(self, person: np.ndarray, month: np.ndarray) -> np.ndarray:
        """Whether each `person` has a row in `month`."""
        return np.isin(_keys(person, month), self.in_month)

    def has_home(self, person: np.ndarray, home: np.ndarray) -> np.ndarray:
        """Whether each `person` has a row in household `home`."""
        return (person >= 0) & (home >= 0) & np.isin(_keys(person, home), self.in_home)


@dataclass
class _Seen:
    """What the cells under a heading hold: how many anything, a person, and one without a row of theirs that month."""

    said_n: int = 0
    known_n: int = 0
    lost_n: int = 0
    persons: set[str] = field(default_factory=set)


def co_applicants(
    tables: Mapping[DeliveredFile, TextTable],
    rows: Mapping[str, pd.DataFrame | pa.Table],
    instrument: Instrument,
    accepted: Collection[str],
) -> Iterator[Finding]:
    """Raise a `SurveyDataError` where persons stand in the register beside another, and have no row of their own.

    They are of the same household, or were asked and have no row at all. What a named person has `accepted` is told.
    """
    own = _register(rows["register"])
    asked = {text for name in rows.keys() - {"register", "exits"} for text in codes_of(rows[name], "person_id")[1]}
    called = id_of(frozenset(map(spelling, instrument.no_answer)))
    seen: dict[str, _Seen] = {}
    source = instrument.sources["register"]
    is_read = {*map(spelling, source.columns.values()), *map(spelling, source.other_headings)}
    for table in (table for file, table in tables.items() if file.source == "register"):
        for heading, column in zip(table.headings, table.columns, strict=True):
            if spelling(heading) not in is_read | {""} and _may_hold_persons(column, own.persons, asked):
                _look(
                    column.meaning(called),
                    table,
                    source,
                    own,
                    asked - own.persons.keys(),
                    seen.setdefault(heading, _Seen()),
                )
    for heading, one in seen.items():
        is_known = one.known_n >= LEAST_KNOWN * one.said_n
        if len(one.persons) >= FEWEST and is_known and one.lost_n >= LEAST_LOST * one.known_n:
            told = REFUSALS["co_applicants"].filled(heading=quoted(heading), n=len(one.persons), rows=one.lost_n)
            yield noted(Stop("register", heading, "co_applicant", len(one.persons), told), accepted)


def _may_hold_persons(column: TextColumn, persons: Called, asked: Collection[str]) -> bool:
    # as written, before anything is made of texts that may be a million remarks
    known_n = sum(text in persons or text in asked for text in column.texts)
    return known_n >= max(FEWEST, LEAST_KNOWN * (len(column.texts) - 1))  # one of them may be the empty text


def _look(
    column: TextColumn, table: TextTable, source: Source, own: _Register, strangers: Collection[str], seen: _Seen
) -> None:
    """Add to `seen` what the `column` of `table` holds. strangers: persons asked who have no row in the register."""
    texts, places = np.array(column.texts, dtype=object), column.codes
    person = np.array([own.persons.get(text, -1) for text in texts], dtype=np.int64)[places]
    is_stranger = np.array([text in strangers for text in texts], dtype=bool)[places]
    is_theirs = own.has_home(person, _homes(table, source, own))
    is_lost = is_stranger | (is_theirs & ~own.has_month(person, _months(table, source)))
    seen.said_n += int(np.count_nonzero((texts != "")[places]))
    seen.known_n += int(np.count_nonzero(is_stranger | is_theirs))
    seen.lost_n += int(np.count_nonzero(is_lost))
    seen.persons |= {*texts[np.unique(places[is_lost])]}


def _homes(table: TextTable, source: Source, own: _Register) -> np.ndarray:
    """The place of each row's household, -1 where there is none."""
    if "household" not in source.columns:
        return np.full(table.rows_n, -1, dtype=np.int64)
    column = table.column(source.columns["household"]).meaning(id_of(()))
    return np.array([own.homes.get(text, -1) for text in column.texts], dtype=np.int64)[column.codes]


def _months(table: TextTable, source: Source) -> np.ndarray:
    if source.layout == "spells":
        return months(table.column(source.columns["start"])).month
    return months_of(table, source).month


def _register(receipts: pa.Table) -> _Register:
    (person, persons), (home, homes) = (codes_of(receipts, column) for column in ("person_id", "household_id"))
    places = [{text: place for place, text in enumerate(texts) if text} for texts in (persons, homes)]
    in_month, in_home = _keys(person, receipts["month"].to_numpy()), _keys(person, home)[home >= 0]
    return _Register(places[0], places[1], in_month, np.unique(in_home))


def _keys(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """One number for each pair of a person and a month, or a household."""
    return (first.astype(np.int64) << 32) | second.astype(np.int64)
