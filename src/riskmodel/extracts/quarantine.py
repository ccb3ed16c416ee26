"""Rows that can't be used: set aside with a reason, counted per file, column and reason, and limited in number."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa

from riskmodel.extracts.refusals import REASONS, REFUSALS
from riskmodel.ground.errors import SurveyDataError
from riskmodel.ground.text import Text, listed
from riskmodel.ground.words import percent
from riskmodel.instrument.records import NO_ANSWER

# what happens to a cell or row for each reason; any other reason sends the whole row to quarantine
BLANKED = ("out_of_range", "unknown_code", "unreadable_number")
DROPPED = (
    "repeated_row", "repeated_answers", "before_beginning", "exit_of_nobody", "exit_outside", "exit_without_reason",
    "headings_again", "after_end", "no_exit", "empty_beside_answers",
)  # fmt: skip
NEVER = "word_never_seen"  # told with n = 0
NOTED = (
    "no_household", "no_household_id", "blank_household", "respelled", "odd_prefix", "odd_zeros",
    "almost_meets_without_zeros", "almost_meets_without_marks", "word_without_meaning", NEVER, "excel_serial",
    "cell_over_lines", "blank", "no_answer_text", "surrounding_blank", "recovery", "zero_amount", "other_state",
    "open_spell", "age_outside_limits", "identical_row", "unknown_outcome", "file_not_used", "file_not_searched",
    "sheet_not_read", "not_in_register", "alike_row", "alike_months", "turned_signs", "single_month",
    "exit_then_row", "sheet_full", "single_id", "swapped_columns", "almost_meets_without_end", "error_in_cell",
    "other_ids", "strangers", "other_year", "area_alike", "few_months", "other_births", "own_id", "copied_months",
    "overlap_differs", "nobody_leaves", "swapped_questions", "missing_months", "co_applicant", "exits_differ",
    "spell_cut", "first_day_after", "sheet_unlike",
)  # fmt: skip
READ_AS = {  # what could have been read in place of what was not
    "unreadable_month": "months_read",
    "unreadable_year": "years_read",
    "rounded_id": "ids_read",
    "unreadable_amount": "amounts_read",
    "month_out_of_range": "months_read",
    "year_out_of_range": "years_read",
    "no_person": "persons_read",
    "month_after_gap": "gaps_read",
    "contradictory_answers": "once_read",
    "wrong_number_of_cells": "cells_read",
    "second_table": "tables_read",
    "blank_month": "blank_months",
    "blank_amount": "blank_amounts",
    "formula": "formulas_read",
    "sheet_error": "errors_read",
    "shown_as_day": "days_read",
    "midnight_elsewhere": "midnights_read",
    "day_number_beside": "numbers_read",
}
SHOWN = 3  # columns and reasons named in the message of a broken limit
QUALITY_COLUMNS = ["file", "column", "reason", "action", "n"]
QUARANTINE_COLUMNS = ["file", "row", "year", "column", "reason"]
NO_YEAR = 0  # of a row whose year can't be read, or does not exist
FEW = 2  # rows or answers that nobody stops for in a single year: in a small town a slip of the pen is a per cent
SLIPS = 3.0  # standard errors by which a year lies beyond its limit: a town has many years, and many questions


class Finding(NamedTuple):
    """`n` cells or rows of a file with something to say about them; `column` is a heading, "" for whole rows."""

    file: str
    column: str
    reason: str
    n: int


@dataclass(frozen=True)
class Extract:
    """What a file gave: rows that can be used, findings, and rows set aside.

    rows: of answers, index the number of the row in the file; of the register, which are millions, in Arrow.
    quarantine: one row per failing cell: file, row (its number there; below 0 for a row with too few or too many
    cells, or of another table, whose place is not told), year (`NO_YEAR` where the row does not say), column (heading),
    reason. No values. years: file, year, rows_n, of rows that say their year. unknown: answers that are
    not known, see `unknown_answers`, with file and source.
    """

    rows: pd.DataFrame | pa.Table
    findings: tuple[Finding, ...] = ()
    quarantine: pd.DataFrame = field(default_factory=lambda: no_quarantine())
    years: pd.DataFrame = field(default_factory=lambda: rows_by_year(pd.Series([], dtype="int64"), file=""))
    unknown: pd.DataFrame = field(default_factory=pd.DataFrame)


def no_quarantine() -> pd.DataFrame:
    """A quarantine without rows."""
    return _nothing().copy()


@cache
def _nothing() -> pd.DataFrame:
    empty = pd.DataFrame({name: [] for name in QUARANTINE_COLUMNS})
    return empty.astype({"file": str, "row": "int64", "year": "int64", "column": str, "reason": str})


def rows_by_year(years: pd.Series, *, file: str) -> pd.DataFrame:
    """How many rows of `file` there are of each year but `NO_YEAR`: file, year, rows_n."""
    counts = years[years != NO_YEAR].value_counts().sort_index()
    files = pd.array([file] * len(counts), dtype="str")
    columns = {"year": counts.index.to_numpy("int64"), "rows_n": counts.to_numpy("int64")}
    return pd.DataFrame({"file": files, **columns})


def with_repeated(extract: Extract, years: np.ndarray, *, file: str) -> Extract:
    """`extract` of `file`, whose rows of a year are those of `years`, too, that stand in another file and count there.

    The share of a year's rows that can't be used is of all that the file has of it.
    """
    again = rows_by_year(pd.Series(years, dtype="int64"), file=file)
    again = again[again["year"].isin(extract.years["year"])]
    return replace(extract, years=pd.concat([extract.years, again], ignore_index=True))


def joined(extracts: Iterable[Extract]) -> Extract:
    """Several extracts as one, their rows below each other."""
    parts = list(extracts)
    return Extract(
        rows=_below([part.rows for part in parts]),
        findings=tuple(finding for part in parts for finding in part.findings),
        quarantine=pd.concat([part.quarantine for part in parts], ignore_index=True),
        years=pd.concat([part.years for part in parts], ignore_index=True),
        unknown=pd.concat([part.unknown for part in parts], ignore_index=True),
    )


def _below(parts: list[pd.DataFrame] | list[pa.Table]) -> pd.DataFrame | pa.Table:
    if isinstance(parts[0], pa.Table):
        return pa.concat_tables(parts).unify_dictionaries()
    return pd.concat(parts, ignore_index=True)


def sift(rows: pd.DataFrame, failures: pd.DataFrame, *, file: str, headings: Mapping[str, str]) -> Extract:
    """`rows` without those that fail, and with the cells emptied whose reason is in `BLANKED`: nobody answered there.

    failures: row (label in `rows`), column, reason. headings: column of `rows` to heading in the file.
    """
    if failures.empty:
        years = _years(rows, failures)
        return Extract(rows.copy(), years=rows_by_year(years, file=file))
    is_blanked = failures["reason"].isin(BLANKED)
    set_aside = failures[~is_blanked]
    kept = rows[~rows.index.isin(set_aside["row"])]
    for column, cells in failures[is_blanked].groupby("column"):
        nothing = np.nan if pd.api.types.is_numeric_dtype(kept[column]) else NO_ANSWER
        kept.loc[kept.index.isin(cells["row"]), str(column)] = nothing
    years = _years(rows, set_aside)
    named = failures.assign(file=file, year=failures["row"].map(years), column=failures["column"].map(headings))
    named = named.drop_duplicates(["row", "column", "reason"])  # a cell that is year and month failed once
    counts = named.groupby(["column", "reason"]).size().reset_index()
    findings = tuple(Finding(file, *count) for count in counts.itertuples(index=False, name=None))
    quarantine = named.loc[named.index.isin(set_aside.index), QUARANTINE_COLUMNS].astype({"year": "int64"})
    return Extract(kept, findings, quarantine, rows_by_year(years, file=file))


def _years(rows: pd.DataFrame, set_aside: pd.DataFrame) -> pd.Series:
    """The year of each row; `NO_YEAR` where the row has none, or one that can't be."""
    if "year" not in rows:
        return pd.Series(NO_YEAR, index=rows.index)
    return rows["year"].mask(rows.index.isin(set_aside.loc[set_aside["column"] == "year", "row"]), NO_YEAR)


