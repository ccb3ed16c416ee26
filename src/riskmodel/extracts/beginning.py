"""Where the register begins: rows dated before it was kept would make everybody in its first full months new."""

import numpy as np
import pyarrow as pa

from riskmodel.extracts.quarantine import Finding

FEWEST = 20  # rows of the month in which a register begins; a smaller one builds up, or is too small to tell
TIMES = 10  # as many rows as any month before it: an inflow that builds up grows by less
MOST_SHARE = 0.01  # of all rows that may stand before: of more a broken flow is the cause


def since_beginning(receipts: pa.Table) -> tuple[pa.Table, Finding]:
    """The receipts from the month on in which the register begins, and how many were dated before.

    A late payment or a mistyped year stands alone, years before or in the month before. Whoever has receipt in the
    first full month would have had none in the months before, which nobody has rows of.
    """
    months = receipts["month"].to_numpy()
    first = int(months.min()) if len(months) else 0
    rows_n = np.bincount(months - first)
    before_n = np.cumsum(rows_n) - rows_n
    most_before = np.append(0, np.maximum.accumulate(rows_n))[: len(rows_n)]
    is_first = (before_n > 0) & (rows_n >= np.maximum(FEWEST, TIMES * most_before))
    begins = np.flatnonzero(is_first & (before_n <= MOST_SHARE * len(months)))
    dropped_n = int(before_n[begins[-1]]) if len(begins) else 0
    kept = receipts.filter(pa.array(months >= first + begins[-1])) if dropped_n else receipts
    return kept, Finding("register", "", "before_beginning", dropped_n)
