"""A made delivery as a town tells it that keeps its answers in SPSS: codes, and variables named anew each year."""

from pathlib import Path

import pandas as pd
import pyreadstat
from own_words import example_csv, example_survey

from riskmodel.instrument.records import Instrument
from riskmodel.instrument.spelling import code_by_spelling, spelling

NAMES = {2023: "q{}", 2024: "Q{}_2024", 2025: "fr{}"}  # of the variables, by year
NO_ANSWER, UNKNOWN = 9.0, 99.0
CHILDREN = "Hur många barn bor hos dig?"


def write_in_spss(made: Path, folder: Path, asked: Instrument) -> None:
    """The delivery in `made`, that `asked` describes: payments by day, intake and three surveys in SPSS."""
    folder.mkdir()
    register = example_csv(made / "EB_register.csv")
    n = pd.Series(range(len(register)))
    months = register["År"] + "-" + register["Månad"].str.zfill(2)
    told = {
        "Pseudonym": register["LopNr"],
        "Hushåll": register["HushållsID"].mask(n % 40 == 0, ""),
        "Utbetalningsdatum": months + "-" + (n % 28 + 1).astype(str).str.zfill(2),
        "Belopp kronor": register["Belopp (kr)"].str.replace(r"\s", "", regex=True),
        "Distrikt": register["Stadsområde"],
        "Orsak till avslut": register["Avslutsorsak"],
    }
    pd.DataFrame(told).to_csv(folder / "utbetalningar.tsv", sep="\t", index=False)
    intake = example_csv(made / "nybesok.csv")
    when = {"datum": pd.to_datetime(intake["Nybesöksmånad"] + "-15").dt.date, "distrikt": intake["Stadsområde"]}
    wordings = {"datum": "Inskrivningsdatum"}
    _write(folder / "Inskrivning.sav", intake, asked, name="i{}", beside=when, wordings=wordings)
    for year, name in NAMES.items():
        rows = example_survey(made / f"Kartläggning {year}.xlsx").drop_duplicates("LopNr", ignore_index=True)
        _write(folder / f"Enkat_{year}.sav", rows, asked, name=name, beside={}, wordings={})


def _write(path: Path, rows: pd.DataFrame, asked: Instrument, *, name: str, beside: dict, wordings: dict) -> None:
    columns, labels, missing = {"pid": rows["LopNr"], **beside}, {}, {}
    wordings = {"pid": "Pseudonym", **wordings}
    for place, item in enumerate(one for one in asked.items if one.columns and one.use != "never"):
        if (heading := item.columns["intake"]) not in rows:
            continue
        own = name.format(place)
        codes = {level.code: float(code) for code, level in enumerate(item.levels, start=1)}
        known = code_by_spelling(item)
        written = rows[heading].map(spelling)
        numbers = pd.to_numeric(written, errors="coerce") if item.is_number else written.map(known).map(codes)
        silent = UNKNOWN if item.is_number else NO_ANSWER
        columns[own], wordings[own], missing[own] = numbers.fillna(silent), item.text.sv, [{"lo": silent, "hi": silent}]
        labels[own] = {codes[level.code]: level.text.sv for level in item.levels} | {silent: "Vill inte svara"}
    own = name.format(99)
    columns[own], wordings[own] = rows["LopNr"].map(lambda one: ord(one[-1]) % 4.0), CHILDREN
    options = {"column_labels": wordings, "variable_value_labels": labels, "missing_ranges": missing}
    pyreadstat.write_sav(pd.DataFrame(columns), path, **options)
