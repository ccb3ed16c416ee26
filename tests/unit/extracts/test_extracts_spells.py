"""Spells: which are open, where the register ends, what their ends mean, and where an exit belongs."""

import pytest
from village import (
    INSTRUMENT,
    counts,
    read_village,
    receipts_of,
    village_instrument,
    village_settings,
    without_survey,
    write_village,
)

from riskmodel.extracts.quarantine import action_of
from riskmodel.extracts.read import read_delivery
from riskmodel.ground.errors import SurveyDataError

SPELLS = without_survey(INSTRUMENT).replace('files = "register*.csv"', 'files = "register*.csv"\nlayout = "spells"')
SPELLS = SPELLS.replace('year = "År"\nmonth = "Månad"\namount = "Belopp"', 'start = "Från"\nend = "Till"')
HEAD = "Person;Hushåll;Från;Till;Område;Avslut\n"
START = 2020 * 12


def read(folder, rows, **register):
    return read_village(folder, register=HEAD + rows, instrument=SPELLS, **register)


def months(delivery, person):
    rows = receipts_of(delivery)
    return (rows.loc[rows["person_id"] == person, "month"] - START + 1).tolist()


def every_month(first, last, n=4):
    """So many spells of a month each, in each of the months."""
    return "".join(
        f"p{month}_{one};h{month}_{one};2020-{month:02d}-01;2020-{month:02d}-28;Nord;\n"
        for month in range(first, last + 1)
        for one in range(n)
    )


@pytest.mark.parametrize(
    "end",
    [
        "",
        "-",
        "NULL",
        "9999-12-31",
        "2099-12-31",
        "1900-01-01",
        "0000-00-00",
        "NaT",
        "n/a",
        "t.v.",
        "tills vidare",
        "Pågår",
        "pågående",
        "Vet ej",
    ],
)
def test_an_open_end_may_be_written_in_many_ways(tmp_path, end):
    delivery = read(tmp_path, every_month(1, 12) + f"cy;h;2020-10-05;{end};Nord;\n")
    assert months(delivery, "cy") == [10, 11, 12]
    assert counts(delivery)["register.csv", "Till", "open_spell"] == 1


@pytest.mark.parametrize(("end", "last"), [("2021-01-31", 12), ("2023-11-30", 12), ("2031-11-30", 12)])
def test_a_spell_granted_ahead_or_mistyped_carries_no_other_with_it_and_is_cut(tmp_path, end, last):
    delivery = read(tmp_path, every_month(1, 12) + f"bo;h1;2020-12-01;{end};Nord;\ncy;h2;2020-10-05;;Nord;\n")
    assert months(delivery, "cy") == [10, 11, last]
    assert months(delivery, "bo") == [12]
    assert counts(delivery)["register.csv", "Till", "spell_cut"] == 1
    assert action_of("spell_cut") == "noted"


def test_a_mistyped_beginning_is_set_aside_and_carries_no_other_with_it(tmp_path):
    delivery = read(tmp_path, every_month(1, 12, n=10) + "bo;h1;2031-01-01;;Nord;\ncy;h2;2020-10-05;;Nord;\n")
    assert months(delivery, "cy") == [10, 11, 12]
    assert counts(delivery)["register.csv", "Till", "impossible_spell"] == 1


@pytest.mark.parametrize("ahead", ["2021-03-01", "2022-06-01"])
def test_a_beginning_granted_ahead_carries_no_open_spell_with_it(tmp_path, ahead):
    delivery = read(tmp_path, every_month(1, 12) + f"bo;h1;{ahead};;Nord;\ncy;h2;2020-10-05;;Nord;\n")
    assert months(delivery, "cy") == [10, 11, 12]
    assert months(delivery, "bo") == []


def test_an_error_of_a_sheet_is_no_open_end(tmp_path):
    delivery = read(tmp_path, every_month(1, 12) + "cy;h;2020-10-05;#VÄRDEFEL!;Nord;\n")
    assert months(delivery, "cy") == []


def test_where_hardly_anybody_begins_the_last_ends_are_believed(tmp_path):
    delivery = read(tmp_path, "bo;h1;2020-03-01;2020-06-30;Nord;\ncy;h2;2020-04-05;;Nord;\n")
    assert months(delivery, "bo") == [3, 4, 5, 6] and months(delivery, "cy") == [4, 5, 6]
    assert ("register.csv", "Till", "spell_cut") not in counts(delivery)


def test_open_spells_of_an_older_file_end_with_it_and_its_others_are_not_cut(tmp_path):
    older = every_month(1, 6) + "bo;h1;2020-05-01;2020-08-31;Nord;\ncy;h2;2020-05-01;;Nord;\n"
    delivery = write_village(tmp_path, register=HEAD + older, survey=False)
    (delivery / "register ny.csv").write_text(HEAD + every_month(7, 12), encoding="utf-8")
    found = read_delivery(delivery, village_instrument(tmp_path, SPELLS), village_settings())
    assert months(found, "bo") == [5, 6, 7, 8]
    assert months(found, "cy") == [5, 6, 7, 8]  # the last month that its file tells of
    assert ("register.csv", "Till", "spell_cut") not in counts(found)


def exclusive(last_day):
    ends = [f"2021-{month + 1:02d}-01" if not last_day else f"2021-{month:02d}-28" for month in range(1, 12)]
    return "".join(
        f"p{month}_{one};h{month}_{one};2021-{month:02d}-01;{end};Nord;\n"
        for month, end in enumerate(ends, start=1)
        for one in range(3)
    )


def test_ends_on_the_first_day_after_stop_the_run_and_the_remedy_helps(tmp_path):
    with pytest.raises(SurveyDataError) as refused:
        read(tmp_path, exclusive(last_day=False))
    told = refused.value.said("en")
    assert "33 of 33 spells end on the first of a month (allowed 90%)" in told
    assert 'note = "register: end: first_day_after"' in told
    (tmp_path / "remedy").mkdir()
    delivery = read(tmp_path / "remedy", exclusive(last_day=True))
    assert len(receipts_of(delivery)) == 33


def test_months_written_by_their_first_day_are_right_as_they_are(tmp_path):
    rows = exclusive(last_day=False)
    rows = "".join(f"{line.replace(line.split(';')[3], line.split(';')[2])}\n" for line in rows.splitlines())
    assert len(receipts_of(read(tmp_path, rows))) == 33


def test_why_a_spell_ended_is_said_of_its_last_month_alone(tmp_path):
    delivery = read(tmp_path, "bo;h1;2020-01-01;2020-03-31;Nord;flyttat\nbo;h1;2020-05-01;2020-05-31;Nord;\n")
    assert receipts_of(delivery)["exit"].tolist() == ["", "", "moved", ""]
