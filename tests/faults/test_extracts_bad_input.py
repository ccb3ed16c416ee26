"""What a delivery can have wrong: the run stops with a plain message, shows nobody's data, and writes nothing."""

import gzip
import logging
import re
import traceback

import openpyxl
import pandas as pd
import pyreadstat
import pytest
import told
from openpyxl.comments import Comment
from village import (
    INSTRUMENT,
    receipts_of,
    village_instrument,
    village_settings,
    without_survey,
    write_book,
    write_village,
)

from riskmodel.extracts.read import read_delivery
from riskmodel.ground.errors import SettingsError, SurveyDataError

SECRET = "811218-9876"  # the tax agency's example of a personal number
HIDDEN = ("811218", "9876", "hemlig", "anna")  # what no message may hold


def refused(folder, tmp_path, *, instrument=INSTRUMENT, limits=None, error=SurveyDataError) -> str:
    """The message of the refusal, after looking for leaks in it and behind it, and for files left behind."""
    known = village_instrument(tmp_path, instrument)
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(error) as caught:
        read_delivery(folder, known, village_settings(**(limits or {})))
    assert caught.value.__context__ is None and caught.value.__cause__ is None
    shown = "".join(traceback.format_exception_only(caught.value))
    assert not [word for word in HIDDEN if word in shown], shown
    assert sorted(tmp_path.rglob("*")) == before
    assert not [word for word in HIDDEN if re.search(rf"\b{word}\b", caught.value.said("sv"))]  # annan is no Anna
    return told.in_both(caught.value)


@pytest.fixture(autouse=True)
def nothing_personal_in_the_log(caplog):
    caplog.set_level(logging.DEBUG)
    yield
    assert not [word for word in HIDDEN if word in caplog.text]


def replace(folder, name, old, new):
    path = folder / name
    content = path.read_text(encoding="utf-8")
    assert old in content
    path.write_text(content.replace(old, new, 1), encoding="utf-8")


def test_an_empty_file(tmp_path):
    folder = write_village(tmp_path)
    (folder / "register.csv").write_bytes(b"")
    assert "register.csv: the file is empty (0 bytes)" in refused(folder, tmp_path)


def test_no_file_of_that_name(tmp_path):
    folder = write_village(tmp_path)
    (folder / "nybesök.csv").unlink()
    message = refused(folder, tmp_path)
    assert "nybesök.csv: 0 of the delivery's 3 files" in message
    assert "sources.intake.files" in message


def test_no_folder(tmp_path):
    assert "delivery.path" in refused(tmp_path / "delivery" / "nothing", tmp_path)


def test_a_missing_column_is_named_and_the_unknown_are_counted(tmp_path):
    folder = write_village(tmp_path)
    replace(folder, "register.csv", "Belopp", "Summa")
    message = refused(folder, tmp_path)
    assert "register.csv: 1 of 7 headings were not found: 'Belopp' (sources.register.columns.amount)" in message
    assert "7 headings, 1 of them not asked for. Not asked for: 'Summa'." in message


def test_a_missing_heading_row_never_prints_the_first_person(tmp_path):
    folder = write_village(tmp_path, register="anna;h1;2020;1;1;Nord;\nbo;h2;2020;1;1;Nord;\n")
    assert "7 of 7 headings were not found" in refused(folder, tmp_path)


def test_a_survey_year_without_its_column(tmp_path):
    folder = write_village(tmp_path)
    write_book(
        folder / "Kartläggning 2021.xlsx", [["Person", "Utbildning", "Arbete", "Födelseår"], ["anna", "1", "ja", 1990]]
    )
    message = refused(folder, tmp_path)
    assert "Kartläggning 2021.xlsx" in message and "'Utbildningsnivå' (item education)" in message


def test_a_heading_twice(tmp_path):
    folder = write_village(tmp_path)
    replace(folder, "register.csv", "Avslut", "Avslut;belopp ")
    replace(folder, "register.csv", "Nord;", "Nord;;1")
    assert "heading 'Belopp' stands more than once" in refused(folder, tmp_path)


