"""811218-9876 is the example number of the Swedish tax agency; the others are worked out from it."""

import pytest

from riskmodel.extracts.identity import (
    check_no_personal_numbers,
    personal_numbers_in,
    personal_numbers_n,
)
from riskmodel.extracts.personal_numbers import is_personal_number, luhn_sum
from riskmodel.extracts.text_table import text_array
from riskmodel.ground.errors import SurveyDataError


def test_luhn():
    # 8·2=16→7, 1, 1·2=2, 2, 1·2=2, 8, 9·2=18→9, 8, 7·2=14→5, 6
    assert luhn_sum("8112189876") == 7 + 1 + 2 + 2 + 2 + 8 + 9 + 8 + 5 + 6


@pytest.mark.parametrize(
    "text",
    [
        "811218-9876",
        "811218+9876",
        "8112189876",
        "198112189876",
        "19811218-9876",
        "19811218 9876",
        "811218\u20139876",
        "811278-9873",  # coordination number: day 18 + 60
        "198112789873",
        "8112189876.0",  # as a program writes a whole number
        "pnr: 811218-9876, ringde",
        "(811218-9876)",
        "000229-0005",  # 29 February 2000
    ],
)
def test_found(text):
    assert personal_numbers_n([text]) == 1
    assert personal_numbers_in(text_array([text])) == 1


@pytest.mark.parametrize(
    "text",
    [
        "811218-9875",  # wrong check digit
        "811318-9874",  # month 13
        "811232-9878",  # day 32
        "010229-0004",  # 29 February of no year ending in 01
        "811292-9875",  # day 92
        "a8112189876",  # a letter in front: an id
        "8112189876b",
        "98112189876",  # eleven digits
        "0.8112189876",  # a decimal fraction
        "3,8112189876",
        "14 705,00",
        "2021-03-01",
        "",
    ],
)
def test_not_found(text):
    assert personal_numbers_n([text]) == 0
    assert personal_numbers_in(text_array([text])) == 0


def test_a_century_decides_whether_a_leap_day_exists():
    assert is_personal_number("20", "00", "02", "29", "0005")
    assert not is_personal_number("19", "00", "02", "29", "0005")


def test_the_message_counts_and_never_shows():
    check_no_personal_numbers(0, where="a.csv")
    with pytest.raises(SurveyDataError, match="a.csv: 2 different texts .*put a letter in front"):
        check_no_personal_numbers(2, where="a.csv")
