"""Who, where and when: the columns of a source that are no answers."""

from collections.abc import Callable, Iterable

import numpy as np

from riskmodel.extracts.numbers import UNREADABLE, Months, months, whole_numbers
from riskmodel.extracts.quarantine import Finding
from riskmodel.extracts.schema import FORMULA
from riskmodel.extracts.text_table import TextTable
from riskmodel.instrument.records import Source
from riskmodel.instrument.spelling import spelling

RUN_BY_SPREADSHEETS = ("=", "+", "-", "@")


def is_formula(text: str) -> bool:
    """Whether a spreadsheet would run `text` instead of showing it."""
    return text.strip().startswith(RUN_BY_SPREADSHEETS)


def plain(silent: Iterable[str]) -> Callable[[str], str]:
    """A function from a written text to the text meant: no blanks around it, "" for `silent` spellings, `FORMULA`."""
    nothing = frozenset(silent) | {""}

    def meant(text: str) -> str:
        if spelling(text) in nothing:
            return ""
        return FORMULA if is_formula(text) else " ".join(text.split())

    return meant


def months_of(table: TextTable, source: Source) -> Months:
    """The month of each row: the column `month` alone, or `year` and `month` (1-12) together."""
    if "year" not in source.columns:
        return months(table.column(source.columns["month"]))
    return Months(
        whole_numbers(table.column(source.columns["year"])), whole_numbers(table.column(source.columns["month"]))
    )


def years_of(table: TextTable, heading: str, *, offset: int) -> np.ndarray:
    """Calendar years under `heading`, `offset` added, int64; `UNREADABLE` where there is none."""
    written = whole_numbers(table.column(heading))
    return np.where(written == UNREADABLE, UNREADABLE, written + offset)


def surrounded_by_blanks(table: TextTable, headings: Iterable[str], *, file: str) -> list[Finding]:
    """How many texts under each heading have blanks before or after them."""
    found = {heading: table.column(heading).each(lambda text: text != text.strip(), bool) for heading in headings}
    return [Finding(file, heading, "surrounding_blank", int(is_found.sum())) for heading, is_found in found.items()]
