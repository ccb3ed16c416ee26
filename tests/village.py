"""A village small enough to be read at a glance: its instrument, its files, and what a test changes in them."""

import dataclasses
from pathlib import Path

import pandas as pd
from openpyxl import Workbook

from riskmodel.extracts.delivery import Delivery
from riskmodel.extracts.read import read_delivery
from riskmodel.extracts.receipts import receipts_table
from riskmodel.ground.settings import Settings, read_settings
from riskmodel.instrument.load import read_instrument
from riskmodel.instrument.records import Instrument

ROOT = Path(__file__).parents[1]

INSTRUMENT = """
format = 1
name = "village"
no_answer = ["", "-", "Vet ej"]
municipality = { code = "9999", name = "Byn" }
life_areas = { work = { sv = "Arbete", en = "Work" } }
three_item_rule = { education = ["compulsory"], work = ["no"] }

[[parts]]
id = "meeting"
month = 0
text = { sv = "Möte", en = "Meeting" }
who = { sv = "Handläggaren", en = "Caseworker" }

[[parts]]
id = "interview"
month = 5
text = { sv = "Samtal", en = "Interview" }
who = { sv = "Handläggaren", en = "Caseworker" }

[sources.register]
files = "register*.csv"
exit_codes = { avliden = "death", flyttat = "moved" }

[sources.register.columns]
person = "Person"
household = "Hushåll"
year = "År"
month = "Månad"
amount = "Belopp"
area = "Område"
exit = "Avslut"

[sources.intake]
files = "nybesök.csv"
columns = { person = "Person", month = "Månad", area = "Område" }

[sources.survey]
files = "Kartläggning {year}.xlsx"
reader = { header_row = 3, sheet = "Svar" }
columns = { person = "Person" }

[[items]]
id = "education"
kind = "ordinal"
use = "predictor"
life_area = "work"
part = "meeting"
direction = "lowers"
known_from = 0
stable = true
changeable = true
text = { sv = "Utbildning", en = "Education" }
columns = { intake = "Utbildning", survey = "Utbildning", "survey.2021" = "Utbildningsnivå" }
reference = "upper_secondary"
levels = [
  { code = "compulsory", text = { sv = "Grundskola", en = "Compulsory school" }, aliases = ["1"] },
  { code = "upper_secondary", text = { sv = "Gymnasium", en = "College" }, aliases = ["2"], merge_into = "compulsory" },
]

[[items]]
id = "work"
kind = "flag"
use = "predictor"
life_area = "work"
part = "meeting"
direction = "lowers"
known_from = 0
stable = true
changeable = true
text = { sv = "Har arbetat", en = "Has worked" }
columns = { intake = "Arbete", survey = "Arbete", "survey.2020" = "" }

[[items]]
id = "age"
kind = "number"
use = "predictor"
life_area = "work"
part = "meeting"
direction = "raises"
known_from = 0
stable = true
changeable = false
grounds = ["age"]
justification = "Support is chosen by age."
text = { sv = "Ålder", en = "Age" }
columns = { intake = "Födelseår", survey = "Födelseår" }
derive = "age"
minimum = 18
maximum = 64

[[items]]
id = "sex"
kind = "level"
use = "audit"
grounds = ["sex"]
text = { sv = "Kön", en = "Sex" }
columns = { intake = "Kön" }
levels = [
  { code = "woman", text = { sv = "Kvinna", en = "Woman" }, aliases = ["K"] },
  { code = "man", text = { sv = "Man", en = "Man" }, aliases = ["M"] },
]
"""

REGISTER = """\
Person;Hushåll;År;Månad;Belopp;Område;Avslut
anna;h1;2020;1;8\u00a0692,50;Nord;
anna;h1;2020;2;9\u00a0000,00;Nord;flyttat
bo;h2;2020;3;7\u00a0000,00;Syd;
"""

INTAKE = """\
Person;Månad;Område;Utbildning;Arbete;Födelseår;Kön
anna;2020-01;Nord;Gymnasium;ja;1990;K
bo;2020-03;Syd;Grundskola;nej;1960;M
"""

SURVEY_2020 = [["Person", "Utbildning", "Födelseår"], ["anna", "Gymnasium", 1990]]
SURVEY_2021 = [["Person", "Utbildningsnivå", "Arbete", "Födelseår"], ["bo", "Grundskola", None, 1960]]


def village_instrument(folder: Path, text: str = INSTRUMENT) -> Instrument:
    path = folder / "village.toml"
    path.write_text(text, encoding="utf-8")
    return read_instrument(path)


def write_book(
    path: Path, rows: list[list], *, sheet: str = "Svar", titles: tuple[str, ...] = ("Kartläggning", "")
) -> None:
    book = Workbook()
    page = book.active
    page.title = sheet
    for title in titles:
        page.append([title])
    for row in rows:
        page.append(row)
    book.save(path)


def write_village(folder: Path, *, register: str = REGISTER, intake: str = INTAKE, survey: bool = True) -> Path:
    """The village's delivery in `folder`/delivery, with a file's text replaced where a test says so."""
    delivery = folder / "delivery"
    delivery.mkdir()
    (delivery / "register.csv").write_text(register, encoding="utf-8")
    (delivery / "nybesök.csv").write_text(intake, encoding="utf-8")
    if survey:
        write_book(delivery / "Kartläggning 2020.xlsx", SURVEY_2020)
        write_book(delivery / "Kartläggning 2021.xlsx", SURVEY_2021)
    return delivery


def village_settings(**changes: float) -> Settings:
    """The project's settings, with limits wide enough for three rows."""
    settings = read_settings(ROOT / "params.toml")
    wide = {"max_quarantined_share": 1.0, "max_unknown_code_share": 1.0} | changes
    return dataclasses.replace(settings, delivery=dataclasses.replace(settings.delivery, **wide))


def read_village(
    folder: Path, *, instrument: str = INSTRUMENT, limits: dict[str, float] | None = None, **files
) -> Delivery:
    survey = files.pop("survey", "[sources.survey]" in instrument)
    delivery = write_village(folder, survey=survey, **files)
    return read_delivery(delivery, village_instrument(folder, instrument), village_settings(**(limits or {})))


def receipts_of(delivery: Delivery) -> pd.DataFrame:
    """The register's rows of `delivery`, as a frame."""
    return receipts_table(delivery.receipts).to_pandas()


def without_survey(instrument: str = INSTRUMENT) -> str:
    """The instrument without its survey, for tests that are about something else."""
    head, _, tail = instrument.partition("[sources.survey]")
    rest = "[[items]]" + tail.partition("[[items]]")[2]
    for column in (
        ', survey = "Utbildning", "survey.2021" = "Utbildningsnivå"',
        ', survey = "Arbete", "survey.2020" = ""',
    ):
        rest = rest.replace(column, "")
    return head + rest.replace(', survey = "Födelseår"', "")


def counts(delivery: Delivery) -> dict[tuple[str, str, str], int]:
    """(file, column, reason) to n."""
    return {(row.file, row.column, row.reason): row.n for row in delivery.quality.itertuples()}
