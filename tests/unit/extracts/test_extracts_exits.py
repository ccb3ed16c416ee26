"""Exits in a file of their own: deaths and moves are told there, and not in the register."""

import pytest
from village import INSTRUMENT, counts, receipts_of, village_instrument, village_settings, without_survey, write_village

from riskmodel.cohort.cases import read_history
from riskmodel.extracts.read import read_delivery
from riskmodel.ground.errors import SettingsError, SurveyDataError

REGISTER = """\
Person;Hushåll;År;Månad;Belopp;Område;Avslut
anna;h1;2020;1;100;Nord;
anna;h1;2020;2;100;Nord;flyttat
anna;h1;2020;9;100;Nord;
bo;h2;2020;3;100;Syd;
"""
APART = """\
[sources.exits]
files = "avslut.csv"
exit_codes = { avliden = "death", flyttat = "moved" }
columns = { person = "Nr", month = "Datum", exit = "Orsak" }

[sources.intake]
"""
OF_ONE_KIND = APART.replace('{ avliden = "death", flyttat = "moved" }', '{ "" = "death" }')
OF_ONE_KIND = OF_ONE_KIND.replace(', exit = "Orsak"', "")
JANUARY = 2020 * 12


def read(folder, rows, *, apart=APART, head="Nr;Datum;Orsak\n"):
    """The village, whose exits stand in a file of their own."""
    delivery = write_village(folder, survey=False, register=REGISTER)
    (delivery / "avslut.csv").write_text(head + rows, encoding="utf-8")
    instrument = village_instrument(folder, without_survey(INSTRUMENT.replace("[sources.intake]\n", apart)))
    return read_delivery(delivery, instrument, village_settings())


def exits(delivery):
    history = read_history(delivery.receipts, village_settings().cohort)
    rows = history.exits.assign(month=history.exits["month"] - JANUARY + 1)
    return rows.to_dict("split")["data"], history


def test_an_exit_is_a_row_without_money_and_whoever_left_is_unobserved_from_the_month_after(tmp_path):
    delivery = read(tmp_path, "bo;2020-05-17;Avliden\nanna;2020-09-30;hittat arbete\n")
    rows = receipts_of(delivery)
    assert rows["amount_ore"].sum() == 40_000 and len(rows) == 6
    who = rows.iloc[4:][["person_id", "household_id", "area"]]
    assert who.to_numpy().tolist() == [["bo", "", ""], ["anna", "", ""]]
    told, history = exits(delivery)
    assert told == [["anna", 2, "moved"], ["anna", 9, "hittat arbete"], ["bo", 5, "death"]]
    assert (history.receipts_n, history.person_months_n) == (4, 5)  # nobody gets a month with receipt by leaving
    absent = history.absences.set_index("person_id")
    assert (absent["first_month"] - JANUARY + 1).to_dict() == {"anna": 3, "bo": 6}
    assert absent.loc["anna", "last_month"] - JANUARY + 1 == 8


def test_exits_that_say_nothing_are_left_out_and_counted_by_cause(tmp_path):
    rows = (
        "bo;2020-05-17;avliden\n"
        "bo;2020-05-17;avliden\n"  # repeated
        "cia;2020-05-17;avliden\n"  # not in the register
        "anna;2019-12-31;flyttat\nanna;2020-10-01;flyttat\n"  # before its first month, after its last
        "anna;2020-04-01;-\n"  # no reason
        "bo;i fjol;avliden\n;2020-05-01;avliden\n"  # not a month, nobody
    )
    delivery = read(tmp_path, rows)
    found = {key[2]: n for key, n in counts(delivery).items() if key[0] in ("exits", "avslut.csv")}
    assert found == {
        "repeated_row": 1,
        "exit_of_nobody": 1,
        "exit_outside": 2,
        "exit_without_reason": 1,
        "unreadable_month": 1,
        "unreadable_year": 1,  # of the same cell
        "no_person": 1,
        "not_in_register": 1,
    }
    assert len(receipts_of(delivery)) == 5  # four payments, and Bo's death: 8 rows = 1 + 1 + 1 + 2 + 1 + 1 + 1
    assert delivery.quality.set_index("reason").loc["exit_outside", "action"] == "dropped"


