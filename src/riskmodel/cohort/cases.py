"""From the register's rows to every start it can vouch for, each with its months before and after."""

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import ibis
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from ibis import _
from ibis.backends.duckdb import Backend
from ibis.expr.types import Table

from riskmodel.cohort import months
from riskmodel.extracts.receipts import Receipts, numbered_receipts, places
from riskmodel.ground.private import staged
from riskmodel.ground.settings import CohortSettings

NUMBERED = ("person_id", "household_id", "area")
SPILLED = ".delivery.spilled."  # begins as what ingest sweeps, too
KEY = ["person_id", "intake_month"]
HOUSEHOLD_KEY = ["person_id", "household_id"]
NATIONAL_MONTHS = 24  # the calendar year of the intake and the next
DECIDES = ("clean_months", "w", "earlier_first_month", "earlier_last_month")  # the settings that a history rests on


@dataclass(frozen=True)
class RegisterHistory:
    """What the register says of everybody's months, sorted, so that the order of its rows never matters.

    starts: one row per first receipt after the clean months: person_id, intake_month, previous_month (Int32),
    area, strip (bit t: receipt in month t), earlier_n (receipts in the look-back), joined. absences: person_id,
    first_month, last_month, both unobserved. exits: person_id, month, exit. households: each pair person_id,
    household_id once. first_month, last_month: what the register covers. by_month: month, rows_n in the register,
    persons_n with receipt.
    """

    starts: pd.DataFrame
    absences: pd.DataFrame
    exits: pd.DataFrame
    households: pd.DataFrame
    first_month: int
    last_month: int
    person_months_n: int
    receipts_n: int
    by_month: pd.DataFrame


def read_history(receipts: Receipts, settings: CohortSettings) -> RegisterHistory:
    """The history in `receipts` (one row per row kept of the register), worked out by DuckDB.

    What does not fit in memory lies beside the delivery meanwhile, its owner's alone, and never outlives the next run.
    """
    beside = receipts.parent.parent if isinstance(receipts, Path) else Path(tempfile.gettempdir())
    threads = {} if isinstance(receipts, Path) else {"threads": 1}  # small enough for memory: two would work twice
    with staged(beside, SPILLED) as folder:
        connection = ibis.duckdb.connect(temp_directory=str(folder), **threads)
        try:
            return _history(connection, _numbered(connection, receipts), settings)
        finally:
            connection.disconnect()


def histories(receipts: Receipts) -> Callable[[CohortSettings], RegisterHistory]:
    """`read_history` of `receipts`, which are worked through once for all settings that give the same."""
    made: dict[tuple[int, ...], RegisterHistory] = {}

    def history(settings: CohortSettings) -> RegisterHistory:
        key = tuple(getattr(settings, name) for name in DECIDES)
        if key not in made:
            made[key] = read_history(receipts, settings)
        return made[key]

    return history


@dataclass(frozen=True, eq=False)
class _Rows:
    """The register's rows with numbers for texts, those with an exit reason apart, and each column's texts in order."""

    rows: Table
    with_exit: Table
    texts: Mapping[str, pa.ChunkedArray | pa.Array]


def _numbered(connection: Backend, receipts: Receipts) -> _Rows:
    """DuckDB reads a file itself, in a third of the memory that Arrow needs to do it; in memory texts are numbered."""
    if not isinstance(receipts, Path):
        table, texts = numbered_receipts(receipts)
        code, reasons = places(receipts["exit"])
        has_exit = code != pc.index(reasons, "").as_py()
        who = table.select(["person_id", "month"]).filter(pa.array(has_exit))
        with_exit = who.append_column("exit", reasons.take(pa.array(code[has_exit])))
        return _Rows(ibis.memtable(table), ibis.memtable(with_exit), texts)
    rows = months.with_households(connection.read_parquet(receipts))
    numbers = {column: connection.create_table(column, months.numbers_by_text(rows, column)) for column in NUMBERED}
    in_numbers = rows.select("person_id", "household_id", "month", "amount_ore", "area")
    for column in NUMBERED:
        in_numbers = months.numbered(in_numbers, numbers[column])
    exits = rows.filter(_.exit != "").select("person_id", "month", "exit")
    texts = {column: connection.to_pyarrow(months.texts_in_order(numbers[column]))[column] for column in NUMBERED}
    return _Rows(in_numbers, months.numbered(exits, numbers["person_id"]), texts)


