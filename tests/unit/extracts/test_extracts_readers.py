import gzip
from datetime import date, datetime

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyreadstat
import pytest
from openpyxl import Workbook

from riskmodel.extracts.files import DeliveredFile, read_table
from riskmodel.ground.errors import SurveyDataError
from riskmodel.instrument.records import Reader

ROWS = [["Löpnr", "Svar", "Tal"], ["a1", "Grundskola", "1"], ["a2", "", "2,5"]]


def table_in(path, content, **reader):
    path.write_bytes(content)
    return read_table(DeliveredFile(path.name, path), Reader(**reader))


def cells(table):
    columns = [[column.texts[code] for code in column.codes] for column in table.columns]
    return [list(table.headings), *map(list, zip(*columns, strict=True))]


def written(delimiter=";", end="\r\n"):
    return end.join(delimiter.join(row) for row in ROWS) + end


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_text_in_any_encoding_and_delimiter(tmp_path, encoding, delimiter):
    rows = [row if delimiter != "," else [cell.replace(",", ".") for cell in row] for row in ROWS]
    content = "\r\n".join(delimiter.join(row) for row in rows).encode(encoding)
    declared = "utf-8" if encoding == "utf-8-sig" else encoding
    assert cells(table_in(tmp_path / "a.txt", content, delimiter=delimiter, encoding=declared)) == rows


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_a_wide_encoding_without_its_mark_is_named_and_read(tmp_path, encoding):
    content = written().encode(encoding)
    with pytest.raises(SurveyDataError, match=f"but in {encoding}. Correct reader.encoding"):
        table_in(tmp_path / "a.csv", content, encoding="cp1252")
    assert cells(table_in(tmp_path / "a.csv", content, encoding=encoding)) == ROWS


def test_gzip_titles_and_quotation_marks(tmp_path):
    content = gzip.compress(f'Utdrag 2020\n\n{written()}a3;"Två\nrader; och ""citat""";3\n'.encode())
    table = table_in(tmp_path / "a.csv.gz", content, header_row=3)
    assert cells(table) == [*ROWS, ["a3", 'Två\nrader; och "citat"', "3"]]
    assert list(table.row_numbers) == [4, 5, 6]


def test_rows_with_too_many_or_too_few_cells_are_counted(tmp_path):
    table = table_in(tmp_path / "a.csv", f"{written()}a3;x\na4;x;1;extra\n".encode())
    assert cells(table) == ROWS
    assert table.broken_rows_n == 2


def test_headings_alone_are_no_delivery(tmp_path):
    with pytest.raises(SurveyDataError, match="0 rows below the headings"):
        table_in(tmp_path / "a.csv", b"a;b\n")


def book(path, sheets):
    made = Workbook()
    made.remove(made.active)
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    made.save(path)
    return path.read_bytes()


def test_a_sheet_with_titles_dates_and_whole_numbers(tmp_path):
    rows = [
        ["Titel"],
        [],
        ["Löpnr", "Datum", "Tal", "Ja"],
        ["a1", datetime(2021, 3, 1), 4, True],
        ["a2", date(2021, 4, 1), 2.5, None],
        [],
    ]
    content = book(tmp_path / "b.xlsx", {"Annat": [["x"]], "Svar": rows})
    table = table_in(tmp_path / "a.xlsx", content, sheet="Svar", header_row=3)
    assert cells(table) == [rows[2], ["a1", "2021-03-01", "4", "true"], ["a2", "2021-04-01", "2.5", ""]]
    assert "Titel" in table.elsewhere and "x" in table.elsewhere


def test_a_formula_is_read_as_it_is_written(tmp_path):
    content = book(tmp_path / "b.xlsx", {"Svar": [["Tal"], ["=1+1"]]})
    assert cells(table_in(tmp_path / "a.xlsx", content)) == [["Tal"], ["=1+1"]]


