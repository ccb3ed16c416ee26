"""Coded rows to the frames of a delivery: keys as later stages know them, sorted, nothing else changed."""

import re
from collections.abc import Callable, Iterable

import numpy as np
import pandas as pd

from riskmodel.extracts.months import Months, months, months_of_year, serials, years
from riskmodel.extracts.numbers import UNREADABLE, whole_numbers
from riskmodel.extracts.quarantine import Finding
from riskmodel.extracts.text_table import TextTable
from riskmodel.instrument.records import Source
from riskmodel.instrument.spelling import spelling

SHEET_ERROR = re.compile(r"#(?:[^\W\d_]+(?:/0)?[!?]|N/A|#+)")  # #REF!, #VÄRDEFEL!, #DIV/0!, #N/A and cells too narrow
FORMULA = "="  # stands for a text that a spreadsheet would run
RUN_BY_SPREADSHEETS = ("=", "+", "-", "@")
NULLS = frozenset(("null", "(null)", "<null>", "[null]"))  # what a database writes where nothing stands
KEYS = ("person_id", "household_id", "area", "year", "month_of_year", "outcome")


def intake_answers(rows: pd.DataFrame) -> pd.DataFrame:
    """One row per person and month of answers: person_id, answered_month (int32), area, items.

    Answers without a month hold for every case of their person: answered_month is missing (Int32).
    """
    month = pd.Series(pd.NA, index=rows.index, dtype="Int32")
    if "month_of_year" in rows:
        month = (rows["year"] * 12 + rows["month_of_year"] - 1).astype("int32")
    dated = rows.assign(answered_month=month)
    return _with_keys(dated, ["person_id", "answered_month"], ["person_id", "answered_month", "area"])


def survey_answers(rows: pd.DataFrame) -> pd.DataFrame:
    """One row per person and survey: person_id, survey_year (int32), items."""
    dated = rows.assign(survey_year=rows["year"].astype("int32"))
    return _with_keys(dated, ["survey_year", "person_id"], ["person_id", "survey_year"])


def labelled_cases(rows: pd.DataFrame) -> pd.DataFrame:
    """One row per case: case_id, person_id, household_id, intake_year (int32), area, outcome (Int8), items.

    case_id tells the place in the delivery. A case without person is a person, one without household alone.
    """
    case_id = pd.Series([f"c{place:012x}" for place in range(len(rows))], index=rows.index, dtype=str)
    person_id = rows["person_id"] if "person_id" in rows else case_id
    household_id = rows["household_id"] if "household_id" in rows else pd.Series("", index=rows.index, dtype=str)
    cases = rows.assign(
        case_id=case_id, person_id=person_id, household_id=household_id, intake_year=rows["year"].astype("int32")
    )
    keys = ["case_id", "person_id", "household_id", "intake_year", "area", "outcome"]
    return _with_keys(cases, ["case_id"], keys)


def _with_keys(rows: pd.DataFrame, order: list[str], keys: list[str]) -> pd.DataFrame:
    """`rows` sorted by `order`, `keys` first, then the items."""
    whole = rows if "area" in rows else rows.assign(area=pd.Series("", index=rows.index, dtype=str))
    items = [column for column in whole if column not in {*KEYS, *keys}]
    return whole.sort_values(order, kind="stable", ignore_index=True)[[*keys, *items]]


def is_formula(text: str) -> bool:
    """Whether a spreadsheet would run `text` instead of showing it."""
    return text.strip().startswith(RUN_BY_SPREADSHEETS)


def is_error(text: str) -> bool:
    """Whether `text` is an error of a spreadsheet, and says nothing."""
    return text[:1] in "# " and SHEET_ERROR.fullmatch(text.strip().upper()) is not None


def errors_in_cells(table: TextTable, headings: Iterable[str], *, file: str) -> list[Finding]:
    """How many cells under each heading, where words are asked for, hold an error of a spreadsheet."""
    found = {heading: table.column(heading).each(is_error, bool) for heading in headings}
    return [Finding(file, heading, "error_in_cell", int(is_found.sum())) for heading, is_found in found.items()]


def plain(silent: Iterable[str]) -> Callable[[str], str]:
    """A function from a written text to the text meant: no blanks around it, "" for `silent` spellings, `FORMULA`."""
    nothing = NULLS | frozenset(silent) | {""}

    def meant(text: str) -> str:
        if spelling(text) in nothing or is_error(text):
            return ""
        return FORMULA if is_formula(text) else " ".join(text.split())

    return meant


def months_of(table: TextTable, source: Source) -> Months:
    """The month of each row: the column `month` alone, or `year` and `month` (1-12) together."""
    month = table.column(source.columns["month"])
    if "year" not in source.columns:
        return months(month)
    return Months(years(table.column(source.columns["year"])), months_of_year(month))


def years_of(table: TextTable, heading: str, *, offset: int) -> np.ndarray:
    """Calendar years under `heading`, `offset` added, int64; `UNREADABLE` where there is none."""
    column = table.column(heading)
    written = whole_numbers(column) if offset else years(column)
    return np.where(written == UNREADABLE, UNREADABLE, written + offset)


def day_numbers(table: TextTable, source: Source, *, file: str) -> list[Finding]:
    """How many months were written as Excel's day numbers."""
    roles = ("start", "end") if source.layout == "spells" else () if "year" in source.columns else ("month",)
    headings = [source.columns[role] for role in roles if role in source.columns]
    return [Finding(file, heading, "excel_serial", int(serials(table.column(heading)).sum())) for heading in headings]


def surrounded_by_blanks(table: TextTable, headings: Iterable[str], *, file: str) -> list[Finding]:
    """How many texts under each heading have blanks before or after them."""
    found = {heading: table.column(heading).each(lambda text: text != text.strip(), bool) for heading in headings}
    return [Finding(file, heading, "surrounding_blank", int(is_found.sum())) for heading, is_found in found.items()]
