"""Deliveries a little odd: read right, or told what was found; and what was told to do makes them pass."""

import dataclasses
import random

import pandas as pd
import pyreadstat
import pytest
from damaged_town import (
    HEADS,
    SURVEY_YEAR,
    csv_text,
    file_name,
    instrument_text,
    read_facts,
    town,
    true_facts,
    write_town,
)
from openpyxl import load_workbook
from village import receipts_of, village_instrument, village_settings

from riskmodel.cohort.cases import read_history
from riskmodel.extracts.delivery import Delivery
from riskmodel.extracts.read import read_delivery
from riskmodel.ground.errors import SurveyDataError
from riskmodel.ground.settings import AcceptedNote
from riskmodel.instrument.records import NO_ANSWER

REGISTER, YEARLY = "register", ('"register.csv"', '"register*.csv"')


class Odd:
    """A town in a folder, what its instrument says, and which notes are accepted."""

    def __init__(self, root, *, people_n=120, **formats):
        self.made, self.root, self.folder = (
            town(random.Random(7), letter=True, people_n=people_n),
            root,
            root / "delivery",
        )
        self.made.formats.update(formats)
        self.changes, self.accepted = [], ()

    def written(self) -> "Odd":
        self.folder.mkdir()
        write_town(self.made, self.folder)
        return self

    def path(self, source=REGISTER):
        return self.folder / file_name(self.made, source)

    def read(self) -> Delivery:
        text = instrument_text(self.made)
        for old, new in self.changes:
            assert old in text
            text = text.replace(old, new)
        settings = village_settings(max_quarantined_share=0.05, max_unknown_code_share=0.02)
        accepted = tuple(AcceptedNote(note, "Anna Berg, analytiker", "2026-02-01") for note in self.accepted)
        settings = dataclasses.replace(settings, delivery=dataclasses.replace(settings.delivery, accepted=accepted))
        return read_delivery(self.folder, village_instrument(self.root, text), settings)

    def refused(self) -> str:
        with pytest.raises(SurveyDataError) as error:
            self.read()
        return str(error.value)

    def is_right(self) -> bool:
        return read_facts(self.read()) == true_facts(self.made)


def found(delivery, reason):
    return delivery.quality.query("reason == @reason")["n"].sum()


def test_the_same_rows_beside_another_column_stop_the_run(tmp_path):
    odd = Odd(tmp_path).written()
    odd.changes = [YEARLY]
    again = odd.folder / "register igen.csv"
    again.write_text(
        csv_text([*HEADS[REGISTER], "Uttaget"], [[*row, "2026-01-03"] for row in odd.made.cells[REGISTER]])
    )
    told = odd.refused()
    assert "rows say what another says" in told and "take the one or the other away" in told
    odd.accepted = (told.partition('note = "')[2].partition('"')[0],)
    rows_n = len(odd.made.receipts)
    accepted = odd.read()
    assert found(accepted, "alike_row") == rows_n and 0 < found(accepted, "alike_months") <= rows_n
    again.unlink()
    assert odd.is_right()


def test_a_survey_under_another_year_is_told(tmp_path):
    odd = Odd(tmp_path).written()
    (odd.folder / f"survey {SURVEY_YEAR - 1}.csv").write_bytes(odd.path("survey").read_bytes())
    notes = odd.read().year_notes.set_index("note")["n"]
    assert notes[f"survey: answers of {SURVEY_YEAR - 1}: again {SURVEY_YEAR}"] == 120


def test_persons_under_the_heading_of_households_stop_the_run(tmp_path):
    odd = Odd(tmp_path).written()
    odd.changes = [YEARLY]
    odd.path().unlink()
    rows = odd.made.cells[REGISTER]

    def write(heads):
        for year in sorted({row[2] for row in rows}):
            own = [row for row in rows if row[2] == year]
            (odd.folder / f"register {year}.csv").write_text(csv_text(heads if year == 2021 else HEADS[REGISTER], own))

    write(["Hushåll", "Person", *HEADS[REGISTER][2:]])
    assert "register 2021.csv" in odd.refused() and "have changed places" in odd.refused()
    odd.accepted = ("register: person: swapped_columns", "survey: 2022: other_year")  # nobody of 2021 is who they are
    assert found(odd.read(), "swapped_columns") > 20
    odd.accepted = ()
    write(HEADS[REGISTER])
    assert odd.is_right()


