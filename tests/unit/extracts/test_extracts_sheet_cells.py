"""Cells are read as openpyxl reads them, whatever their kind and wherever they stand."""

import io
import random
import re
import zipfile
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900

from riskmodel.extracts import plain_cells, read_sheet
from riskmodel.extracts.read_sheet import numbers_in_parts, read_sheets
from riskmodel.extracts.sheet_cells import Book
from riskmodel.ground.errors import SurveyDataError

NS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SHARED = f'<sst xmlns="{NS}"><si><t>delad</t></si><si><r><t>te</t></r><r><t>xt</t></r></si></sst>'
SHARED_PART = (
    '<Override PartName="/xl/sharedStrings.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/>'
)
CELLS = [
    cell.replace("@", "{n}")
    for cell in (
        '<c r="A@"><v>7</v></c>', '<c r="B@" t="n"><v>7.50</v></c>', '<c r="C@"><v>1E3</v></c>',
        '<c r="D@" s="1"><v>44286</v></c>', '<c r="E@" s="1"><v>44286.5</v></c>', '<c r="E@" s="1"><v>9E9</v></c>',
        '<c r="F@" t="s"><v>0</v></c>', '<c r="G@" t="s"><v>1</v></c>', '<c r="H@" t="b"><v>1</v></c>',
        '<c r="I@" t="e"><v>#N/A</v></c>', '<c r="J@" t="str"><f>A1&amp;"x"</f><v>7x</v></c>',
        '<c r="K@"><f t="shared" ref="K1:K9" si="0">A1+1</f><v>8</v></c>',
        '<c r="L@"><f t="shared" si="0"/><v>8</v></c>',
        '<c r="M@" t="inlineStr"><is><t xml:space="preserve"> å </t></is></c>',
        '<c r="N@" t="inlineStr"><is><t/></is></c>',
        '<c r="O@" t="inlineStr"><is><r><t>två </t></r><r><rPr><b/></rPr><t>stilar</t></r></is></c>',
        '<c r="P@" t="inlineStr"><is><t>läst</t><rPh sb="0" eb="1"><t>inte</t></rPh></is></c>',
        '<c r="Q@" t="inlineStr"/>', '<c r="R@" t="inlineStr"><v>8</v></c>', '<c r="XFD@" s="1"/>', '<c><v>9</v></c>',
        '<c t="inlineStr"><is><t>sist</t></is></c>', '<c r="S@" t="d"><v>2021-03-31</v></c>',
        '<c r="T@"><v>0.1</v><extLst/></c>', '<c r="AB@" t="n"><v></v></c>', '<c r="ac@"><v>1</v></c>',
    )
]  # fmt: skip


def book(rows, *, beside="", names=("A",)):
    """A workbook of one sheet or several, whose parts openpyxl wrote but for `rows` of the first."""
    made, content = Workbook(), io.BytesIO()
    made.remove(made.active)
    for name in names:
        sheet = made.create_sheet(name)
        sheet["A1"] = datetime(2021, 3, 31)
    made.save(content)
    changed = io.BytesIO()
    parts = {"xl/worksheets/sheet1.xml": f'<worksheet xmlns="{NS}"><sheetData>{rows}</sheetData>{beside}</worksheet>'}
    with zipfile.ZipFile(content) as old, zipfile.ZipFile(changed, "w") as new:
        for part in old.namelist():
            text = parts.get(part) or old.read(part).decode()
            new.writestr(part, text.replace("</Types>", f"{SHARED_PART}</Types>") if "Types" in part else text)
        new.writestr("xl/sharedStrings.xml", SHARED)
    return changed.getvalue()


def as_openpyxl_reads(content):
    sheet = load_workbook(io.BytesIO(content), read_only=True).worksheets[0]
    sheet.reset_dimensions()
    return [[cell for cell in row if cell not in (None, "")] for row in sheet.iter_rows(values_only=True)]


def as_written(value):
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time.min else value.isoformat(" ")
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def rows_of(content):
    return read_sheets(content, where="a.xlsx")[0]["A"]


@pytest.mark.filterwarnings("ignore:Cell E6 is marked as a date")  # by openpyxl itself
def test_every_kind_of_cell_is_read_as_openpyxl_reads_it():
    content = book("".join(f'<row r="{n}">{cell.format(n=n)}</row>' for n, cell in enumerate(CELLS, start=1)))
    own = [[*row.values()] for row in rows_of(content)]
    assert own == [[as_written(cell) for cell in row] for row in as_openpyxl_reads(content)]
    assert ["två stilar"] in own and ["läst"] in own and ["2021-03-31 12:00:00"] in own


