"""The register of assistance, a row per person and month or a row per spell, to rows of receipt."""

from collections.abc import Collection
from dataclasses import replace

import numpy as np
import pandas as pd
import pyarrow as pa

from riskmodel.extracts.causes import sharpened
from riskmodel.extracts.frames import day_numbers, errors_in_cells, months_of, plain, surrounded_by_blanks
from riskmodel.extracts.ids import IDS, id_of, no_household
from riskmodel.extracts.numbers import UNREADABLE, amounts_ore
from riskmodel.extracts.quarantine import Extract, Finding, sift, with_repeated
from riskmodel.extracts.receipts import RECEIPT_COLUMNS
from riskmodel.extracts.schema import failures, keys_schema
from riskmodel.extracts.signs import check_below_zero
from riskmodel.extracts.spells import spells
from riskmodel.extracts.text_table import TextColumn, TextTable, check_headings
from riskmodel.instrument.records import Source
from riskmodel.instrument.spelling import spelling

FEWEST_FOR_GAPS = 1000  # rows; in a smaller register a month without any says nothing
SMALLEST_ORE = 1  # stands for an amount that the register does not hold
TEXT_ROLES = {"person_id": "person", "household_id": "household", "area": "area", "exit": "exit"}
FLAGS = ("is_open", "is_cut", "is_receipt")
Columns = dict[str, np.ndarray]
Texts = dict[str, TextColumn]


def register_extract(
    table: TextTable,
    source: Source,
    *,
    file: str,
    silent: Collection[str],
    repeated: np.ndarray,
    max_share: float,
    last: int = UNREADABLE,
) -> Extract:
    """Rows of receipt in one file, an Arrow table of `RECEIPT_COLUMNS`; repeated rows left out.

    Until then a text is its place among the different texts of its column: millions of rows hold few of them.
    silent: spellings that mean nothing was written. repeated: rows that stand earlier in the delivery, shape (n,).
    max_share: of the amounts below zero that may be set aside; a few unread would be all of the recoveries. last: of
    spells, the register's last month.
    """
    roles = source.columns
    check_headings(table, {heading: f"sources.register.columns.{role}" for role, heading in roles.items()}, where=file)
    texts = role_texts(table, source, silent)
    places = {name: column.codes for name, column in texts.items()}
    times = _times(table, source, silent, last)
    years = times["year"][repeated]
    rows = rows_once(places | times | _amounts(table, source), table, repeated)
    found = cell_failures(rows, texts, rows.columns.drop([*texts, *FLAGS], errors="ignore"))
    is_dated = ~rows.index.isin(found["row"])
    found = pd.concat([found, _after_gap(rows.loc[is_dated, ["year", "month_of_year"]])], ignore_index=True)
    found = sharpened(found, table, headings_of(source))
    sifted = sift(rows, found, file=file, headings=headings_of(source))
    if "amount" in roles:
        check_below_zero(table, roles["amount"], sifted, ~repeated, file=file, max_share=max_share)
    notes = [Finding(file, "", "repeated_row", int(repeated.sum())), *_notes(rows, source, file=file)]
    notes += surrounded_by_blanks(table, [roles[role] for role in TEXT_ROLES.values() if role in roles], file=file)
    notes += errors_in_cells(table, [roles[role] for role in ("area", "exit") if role in roles], file=file)
    notes += no_household(table, source, silent, file=file) + day_numbers(table, source, file=file)
    extract = replace(sifted, rows=as_receipts(sifted.rows, texts), findings=(*sifted.findings, *notes))
    return with_repeated(extract, years, file=file)


def rows_once(columns: Columns, table: TextTable, repeated: np.ndarray) -> pd.DataFrame:
    """The rows that do not stand earlier in the delivery; index: the number of the row in the file."""
    index = pd.Index(table.row_numbers)[~repeated]
    # a column at a time: all of them twice would be the most memory of the whole reading
    return pd.DataFrame({name: columns.pop(name)[~repeated] for name in [*columns]}, index=index, copy=False)


def role_texts(table: TextTable, source: Source, silent: Collection[str]) -> Texts:
    """What each column of texts means, by its name in the receipts. silent: spellings that mean nothing was written."""
    columns: Texts = {}
    exits = {spelling(written): meaning for written, meaning in source.exit_codes.items()}
    meant, called = plain(silent), id_of(silent)
    for name, role in TEXT_ROLES.items():
        if role not in source.columns:
            of_all = exits.get("", "") if role == "exit" else ""
            columns[name] = TextColumn(pa.array([of_all]), np.zeros(table.rows_n, dtype=np.int32))
        elif role == "exit":
            exit_column = table.column(source.columns[role])
            columns[name] = exit_column.meaning(lambda text: exits.get(spelling(text), meant(text)))
        else:
            columns[name] = table.column(source.columns[role]).meaning(called if name in IDS else meant)
    return columns


def _times(table: TextTable, source: Source, silent: Collection[str], last: int) -> Columns:
    if source.layout == "spells":
        return spells(table, source, silent, last)
    found = months_of(table, source)
    return {"year": found.year, "month_of_year": found.month_of_year}


def _amounts(table: TextTable, source: Source) -> Columns:
    columns: Columns = {"amount_ore": np.full(table.rows_n, SMALLEST_ORE, dtype=np.int64)}
    if "amount" in source.columns:
        columns["amount_ore"] = amounts_ore(table.column(source.columns["amount"]))
    if source.states:
        states = {spelling(state) for state in source.states}
        columns["is_receipt"] = table.column(source.columns["state"]).each(lambda text: spelling(text) in states, bool)
    return columns