def test_amounts_in_another_unit_are_told(tmp_path):
    odd = Odd(tmp_path)
    for row in odd.made.cells[REGISTER]:
        row[4] = row[4] / 1000 if row[2] == 2021 else row[4]
    notes = odd.written().read().year_notes
    told = notes[notes["about"] == "amounts"]
    assert told["note"].tolist() == [f"register: kronor paid: level jumped {year}" for year in (2022, 2021)]
    assert 900 < told["before"].iloc[1] / told["now"].iloc[1] < 1100


def test_cells_merged_over_rows_are_read_as_they_are_seen(tmp_path):
    odd = Odd(tmp_path, register="xlsx").written()
    book = load_workbook(odd.path())
    sheet, first = book.active, 2
    while first <= sheet.max_row:
        last = first
        while last < sheet.max_row and sheet.cell(last + 1, 1).value == sheet.cell(first, 1).value:
            last += 1
        for column in (1, 2, 6) if last > first else ():
            sheet.merge_cells(start_row=first, end_row=last, start_column=column, end_column=column)
        first = last + 1
    book.save(odd.path())
    assert odd.is_right()


def a_sheet_a_year(odd, heads_of, title=None):
    """The register's years on sheets of their own, with the headings `heads_of` gives a year; `title` has one above."""
    book = load_workbook(odd.path())
    rows = [[cell.value for cell in row] for row in book.active.iter_rows(min_row=2)]
    for year in sorted({row[2] for row in rows}):
        sheet = book.create_sheet(str(year))
        if year == title:
            sheet.append([f"Utbetalningar {year}"])
        sheet.append(heads_of(year))
        for row in rows:
            if row[2] == year:
                sheet.append(row)
    notes = book.create_sheet("Koder")
    for row in (["Kod", "Betydelse"], ["Norr", "norra kontoret"], ["Söder", "södra kontoret"]):
        notes.append(row)
    book.remove(book.worksheets[0])
    book.save(odd.path())
    odd.made.readers[REGISTER] = '{ sheet = "*" }'


@pytest.mark.parametrize("year", [2019, 2021, 2022])
def test_a_title_above_one_of_the_sheets_that_are_read_together_stops_the_run(tmp_path, year):
    odd = Odd(tmp_path, register="xlsx").written()
    a_sheet_a_year(odd, lambda _: HEADS[REGISTER], title=year)
    assert f"the sheet '{year}' has 8 of 8 headings in row 2. The sheets are read together" in odd.refused()
    book = load_workbook(odd.path())
    book[str(year)].delete_rows(1)
    book.save(odd.path())
    assert odd.is_right()


@pytest.mark.parametrize("year", [2019, 2021])
def test_a_heading_called_otherwise_on_one_of_the_sheets_stops_the_run(tmp_path, year):
    odd = Odd(tmp_path, register="xlsx").written()
    called = ["Utbetalt" if head == "Belopp" else head for head in HEADS[REGISTER]]
    a_sheet_a_year(odd, lambda one: called if one == year else HEADS[REGISTER])
    assert f"the sheet '{year}' has 7 of 8 headings in row 1; it lacks 'Belopp'" in odd.refused()
    book = load_workbook(odd.path())
    book[str(year)]["E1"] = "Belopp"
    book.save(odd.path())
    assert odd.is_right()


def below_the_register(odd, heads, rows):
    book = load_workbook(odd.path())
    for row in ([], heads, *rows):
        book.active.append(row)
    book.save(odd.path())


