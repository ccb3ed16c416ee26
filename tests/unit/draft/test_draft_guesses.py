"""What a draft guesses, what it leaves open, and what it never shows."""

import dataclasses
import errno
import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from sixty_people import (
    INTAKE,
    PEOPLE,
    REGISTER,
    drafted,
    filled_in,
    intake_rows,
    item,
    person,
    register_rows,
    write_csv,
    write_delivery,
)  # fmt: skip

from riskmodel.draft import draft
from riskmodel.draft.book import sections_in
from riskmodel.draft.draft import write_draft
from riskmodel.draft.lexicon import in_order
from riskmodel.draft.opened import open_file
from riskmodel.draft.sections import Entry, Section, toml_of
from riskmodel.ground.errors import SettingsError, SurveyDataError
from riskmodel.ground.words import LANGUAGES
from riskmodel.instrument.load import read_instrument

pytestmark = pytest.mark.slow

HIDDEN_UP_TO = 7  # people, under the profile of the settings
WITHOUT_WORDS = {name: f"Fält {letter}" for name, letter in zip((*REGISTER, *INTAKE), "ABCDEFAGEHIJKL", strict=True)}


def test_a_delivery_drafts_its_sources_questions_and_levels(tmp_path):
    folder = write_delivery(tmp_path / "delivery")
    draft, tables = drafted(folder)
    register, intake = (tables["sources"][name] for name in ("register", "intake"))
    assert register["columns"] == {
        "person": "Löpnr",
        "household": "HushållsID",
        "month": "Utbetalningsmånad",
        "amount": "Utbetalt belopp",
        "area": "Område",
        "exit": "Avslutsorsak",
    }
    assert register["month_meaning"] == "paid_in"
    assert register["exit_codes"] == {"flyttat": "moved"}  # two people died: too few to be shown
    assert intake["columns"] == {"person": "Löpnr", "month": "Ansökningsmånad", "area": "Område"}
    assert tables["no_answer"] == ["", "Vet ej"]
    assert [level["text"] for level in item(tables, "boende")["levels"]] == ["Eget kontrakt", "Inneboende"]
    assert (item(tables, "boende")["use"], item(tables, "boende")["direction"]) == ("predictor", "?")
    assert item(tables, "skulder")["kind"] == "flag" and "levels" not in item(tables, "skulder")
    assert (item(tables, "antal_barn")["minimum"], item(tables, "antal_barn")["maximum"]) == (0, 5)
    assert item(tables, "fodd_ar")["derive"] == "age" and item(tables, "fodd_ar")["grounds"] == ["age"]
    assert item(tables, "kon")["use"] == "audit" and "direction" not in item(tables, "kon")
    careful = {key: item(tables, "boende")[key] for key in ("stable", "changeable", "part")}
    assert careful == {"stable": False, "changeable": False, "part": "intake"}
    assert tables["parts"][0]["month"] == 5 and "legal_basis" not in intake
    filled_in(tmp_path, draft, folder)
    assert draft.open_n == draft.toml.count('= "?"') == 7 and draft.guesses_n == draft.toml.count("  # ? ")


def test_answers_tell_a_ground_where_the_heading_says_nothing(tmp_path):
    causes = ("Arbetslös", "Sjukskriven", "Otillräcklig inkomst", "Nyanländ")
    columns = {
        "Orsak till ansökan": lambda n: causes[n % 4],
        "Fält 7": lambda n: ("M", "K")[n % 2],
        "Grupp": lambda n: ("18–24 år", "25–39 år", "40–64 år")[n % 3],
        "Född": lambda n: ("Utrikes", "Inrikes")[n % 2],
        "Arbetat": lambda n: ("0–2 år", "3–9 år", "10–15 år")[n % 3],
        "Hemvist": lambda n: ("Oberoende", "Hos familjen", "I stadsdelen")[n % 3],
    }
    draft, tables = drafted(write_delivery(tmp_path / "delivery", **columns))
    found = {name: item(tables, name) for name in ("orsak_till_ansokan", "falt_7", "grupp", "fodd")}
    grounds = {name: sorted(one["grounds"]) for name, one in found.items()}
    by_cause = {"orsak_till_ansokan": ["disability", "ethnicity"], "fodd": ["ethnicity"]}
    assert grounds == {"falt_7": ["sex"], "grupp": ["age"], **by_cause}
    assert {one["use"] for one in found.values()} == {"audit"}
    assert "the answer Nyanländ may touch ethnicity (strike grounds where " in draft.toml
    assert "; the answer Sjukskriven may touch disability (strike grounds" in draft.toml
    assert {item(tables, name)["use"] for name in ("arbetat", "hemvist", "boende")} == {"predictor"}
    few = {"Orsak till ansökan": lambda n: "Sjukskriven" if n < 3 else causes[2 * (n % 2)]}
    draft, tables = drafted(write_delivery(tmp_path / "few", **few))
    assert "grounds" not in item(tables, "orsak_till_ansokan") and "Sjuk" not in draft.toml


