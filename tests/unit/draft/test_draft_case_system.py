"""What a case system writes: payments in two files that differ, boxes that are ticked, sheets beside the answers."""

import pytest
from openpyxl import Workbook
from sixty_people import (
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
)
from village import receipts_of

pytestmark = pytest.mark.slow
OTHER = {"Löpnr": "Klient-id", "HushållsID": "Hushållsnr", "Utbetalningsmånad": "Avser månad", "Område": "Distrikt"}


def payments_in_two(folder, *, names=("EB 2019-2020.csv", "EB 2021-2022.csv"), sign=";", **called):
    """The delivery with its register in two files, of which the second calls its columns otherwise."""
    delivery = write_delivery(folder)
    (delivery / "EB.csv").unlink()
    rows = register_rows()
    halves = [[row for row in rows if (row[2] < "2021") is early] for early in (True, False)]
    other = {**OTHER, "Utbetalt belopp": "Summa (SEK)"} | called
    write_csv(delivery / names[0], REGISTER, halves[0])
    days = [[*row, f"{row[2]}-25"] for row in halves[1]]
    write_csv(delivery / names[1], [*(other.get(name, name) for name in REGISTER), "Utbetald"], days, sign=sign)
    return delivery


def test_two_files_that_call_all_columns_otherwise_are_one_register(tmp_path):
    folder = payments_in_two(tmp_path / "delivery")
    draft, tables = drafted(folder)
    others = tables["sources"]["register"]["other_headings"]
    assert others == {
        "Klient-id": "person",
        "Hushållsnr": "household",
        "Avser månad": "month",
        "Summa (SEK)": "amount",
        "Distrikt": "area",
    }
    assert len(receipts_of(filled_in(tmp_path, draft, folder))) == 6 * PEOPLE


def test_a_file_that_is_like_a_source_and_saved_otherwise_is_told_as_its_other_half(tmp_path):
    folder = payments_in_two(tmp_path / "delivery", names=("EB 2019-2020.csv", "Utbet 2021-2022.txt"), sign="\t")
    told = [line for line in drafted(folder)[0].told if line.startswith("Utbet 2021-2022.txt")]
    assert told == [
        "Utbet 2021-2022.txt: not used, but it holds the same roles as EB 2019-2020.csv (the register): person, "
        "household, month, amount, area, exit. If it is more of the same: save it with the same delimiter, encoding "
        "and kind of file, under a name that differs by a number alone, and run init again."
    ]


