"""Columns that stand under each other's headings: persons where households should be."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from itertools import chain

from riskmodel.extracts.files import DeliveredFile
from riskmodel.extracts.quarantine import Finding
from riskmodel.extracts.refusals import REFUSALS
from riskmodel.extracts.stops import Stop, noted
from riskmodel.extracts.text_table import TextTable
from riskmodel.instrument.records import Instrument, Source
from riskmodel.instrument.spelling import spelling

MOST = 0.5  # of a file's persons
FEWEST = 10
Tables = Mapping[DeliveredFile, TextTable]


def swapped(tables: Tables, instrument: Instrument, accepted: Collection[str]) -> Iterator[Finding]:
    """Files whose persons are mostly households of the register's others, and no persons there, which stop the run.

    Where a household is called as one of its adults is, its persons stand among both.
    """
    own = {file: _ids(table, instrument.sources[file.source]) for file, table in tables.items()}
    of_register = [ids for file, ids in own.items() if file.source == "register"]
    persons_n, homes_n = (Counter(chain.from_iterable(ids[role] for ids in of_register)) for role in (0, 1))
    found = {}
    for file, (persons, homes) in own.items():
        here = int(file.source == "register")
        as_persons = sum(persons_n[one] > here for one in persons)
        as_homes = sum(homes_n[one] > here * (one in homes) for one in persons)
        if len(persons) >= FEWEST and as_homes > MOST * len(persons) > 2 * as_persons:
            found[file.name] = as_homes
    if found:
        n = sum(found.values())
        told = REFUSALS["persons_are_households"].filled(files=", ".join(found), n=n)
        yield noted(Stop("register", "person", "swapped_columns", n, told), accepted)


def _ids(table: TextTable, source: Source) -> tuple[set[str], set[str]]:
    """The spellings of persons and of households."""
    there = {*map(spelling, table.headings)}
    headings = [source.columns.get(role, "") for role in ("person", "household")]
    person, household = (
        {*map(spelling, table.column(heading).texts)} - {""} if spelling(heading) in there - {""} else set()
        for heading in headings
    )
    return person, household