@pytest.mark.parametrize(("written", "declared"), [("cp1252", "utf-8"), ("utf-8", "cp1252"), ("utf-16", "utf-8")])
def test_a_wrong_encoding(tmp_path, written, declared):
    folder = write_village(tmp_path)
    path = folder / "nybesök.csv"
    path.write_bytes(path.read_text(encoding="utf-8").encode(written))
    instrument = INSTRUMENT.replace(
        'files = "nybesök.csv"', f'files = "nybesök.csv"\nreader = {{ encoding = "{declared}" }}'
    )
    message = refused(folder, tmp_path, instrument=instrument)
    assert f"nybesök.csv: not written in {declared}" in message and "reader.encoding" in message


def test_a_wrong_delimiter(tmp_path):
    folder = write_village(tmp_path)
    instrument = INSTRUMENT.replace('files = "nybesök.csv"', 'files = "nybesök.csv"\nreader = { delimiter = "," }')
    message = refused(folder, tmp_path, instrument=instrument)
    assert "headings were not found" in message and "delimiter" in message


def test_a_workbook_without_the_sheet(tmp_path):
    folder = write_village(tmp_path)
    write_book(folder / "Kartläggning 2020.xlsx", [["Person"], ["anna"]], sheet="Data")
    message = refused(folder, tmp_path)
    assert "Kartläggning 2020.xlsx: sheet 'Svar' was not found among its 1 sheets: 'Data'. Correct" in message


def test_a_workbook_that_ends_before_its_headings(tmp_path):
    folder = write_village(tmp_path)
    write_book(folder / "Kartläggning 2020.xlsx", [], titles=("hemlig",))
    assert "no headings in row 3" in refused(folder, tmp_path)


@pytest.mark.parametrize(
    ("name", "suffix", "content", "said"),
    [
        ("nybesök", ".xlsx", b"hem\0lig", "not an xlsx workbook"),
        ("nybesök", ".csv.gz", b"hem\0lig", "not a whole gzip file"),
        ("nybesök", ".csv.gz", gzip.compress(b"Person;x\n" * 99, mtime=0)[:-9], "not a whole gzip file"),
        ("nybesök", ".parquet", b"hem\0lig", "not a parquet file"),
        ("nybesök", ".sav", b"hem\0lig", "not an SPSS file"),
        ("nybesök", ".xls", b"hemlig", "this kind of file can't be read"),
    ],
)
def test_a_damaged_file(tmp_path, name, suffix, content, said):
    folder = write_village(tmp_path)
    (folder / "nybesök.csv").unlink()
    (folder / f"{name}{suffix}").write_bytes(content)
    assert said in refused(folder, tmp_path, instrument=INSTRUMENT.replace("nybesök.csv", f"nybesök{suffix}"))


def test_two_sources_that_claim_one_file(tmp_path):
    folder = write_village(tmp_path)
    instrument = INSTRUMENT.replace('"nybesök.csv"', '"*.csv"')
    assert "register.csv: belongs to" in refused(folder, tmp_path, instrument=instrument, error=SettingsError)


def test_a_formula_is_an_unknown_code_and_is_never_kept(tmp_path):
    formula = "=cmd|' /C calc'!A0"
    folder = write_village(tmp_path)
    replace(folder, "nybesök.csv", "Gymnasium", formula)
    instrument = village_instrument(tmp_path)
    delivery = read_delivery(folder, instrument, village_settings())
    frames = [frame for frame in (vars(delivery) | {"receipts": receipts_of(delivery)}).values() if frame is not None]
    assert not any(frame.astype(str).map(lambda text: "cmd" in text).any(axis=None) for frame in frames)
    assert delivery.quality.query("reason == 'unknown_code'")[["action", "n"]].values.tolist() == [["blanked", 1]]
    first = (folder / "nybesök.csv").read_text(encoding="utf-8").splitlines()[1]
    more = "".join(f"x{n}{first}\n" for n in range(2))
    replace(folder, "nybesök.csv", first, f"{more}{first}")
    message = refused(folder, tmp_path, limits={"max_unknown_code_share": 0.1})
    assert "3 of 4 answers are not known" in message and "cmd" not in message


