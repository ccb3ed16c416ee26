"""Files that unpack to more than memory holds are refused in a sentence; workbooks that count from 1904 are read."""

import gzip
import io
import zipfile
from datetime import datetime

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyreadstat
import pytest
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from riskmodel.extracts import read_sheet, read_text, read_typed
from riskmodel.extracts.files import DeliveredFile, read_table
from riskmodel.extracts.months import birth_years, months
from riskmodel.ground.errors import SurveyDataError
from riskmodel.instrument.records import Reader

pytestmark = pytest.mark.slow

NS = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def told(path, content=None, *, match):
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SurveyDataError, match=f"^{path.name}: .*{match}"):
        read_table(DeliveredFile(path.name, path), Reader())


def workbook(path, rows, epoch=None):
    book = Workbook()
    book.epoch = epoch or book.epoch
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def changed_part(path, name, change):
    with zipfile.ZipFile(path) as book:
        parts = {each: book.read(each) for each in book.namelist()}
    parts[name] = change(parts.get(name, b""))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        for each, content in parts.items():
            book.writestr(each, content)


def test_a_gzip_bomb(tmp_path, monkeypatch):
    monkeypatch.setattr(read_text, "MOST_BYTES", 1 << 20)
    told(
        tmp_path / "a.csv.gz", gzip.compress(b"a;b\n" + b"1;2\n" * (1 << 19)), match="bytes or more .allowed 1,048,576"
    )
    packed = gzip.compress(b"a;b\n1;2\n")
    (tmp_path / "b.csv.gz").write_bytes(packed)
    assert read_table(DeliveredFile("b.csv.gz", tmp_path / "b.csv.gz"), Reader()).rows_n == 1


def test_a_zip_bomb(tmp_path, monkeypatch):
    monkeypatch.setattr(read_sheet, "MOST_BYTES", 1 << 24)
    path = workbook(tmp_path / "a.xlsx", [["a"], [1]])
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as book, book.open("xl/more.bin", "w") as part:
        part.write(bytes(1 << 24))
    told(path, match="bytes or more .allowed 16,777,216")


def test_entities_that_grow_are_no_workbook(tmp_path):
    path = workbook(tmp_path / "a.xlsx", [["a"], [1]])
    doctype = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'
    changed_part(path, "xl/worksheets/sheet1.xml", lambda part: doctype + part)
    told(path, match="not an xlsx workbook")


def test_cells_that_nobody_wrote_are_counted_before_they_are_made(tmp_path, monkeypatch):
    monkeypatch.setattr(read_sheet, "MOST_CELLS", 100_000)
    rows = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="A1048576"><v>1</v></c></row>'
    sheet = f"<worksheet {NS}><sheetData>{rows}</sheetData></worksheet>".encode()
    path = workbook(tmp_path / "a.xlsx", [["a"], [1]])
    changed_part(path, "xl/worksheets/sheet1.xml", lambda _: sheet)
    told(path, match="cells or more .allowed 100,000")


def test_one_cell_far_out_makes_no_columns(tmp_path, monkeypatch):
    monkeypatch.setattr(read_sheet, "MOST_CELLS", 100_000)
    book = Workbook()
    for row in [["a", "b"], *[[1, 2]] * 500]:
        book.active.append(row)
    for row in range(1, 502):
        book.active[f"XFD{row}"].number_format = "0.00"
    book.save(tmp_path / "a.xlsx")
    assert len(read_table(DeliveredFile("a.xlsx", tmp_path / "a.xlsx"), Reader()).headings) == 2
    book.active["XFD7"] = "x"  # one more column that holds something
    book.save(tmp_path / "a.xlsx")
    table = read_table(DeliveredFile("a.xlsx", tmp_path / "a.xlsx"), Reader())
    assert table.headings == ("a", "b", "") and table.columns[2].texts == ["", "x"]


def test_a_parquet_bomb(tmp_path, monkeypatch):
    monkeypatch.setattr(read_typed, "MOST_CELLS", 1_000_000)
    pq.write_table(pa.table({"a": pa.array([1]).take(pa.array([0] * 1_000_001))}), tmp_path / "a.parquet")
    told(tmp_path / "a.parquet", match="cells or more .allowed 1,000,000")


def test_one_long_text_in_many_rows_of_parquet(tmp_path, monkeypatch):
    monkeypatch.setattr(read_typed, "MOST_BYTES", 1 << 24)
    text = pa.DictionaryArray.from_arrays(pa.array([0] * 1000, pa.int32()), ["x" * (1 << 20)])
    pq.write_table(pa.table({"a": text}), tmp_path / "a.parquet")
    assert (tmp_path / "a.parquet").stat().st_size < 1 << 21
    told(tmp_path / "a.parquet", match="bytes or more .allowed 16,777,216")


@pytest.mark.parametrize("kind", ["a.sav", "a.zsav"])
def test_an_spss_bomb(tmp_path, monkeypatch, kind):
    monkeypatch.setattr(read_typed, "MOST_CELLS", 10_000)
    path = tmp_path / kind
    pyreadstat.write_sav(pd.DataFrame({"a": [1.0] * 10_001}), path, compress=kind.endswith("zsav"))
    told(path.rename(tmp_path / "a.sav"), match="cells or more .allowed 10,000")


def test_wide_texts_of_spss_count_by_their_width(tmp_path, monkeypatch):
    monkeypatch.setattr(read_typed, "MOST_BYTES", 1 << 20)
    pyreadstat.write_sav(pd.DataFrame({"a": ["x" * 5000] + [""] * 999}), tmp_path / "a.sav", compress=True)
    told(tmp_path / "a.sav", match="bytes or more .allowed 1,048,576")


@pytest.mark.parametrize("line", [b"a" * (50 << 20), b"a;" * (25 << 20), b'"' + b"a;" * (25 << 20)])
def test_headings_of_50_mb(tmp_path, line):
    told(tmp_path / "a.csv", line + b"\n1;2\n", match="the row of headings")
    told(tmp_path / "b.csv", line, match="the row of headings")


def test_more_columns_than_any_table_has(tmp_path):
    told(tmp_path / "a.csv", b";".join(b"%d" % n for n in range(20_000)) + b"\n", match="20000 headings .allowed 16384")


def test_a_workbook_that_counts_from_1904_has_its_own_dates(tmp_path):
    rows = [["Månad"], [datetime(2021, 3, 1)], [datetime(1950, 1, 1)]]
    path = workbook(tmp_path / "a.xlsx", rows, CALENDAR_MAC_1904)
    with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as book:
        assert b'date1904="1"' in book.read("xl/workbook.xml")
    column = read_table(DeliveredFile("a.xlsx", path), Reader()).columns[0]
    assert [column.texts[code] for code in column.codes] == ["2021-03-01", "1950-01-01"]


@pytest.mark.parametrize(("epoch", "month", "born"), [(None, "2021-03", 1958), (CALENDAR_MAC_1904, "2025-03", 1962)])
def test_bare_day_numbers_are_counted_from_where_the_workbook_counts(tmp_path, epoch, month, born):
    path = workbook(tmp_path / "a.xlsx", [["Månad", "Född"], [44_266, 21_500], [44_270, 21_510]], epoch)
    months_, births = read_table(DeliveredFile("a.xlsx", path), Reader()).columns
    found = months(months_)
    # day 44,266 from 1900 is 2021-03-11, from 1904 four years and a day later; day 21,500 is 1958-11-11
    assert {f"{year}-{number:02d}" for year, number in zip(found.year, found.month_of_year, strict=True)} == {month}
    assert birth_years(births).tolist() == [born, born]