def cell_failures(rows: pd.DataFrame, texts: Texts, numbers: Collection[str]) -> pd.DataFrame:
    """Failing cells of `rows`: row, column, reason. Each different text or number is looked at once."""
    found = [pd.DataFrame({"row": rows.index[:0], "column": "", "reason": ""})]
    for name in [*numbers, *texts]:
        codes, values = pd.factorize(rows[name]) if name in numbers else (rows[name], texts[name].texts)
        distinct = pd.DataFrame({name: pd.Series(values, dtype=str if name in texts else None)})
        of_values = failures(distinct, keys_schema([name]))
        for reason, cells in of_values.groupby("reason"):
            at = rows.index[pd.Series(codes).isin(cells["row"])]
            found.append(pd.DataFrame({"row": at, "column": name, "reason": reason}))
    return pd.concat(found, ignore_index=True).sort_values(["row", "column", "reason"], ignore_index=True)


def as_receipts(rows: pd.DataFrame, texts: Texts) -> pa.Table:
    """`rows` as a table of `RECEIPT_COLUMNS`."""
    month = (rows["year"] * 12 + rows["month_of_year"] - 1).to_numpy()
    if "is_receipt" in rows:  # a month in another state was observed, and was no receipt
        rows = rows.assign(amount_ore=rows["amount_ore"].where(rows["is_receipt"], 0))
    if "spell_months" in rows:
        length = rows["spell_months"].to_numpy()
        since_start = np.arange(length.sum()) - np.repeat(np.cumsum(length) - length, length)
        rows, month = rows.iloc[np.repeat(np.arange(len(rows)), length)], np.repeat(month, length) + since_start
        of_spell = np.repeat(length, length)
        shares = _shares(rows["amount_ore"].to_numpy(), of_spell, since_start)
        exits, nothing = _with_nothing(texts["exit"])
        # why a spell ended is so of its last month
        rows = rows.assign(amount_ore=shares, exit=np.where(since_start == of_spell - 1, rows["exit"], nothing))
        texts = texts | {"exit": exits}
    columns = {"month": pa.array(month.astype(np.int32)), "amount_ore": pa.array(rows["amount_ore"].to_numpy())}
    for name, column in texts.items():
        columns[name] = pa.DictionaryArray.from_arrays(pa.array(rows[name].to_numpy()), column.distinct)
    return pa.table(columns).select(RECEIPT_COLUMNS)


def _with_nothing(column: TextColumn) -> tuple[TextColumn, int]:
    """`column` with the empty text among its distinct ones, and the place of that."""
    texts = column.texts
    if "" in texts:
        return column, texts.index("")
    return replace(column, distinct=pa.array([*texts, ""], pa.string())), len(texts)


def _shares(ore: np.ndarray, months_n: np.ndarray, place: np.ndarray) -> np.ndarray:
    """The share of `ore` that month number `place` of a spell of `months_n` has, so that all of them make the whole."""
    share, left = np.divmod(ore, months_n)
    return np.where(ore == SMALLEST_ORE, ore, share + (place < left))


def _after_gap(rows: pd.DataFrame) -> pd.DataFrame:
    """Failures of rows dated after a month in which nobody at all had a row.

    The register's last month decides whose follow-up is complete: one row with a mistyped year would make it every
    case's. In the register's sparse beginning holes are natural, so the search starts at the median month.
    """
    month = (rows["year"] * 12 + rows["month_of_year"] - 1).to_numpy()
    beyond: np.ndarray = np.zeros(len(rows), dtype=bool)
    if len(rows) >= FEWEST_FOR_GAPS:
        median = int(np.median(month))
        rows_n = np.bincount(month[month >= median] - median)
        beyond = month >= median + int(np.argmin(np.append(rows_n, 0) > 0))
    return pd.DataFrame({"row": rows.index[beyond], "column": "year", "reason": "month_after_gap"})


def _notes(rows: pd.DataFrame, source: Source, *, file: str) -> list[Finding]:
    notes = []
    if "amount" in source.columns:
        is_recovery = (rows["amount_ore"] < 0) & (rows["amount_ore"] != UNREADABLE)
        notes += [("amount", "recovery", is_recovery), ("amount", "zero_amount", rows["amount_ore"] == 0)]
    if "is_receipt" in rows:
        notes.append(("state", "other_state", ~rows["is_receipt"]))
    if "is_open" in rows:
        notes += [("end", "open_spell", rows["is_open"]), ("end", "spell_cut", rows["is_cut"])]
    found = [Finding(file, source.columns[role], reason, int(rows_noted.sum())) for role, reason, rows_noted in notes]
    alone_n = 0 if "household" in source.columns else len(rows)
    return [*found, Finding(file, "", "no_household", alone_n)]


def headings_of(source: Source) -> dict[str, str]:
    """Column of `rows_once` to its heading in the files of `source`."""
    roles = source.columns
    month = roles.get("month", roles.get("start", ""))
    texts = {column: roles.get(role, "") for column, role in TEXT_ROLES.items()}
    times = {"year": roles.get("year", month), "month_of_year": month, "spell_months": roles.get("end", "")}
    return texts | times | {"amount_ore": roles.get("amount", "")}