def _history(connection: Backend, known: _Rows, settings: CohortSettings) -> RegisterHistory:
    rows = known.rows
    registered = connection.create_table("registered", months.registered_by_person_household_month(rows))
    person_months = connection.create_table("person_months", months.registered_by_person_month(registered))
    nothing = connection.create_table("nothing", months.nothing_by_person_month(registered))
    received = months.receipts_by_person_month(person_months, nothing)
    exits = connection.create_table("exits", months.exits_by_person_month(known.with_exit))
    by_month = connection.to_pyarrow(months.counts_by_month(rows, received)).to_pandas()
    first, last = (int(end) for end in by_month["month"].agg(["min", "max"]))
    started = months.starts_by_person_month(received, first_register_month=first, clean_months=settings.clean_months)
    starts = connection.create_table("starts", started)

    def frame(found: Table) -> pd.DataFrame:
        return _named(connection.to_pyarrow(found), known.texts).to_pandas()

    return RegisterHistory(
        starts=frame(_described(starts, registered, received, settings)).astype({"previous_month": "Int32"}),
        absences=frame(months.absences_by_person(exits, received).order_by(["person_id", "first_month"])),
        exits=frame(exits.select("person_id", "month", "exit").order_by(["person_id", "month"])),
        households=frame(registered.select(*HOUSEHOLD_KEY).distinct().order_by(HOUSEHOLD_KEY)),
        first_month=first,
        last_month=last,
        person_months_n=connection.to_pyarrow(person_months.count()).as_py(),
        receipts_n=int(by_month["persons_n"].sum()),
        by_month=by_month,
    )


def longest_follow_up_n(settings: CohortSettings) -> int:
    """Months of follow-up that any of the outcomes looks at."""
    return max(NATIONAL_MONTHS, settings.w)


def received_by_month(strips: pd.Series, *, months_n: int) -> np.ndarray:
    """The months of each strip one by one, shape (n, months_n), bool."""
    return (strips.to_numpy(dtype=np.int64)[:, None] >> np.arange(months_n)) & 1 == 1


def is_absent(starts: pd.DataFrame, absences: pd.DataFrame, *, first_offset: int, last_offset: int) -> np.ndarray:
    """Whether any month from `first_offset` to `last_offset` after each start is unobserved, shape (n,), bool."""
    pairs = starts[KEY].assign(row=np.arange(len(starts))).merge(absences, on="person_id")
    begins, ends = pairs["intake_month"] + first_offset, pairs["intake_month"] + last_offset
    touched = pairs.loc[(pairs["first_month"] <= ends) & (pairs["last_month"] >= begins), "row"]
    return np.isin(np.arange(len(starts)), touched)


def _described(starts: Table, registered: Table, receipts: Table, settings: CohortSettings) -> Table:
    followed = months.receipts_around_starts(
        starts, receipts, first_offset=0, last_offset=longest_follow_up_n(settings) - 1
    )
    looked_back = months.receipts_around_starts(
        starts, receipts, first_offset=settings.earlier_first_month, last_offset=settings.earlier_last_month
    )
    earlier = looked_back.group_by(KEY).agg(earlier_n=_.count().cast("int32"))
    joined = months.starts_in_households_on_assistance(starts, registered, receipts).mutate(joined=True)
    described = starts.inner_join(months.strips_by_start(followed), KEY)
    described = described.left_join(earlier, KEY).drop("person_id_right", "intake_month_right")
    described = described.left_join(joined, KEY).drop("person_id_right", "intake_month_right")
    return described.fill_null({"earlier_n": 0, "joined": False}).order_by(KEY)


def _named(found: pa.Table, texts: Mapping[str, pa.ChunkedArray | pa.Array]) -> pa.Table:
    """`found` with texts again in place of their numbers."""
    columns = {
        name: texts[name].take(column) if name in texts else column
        for name, column in zip(found.column_names, found.columns, strict=True)
    }
    return pa.table(columns)