def test_a_summary_below_the_rows_is_set_aside_and_told(tmp_path):
    odd = Odd(tmp_path, register="xlsx").written()
    below_the_register(odd, ["År", "Hushåll", "Summa"], [[2019 + year, 100 + year, 400_000] for year in range(4)])
    delivery = odd.read()
    assert read_facts(delivery) == true_facts(odd.made)
    assert found(delivery, "second_table") == 5
    assert delivery.files.set_index("file").loc["register.xlsx", "rows_n"] == len(odd.made.receipts) + 5


def test_another_table_below_the_rows_is_what_is_blamed_and_on_a_sheet_of_its_own_it_passes(tmp_path):
    odd = Odd(tmp_path, register="xlsx").written()
    homes, rows = ["Hushåll", "Barn", "Boende"], [[f"H{100 + home}", home % 4, "hyresrätt"] for home in range(80)]
    below_the_register(odd, homes, rows)
    told = odd.refused()
    assert "register.xlsx: 81 of 916 rows can't be used" in told
    assert "Most of them whole row: second_table 81. A sheet holds one table." in told
    book = load_workbook(odd.path())
    sheet, own = book.active, book.create_sheet("Hushåll")
    sheet.delete_rows(sheet.max_row - len(rows), len(rows) + 1)
    for row in (homes, *rows):
        own.append(row)
    book.save(odd.path())
    assert odd.is_right()


def test_a_personal_number_in_another_table_below_is_found(tmp_path):
    odd = Odd(tmp_path, register="xlsx").written()
    below_the_register(odd, ["Handläggare", "Nummer"], [["Anna", "19640823-3234"]])
    assert "1 different texts hold a Swedish personal or coordination number" in odd.refused()


@pytest.mark.parametrize(
    ("heads", "stops"), [([*HEADS[REGISTER], "Ny"], True), ([*HEADS[REGISTER][:4], *"abcd"], False)]
)
def test_rows_on_a_sheet_with_other_headings_are_told(tmp_path, heads, stops):
    odd = Odd(tmp_path, register="xlsx").written()
    book = load_workbook(odd.path())
    sheet, other = book.active, book.create_sheet("2022")
    other.append(heads)
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    sheet.delete_rows(2, sheet.max_row)
    for row in rows:
        (other if row[2] == 2022 else sheet).append(row)
    book.save(odd.path())
    if stops:
        assert "2 sheets have the same headings: 'Sheet', '2022'" in odd.refused()
        odd.made.readers[REGISTER] = '{ sheet = "*" }'
        assert odd.is_right()
    else:
        assert found(odd.read(), "sheet_not_read") == sum(row[2] == 2022 for row in rows)


def test_a_files_own_labels_are_held_against_the_instrument(tmp_path):
    odd = Odd(tmp_path, intake="sav").written()
    frame, _ = pyreadstat.read_sav(odd.path("intake"))

    def write(codes):
        labelled = frame.assign(Utbildning=frame["Utbildning"].map(codes))
        labels = {code: text for text, code in codes.items()}
        pyreadstat.write_sav(labelled, odd.path("intake"), variable_value_labels={"Utbildning": labels})

    write({"Gymnasium": 1.0, "Grundskola": 2.0})
    assert "2 of 2 codes mean another level by the file's own labels" in odd.refused()
    odd.changes = [('aliases = ["1"]', 'aliases = ["x"]'), ('aliases = ["2"]', 'aliases = ["1"]'), ('["x"]', '["2"]')]
    assert odd.is_right()
    odd.changes = []
    write({"Grundskola": 1.0, "Gymnasium": 2.0})
    assert odd.is_right()


def test_months_of_spss_that_show_no_day_are_read(tmp_path):
    odd = Odd(tmp_path, intake="sav").written()
    frame, _ = pyreadstat.read_sav(odd.path("intake"))
    days = frame.assign(**{"Månad": pd.to_datetime(frame["Månad"] + "-01")})
    pyreadstat.write_sav(days, odd.path("intake"), variable_format={"Månad": "MOYR8"})
    assert odd.is_right()


