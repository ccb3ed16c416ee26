"""Headings of a person, month or amount that differ between a source's files."""

import pytest
from village import (
    INSTRUMENT,
    REGISTER,
    SURVEY_2021,
    read_village,
    receipts_of,
    village_instrument,
    village_settings,
    without_survey,
    write_book,
    write_village,
)

from riskmodel.extracts.read import read_delivery
from riskmodel.ground.errors import SettingsError, SurveyDataError

OTHERS = '{ "Löpnr" = "person", Klient = "person", Utbetalt = "amount" }'
TWO_NAMES = without_survey().replace("[sources.register]\n", f"[sources.register]\nother_headings = {OTHERS}\n")


def in_two_files(folder, second):
    """The register's delivery with its last row in a file of its own, under the headings of `second`."""
    *rows, last = REGISTER.splitlines(keepends=True)
    delivery = write_village(folder, register="".join(rows), survey=False)
    (delivery / "register 2.csv").write_text(f"{second}\n{last}", encoding="utf-8")
    return read_delivery(delivery, village_instrument(folder, TWO_NAMES), village_settings())


def test_a_file_may_call_a_person_or_an_amount_otherwise(tmp_path):
    together = receipts_of(read_village(tmp_path, instrument=without_survey(), survey=False))
    apart = tmp_path / "apart"
    apart.mkdir()
    found = in_two_files(apart, "KLIENT;Hushåll;År;Månad;Utbetalt;Område;Avslut")
    assert receipts_of(found).sort_values(["person_id", "month"], ignore_index=True).equals(together)
    told = found.headings[found.headings["source"] == "register"].set_index("heading")["is_used"]
    assert told[["Person", "KLIENT", "Utbetalt"]].all()


def test_a_survey_s_year_may_call_a_person_otherwise(tmp_path):
    reader = 'reader = { header_row = 3, sheet = "Svar" }\n'
    text = INSTRUMENT.replace(reader, f'{reader}other_headings = {{ "Löpnr" = "person" }}\n')
    delivery = write_village(tmp_path)
    headings, *rows = SURVEY_2021
    write_book(delivery / "Kartläggning 2021.xlsx", [["Löpnr", *headings[1:]], *rows])
    found = read_delivery(delivery, village_instrument(tmp_path, text), village_settings()).answers_by_survey
    assert found["person_id"].tolist() == ["anna", "bo"]


def test_two_headings_of_one_role_in_one_file_are_told(tmp_path):
    told = r"register 2\.csv: .Löpnr., .Person. both stand in the file, and both are person"
    with pytest.raises(SurveyDataError, match=told):
        in_two_files(tmp_path, "Person;Löpnr;År;Månad;Belopp;Område;Avslut")


def test_a_role_without_a_heading_has_no_other(tmp_path):
    text = INSTRUMENT.replace("[sources.intake]\n", '[sources.intake]\nother_headings = { Belopp = "amount" }\n')
    with pytest.raises(SettingsError, match="intake: other_headings: amount is not in columns"):
        village_instrument(tmp_path, text)