def test_all_sheets_that_are_read_are_told(tmp_path):
    folder, book, rows = write_delivery(tmp_path / "delivery"), Workbook(), intake_rows()
    (folder / "nya.csv").unlink()
    pages = [book.active, book.create_sheet("Senare"), book.create_sheet("Koder")]
    for page, half in zip(pages, (rows[: PEOPLE // 2], rows[PEOPLE // 2 :]), strict=False):
        for row in ([*rows[0]], *([*row.values()] for row in half)):
            page.append(row)
    for row in (["Fråga", "Kod", "Betyder"], ["Boende", "1", "Eget"], ["Boende", "2", "Annat"]):
        pages[2].append(row)
    book.save(folder / "nya.xlsx")
    assert [line for line in drafted(folder)[0].told if "a table stands on" in line] == [
        "nya.xlsx: read from the sheet 'Sheet', 'Senare'; a table stands on 'Koder', too. If that is another source: "
        "save each sheet as a file of its own."
    ]


BOXES = ("Inkomst: lön", "Inkomst: a-kassa", "Inkomst: underhåll")


def test_boxes_of_one_question_are_told_and_ask_for_no_line_each(tmp_path):
    answers = {name: lambda n, place=place: str((n + place) % 3 // 2) for place, name in enumerate(BOXES)}
    folder = write_delivery(tmp_path / "delivery", **answers)
    draft, tables = drafted(folder)
    told = [line for line in draft.told if "Inkomst" in line]
    assert told == [
        "'Inkomst': 3 columns (lön, a-kassa, underhåll) are taken as the boxes of one question, each a yes/no question "
        'of its own with direction = "none".'
    ]
    assert told[0].split(",")[0] in draft.toml
    assert [item(tables, name)["direction"] for name in ("inkomst_lon", "inkomst_a_kassa")] == ["none", "none"]
    assert item(tables, "skulder")["direction"] == "?"
    read = filled_in(tmp_path, draft, folder).answers_by_intake
    assert (read["inkomst_lon"] == "yes").tolist() == [n % 3 == 2 for n in range(PEOPLE)]


@pytest.mark.parametrize(
    "names",
    [
        ("14_1 Hinder (språk)", "14_2 Hinder (bostad)", "14_3 Hinder (barnomsorg)"),
        ("Q7_1", "Q7_2", "Q7_3"),
        ("Vad har du? [lön]", "Vad har du? [bil]", "Vad har du? [båt]"),
        ("Tillgångar/bil", "Tillgångar/båt", "Tillgångar/hus"),
        ("Tillgångar - bil", "Tillgångar - båt", "Tillgångar - hus"),
    ],
)
def test_boxes_are_known_by_what_their_headings_share(tmp_path, names):
    folder = write_delivery(tmp_path / "delivery", **{name: lambda n: "nj"[n % 2] for name in names})
    assert sum("as the boxes of one question" in line for line in drafted(folder)[0].told) == 1


@pytest.mark.parametrize(
    "names",
    [
        ("2.1 Har du bil?", "2.2 Har du körkort?", "2.3 Har du skulder hos någon?"),
        ("Bil: har", "Bil: vill ha"),
        ("Har du bil?", "Har du båt?", "Har du hus?"),
    ],
)
def test_questions_of_their_own_are_no_boxes(tmp_path, names):
    folder = write_delivery(tmp_path / "delivery", **{name: lambda n: "nj"[n % 2] for name in names})
    assert not [line for line in drafted(folder)[0].told if "boxes" in line]


@pytest.mark.parametrize("tick", ["1", "X", "lön"])
def test_a_box_whose_other_answer_is_a_blank_is_told_with_what_it_counts_as(tmp_path, tick):
    folder = write_delivery(tmp_path / "delivery", **{"Har lön": lambda n: tick if n % 3 else ""})
    draft, tables = drafted(folder)
    assert [line for line in draft.told if "Har lön" in line] == [
        "'Har lön': one answer alone is written, and nothing by the others, who count as having given no answer. If "
        "the blank means that it was not ticked: have 0 written there."
    ]
    boxes = {f"Inkomst: {name}": lambda n, at=at: tick if (n + at) % 3 else "" for at, name in enumerate("abc")}
    told = drafted(write_delivery(tmp_path / "boxes", **boxes))[0].told
    assert [line.partition(":")[0] for line in told if "one answer alone" in line] == ["'Inkomst'"]
    assert item(tables, "har_lon")["use"] == ("predictor" if tick == "1" else "never")


def test_several_answers_in_one_cell_are_told(tmp_path):
    sets = ("lön;", "lön;bil;", "bil;", "lön;båt;", "båt;", "bil;båt;", "lön;bil;båt;", "hus;", "lön;hus;", "bil;hus;")
    folder = write_delivery(tmp_path / "delivery", Tillgångar=lambda n: f'"{sets[n % 10]}"')
    draft, tables = drafted(folder)
    assert item(tables, "tillgangar")["use"] == "never"
    assert [line for line in draft.told if "Tillgångar" in line] == [
        "'Tillgångar': several answers stand in one cell, parted by ; and can't be read as one. Have a column for each "
        "answer, with 1 and 0."
    ]
    assert person(0) not in draft.toml


def test_remarks_with_commas_are_no_several_answers(tmp_path):
    folder = write_delivery(tmp_path / "delivery", Anteckning=lambda n: f"Ringt {n} ggr, åter v {n % 7}")
    assert not [line for line in drafted(folder)[0].told if "in one cell" in line]


def test_one_answer_of_two_parts_is_no_several_answers(tmp_path):
    kinds = [f'"{who}, {has} barn"' for who in ("Ensam", "Gift", "Sambo") for has in ("med", "utan")]
    folder = write_delivery(tmp_path / "delivery", Hushåll=lambda n: kinds[n % 6])
    draft, tables = drafted(folder)
    assert not [line for line in draft.told if "in one cell" in line]
    assert len(item(tables, "hushall")["levels"]) == 6
