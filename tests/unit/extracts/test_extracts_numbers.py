import numpy as np
import pytest

from riskmodel.extracts.months import months
from riskmodel.extracts.numbers import (
    UNREADABLE,
    UNREADABLE_NUMBER,
    amounts_ore,
    decimal_numbers,
    is_negative,
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
        ("1.234,50", 123450),
        ("1,234.50", 123450),
        ("1'234.50", 123450),
        ("1.234.567", 123456700),
        ("500-", -50000),
        ("1 250,50 -", -125050),
        ("\u2013500", -50000),
        ("500\u2212", -50000),
        ("(500)", -50000),
        ("( 1.500,25 )", -150025),
        ("0.500", 50),
        ("8 692,00 kr", 869200),
        ("8692 Kr.", 869200),
        ("8\u00a0692\u00a0KR", 869200),
        ("SEK 8,692.50", 869250),
        ("8.692,50 SEK", 869250),
        ("kr 500", 50000),
        ("500:-", 50000),
        ("500 :-", 50000),
        ("-500 kr", -50000),
        ("500- kr", -50000),
        ("500 kr-", -50000),
        ("(500 kr)", -50000),
        ("(500) kr", -50000),
        ("-500:-", -50000),
    ],
)
def test_money_becomes_whole_ore(written, ore):
    assert amounts_ore(column(written)).tolist() == [ore]


@pytest.mark.parametrize(
    "written",
    [
        "",
        "-",
        "abc",
        "1.234",
        "1,234",
        "8.500",
        "12.000",
        "1 2",
        "1.23.456",
        "-5-",
        "(-5)",
        "(5",
        "5)",
        "1.234,567",
        "8,500.5.0",
        "12 34,00",
        "1e5",
        "8 tkr",
        "8 692 kr kr",
        "8 692 krona",
        "kr",
        "8 € ",
        "=1+1",
        "--1",
        "1,2,3",
    ],
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


def test_one_column_has_one_form_of_number():
    assert amounts_ore(column("8.500", "12.000", "1.234,50", "700")).tolist() == [850000, 1200000, 123450, 70000]
    assert amounts_ore(column("8,500", "12,000", "1,234.50", "700")).tolist() == [850000, 1200000, 123450, 70000]
    assert amounts_ore(column("8.500", "12.000", "700")).tolist() == [UNREADABLE, UNREADABLE, 70000]
    assert amounts_ore(column("8.500", "12.50", "700")).tolist() == [UNREADABLE, 1250, 70000]
    assert amounts_ore(column("8.500", "1200.500", "700")).tolist() == [850, 120050, 70000]
    assert amounts_ore(column("1,50", "1.50", "700")).tolist() == [UNREADABLE, UNREADABLE, 70000]
    assert amounts_ore(column(*["1,50"] * 39, "1.50")).tolist() == [150] * 39 + [UNREADABLE]
    assert amounts_ore(column(*["1,50"] * 39, "1.500")).tolist() == [150] * 39 + [150000]


def test_numbers_of_questions_are_in_one_form_too():
    assert decimal_numbers(column("1,5", "1.234")).tolist() == [1.5, 1234]
    assert decimal_numbers(column("1.5", "1.234", "0.125")).tolist() == [1.5, 1.234, 0.125]
    assert decimal_numbers(column("1.234", "4")).tolist() == [UNREADABLE_NUMBER, 4]


def test_what_looks_below_zero():
    texts = ["-5", "5-", "(5)", "kr -5", "5 kr -", "\u22125", "5", "8 500:-", "", "-", "SEK 5"]
    assert is_negative(column(*texts)).tolist() == [True] * 6 + [False] * 5
