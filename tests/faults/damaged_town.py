"""A made town's delivery that can be damaged: its truth, its files in four formats, and both as plain facts."""

import copy
import random
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyreadstat
from openpyxl import Workbook
from village import INSTRUMENT, receipts_of

from riskmodel.extracts.delivery import Delivery

FORMATS = ("csv", "xlsx", "sav", "parquet")
SOURCES = ("register", "intake", "survey")
HEADS = {
    "register": ["Person", "Hushåll", "År", "Månad", "Belopp", "Område", "Avslut", "Anm"],
    "intake": ["Person", "Månad", "Område", "Utbildning", "Arbete", "Födelseår", "Kön", "Anm"],
    "survey": ["Person", "Utbildning", "Arbete", "Födelseår", "Anm"],
}
AREAS = ("Öster", "Norr", "Söder")
EDUCATION = {"Grundskola": "compulsory", "Gymnasium": "upper_secondary"}
EXITS = {"avliden": "death", "flyttat": "moved"}
SURVEY_YEAR = 2022
FIRST_YEAR = 2019
SURVEY_READER = 'reader = { header_row = 3, sheet = "Svar" }\n'
Cells = list[list[Any]]


@dataclass
class Receipt:
    person: int
    home: int | None
    month: int
    ore: int
    area: str
    exit: str


@dataclass
class Answer:
    person: int
    month: int
    area: str
    education: str
    works: bool
    born: int


@dataclass
class Town:
    """What is true, and the cells that say it; a damage changes cells, and the truth where it says something else.

    content: source to the bytes of a csv that cells alone don't make. made: further files, name to bytes.
    """

    receipts: list[Receipt]
    answers: list[Answer]
    cells: dict[str, Cells]
    formats: dict[str, str]
    readers: dict[str, str] = field(default_factory=dict)
    content: dict[str, bytes] = field(default_factory=dict)
    made: dict[bytes, bytes] = field(default_factory=dict)

    def copied(self) -> "Town":
        return copy.deepcopy(self)


