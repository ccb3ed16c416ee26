"""The right thing is blamed: each message says what was found, and the delivery passes when its remedy is followed."""

from datetime import time

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyreadstat
import pytest
import told
from openpyxl import Workbook
from openpyxl.chart import BarChart
from village import INSTRUMENT, INTAKE, counts, village_instrument, village_settings, without_survey, write_village

from riskmodel.extracts.read import read_delivery
from riskmodel.ground.errors import SurveyDataError

PLAIN = without_survey(INSTRUMENT)
ROWS = [line.split(";") for line in INTAKE.splitlines()]


def read(tmp_path, content=None, *, reader="", instrument=PLAIN, name="nybesök.csv", make=None):
    """The village with another intake file, read as `reader` says; the intake answers."""
    tmp_path.mkdir(parents=True, exist_ok=True)
    folder = write_village(tmp_path, survey=False)
    (folder / "nybesök.csv").unlink()
    if content is not None:
        (folder / name).write_bytes(content.encode())
    if make:
        make(folder / name)
    read_as = f'files = "{name}"' + (f"\nreader = {{ {reader} }}" if reader else "")
    told = instrument.replace('files = "nybesök.csv"', read_as)
    return read_delivery(folder, village_instrument(tmp_path, told), village_settings()).answers_by_intake


def refused(tmp_path, *content, **how):
    with pytest.raises(SurveyDataError) as caught:
        read(tmp_path / "first", *content, **how)
    return told.in_both(caught.value)


@pytest.mark.parametrize(
    ("content", "said", "reader"),
    [
        (
            INTAKE.replace(";", ","),
            'Row 1 holds 7 of the 7 when it is read with reader = { header_row = 1, delimiter = "," }: correct',
            'delimiter = ","',
        ),
        (INTAKE.replace(";", "\t"), 'delimiter = "\\t" }: correct', 'delimiter = "\\t"'),
        (
            "sep=;\n" + INTAKE,
            "Row 2 is the first of them: if it holds the headings, set reader.header_row = 2",
            "header_row = 2",
        ),
        (
            "Nybesök 2020;;;;;;\n" + INTAKE,
            "Row 2 holds 7 of the 7 when it is read with reader = { header_row = 2",
            "header_row = 2",
        ),
    ],
    ids=["comma", "tab", "sep", "title"],
)
def test_the_reader_that_fits_is_named(tmp_path, content, said, reader):
    assert said in refused(tmp_path, content)
    assert len(read(tmp_path / "again", content, reader=reader)) == 2


def test_rows_that_end_with_a_delimiter_are_told_from_a_file_without_rows(tmp_path):
    head, *rows = INTAKE.splitlines()
    content = "\n".join([head, *(f"{row};" for row in rows)]) + "\n"
    message = refused(tmp_path, content)
    assert "0 rows have as many cells as there are headings (7); 2 of 2 have 8" in message
    assert "let the row of headings end with one, too" in message
    assert len(read(tmp_path / "again", content.replace(head, f"{head};"))) == 2
    headed = INTAKE.replace(head, f"{head};")
    assert "The row of headings ends with a delimiter: remove it" in refused(tmp_path / "other", headed)


def test_the_nearest_heading_is_named_and_those_not_asked_for(tmp_path):
    content = INTAKE.replace("Födelseår", "Föd|elseår").replace("Kön", "Kommentar")
    message = refused(tmp_path, content)
    assert "2 of 7 headings were not found" in message
    assert "The nearest in the file: 'Föd|elseår' for 'Födelseår'." in message
    assert "Not asked for: 'Föd|elseår', 'Kommentar'." in message


def test_a_row_that_is_none_of_headings_is_not_shown(tmp_path):
    message = refused(tmp_path, "\n".join(INTAKE.splitlines()[1:]) + "\n")
    assert "7 of 7 headings were not found" in message
    assert "anna" not in message and "Nord" not in message


def test_a_heading_may_hold_a_line_break_or_what_nobody_sees(tmp_path):
    content = INTAKE.replace("Födelseår", '"Födelse\u200bår"').replace("Område", '"Område\n"')
    answers = read(tmp_path, content)
    assert answers["area"].tolist() == ["Nord", "Syd"] and answers["age"].tolist() == [30, 60]


