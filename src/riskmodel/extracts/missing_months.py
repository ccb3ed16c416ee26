"""Months of the register that nobody has a row in, between months that many have: a forgotten file, or a wrong year."""

from collections.abc import Collection

import numpy as np
import pyarrow as pa

from riskmodel.extracts.quarantine import Finding
from riskmodel.extracts.refusals import REFUSALS
from riskmodel.extracts.stops import Stop, noted
from riskmodel.ground.text import listed
from riskmodel.ground.words import month_text

FEWEST = 20  # rows of a month before, and of one after; a smaller register may have a month without any
LEAST_SHARE = 0.1  # of the rows of both
MOST_BEYOND = 0.01  # of all rows that may stand behind an empty month: of more, months are missing
TIMES = 10  # as many rows as any month behind the empty one: one that a file forgot has as many as the others
SHOWN = 6  # months named


def until_end(receipts: pa.Table) -> tuple[pa.Table, Finding]:
    """The receipts up to the month in which the register ends, and how many were dated behind it.

    The last month decides whose follow-up is complete: a mistyped year would make it everybody's. Behind the end
    stand few rows, after a month without any.
    """
    months = receipts["month"].to_numpy()
    first = int(months.min()) if len(months) else 0
    rows_n = np.bincount(months - first)
    beyond_n = len(months) - np.cumsum(rows_n)
    most_beyond = np.append(np.maximum.accumulate(rows_n[::-1])[::-1][1:], 0)[: len(rows_n)]
    is_followed_by_none = np.append(rows_n[1:] == 0, False)[: len(rows_n)]
    is_last = is_followed_by_none & (beyond_n > 0) & (rows_n >= np.maximum(FEWEST, TIMES * most_beyond))
    ends = np.flatnonzero(is_last & (beyond_n <= MOST_BEYOND * len(months)))
    if not len(ends):
        return receipts, Finding("register", "", "after_end", 0)
    kept = receipts.filter(pa.array(months <= first + ends[0]))
    return kept, Finding("register", "", "after_end", int(beyond_n[ends[0]]))


def missing_months(receipts: pa.Table, accepted: Collection[str]) -> list[Finding]:
    """Raise a `SurveyDataError` where months have hardly any rows, and months before and after them many.

    Whoever has assistance before and after would be a new case. What a named person has `accepted` is told.
    """
    months = receipts["month"].to_numpy()
    if not len(months):
        return []
    first = int(months.min())
    rows_n = np.bincount(months - first)
    before, after = (np.maximum.accumulate(n) for n in (rows_n, rows_n[::-1]))
    around = np.minimum(before, after[::-1])
    at = np.flatnonzero((around >= FEWEST) & (rows_n < LEAST_SHARE * around))
    if not len(at):
        return []
    named = [month_text(first + place) for place in at.tolist()]
    shown = (
        listed(named[:SHOWN])
        if len(named) <= SHOWN
        else REFUSALS["months_between"].filled(first=named[0], last=named[-1])
    )
    told = {"n": len(at), "months": shown, "rows": int(rows_n[at].sum())}
    refusal = REFUSALS["months_missing"].filled(**told, usual=int(np.median(rows_n[rows_n > 0])))
    return [noted(Stop("register", named[-1], "missing_months", len(at), refusal), accepted)]
