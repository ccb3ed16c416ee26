"""Months that nobody has a row in, between months that many have, and rows behind the register's end."""

import numpy as np
import pyarrow as pa
import pytest

from riskmodel.extracts.missing_months import missing_months, until_end
from riskmodel.ground.errors import SurveyDataError

FIRST = 2020 * 12


def register(*rows_n):
    """Receipts of months with so many rows each."""
    return pa.table({"month": np.repeat(FIRST + np.arange(len(rows_n)), rows_n)})


def refused(*rows_n):
    with pytest.raises(SurveyDataError) as caught:
        missing_months(register(*rows_n), ())
    return caught.value.said("en")


def test_a_forgotten_month_stops_the_run_and_may_be_accepted():
    told = refused(*[30] * 6, 2, *[30] * 6)
    assert "1 months (2020-07) have hardly any rows (2 together; 30 in a month is usual)" in told
    assert 'note = "register: 2020-07: missing_months"' in told
    accepted = {"register: 2020-07: missing_months"}
    assert [one.n for one in missing_months(register(*[30] * 6, 2, *[30] * 6), accepted)] == [1]
    # what the message asks for
    assert missing_months(register(*[30] * 13), ()) == []


def test_payments_of_a_quarter_in_one_month_stop_the_run():
    assert "16 months (several between 2020-02 and 2021-12)" in refused(*[90, 0, 0] * 8, *[30] * 12)


def test_a_whole_year_forgotten_stops_the_run():
    assert "12 months (several between 2021-01 and 2021-12)" in refused(*[40] * 12, *[0] * 12, *[40] * 12)


@pytest.mark.parametrize(
    "rows_n",
    [
        [19] * 6 + [0] + [19] * 6,  # too few to tell
        [5, 0, 0, 8, 12, 40, 80, *[300] * 12],  # builds up
        [300] * 6 + [250, 120, 60, 31, 30, 28],  # gets smaller
        [30] * 6 + [3] + [30] * 6,  # a tenth
        [300] * 12 + [4],  # the last month is not whole
        [],
    ],
)
def test_a_register_that_builds_up_or_is_small_passes(rows_n):
    assert missing_months(register(*rows_n), ()) == []


def test_a_row_behind_an_empty_month_does_not_move_the_registers_end_and_is_told():
    kept, told = until_end(register(*[50] * 12, *[0] * 100, 1))
    assert kept["month"].to_pylist()[-1] == FIRST + 11
    assert told == ("register", "", "after_end", 1)
    assert missing_months(kept, ()) == []


@pytest.mark.parametrize(
    "rows_n",
    [
        [50] * 12,
        [50] * 12 + [1],  # no empty month
        [50] * 12 + [0, 50],  # a month is missing
        [50] * 12 + [0, 3, 4],  # more than a hundredth of all
        [5] * 30 + [0, 1],  # too small to tell
        [],
    ],
)
def test_where_the_register_ends_is_not_guessed(rows_n):
    kept, told = until_end(register(*rows_n))
    assert kept.num_rows == sum(rows_n)
    assert told.n == 0
