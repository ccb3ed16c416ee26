"""From the register's rows to every start it can vouch for, each with its months before and after."""

from dataclasses import dataclass

import ibis
import numpy as np
import pandas as pd
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
from riskmodel.settings import CohortSettings

NATIONAL_MONTHS = 24  # the calendar year of the intake and the next
KEY = ["person_id", "intake_month"]


@dataclass(frozen=True)
class RegisterHistory:
    """What the register says, once and for all, sorted so that row order never matters.

    starts: one row per first receipt after the clean months: person_id, intake_month, previous_month (Int32),
    area, joined, strip (bit t: receipt in month t), earlier_n (receipts in the look-back), back_after_absence
    (the clean months were not all observed). absences: person_id, first_month, last_month, all unobserved.
    exits: person_id, month, exit. households: person_id, household_id, each pair once.
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
    rows = connection.create_table("register_rows", register_rows)
    registered = registered_by_person_household_month(rows).cache()
    receipts = receipts_by_person_month(registered).cache()
    exits = exits_by_person_month(rows).cache()
    first_month, last_month = int(rows.month.min().execute()), int(rows.month.max().execute())
    absences = absences_by_person(exits, receipts).order_by(["person_id", "first_month"]).execute()
    starts = starts_by_person_month(receipts, first_register_month=first_month, clean_months=settings.clean_months)
    described = _described(starts.cache(), registered, receipts, settings).execute().astype({"previous_month": "Int32"})
    clean = within_absence(described, absences, first_offset=-settings.clean_months, last_offset=-1)
    history = RegisterHistory(
        starts=described.assign(back_after_absence=clean),
        absences=absences,
        exits=exits.order_by(["person_id", "month"]).execute(),
        households=registered.select("person_id", "household_id").distinct().order_by(list(registered.columns[:2])).execute(),
        first_month=first_month,
        last_month=last_month,
        person_months_n=int(registered.select("person_id", "month").distinct().count().execute()),
        receipts_n=int(receipts.count().execute()),
    )
    connection.disconnect()
    return history


def followed_months_n(settings: CohortSettings) -> int:
    """Months of follow-up that any of the outcomes looks at."""
    return max(NATIONAL_MONTHS, settings.w)


def within_absence(
    starts: pd.DataFrame, absences: pd.DataFrame, *, first_offset: int, last_offset: int
) -> np.ndarray:
    """Whether any month from `first_offset` to `last_offset` of each start is unobserved, shape (n,), bool."""
    numbered = starts[KEY].assign(row=np.arange(len(starts)))
    pairs = numbered.merge(absences, on="person_id")
    begins, ends = pairs["intake_month"] + first_offset, pairs["intake_month"] + last_offset
    rows = pairs.loc[(pairs["first_month"] <= ends) & (pairs["last_month"] >= begins), "row"]
    return np.isin(np.arange(len(starts)), rows)


def _described(starts: Table, registered: Table, receipts: Table, settings: CohortSettings) -> Table:
    followed = receipts_around_starts(
        starts, receipts, first_offset=0, last_offset=followed_months_n(settings) - 1
    )
    looked_back = receipts_around_starts(
        starts, receipts, first_offset=settings.earlier_first_month, last_offset=settings.earlier_last_month
    )
    earlier = looked_back.group_by(KEY).agg(earlier_n=_.count())
    joined = starts_in_households_on_assistance(starts, registered, receipts).mutate(joined=True)
    described = starts.join(strips_by_start(followed), KEY)
    for more in (earlier, joined):
        described = described.left_join(more, KEY).select(*described.columns, more.columns[-1])
    return described.mutate(
        earlier_n=_.earlier_n.fill_null(0).cast("int32"), joined=_.joined.fill_null(False)
    ).order_by(KEY)