def test_cells_without_a_place_follow_the_one_before():
    cells = "".join(cell.format(n=1) for cell in (CELLS[0], CELLS[6], CELLS[20], CELLS[21], CELLS[19]))
    assert rows_of(book(f"<row>{cells}</row>")) == [{1: "7", 6: "delad", 7: "9", 8: "sist"}]


@pytest.mark.parametrize("places", [(1, 2), (3,), (2, 2, 4), (4, 2), (None, 3, None), ("2.0",)])
def test_rows_stand_where_the_file_says(places):
    numbered = ["<row>" if place is None else f'<row r="{place}">' for place in places]
    content = book("".join(f"{row}<c><v>{n}</v></c></row>" for n, row in enumerate(numbered, start=10)))
    assert [[*row.values()] for row in rows_of(content)] == [
        [str(cell) for cell in row] for row in as_openpyxl_reads(content)
    ]


@pytest.mark.parametrize("cell", ['<c t="s"><v>9</v></c>', "<c><v>x</v></c>", '<c r="1"><v>1</v></c>', "<c><v>1</c>"])
def test_a_cell_that_is_none_makes_no_workbook(cell):
    with pytest.raises(SurveyDataError, match="not an xlsx workbook"):
        rows_of(book(f"<row>{cell}</row>"))


def test_what_stands_beside_the_cells_stops_nothing():
    content = book(
        "<row><c><v>1</v></c></row>", beside='<conditionalFormatting><cfRule type="none"/></conditionalFormatting>'
    )
    assert rows_of(content) == [{1: "1"}]


def test_sheets_keep_their_order_and_names():
    content = book("<row><c><v>1</v></c></row>", names=("A", "Blad två"))
    sheets, first, since_1904 = read_sheets(content, where="a.xlsx")
    assert [*sheets] == ["A", "Blad två"] and first == "A" and not since_1904
    found = Book(io.BytesIO(content), read_only=True)
    found.read()
    assert [(name, state) for name, state, _ in found.sheets] == [("A", "visible"), ("Blad två", "visible")]


def test_rows_that_hold_a_style_alone_take_no_room():
    styled = "".join(f'<row r="{n}" s="1" customFormat="1" ht="15"><c r="A{n}" s="1"/></row>' for n in range(2, 2000))
    content = book(f'<row r="1"><c r="A1"><v>1</v></c></row>{styled}<row r="2000"><c><v>2</v></c></row>')
    found = Book(io.BytesIO(content), read_only=True)
    found.read()
    rows = [*found.rows(found.sheets[0][2])]
    assert len(rows) == 2000 and rows[0] == {1: "1"} and rows[-1] == {1: "2"}
    assert len({id(row) for row in rows}) == 3  # what holds nothing is one and the same
    assert rows_of(book(f'<row r="1"><c r="A1"><v>1</v></c></row>{styled}')) == [{1: "1"}]


def test_a_part_is_searched_piece_by_piece(monkeypatch):
    monkeypatch.setattr(read_sheet, "PIECE_BYTES", 50)
    number = '<row r="{n}"><c r="A{n}" t="inlineStr"><is><r><t>811218</t></r><r><t>-9876</t></r></is></c></row>'
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in range(1, 40))
    assert numbers_in_parts(book(rows), where="a.xlsx") == 0
    assert numbers_in_parts(book(rows + number.format(n=40) + number.format(n=41)), where="a.xlsx") == 2


ODD_XML = (
    "<!-- <row><c r=\"A1\"><v>8</v></c></row> -->", "<![CDATA[</row>]]>", "<?x <row><c r=\"A1\"/></row> ?>", "\n ",
    "<extLst/>", "<row r=\"7\"/>", "</row>", "<c r=\"A1\"", "\x01", "\ufffe", "&amp;", "&unknown;", "<row>",
    "<v><![CDATA[<c r=\"A1\" s=\"1\"/>]]></v>", "<c xmlns=\"x\"><v>1</v></c>", "<is><t>löst</t></is>",
)  # fmt: skip
ROW_TAGS = (
    '<row r="{n}">', "<row>", '<row r="{n}" spans="1:3" ht="15" customHeight="1">', "<row r='{n}'>",
    '<row r="{n}" xmlns="x">',
    '<row r="{n}" r="{n}">', '<row  >', '<row r="{n}" x:dyDescent="0.25">', '<row r="{n}" riskmodel.row="1">', "<rows>",
)  # fmt: skip
WRITTEN = {
    "": ("0", "1", "44286", "7.50", "-1", "1E3", "0012", " 7", "1_0"), "s": ("0", "1", "-1"), "b": ("0", "1"),
    "n": ("7", "44286.5"), "str": ("Å", " ", "a\tb\nc"), "e": ("#N/A",), "inlineStr": ("x", "\u2028𝒳]", " é "),
    "d": ("2021-03-31",),
}  # fmt: skip
INSIDE = ("<is><t>@</t></is>", '<is><t xml:space="preserve">@</t></is>')