def test_a_table_of_tabs_is_read(tmp_path):
    content = INTAKE.replace(";", "\t")
    assert "delimiter" in refused(tmp_path, content, name="nybesök.tsv")
    assert len(read(tmp_path / "again", content, name="nybesök.tsv", reader='delimiter = "\\t"')) == 2


def book(sheets, *, hidden=(), chart=False):
    def make(path):
        made = Workbook()
        made.remove(made.active)
        if chart:
            made.create_chartsheet("Diagram").add_chart(BarChart())
        for name, rows in sheets.items():
            page = made.create_sheet(name)
            page.sheet_state = "hidden" if name in hidden else "visible"
            for row in rows:
                page.append(row)
        made.active = len(made.sheetnames) - 1
        made.save(path)

    return make


def test_hidden_sheets_and_charts_are_no_first_sheet(tmp_path):
    make = book({"Dold": [["x"], ["y"]], "Svar": ROWS}, hidden=["Dold"], chart=True)
    assert len(read(tmp_path, name="nybesök.xlsx", make=make)) == 2


def test_the_sheet_that_fits_is_named(tmp_path):
    make = book({"Om filen": [["Skapad"], ["2020-01-01"]], "Svar": [["Nybesök"], *ROWS]})
    message = refused(tmp_path, name="nybesök.xlsx", make=make)
    assert 'reader = { header_row = 2, sheet = "Svar" }' in message and "Its sheets: 'Om filen', 'Svar'." in message
    answers = read(tmp_path / "again", name="nybesök.xlsx", make=make, reader='header_row = 2, sheet = "Svar"')
    assert len(answers) == 2


@pytest.mark.parametrize("suffix", ["parquet", "sav"])
def test_a_time_of_day_that_nobody_asks_for_stops_nothing(tmp_path, suffix):
    frame = pd.DataFrame(ROWS[1:], columns=ROWS[0]).rename(columns={"Område": "Omrade", "Födelseår": "Fodelsear"})
    frame = frame.rename(columns={"Månad": "Manad", "Kön": "Kon"}).assign(Start=[time(8, 30), time(9, 0)])
    instrument = PLAIN.replace("Födelseår", "Fodelsear").replace('"Kön"', '"Kon"')
    own = '[sources.intake]\nfiles = "nybesök.csv"\ncolumns = { person = "Person", month = "Månad", area = "Område" }'
    instrument = instrument.replace(own, own.replace("Månad", "Manad").replace("Område", "Omrade"))

    def make(path):
        if suffix == "sav":
            pyreadstat.write_sav(frame, str(path))
        else:
            pq.write_table(pa.Table.from_pandas(frame), path)

    asked = {"instrument": instrument, "name": f"nybesok.{suffix}", "make": make}
    assert len(read(tmp_path, **asked)) == 2
    wants = {**asked, "instrument": instrument.replace('intake = "Arbete"', 'intake = "Start"')}
    assert "'Start' (item work) holds something else than text, numbers and dates" in refused(tmp_path / "b", **wants)
    frame["Start"] = [time(8, 30), "811218-9876"] if suffix == "parquet" else frame["Start"]
    if suffix == "parquet":  # what is not read is searched all the same
        frame["Start"] = [["811218-9876"], ["x"]]
        assert "personal or coordination number" in refused(tmp_path / "c", **asked)


def test_a_delivery_that_is_no_folder_is_named(tmp_path):
    instrument = village_instrument(tmp_path, PLAIN)
    with pytest.raises(SurveyDataError, match=r"nowhere was not found. Name the folder that holds the files"):
        read_delivery(tmp_path / "nowhere", instrument, village_settings())


UPPER, LOWER = ["Person", "Månad", "Område", "Svar"], ["", "", "", *ROWS[0][3:]]


def test_headings_in_two_rows_are_read_by_the_lower_one(tmp_path):
    make = book({"Svar": [UPPER, LOWER, *ROWS[1:]]})
    message = refused(tmp_path, name="nybesök.xlsx", make=make)
    assert 'Row 2 holds 7 of the 7 when it is read with reader = { header_row = 2, sheet = "Svar" }' in message
    answers = read(tmp_path / "again", name="nybesök.xlsx", make=make, reader="header_row = 2")
    assert answers["area"].tolist() == ["Nord", "Syd"] and answers["age"].tolist() == [30, 60]
    content = "\n".join(";".join(row) for row in ([*UPPER, "", "", ""], LOWER, *ROWS[1:])) + "\n"
    assert "header_row = 2" in refused(tmp_path / "csv", content)
    assert len(read(tmp_path / "csv again", content, reader="header_row = 2")) == 2


