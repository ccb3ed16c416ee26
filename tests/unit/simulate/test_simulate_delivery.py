"""The files a made municipality hands over."""

import csv
import re
import zipfile
from collections import defaultdict
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import numpy as np
import openpyxl
import pytest

from riskmodel.ground.errors import SettingsError
from riskmodel.instrument.load import read_instrument
from riskmodel.instrument.records import Instrument
from riskmodel.simulate import simulate
from riskmodel.simulate.handover import appearing
from riskmodel.simulate.municipality import draw_municipality, person_ids
from riskmodel.simulate.payments import kronor_cells

pytestmark = pytest.mark.slow

SIZE = {"cases_per_year": 300, "first_year": 2021, "last_year": 2022}


@pytest.fixture(scope="module")
def instrument() -> Instrument:
    return read_instrument(Path("data/instruments/exempelstad.toml"))


@pytest.fixture(scope="module")
def folder(instrument: Instrument, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("raw") / "town"
    simulate(folder, instrument, seed=3, **SIZE)
    return folder


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="cp1252", newline="") as stream:
        return list(csv.DictReader(stream, delimiter=";"))


@pytest.fixture(scope="module")
def register(folder: Path) -> list[dict[str, str]]:
    return rows_of(folder / "EB_register.csv")


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_files_are_those_the_instrument_declares(folder: Path) -> None:
    assert sorted(contents(folder)) == [
        "EB_register.csv",
        "Kartläggning 2021.xlsx",
        "Kartläggning 2022.xlsx",
        "nybesok.csv",
        "truth.csv",
    ]


def test_the_same_seed_gives_the_same_bytes_and_another_does_not(
    folder: Path, instrument: Instrument, tmp_path: Path
) -> None:
    simulate(tmp_path / "again", instrument, seed=3, **SIZE)
    simulate(tmp_path / "other", instrument, seed=4, **SIZE)
    again, other = contents(tmp_path / "again"), contents(tmp_path / "other")
    assert again == contents(folder)
    assert all(other[name] != content for name, content in contents(folder).items())


def test_a_workbook_holds_no_time_of_its_own(folder: Path) -> None:
    path = folder / "Kartläggning 2021.xlsx"
    properties = openpyxl.load_workbook(path).properties
    assert properties.created == properties.modified == datetime(2000, 1, 1)
    assert {member.date_time for member in zipfile.ZipFile(path).infolist()} == {(2000, 1, 1, 0, 0, 0)}


def test_the_register_holds_the_outcomes_that_were_drawn(
    folder: Path, register: list[dict[str, str]], instrument: Instrument
) -> None:
    """More than 10 of 12 months with net money in the household, counted from the raw rows, is the event."""
    made = draw_municipality(instrument, seed=3, **SIZE)
    persons = person_ids(len(made.start), rng=np.random.default_rng([3, 3])).tolist()
    event = dict(zip(persons, made.spells.event[made.adults.household].tolist(), strict=True))
    lines = {tuple(row.items()) for row in register if row["Månad"] != "13"}
    money: dict[tuple[str, int], int] = defaultdict(int)
    registered = defaultdict(set)
    exits = set()
    for row in map(dict, lines):
        month = int(row["År"]) * 12 + int(row["Månad"]) - 1
        money[row["HushållsID"], month] += int(row["Belopp (kr)"].replace("\u00a0", "").removesuffix(",00"))
        registered[row["LopNr"]].add((row["HushållsID"], month))
        if row["Avslutsorsak"] in ("avliden", "flyttat"):
            exits.add(row["LopNr"])
    with (folder / "truth.csv").open(encoding="utf-8") as stream:
        truth = [row for row in csv.DictReader(stream) if int(row["intake_month"]) + 11 <= made.window.last_month]
    assert len(truth) > 200
    for row in truth:
        months = {month for key, month in registered[row["person_id"]] if money[key, month] > 0}
        start = int(row["intake_month"])
        assert start in months and not months & set(range(start - 12, start))
        if row["person_id"] not in exits:
            assert (len(months & set(range(start, start + 12))) > 10) == event[row["person_id"]]


def test_the_register_is_untidy_as_real_ones_are(register: list[dict[str, str]]) -> None:
    keys = [(row["LopNr"], row["År"], row["Månad"]) for row in register]
    assert keys != sorted(keys)
    assert len({tuple(row.values()) for row in register}) < len(register)
    amounts = [row["Belopp (kr)"] for row in register]
    assert any(amount.startswith("-") for amount in amounts) and "0,00" in amounts
    assert any(re.fullmatch(r"\d{1,2}\u00a0\d{3},00", amount) for amount in amounts)
    assert any(row["Avslutsorsak"] == "flyttat" for row in register)
    assert {row["Stadsområde"] for row in register} == {"Kvarnsidan", "Torgsidan", "Åsidan", "Skogssidan"}


def test_a_couple_has_one_household_id_and_one_grant(register: list[dict[str, str]]) -> None:
    adults = defaultdict(dict)
    for row in register:
        if row["Belopp (kr)"][0] != "-":
            adults[row["HushållsID"], row["År"], row["Månad"]][row["LopNr"]] = row["Belopp (kr)"]
    couples = [amounts for amounts in adults.values() if len(amounts) == 2]
    assert len(couples) > 100
    assert all(sorted(amount == "0,00" for amount in amounts.values()) == [False, True] for amounts in couples)


