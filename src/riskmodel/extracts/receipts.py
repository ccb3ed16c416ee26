"""The rows kept of the register: millions, so they stay in Arrow, or in the file that they were written to."""

from pathlib import Path
from typing import TypeAlias

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

Receipts: TypeAlias = pa.Table | Path

# household_id "" when unknown; month is year * 12 + month - 1; money is whole öre
TYPES = {
    "person_id": "str",
    "household_id": "str",
    "month": "int32",
    "amount_ore": "int64",
    "area": "str",
    "exit": "str",
}
RECEIPT_COLUMNS = list(TYPES)
# as pandas writes such a frame, and reads it back
SCHEMA = pa.Schema.from_pandas(pd.DataFrame({name: [] for name in TYPES}).astype(TYPES), preserve_index=False)
ROWS_AT_A_TIME = 1024 * 1024


def receipts_n(receipts: Receipts) -> int:
    """How many rows there are."""
    return pq.read_metadata(receipts).num_rows if isinstance(receipts, Path) else receipts.num_rows


def receipts_table(receipts: Receipts) -> pa.Table:
    """All of the rows in memory, texts as texts."""
    return pq.read_table(receipts) if isinstance(receipts, Path) else receipts.cast(SCHEMA)


def write_receipts(receipts: Receipts, path: Path) -> None:
    """Write the rows as parquet; each row group is spelled out by itself, so that the texts never stand in memory."""
    table = pq.read_table(receipts) if isinstance(receipts, Path) else receipts
    with pq.ParquetWriter(path, SCHEMA) as writer:
        for start in range(0, max(table.num_rows, 1), ROWS_AT_A_TIME):
            writer.write_table(table.slice(start, ROWS_AT_A_TIME).combine_chunks().cast(SCHEMA), ROWS_AT_A_TIME)
