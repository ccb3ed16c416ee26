"""811218-9876 is the example number of the Swedish tax agency; here it stands everywhere but in a cell."""

import gzip
import io
import zipfile

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyreadstat
import pytest
from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.workbook.defined_name import DefinedName
from village import counts, village_instrument, village_settings, without_survey, write_village

from riskmodel.extracts.beside import search_beside
from riskmodel.extracts.files import DeliveredFile, read_table
from riskmodel.extracts.read import read_delivery
from riskmodel.ground.errors import SurveyDataError
from riskmodel.instrument.records import Reader

NUMBER, DIGITS = "811218-9876", "8112189876"
HOLDS = "1 different texts hold a Swedish personal"


def refused(path):
    with pytest.raises(SurveyDataError, match=f"^{path.name}: .* different texts hold a Swedish personal") as told:
        read_table(DeliveredFile(path.name, path), Reader())
    assert DIGITS not in str(told.value).replace("-", "")


def linked(book):
    book.active["A2"].hyperlink = f"https://intranet.example/akt?id={NUMBER}"
    book.active["A2"] = "akten"


def escaped(book):
    book.active["A2"].hyperlink = f"mailto:nobody@example.se?subject={NUMBER.replace('-', '%2D')}"
    book.active["A2"] = "akten"


def commented(book):
    book.active["A2"].comment = Comment(f"Se {NUMBER}", "Anna")


def comment_author(book):
    book.active["A2"].comment = Comment("Se akten", NUMBER)


def named(book):
    book.defined_names["akt"] = DefinedName("akt", attr_text=f'"{NUMBER}"')


def properties(book):
    book.properties.subject = NUMBER


def titled(book):
    book.create_sheet(NUMBER)


def hidden(book):
    sheet = book.create_sheet("x")
    sheet.sheet_state = "veryHidden"
    sheet["A1"] = NUMBER


def hidden_title(book):
    book.create_sheet(DIGITS).sheet_state = "hidden"


def header(book):
    book.active.oddHeader.center.text = NUMBER


def holding(place, path):
    """A workbook of one number that says a personal number in `place`."""
    book = Workbook()
    book.active.append(["a"])
    book.active.append([1])
    place(book)
    book.save(path)
    return path


PLACES = [linked, escaped, commented, comment_author, named, properties, titled, hidden, hidden_title, header]


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.__name__)
def test_a_workbook_is_searched_beside_its_cells(tmp_path, place):
    refused(holding(place, tmp_path / "a.xlsx"))


