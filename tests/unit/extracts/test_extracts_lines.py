"""No line of a csv vanishes in a cell, whatever its marks and line ends; and moments keep their month."""

from dataclasses import replace
from datetime import datetime

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from riskmodel.extracts.csv_lines import csv_rows
from riskmodel.extracts.read_text import read_text
from riskmodel.extracts.read_typed import read_parquet
from riskmodel.ground.errors import SurveyDataError
from riskmodel.instrument.check_sources import _is_delimiter, is_encoding
from riskmodel.instrument.records import Reader

HEAD = "Person;Månad;Anmärkning;Belopp"
READER = Reader()


def written(cells, *, ends="\n", encoding="utf-8", column=2):
    """A file whose rows hold `cells` in one column."""
    rows = []
    for number, cell in enumerate(cells, start=1):
        row = [f"p{number}", "2021-03", "-", "100"]
        row[column] = cell
        rows.append(";".join(row))
    return ends.join([HEAD, *rows, ""]).encode(encoding)


def column_of(table, place):
    column = table.columns[place]
    return [column.texts[code] for code in column.codes]


@pytest.mark.parametrize("column", [0, 1, 2, 3])
@pytest.mark.parametrize("places", [(3,), (3, 9), (0, 19), (18, 19), (19,)])
def test_a_stray_quotation_mark_takes_no_rows_with_it(column, places):
    content = written(['"ojdå' if place in places else "-" for place in range(20)], column=column)
    try:
        table = read_text(content, READER, where="f.csv")
    except SurveyDataError as error:
        assert f"line {places[0] + 2}" in str(error) or "quotation" in str(error)
        assert "ojdå" not in str(error)
    else:
        assert table.rows_n + table.broken_rows_n == 20


@pytest.mark.parametrize("cell", ['5" skärm', 'a "b" c', '"hel"', '"dubbel ""citat"" i"', '""'])
def test_quotation_marks_that_take_no_line_are_read(cell):
    assert read_text(written(["-", cell, "-"]), READER, where="f.csv").rows_n == 3


@pytest.mark.parametrize("n", [1, 5, 300])
def test_a_comment_over_lines_is_read_and_told(n):
    comment = '"första raden\nandra, längre raden\ntredje"'
    table = read_text(written(["-", *[comment] * n, "-"]), READER, where="f.csv")
    assert (table.rows_n, table.over_lines_n, table.first_over_lines) == (n + 2, n, 3)
    assert column_of(table, 3) == ["100"] * (n + 2)


@pytest.mark.parametrize(
    ("cell", "cause"),
    [
        ('"öppen', "in line 4 is not closed, or stands where none can"),
        ('"a\np9;2021-03;b;100"', "in line 4 takes what looks like rows"),
        ('"a\nb"c"', "in line 4 is not closed, or stands where none can"),
    ],
)
def test_what_is_wrong_with_one_cell_over_lines_is_said_before_how_many_there_are(cell, cause):
    for content in (written(["-", "-", cell, "-"]), written(["-", "-", cell, *['"a\nb"'] * 6])):
        with pytest.raises(SurveyDataError, match=f"f.csv: a quotation mark in the row that begins {cause}"):
            read_text(content, READER, where="f.csv")


def test_two_marks_in_rows_that_follow_each_other_make_no_row_of_two():
    content = b'a;b;c\n1;x;2\n3;"x;4\n5;y";6\n'
    with pytest.raises(SurveyDataError, match="in line 3 takes what looks like rows"):
        read_text(content, READER, where="f.csv")
    first = b'a;b;c\n"x\ny";1;2\n'  # in the first column the last line has all of the row's delimiters
    assert read_text(first, READER, where="f.csv").first_over_lines == 2


@pytest.mark.parametrize("cut", [1, 4, 9, 14])
def test_a_file_that_ends_within_a_row_was_cut_short(cut):
    whole = written(["a"] * 9)[:-1]  # a last row without a line end is whole
    assert read_text(whole, READER, where="f.csv").rows_n == 9
    if cut > 3:
        with pytest.raises(SurveyDataError, match="f.csv: ends within a row: the file was cut short"):
            read_text(whole[:-cut], READER, where="f.csv")
    assert read_text(whole + b"\np;x\n", READER, where="f.csv").broken_rows_n == 1


