"""Columns that stand under each other's headings: persons where households should be."""

from collections.abc import Mapping

from riskmodel.extracts.files import DeliveredFile
from riskmodel.extracts.refusals import REFUSALS
from riskmodel.extracts.text_table import TextTable
from riskmodel.ground.errors import SurveyDataError
from riskmodel.instrument.records import Instrument
from riskmodel.instrument.spelling import spelling

MOST = 0.5  # of a file's persons
FEWEST = 10
Tables = Mapping[DeliveredFile, TextTable]


def check_not_swapped(tables: Tables, instrument: Instrument) -> None:
    """Raise a `SurveyDataError` when most persons of a file are households of the register's others, and no persons.

    Where a household is called as one of its adults is, its persons stand among both.
    """
    persons, homes = (
        {file: _ids(table, instrument.sources[file.source].columns.get(role)) for file, table in tables.items()}
        for role in ("person", "household")
    )
    for file, own in persons.items():
        others = [other for other in tables if other != file and other.source == "register"]
        as_homes = own & set().union(*(homes[other] for other in others))
        as_persons = own & set().union(*(persons[other] for other in others))
        if len(own) >= FEWEST and len(as_homes) > MOST * len(own) > 2 * len(as_persons):
            told = {"file": file.name, "n": len(as_homes), "all": len(own)}
            raise SurveyDataError(REFUSALS["persons_are_households"].filled(**told))


def _ids(table: TextTable, heading: str | None) -> set[str]:
    is_there = heading and spelling(heading) in map(spelling, table.headings)
    return {*map(spelling, table.column(heading).texts)} - {""} if heading and is_there else set()