@pytest.mark.parametrize("formula", ["=1+1", "+cmd|x", "-2+3+cmd|x", "@SUM(A1)", " =1"])
@pytest.mark.parametrize("old", ["anna;", "Nord", "h1", ";flyttat"])
def test_a_formula_in_any_text_of_the_register_is_set_aside(tmp_path, formula, old):
    folder = write_village(tmp_path, survey=False)
    replace(folder, "register.csv", old, old.replace(old.strip(";"), formula))
    delivery = read_delivery(folder, village_instrument(tmp_path, without_survey()), village_settings())
    assert delivery.receipts.num_rows == 2
    assert delivery.quarantine["reason"].tolist() == ["formula"]


def test_a_formula_in_a_workbook_is_refused_whatever_it_would_give(tmp_path):
    folder = write_village(tmp_path)
    write_book(
        folder / "Kartläggning 2020.xlsx", [["Person", "Utbildning", "Födelseår"], ["bo", "Gymnasium", "=1989+1"]]
    )
    delivery = read_delivery(folder, village_instrument(tmp_path), village_settings())
    found = delivery.quality.query("file == 'Kartläggning 2020.xlsx' and column == 'Födelseår'")
    assert found[["reason", "n"]].values.tolist() == [["unreadable_number", 1]]


PLACES = {
    "a column that is read": ("register.csv", "anna;", f"{SECRET};", ", column 1 ('Person')"),
    "an amount": ("register.csv", "8\u00a0692,50", "8112189876", ", column 5 ('Belopp')"),
    "a text inside a text": ("register.csv", "flyttat", f"hemlig {SECRET} hemlig", ", column 7 ('Avslut')"),
    "with plus": ("register.csv", "flyttat", "811218+9876", ", column 7 ('Avslut')"),
    "with century": ("register.csv", "flyttat", "198112189876", ", column 7 ('Avslut')"),
    "a coordination number": ("register.csv", "flyttat", "811278-9873", ", column 7 ('Avslut')"),
    "a heading": ("nybesök.csv", "Kön", f"Kön;{SECRET}", ""),
}


@pytest.mark.parametrize(("name", "old", "new", "column"), PLACES.values(), ids=PLACES.keys())
def test_a_personal_number_in_a_text_file(tmp_path, name, old, new, column):
    folder = write_village(tmp_path)
    replace(folder, name, old, new)
    message = refused(folder, tmp_path)
    assert message.startswith(
        f"{name}{column}: 1 different texts hold a Swedish personal or coordination number (allowed 0)"
    )


def test_what_may_be_no_heading_is_not_shown(tmp_path):
    folder = write_village(tmp_path)
    path = folder / "nybesök.csv"
    path.write_text(f"Anna Hemlig;Gymnasium\nBo Hemlig;{SECRET}\n", encoding="utf-8")
    assert "nybesök.csv, column 2: 1 different" in refused(folder, tmp_path)


def test_a_personal_number_under_a_heading_that_holds_another(tmp_path):
    folder = write_village(tmp_path)
    replace(folder, "nybesök.csv", "Kön", f"Kön;{SECRET}")
    replace(folder, "nybesök.csv", "1990;K", f"1990;K;{SECRET}")
    assert "nybesök.csv, column 8: 2 different" in refused(folder, tmp_path)


def test_a_personal_number_in_a_column_nobody_asked_for(tmp_path):
    folder = write_village(tmp_path)
    content = (folder / "nybesök.csv").read_text(encoding="utf-8").splitlines()
    with_notes = [f"{content[0]};Anteckning", f"{content[1]};hemlig {SECRET}", f"{content[2]};"]
    (folder / "nybesök.csv").write_text("\n".join(with_notes), encoding="utf-8")
    assert "nybesök.csv, column 8 ('Anteckning'): 1 different" in refused(folder, tmp_path)


