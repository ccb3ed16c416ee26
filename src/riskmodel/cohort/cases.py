"""From the register's rows to every start it can vouch for, each with its months before and after."""

from dataclasses import dataclass

import ibis
import numpy as np
import pandas as pd
import pyarrow as pa
from ibis import _
from ibis.expr.types import Table

from riskmodel.cohort.months import (
    absences_by_person,
    exits_by_person_month,
    receipts_around_starts,
    receipts_by_person_month,
    registered_by_person_household_month,
    starts_by_person_month,
    starts_in_households_on_assistance,
    strips_by_start,
)
from riskmodel.ground.settings import CohortSettings

ROW_COLUMNS = ["person_id", "household_id", "month", "amount_ore", "area", "exit"]
KEY = ["person_id", "intake_month"]
HOUSEHOLD_KEY = ["person_id", "household_id"]
NATIONAL_MONTHS = 24  # the calendar year of the intake and the next


@dataclass(frozen=True)
class RegisterHistory:
    """What the register says of everybody's months, sorted, so that the order of its rows never matters.

    starts: one row per first receipt after the clean months: person_id, intake_month, previous_month (Int32),
    area, strip (bit t: receipt in month t), earlier_n (receipts in the look-back), joined. absences: person_id,
    first_month, last_month, both unobserved. exits: person_id, month, exit. households: each pair person_id,
    household_id once. first_month, last_month: what the register covers.
    """

    starts: pd.DataFrame
    absences: pd.DataFrame
    exits: pd.DataFrame
    households: pd.DataFrame
    first_month: int
    last_month: int
    person_months_n: int
    receipts_n: int


def read_history(register_rows: pd.DataFrame, settings: CohortSettings) -> RegisterHistory:
    """The history in `register_rows` (one row per row kept of the register), worked out by DuckDB."""
    connection = ibis.duckdb.connect()
    columns = pa.Table.from_pandas(register_rows[ROW_COLUMNS], preserve_index=False)
    rows = connection.create_table("register_rows", columns)
    registered = connection.create_table("registered", registered_by_person_household_month(rows))
    receipts = connection.create_table("receipts", receipts_by_person_month(registered))
    exits = connection.create_table("exits", exits_by_person_month(rows))
    [first_month, last_month] = _numbers(rows.aggregate(first=_.month.min(), last=_.month.max()))
    started = starts_by_person_month(receipts, first_register_month=first_month, clean_months=settings.clean_months)
    starts = connection.create_table("starts", started)
    [person_months_n] = _numbers(registered.select("person_id", "month").distinct().aggregate(n=_.count()))
    [receipts_n] = _numbers(receipts.aggregate(n=_.count()))
    history = RegisterHistory(
        starts=_frame(_described(starts, registered, receipts, settings)).astype({"previous_month": "Int32"}),
        absences=_frame(absences_by_person(exits, receipts).order_by(["person_id", "first_month"])),
        exits=_frame(exits.order_by(["person_id", "month"])),
        households=_frame(registered.select(*HOUSEHOLD_KEY).distinct().order_by(HOUSEHOLD_KEY)),
        first_month=first_month,
        last_month=last_month,
        person_months_n=person_months_n,
        receipts_n=receipts_n,
    )
    connection.disconnect()
    return history


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
    followed = receipts_around_starts(starts, receipts, first_offset=0, last_offset=longest_follow_up_n(settings) - 1)
    looked_back = receipts_around_starts(
        starts, receipts, first_offset=settings.earlier_first_month, last_offset=settings.earlier_last_month
    )
    earlier = looked_back.group_by(KEY).agg(earlier_n=_.count().cast("int32"))
    joined = starts_in_households_on_assistance(starts, registered, receipts).mutate(joined=True)
    described = starts.inner_join(strips_by_start(followed), KEY)
    described = described.left_join(earlier, KEY).drop("person_id_right", "intake_month_right")
    described = described.left_join(joined, KEY).drop("person_id_right", "intake_month_right")
    return described.fill_null({"earlier_n": 0, "joined": False}).order_by(KEY)


def _frame(rows: Table) -> pd.DataFrame:
    return rows.to_pyarrow().to_pandas()


def _numbers(row: Table) -> list[int]:
    return [int(value) for value in row.to_pyarrow().to_pylist()[0].values()]
