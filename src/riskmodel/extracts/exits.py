"""Exits: why somebody's later months are unobserved, told in the register's own rows or in a file of their own."""

from collections.abc import Collection
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from riskmodel.extracts.causes import sharpened
from riskmodel.extracts.frames import day_numbers, errors_in_cells, months_of, plain, surrounded_by_blanks
from riskmodel.extracts.quarantine import Extract, Finding, sift
from riskmodel.extracts.refusals import REFUSALS
from riskmodel.extracts.register import as_receipts, cell_failures, headings_of, role_texts, rows_once
from riskmodel.extracts.schema import FOREVER_YEAR
from riskmodel.extracts.text_table import TextColumn, TextTable, check_headings
from riskmodel.ground.errors import SurveyDataError
from riskmodel.instrument.records import EXITS, Source

FEWEST = 20  # persons; of fewer all may be strangers to the register


def exits_extract(
    table: TextTable, source: Source, *, file: str, silent: Collection[str], repeated: np.ndarray
) -> Extract:
    """Exits in one file, as rows of the register without money, household or area; see `register_extract`."""
    roles = source.columns
    check_headings(table, {heading: f"sources.exits.columns.{role}" for role, heading in roles.items()}, where=file)
    texts, month, headings = role_texts(table, source, silent), months_of(table, source), headings_of(source)
    columns = {name: column.codes for name, column in texts.items()}
    columns |= {"year": month.year, "month_of_year": month.month_of_year}
    columns["amount_ore"] = np.zeros(table.rows_n, dtype=np.int64)
    none = ~repeated & _no_exit(table, source, texts["exit"], silent)
    rows = rows_once(columns, table, repeated | none)
    found = sharpened(cell_failures(rows, texts, ["year", "month_of_year"]), table, headings)
    sifted = sift(rows, found, file=file, headings=headings)
    words = [roles["exit"]] if "exit" in roles else []
    notes = [Finding(file, "", "repeated_row", int(repeated.sum())), Finding(file, "", "no_exit", int(none.sum()))]
    notes += day_numbers(table, source, file=file)
    notes += surrounded_by_blanks(table, [roles["person"], *words], file=file)
    notes += errors_in_cells(table, words, file=file)
    return replace(sifted, rows=as_receipts(sifted.rows, texts), findings=(*sifted.findings, *notes))


def _no_exit(table: TextTable, source: Source, reason: TextColumn, silent: Collection[str]) -> np.ndarray:
    """Rows of whoever has not left, as in a list of all cases: without a day, or of one that never comes, and a reason.

    Bool, shape (n,). Where all rows have one reason, the day alone says so.
    """
    is_silent = ~reason.each(bool, bool) if "exit" in source.columns else np.ones(table.rows_n, dtype=bool)
    nothing = plain(silent)
    undated = table.column(source.columns["month"]).each(lambda text: not nothing(text), bool)
    return is_silent & (undated | (months_of(table, source).year >= FOREVER_YEAR))


def with_exits(receipts: pa.Table, exits: pa.Table) -> tuple[pa.Table, list[Finding]]:
    """`receipts` and the exits below them, and how many of these could not be used, by cause.

    An exit of nobody in the register, before its first month or after its last, or without a reason says nothing.
    A `SurveyDataError` where the register knows none of many people.
    """
    known = receipts["person_id"].unique().cast(pa.string())
    is_theirs = pc.is_in(exits["person_id"].cast(pa.string()), known).to_numpy()
    strangers_n = pc.count_distinct(exits["person_id"].cast(pa.string())).as_py()
    if not is_theirs.any() and strangers_n >= FEWEST:
        raise SurveyDataError(REFUSALS["exits_of_nobody"].filled(n=strangers_n))
    months, own = exits["month"].to_numpy(), receipts["month"].to_numpy()
    is_inside = (months >= own.min(initial=months.max(initial=0))) & (months <= own.max(initial=0))
    is_told = pc.not_equal(exits["exit"].cast(pa.string()), "").to_numpy()
    is_used = is_theirs & is_inside & is_told
    causes = {
        "exit_of_nobody": ~is_theirs,
        "exit_outside": is_theirs & ~is_inside,
        "exit_without_reason": is_theirs & is_inside & ~is_told,
    }
    used = exits.filter(pa.array(is_used))
    whole = pa.concat_tables([receipts, used]).unify_dictionaries()
    findings = [Finding("exits", "", cause, int(rows.sum())) for cause, rows in causes.items()]
    return whole, [*findings, Finding("exits", "", "exits_differ", _differ_n(used))]


def _differ_n(exits: pa.Table) -> int:
    """How many persons and months have exits of several reasons: a list beside its corrected version."""
    reasons = exits.group_by(["person_id", "month"]).aggregate([("exit", "count_distinct")])
    return int(pc.sum(pc.greater(reasons["exit_count_distinct"], 1)).as_py() or 0)


def exits_then_rows(receipts: pa.Table) -> Finding:
    """How many rows of the register say so: where the reason is written in all rows of a case, or of its last decision.

    The cohort believes the receipt after, and not such an exit. receipts: of the whole register, with the exits.
    """
    is_exit = pc.is_in(receipts["exit"].cast(pa.string()), pa.array(EXITS)).to_numpy()
    person, months = receipts["person_id"].combine_chunks().indices.to_numpy(), receipts["month"].to_numpy()
    is_theirs = np.isin(person, person[is_exit])
    span = int(months.max(initial=0)) + 2
    is_paid = is_theirs & (receipts["amount_ore"].to_numpy() > 0)
    keys, exits = (person[one].astype(np.int64) * span + months[one] for one in (is_paid, is_exit))
    return Finding("register", "", "exit_then_row", int(np.isin(exits + 1, keys).sum()))
