"""A column of text in which each distinct value is kept once: what is done to values is done once per value."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

ODD = np.uint64(0x9E3779B97F4A7C15)  # an odd multiplier keeps the order of columns in a row's fingerprint


@dataclass(frozen=True)
class TextColumn:
    """distinct: the different texts, none null. codes: for each row the place of its text in `distinct`, shape (n,)."""

    distinct: pa.Array
    codes: np.ndarray

    def __len__(self) -> int:
        return len(self.codes)

    @property
    def texts(self) -> list[str]:
        """The distinct texts."""
        return self.distinct.to_pylist()

    def each(self, value_of: Callable[[str], Any], dtype: Any = object) -> np.ndarray:
        """`value_of` applied to every text; an array of `dtype`, shape (n,)."""
        values = np.empty(len(self.distinct), dtype=dtype)
        for place, text in enumerate(self.texts):
            values[place] = value_of(text)
        return values[self.codes]

    def translated(self, text_of: Callable[[str], str]) -> pd.Series:
        """`text_of` applied to every text, as a series of text."""
        texts = pa.array([text_of(text) for text in self.texts], pa.string())
        return texts.take(pa.array(self.codes)).to_pandas()

    def meaning(self, text_of: Callable[[str], str]) -> "TextColumn":
        """`text_of` applied to every text, as a column of its own."""
        encoded = pa.array([text_of(text) for text in self.texts], pa.string()).dictionary_encode()
        return TextColumn(encoded.dictionary, encoded.indices.to_numpy(zero_copy_only=False)[self.codes])


def text_column(column: pa.ChunkedArray | pa.Array) -> TextColumn:
    """`column` of Arrow strings, a dictionary of them without nulls or plain; nulls become the empty text."""
    whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    is_encoded = pa.types.is_dictionary(whole.type) and whole.null_count == 0
    encoded = whole if is_encoded else pc.fill_null(whole.cast(pa.string()), "").dictionary_encode()
    return TextColumn(encoded.dictionary, encoded.indices.to_numpy(zero_copy_only=False))


def row_fingerprints(columns: Iterable[TextColumn], rows_n: int) -> np.ndarray:
    """64 bits per row that are equal for equal rows, shape (n,), whichever file a row stands in.

    Two different rows share them with a chance of about n²/2⁶⁵: 4 in 100,000 for a whole country's register.
    """
    fingerprints = np.zeros(rows_n, dtype=np.uint64)
    for column in columns:
        hashes = pd.util.hash_array(np.asarray(column.texts, dtype=object), categorize=False)
        fingerprints = fingerprints * ODD + hashes[column.codes]
    return fingerprints
