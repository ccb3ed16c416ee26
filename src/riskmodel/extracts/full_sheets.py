"""Rows that a workbook loses: behind the last that a sheet has room for, and on a sheet unlike the others."""

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from riskmodel.extracts.files import DeliveredFile
from riskmodel.extracts.quarantine import Finding
from riskmodel.extracts.refusals import REFUSALS
from riskmodel.extracts.stops import Stop, noted
from riskmodel.extracts.text_table import TextTable
from riskmodel.ground.words import grouped

Read = Collection[tuple[Path, str | None]]
LAST_ROWS = {65_536: ".xls", 1_048_576: ".xlsx"}


def full_sheets(tables: Mapping[DeliveredFile, TextTable], accepted: Collection[str]) -> Iterator[Finding]:
    """A stop for each file whose last row is the last of a sheet, also where it was saved as text."""
    for file, table in tables.items():
        last = table.first_row - 1 + table.lines_n
        if last in LAST_ROWS:
            told = REFUSALS["sheet_is_full"].filled(file=file.name, last=grouped(last), kind=LAST_ROWS[last])
            yield noted(Stop(file.source, file.name, "sheet_full", 1, told), accepted)


def unlike_sheets(
    tables: Mapping[DeliveredFile, TextTable], read: Read, accepted: Collection[str]
) -> Iterator[Finding]:
    """A stop for each sheet that lacks little to be read with the others of its file, and that no source reads.

    read: a file's path and the name of each sheet that one does.
    """
    for file, table in tables.items():
        for sheet, told in table.unlike_sheets.items():
            if (file.path, sheet) not in read:
                yield noted(Stop(file.source, sheet, "sheet_unlike", table.unread_sheets[sheet], told), accepted)
