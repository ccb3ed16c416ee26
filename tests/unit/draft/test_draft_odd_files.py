"""What a draft makes of files in other encodings, columns that can't be read, and files that are no part of it."""

import shutil

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from openpyxl import Workbook
from sixty_people import PEOPLE, REGISTER, drafted, filled_in, item, person, register_rows, write_csv, write_delivery
from village import receipts_of

from riskmodel.ground.errors import SurveyDataError

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("encoding", ["cp1252", "mac_roman", "cp850", "utf-16", "utf-8-sig"])
def test_a_file_is_read_in_the_encoding_that_gives_swedish_letters(tmp_path, encoding):
    folder = write_delivery(tmp_path / "delivery", encoding=encoding, Ort=lambda n: ("Åsen", "Öby", "Älv")[n % 3])
    draft, tables = drafted(folder)
    assert tables["sources"]["intake"]["columns"]["area"] == "Område"
    assert {*filled_in(tmp_path, draft, folder).answers_by_intake["ort"]} == {"asen", "oby", "alv"}


def test_a_file_in_two_encodings_is_named_and_never_drafted_from(tmp_path):
    folder = write_delivery(tmp_path / "delivery")
    lines = (folder / "EB.csv").read_bytes().splitlines(keepends=True)
    (folder / "EB.csv").write_bytes(b"".join(lines) + "p00fx;h1;2019-07;5;Söder;\n".encode("cp1252"))
    with pytest.raises(
        SurveyDataError, match="EB.csv: written in UTF-8, but 1 signs are not .*, the first in line 362"
    ):
        drafted(folder)


def test_headings_whose_letters_were_broken_are_named_and_never_drafted(tmp_path):
    folder = write_delivery(tmp_path / "delivery")
    text = (folder / "EB.csv").read_bytes().decode("cp1252", errors="replace")
    (folder / "EB.csv").write_text(text, encoding="utf-8")
    with pytest.raises(SurveyDataError, match="EB.csv: 4 of 6 headings .* read as another encoding than they were"):
        drafted(folder)


def test_answers_whose_letters_were_broken_are_told(tmp_path):
    broken = "Högskola".encode().decode("cp1252")
    draft, _ = drafted(write_delivery(tmp_path / "delivery", Skola=lambda n: ("Gymnasium", broken)[n % 2]))
    assert [line for line in draft.told if "letters" in line] == [
        "nya.csv: 1 different texts have letters that were read as another encoding than they were written in (Ã¥ for "
        "å). Have the file written again from its program."
    ]


def test_a_column_that_can_not_be_read_is_named(tmp_path):
    folder = write_delivery(tmp_path / "delivery")
    (folder / "EB.csv").unlink()
    columns = dict(zip(REGISTER, map(list, zip(*register_rows(), strict=True)), strict=True))
    columns["Avslutsorsak"] = [[text] for text in columns["Avslutsorsak"]]
    pq.write_table(pa.table(columns), folder / "EB.parquet")
    draft, tables = drafted(folder)
    told = "EB.parquet: the column 'Avslutsorsak' holds something else than text, numbers and dates, and is left out"
    assert [line for line in draft.told if line.startswith(told)]
    assert told in draft.toml.replace("\n# ", " ") and "exit" not in tables["sources"]["register"]["columns"]


def test_of_files_that_have_no_common_name_the_one_that_can_not_be_read_is_the_reason(tmp_path):
    folder = write_delivery(tmp_path / "delivery")
    for year in (2020, 2022):
        write_csv(folder / f"enkät {year}.csv", ["Löpnr", "Boende"], [[person(n), "Eget"] for n in range(PEOPLE)])
    (folder / "enkät 2021.csv").write_bytes(b"")
    with pytest.raises(
        SurveyDataError, match=r"enkät 2021.csv: the file is empty \(0 bytes\). Deliver it again. enkät"
    ):
        drafted(folder)


def test_the_same_file_twice_is_told_as_a_copy(tmp_path):
    folder = write_delivery(tmp_path / "delivery")
    shutil.copy(folder / "EB.csv", folder / "Kopia av EB.csv")
    draft, _ = drafted(folder)
    assert [line for line in draft.told if "Kopia" in line] == ["Kopia av EB.csv: not used: a copy of EB.csv."]
    assert len(receipts_of(filled_in(tmp_path, draft, folder))) == 6 * PEOPLE


@pytest.mark.parametrize("name", ["EB.xlsx", "EB.parquet", "EB.sav", "EB.csv.gz"])
def test_a_text_with_another_ending_is_told_as_one(tmp_path, name):
    folder = write_delivery(tmp_path / "delivery")
    (folder / "EB.csv").rename(folder / name)
    ending = name.removeprefix("EB")
    with pytest.raises(SurveyDataError, match=f"is no {ending} file but text. Let its name end with .csv or .txt."):
        drafted(folder)


def test_a_zip_that_holds_no_workbook_is_to_be_unpacked(tmp_path):
    folder = write_delivery(tmp_path / "delivery")
    shutil.make_archive(str(tmp_path / "EB"), "zip", folder, "EB.csv")
    (folder / "EB.csv").unlink()
    shutil.move(tmp_path / "EB.zip", folder / "EB.zip")
    with pytest.raises(SurveyDataError, match="It is a zip. Unpack it. Allowed"):
        drafted(folder)
    book = Workbook()
    book.save(folder / "EB.ods")
    (folder / "EB.zip").unlink()
    with pytest.raises(SurveyDataError, match="It is a workbook or a zip. Open it in a spreadsheet"):
        drafted(folder)