@pytest.mark.parametrize(
    ("sign", "encoding", "titles"),
    [
        ("\t", "utf-16", ()),
        ("|", "cp1252", ("Uttag för år 2024", "")),
        (";", "utf-8-sig", ("Uttag", "Handläggare: enheten", "")),
    ],
)
def test_delimiter_encoding_and_the_row_of_headings_are_found(tmp_path, sign, encoding, titles):
    folder = write_delivery(tmp_path / "delivery", sign=sign, encoding=encoding, titles=titles)
    draft, tables = drafted(folder)
    filled_in(tmp_path, draft, folder)
    reader = tables["sources"]["intake"].get("reader", {})
    assert reader.get("delimiter", ";") == sign
    assert reader.get("encoding", "utf-8") == encoding.removesuffix("-sig")
    assert reader.get("header_row", 1) == len(titles) + 1
    assert len(tables["items"]) == 7


def test_headings_that_say_nothing_leave_what_stands_below_them(tmp_path):
    folder = write_delivery(tmp_path / "delivery", called=WITHOUT_WORDS)
    draft, tables = drafted(folder)
    filled_in(tmp_path, draft, folder)
    register = tables["sources"]["register"]["columns"]
    known = {"person": "Fält A", "household": "Fält B", "month": "Fält C", "amount": "Fält D"}
    assert register == known | {"area": "Fält E", "exit": "Fält F"}  # the same places in both files; ways to end
    assert tables["sources"]["intake"]["columns"] == {"person": "Fält A", "month": "Fält G", "area": "Fält E"}
    assert "person, household, month, amount, area, exit: the content alone" in draft.toml
    assert item(tables, "falt_k")["derive"] == "age"


def test_the_fullest_sheet_is_read_whatever_comes_first(tmp_path):
    folder = write_delivery(tmp_path / "delivery")
    (folder / "nya.csv").unlink()
    book = Workbook()
    book.active.append(["Läs mig först"])
    page = book.create_sheet("Svar")
    rows = intake_rows()
    for row in (["Nybesök"], [], [*rows[0]], *([*row.values()] for row in rows)):
        page.append(row)
    book.save(folder / "nya.xlsx")
    _, tables = drafted(folder)
    assert tables["sources"]["intake"]["reader"] == {"header_row": 3, "sheet": "Svar"}


def test_two_sources_on_two_sheets_are_found_and_a_sheet_that_is_not_needed_is_told(tmp_path):
    folder = write_delivery(tmp_path / "delivery")
    book = Workbook()
    for sheet, name, rows in (("Register", "EB.csv", register_rows()), ("Besök", "nya.csv", None)):
        page = book.active if sheet == "Register" else book.create_sheet(sheet)
        page.title = sheet
        table = (
            [*map(list, [REGISTER, *rows])]
            if rows
            else [[*intake_rows()[0]], *([*row.values()] for row in intake_rows())]
        )
        for row in table:
            page.append(row)
        (folder / name).unlink()
    book.create_sheet("Läs mig").append(["Uttag för 2024"])
    book.save(folder / "allt.xlsx")
    draft, tables = drafted(folder)  # neither is elsewhere
    sources = {name: (source["files"], source["reader"]) for name, source in tables["sources"].items()}
    assert sources == {
        "register": ("allt.xlsx", {"sheet": "Register"}),
        "intake": ("allt.xlsx", {"sheet": "Besök"}),
    }
    read = filled_in(tmp_path, draft, folder)
    assert read.files[["file", "source", "rows_n"]].to_numpy().tolist() == [
        ["allt.xlsx: Besök", "intake", PEOPLE],
        ["allt.xlsx: Register", "register", 6 * PEOPLE],
    ]
    assert not [line for line in draft.told if "not used" in line or "a table stands" in line]
    told = "allt.xlsx: read from the sheet 'Register'; a table stands on 'Besök', too"
    write_csv(folder / "nya.csv", [*intake_rows()[0]], [[*row.values()] for row in intake_rows()])
    draft, _ = drafted(folder)
    assert [line for line in draft.told if line.startswith(told)]


