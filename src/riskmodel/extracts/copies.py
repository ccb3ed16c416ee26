"""The same rows of the register delivered twice: under another name, beside other columns."""

from collections.abc import Collection

import numpy as np
import pandas as pd
import pyarrow as pa

from riskmodel.extracts.quarantine import Finding
from riskmodel.extracts.receipts import RECEIPT_COLUMNS
from riskmodel.extracts.refusals import REFUSALS
from riskmodel.extracts.stops import Stop, noted
from riskmodel.extracts.text_table import ODD
from riskmodel.ground.words import MONTHS_A_YEAR, percent

FEWEST = 20  # rows of a month, of which fewer say nothing
MOST_ALIKE = 0.3  # of a month's rows; where all are there twice it is half of them


def alike_rows(receipts: pa.Table, accepted: Collection[str]) -> list[Finding]:
    """How many rows say what another says in all that is read; a month that holds many of them stops the run.

    receipts: of the whole register. Rows that are alike in every column are left out before this.
    """
    fingerprints = np.zeros(receipts.num_rows, dtype=np.uint64)
    for name in RECEIPT_COLUMNS:
        whole = receipts[name].combine_chunks()
        values = whole.indices if pa.types.is_dictionary(whole.type) else whole
        fingerprints = fingerprints * ODD + values.to_numpy(zero_copy_only=False).astype(np.uint64)
    is_alike = pd.Series(fingerprints).duplicated().to_numpy()
    if not is_alike.any():
        return []
    months, place = np.unique(receipts["month"].to_numpy(), return_inverse=True)
    all_n, alike_n = np.bincount(place), np.bincount(place, is_alike)
    is_many = (all_n >= FEWEST) & (alike_n > MOST_ALIKE * all_n)
    found = [Finding("register", "", "alike_row", int(is_alike.sum()))]
    if is_many.any():
        first = months[is_many][0]
        told = {"month": f"{first // MONTHS_A_YEAR}-{first % MONTHS_A_YEAR + 1:02d}", "months": is_many.sum()}
        told |= {"n": int(alike_n[is_many].sum()), "all": all_n[is_many].sum(), "most": percent(MOST_ALIKE)}
        stop = Stop("register", told["month"], "alike_months", told["n"], REFUSALS["rows_alike"].filled(**told))
        found.append(noted(stop, accepted))
    return found
