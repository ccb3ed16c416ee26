"""A survey with a sheet for each year, in one workbook."""

import pandas as pd
import pyarrow as pa
import pytest
from openpyxl import Workbook
from village import (
    INSTRUMENT,
    INTAKE,
    REGISTER,
    SURVEY_2020,
    SURVEY_2021,
    village_instrument,
    village_settings,
)  # fmt: skip

from riskmodel.extracts.crowds import check_crowds
from riskmodel.extracts.read import read_delivery
from riskmodel.ground.errors import SettingsError, SurveyDataError

SHEETS = INSTRUMENT.replace("Kartläggning {year}.xlsx", "EB 2018-2025.xlsx").replace(
    'header_row = 3, sheet = "Svar"', 'sheet = "Kartläggning {year}"'
)


def delivery(folder, sheets, text=SHEETS):
    """The village with `sheets`, name to rows, in one workbook."""
    (folder / "delivered").mkdir()
    (folder / "delivered" / "register.csv").write_text(REGISTER, encoding="utf-8")
    (folder / "delivered" / "nybesök.csv").write_text(INTAKE, encoding="utf-8")
    book = Workbook()
    book.active.title = "Läs mig"
    for name, rows in sheets.items():
        page = book.create_sheet(name)
        for row in rows:
            page.append(row)
    book.save(folder / "delivered" / "EB 2018-2025.xlsx")
    return read_delivery(folder / "delivered", village_instrument(folder, text), village_settings())


def test_each_sheet_is_the_survey_of_the_year_in_its_name(tmp_path):
    read = delivery(tmp_path, {"kartläggning 2021": SURVEY_2021, "Kartläggning 2020": SURVEY_2020})
    answers = read.answers_by_survey
    assert answers[["person_id", "survey_year", "education"]].to_numpy().tolist() == [
        ["anna", 2020, "upper_secondary"],
        ["bo", 2021, "compulsory"],
    ]
    of_survey = read.files.query("source == 'survey'")[["file", "rows_n"]].to_numpy().tolist()
    assert of_survey == [["EB 2018-2025.xlsx: Kartläggning 2020", 1], ["EB 2018-2025.xlsx: kartläggning 2021", 1]]


def test_a_sheet_that_another_source_reads_is_no_unread_one(tmp_path):
    sheets = {"Kartläggning 2020": SURVEY_2020, "Kartläggning 2021": SURVEY_2021, "Kvar": SURVEY_2020}
    unread = delivery(tmp_path, sheets).quality.query("reason == 'sheet_not_read'")
    assert unread.set_index("file")["n"].to_dict() == {
        f"EB 2018-2025.xlsx: Kartläggning {year}": 1 for year in (2020, 2021)
    }


def test_a_workbook_without_such_a_sheet_says_which_it_has(tmp_path):
    with pytest.raises(SurveyDataError, match=r"Kartläggning \{year\}.*was not found among its 2 sheets.*Enkät"):
        delivery(tmp_path, {"Enkät": SURVEY_2020})


def test_the_year_stands_in_one_place(tmp_path):
    twice = SHEETS.replace("EB 2018-2025.xlsx", "EB {year}-2025.xlsx")
    with pytest.raises(SettingsError, match="sheet"):
        delivery(tmp_path, {"Kartläggning 2020": SURVEY_2020}, twice)


def test_a_survey_of_another_year_than_its_name_says_stops_the_run():
    rows = [(f"{who}{n}", 12 * year) for who, year in (("p", 2018), ("q", 2025)) for n in range(40)]
    person, month = (pa.array(column) for column in zip(*rows, strict=True))
    register = pa.table({"person_id": person.dictionary_encode(), "month": month.cast(pa.int32())})

    def found(year, *persons, accepted=()):
        asked = pd.DataFrame({"person_id": persons, "year": year})
        return check_crowds({"register": register, "survey": asked}, None, accepted)

    own, others = [f"p{n}" for n in range(10)], [f"q{n}" for n in range(31)]
    with pytest.raises(
        SurveyDataError, match=r"31 of 41 persons of the survey of 2018 who .* have no row there of 2017 or 2018"
    ):
        found(2018, *own, *others)
    [note] = found(2018, *own, *others, accepted={"survey: 2018: other_year"})
    assert (note.reason, note.n) == ("other_year", 31)
    assert found(2018, *own, *others[:30]) == []
    assert found(2018, *others[:19]) == []
    assert found(2025, *others) == []