def test_sheets_with_the_same_headings_are_all_read(tmp_path):
    folder = write_delivery(tmp_path / "delivery")
    (folder / "nya.csv").unlink()
    book, rows = Workbook(), intake_rows()
    upper = ["Ärende", "", "", "Svar"]
    for place, half in enumerate((rows[: PEOPLE // 2], rows[PEOPLE // 2 :])):
        page = book.active if not place else book.create_sheet("2021")
        for row in (upper, [*rows[0]], *([*row.values()] for row in half)):
            page.append(row)
    book.save(folder / "nya.xlsx")
    draft, tables = drafted(folder)
    assert tables["sources"]["intake"]["reader"] == {"header_row": 2, "sheet": "*"}
    assert not [line for line in draft.told if "a table stands on" in line]
    assert "nya.xlsx: the sheets 'Sheet', '2021' have the same headings and are all read." in "".join(draft.told)
    assert len(filled_in(tmp_path, draft, folder).answers_by_intake) == PEOPLE


def test_headings_over_lines_are_found_in_a_csv(tmp_path):
    folder = write_delivery(tmp_path / "delivery")
    head = ";".join(f'"{name}\n(välj ett)"' if name == "Boende" else name for name in intake_rows()[0])
    text = (folder / "nya.csv").read_text(encoding="utf-8")
    (folder / "nya.csv").write_text("Nya ärenden\n" + head + "\n" + text.partition("\n")[2], encoding="utf-8")
    draft, tables = drafted(folder)
    assert tables["sources"]["intake"]["reader"] == {"header_row": 2}
    assert item(tables, "boende_valj_ett")["columns"]["intake"].split() == ["Boende", "(välj", "ett)"]
    assert len(filled_in(tmp_path, draft, folder).answers_by_intake) == PEOPLE


def test_codes_without_a_key_are_told(tmp_path):
    folder = write_delivery(
        tmp_path / "delivery", Boende=lambda n: "123"[n % 3], Kontakt=lambda n: ("Ja", "Brev")[n % 2]
    )
    draft, tables = drafted(folder)
    assert [level["text"] for level in item(tables, "boende")["levels"]] == ["1", "2", "3"]
    told = [section.split("\n")[0] for section in draft.toml.split("[[items]]\n") if "what each code means" in section]
    assert told == ['id = "boende"', 'id = "kon"']  # K and M, too
    # what it means takes the place of the text, and the code goes on being read
    meant = draft.toml.replace('code = "1", text = "1"', 'code = "1", text = "Eget kontrakt"')
    answers = filled_in(tmp_path, meant, folder).answers_by_intake
    assert (answers["boende"] == "1").sum() == 20


def test_a_sheet_that_is_the_first_in_some_years_is_named(tmp_path):
    folder = write_delivery(tmp_path / "delivery")
    for year, first in ((2021, "Svar"), (2022, "Om enkäten")):
        book = Workbook()
        book.active.title = first
        page = book.active if first == "Svar" else book.create_sheet("Svar")
        for row in (["Löpnr", "Trivs du?"], *([person(n), ("ja", "nej")[(n + year) % 2]] for n in range(30))):
            page.append(row)
        book.save(folder / f"Enkät {year}.xlsx")
    draft, tables = drafted(folder)
    assert tables["sources"]["survey"]["reader"] == {"sheet": "Svar"}
    filled_in(tmp_path, draft, folder)


def test_yearly_files_whose_headings_change_keep_one_question(tmp_path):
    folder = write_delivery(tmp_path / "delivery", Beskrivning=lambda n: ("Lugnt", "Oroligt", "Akut")[n % 3])
    rows = intake_rows(Svenska=lambda n: ("Behöver tolk", "SFI A", "God")[n // 4 % 3])
    (folder / "nya.csv").unlink()
    for year in range(2019, 2023):
        own = [row for row in rows if row["Ansökningsmånad"].startswith(str(year))]
        headings = [name if year < 2022 else "Språknivå i svenska" if name == "Svenska" else name for name in own[0]]
        write_csv(folder / f"nya_{year}.csv", headings, [[*row.values()] for row in own])
    draft, tables = drafted(folder)
    filled_in(tmp_path, draft, folder)
    assert tables["sources"]["intake"]["files"] == "nya_*.csv"
    assert item(tables, "svenska")["columns"] == {"intake": "Svenska", "intake.2022": "Språknivå i svenska"}
    assert [level["code"] for level in item(tables, "svenska")["levels"]] == ["behover_tolk", "sfi_a", "god"]


def test_yearly_files_that_call_a_person_otherwise_have_one_person(tmp_path):
    folder = write_delivery(tmp_path / "delivery")
    rows = intake_rows()
    (folder / "nya.csv").unlink()
    first, month = next(iter(rows[0])), "Ansökningsmånad"
    for year in range(2019, 2023):
        own = [row for row in rows if row[month].startswith(str(year))]
        other = {first: "Klient-id", month: "Ansökan, datum"} if year > 2020 else {}
        write_csv(
            folder / f"nya_{year}.csv", [other.get(name, name) for name in own[0]], [[*row.values()] for row in own]
        )
    draft, tables = drafted(folder)
    filled_in(tmp_path, draft, folder)
    assert tables["sources"]["intake"]["columns"] == {"person": first, "month": month, "area": "Område"}
    assert tables["sources"]["intake"]["other_headings"] == {"Klient-id": "person", "Ansökan, datum": "month"}


def test_two_questions_about_a_home_or_money_in_two_years_are_two_questions(tmp_path):
    folder = write_delivery(tmp_path / "delivery")
    answers = {
        "Hushållets storlek": lambda n: f"{1 + n % 3}",
        "Familj": lambda n: ("ensam", "par", "annat")[n // 5 % 3],
        "Hyra, kr": lambda n: f"{5000 + 10 * n}",
        "Skulder, kr": lambda n: f"{900 * n}",
    }
    rows = intake_rows(**answers)
    (folder / "nya.csv").unlink()
    later = {"Hushållets storlek": "Familj", "Hyra, kr": "Skulder, kr"}
    for year in range(2019, 2023):
        own = [row for row in rows if row["Ansökningsmånad"].startswith(str(year))]
        left_out = later.values() if year < 2021 else later
        headings = [name for name in own[0] if name not in left_out]
        write_csv(folder / f"nya_{year}.csv", headings, [[row[name] for name in headings] for row in own])
    _, tables = drafted(folder)
    assert "other_headings" not in tables["sources"]["intake"]
    assert {each.get("columns", {}).get("intake") for each in tables["items"]} >= {*later, *later.values()}


def test_a_register_of_spells_and_a_survey_with_a_year_in_each_row(tmp_path):
    rows = [
        [person(n), f"20{19 + n % 4}-0{1 + k}-01", "" if k + n % 3 == 4 else f"20{19 + n % 4}-0{1 + k}-28", "900,00"]
        for n in range(60)
        for k in (0, 2, 4)
    ]
    folder = write_delivery(tmp_path / "delivery")
    write_csv(folder / "EB.csv", ["Person", "Från", "Till", "Belopp"], rows)
    told = [[person(n), "2022", ("Eget kontrakt", "Inneboende")[n % 2]] for n in range(60)]
    write_csv(folder / "enkät.csv", ["Person", "År", "Hur bor du?"], told, sign=",")
    draft, tables = drafted(folder)
    filled_in(tmp_path, draft, folder)
    register, survey = tables["sources"]["register"], tables["sources"]["survey"]
    assert register["layout"] == "spells" and register["columns"]["end"] == "Till"
    assert (survey["files"], survey["columns"]) == ("enkät.csv", {"person": "Person", "year": "År"})
    assert item(tables, "hur_bor_du")["use"] == "never"  # no word in common, and two answers: nobody can tell


def test_a_register_of_states_and_facts_without_a_month(tmp_path):
    folder = tmp_path / "delivery"
    folder.mkdir()
    rows = [
        [person(n), f"2020-{month:02}", ("arbete", "bistånd")[(n + month) % 2]]
        for n in range(60)
        for month in range(1, 9)
    ]
    write_csv(folder / "manader.csv", ["Individ", "Månad", "Status"], rows)
    facts = [[person(n), ("ja", "nej")[n % 2], str(1960 + n % 40)] for n in range(60)]
    write_csv(folder / "fakta.csv", ["Individ", "Gymnasieexamen", "Födelseår"], facts)
    draft, tables = drafted(folder)
    assert (tables["sources"]["register"]["columns"]["state"], tables["sources"]["register"]["states"]) == (
        "Status",
        "?",
    )
    assert tables["sources"]["intake"]["valid_for_all_cases"] is True
    assert item(tables, "fodelsear")["use"] == "never"
    said = dataclasses.replace(draft, sections=[_with_states(section) for section in draft.sections])
    amounts = filled_in(tmp_path, said, folder).receipts["amount_ore"].to_pylist()
    assert sum(amount > 0 for amount in amounts) == 240


def _with_states(section):
    entries = [Entry("states", ["bistånd"]) if entry.key == "states" else entry for entry in section.entries]
    return dataclasses.replace(section, entries=tuple(entries))


def test_labelled_cases_stand_alone(tmp_path):
    folder = tmp_path / "delivery"
    folder.mkdir()
    rows = [
        [str(2015 + n % 5), ("ja", "nej")[n % 3 == 0], ("gift", "ogift")[n % 2], str(20 + n % 40)] for n in range(90)
    ]
    write_csv(folder / "fall.csv", ["År", "Utfall", "Civilstånd", "Timlön"], rows, sign=",")
    _, tables = drafted(folder)
    assert [*tables["sources"]] == ["cohort"]
    assert tables["sources"]["cohort"]["outcome_codes"] == {"ja": 1, "nej": 0}
    assert [one["id"] for one in tables["items"]] == ["civilstand", "timlon"]
    assert tables["parts"][0]["month"] == 0
    days = [[f"{row[0]}-0{n % 9 + 1}-15", *row[1:]] for n, row in enumerate(rows)]
    write_csv(folder / "fall.csv", ["Beslutsdatum", "Utfall", "Civilstånd", "Timlön"], days, sign=",")
    _, tables = drafted(folder)
    assert tables["sources"]["cohort"]["columns"] == {"outcome": "Utfall", "year": "Beslutsdatum"}
    assert [one["id"] for one in tables["items"]] == ["civilstand", "timlon"]
    write_csv(folder / "fall.csv", ["Tid", "Svar", "Civilstånd", "Timlön"], rows, sign=",")
    draft, tables = drafted(folder)
    assert tables["sources"]["cohort"]["columns"] == {"outcome": "?", "year": "?"}
    out = tmp_path / "ours.toml"
    write_draft(out, draft.toml.encode())
    with pytest.raises(SettingsError, match="sources cohort outcome, sources cohort year"):
        read_instrument(out)


@given(words=st.lists(st.text(alphabet="abcdefgå ", min_size=3, max_size=9), min_size=1, max_size=12, unique=True))
@settings(max_examples=8)
def test_what_few_people_wrote_is_never_shown(tmp_path_factory, words):
    rare = [" ".join(f"hemligt {word} slut".split()) for word in words]
    answers = ["Lugnt"] * 30 + ["Oroligt"] * 20
    answers += [rare[n % len(rare)] for n in range(PEOPLE - len(answers))]
    folder = write_delivery(tmp_path_factory.mktemp("few") / "delivery", Läge=lambda n: answers[n])
    shown = [word for word in {*rare} if answers.count(word) > HIDDEN_UP_TO]
    for language in LANGUAGES:
        draft, _ = drafted(folder, language)
        told = draft.toml + "\n".join(draft.told)
        assert [word for word in {*rare} if word in told] == shown
        assert not [n for n in range(PEOPLE) if person(n) in told]


@given(key=st.text(), text=st.text(), words=st.lists(st.text()))
def test_whatever_stands_in_a_file_is_written_as_toml(key, text, words):
    entries = (Entry(key, text, text), Entry(f"{key}.", {key: text}), Entry(f"{key}..", words, key))
    written = toml_of([Section("a", entries, remarks=(text, key))])
    assert tomllib.loads(written) == {"a": {key: text, f"{key}.": {key: text}, f"{key}..": words}}


def test_free_text_is_named_and_not_shown(tmp_path):
    folder = write_delivery(tmp_path / "delivery", Anteckning=lambda n: f"Ringde och sade att {n} gånger räcker")
    draft, tables = drafted(folder)
    assert item(tables, "anteckning")["use"] == "never" and "Ringde" not in draft.toml


def test_remarks_that_several_happened_to_write_alike_are_free_text(tmp_path):
    alike = {0: "Ringde i dag", 1: "Väntar på besked"}
    folder = write_delivery(tmp_path / "delivery", Anteckning=lambda n: alike.get(n % 5, f"Sade att {n} räcker"))
    draft, tables = drafted(folder)
    question = item(tables, "anteckning")
    assert question["use"] == "never" and "levels" not in question
    assert not [word for word in ("Ringde", "Väntar", "Sade") if word in draft.toml]


def test_a_letter_is_yes_or_no_and_a_number_of_something_is_a_number(tmp_path):
    counted = {"Barn hemma (antal)": lambda n: str(n % 4), "Skulder": lambda n: "JN"[n % 2]}
    folder = write_delivery(tmp_path / "delivery", **counted)
    draft, tables = drafted(folder)
    assert item(tables, "skulder")["kind"] == "flag" and item(tables, "barn_hemma_antal")["kind"] == "number"
    answers = filled_in(tmp_path, draft, folder).answers_by_intake
    assert {*answers["skulder"]} == {"no", "yes"}


def test_letters_of_something_else_are_no_flag(tmp_path):
    columns = {"Län": lambda n: ("J", "Y", "N")[n % 3], "Spår": lambda n: ("N", "")[n % 2]}
    _, tables = drafted(write_delivery(tmp_path / "delivery", **columns))
    assert item(tables, "lan")["kind"] == "level" and len(item(tables, "lan")["levels"]) == 3
    assert item(tables, "spar")["use"] == "never"


def test_a_remark_behind_a_heading_makes_no_other_question(tmp_path):
    folder = write_delivery(tmp_path / "delivery", called={"Kön": "Kön (enl. folkbokföring)"})
    for year in (2020, 2021):
        rows = [[person(n), str(1960 + n % 40), "KM"[n % 2]] for n in range(PEOPLE)]
        write_csv(folder / f"enkät {year}.csv", ["Löpnr", "Född år", "Kön"], rows)
    tables = drafted(folder)[1]
    asked = [one["columns"] for one in tables["items"] if "columns" in one and "Kön" in str(one["columns"])]
    assert asked == [{"intake": "Kön (enl. folkbokföring)", "survey": "Kön"}]


def test_columns_with_personal_numbers_are_named_and_left_out(tmp_path):
    numbers = [f"19{80 + n % 10}0101{n:03}{_check_digit(f'{80 + n % 10}0101{n:03}')}" for n in range(PEOPLE)]
    folder = write_delivery(tmp_path / "delivery", Pnr=lambda n: numbers[n])
    draft, tables = drafted(folder)
    assert "'Pnr'" in draft.toml and [line for line in draft.told if "'Pnr'" in line]
    assert not [number for number in numbers if number in draft.toml]
    assert "pnr" not in [one["id"] for one in tables["items"]]


@pytest.mark.parametrize("twice", [("Tolk", "Tolk "), ("Boende",)])
def test_a_heading_that_stands_twice_is_named_and_left_out_and_the_rest_is_read(tmp_path, twice):
    # of two remarks nobody asks; of two that are a question's name nobody can say which was meant
    folder = write_delivery(tmp_path / "delivery", **{name: lambda n: ("ja", "nej")[n % 2] for name in (*twice, "Bil")})
    first, *rows = (folder / "nya.csv").read_text(encoding="utf-8").splitlines()
    if len(twice) == 1:  # the same name once more
        first, rows = f"{first};Boende", [f"{row};ja" for row in rows]
    (folder / "nya.csv").write_text("\n".join([first, *rows]) + "\n", encoding="utf-8")
    draft, tables = drafted(folder)
    name = twice[0]
    told = f"nya.csv: the heading '{name}' stands more than once, so its columns are left out."
    assert any(line.startswith(told) for line in draft.told) and f"# {told}" in " ".join(draft.toml.split())
    assert name.casefold() not in {one["id"] for one in tables["items"]} and item(tables, "bil")
    assert filled_in(tmp_path, draft, folder).answers_by_intake is not None


def test_a_person_whose_heading_stands_twice_is_the_reason_that_nothing_is_found(tmp_path):
    folder = write_delivery(tmp_path / "delivery", called={"Ansökningsmånad": "löpnr"})
    with pytest.raises(SurveyDataError, match=r"^nya.csv: the heading 'Löpnr' stands more than once.* 2 kinds of file"):
        drafted(folder)


def test_answers_that_repeat_in_a_row_are_no_headings(tmp_path):
    (tmp_path / "nya.csv").write_text("ja;ja;nej\n" + "nej;nej;ja\nja;nej;nej\n" * 20, encoding="utf-8")
    (tmp_path / "brev.csv").write_text("sol;sol;vind\n" + "1;2;3\n4;2;3\n" * 20, encoding="utf-8")
    for name in ("nya.csv", "brev.csv"):
        with pytest.raises(SurveyDataError, match="no row of headings"):
            open_file(name, tmp_path / name)


def _check_digit(nine):
    doubled = [int(digit) * (2 - place % 2) for place, digit in enumerate(nine)]
    return -sum(value // 10 + value % 10 for value in doubled) % 10


def test_a_question_about_a_trade_union_is_left_out_and_told(tmp_path):
    draft, tables = drafted(
        write_delivery(tmp_path / "delivery", **{"Medlem i facket": lambda n: ("ja", "nej")[n % 2]})
    )
    assert not [one for one in tables["items"] if "fack" in one["id"]] and "7 a §" in draft.toml


def intake_in(folder, *names, beside=()):
    """The delivery with its intake answers in files of `names`, a part in each, and files that hold none beside."""
    delivery = write_delivery(folder / "delivery")
    headings, *rows = (delivery / "nya.csv").read_text(encoding="utf-8").splitlines()
    (delivery / "nya.csv").unlink()
    for place, name in enumerate(names):
        (delivery / name).write_text("\n".join([headings, *rows[place :: len(names)]]) + "\n", encoding="utf-8")
    for name in beside:
        (delivery / name).write_text("Rubrik;Text\n1;a\n2;a\n", encoding="utf-8")
    return delivery


@pytest.mark.parametrize(
    ("names", "beside", "pattern"),
    [
        (("svar_1.csv", "svar_2.csv"), (), "svar_*.csv"),
        (("svar_1.csv", "svar_2.csv"), ("svar_extra.csv",), "svar_[0-9]*.csv"),
        (("svar_1.csv", "svar_2.csv"), ("svar_3b.csv",), "svar_[0-9].csv"),
        (("del 7 av 9, 1.csv", "del 7 av 9, 2.csv"), (), "del 7 av 9, *.csv"),  # what does not differ stands
        (("svar_1.csv", "Svar_12.csv"), (), "Svar_*.csv"),
    ],
)
def test_a_pattern_of_names_holds_the_files_of_its_source_and_no_other(tmp_path, names, beside, pattern):
    delivery = intake_in(tmp_path, *names, beside=beside)
    draft, tables = drafted(delivery)
    assert tables["sources"]["intake"]["files"] == pattern
    read = filled_in(tmp_path, draft, delivery).files
    assert sorted(read.loc[read["source"] == "intake", "file"]) == sorted(names)


def test_names_that_no_pattern_tells_apart_are_refused(tmp_path):
    delivery = intake_in(tmp_path, "svar_1.csv", "svar_23.csv", beside=("svar_4b.csv",))
    with pytest.raises(
        SurveyDataError, match=r"svar_1.csv \(\+1\): no pattern of names \(`files`\) means these 2 files"
    ):
        drafted(delivery)


def test_a_number_that_differs_beside_the_year_is_part_of_no_pattern(tmp_path):
    delivery = write_delivery(tmp_path / "delivery")
    for year, version in ((2021, 1), (2022, 2)):
        rows = [[person(n), ("ja", "nej")[(n + year) % 2]] for n in range(30)]
        write_csv(delivery / f"Enkät {year} v{version}.csv", ["Löpnr", "Trivs du?"], rows)
    draft, tables = drafted(delivery)
    assert tables["sources"]["survey"]["files"] == "Enkät {year} v*.csv"
    assert sorted(filled_in(tmp_path, draft, delivery).answers_by_survey["survey_year"].unique()) == [2021, 2022]


def test_rows_without_headings_are_answers_and_never_shown(tmp_path):
    folder = write_delivery(tmp_path / "delivery")
    write_csv(folder / "utan.csv", register_rows()[0], register_rows()[1:])
    draft, _ = drafted(folder)
    assert [line for line in draft.told if line.startswith("utan.csv: no row of headings")]
    assert person(0) not in draft.toml + "".join(draft.told)


def test_rows_of_names_and_remarks_each_once_are_no_headings(tmp_path):
    people = [("Anna Berg", "Har svårt med ryggen", "ringer sällan"), ("Bo Ek", "Vill studera", "har barn i förskola")]
    people += [(f"Person {letter}", f"Något om {letter}", f"annat {letter}") for letter in "abcdef"]
    folder = write_delivery(tmp_path / "delivery")
    write_csv(folder / "utan.csv", list(people[0]), [list(one) for one in people[1:]])
    draft, _ = drafted(folder)
    assert [line for line in draft.told if line.startswith("utan.csv: no row of headings")]
    assert "Anna" not in draft.toml + "".join(draft.told) and "ryggen" not in draft.toml + "".join(draft.told)


def test_what_is_called_so_and_can_not_be_read_is_told(tmp_path):
    folder = write_delivery(tmp_path / "delivery", register=[[*row[:3], "9.000", *row[4:]] for row in register_rows()])
    text = (folder / "nya.csv").read_text(encoding="utf-8")
    (folder / "nya.csv").write_text(text.replace("-01;", ".1;"), encoding="utf-8")
    draft, tables = drafted(folder)
    assert tables["sources"]["register"]["columns"]["amount"] == "Utbetalt belopp"
    assert tables["sources"]["intake"]["columns"]["month"] == "Ansökningsmånad"
    assert "amount: the heading alone" in draft.toml and "month: the heading alone" in draft.toml
    with pytest.raises(SurveyDataError, match="unreadable"):
        filled_in(tmp_path, draft, folder, max_quarantined_share=0.05)


def test_files_put_one_after_the_other_have_headings(tmp_path):
    folder = write_delivery(tmp_path / "delivery")
    text = (folder / "nya.csv").read_text(encoding="utf-8")
    (folder / "nya.csv").write_text(text + text, encoding="utf-8")
    assert len(drafted(folder)[1]["items"]) == 7


def test_the_draft_is_the_same_whatever_order_the_rows_have(tmp_path):
    once = drafted(write_delivery(tmp_path / "one"))[0].toml
    again = drafted(write_delivery(tmp_path / "two", register=register_rows()[::-1]))[0].toml
    assert once == again


def test_a_folder_without_register_and_intake_is_refused_and_nothing_is_replaced(tmp_path):
    folder, out = write_delivery(tmp_path / "delivery"), tmp_path / "ours.toml"
    draft, _ = drafted(folder)
    write_draft(out, draft.toml.encode())
    with pytest.raises(SettingsError, match=r"ours.toml: is there already \(allowed: a new file\)"):
        write_draft(out, draft.toml.encode())
    assert out.read_text(encoding="utf-8") == draft.toml
    with pytest.raises(
        SettingsError, match=r"7 answers are still open \(allowed 0\), written \"\?\": municipality code"
    ):
        read_instrument(out)
    (folder / "nya.csv").write_text('Löpnr;Månad\n"p1;2020-01\n', encoding="utf-8")
    with pytest.raises(SurveyDataError, match=r"nya.csv: 0 rows.* of 1 kinds of file, none is a labelled"):
        drafted(folder)
    (folder / "nya.csv").unlink()
    with pytest.raises(SurveyDataError, match="^The delivery's folder: of 1 kinds of file, none is a labelled cohort"):
        drafted(folder)


@pytest.mark.parametrize(
    ("words", "order"),
    [
        (["omfattande", "ingen", "viss"], ["ingen", "viss", "omfattande"]),
        (["mer än 24 mån", "7-24 mån", "ingen", "1-6 mån"], ["ingen", "1-6 mån", "7-24 mån", "mer än 24 mån"]),
        (["5", "1", "3"], ["1", "3", "5"]),
        (
            ["gymnasieexamen", "gått ut grundskolan", "har inte gått ut nian"],
            ["har inte gått ut nian", "gått ut grundskolan", "gymnasieexamen"],
        ),
        (
            ["talar och skriver bra", "klarar vardagen", "behöver tolk", "klarar enkla samtal"],
            ["behöver tolk", "klarar enkla samtal", "klarar vardagen", "talar och skriver bra"],
        ),
        (["gift", "ogift"], None),
        (["ingen", "inget"], None),
    ],
)
def test_an_order_is_guessed_where_every_answer_has_a_step_of_its_own(words, order):
    assert in_order(words) == order


@pytest.mark.parametrize("name", ["book.xlsx", "a {brace}.xlsx"])
def test_a_file_that_can_not_be_read_is_told_with_the_reason_and_what_to_do(tmp_path, name):
    with pytest.raises(SettingsError) as of_book:
        sections_in(tmp_path / name)
    assert str(of_book.value) == f"{name}: can't be read (No such file or directory). Give the path of a workbook."
    with pytest.raises(SurveyDataError) as of_delivery:
        open_file(name, tmp_path / name)
    told = f"{name}: can't be read (No such file or directory). See who may open it, or deliver it again."
    assert str(of_delivery.value) == told


def test_a_draft_that_can_not_be_written_is_told_with_the_reason_and_what_to_do(tmp_path, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(draft, "write_bytes", full)
    with pytest.raises(SettingsError) as refused:
        write_draft(tmp_path / "a {brace}.toml", b"")
    told = "a {brace}.toml: can't be written (No space left on device). Name a file that can be."
    assert str(refused.value) == told
