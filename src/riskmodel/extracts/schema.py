"""What the rows of a delivery must look like: pandera schemas made from the instrument.

The only importer of pandera. Its messages and failure cases hold values and identifiers, so neither leaves this
file: what does is the place of a failing row, the column, and a reason code.
"""

from collections.abc import Iterable
from functools import cache

import numpy as np
import pandas as pd
import pandera.pandas as pa
from pandera.errors import SchemaErrors

from riskmodel.extracts.frames import FORMULA
from riskmodel.extracts.ids import DAMAGED
from riskmodel.extracts.numbers import UNREADABLE, UNREADABLE_NUMBER
from riskmodel.instrument.records import NO_ANSWER, NOT_ASKED, Item

NEVER_YEAR, FOREVER_YEAR = 1980, 2100
OLDEST_AGE = 110
LONGEST_SPELL_MONTHS = 600


def answers_schema(items: Iterable[Item], keys: Iterable[str]) -> pa.DataFrameSchema:
    """Schema of answers: one column per item, beside the `keys` that are there."""
    columns = {item.id: _number_column(item) if item.is_number else _level_column(item) for item in items}
    return pa.DataFrameSchema(columns | {key: KEY_COLUMNS[key] for key in keys})


def keys_schema(keys: Iterable[str]) -> pa.DataFrameSchema:
    """Schema of the columns that say who, when and where; `keys` are names in `KEY_COLUMNS`."""
    return pa.DataFrameSchema({key: KEY_COLUMNS[key] for key in keys})


def failures(frame: pd.DataFrame, schema: pa.DataFrameSchema) -> pd.DataFrame:
    """One row per failing cell of `frame`: row (its label), column, reason; sorted, each reason once per cell."""
    try:
        schema.validate(frame, lazy=True)
    except SchemaErrors as error:
        cases = error.failure_cases[["index", "column", "check"]].set_axis(["row", "column", "reason"], axis=1)
        found = cases.astype({"row": "int64", "column": str, "reason": str})
        return found.drop_duplicates().sort_values(["row", "column", "reason"], ignore_index=True)
    return _none_fail().copy()


@cache
def _none_fail() -> pd.DataFrame:
    return pd.DataFrame({"row": [], "column": [], "reason": []}).astype({"row": "int64", "column": str, "reason": str})


def _level_column(item: Item) -> pa.Column:
    known = [*item.codes, NO_ANSWER, NOT_ASKED]
    return pa.Column(str, pa.Check(lambda texts: texts.isin(known), error="unknown_code"))


def _number_column(item: Item) -> pa.Column:
    lowest, highest = (0, OLDEST_AGE) if item.derive == "age" else (item.minimum, item.maximum)
    readable = pa.Check(lambda numbers: numbers != UNREADABLE_NUMBER, error="unreadable_number")
    in_range = pa.Check(lambda numbers: numbers.between(lowest, highest) | np.isinf(numbers), error="out_of_range")
    return pa.Column(float, [readable, in_range], nullable=True)


def _no_formula() -> pa.Check:
    return pa.Check(lambda texts: texts != FORMULA, error="formula")


def _whole_id() -> list[pa.Check]:
    return [_no_formula(), pa.Check(lambda texts: texts != DAMAGED, error="rounded_id")]


def _text_column() -> pa.Column:
    return pa.Column(str, _no_formula())


def _whole_column(lowest: int, highest: int, *, unreadable: str, outside: str) -> pa.Column:
    return pa.Column(
        "int64",
        [
            pa.Check(lambda numbers: numbers != UNREADABLE, error=unreadable),
            pa.Check(lambda numbers: numbers.between(lowest, highest) | (numbers == UNREADABLE), error=outside),
        ],
    )


KEY_COLUMNS = {
    "person_id": pa.Column(str, [*_whole_id(), pa.Check(lambda texts: texts != "", error="no_person")]),
    "household_id": pa.Column(str, _whole_id()),
    "area": _text_column(),
    "exit": _text_column(),
    "year": _whole_column(NEVER_YEAR, FOREVER_YEAR, unreadable="unreadable_year", outside="year_out_of_range"),
    "month_of_year": _whole_column(1, 12, unreadable="unreadable_month", outside="month_out_of_range"),
    "spell_months": _whole_column(1, LONGEST_SPELL_MONTHS, unreadable="unreadable_month", outside="impossible_spell"),
    "amount_ore": pa.Column("int64", pa.Check(lambda ore: ore != UNREADABLE, error="unreadable_amount")),
}