@pytest.mark.parametrize(
    ("column", "cell", "told"),
    [
        (
            5,
            lambda cell: f"={cell}*1",
            "Belopp: formula 855. Formulas are not worked out here: save the sheet with values",
        ),
        (5, lambda cell: "#VALUE!", "Belopp: sheet_error 855. Errors of a spreadsheet"),
        (3, lambda cell: "=YEAR(A1)", "År: formula 855. Formulas are not"),
        (4, lambda cell: f"2021{cell:02d}", "Månad: month_out_of_range 855. Months are read that are written"),
        (1, lambda cell: None, "Person: no_person 855. A row without a person"),
    ],
)
def test_what_a_sheet_did_to_a_column_is_named(tmp_path, column, cell, told):
    odd = Odd(tmp_path, register="xlsx").written()
    book = load_workbook(odd.path())
    for row in range(2, book.active.max_row + 1):
        place = book.active.cell(row, column)
        place.value = cell(place.value)
    book.save(odd.path())
    assert told.replace("855", str(len(odd.made.receipts))) in odd.refused()


def test_ids_that_a_sheet_cut_after_fifteen_digits_are_named(tmp_path):
    odd = Odd(tmp_path)
    for source, rows in odd.made.cells.items():
        for row in rows:
            long = f"98{row[0][1:]}0000000012345"[:18]
            row[0] = f"{long[:15]}000" if source == REGISTER else long
    assert "by their first fifteen digits, which is what a spreadsheet keeps" in odd.written().refused()


def test_a_row_of_a_sheet_in_one_cell_is_told(tmp_path):
    odd = Odd(tmp_path, register="xlsx").written()
    book = load_workbook(odd.path())
    sheet = book.active
    for row in [[cell.value for cell in row] for row in sheet.iter_rows()]:
        sheet.append([";".join(map(str, row))])
    sheet.delete_rows(1, len(odd.made.receipts) + 1)
    book.save(odd.path())
    assert "a whole row stands in one cell: split it into columns" in odd.refused()


@pytest.mark.parametrize(("marks", "between"), [("'", ";"), ('"', "; ")])
def test_headings_in_marks_that_are_not_read_are_told(tmp_path, marks, between):
    odd = Odd(tmp_path).written()
    lines = odd.path().read_text().splitlines()
    odd.path().write_text(
        "\n".join(between.join(f"{marks}{cell}{marks}" for cell in line.split(";")) for line in lines)
    )
    assert "The headings stand in quotation marks that are not read" in odd.refused()


@pytest.mark.parametrize("end", [b"\x1a", b"\0" * 500])
def test_what_an_old_program_or_a_disk_puts_at_the_end_is_no_row(tmp_path, end):
    odd = Odd(tmp_path).written()
    odd.path().write_bytes(odd.path().read_bytes() + end)
    assert odd.is_right()


def test_a_text_in_two_encodings_or_cut_within_a_letter_is_told(tmp_path):
    odd = Odd(tmp_path).written()
    whole = odd.path().read_bytes()
    lines_n = whole.count(b"\n")
    odd.path().write_bytes(whole + "Öster;".encode()[:1])
    assert (
        f"1 signs are not (allowed 0), the first in line {lines_n + 1}: it is in two encodings, or was cut"
        in odd.refused()
    )
    odd.path().write_bytes(whole + "Öster\nÖster\n".encode("cp1252"))
    assert f"2 signs are not (allowed 0), the first in line {lines_n + 1}" in odd.refused()


@pytest.mark.parametrize("year", [2021, 2022])
def test_a_later_years_answers_of_the_month_of_the_export_stop_the_run(tmp_path, year):
    odd = Odd(tmp_path, people_n=500)
    for row in odd.made.cells["intake"]:
        row[1] = f"{year}-12" if row[1].startswith("2021") else row[1]
    told = odd.written().refused()
    assert f"are of one month, {year}-12" in told and f'note = "intake: {year}-12: single_month"' in told
    odd.accepted = (f"intake: {year}-12: single_month",)
    assert found(odd.read(), "single_month") > 100