def typed():
    return pd.DataFrame(
        {
            "Löpnr": ["a1", "a2"],
            "Kod": [1.0, 2.0],
            "Tal": [0.5, None],
            "Dag": pd.to_datetime(["2021-03-01", "2021-04-01"]),
        }
    )


def test_parquet(tmp_path):
    typed().to_parquet(tmp_path / "a.parquet")
    table = read_table(DeliveredFile("a.parquet", tmp_path / "a.parquet"), Reader())
    assert cells(table) == [
        ["Löpnr", "Kod", "Tal", "Dag"],
        ["a1", "1", "0.5", "2021-03-01"],
        ["a2", "2", "", "2021-04-01"],
    ]


@pytest.mark.parametrize("damage", [(b"abcdabcd", b"abcd\xff\xffcd"), (None, b"\x07")])
def test_a_damaged_dictionary_of_parquet_is_no_table(tmp_path, damage):
    old, new = damage
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"a": ["abcdabcd", "b", "c"] * 3}), path, compression="none")
    content = path.read_bytes()
    end = len(content) - 8 - int.from_bytes(content[-8:-4], "little")
    for place in [content.index(old)] if old else range(end - 8, end):
        changed = content[:place] + new + content[place + len(new) :]
        path.write_bytes(changed)
        try:
            table = read_table(DeliveredFile("a.parquet", path), Reader())
        except SurveyDataError as told:
            assert "not a parquet file, or a damaged one" in str(told)
        else:
            assert not old and "" not in table.columns[0].texts


def test_checksums_of_parquet_are_held(tmp_path):
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"a": list(range(1000))}), path, compression="none", write_page_checksum=True)
    content = path.read_bytes()
    path.write_bytes(content[:1000] + bytes([content[1000] ^ 1]) + content[1001:])
    with pytest.raises(SurveyDataError, match="damaged one"):
        read_table(DeliveredFile("a.parquet", path), Reader())


def test_spss_gives_codes_and_guards_labels(tmp_path):
    path = tmp_path / "a.sav"
    frame = typed().drop(columns="Dag")
    pyreadstat.write_sav(
        frame, path, variable_value_labels={"Kod": {1.0: "Grundskola"}}, column_labels=["id", "Svar", ""]
    )
    table = read_table(DeliveredFile("a.sav", path), Reader())
    assert cells(table) == [["Löpnr", "Kod", "Tal"], ["a1", "1", "0.5"], ["a2", "2", ""]]
    assert {"Grundskola", "Svar"} <= set(table.elsewhere)


def test_spss_without_its_library_says_what_to_install(tmp_path, monkeypatch):
    path = tmp_path / "a.sav"
    path.write_bytes(b"$FL2@(#)")
    monkeypatch.setattr("riskmodel.extracts.read_typed.find_spec", lambda name: None)
    with pytest.raises(SurveyDataError, match="a.sav: .*extra `spss`"):
        read_table(DeliveredFile("a.sav", path), Reader())


@pytest.mark.parametrize("longer", [0, 1])
def test_a_heading_that_one_of_several_sheets_has_alone_is_read(tmp_path, longer):
    book = Workbook()
    for place, head in enumerate((["Person", "Boende"], ["Person", "Skulder", "Boende"])):
        page = book.active if not place else book.create_sheet("Nya")
        for row in (head, *[[f"{name} {place}" for name in head]] * (3 if place == longer else 1)):
            page.append(row)
    book.save(tmp_path / "a.xlsx")
    head, *rows = cells(read_table(DeliveredFile("a.xlsx", tmp_path / "a.xlsx"), Reader(sheet="*")))
    read = [dict(zip(head, row, strict=True)) for row in rows]
    assert len(read) == 4
    assert {"Person": "Person 0", "Skulder": "", "Boende": "Boende 0"} in read
    assert {"Person": "Person 1", "Skulder": "Skulder 1", "Boende": "Boende 1"} in read