def town(chances: random.Random, *, letter: bool, people_n: int = 40) -> Town:
    """A town; letter: whether ids begin with one."""
    persons = chances.sample(range(10_000, 99_999), people_n)
    homes = {person: chances.choice([None, *range(100, 100 + people_n // 2)]) for person in persons}
    answers, receipts = [], []
    for person in persons:
        first = FIRST_YEAR * 12 + chances.randrange(36)
        area = chances.choice(AREAS)
        answers.append(
            Answer(
                person, first, area, chances.choice([*EDUCATION]), chances.random() < 0.5, chances.randint(1960, 2000)
            )
        )
        months = [first + k for k in range(chances.randint(4, 12)) if chances.random() < 0.9]
        ended = chances.choice(["", "flyttat", "avliden", "arbete"])
        for month in months:
            ore = -50_000 if chances.random() < 0.03 else chances.randrange(150_000, 1_300_000, 50)
            receipts.append(Receipt(person, homes[person], month, ore, area, ended if month == months[-1] else ""))
    made = Town(receipts, answers, {}, dict.fromkeys(SOURCES, "csv"))
    made.cells = {"register": [], "intake": [], "survey": []}
    for row in receipts:
        home = "" if row.home is None else f"H{row.home}" if letter else row.home
        written = [
            _id(row.person, letter),
            home,
            row.month // 12,
            row.month % 12 + 1,
            row.ore / 100,
            row.area,
            row.exit,
        ]
        made.cells["register"].append([*written, "-"])
    for row in answers:
        common = [row.education, "ja" if row.works else "nej", row.born]
        month = f"{row.month // 12}-{row.month % 12 + 1:02d}"
        made.cells["intake"].append([_id(row.person, letter), month, row.area, *common, "K", "-"])
        made.cells["survey"].append([_id(row.person, letter), *common, "-"])
    return made


def _id(person: int, letter: bool) -> Any:
    return f"K{person}" if letter else person


def instrument_text(made: Town) -> str:
    """The village's instrument for the town's formats and readers."""
    text = INSTRUMENT.replace('files = "register*.csv"', f'files = "register.{made.formats["register"]}"')
    text = text.replace('files = "nybesök.csv"', f'files = "intake.{made.formats["intake"]}"')
    text = text.replace('"Kartläggning {year}.xlsx"', f'"survey {{year}}.{made.formats["survey"]}"')
    text = text.replace(SURVEY_READER, "").replace(', "survey.2021" = "Utbildningsnivå"', "")
    text = text.replace(', "survey.2020" = ""', "")
    for source, reader in made.readers.items():
        text = text.replace(f"[sources.{source}]\n", f"[sources.{source}]\nreader = {reader}\n")
    return text


def file_name(made: Town, source: str) -> str:
    return f"{source}{f' {SURVEY_YEAR}' if source == 'survey' else ''}.{made.formats[source]}"


def write_town(made: Town, folder: Path) -> None:
    for source in SOURCES:
        path = folder / file_name(made, source)
        if source in made.content:
            path.write_bytes(made.content[source])
        else:
            WRITERS[made.formats[source]](path, HEADS[source], made.cells[source])
    for name, content in made.made.items():
        with open(str(folder).encode() + b"/" + name, "wb") as stream:
            stream.write(content)


def csv_text(heads: list[str], rows: Cells, *, delimiter: str = ";", end: str = "\n") -> str:
    return "".join(delimiter.join(map(csv_cell, row)) + end for row in [heads, *rows])


def csv_cell(value: Any) -> str:
    return f"{value:.2f}".replace(".", ",") if isinstance(value, float) else str(value)


def _write_csv(path: Path, heads: list[str], rows: Cells) -> None:
    path.write_text(csv_text(heads, rows), encoding="utf-8", newline="")


def _write_xlsx(path: Path, heads: list[str], rows: Cells) -> None:
    book = Workbook()
    for row in [heads, *rows]:
        book.active.append([None if value == "" else value for value in row])
    book.save(path)


def _write_sav(path: Path, heads: list[str], rows: Cells) -> None:
    frame = pd.DataFrame(dict(zip(heads, map(_one_type, zip(*rows, strict=True)), strict=True)))
    pyreadstat.write_sav(frame, path)


def _write_parquet(path: Path, heads: list[str], rows: Cells) -> None:
    columns = [pa.array(_one_type(column)) for column in zip(*rows, strict=True)]
    pq.write_table(pa.table(columns, names=heads), path, compression="none")  # so that its bytes can be changed


def _one_type(column: tuple[Any, ...]) -> list[Any]:
    """A column as such a file can hold it: numbers where all are, else texts."""
    kinds = {type(value) for value in column if value != ""}
    if kinds <= {int, float}:
        return [None if value == "" else float(value) if float in kinds else value for value in column]
    if len(kinds) == 1 and str not in kinds:
        return [None if value == "" else value for value in column]
    return [
        value if isinstance(value, str) else f"{value:.2f}" if isinstance(value, float) else str(value)
        for value in column
    ]


WRITERS = {"csv": _write_csv, "xlsx": _write_xlsx, "sav": _write_sav, "parquet": _write_parquet}


def true_facts(made: Town) -> dict[str, Any]:
    """The facts of the town's truth, told plainly."""
    rows = [
        (row.person, row.home, row.month, row.ore, row.area, EXITS.get(row.exit, row.exit)) for row in made.receipts
    ]
    intake = [
        (row.person, row.month, row.area, EDUCATION[row.education], row.works, row.month // 12 - row.born)
        for row in made.answers
    ]
    survey = [(row.person, EDUCATION[row.education], row.works, SURVEY_YEAR - row.born) for row in made.answers]
    return _facts(rows, intake, survey)


def read_facts(delivery: Delivery) -> dict[str, Any]:
    """The facts of what was read."""
    receipts = receipts_of(delivery).astype({"person_id": str, "household_id": str, "area": str, "exit": str})
    rows = [
        (row.person_id, row.household_id or None, int(row.month), int(row.amount_ore), row.area, row.exit)
        for row in receipts.itertuples()
    ]
    intake = [
        (row.person_id, int(row.answered_month), row.area, row.education, row.work == "yes", int(row.age))
        for row in delivery.answers_by_intake.fillna({"age": -1}).itertuples()
    ]
    survey = [
        (row.person_id, row.education, row.work == "yes", int(row.age))
        for row in delivery.answers_by_survey.fillna({"age": -1}).itertuples()
    ]
    return _facts(rows, intake, survey)


def _facts(rows: list, intake: list, survey: list) -> dict[str, Any]:
    """Totals, and who is with whom, whatever persons and households are called."""
    of_person, of_home, together = defaultdict(list), defaultdict(list), defaultdict(set)
    for person, home, month, ore, *_ in rows:
        of_person[person].append((month, ore))
        if home is not None:
            of_home[home].append((month, ore))
            together[home].add(person)
    return {
        "rows": len(rows),
        "öre": sum(row[3] for row in rows),
        "months": Counter(row[2] for row in rows),
        "persons": sorted(sorted(own) for own in of_person.values()),
        "homes": sorted(sorted(own) for own in of_home.values()),
        "adults": sorted(len(own) for own in together.values()),
        "areas": Counter(row[4] for row in rows),
        "exits": Counter(row[5] for row in rows),
        "intake": sorted((sorted(of_person.get(person, [])), *answers) for person, *answers in intake),
        "survey": sorted((sorted(of_person.get(person, [])), *answers) for person, *answers in survey),
    }