@st.composite
def usual_cells(draw):
    """Cells as programs write them."""
    place = draw(st.sampled_from(("A{n}", "B{n}", "C{n}", "XFD{n}", "A{n}")))
    style, kind = draw(st.sampled_from(("", "", "0", "1", "2"))), draw(st.sampled_from([*WRITTEN]))
    attributes = f'r="{place}"' + (f' s="{style}"' if style else "") + (f' t="{kind}"' if kind else "")
    if draw(st.integers(0, 3)) == 0:
        return f"<c {attributes}{draw(st.sampled_from(('', ' ')))}/>"
    inside = draw(st.sampled_from(INSIDE)) if kind == "inlineStr" else "<v>@</v>"
    return f"<c {attributes}>{inside.replace('@', draw(st.sampled_from(WRITTEN[kind])))}</c>"


@st.composite
def odd_rows(draw):
    """A row in which something is out of the way, and often no XML."""
    cells = draw(st.lists(st.one_of(usual_cells(), st.sampled_from(CELLS)), max_size=4))
    whole = draw(st.sampled_from(ROW_TAGS)) + "".join(cells)
    at, odd = draw(st.integers(0, len(whole))), draw(st.sampled_from((*ODD_XML, *'<>&;"\r\x0b\ufffe 9')))
    return draw(st.sampled_from((whole, whole + odd, whole[:at] + odd + whole[at:], whole[:at] + whole[at + 1 :])))


@settings(max_examples=150)
@given(st.data())
def test_rows_of_plain_cells_are_read_as_the_parser_reads_them(data):
    usual = st.tuples(st.sampled_from(ROW_TAGS[:3]), st.lists(usual_cells(), max_size=5).map("".join)).map("".join)
    kinds = st.one_of(usual, usual, odd_rows()) if data.draw(st.booleans()) else usual
    made = data.draw(st.lists(kinds, min_size=1, max_size=5))
    rows = [f"{row}</row>".replace("{n}", str(n)) for n, row in enumerate(made, start=1)]
    content = book("".join(rows))

    found, parsed = with_and_without_pattern(content, data.draw(st.sampled_from((40, 200, 1 << 18))))
    assert found == parsed


@pytest.mark.parametrize(
    "row",
    [
        '<row r="1"><c r="A1" t="str"><v>a\r\nb</v></c></row>',
        '<row r="1"><c r="A1" t="str"><v>a\x0bb</v></c></row>',
        '<row r="1"><c r="A1" t="str"><v>a]]>b</v></c></row>',
        '<row r="1"><c r="A1" t="str"><v>a\ufffeb</v></c></row>',
        '<row r="1"><c r="A1" t="str"><v><![CDATA[<row><c r="A1"><v>1</v></c></row>]]></v></c></row>',
        '<row r="1"><c r="A1"><v>1</v><!-- </c></row><row r="2"><c r="A2"><v>2</v></c></row> --></c></row>',
        '<row r="1"><c r="A1"<c r="A1"/>><v>1</v></c></row>',
        '<row r="1"><c r="A1"><v>1</v></c></row><row riskmodel.row="1"><c r="A2"><v>2</v></c></row>',
        '<row r="1" riskmodel.row="1"><c r="A1"><v>1</v></c></row>',
        '<row r="1"><c r="A1"><v>1</v></c>\x01</row>',
        '<row r="1"/><row r="2"></row><row r="3"></row><row r="4"></row><row><c r="A1"><v>1</v></c></row>',
        '<row r="1"></row><row r="2"></row><row/><row><c r="A1"><v>1</v></c></row>',
        '<row r="1"></row><row r="4"></row><row r="2"><c r="A1"><v>1</v></c></row><row><c r="A1"><v>2</v></c></row>',
        '<row r="1"></row><row r="3"></row><row><c><v>1</v></c></row>',
        '<row r="1"></row><row r="3"></row><!-- --><row><c r="A1"><v>1</v></c></row>',
        '<row r="1"></row><row r="3"></row><row><c r="A1"><v>1</v></c></row >',
        '<row s="1" r="1"><c r="A1"><v>1</v></c></row><row r="2" s="1" r="1"></row>',
        '<row r="1" s="1" s="1"></row>',
    ],
)
def test_what_only_looks_like_plain_cells_is_left_to_the_parser(row):
    found, parsed = with_and_without_pattern(book(row), 1 << 18)
    assert found == parsed


