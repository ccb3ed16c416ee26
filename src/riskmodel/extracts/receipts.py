"""The rows kept of the register: millions, so they stay in Arrow, or in the file that they were written to."""

from pathlib import Path
from typing import TypeAlias

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
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


def numbered_receipts(receipts: Receipts) -> tuple[dict[str, np.ndarray], dict[str, pa.Array]]:
    """The columns of the rows, with whole numbers (int32) in place of texts, shape (n,) each, and each one's texts.

    A number is the place of its text among the different ones in order. A person without household is one alone, called
    "person " and who it is.
    """
    table = _encoded(receipts) if isinstance(receipts, Path) else receipts
    columns, texts = people_and_homes(table)
    for name in ("area", "exit"):
        columns[name], texts[name] = places(table[name])
    return columns | {name: table[name].to_numpy() for name in ("month", "amount_ore")}, texts


def _encoded(path: Path) -> pa.Table:
    """The rows in the file, each different text once; a row group at a time, or they would all stand there as texts."""
    with pq.ParquetFile(path, read_dictionary=[name for name, kind in TYPES.items() if kind == "str"]) as file:
        return pa.concat_tables(file.read_row_group(n) for n in range(file.num_row_groups)).unify_dictionaries()


def people_and_homes(receipts: pa.Table) -> tuple[dict[str, np.ndarray], dict[str, pa.Array]]:
    """The numbers of persons and households alone, shape (n,) each, and their texts."""
    person, persons = places(receipts["person_id"])
    household, households = places(receipts["household_id"])
    alone = pc.binary_join_element_wise("person ", persons, "")
    homes = _in_order(pa.concat_arrays([households, alone]).unique())
    of_person, of_household = (pc.index_in(names, homes).to_numpy() for names in (alone, households))
    is_alone = household == pc.index(households, "").as_py()
    home = np.where(is_alone, of_person[person], of_household[household])
    return {"person_id": person, "household_id": home}, {"person_id": persons, "household_id": homes}


def places(column: pa.ChunkedArray) -> tuple[np.ndarray, pa.Array]:
    """The place of each text among the different ones in order, shape (n,), and these."""
    whole = (column if pa.types.is_dictionary(column.type) else column.dictionary_encode()).combine_chunks()
    texts = whole.dictionary.cast(pa.string())
    in_order = _in_order(texts)
    return pc.index_in(texts, in_order).to_numpy()[whole.indices.to_numpy()], in_order


def distinct(keys: np.ndarray) -> np.ndarray:
    """The different ones of `keys`, sorted; `np.unique` looks millions of them up, which takes ten times as long."""
    ordered = np.sort(keys)
    return ordered[np.append(True, ordered[1:] != ordered[:-1])[: len(ordered)]]


def _in_order(texts: pa.Array) -> pa.Array:
    return texts.take(pc.array_sort_indices(texts))
