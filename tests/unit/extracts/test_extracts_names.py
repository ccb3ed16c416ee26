"""A delivery's folder: names that are no text, and entries that are no file, are told and never left out in silence."""

import os
from dataclasses import replace

import pandas as pd
import pyreadstat
import pytest
from openpyxl import Workbook
from village import (
    INTAKE,
    read_village,
    village_instrument,
    village_settings,
    without_survey,
    write_book,
    write_village,
)

from riskmodel.draft.opened import open_file
from riskmodel.extracts.files import DeliveredFile, delivered_files, read_table
from riskmodel.extracts.read import read_delivery
from riskmodel.ground.errors import SettingsError, SurveyDataError
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


def moved_within(delivery):
    (delivery / "2020").mkdir()
    (delivery / "nybesök.csv").rename(delivery / "2020/nybesök.csv")


def packed(delivery):
    (delivery / "nybesök.csv").rename(delivery / "Leverans.ZIP")


def renamed(delivery):
    (delivery / "nybesök.csv").rename(delivery / "Nybesök 2020.csv")


def renamed_otherwise(delivery):
    (delivery / "nybesök.csv").rename(delivery / "uttag.csv")


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (moved_within, "Its files lie in a folder within, '2020/nybesök.csv': name that folder"),
        (packed, "'Leverans.ZIP' must be unpacked first."),
        (renamed, "The nearest: 'Nybesök 2020.csv'."),
        (renamed_otherwise, "There are 'uttag.csv'."),
    ],
)
def test_the_file_that_was_meant_is_named(tmp_path, spoil, said):
    assert f"nybesök.csv: 0 of the delivery's 2 files have such a name. {said}" in refusal(tmp_path, spoil)


def test_what_lies_in_a_folder_within_is_read_by_its_name(tmp_path):
    delivery = write_village(tmp_path, survey=False)
    moved_within(delivery)
    instrument = village_instrument(tmp_path, without_survey().replace('"nybesök.csv"', '"2020/nybesök.csv"'))
    assert len(read_delivery(delivery, instrument, village_settings()).answers_by_intake) == 2


@pytest.mark.parametrize(
    ("name", "begins", "said"),
    [
        ("nybesök.csv", b"PK\x03\x04", "is no .csv file but a workbook or a zip. Let a workbook's name end with .xlsx"),
        ("nybesök.csv", b"\xef\xbb\xbf\n<HTML><body>", "is no .csv file but a web page. Open it in a spreadsheet"),
        ("nybesök.csv", b"%PDF-1.7", "is no .csv file but a PDF"),
        ("nybesök.csv", b"\x1f\x8b\x08", "is no .csv file but packed by gzip. Let its name end with .gz."),
        (
            "nybesök.xlsx",
            b"\xd0\xcf\x11\xe0",
            "is no .xlsx file but an old workbook (.xls), or one locked",
        ),
        ("nybesök.xls", b"<table><tr>", "this kind of file can't be read. It is a web page. Open it in a spreadsheet"),
        ("nybesök.ods", b"PK\x03\x04", "this kind of file can't be read. It is a workbook or a zip. Open it"),
        ("nybesök.dat", b"a;b", "this kind of file can't be read. It is text. Let its name end with .csv or .txt."),
    ],
)
def test_a_file_is_what_it_begins_as(tmp_path, name, begins, said):
    delivery = write_village(tmp_path, survey=False)
    (delivery / "nybesök.csv").unlink()
    (delivery / name).write_bytes(begins + b" hemlig")
    instrument = village_instrument(tmp_path, without_survey().replace("nybesök.csv", name))
    with pytest.raises(SurveyDataError) as told:
        read_delivery(delivery, instrument, village_settings())
    assert f"{name}: {said}" in str(told.value) and "hemlig" not in str(told.value)
    with pytest.raises(SurveyDataError) as told:
        open_file(name, delivery / name)
    assert f"{name}: {said}" in str(told.value)


def test_a_workbook_with_macros_is_read_as_any_other(tmp_path):
    delivery = write_village(tmp_path, survey=False)
    (delivery / "nybesök.csv").unlink()
    write_book(delivery / "nybesök.xlsm", [line.split(";") for line in INTAKE.splitlines()], titles=())
    instrument = village_instrument(tmp_path, without_survey().replace("nybesök.csv", "nybesök.xlsm"))
    assert len(read_delivery(delivery, instrument, village_settings()).answers_by_intake) == 2
    assert open_file("nybesök.xlsm", delivery / "nybesök.xlsm").table.rows_n == 2


def test_a_workbook_may_hold_two_sources_on_sheets_of_their_own(tmp_path):
    village = village_instrument(tmp_path, without_survey())

    def sources_of(**sheets):
        named = {
            name: replace(one, files="allt.xlsx", reader=Reader(sheet=sheets[name]))
            for name, one in village.sources.items()
        }
        files = delivered_files({"allt.xlsx": tmp_path / "allt.xlsx"}, replace(village, sources=named))
        return [(file.name, file.source) for file in files]

    assert sources_of(register="R", intake="N") == [("allt.xlsx: N", "intake"), ("allt.xlsx: R", "register")]
    for sheet in ("R", None, "*"):
        with pytest.raises(SettingsError, match=r"allt.xlsx: belongs to .* name a sheet of its own for each"):
            sources_of(register="R", intake=sheet)
