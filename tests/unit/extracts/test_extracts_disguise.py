"""811218-9876 is the example number of the Swedish tax agency; every text here is one way of writing it."""

import sys
import unicodedata
from datetime import date, timedelta
from random import Random

import pyarrow as pa
import pytest

from riskmodel.extracts.identity import (
    personal_numbers_in,
    personal_numbers_n,
    split_numbers_n,
)
from riskmodel.extracts.personal_numbers import holds_personal_number, is_personal_number
from riskmodel.extracts.text_table import text_array, text_column

DISGUISES = [
    "811218-9876",
    "\uff18\uff11\uff11\uff12\uff11\uff18-\uff19\uff18\uff17\uff16",
    "811218\uff0d9876",
    "811218\u20119876",
    "811218\u20149876",
    "811218\u22129876",
    "811218\ufe639876",
    "811218\u20439876",
    "811218\u2009-\u20099876",
    "811218\u202f9876",
    "811218\u30009876",
    "811218\u200b9876",
    "81\xad1218-9876",
    "811218\t9876",
    "811218\n9876",
    "811218 - 9876",
    "811218 \u2013 9876",
    "811218  9876",
    "811218--9876",
    "811218/9876",
    "811218.9876",
    "811218_9876",
    "811218:9876",
    "811218,9876",
    "811218;9876",
    "811218*9876",
    "811218=9876",
    "81 12 18 98 76",
    "81-12-18-9876",
    "81.12.18-9876",
    "81/12/18-9876",
    "1981-12-18-9876",
    "1981-12-18 9876",
    "1981.12.18-9876",
    "1981/12/18 9876",
    "1981 12 18 9876",
    "19 811218-9876",
    "19-811218-9876",
    "8112 18 9876",
    "8112 1898 76",
    "8 112 189 876",
    "8 112 189 876,00",
    "8.112.189.876",
    "811 218 9876",
    "81121 89876",
    "8 1 1 2 1 8 9 8 7 6",
    "8-1-1-2-1-8-9-8-7-6",
    "8112189876.0",
    "8112189876.00",
    "8112189876,0",
    "198112189876.0",
    "811218987.6",
    "8,112189876E+09",
    "8.112189876e9",
    "1.98112189876E+11",
    "1.98112189876e+11",
    "p-811218-9876",
    "p811218-9876",
    "811218-9876p",
    "Anna811218-9876",
    "Anna Berg 811218-9876",
    "811218-9876 Berg",
    "pnr8112189876",
    "Personnummer:8112189876",
    "8501011234,8112189876",
    "81121898768112189876",
    "198112189876198112189876",
    "8112189876/8112189876",
    "8112189876;8112189876",
    "81 12 18 9876 81 12 18 9876",
    "\u0668\u0661\u0661\u0662\u0661\u0668-\u0669\u0668\u0667\u0666",
    "\u2467\u2460\u2460\u2461\u2460\u2467\u2468\u2467\u2466\u2465",
    "\u2078\xb9\xb9\xb2\xb9\u2078\u2079\u2078\u2077\u2076",
    "\U0001d7d6\U0001d7cf\U0001d7cf\U0001d7d0\U0001d7cf\U0001d7d6-\U0001d7d7\U0001d7d6\U0001d7d5\U0001d7d4",
    "811218&ndash;9876",
    "811218&#45;9876",
    "811218'9876",
    "'8112189876",
    '="8112189876"',
    "811278-9873",
    "81 12 78 9873",
    "19811278 - 9873",
    "811218+9876",
    "18811218+9876",
    "811218 +9876",
    "12345 811218-9876",
    "12345, 8112189876",
    "12345;8112189876",
    "12345-8112189876",
    "12345/8112189876",
    "811218-987-6",
    "811218-98-76",
    "811218~9876",
    "811218\\9876",
    "(811218) 9876",
    "811218(9876)",
    "811218<9876",
    "811218#9876",
    "811218\u2013\u200b9876",
    "811218\xa0-\xa09876",
    "1981 1218 9876",
    "1981-1218-9876",
    "19-81-12-18-98-76",
    "1981121898 76",
    "19811218-98 76",
    "81 12189876",
    "811218 98 76",
    "811218987-6",
    "8112189876-1",
]
SERIES = ["8112-189876", "8112 189876", "1234-567890"]  # a series and its number: nobody writes theirs so
TOUCHED = [*SERIES, "8112189876p", "p8112189876", "klient8112189876", "811218987612345", "0.8112189876"]
ORDINARY = {  # of each kind a thousand, of which none may be taken for a number
    "moments": lambda day, some: f"{day} {some(0, 23):02d}.{some(0, 59):02d}",
    "stamps": lambda day, some: f"{day:%Y%m%d}_{some(0, 23):02d}{some(0, 59):02d}",
    "spans": lambda day, some: f"{day:%y%m%d}-{day + timedelta(some(0, 90)):%y%m%d}",
    "days and amounts": lambda day, some: f"{day} {some(1000, 9999)} kr, {day:%y%m%d} ({some(1000, 9999)})",
    "case numbers": lambda day, some: f"{day.year}-{some(0, 10**8):08d}",
    "more case numbers": lambda day, some: f"{day.year}/{some(1, 999):04d}-{some(0, 9999):04d}",
    "telephones": lambda day, some: f"070-{some(100, 999)} {some(10, 99)} {some(10, 99)}",
    "amounts": lambda day, some: f"{some(0, 10**9):,}".replace(",", " ") + ",00",
    "money": lambda day, some: f"{some(0, 10**6)}.{some(0, 99):02d}00",
    "codes": lambda day, some: " ".join(str(some(0, 3)) for _ in range(10)),
    "ids with a letter": lambda day, some: f"p{some(10**9, 10**10 - 1)}",
    "ids of four and six": lambda day, some: f"{some(0, 9999):04d}-{some(0, 10**6 - 1):06d}",
    "fractions": lambda day, some: f"{some(0, 99)}.{some(0, 10**10 - 1):010d}",
    "addresses": lambda day, some: ".".join(str(some(0, 255)) for _ in range(4)),
    "uuids": lambda day, some: f"19811218-9876-4{some(100, 999)}-8{some(100, 999)}-{some(10**11, 10**12 - 1)}",
}