def test_lines_of_delimiters_alone_hide_no_register(tmp_path):
    folder = write_delivery(tmp_path / "delivery", register=[*register_rows(), *[[""] * len(REGISTER)] * 100])
    draft, _ = drafted(folder)
    assert len(receipts_of(filled_in(tmp_path, draft, folder))) == 6 * PEOPLE


def test_files_that_need_other_readers_are_told_by_what_differs(tmp_path):
    folder = write_delivery(tmp_path / "delivery")
    for year in (2020, 2021, 2022):
        titles = ("Enkät",) if year == 2021 else ()
        rows = [[person(n), "Eget"] for n in range(PEOPLE)]
        write_csv(folder / f"enkät {year}.csv", ["Löpnr", "Boende"], rows, titles=titles)
    with pytest.raises(SurveyDataError, match=r"enkät 2021.csv: header_row = 2 \(1\), in brackets as in the others"):
        drafted(folder)


def test_years_of_birth_in_two_digits_are_no_number(tmp_path):
    folder = write_delivery(tmp_path / "delivery", **{"Född år": lambda n: str(60 + n % 40)})
    born = item(drafted(folder)[1], "fodd_ar")
    assert (born["kind"], born["use"]) == ("level", "never")
    assert "not all are written in four digits" in drafted(folder)[0].toml


def test_reasons_in_codes_are_exits_whose_meaning_is_asked_for(tmp_path):
    codes = {"": "", "avliden": "1", "flyttat": "2"}
    folder = write_delivery(tmp_path / "delivery", register=[[*row[:5], codes[row[5]]] for row in register_rows()])
    draft, tables = drafted(folder)
    assert tables["sources"]["register"]["columns"]["exit"] == "Avslutsorsak"
    assert tables["sources"]["register"]["exit_codes"] == {}
    assert "write which mean death and moved" in draft.toml


def test_signs_that_a_spreadsheet_escapes_are_none(tmp_path):
    folder = write_delivery(tmp_path / "delivery", Ort=lambda n: ("Åsen_x000D_", "Öby")[n % 2])
    draft, tables = drafted(folder)
    assert [level["text"] for level in item(tables, "ort")["levels"]] == ["Åsen", "Öby"]
    assert {*filled_in(tmp_path, draft, folder).answers_by_intake["ort"]} == {"asen", "oby"}


@pytest.mark.parametrize("form", ["2019-{:02}", "2019{:02}", "{:.3}-19"])
def test_a_register_with_a_column_a_month_is_told_as_one(tmp_path, form):
    folder = write_delivery(tmp_path / "delivery")
    names = ("januari", "februari", "mars", "april")
    months = [form.format(name if "." in form else n) for n, name in enumerate(names, start=1)]
    write_csv(folder / "EB.csv", ["Löpnr", *months], [[person(n), *["8000"] * 4] for n in range(PEOPLE)])
    with pytest.raises(SurveyDataError, match="EB.csv: 4 headings are months. Have a row written per person and month"):
        drafted(folder)


def test_headings_that_stand_again_in_another_order_are_named(tmp_path):
    folder = write_delivery(tmp_path / "delivery")
    head, *rows = [line.split(";") for line in (folder / "nya.csv").read_text("utf-8").splitlines()]
    turned = [[*row[:3], row[4], row[3], *row[5:]] for row in (head, *rows[30:])]
    write_csv(folder / "nya.csv", head, [*rows[:30], *turned])
    with pytest.raises(
        SurveyDataError, match=r"nya.csv: the headings stand again in row 32, in another order \(6 of 8"
    ):
        drafted(folder)


def test_of_columns_called_persons_the_one_that_meets_the_register_is_taken(tmp_path):
    folder = write_delivery(tmp_path / "delivery", Klientnummer=lambda n: f"{n:05}")
    rows = [line.split(";") for line in (folder / "nya.csv").read_text("utf-8").splitlines()]
    write_csv(folder / "nya.csv", [rows[0][-1], *rows[0][:-1]], [[row[-1], *row[:-1]] for row in rows[1:]])
    assert drafted(folder)[1]["sources"]["intake"]["columns"]["person"] == "Löpnr"


@pytest.mark.parametrize("first_n", [100, 300])
def test_sheets_of_which_one_has_a_column_more_are_all_read(tmp_path, first_n):
    folder, book = write_delivery(tmp_path / "delivery"), Workbook()
    (folder / "EB.csv").unlink()
    rows = register_rows()
    for place, half in enumerate((rows[:first_n], rows[first_n:])):
        page = book.active if not place else book.create_sheet("Nya")
        for row in ([*REGISTER, *["Ny"] * place], *half):
            page.append(row)
    book.save(folder / "EB.xlsx")
    draft, tables = drafted(folder)
    assert tables["sources"]["register"]["reader"] == {"sheet": "*"}
    assert len(receipts_of(filled_in(tmp_path, draft, folder))) == 6 * PEOPLE