def test_a_personal_number_above_the_headings(tmp_path):
    folder = write_village(tmp_path)
    path = folder / "nybesök.csv"
    path.write_text(f"Utdrag av {SECRET}\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    instrument = INSTRUMENT.replace('files = "nybesök.csv"', 'files = "nybesök.csv"\nreader = { header_row = 2 }')
    assert "nybesök.csv: 1 different" in refused(folder, tmp_path, instrument=instrument)


def in_a_cell(book):
    book["Svar"]["B5"] = 8112189876


def in_a_title(book):
    book["Svar"]["A1"] = f"hemlig {SECRET}"


def on_another_sheet(book):
    book.create_sheet("Annat")["C9"] = SECRET


def in_a_comment(book):
    book["Svar"]["A4"].comment = Comment(f"hemlig {SECRET}", "hemlig")


def in_a_page_header(book):
    book["Svar"].oddHeader.center.text = SECRET


@pytest.mark.parametrize("place", [in_a_cell, in_a_title, on_another_sheet, in_a_comment, in_a_page_header])
def test_a_personal_number_anywhere_in_a_workbook(tmp_path, place):
    folder = write_village(tmp_path)
    path = folder / "Kartläggning 2020.xlsx"
    book = openpyxl.load_workbook(path)
    place(book)
    book.save(path)
    message = refused(folder, tmp_path)
    column = ", column 2 ('Utbildning')" if place is in_a_cell else ""
    assert message.startswith(f"Kartläggning 2020.xlsx{column}: ") and "personal or coordination number" in message


def answers_with(extra):
    rows = {
        "Person": ["bo"],
        "Månad": ["2020-03"],
        "Område": ["Syd"],
        "Utbildning": ["1"],
        "Arbete": ["ja"],
        "Födelseår": [1960.0],
        "Kön": ["M"],
    }
    return pd.DataFrame(rows | extra)


def test_a_personal_number_in_parquet(tmp_path):
    folder = write_village(tmp_path)
    (folder / "nybesök.csv").unlink()
    answers_with({"x": [8112189876.0]}).to_parquet(folder / "nybesök.parquet")
    message = refused(folder, tmp_path, instrument=INSTRUMENT.replace("nybesök.csv", "nybesök.parquet"))
    assert "personal or coordination number" in message


def test_a_personal_number_in_a_label_of_spss(tmp_path):
    folder = write_village(tmp_path)
    (folder / "nybesök.csv").unlink()
    labels = {"Arbete": {"ja": f"hemlig {SECRET}"}}
    pyreadstat.write_sav(answers_with({}), folder / "nybesok.sav", variable_value_labels=labels)
    message = refused(folder, tmp_path, instrument=INSTRUMENT.replace("nybesök.csv", "nybesok.sav"))
    assert "personal or coordination number" in message


def test_a_personal_number_in_the_name_of_a_file(tmp_path):
    folder = write_village(tmp_path)
    (folder / f"{SECRET}.pdf").write_bytes(b"x")
    assert "Names of files" in refused(folder, tmp_path)


def test_a_personal_number_beside_the_true_risks(tmp_path):
    folder = write_village(tmp_path)
    (folder / "truth.csv").write_text(
        f"person_id,intake_month,true_prob,best_prob\n{SECRET},24240,.1,.1\n", encoding="utf-8"
    )
    assert "truth.csv, column 1: 1 different" in refused(folder, tmp_path)


def test_a_values_own_error_never_stands_behind_ours(tmp_path):
    folder = write_village(
        tmp_path, register="Person;Hushåll;År;Månad;Belopp;Område;Avslut\nhemlig;h1;hemlig;1;hemlig;N;\n"
    )
    message = refused(folder, tmp_path, limits={"max_quarantined_share": 0.1})
    assert "register.csv: 1 of 1 rows can't be used" in message