def test_intake_answers_begin_with_the_first_year_and_some_are_missing(folder: Path) -> None:
    answers = rows_of(folder / "nybesok.csv")
    months = [row["Nybesöksmånad"] for row in answers]
    assert months == sorted(months) and months[0] >= "2020-11" and months[-1] == "2023-02"
    assert {"", "-", "Vet ej", "Vill ej svara"} < {row["Svenska"].strip() for row in answers}
    assert {row["Skulder"].strip() for row in answers} >= {"Ja", "Nej"}
    born = [row["Födelseår"].strip() for row in answers]
    assert all(1955 <= int(year) <= 2005 or year == "1899" for year in born if year.isdigit())


def test_the_survey_has_the_headings_of_its_year_on_the_declared_row(folder: Path, instrument: Instrument) -> None:
    for year in (2021, 2022):
        sheet = openpyxl.load_workbook(folder / f"Kartläggning {year}.xlsx").worksheets[0]
        title, empty, heading, *rows = sheet.iter_rows(values_only=True)
        assert title[0].endswith(str(year)) and not any(empty)
        expected = [item.column("survey", year) for item in instrument.items if item.column("survey", year)]
        assert list(heading) == ["LopNr", *expected]
        assert len(rows) > 50
        assert ("Utbildningsnivå" in heading) == (year >= 2022)


def survey_of(folder: Path, year: int) -> dict[str, dict[str, str]]:
    sheet = openpyxl.load_workbook(folder / f"Kartläggning {year}.xlsx").worksheets[0]
    _, _, heading, *rows = sheet.iter_rows(values_only=True)
    return {row[0]: dict(zip(heading, (cell or "" for cell in row), strict=True)) for row in rows}


def test_the_survey_holds_nearly_everybody_over_ten_months_and_hardly_anybody_else(
    folder: Path, instrument: Instrument
) -> None:
    made = draw_municipality(instrument, seed=3, **SIZE)
    persons = person_ids(len(made.start), rng=np.random.default_rng([3, 3]))
    months = made.receipts.loc[made.receipts["month"] // 12 == 2022, "adult"].value_counts()
    over_ten, surveyed = set(persons[months.index[months > 10]]), set(survey_of(folder, 2022))
    assert 0.95 < len(over_ten & surveyed) / len(over_ten) < 1
    assert 0.95 < len(over_ten & surveyed) / len(surveyed) <= 1


def test_survey_answers_are_later_and_worse_unless_the_item_is_stable(folder: Path, instrument: Instrument) -> None:
    intake = {row["LopNr"]: row for row in rows_of(folder / "nybesok.csv")}
    surveyed = survey_of(folder, 2022)
    moved = {}
    for item in (instrument.item("swedish"), instrument.item("work_experience")):  # later levels lower the risk
        order = [level.text.sv for level in item.levels]
        pairs = [
            (intake[person][item.column("intake")].strip(), surveyed[person][item.column("survey", 2022)])
            for person in intake.keys() & surveyed.keys()
        ]
        steps = [order.index(after) - order.index(before) for before, after in pairs if {before, after} <= {*order}]
        assert len(steps) > 50 and set(steps) <= {-1, 0}
        moved[item.id] = np.mean([step != 0 for step in steps])
    assert moved["swedish"] > 0.08
    assert moved["work_experience"] < 0.05


def test_person_ids_are_different_and_never_look_like_a_personal_number() -> None:
    ids = person_ids(5000, rng=np.random.default_rng(1))
    assert len(set(ids)) == 5000
    assert all(re.fullmatch(r"([a-f][0-9a-f]{3}){3}", person) for person in ids)


def test_amounts_are_written_the_swedish_way() -> None:
    written = kronor_cells(np.array([0, -1250, 14705, 980]))
    assert written.tolist() == ["0,00", "-1\u00a0250,00", "14\u00a0705,00", "980,00"]


def test_a_folder_that_is_no_made_municipality_is_left_alone(instrument: Instrument, tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "EB_register.csv").write_text("real")
    with pytest.raises(SettingsError, match="no made municipality"):
        simulate(tmp_path / "real", instrument, seed=1, **SIZE)
    assert (tmp_path / "real" / "EB_register.csv").read_text() == "real"


def test_a_made_municipality_is_replaced_whole(tmp_path: Path) -> None:
    for name in ("first", "second"):
        with appearing(tmp_path / "town") as staging:
            (staging / "truth.csv").write_text(name)
            (staging / name).write_text(name)
    assert sorted(contents(tmp_path / "town")) == ["second", "truth.csv"]


def test_a_broken_run_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="disk full"), appearing(tmp_path / "town") as staging:
        (staging / "half").write_text("half")
        raise OSError("disk full")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("source", "change", "message"),
    [
        ("register", {"layout": "spells"}, "register of person-months"),
        ("register", {"files": "register.parquet"}, "writes .csv or .txt"),
        ("intake", {"columns": {"person": "LopNr"}}, "a month"),
        ("survey", {"files": "survey.xlsx"}, "one survey file a year"),
        ("survey", {"files": "survey {year}.csv"}, "as .xlsx"),
    ],
)
def test_a_delivery_that_cannot_be_made_is_refused(
    instrument: Instrument, tmp_path: Path, source: str, change: dict[str, str], message: str
) -> None:
    sources = {**instrument.sources, source: replace(instrument.sources[source], **change)}
    with pytest.raises(SettingsError, match=message):
        simulate(tmp_path / "town", replace(instrument, sources=sources), seed=1, **SIZE)
    assert list(tmp_path.iterdir()) == []
