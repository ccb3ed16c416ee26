"""What a draft takes from a file that says itself what was asked and what codes mean, and which questions are one."""

import tomllib

import pandas as pd
import pyreadstat
import pytest
from openpyxl import load_workbook
from sixty_people import (
    PEOPLE,
    REGISTER,
    drafted,
    filled_in,
    item,
    person,
    register_rows,
    write_csv,
    write_delivery,
)  # fmt: skip
from village import receipts_of, village_settings

from riskmodel.draft.book import book_of, sections_in
from riskmodel.draft.sections import toml_of
from riskmodel.ground.errors import SurveyDataError

pytestmark = pytest.mark.slow


def write_sav(path, rows, *, labels=None, wordings=None, missing=None):
    """An SPSS file of `rows` (a mapping each)."""
    options = {"variable_value_labels": labels or {}, "missing_ranges": missing or {}}
    pyreadstat.write_sav(pd.DataFrame(rows), path, column_labels=wordings or {}, **options)


def coded_intake(folder, *, codes=(1.0, 2.0, 9.0), labels=None, **columns):
    """The delivery with its intake answers in SPSS: codes under v1, and a number under v2."""
    (folder / "nya.csv").unlink()
    rows = [
        {"id": person(n), "d": f"{2019 + n % 4}-01", "v1": codes[n % len(codes)], "v2": (n % 3 if n % 10 else 99.0)}
        | {name: answer(n) for name, answer in columns.items()}
        for n in range(PEOPLE)
    ]
    told = {"v1": labels or {1.0: "Eget kontrakt", 2.0: "Inneboende", 9.0: "Ej tillämpligt"}}
    wordings = {"id": "Löpnr", "d": "Ansökningsmånad", "v1": "Hur bor du?", "v2": "Hur många barn har du?"}
    missing = {"v1": [{"lo": 9.0, "hi": 9.0}], "v2": [{"lo": 90.0, "hi": 99.0}]}
    write_sav(folder / "nya.sav", rows, labels=told, wordings=wordings, missing=missing)
    return folder


def test_an_spss_file_says_what_was_asked_what_codes_mean_and_which_are_no_answer(tmp_path):
    folder = coded_intake(write_delivery(tmp_path / "delivery"))
    for year, name, codes in ((2021, "Q12_2021", (2.0, 1.0)), (2022, "fr7", (1.0, 2.0))):
        told = {name: dict(zip(codes, ("Inneboende", "Eget kontrakt"), strict=True))}
        rows = [{"Löpnr": person(n), name: codes[n % 2]} for n in range(30)]
        told = told if year == 2021 else {name: {1.0: "Eget kontrakt", 2.0: "Inneboende hos någon"}}  # reworded
        write_sav(folder / f"enkät {year}.sav", rows, labels=told, wordings={name: "Hur bor du?"})
    draft, tables = drafted(folder)
    home, children = item(tables, "hur_bor_du"), item(tables, "hur_manga_barn_har_du")
    assert (home["text"], home["no_answer"]) == ("Hur bor du?", ["9"])
    assert [(level["text"], level["aliases"]) for level in home["levels"]] == [
        ("Eget kontrakt", ["1"]),
        ("Inneboende", ["2"]),
    ]
    assert home["columns"] == {"intake": "v1", "survey": "Q12_2021", "survey.2022": "fr7"}
    assert (children["kind"], children["maximum"], children["no_answer"]) == ("number", 5, ["99"])
    assert "not shown" not in draft.toml
    read = filled_in(tmp_path, draft, folder)
    assert read.answers_by_intake["hur_bor_du"].value_counts().to_dict() == {
        "eget_kontrakt": 20,
        "inneboende": 20,
        "no_answer": 20,
    }
    assert read.answers_by_intake["hur_manga_barn_har_du"].max() == 2
    assert {*read.answers_by_survey["hur_bor_du"]} == {"eget_kontrakt", "inneboende"}


def test_codes_that_changed_places_are_never_read_as_the_same(tmp_path):
    folder = coded_intake(write_delivery(tmp_path / "delivery"))
    rows = [{"Löpnr": person(n), "q": 1.0 + n % 2} for n in range(30)]
    labels = {"q": {1.0: "Inneboende", 2.0: "Eget kontrakt"}}
    write_sav(folder / "enkät 2021.sav", rows, labels=labels, wordings={"q": "Hur bor du?"})
    draft, tables = drafted(folder)
    assert item(tables, "hur_bor_du")["use"] == "never" and "a code means different things" in draft.toml


def test_a_yes_that_is_coded_as_a_no_is_no_flag(tmp_path):
    labels = {0.0: "Ja", 1.0: "Nej"}
    draft, tables = drafted(coded_intake(write_delivery(tmp_path / "one"), codes=(0.0, 1.0), labels=labels))
    assert {level["text"]: level["aliases"] for level in item(tables, "hur_bor_du")["levels"]} == {
        "Ja": ["0"],
        "Nej": ["1"],
    }
    labels = {0.0: "Nej", 1.0: "Ja"}
    _, tables = drafted(coded_intake(write_delivery(tmp_path / "two"), codes=(0.0, 1.0), labels=labels))
    assert item(tables, "hur_bor_du")["kind"] == "flag"


