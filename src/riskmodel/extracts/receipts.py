"""The rows kept of the register: millions, so they stay in Arrow, or in the file that they were written to.

person_id, household_id ("" when unknown), month (int32: year * 12 + month - 1), amount_ore (int64), area, exit.
"""

from pathlib import Path
from typing import TypeAlias

import pyarrow as pa
import pyarrow.parquet as pq

Receipts: TypeAlias = pa.Table | Path


def receipts_n(receipts: Receipts) -> int:
    """How many rows there are."""
    return pq.read_metadata(receipts).num_rows if isinstance(receipts, Path) else receipts.num_rows


def receipts_table(receipts: Receipts) -> pa.Table:
    """All of the rows in memory."""
    return pq.read_table(receipts) if isinstance(receipts, Path) else receipts
