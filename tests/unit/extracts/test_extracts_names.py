"""A delivery's folder: names that are no text, and entries that are no file, are told and never left out in silence."""

import os

import pandas as pd
import pyreadstat
import pytest
from openpyxl import Workbook
from village import INTAKE, read_village, village_instrument, village_settings, without_survey, write_village

from riskmodel.extracts.files import DeliveredFile, read_table
from riskmodel.extracts.read import read_delivery
from riskmodel.ground.errors import SurveyDataError
from riskmodel.instrument.records import Reader

linux_only = pytest.mark.skipif(os.name != "posix", reason="elsewhere names are text")


def refusal(folder, spoil):
    delivery = write_village(folder, survey=False)
    spoil(delivery)
    with pytest.raises(SurveyDataError) as told:
        read_delivery(delivery, village_instrument(folder, without_survey()), village_settings())
    return str(told.value)


@linux_only
@pytest.mark.parametrize("name", [b"k\xf6pt.csv", b"register\xf6.csv", b"\xf6/a.csv", b".g\xf6md"])
def test_a_name_that_is_not_utf8(tmp_path, name):
    def spoil(delivery):
        path = os.path.join(os.fsencode(delivery), name)
        try:
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "wb") as stream:
                stream.write(b"a;b\n1;2\n")
        except OSError:
            pytest.skip("this disk has names in UTF-8 alone")

    assert "1 names of files or folders are not UTF-8" in refusal(tmp_path, spoil)


@linux_only
@pytest.mark.parametrize("kind", ["broken link", "pipe", "loop", "linked folder"])
def test_what_is_no_file_is_not_left_out_in_silence(tmp_path, kind):
    folder = tmp_path / "other"
    folder.mkdir()

    def spoil(delivery):
        path = delivery / "register 2.csv"
        to = {"loop": path.name, "broken link": "gone.csv", "linked folder": folder}
        os.mkfifo(path) if kind == "pipe" else path.symlink_to(to[kind])

    assert "1 entries are no files and no folders" in refusal(tmp_path, spoil)


def test_a_folder_or_file_that_nobody_may_open_is_told(tmp_path, monkeypatch):
    def closed(folder, onerror, **_):
        onerror(PermissionError(13, "Permission denied", folder))
        return []

    monkeypatch.setattr("riskmodel.extracts.files.os.walk", closed)
    assert "1 entries are no files" in refusal(tmp_path, lambda delivery: None)
    monkeypatch.undo()
    path = tmp_path / "a.csv"
    path.write_text("a;b\n1;2\n")
    monkeypatch.setattr("riskmodel.extracts.files.read_text", lambda *_, **__: open(tmp_path / "gone"))
    with pytest.raises(SurveyDataError, match=r"a.csv: can't be read \(No such file"):
        read_table(DeliveredFile("a.csv", path), Reader())


@pytest.mark.parametrize("day", ["10000-01-01", "99999-12-31", "10000-01", "20210-03", "1.1.10000"])
def test_a_day_after_the_year_9999_is_set_aside_and_counted(tmp_path, day):
    delivery = read_village(tmp_path, instrument=without_survey(), intake=INTAKE.replace("2020-03", day))
    assert delivery.quality.query("reason == 'unreadable_month'")["n"].tolist() == [1]


@pytest.mark.parametrize("kind", ["DATE11", "DATETIME20"])
def test_a_day_after_the_year_9999_in_spss(tmp_path, kind):
    path = tmp_path / "a.sav"
    pyreadstat.write_sav(pd.DataFrame({"a": [1.4e10, 4e11]}), path, variable_format={"a": kind})
    with pytest.raises(SurveyDataError, match="a.sav: holds days that no calendar has"):
        read_table(DeliveredFile("a.sav", path), Reader())


def test_a_day_after_the_year_9999_in_a_workbook_is_no_day(tmp_path):
    book = Workbook()
    for row in (["Månad"], [2958465], [2958466], [1e300]):
        book.active.append(row)
        book.active.cell(book.active.max_row, 1).number_format = "yyyy-mm-dd"
    book.save(tmp_path / "a.xlsx")
    column = read_table(DeliveredFile("a.xlsx", tmp_path / "a.xlsx"), Reader()).columns[0]
    assert [column.texts[code] for code in column.codes] == ["9999-12-31", "#VALUE!", "#VALUE!"]