def test_a_town_that_has_just_begun_to_ask_is_let_through(tmp_path):
    odd = Odd(tmp_path, people_n=120)
    begins = {row[0]: f"{row[2]}-{row[3]:02d}" for row in reversed(odd.made.cells[REGISTER])}
    last = max(begins.values())
    for row in odd.made.cells[REGISTER]:  # everybody's assistance begins in the same month
        row[2:4] = [int(last[:4]), int(last[5:])]
    for row in odd.made.cells["intake"]:
        row[1] = last
    assert found(odd.written().read(), "single_month") == 0


def test_a_household_that_happens_to_be_called_999_is_one_still(tmp_path):
    odd = Odd(tmp_path)
    homes: dict[str, set[str]] = {}
    for receipt in odd.made.receipts:
        homes.setdefault(receipt.home, set()).add(receipt.person)
    most = max((home for home in homes if home), key=lambda home: len(homes[home]))
    few = {*sorted({receipt.person for receipt in odd.made.receipts} - homes[most])[: max(3, len(homes[most]))]}
    others = {*sorted({receipt.person for receipt in odd.made.receipts} - homes[most] - few)[: len(few)]}
    for receipt, row in zip(odd.made.receipts, odd.made.cells[REGISTER], strict=True):
        name = "999" if receipt.person in few else "998" if receipt.person in others else None
        if name:
            receipt.home, row[1] = name, name
    assert odd.written().is_right()


def test_what_a_database_writes_for_nothing_is_no_exit_and_no_area(tmp_path):
    odd = Odd(tmp_path)
    for row in odd.made.cells[REGISTER]:
        row[6] = row[6] or "NULL"
    assert odd.written().is_right()
    for row in odd.made.cells[REGISTER][:5]:
        row[5] = "(null)"
    write_town(odd.made, odd.folder)
    assert {*odd.read().receipts["area"].to_pylist()} == {"", "Norr", "Söder", "Öster"}


def test_days_and_months_that_a_spreadsheet_turned_are_refused(tmp_path):
    # an American Excel takes 05/03/2021 for the third of May, and leaves 31/03/2021 as a text
    odd = Odd(tmp_path)
    for place, row in enumerate(odd.made.cells["intake"]):
        year, month = map(int, row[1].split("-"))
        day = place % 28 + 1
        row[1] = f"{year}-{day:02d}-{month:02d}" if day <= 12 else f"{day}/{month:02d}/{year}"
    told = odd.written().refused()
    assert "120 of 120 rows can't be used" in told and "spreadsheet has turned day and month" in told


def test_exits_that_nobody_left_by_are_told(tmp_path):
    odd = Odd(tmp_path)
    last = {row[0]: row[6] for row in odd.made.cells[REGISTER]}
    was_n = found(odd.written().read(), "exit_then_row")
    for row in odd.made.cells[REGISTER]:
        row[6] = last[row[0]]
    write_town(odd.made, odd.folder)
    assert was_n == 0 and found(odd.read(), "exit_then_row") > 200


def test_exits_apart_say_the_same_as_in_the_register(tmp_path):
    odd = Odd(tmp_path)
    rows = odd.made.cells[REGISTER]
    inside = read_history(odd.written().read().receipts, village_settings().cohort)
    apart = [[row[0], f"{row[2]}-{row[3]:02d}-28", row[6]] for row in rows if row[6]]
    odd.made.cells[REGISTER] = [[*row[:6], "", *row[7:]] for row in rows]
    odd.made.made[b"avslut.csv"] = csv_text(["Nr", "Dag", "Orsak"], apart).encode()
    write_town(odd.made, odd.folder)
    told = """
files = "avslut.csv"
columns = { person = "Nr", month = "Dag", exit = "Orsak" }
exit_codes = { avliden = "death", flyttat = "moved" }
"""
    odd.changes.append(("[sources.intake]", f"[sources.exits]{told}\n[sources.intake]"))
    outside = read_history(odd.read().receipts, village_settings().cohort)
    for name in ("starts", "absences", "exits"):
        pd.testing.assert_frame_equal(getattr(outside, name), getattr(inside, name))
    assert outside.receipts_n == inside.receipts_n and len(outside.exits) == len(apart)