def test_a_file_of_deaths_alone_needs_no_reasons(tmp_path):
    told, _ = exits(read(tmp_path, "bo;202005\n", apart=OF_ONE_KIND, head="Nr;Datum\n"))
    assert told == [["anna", 2, "moved"], ["bo", 5, "death"]]


def test_a_death_that_assistance_follows_is_told_and_a_second_row_about_it_is_none(tmp_path):
    followed = counts(read(tmp_path, "anna;2020-01-20;avliden\nbo;2020-03-01;avliden\nbo;2020-04-01;avliden\n"))
    assert followed["register", "", "exit_then_row"] == 1


def test_a_file_that_knows_nobody_of_the_register_is_of_another_key(tmp_path):
    strangers = "".join(f"{n};2020-05-17;avliden\n" for n in range(1, 21))
    with pytest.raises(SurveyDataError, match="none of 20 persons is in the register"):
        read(tmp_path, strangers)
    (tmp_path / "other").mkdir()
    assert counts(read(tmp_path / "other", strangers + "bo;2020-05-17;avliden\n"))["exits", "", "exit_of_nobody"] == 20


@pytest.mark.parametrize(
    ("said", "instead"),
    [
        (', exit = "Orsak"', ""),  # no column of reasons, and no kind
        ('avliden = "death"', '"" = "death"'),  # a column of reasons, and a kind
        ('person = "Nr", ', ""),
        ('month = "Datum", ', ""),
        ('person = "Nr", ', 'person = "Nr", amount = "Belopp", '),
    ],
)
def test_exits_without_person_month_or_reason_are_refused(tmp_path, said, instead):
    with pytest.raises(SettingsError, match="sources: exits: "):
        read(tmp_path, "", apart=APART.replace(said, instead))


def test_what_nobody_wrote_in_the_register_is_no_death(tmp_path):
    with pytest.raises(SettingsError, match="sources: register: only exits without a column"):
        village_instrument(tmp_path, INSTRUMENT.replace("avliden = ", '"" = ', 1))


@pytest.mark.parametrize("open_day", ["", "-", "NULL", "9999-12-31"])
def test_a_list_of_all_cases_has_rows_of_those_who_have_not_left(tmp_path, open_day):
    delivery = read(tmp_path, f"bo;2020-05-17;avliden\nanna;{open_day};\n")
    found = {key[2]: n for key, n in counts(delivery).items() if n and key[0] in ("exits", "avslut.csv")}
    assert found == {"no_exit": 1}
    assert exits(delivery)[0] == [["anna", 2, "moved"], ["bo", 5, "death"]]


def test_a_list_of_one_kind_without_a_day_tells_of_nobody(tmp_path):
    delivery = read(tmp_path, "bo;2020-05-17\nanna;\n", apart=OF_ONE_KIND, head="Nr;Datum\n")
    assert counts(delivery)["avslut.csv", "", "no_exit"] == 1
    assert exits(delivery)[0] == [["anna", 2, "moved"], ["bo", 5, "death"]]


def test_a_reason_without_a_day_can_not_be_used_and_is_no_open_case(tmp_path):
    told = counts(read(tmp_path, "bo;;avliden\n"))
    assert told["avslut.csv", "Datum", "blank_month"] == 1
    assert ("avslut.csv", "", "no_exit") not in told


def test_a_corrected_list_beside_the_old_one_is_told(tmp_path):
    delivery = read(tmp_path, "bo;2020-05-17;avliden\nbo;2020-05-17;arbete\nanna;2020-09-01;arbete\n")
    assert counts(delivery)["exits", "", "exits_differ"] == 1