def test_what_few_people_answered_is_not_shown_by_its_label(tmp_path):
    labels = {1.0: "Eget kontrakt", 2.0: "Inneboende", 3.0: "Hos Anna Berg"}
    codes = tuple([1.0, 2.0] * 27 + [3.0] * 6)
    draft, _ = drafted(coded_intake(write_delivery(tmp_path / "delivery"), codes=codes, labels=labels))
    assert (
        "Anna" not in draft.toml
        and "texts that few wrote, that have signs that no word has or are longer than 150 characters are not shown (1)"
        in draft.toml
    )


def test_of_two_questions_with_the_same_answers_each_meets_the_one_it_shares_most_words_with(tmp_path):
    words = ("Nej, inte alls", "Ja, delvis", "Ja, helt och hållet")
    asked = {"Påverkar värk din förmåga att arbeta?": 1, "Påverkar oro din förmåga att arbeta?": 2}
    folder = write_delivery(
        tmp_path / "delivery", **{name: lambda n, k=k: words[n // k % 3] for name, k in asked.items()}
    )
    later = ("Har du oro som påverkar din förmåga att arbeta?", "Har du värk som påverkar din förmåga att arbeta?")
    rows = [[person(n), words[n % 3], words[n // 2 % 3], words[n // 3 % 3]] for n in range(PEOPLE)]
    alone = "Påverkar något annat förmåga till arbete?"  # asked of nobody at intake
    write_csv(folder / "enkät 2021.csv", ["Löpnr", *later, alone], rows)
    _, tables = drafted(folder)
    columns = [one["columns"] for one in tables["items"] if "arbet" in one["id"]]
    assert columns == [
        {"intake": "Påverkar värk din förmåga att arbeta?", "survey": later[1]},
        {"intake": "Påverkar oro din förmåga att arbeta?", "survey": later[0]},
        {"survey": alone},
    ]
    assert [level["text"] for level in item(tables, "paverkar_oro_din_formaga_att_arbeta")["levels"]] == [*words]


def test_an_age_in_years_has_the_limits_of_the_ages(tmp_path):
    folder = write_delivery(tmp_path / "delivery", **{"Ålder (år)": lambda n: str(18 + n % 40)})
    age = item(drafted(folder)[1], "alder_ar")
    ages = village_settings().cohort
    assert (age["minimum"], age["maximum"], "derive" in age) == (ages.min_age, ages.max_age, False)


def without_exits(folder):
    """The delivery, whose register says nothing of how assistance ended."""
    write_delivery(folder)
    write_csv(folder / "EB.csv", REGISTER[:-1], [row[:-1] for row in register_rows()])
    return folder


def test_exits_in_a_file_of_their_own_are_drafted_and_read(tmp_path):
    folder = without_exits(tmp_path / "delivery")
    ends = [[person(n), "2019-06-30", ("avliden", "flyttat", "arbete")[n % 3]] for n in range(0, PEOPLE, 4)]
    write_csv(folder / "slut.csv", ["Löpnr", "Avslutad", "Avslutsorsak"], ends)
    draft, tables = drafted(folder)
    assert "slut.csv: exits, 0 questions" in draft.told
    exits = tables["sources"]["exits"]
    assert exits["columns"] == {"person": "Löpnr", "month": "Avslutad", "exit": "Avslutsorsak"}
    assert exits["exit_codes"] == {} and "no words that enough people wrote" in draft.toml
    toml = draft.toml.replace("exit_codes = {}", 'exit_codes = { avliden = "death", flyttat = "moved" }')
    told = receipts_of(filled_in(tmp_path, toml, folder)).query("exit != ''")
    assert told["exit"].value_counts().to_dict() == {"death": 5, "moved": 5, "arbete": 5}
    unread = filled_in(tmp_path, draft, folder)
    assert unread.quality.query("column == 'Avslutsorsak' and reason == 'word_without_meaning'")["n"].sum() == 15


def test_words_for_exits_that_enough_people_wrote_are_drafted(tmp_path):
    folder = without_exits(tmp_path / "delivery")
    ends = [[person(n), "2019-06-30", ("avliden", "flyttat", "arbete")[n % 3]] for n in range(PEOPLE)]
    write_csv(folder / "slut.csv", ["Löpnr", "Avslutad", "Avslutsorsak"], ends)
    assert drafted(folder)[1]["sources"]["exits"]["exit_codes"] == {"avliden": "death", "flyttat": "moved"}


def test_a_file_of_the_dead_says_why_by_its_name(tmp_path):
    folder = without_exits(tmp_path / "delivery")
    write_csv(folder / "avlidna.csv", ["Löpnr", "Dödsdatum"], [[person(n), "2019-05-30"] for n in range(0, PEOPLE, 4)])
    draft, tables = drafted(folder)
    assert tables["sources"]["exits"]["exit_codes"] == {"": "death"}
    assert (receipts_of(filled_in(tmp_path, draft, folder))["exit"] == "death").sum() == PEOPLE // 4


def test_exits_in_two_files_are_told(tmp_path):
    folder = without_exits(tmp_path / "delivery")
    ends = [[person(n), "2022-06-30", "arbete"] for n in range(20)]
    for name in ("slut.csv", "mer.csv"):
        write_csv(folder / name, ["Löpnr", "Avslutad", "Avslutsorsak"], ends)
    draft, tables = drafted(folder)
    told = [line for line in draft.told if "seems to tell how assistance ended" in line]
    assert len(told) == 2 and "exits" not in tables["sources"] and told[0].split()[0] in draft.toml


def test_a_ground_that_a_later_form_alone_names_is_a_ground(tmp_path):
    words = ("Ingen", "1-6 mån", "7-24 mån")
    folder = write_delivery(tmp_path / "delivery", **{"Arbetat senaste åren": lambda n: words[n % 3]})
    rows = [[person(n), words[n % 3]] for n in range(PEOPLE)]
    write_csv(folder / "enkät 2021.csv", ["Löpnr", "Arbetat i Sverige"], rows)
    work = item(drafted(folder)[1], "arbetat_senaste_aren")
    assert (work["columns"]["survey"], work["use"], work["grounds"]) == ("Arbetat i Sverige", "audit", ["ethnicity"])


def test_a_workbook_has_a_place_for_what_no_draft_writes_and_rows_may_be_added_at_its_end(tmp_path):
    draft, tables = drafted(write_delivery(tmp_path / "delivery"))
    path = tmp_path / "ours.xlsx"
    path.write_bytes(book_of(draft.sections))
    assert tomllib.loads(toml_of(sections_in(path))) == tables  # empty places say nothing
    book = load_workbook(path)
    questions, answers, other = (book[name] for name in ("questions", "answers", "other"))
    headings = [[cell.value for cell in sheet[1]] for sheet in (questions, answers)]
    age = next(row for row in questions.iter_rows(min_row=2) if row[0].value == "fodd_ar")
    age[headings[0].index("justification")].value = "Erbjudandet kommer tidigare."
    answers.cell(3, headings[1].index("merge_into") + 1).value = "eget_kontrakt"
    rows = {(row[0].value, row[1].value): row for row in other.iter_rows(min_row=2)}
    rows["sources.intake", "legal_basis"][2].value = "SoLPUL 6 §"
    rows["sources.register", "columns.exit"][2].value = None  # struck out
    other.append(["sources.register", "unlinked_explanation", "Alla frågas inte."])
    book.save(path)
    told = tomllib.loads(toml_of(sections_in(path)))
    assert item(told, "fodd_ar")["justification"] == "Erbjudandet kommer tidigare."
    assert item(told, "boende")["levels"][1]["merge_into"] == "eget_kontrakt"
    register, intake = (told["sources"][name] for name in ("register", "intake"))
    assert intake["legal_basis"] == "SoLPUL 6 §" and "purposes" not in intake
    assert register["unlinked_explanation"] == "Alla frågas inte." and "exit" not in register["columns"]


def test_a_scale_of_which_the_file_names_the_ends_keeps_its_numbers(tmp_path):
    labels = {1.0: "Inte alls", 4.0: "Helt"}
    folder = coded_intake(write_delivery(tmp_path / "delivery"), codes=(1.0, 2.0, 3.0, 4.0), labels=labels)
    draft, tables = drafted(folder)
    levels = [(level["code"], level["text"]) for level in item(tables, "hur_bor_du")["levels"]]
    assert levels == [("1", "Inte alls"), ("2", "2"), ("3", "3"), ("4", "Helt")]
    assert {*filled_in(tmp_path, draft, folder).answers_by_intake["hur_bor_du"]} == {"1", "2", "3", "4"}


def test_a_number_that_the_file_calls_missing_is_never_read_as_one(tmp_path):
    folder = coded_intake(write_delivery(tmp_path / "delivery"))
    wide = drafted(folder)[0].toml.replace("maximum = 5\n", "maximum = 100\n")
    silent = 'no_answer = ["99"]'
    assert silent in wide
    told = r"nya.sav: 'v2' \(item hur_manga_barn_har_du\): 1 codes that the file calls missing"
    with pytest.raises(SurveyDataError, match=told):
        filled_in(tmp_path, wide.replace(silent, "no_answer = []"), folder)
    assert filled_in(tmp_path, wide, folder).answers_by_intake["hur_manga_barn_har_du"].max() == 2