def test_minus_one_is_no_formula(tmp_path):
    odd = Odd(tmp_path)
    for row in odd.made.cells["intake"]:
        row[4] = "-1" if row[4] == "ja" else "0"
    told = odd.written().refused()
    assert "as an alias of a level" in told and "formulas" not in told


def test_a_month_without_rows_and_a_form_that_is_there_twice_are_named_as_causes(tmp_path):
    odd = Odd(tmp_path, people_n=400)
    whole = odd.made.cells[REGISTER]
    odd.made.cells[REGISTER] = [row for row in whole if (row[2], row[3]) != (2021, 6)]
    assert "is a month's file missing" in odd.written().refused()
    odd.made.cells[REGISTER] = whole
    odd.made.cells["intake"] += [
        [*row[:4], "nej" if row[4] == "ja" else "ja", *row[5:]] for row in odd.made.cells["intake"]
    ]
    write_town(odd.made, odd.folder)
    assert "An older copy of a file?" in odd.refused()


@pytest.mark.parametrize("beyond", [0, 1])
def test_a_file_that_ends_where_a_sheet_is_full_stops_the_run(tmp_path, beyond):
    odd = Odd(tmp_path)
    whole, rows = odd.made.cells[REGISTER], []
    while len(rows) < 65_535 + beyond:
        turn = len(rows) // len(whole)
        rows += [[f"{row[0]}{turn or ''}", f"{row[1]}x{turn}", *row[2:]] for row in whole]
    odd.made.cells[REGISTER] = rows[: 65_535 + beyond]
    odd.written()
    odd.accepted = ("register: 2021-02: nobody_leaves",)  # what is chance in a village is none in a hundred alike
    if not beyond:
        told = odd.refused()
        assert told.startswith("register.csv: the file ends at row 65,536, the last that a sheet of .xls has.")
        odd.accepted += (told.partition('note = "')[2].partition('"')[0],)
    assert found(odd.read(), "sheet_full") == (0 if beyond else 1)


def test_a_year_in_which_nothing_was_paid_is_told(tmp_path):
    odd = Odd(tmp_path)
    for row in odd.made.cells[REGISTER]:
        row[4] = 0.0 if row[2] == 2021 else row[4]
    assert "register: kronor paid: gone 2021" in {*odd.written().read().year_notes["note"]}


def test_cases_closed_in_a_quarter_that_are_missing_stop_the_run_until_they_are_delivered(tmp_path):
    odd = Odd(tmp_path, people_n=1500)
    whole = odd.made.cells[REGISTER]
    last = {person: year * 12 + month for person, _, year, month, *_ in whole}
    of_quarter = {person for person, month in last.items() if 2021 * 12 + 6 <= month < 2021 * 12 + 9}
    odd.made.cells[REGISTER] = [row for row in whole if row[0] not in of_quarter]
    odd.written()
    assert "in 3 months, the first 2021-06 and the last 2021-08" in odd.refused()
    odd.made.cells[REGISTER] = whole
    write_town(odd.made, odd.folder)
    assert odd.is_right()


def test_questions_that_changed_places_stop_the_run_until_the_year_says_its_headings(tmp_path):
    odd = Odd(tmp_path, people_n=300)
    asked = instrument_text(odd.made).partition('[[items]]\nid = "work"')[2].partition("[[items]]")[0]
    columns = asked.partition("columns = ")[2].partition("\n")[0]
    second = asked.replace(columns, '{ intake = "Anm" }')
    odd.changes = [('[[items]]\nid = "age"', f'[[items]]\nid = "rents"{second}[[items]]\nid = "age"')]
    rents, works = (HEADS["intake"].index(heading) for heading in ("Anm", "Arbete"))
    for place, row in enumerate(odd.made.cells["intake"]):
        row[rents] = "nej" if place % 10 == 0 else "" if place % 10 == 1 else "ja"
        if row[1].startswith("2021"):
            row[rents], row[works] = row[works], row[rents]
    odd.written()
    assert "sources.intake, 2021: the items rents, work seem to have changed places" in odd.refused()
    odd.changes += [
        ('columns = { intake = "Anm" }', 'columns = { intake = "Anm", "intake.2021" = "Arbete" }'),
        ('columns = { intake = "Arbete"', 'columns = { intake = "Arbete", "intake.2021" = "Anm"'),
    ]
    assert odd.is_right()
    # who did not answer has no answer, though the other question stands under this one's heading in other years
    assert (odd.read().answers_by_intake["rents"] == NO_ANSWER).sum() == 30