def quality_frame(findings: Iterable[Finding]) -> pd.DataFrame:
    """One row per file, column and reason with its action and n (cells or rows), sorted."""
    counts = pd.DataFrame(list(findings), columns=["file", "column", "reason", "n"])
    counts = (
        counts[(counts["n"] > 0) | (counts["reason"] == NEVER)]
        .groupby(["file", "column", "reason"])["n"]
        .sum()
        .reset_index()
    )
    frame = counts.assign(action=counts["reason"].map(action_of).astype(str))[QUALITY_COLUMNS]
    return frame.astype({"file": str, "column": str, "reason": str, "n": "int64"})


def action_of(reason: str) -> str:
    """What happens to a cell or row for `reason`."""
    groups = {"blanked": BLANKED, "dropped": DROPPED, "noted": NOTED}
    return next((action for action, reasons in groups.items() if reason in reasons), "quarantined")


def by_chance(share: float, n: int) -> float:
    """How many of a single year's `n` rows or answers may be unusable where `share` of them may be in the long run."""
    return max(FEW, share * n + SLIPS * math.sqrt(share * n))


def check_quarantined_share(
    quarantine: pd.DataFrame, rows_n: Mapping[str, int], years: pd.DataFrame, *, max_share: float
) -> None:
    """Raise a `SurveyDataError` when more than `max_share` of a file's rows were set aside, or of a year's in a file.

    rows_n: file to rows. years: file, year, rows_n. A year, and a file of a single one, stops nothing by what it
    may miss `by_chance`.
    """
    by_year = years.groupby(["file", "year"], as_index=False)["rows_n"].sum()
    years_n = by_year["file"].value_counts()
    for file, cells in quarantine.groupby("file"):
        all_n = rows_n[str(file)]
        if years_n.get(file) != 1 or cells["row"].nunique() > by_chance(max_share, all_n):
            _check_share(cells, all_n, where=str(file), max_share=max_share)
    dated = quarantine[quarantine["year"] != NO_YEAR]
    for name, year, all_n in by_year.itertuples(index=False, name=None):
        cells = dated[(dated["file"] == name) & (dated["year"] == year)]
        if cells["row"].nunique() > by_chance(max_share, all_n):
            _check_share(cells, all_n, where=f"{name}, {year}", max_share=max_share)


