"""Where a sheet's first table ends, as another stands below it."""

import pytest

from riskmodel.extracts.second_table import place_of_second_table

HEAD = {1: "Person", 2: "Månad", 3: "Område", 4: "Belopp"}
ROWS = [{1: "K1", 2: "2021-03", 3: "Norr", 4: "4000"}, {1: "K2", 2: "2021-04", 3: "Söder", 4: "3000"}]
EMPTY = {}
SUMMARY = [{1: "År", 2: "Antal", 3: "Summa"}, {1: "2021", 2: "2", 3: "7000"}]


def first_table(*rows):
    return place_of_second_table(rows, HEAD)


def test_another_table_begins_below_an_empty_row_with_headings_of_its_own():
    assert first_table(*ROWS, EMPTY, *SUMMARY) == 3
    assert first_table(*ROWS, EMPTY, {2: " "}, *SUMMARY) == 4
    # to the right, and with a heading of the first
    assert first_table(*ROWS, EMPTY, {2: "Person", 6: "Namn"}, {2: "K1", 6: "x"}) == 3


@pytest.mark.parametrize(
    "below",
    [
        SUMMARY,  # no empty row
        [EMPTY, *ROWS],
        [EMPTY, {**HEAD, 4: "Kronor"}, *ROWS],  # the same headings, one of them called otherwise
        [EMPTY, {1: "Summa", 4: "7000"}, *ROWS],
        [EMPTY, {1: "Uttaget av Anna"}, *ROWS],  # a note is one cell
        [EMPTY, {1: "Summa", 3: "Norr"}, *ROWS],  # said above, too
        [EMPTY, {1: "-", 3: "-"}, *ROWS],
        [EMPTY, SUMMARY[0]],  # nothing follows
    ],
)
def test_what_is_no_other_table_is_the_first_ones(below):
    assert first_table(*ROWS, *below) == len(ROWS) + len(below)


def test_headings_again_below_an_empty_first_row_are_no_other_table():
    assert first_table(EMPTY, {1: "Utdrag", 2: "Lifecare"}, *ROWS) == 4
