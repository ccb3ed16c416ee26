"""What a small town's workbook and a form tool write: signs before numbers, a sheet a year, numbered questions."""

import pytest
from openpyxl import Workbook
from sixty_people import PEOPLE, drafted, filled_in, intake_rows, item, person, register_rows, write_csv, write_delivery

from riskmodel.draft.lexicon import in_order

pytestmark = pytest.mark.slow


def test_a_sign_before_a_number_is_shown_and_put_in_its_place(tmp_path):
    words = ("6-12 mån", "< 6 mån", "1-2 år", "> 2 år")
    folder = write_delivery(tmp_path / "delivery", Arbetslös=lambda n: words[n % 4])
    draft, tables = drafted(folder)
    levels = [level["text"] for level in item(tables, "arbetslos")["levels"]]
    assert levels == ["< 6 mån", "6-12 mån", "1-2 år", "> 2 år"]
    assert (filled_in(tmp_path, draft, folder).answers_by_intake["arbetslos"] != "").sum() == PEOPLE


@pytest.mark.parametrize(
    ("words", "order"),
    [
        (
            ["1–2 år", "mer än 2 år", "6–12 månader", "mindre än 6 månader"],
            ["mindre än 6 månader", "6–12 månader", "1–2 år", "mer än 2 år"],
        ),
        (
            ["mer än ett år", "3–6 månader", "inom 3 månader", "6–12 månader"],
            ["inom 3 månader", "3–6 månader", "6–12 månader", "mer än ett år"],
        ),
        (["20 år", "1 barn", "4 barn"], ["1 barn", "4 barn", "20 år"]),
    ],
)
def test_spans_of_time_are_in_order_whatever_they_are_counted_in(words, order):
    assert in_order(words) == order


def test_a_number_before_a_question_makes_no_other_question(tmp_path):
    folder = write_delivery(tmp_path / "delivery", **{"3. Ort": lambda n: ("By", "Stad")[n % 2]})
    write_csv(folder / "enkät 2021.csv", ["Löpnr", "Ort"], [[person(n), ("By", "Stad")[n % 2]] for n in range(PEOPLE)])
    assert item(drafted(folder)[1], "item_3_ort")["columns"] == {"intake": "3. Ort", "survey": "Ort"}


def test_numbers_of_the_answers_themselves_and_remarks_are_no_questions(tmp_path):
    folder = write_delivery(
        tmp_path / "delivery",
        **{
            "Svars-ID": lambda n: str(1_000_001 + 3 * n),
            "Anteckning": lambda n: ("Återkommer", "Tolk", "")[n % 3],
            "Inkomst": lambda n: str(100 * (n % 50)),
        },
    )
    uses = {one["id"]: one["use"] for one in drafted(folder)[1]["items"]}
    assert (uses["svars_id"], uses["anteckning"], uses["inkomst"]) == ("never", "never", "predictor")


def test_to_emigrate_is_to_move(tmp_path):
    rows = [[*row[:5], "Utvandrad" if row[2].endswith("06") else ""] for row in register_rows()]
    folder = write_delivery(tmp_path / "delivery", register=rows)
    assert drafted(folder)[1]["sources"]["register"]["exit_codes"] == {"Utvandrad": "moved"}


def sheet(book, name, rows):
    page = book.create_sheet(name)
    for row in rows:
        page.append(row)


def test_sheets_saved_as_files_of_their_own_are_read_beside_a_workbook_of_two_sources(tmp_path):
    folder = tmp_path / "delivery"
    folder.mkdir()
    book = Workbook()
    book.active.title = "Läs mig"
    sheet(book, "Utbetalningar", [["Löpnr", "Hushåll", "Månad", "Belopp", "Område", "Avslut"], *register_rows()])
    rows = intake_rows()
    sheet(book, "Nybesök", [[*rows[0]], *([*row.values()] for row in rows)])
    for year in (2021, 2022):
        own = Workbook()
        del own["Sheet"]
        asked = [
            ["Löpnr", "Boende"],
            *([person(n), ("Eget kontrakt", "Inneboende")[n % 2]] for n in range(year - 1990)),
        ]
        sheet(own, f"Kartläggning {year}", asked)
        own.save(folder / f"Kartläggning {year}.xlsx")
    book.save(folder / "Bistånd 2018-2025.xlsx")
    draft, tables = drafted(folder)
    survey = tables["sources"]["survey"]
    assert survey["files"] == "Kartläggning {year}.xlsx" and "reader" not in survey
    assert filled_in(tmp_path, draft, folder).answers_by_survey["survey_year"].tolist() == [2021] * 31 + [2022] * 32


def test_the_years_that_a_workbook_spans_are_no_year_of_a_survey(tmp_path):
    folder = write_delivery(tmp_path / "delivery")
    answers = [[person(n), ("Eget kontrakt", "Inneboende")[n % 2]] for n in range(PEOPLE)]
    write_csv(folder / "Enkät 2018-2025.csv", ["Löpnr", "Boende"], answers)
    draft, tables = drafted(folder)
    assert "survey" not in tables["sources"]
    assert "Enkät 2018-2025.csv: not used: no register, intake, survey or labelled cases." in draft.told


@pytest.mark.parametrize("beside", [True, False])
def test_a_survey_with_a_sheet_a_year_is_drafted_and_read(tmp_path, beside):
    folder = tmp_path / "delivery"
    folder.mkdir()
    book, rows = Workbook(), intake_rows()
    book.active.title = "Läs mig"
    if beside:
        sheet(book, "Utbetalningar", [["Löpnr", "Hushåll", "Månad", "Belopp", "Område", "Avslut"], *register_rows()])
        sheet(book, "Nybesök", [[*rows[0]], *([*row.values()] for row in rows)])
    else:
        folder.rmdir()
        write_delivery(folder)
    for year, asked in ((2021, "Boende"), (2022, "Boende"), (2023, "Boendeform")):
        answers = [[person(n), ("Eget kontrakt", "Inneboende")[n % 2]] for n in range(year - 1990)]
        sheet(book, f"Kartläggning {year}", [["Löpnr", asked], *answers])
    book.save(folder / "Bistånd 2018-2025.xlsx")
    draft, tables = drafted(folder)
    survey = tables["sources"]["survey"]
    assert (survey["files"], survey["reader"]) == ("Bistånd 2018-2025.xlsx", {"sheet": "Kartläggning {year}"})
    columns = item(tables, "boende")["columns"]
    assert columns == {"intake": "Boende", "survey": "Boende", "survey.2023": "Boendeform"}
    assert not [line for line in draft.told if "a table stands on" in line]
    years = filled_in(tmp_path, draft, folder).answers_by_survey["survey_year"].tolist()
    assert years == [2021] * 31 + [2022] * 32 + [2023] * 33