def with_and_without_pattern(content, block_bytes):
    """The rows of a workbook, or why it is none; the second time each cell is parsed."""
    found = []
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(plain_cells, "BLOCK_BYTES", block_bytes)
        for row in (plain_cells.PLAIN_ROW, re.compile("(?!)")):
            patched.setattr(plain_cells, "PLAIN_ROW", row)
            try:
                found.append(rows_of(content))
            except SurveyDataError as error:
                found.append(str(error))
    return found


@pytest.mark.parametrize("encoding", ["utf-8", "UTF-8", "utf-16", "iso-8859-1"])
def test_a_sheet_is_read_in_the_encoding_that_it_declares(encoding):
    sheet = f'<?xml version="1.0" encoding="{encoding}"?><worksheet xmlns="{NS}"><sheetData><row r="1">' + (
        '<c r="A1" t="inlineStr"><is><t>Å</t></is></c></row></sheetData></worksheet>'
    )
    content, changed = book(""), io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(changed, "w") as new:
        for part in old.namelist():
            new.writestr(part, sheet.encode(encoding) if part.endswith("sheet1.xml") else old.read(part))
    assert rows_of(changed.getvalue()) == [{1: "Å"}]


NUMBER_FORMATS = (
    "General", "0", "0.00", "0%", "yyyy-mm-dd", "yyyy-mm-dd hh:mm", "mmm-yy", "[h]:mm:ss", "hh:mm", "@", '"d"0',
    "[Red]0", '#,##0.00 "kr"', "[$-41D]d mmmm yyyy", "#,##0.00_);[Red](#,##0.00)", "0.00E+00",
)  # fmt: skip


def anything(chances):
    kinds = (
        lambda: chances.randint(-(10**6), 60_000), lambda: chances.random() * 10 ** chances.randint(-8, 12),
        lambda: float(chances.randint(0, 99_999)), lambda: 10 ** chances.randint(14, 20), lambda: None,
        lambda: chances.random() < 0.5, lambda: datetime(chances.randint(1905, 2100), 3, 31, chances.choice((0, 13))),
        lambda: time(3, 4), lambda: date(chances.randint(1905, 2100), 3, 31),
        lambda: timedelta(hours=chances.randint(0, 50)),
        lambda: chances.choice(("å", " x ", "<&>", "=A1+1", "1,5", "0012", "#N/A", "a\nb", "_x000D_", "é\u2028", "'1")),
    )  # fmt: skip
    return chances.choice(kinds)()


@pytest.mark.filterwarnings("ignore:Cell .* is marked as a date")  # by openpyxl itself
@pytest.mark.parametrize("seed", range(6))
def test_a_workbook_by_chance_is_read_as_openpyxl_reads_it(seed):
    """Cells of rare kinds are read by openpyxl's private parser: one of another version has to pass this."""
    chances, made, content = random.Random(seed), Workbook(), io.BytesIO()
    made.epoch = (CALENDAR_WINDOWS_1900, CALENDAR_MAC_1904)[seed % 2]
    for place in chances.sample([(row, column) for row in range(1, 60) for column in range(1, 30)], 700):
        cell = made.active.cell(*place, anything(chances))
        cell.number_format = chances.choice(NUMBER_FORMATS) if chances.random() < 0.4 else cell.number_format
    made.save(content)
    sheets, _, since_1904 = read_sheets(content.getvalue(), where="a.xlsx")
    expected = [[as_written(cell) for cell in row] for row in as_openpyxl_reads(content.getvalue())]
    assert since_1904 == (seed % 2 == 1)
    assert [[*row.values()] for row in sheets["Sheet"]] == expected[: len(sheets["Sheet"])]
    assert not any(expected[len(sheets["Sheet"]) :])