@pytest.mark.parametrize("text", DISGUISES, ids=ascii)
def test_a_number_is_found_in_every_disguise(text):
    assert holds_personal_number(text)
    assert personal_numbers_in(text_array([text, "annat"])) == 1


@pytest.mark.parametrize("text", TOUCHED)
def test_digits_that_something_touches_are_an_id(text):
    assert not holds_personal_number(text)


@pytest.mark.parametrize("kind", ORDINARY)
def test_ordinary_texts_are_no_numbers(kind):
    drawn = Random(7)
    days = (date(2013, 1, 1) + timedelta(drawn.randrange(4900)) for _ in range(1000))
    assert personal_numbers_n(ORDINARY[kind](day, drawn.randint) for day in days) == 0


def columns(*written):
    made = [text_column(pa.array(texts)) for texts in zip(*written, strict=True)]
    return [(column.distinct, column.codes) for column in made]


@pytest.mark.parametrize(
    "cells",
    [
        ("811218", "9876"),
        ("19811218", "9876"),
        ("1981-12-18", "-9876"),
        ("81", "12189876"),
        ("8112", "189876"),
        ("81121", "89876"),
        ("811218987", "6"),
        ("19", "81", "12189876"),
        ("1981", "12", "18", "9876"),
        ("ab", "811278", "9873"),
    ],
)
def test_a_number_is_found_over_columns_side_by_side(cells):
    assert split_numbers_n(columns(cells)) > 0
    assert split_numbers_n(columns(cells, *[("x",) * len(cells)] * 30)) > 0


def test_days_beside_four_digits_are_no_numbers():
    drawn = Random(3)
    days = [date(1950, 1, 1) + timedelta(drawn.randrange(27_000)) for _ in range(2000)]
    rows = [("p12345", f"{day:%Y%m%d}", str(drawn.randint(1000, 9999)), "2021", "12") for day in days]
    assert split_numbers_n(columns(*rows)) == 0


def test_numbers_in_two_columns_are_no_numbers():
    drawn = Random(3)
    rows = [(str(drawn.randint(10**5, 10**6 - 1)), str(drawn.randint(1000, 9999))) for _ in range(2000)]
    assert split_numbers_n(columns(*rows)) == 0


def test_one_number_by_chance_among_ids_households_and_years_is_none():
    drawn = Random(3)
    day = next(day for day in range(10, 20) if is_personal_number("19", "81", "12", str(day), "2021"))
    rows = [(str(drawn.randint(30_000, 99_999)), str(drawn.randint(100, 139)), "2021", "-") for _ in range(40)]
    assert split_numbers_n(columns(*rows, ("19811", f"2{day}", "2021", "-"))) == 0


def marks(*kinds):
    return [chr(code) for code in range(sys.maxunicode + 1) if unicodedata.category(chr(code)) in kinds]


def test_every_dash_and_blank_may_stand_between():
    between = [*marks("Pd", "Zs", "Zl", "Zp", "Cf", "Mn"), *"\u2212\u207b\u02d7\uff0d\t\n\r\x0b\x0c\x00\u2800\u3164"]
    missed = [ascii(mark) for mark in between if not holds_personal_number(f"811218{mark}9876")]
    assert missed == []
    assert [ascii(mark) for mark in between if not holds_personal_number(f"Bo{mark} 81{mark}12{mark}18-9876")] == []


def test_digits_of_every_alphabet_are_digits():
    noughts = [mark for mark in marks("Nd") if unicodedata.decimal(mark) == 0]
    assert len(noughts) > 50
    for nought in noughts:
        text = "".join(chr(ord(nought) + int(digit)) for digit in "8112189876")
        assert personal_numbers_in(text_array([text])) == 1
