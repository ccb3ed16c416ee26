"""Files that end where a sheet is full: what did not find room there is lost, and nobody is told."""

from collections.abc import Collection, Iterator, Mapping

from riskmodel.extracts.files import DeliveredFile
from riskmodel.extracts.quarantine import Finding
from riskmodel.extracts.refusals import REFUSALS
from riskmodel.extracts.stops import Stop, noted
from riskmodel.extracts.text_table import TextTable
from riskmodel.ground.words import grouped

LAST_ROWS = {65_536: ".xls", 1_048_576: ".xlsx"}


def full_sheets(tables: Mapping[DeliveredFile, TextTable], accepted: Collection[str]) -> Iterator[Finding]:
    """A stop for each file whose last row is the last of a sheet, also where it was saved as text."""
    for file, table in tables.items():
        last = table.first_row - 1 + table.lines_n
        if last in LAST_ROWS:
            told = REFUSALS["sheet_is_full"].filled(file=file.name, last=grouped(last), kind=LAST_ROWS[last])
            yield noted(Stop(file.source, file.name, "sheet_full", 1, told), accepted)
