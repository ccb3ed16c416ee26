"""The same rows of the register delivered twice: under another name, beside other columns, as another month."""

from collections.abc import Collection, Iterable

import numpy as np
import pandas as pd
import pyarrow as pa

from riskmodel.extracts.quarantine import Finding
from riskmodel.extracts.receipts import RECEIPT_COLUMNS
from riskmodel.extracts.refusals import REFUSALS
from riskmodel.extracts.stops import Stop, noted
from riskmodel.extracts.text_table import ODD
from riskmodel.ground.words import MONTHS_A_YEAR, month_text, percent

FEWEST = 20  # rows of a month, of which fewer say nothing
MOST_AGAIN, FEWEST_AGAIN = 0.98, 50  # of a month's rows and of the other's: of fifty somebody comes or goes
MOST_ALIKE = 0.3  # of a month's rows; where all are there twice it is half of them


def alike_rows(receipts: pa.Table, accepted: Collection[str]) -> list[Finding]:
    """How many rows say what another says in all that is read; a month that holds many of them stops the run.

    receipts: of the whole register. Rows that are alike in every column are left out before this.
    """
    fingerprints = _fingerprints(receipts, RECEIPT_COLUMNS)
    is_alike = pd.Series(fingerprints).duplicated().to_numpy()
    if not is_alike.any():
        return []
    months, place = np.unique(receipts["month"].to_numpy(), return_inverse=True)
    all_n, alike_n = np.bincount(place), np.bincount(place, is_alike)
    is_many = (all_n >= FEWEST) & (alike_n > MOST_ALIKE * all_n)
    found = [Finding("register", "", "alike_row", int(is_alike.sum()))]
    if is_many.any():
        first = months[is_many][0]
        told = {"month": month_text(first), "months": is_many.sum()}
        told |= {"n": int(alike_n[is_many].sum()), "all": all_n[is_many].sum(), "most": percent(MOST_ALIKE)}
        stop = Stop("register", told["month"], "alike_months", told["n"], REFUSALS["rows_alike"].filled(**told))
        found.append(noted(stop, accepted))
    return found


def copied_months(receipts: pa.Table, accepted: Collection[str]) -> list[Finding]:
    """Raise a `SurveyDataError` where the rows of a month are those of the month, or the year, before, dated anew.

    A month in which nobody is paid is none: a calendar's, past its last payment, are alike.
    """
    fingerprints = _fingerprints(receipts, [name for name in RECEIPT_COLUMNS if name not in ("month", "exit")])
    month = receipts["month"].to_numpy().astype(np.int64)
    keys = pd.Series(fingerprints * ODD + month.astype(np.uint64))
    rows_n = np.bincount(month, minlength=MONTHS_A_YEAR)
    is_paid = np.bincount(month, receipts["amount_ore"].to_numpy() > 0, minlength=MONTHS_A_YEAR) > 0
    again: dict[int, int] = {}
    for gap in (1, MONTHS_A_YEAR):
        again_n = np.bincount(month[keys.isin(keys + np.uint64(gap))], minlength=len(rows_n))
        both_n = np.maximum(rows_n, np.append(np.zeros(gap, dtype=np.int64), rows_n[:-gap]))
        is_copy = (again_n > MOST_AGAIN * both_n) & (both_n >= FEWEST_AGAIN) & is_paid
        again |= {int(at): int(again_n[at]) for at in np.flatnonzero(is_copy)}
    if not again:
        return []
    first, n = month_text(min(again)), sum(again.values())
    told = {"months": len(again), "month": first, "n": n, "all": rows_n[list(again)].sum(), "most": percent(MOST_AGAIN)}
    return [noted(Stop("register", first, "copied_months", n, REFUSALS["months_again"].filled(**told)), accepted)]


def _fingerprints(receipts: pa.Table, columns: Iterable[str]) -> np.ndarray:
    """A number of each row that is the same where all of `columns` are, uint64, shape (n,)."""
    found = np.zeros(receipts.num_rows, dtype=np.uint64)
    for name in columns:
        whole = receipts[name].combine_chunks()
        values = whole.indices if pa.types.is_dictionary(whole.type) else whole
        found = found * ODD + values.to_numpy(zero_copy_only=False).astype(np.uint64)
    return found
