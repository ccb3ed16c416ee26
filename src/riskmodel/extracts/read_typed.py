"""parquet and SPSS sav as text: whole numbers without decimals, dates as 2021-03-01, nothing as the empty text."""

from importlib.util import find_spec
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from riskmodel.extracts.text_table import TextColumn, TextTable, text_column
from riskmodel.ground.errors import SurveyDataError


def read_parquet(path: Path, *, where: str) -> TextTable:
    """The table in a parquet file."""
    table = None
    try:
        table = pq.read_table(path)
    except (pa.ArrowException, OSError):
        pass
    if table is None:
        raise SurveyDataError(f"{where}: not a parquet file, or a damaged one. Deliver it again.")
    return _text_table(table, where=where)


def read_sav(path: Path, *, where: str) -> TextTable:
    """The table in an SPSS file: codes, not their labels, since labels are reworded; labels go through the guard."""
    if find_spec("pyreadstat") is None:
        raise SurveyDataError(
            f"{where}: SPSS files need the extra `spss` (0 of 1 libraries found). Run `uv sync --extra spss`, or "
            "deliver csv, xlsx or parquet."
        )
    import pyreadstat

    table, labels = None, []
    try:
        frame, meta = pyreadstat.read_sav(path, user_missing=True)
        named = [label for values in meta.variable_value_labels.values() for label in values.values()]
        labels = [str(label) for label in (*named, *meta.column_labels, *meta.notes) if label]
        table = pa.Table.from_pandas(frame, preserve_index=False)
    except (pyreadstat.ReadstatError, pa.ArrowException, OSError, UnicodeError):
        pass
    if table is None:
        raise SurveyDataError(f"{where}: not an SPSS file, or a damaged one. Deliver it again, or as csv.")
    return _text_table(table, where=where, elsewhere=tuple(labels))


def _text_table(table: pa.Table, *, where: str, elsewhere: tuple[str, ...] = ()) -> TextTable:
    columns = [_as_text(column) for column in table.columns]
    unreadable_n = sum(column is None for column in columns)
    if unreadable_n:
        raise SurveyDataError(
            f"{where}: {unreadable_n} of {len(columns)} columns hold something else than text, numbers and dates. "
            "Leave them out of the delivery."
        )
    readable = tuple(column for column in columns if column is not None)
    return TextTable(tuple(table.column_names), readable, first_row=1, elsewhere=elsewhere)


def _as_text(column: pa.ChunkedArray) -> TextColumn | None:
    try:
        if pa.types.is_floating(column.type):
            column = _float_text(column)
        elif pa.types.is_temporal(column.type):
            moments = _local(column).cast(pa.timestamp("s"), safe=False).cast(pa.string())
            column = pc.replace_substring_regex(moments, " 00:00:00$", "")
        return text_column(column.cast(pa.string()))
    except pa.ArrowException:
        return None


def _local(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Moments by the clock of their own zone, which says what month they belong to; others as they are."""
    has_zone = pa.types.is_timestamp(column.type) and column.type.tz is not None
    return pc.local_timestamp(column) if has_zone else column


def _float_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    numbers = pc.if_else(pc.is_finite(column), column, None)
    is_whole = pc.and_(pc.equal(numbers, pc.round(numbers)), pc.less(pc.abs(numbers), 2.0**53))
    whole = pc.cast(pc.if_else(is_whole, numbers, 0), pa.int64())
    return pc.if_else(is_whole, whole.cast(pa.string()), numbers.cast(pa.string()))
