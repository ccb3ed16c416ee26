"""parquet and SPSS sav as text: whole numbers without decimals, dates as 2021-03-01, nothing as the empty text."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from riskmodel.extracts.refusals import REFUSALS
from riskmodel.extracts.text_table import MOST_BYTES, MOST_CELLS, TextColumn, TextTable, check_size, text_column
from riskmodel.ground.errors import SurveyDataError

# what pyreadstat tells of a file beside its cells and headings
SAV_TEXTS = (
    "file_label", "table_name", "notes", "column_labels", "value_labels", "missing_ranges", "missing_user_values",
    "mr_sets",
)  # fmt: skip
MONTHS_OF_YEARS = ["MOYR6", "MOYR8"]  # formats of a day that show its month alone
Codebook: TypeAlias = tuple[dict[str, dict[str, str]], dict[str, str], dict[str, frozenset[str]]]
Sav: TypeAlias = tuple[pa.Table, tuple[str, ...], int, Codebook]


def read_parquet(path: Path, *, where: str) -> TextTable:
    """The table in a parquet file."""
    read = None
    try:
        read = _parquet(path, where=where)
    except (pa.ArrowException, OSError, UnicodeError):
        pass
    if read is None:
        raise SurveyDataError(REFUSALS["no_parquet"].filled(where=where))
    table, notes = read
    unused = [text for column in table.columns if _is_encoded(column) for text in _of_dictionary(column)[1]]
    return _text_table(table, where=where, elsewhere=(*notes, *unused))


def _parquet(path: Path, *, where: str) -> tuple[pa.Table, list[str]]:
    """The table, when it is not too large, and what its metadata says."""
    meta = pq.read_metadata(path)
    check_size(meta.num_rows * meta.num_columns, MOST_CELLS, "cells", where=where)
    groups = map(meta.row_group, range(meta.num_row_groups))
    check_size(sum(group.total_byte_size for group in groups), MOST_BYTES, "bytes", where=where)
    schema = meta.schema.to_arrow_schema()
    texts = [field.name for field in schema if _is_text(field.type)]  # as a dictionary, so in memory once
    table = pq.ParquetFile(path, read_dictionary=texts, page_checksum_verification=True).read()
    table.validate(full=True)  # no text that is none, and no place that the dictionary lacks
    pairs = [pair for each in (schema, *schema) for pair in (each.metadata or {}).items()]
    return table, [text.decode("utf-8", "replace") for pair in pairs for text in pair]


def read_sav(path: Path, *, where: str) -> TextTable:
    """The table in an SPSS file: codes, not their labels, since labels are reworded; labels go through the guard."""
    if find_spec("pyreadstat") is None:
        raise SurveyDataError(REFUSALS["spss_extra"].filled(where=where))
    table, beside, bytes_n, (labels, wordings, missing) = _readable_sav(path, where=where)
    check_size(table.num_rows * table.num_columns, MOST_CELLS, "cells", where=where)
    check_size(bytes_n, MOST_BYTES, "bytes", where=where)
    text = _text_table(table, where=where, elsewhere=beside)
    return replace(text, labels=labels, wordings=wordings, missing=missing)


def _readable_sav(path: Path, *, where: str) -> Sav:
    """What `_sav` reads."""
    import pyreadstat

    try:
        return _sav(path)
    except OverflowError:
        why = "spss_days"
    except (pyreadstat.ReadstatError, pyreadstat.PyreadstatError, pa.ArrowException, OSError, ValueError):
        why = "no_spss"
    raise SurveyDataError(REFUSALS[why].filled(where=where))  # here, after the block: the library's may quote a cell


def _sav(path: Path) -> Sav:
    """The table, what stands beside it, how many bytes its rows take, and by heading what codes mean, the question, and
    the codes that are no answer.

    One row more than may be read, when there are more.
    """
    import pyreadstat

    _, meta = pyreadstat.read_sav(path, metadataonly=True)
    row_bytes_n = sum(meta.variable_storage_width.values())
    most_rows = min(MOST_CELLS // max(len(meta.column_names), 1), MOST_BYTES // max(row_bytes_n, 1))
    frame, meta = pyreadstat.read_sav(
        path, user_missing=True, row_limit=most_rows + 1, extra_date_formats=MONTHS_OF_YEARS
    )
    labels = tuple(text for each in SAV_TEXTS for text in _texts_in(getattr(meta, each)))
    table = pa.Table.from_pandas(frame, preserve_index=False)
    return table, labels, len(frame) * row_bytes_n, _codebook(frame, meta)


def _codebook(frame: pd.DataFrame, meta: Any) -> Codebook:
    meanings = {
        heading: {_as_cell(code): str(label) for code, label in own.items()}
        for heading, own in meta.variable_value_labels.items()
    }
    wordings = {heading: wording for heading, wording in meta.column_names_to_labels.items() if wording}
    missing = {
        heading: frozenset(
            _as_cell(code) for code in frame[heading].unique() if any(_is_in(code, one) for one in ranges)
        )
        for heading, ranges in meta.missing_ranges.items()
    }
    return meanings, wordings, missing


def _is_in(code: object, limits: Mapping[str, Any]) -> bool:
    """Whether it lies within `limits`; what is of another kind than they are, as a day is, does not."""
    return isinstance(code, type(limits["lo"])) and bool(limits["lo"] <= code <= limits["hi"])


def _as_cell(code: object) -> str:
    """A code as its cells are told."""
    return str(int(code)) if isinstance(code, float) and code.is_integer() else str(code)


def _texts_in(value: object) -> Iterator[str]:
    """Every text and number that `value` holds, keys too."""
    if isinstance(value, Mapping):
        value = [*value.keys(), *value.values()]
    if isinstance(value, list | tuple):
        for inner in value:
            yield from _texts_in(inner)
    elif value is not None:
        yield str(value)


def _text_table(table: pa.Table, *, where: str, elsewhere: tuple[str, ...] = ()) -> TextTable:
    """`table` as text. Columns of something else, times of day say, stop nothing unless they are asked for."""
    pairs = [(name, _as_text(column)) for name, column in zip(table.column_names, table.columns, strict=True)]
    readable = [(name, column) for name, column in pairs if column is not None]
    check_size(sum(column.bytes_n for _, column in readable), MOST_BYTES, "bytes", where=where)
    unread = [place for place, (_, column) in enumerate(pairs) if column is None]
    searched = {text for place in unread for value in table.column(place).to_pylist() for text in _texts_in(value)}
    return TextTable(
        headings=tuple(name for name, _ in readable),
        columns=tuple(column for _, column in readable),
        first_row=1,
        elsewhere=(*elsewhere, *(pairs[place][0] for place in unread), *sorted(searched)),
        unread=tuple(pairs[place][0] for place in unread),
    )


def _as_text(column: pa.ChunkedArray) -> TextColumn | None:
    try:
        if _is_encoded(column):
            return _of_dictionary(column)[0]
        if pa.types.is_floating(column.type):
            column = _float_text(column)
        elif pa.types.is_temporal(column.type):
            moments = _local(column).cast(pa.timestamp("s"), safe=False).cast(pa.string())
            column = pc.replace_substring_regex(moments, " 00:00:00$", "")
        return text_column(column.cast(pa.string()))
    except pa.ArrowException:
        return None


def _of_dictionary(column: pa.ChunkedArray) -> tuple[TextColumn, list[str]]:
    """The column without writing out its texts, those alone that a row has, and the others."""
    whole = column.combine_chunks()
    texts = pa.concat_arrays([whole.dictionary.cast(pa.string()).fill_null(""), pa.array([""])]).dictionary_encode()
    places = whole.indices.fill_null(len(whole.dictionary)).to_numpy(zero_copy_only=False)
    codes = texts.indices.to_numpy()[places]
    is_used = np.bincount(codes, minlength=len(texts.dictionary)) > 0
    distinct, unused = (texts.dictionary.filter(pa.array(which)) for which in (is_used, ~is_used))
    return TextColumn(distinct, (np.cumsum(is_used) - 1)[codes]), unused.to_pylist()


def _is_encoded(column: pa.ChunkedArray) -> bool:
    return pa.types.is_dictionary(column.type) and _is_text(column.type.value_type)


def _is_text(kind: pa.DataType) -> bool:
    return pa.types.is_string(kind) or pa.types.is_large_string(kind)


def _local(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Moments by the clock of their own zone, which says what month they belong to; others as they are."""
    has_zone = pa.types.is_timestamp(column.type) and column.type.tz is not None
    return pc.local_timestamp(column) if has_zone else column


def _float_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    numbers = pc.if_else(pc.is_finite(column), column, None)
    is_whole = pc.and_(pc.equal(numbers, pc.round(numbers)), pc.less(pc.abs(numbers), 2.0**53))
    whole = pc.cast(pc.if_else(is_whole, numbers, 0), pa.int64())
    return pc.if_else(is_whole, whole.cast(pa.string()), numbers.cast(pa.string()))
