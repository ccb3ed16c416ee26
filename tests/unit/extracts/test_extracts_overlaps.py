"""Months that two files of the register hold: what is the same is left out, what is not is counted and told."""

import pytest
from village import INTAKE, counts, receipts_of, village_instrument, village_settings, without_survey, write_village

from riskmodel.extracts.read import read_delivery

HEAD = "Person;Hushåll;År;Månad;Belopp;Område;Avslut"


def rows(month, *, persons, kr=8000):
    return [f"p{n}x;h{n}x;2020;{month};{kr + n};Nord;" for n in persons]


def read(tmp_path, first, second, **limits):
    folder = write_village(tmp_path, survey=False, register="\n".join([HEAD, *first, ""]))
    (folder / "register 2.csv").write_text("\n".join([HEAD, *second, ""]), encoding="utf-8")
    return read_delivery(folder, village_instrument(tmp_path, without_survey()), village_settings(**limits))


def told(read):
    return {key[:2]: n for key, n in counts(read).items() if key[2] == "overlap_differs"}


def test_rows_that_a_later_extract_has_otherwise_are_told(tmp_path):
    first = rows(1, persons=range(10)) + rows(2, persons=range(10))
    second = rows(2, persons=range(1, 8)) + rows(2, persons=[8, 9], kr=7000) + rows(3, persons=range(10))
    delivery = read(tmp_path, first, second)
    assert told(delivery) == {("register.csv", "Månad"): 5}  # p0, p8 and p9 before, p8 and p9 anew
    assert len(receipts_of(delivery)) == 32 and counts(delivery)["register.csv", "", "repeated_row"] == 7


@pytest.mark.parametrize(
    ("persons", "kr", "month"),
    [
        (range(10, 20), 8000, 2),  # another office
        (range(10), 900, 2),  # another kind of benefit
        (range(10), 8000, 3),  # the next month
        (range(10), 8000, 2),  # the same rows once more
        ([0, *range(10, 20)], 8000, 2),  # one who moved between offices
    ],
)
def test_files_beside_each_other_are_no_later_extracts(tmp_path, persons, kr, month):
    assert told(read(tmp_path, rows(2, persons=range(10)), rows(month, persons=persons, kr=kr))) == {}


def test_rows_that_stand_in_an_earlier_file_are_rows_of_the_year_whose_share_is_judged(tmp_path):
    # of 104 rows of 2020 in the later file 100 stand in the earlier one, and four, which are new, can't be read
    both = rows(2, persons=range(100))
    delivery = read(tmp_path, [*both, *rows(13, persons=range(4))], both, max_quarantined_share=0.05)
    assert len(receipts_of(delivery)) == 100
    assert delivery.quarantine["row"].nunique() == 4


def test_forms_that_stand_in_an_earlier_file_are_forms_of_the_year_whose_share_is_judged(tmp_path):
    head, *_ = INTAKE.splitlines()
    both = [head, *(f"p{n}x;2020-02;Nord;Gymnasium;ja;{1960 + n % 40};K" for n in range(100))]
    later = [*both, *(f"p{n}x;2020-13;Nord;Gymnasium;ja;1990;K" for n in range(4)), ""]
    register = "\n".join([HEAD, *rows(2, persons=range(100)), ""])
    folder = write_village(tmp_path, survey=False, register=register, intake="\n".join(later))
    (folder / "nybesök 2.csv").write_text("\n".join([*both, ""]), encoding="utf-8")
    instrument = village_instrument(tmp_path, without_survey().replace("nybesök.csv", "nybesök*.csv"))
    delivery = read_delivery(folder, instrument, village_settings(max_quarantined_share=0.05))
    assert len(delivery.answers_by_intake) == 100