@pytest.mark.parametrize("between", ["", "<rPr><b/></rPr>"])
def test_a_comment_in_two_letterings_is_one_text(tmp_path, between):
    whole = holding(commented, tmp_path / "b.xlsx")
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(tmp_path / "a.xlsx", "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if "comment" in name and name.endswith(".xml"):
                part = part.replace(b"811218-9876", f"811218</t></r><r>{between}<t>-9876".encode())
            new.writestr(name, part)
    refused(tmp_path / "a.xlsx")


def test_a_part_of_a_workbook_may_be_named_so(tmp_path):
    book = Workbook()
    book.active.append(["a"])
    book.active.append([1])
    book.save(tmp_path / "a.xlsx")
    with zipfile.ZipFile(tmp_path / "a.xlsx", "a") as parts:
        parts.writestr(f"xl/media/{NUMBER}.png", b"")
    refused(tmp_path / "a.xlsx")


@pytest.mark.parametrize("where", ["schema", "field", "key"])
def test_metadata_of_parquet(tmp_path, where):
    field = pa.field("a", pa.int64(), metadata={"note": NUMBER} if where == "field" else None)
    metadata = {"schema": {"note": NUMBER}, "key": {NUMBER: "x"}}.get(where)
    table = pa.table([pa.array([1, 2])], schema=pa.schema([field], metadata=metadata))
    pq.write_table(table, tmp_path / "a.parquet")
    refused(tmp_path / "a.parquet")


def test_a_category_that_no_row_has(tmp_path):
    codes = pd.Categorical.from_codes([0, 0], ["a", NUMBER])
    pd.DataFrame({"a": codes}).to_parquet(tmp_path / "a.parquet")
    table = pa.table({"a": pa.DictionaryArray.from_arrays(pa.array([0, None, 0]), ["x", "y"])})
    pq.write_table(table, tmp_path / "b.parquet")
    assert read_table(DeliveredFile("b.parquet", tmp_path / "b.parquet"), Reader()).columns[0].texts == ["x", ""]
    if NUMBER in str(pq.ParquetFile(tmp_path / "a.parquet", read_dictionary=["a"]).read()):
        refused(tmp_path / "a.parquet")


def test_what_pandas_writes_beside_a_table_is_no_number(tmp_path):
    pd.DataFrame({"a": ["x"] * 3, "Dag": pd.to_datetime(["2021-03-01"] * 3)}).to_parquet(tmp_path / "a.parquet")
    assert read_table(DeliveredFile("a.parquet", tmp_path / "a.parquet"), Reader()).rows_n == 3


@pytest.mark.parametrize(
    "more",
    [
        {"file_label": NUMBER},
        {"note": NUMBER},
        {"column_labels": [NUMBER, "x"]},
        {"variable_value_labels": {"a": {1.0: NUMBER}}},
        {"variable_value_labels": {"a": {float(DIGITS): "x"}}},
        {"variable_value_labels": {"b": {DIGITS: "x"}}},
        {"missing_ranges": {"a": [float(DIGITS)]}},
    ],
    ids=str,
)
def test_what_spss_writes_beside_a_table(tmp_path, more):
    frame = pd.DataFrame({"a": [1.0, 2.0], "b": ["x", "a longer text"]})
    pyreadstat.write_sav(frame, tmp_path / "a.sav", **more)
    refused(tmp_path / "a.sav")


def checked(folder, name, content):
    delivery = write_village(folder, survey=False)
    path = delivery / name
    path.parent.mkdir(exist_ok=True, parents=True)
    path.write_bytes(content)
    return counts(read_delivery(delivery, village_instrument(folder, without_survey()), village_settings()))


def workbook(text, path):
    book = Workbook()
    book.active.append([text])
    book.save(path)
    return path.read_bytes()


def parquet(text, path):
    pq.write_table(pa.table({"a": [text]}), path)
    return path.read_bytes()


def spss(text, path):
    pyreadstat.write_sav(pd.DataFrame({"a": [text]}), path)
    return path.read_bytes()


KINDS = {
    "anteckningar.txt": lambda text, _: f"x\r\n{text}\r\n".encode(),
    "kontakter.csv": lambda text, _: f"a;b\n1;{text}\n".encode("cp1252"),
    ".dold": lambda text, _: text.encode(),
    "~$akt.txt": lambda text, _: text.encode("utf-16"),
    "README": lambda text, _: b"\xe5" + text.encode(),
    ".git/config": lambda text, _: text.encode(),
    "old/kontakter.csv.gz": lambda text, _: gzip.compress(f"a;{text}\n".encode()),
    "akter.xlsx": workbook,
    "akter.parquet": parquet,
    ".akter.sav": spss,
}


@pytest.mark.parametrize("name", KINDS)
def test_a_file_that_no_source_names_is_searched_too(tmp_path, name):
    content = KINDS[name](NUMBER, tmp_path / "made")
    with pytest.raises(SurveyDataError, match=f"{HOLDS}|different texts hold") as told:
        checked(tmp_path, name, content)
    assert name in str(told.value) and NUMBER not in str(told.value)


@pytest.mark.parametrize("name", KINDS)
def test_a_file_without_one_is_no_fault(tmp_path, name):
    found = checked(tmp_path, name, KINDS[name]("ingenting", tmp_path / "made"))
    assert not [key for key in found if key[2] == "file_not_searched"]


@pytest.mark.parametrize("name", ["bild.png", ".DS_Store", "trasig.xlsx", "trasig.csv.gz", "trasig.sav", "a.parquet"])
def test_what_can_not_be_searched_is_told(tmp_path, name):
    assert checked(tmp_path, name, b"\x00\x01\x02\xff" * 9)[name, "", "file_not_searched"] == 1


@pytest.mark.parametrize("name", [f".{NUMBER}", f"~{DIGITS}.tmp", f".x/{NUMBER}.txt", f"{NUMBER}/a.txt"])
def test_names_of_hidden_files_are_looked_at(tmp_path, name):
    with pytest.raises(SurveyDataError, match="Names of files in the delivery: 1 different"):
        checked(tmp_path, name, b"x")


def test_cells_of_a_file_that_is_not_used_do_not_run_together(tmp_path):
    checked(tmp_path, "koder.csv", b"dag;kod\n811218;9876\n811218,9876\n811218\t9876\n811218|9876\n")


def zipped(packing=zipfile.ZIP_DEFLATED, text="<t>text</t>" * 20):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", packing) as book:
        book.writestr("xl/a.xml", text)
    return bytearray(stream.getvalue())


def with_byte(content, at, value):
    """The same in the part's own head and in the list of parts at the end; the second is two bytes further on."""
    for mark, shift in ((b"PK\x03\x04", 0), (b"PK\x01\x02", 2)):
        content[content.find(mark) + at + shift] = value
    return bytes(content)


def damaged_lzma():
    content = zipped(zipfile.ZIP_LZMA)
    content[42:46] = b"\xff" * 4  # the properties of the packing, behind a head of 30 bytes, a name of 8 and 4 of sizes
    return bytes(content)


UNPACKED_BY_NOBODY = {
    "locked by a password": lambda: with_byte(zipped(), 6, 1),
    "packed another way": lambda: with_byte(zipped(), 8, 99),
    "a part that declares": lambda: bytes(zipped(text="<!DOCTYPE x><x/>")),
    "a damaged part": lambda: bytes(zipped(zipfile.ZIP_STORED).replace(b"text", b"tekt", 1)),
    "a damaged part of another packing": damaged_lzma,
}


@pytest.mark.parametrize("made", UNPACKED_BY_NOBODY.values(), ids=UNPACKED_BY_NOBODY)
def test_a_zip_that_nobody_unpacks_is_told_beside_a_delivery_and_refused_as_a_workbook(tmp_path, made):
    path = tmp_path / "a.xlsx"
    path.write_bytes(made())
    assert [one.reason for one in search_beside({"a.xlsx": path}, [])] == ["file_not_searched"]
    with pytest.raises(SurveyDataError, match=r"a\.xlsx: not an xlsx workbook, a damaged one, or locked"):
        read_table(DeliveredFile("a.xlsx", path), Reader())


def two_sheets(path):
    book = Workbook()
    book.active.append(["a", "b"])
    other = book.create_sheet("Akter")
    other.append(["Sökande", "Personnummer", "Anm"])
    other.append(["Hemlig", NUMBER, "x"])
    book.save(path)
    return path.read_bytes()


def two_columns(path):
    pq.write_table(pa.table({"a": ["x"], "sökandens nr": [NUMBER]}), path)
    return path.read_bytes()


IN_COLUMN = {  # a heading is shown where it is one beyond doubt: of a typed file, or a word for such a number
    "kontakter.csv": (lambda _: f"Hemlig;Pnr\nHemlig;{NUMBER}\n".encode("cp1252"), "column 2 ('Pnr')"),
    "kontakter2.csv": (lambda _: f"Hemlig,Hemlig\nHemlig,{NUMBER}\n".encode("utf-16"), "column 2"),
    "kontakter.csv.gz": (lambda _: gzip.compress(f"Lista\n\na\tHemlig\nx\t{NUMBER}\n".encode()), "column 2"),
    "utan_rubrik.csv": (lambda _: f"Hemlig;{NUMBER};x\nHemlig;{NUMBER};x\n".encode(), "column 2"),
    "akter.xlsx": (two_sheets, "sheet 'Akter', column 2 ('Personnummer')"),
    "akter.parquet": (two_columns, "column 2 ('sökandens nr')"),
}


@pytest.mark.parametrize("name", IN_COLUMN)
def test_the_column_is_named_in_a_file_that_no_source_names_too(tmp_path, name):
    made, column = IN_COLUMN[name]
    path = tmp_path / name
    path.write_bytes(made(path))
    with pytest.raises(SurveyDataError) as told:
        search_beside({name: path}, ())
    assert str(told.value).startswith(f"{name}, {column}: 1 different") and "hemlig" not in str(told.value).casefold()