def _check_share(cells: pd.DataFrame, all_n: int, *, where: str, max_share: float) -> None:
    set_aside_n = cells["row"].nunique()
    if set_aside_n > max_share * all_n:
        shares = {"share": percent(set_aside_n / all_n, digits=1), "most": percent(max_share, digits=1)}
        told = {"n": set_aside_n, "all": all_n, "shown": most_reasons(cells), "read_as": read_as(cells["reason"])}
        raise SurveyDataError(REFUSALS["rows_set_aside"].filled(where=where, **told, **shares))


def most_reasons(cells: pd.DataFrame) -> Text:
    """The columns and reasons that most of the failing `cells` have, with how many."""
    counts = cells.groupby(["column", "reason"]).size().nlargest(SHOWN).reset_index()
    return listed(
        REFUSALS["set_aside_for"].filled(column=column or REFUSALS["whole_row"], reason=_named(reason), n=n)
        for column, reason, n in counts.itertuples(index=False, name=None)
    )


def _named(reason: str) -> Text:
    """A reason by its code, in Swedish in words too."""
    said = REASONS[reason].sv
    return Text(f"{said[:1].lower()}{said[1:]} ({reason})", reason)


def read_as(reasons: pd.Series) -> Text:
    """What could have been read in place of what was not."""
    texts = dict.fromkeys(text for reason, text in READ_AS.items() if reason in {*reasons})
    return listed(map(REFUSALS.__getitem__, texts), "")