def test_rows_are_numbered_by_the_line_they_begin_in():
    rows = csv_rows(["a;b\n", '"c\n', 'd";e\n', "\n", "f;g"], ";", first_line=2)
    assert [(list(row.cells), row.begins, len(row.lines)) for row in rows] == [
        (["a", "b"], 2, 1),
        (["c\nd", "e"], 3, 2),
        ([], 5, 1),
        (["f", "g"], 6, 1),
    ]


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_lines_may_end_in_every_common_way(ends):
    table = read_text(written(["a", "b", "c"], ends=ends), READER, where="f.csv")
    assert (table.rows_n, column_of(table, 2), column_of(table, 3)) == (3, ["a", "b", "c"], ["100"] * 3)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be", "U8"])
def test_wide_text_is_read_as_said_and_advised_where_something_else_is_said(encoding):
    content = written(["å", "ä"], encoding=encoding)
    assert column_of(read_text(content, replace(READER, encoding=encoding), where="f.csv"), 2) == ["å", "ä"]
    for name in ("utf-16", "utf-32"):
        marked = written(["å", "ä"], encoding=name)
        for wrong in ("utf-8", "cp1252", "latin-1", "utf-32" if name == "utf-16" else "utf-16"):
            with pytest.raises(SurveyDataError, match=f"but in {name}. Correct reader.encoding"):
                read_text(marked, replace(READER, encoding=wrong), where="f.csv")


def test_headings_whose_quotation_mark_is_not_closed_are_told_in_a_sentence():
    with pytest.raises(SurveyDataError, match="row of headings can't be read"):
        read_text(b'"Person;M\na;b\n', READER, where="f.csv")


NO_ENCODINGS = ["zip", "uu", "hex", "base64", "bz2", "rot13", "quopri", "undefined", "nothing", "", "unicode_escape"]
NO_ENCODINGS += ["raw_unicode_escape", "idna", "punycode", "utf-7", "U7", "hz", "iso2022_jp", "mbcs", "oem", "å", "a\0"]


@pytest.mark.parametrize("name", NO_ENCODINGS)
def test_what_no_text_is_written_in_is_no_encoding(name):
    assert not is_encoding(name)
    with pytest.raises(SurveyDataError, match="utf-8, utf-16, utf-32 and tables .* Correct reader.encoding"):
        read_text(written(["-"]), replace(READER, encoding=name), where="f.csv")


@pytest.mark.parametrize(
    "name",
    "utf-8 cp1252 latin-1 utf-16 cp850 mac-roman UTF8 utf_8_sig U8 iso-8859-15 l1 utf-32 utf-32-be ascii koi8-r cp037 "
    "macroman".split(),
)
def test_what_texts_are_written_in_is_an_encoding(name):
    assert is_encoding(name)


@pytest.mark.parametrize(
    ("sign", "fits"), [(s, True) for s in ";,\t|:^~"] + [(s, False) for s in "å\"\r\n\0a1 .-+/()_'\x7f"]
)
def test_a_delimiter_is_one_sign_that_cells_are_not_made_of(sign, fits):
    assert _is_delimiter(sign) is fits


@pytest.mark.parametrize("zone", ["Europe/Stockholm", "UTC", "+01:00", "America/New_York"])
def test_a_moment_with_a_zone_belongs_to_the_month_of_that_zones_clock(tmp_path, zone):
    midnight = pa.array([datetime(2021, 1, 1)]).cast(pa.timestamp("us"))
    column = pc.assume_timezone(midnight, timezone=zone)
    path = tmp_path / "f.parquet"
    pq.write_table(pa.table({"Månad": column}), path)
    assert column_of(read_parquet(path, where="f.parquet"), 0) == ["2021-01-01"]
