import numpy as np
import pytest

from riskmodel.extracts.months import months
from riskmodel.extracts.numbers import (
    UNREADABLE,
    UNREADABLE_NUMBER,
    amounts_ore,
    decimal_numbers,
    whole_numbers,
)
from riskmodel.extracts.text_table import text_array, text_column


def column(*texts):
    return text_column(text_array(texts))


@pytest.mark.parametrize(
    ("written", "ore"),
    [
        ("8\u00a0692,00", 8692 * 100),
        ("8\u202f692,50", 8692 * 100 + 50),
        ("8 692,5", 8692 * 100 + 50),
        ("1\u00a0234\u00a0567,10", 1234567 * 100 + 10),
        ("8692.50", 8692 * 100 + 50),
        ("8692", 8692 * 100),
        ("8692.5000", 8692 * 100 + 50),
        (" 12 ", 12 * 100),
        ("-1 250,00", -1250 * 100),
        ("\u22121250,00", -1250 * 100),
        ("+3", 3 * 100),
        ("0,00", 0),
        ("999999999999,99", 999999999999 * 100 + 99),
    ],
)
def test_money_becomes_whole_ore(written, ore):
    assert amounts_ore(column(written)).tolist() == [ore]


@pytest.mark.parametrize(
    "written", ["", "-", "abc", "1.234", "1.234,50", "1 2", "12 34,00", "1e5", "8 692,00 kr", "=1+1", "--1", "1,2,3"]
)
def test_what_is_no_money_is_never_guessed(written):
    assert amounts_ore(column(written)).tolist() == [UNREADABLE]


def test_numbers_keep_their_place():
    texts = ["4", "x", "4,5", "4", "4,0"]
    assert whole_numbers(column(*texts)).tolist() == [4, UNREADABLE, UNREADABLE, 4, 4]
    assert decimal_numbers(column(*texts)).tolist() == [4, UNREADABLE_NUMBER, 4.5, 4, 4]


@pytest.mark.parametrize(
    "written", ["2021-03", "202103", "2021-3", "2021/03", "2021-03-31", "20210331", "2021-03-01 00:00:00"]
)
def test_a_month_is_read_in_many_forms(written):
    found = months(column(written))
    assert (found.year.tolist(), found.month_of_year.tolist()) == ([2021], [3])
    assert found.month.tolist() == [2021 * 12 + 3 - 1]


@pytest.mark.parametrize("written", ["", "mars", "20213", "21-03", "2021", "2021-03-01 25:00:00", "2021-03-011"])
def test_what_is_no_month_is_never_guessed(written):
    assert months(column(written)).year.tolist() == [UNREADABLE]


def test_a_month_13_is_told_apart_from_no_month():
    assert months(column("2021-13")).month_of_year.tolist() == [13]


def test_an_empty_column_is_empty():
    assert amounts_ore(column()).dtype == np.int64
    assert len(months(column()).year) == 0