def test_a_sheet_that_begins_with_an_empty_row_is_no_sheet_of_headings(tmp_path):
    make = book({"Pivot": [[], ["Radetiketter", "Antal"], ["Nord", 1]], "Svar": ROWS})
    message = refused(tmp_path, name="nybesök.xlsx", make=make)
    assert "no headings in row 1." in message and 'header_row = 1, sheet = "Svar" }: correct the instrument' in message
    answers = read(tmp_path / "again", name="nybesök.xlsx", make=make, reader='header_row = 1, sheet = "Svar"')
    assert len(answers) == 2


def test_no_row_is_lost_on_a_sheet_with_the_same_headings(tmp_path):
    turned = [[*reversed(ROWS[0])], [*reversed(ROWS[2])]]
    make = book({"2020-01": ROWS[:2], "2020-03": turned, "Om filen": [["x"]]})
    message = refused(tmp_path, name="nybesök.xlsx", make=make)
    assert "2 sheets have the same headings: '2020-01', '2020-03'." in message and 'write sheet = "*"' in message
    answers = read(tmp_path / "again", name="nybesök.xlsx", make=make, reader='sheet = "*"')
    assert answers["person_id"].tolist() == ["anna", "bo"] and answers["age"].tolist() == [30, 60]
    folder = write_village(tmp_path, survey=False)
    (folder / "nybesök.csv").unlink()
    make(folder / "nybesök.xlsx")
    one = PLAIN.replace('files = "nybesök.csv"', 'files = "nybesök.xlsx"\nreader = { sheet = "2020-01" }')
    delivery = read_delivery(folder, village_instrument(tmp_path, one), village_settings())
    assert counts(delivery)["nybesök.xlsx", "", "sheet_not_read"] == 1


def test_a_heading_with_a_remark_is_the_nearest(tmp_path):
    content = INTAKE.replace("Utbildning", '"Utbildning\n(välj ett av alternativen nedan)"').replace("Kön", "Kön *")
    message = refused(tmp_path, content)
    assert "'Utbildning (välj ett av alternativen nedan)' for 'Utbildning', 'Kön *' for 'Kön'" in message
    renamed = PLAIN.replace('intake = "Kön"', 'intake = "Kön *"')
    own = 'intake = "Utbildning"'
    renamed = renamed.replace(own, 'intake = "Utbildning (välj ett av alternativen nedan)"')
    assert len(read(tmp_path / "again", content, instrument=renamed)) == 2


def test_a_missing_heading_is_told_where_rows_are_broken_too(tmp_path):
    content = INTAKE.replace("Månad", "Datum") + "cy;2020-04;Nord\n"
    assert "1 of 7 headings were not found: 'Månad'" in refused(tmp_path, content)


def test_a_variable_that_is_labelled_as_the_heading_is_named(tmp_path):
    folder = write_village(tmp_path, survey=False)
    (folder / "nybesök.csv").unlink()
    rows = {"id": ["anna"], "v2": ["2020-01"], "v3": ["Gymnasium"]}
    labels = {"id": "Person", "v2": "Månad", "v3": "Utbildning"}
    pyreadstat.write_sav(pd.DataFrame(rows), folder / "nybesök.sav", column_labels=labels)
    instrument = village_instrument(tmp_path, without_survey().replace("nybesök.csv", "nybesök.sav"))
    with pytest.raises(SurveyDataError) as caught:
        read_delivery(folder, instrument, village_settings())
    near = "The nearest in the file: 'v3' for 'Utbildning', 'id' for 'Person', 'v2' for 'Månad'."
    assert near in caught.value.said("en")


def test_a_column_a_month_is_told_as_one(tmp_path):
    head, *rows = [line.split(";") for line in INTAKE.splitlines()]
    wide = [[head[0], "2020-01", "feb-20", "2020M03"], *([row[0], "1", "2", "3"] for row in rows)]
    content = "\n".join(map(";".join, wide)) + "\n"
    with pytest.raises(SurveyDataError, match="3 headings are months: where each month has a column of its own"):
        read(tmp_path, content)