def co_applicants_of(odd):
    """Rows of applicants with the co-applicant beside them, and of every person with the whole amount on the first."""
    homes = {}
    for row in odd.made.cells[REGISTER]:
        homes.setdefault((row[1] or row[0], row[2], row[3]), []).append(row)
    beside, of_each = [], []
    for first, *others in homes.values():
        amount = sum(row[4] for row in (first, *others))
        beside += [[*first[:4], amount, *first[5:7], other[0]] for other in others[:1] or [[""]]]
        beside += [[*row[:4], 0, *row[5:7], ""] for row in others[1:]]
        of_each += [[*row[:4], amount if row is first else 0, *row[5:]] for row in (first, *others)]
    return beside, of_each


def test_co_applicants_in_a_column_of_their_own_stop_the_run_and_the_remedy_helps(tmp_path):
    odd = Odd(tmp_path, people_n=300).written()
    beside, of_each = co_applicants_of(odd)
    heads = [*HEADS[REGISTER][:7], "Medsökande"]
    odd.path().write_text(csv_text(heads, beside), encoding="utf-8")
    told = odd.refused()
    assert "in the column 'Medsökande', which is not read, stand" in told
    assert 'note = "register: Medsökande: co_applicant"' in told
    odd.path().write_text(csv_text(HEADS[REGISTER], of_each), encoding="utf-8")
    read = receipts_of(odd.read())
    assert sorted(zip(read["person_id"], read["month"], strict=True)) == sorted(
        (f"K{row.person}", row.month) for row in odd.made.receipts
    )


def test_a_column_of_the_partner_beside_rows_of_both_loses_nobody(tmp_path):
    odd = Odd(tmp_path, people_n=300).written()
    months = {}
    for row in odd.made.cells[REGISTER]:
        months.setdefault((row[1], row[2], row[3]), []).append(row[0])
    rows = [
        [*row[:7], next((one for one in months[row[1], row[2], row[3]] if row[1] and one != row[0]), "")]
        for row in odd.made.cells[REGISTER]
    ]
    odd.path().write_text(csv_text([*HEADS[REGISTER][:7], "Partner"], rows), encoding="utf-8")
    assert odd.is_right()


def test_numbers_of_cases_that_meet_ids_are_no_persons(tmp_path):
    odd = Odd(tmp_path, people_n=300)
    odd.made = town(random.Random(7), letter=False, people_n=300)
    odd.written()
    persons = sorted({row[0] for row in odd.made.cells[REGISTER]})
    rows = [[*row[:7], persons[at % len(persons)]] for at, row in enumerate(odd.made.cells[REGISTER])]
    odd.path().write_text(csv_text([*HEADS[REGISTER][:7], "Ärende"], rows), encoding="utf-8")
    assert odd.is_right()


def test_one_file_in_another_encoding_is_to_be_saved_as_the_others_are(tmp_path):
    odd = Odd(tmp_path).written()
    odd.changes = [YEARLY]
    odd.path().unlink()
    rows = odd.made.cells[REGISTER]
    for year in sorted({row[2] for row in rows}):
        text = csv_text(HEADS[REGISTER], [row for row in rows if row[2] == year])
        (odd.folder / f"register {year}.csv").write_text(text, encoding="cp1252" if year == 2020 else "utf-8")
    told = odd.refused()
    assert told.startswith("register 2020.csv: not written in utf-8, as the instrument says, but in another encoding")
    assert "The source's other files (3) can be read as the instrument says: save this one as they are" in told
    path = odd.folder / "register 2020.csv"
    path.write_text(path.read_text(encoding="cp1252"), encoding="utf-8")
    assert odd.is_right()
