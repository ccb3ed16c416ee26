"""A made delivery told in a town's own words: other headings, answers, files and forms than any instrument here has."""

from pathlib import Path

import pandas as pd

ANSWERS = {
    "Egen skattning": (
        "Hur långt från arbete? 1-4",
        ("Jag kan börja arbeta nu", "Jag behöver lite hjälp först", "Jag behöver mycket hjälp först"),
        ("1", "2", "3"),
    ),
    "Födelseår": ("Född år", (), ()),
    "Utbildning": ("Skolgång", ("Grundskola", "Gymnasium"), ("Upp till nian", "Gymnasieexamen")),
    "Arbetslivserfarenhet senaste 5 år": (
        "Arbetat senaste fem åren",
        ("Ingen tid alls", "1–6 månader", "7–24 månader", "Mer än 24 månader"),
        ("Inget", "Under ett halvår", "Ett halvt till två år", "Över två år"),
    ),
    "Situation": ("Orsak till ansökan", ("Arbetslös", "Annat"), ("Utan arbete", "Annan orsak")),
    "Svenska": ("Språk vid mötet", (), ()),
    "Fysisk ohälsa": (
        "Hindrar kroppen?",
        ("Nej", "Ja, lite svårt", "Ja, mycket svårt"),
        ("Inte alls", "Delvis", "Mycket"),
    ),
    "Psykisk ohälsa": ("Mår du dåligt?", ("Nej", "Ja, lite svårt", "Ja, mycket svårt"), ("Sällan", "Ibland", "Jämt")),
    "Boende": ("Var bor du?", (), ()),
    "Skulder": ("Kronofogden", ("Ja", "Nej"), ("J", "N")),
    "Bedömd arbetsförmåga": ("Bedömning efter fem månader", (), ()),
    "Kön": ("M/K", ("Man", "Kvinna"), ("M", "K")),
    "Född": ("Bakgrund", (), ()),
    "Hushållstyp": ("Familj", (), ()),
}
LATER = {"Var bor du?": "Nuvarande bostad", "Skolgång": "Skolgång (högsta)"}  # from 2023 on, in the survey
EXITS = {"avliden": "Dödsfall", "flyttat": "Flyttat från kommunen", "arbete": "Fått arbete"}
REGISTER = {"LopNr": "Klient", "HushållsID": "Familjenr", "Belopp (kr)": "Utbetalt", "Avslutsorsak": "Stängd pga"}


def write_in_own_words(made: Path, folder: Path) -> None:
    """The example's made delivery in `made`, as a town tells it that has never seen the example."""
    folder.mkdir()
    register = example_csv(made / "EB_register.csv").rename(columns={**REGISTER, "Stadsområde": "Enhet"})
    register = register.assign(Period=register["År"] + register["Månad"].str.zfill(2))
    register = register.replace({"Stängd pga": EXITS})
    for year, rows in register.groupby("År"):
        own = rows[["Klient", "Familjenr", "Period", "Utbetalt", "Enhet", "Stängd pga"]]
        own.to_csv(folder / f"Utbetalningar_{year}.txt", sep="\t", index=False, encoding="utf-8-sig")
    intake = example_csv(made / "nybesok.csv")
    keys = {"Datum för första besöket": intake["Nybesöksmånad"] + "-15", "Enhet": intake["Stadsområde"]}
    _book(_in_own_words(intake).assign(**keys), folder / "Första besöket.xlsx", "Frågor vid första besöket")
    for path in sorted(made.glob("Kartläggning *.xlsx")):
        year = path.stem[-4:]
        told = _in_own_words(example_survey(path))
        _book(told.rename(columns=LATER if year >= "2023" else {}), folder / f"Enkät {year}.xlsx", f"Enkät {year}")


def example_csv(path: Path) -> pd.DataFrame:
    """A csv of the example's made delivery."""
    return pd.read_csv(path, sep=";", encoding="cp1252", dtype=str, keep_default_na=False)


def example_survey(path: Path) -> pd.DataFrame:
    """A survey of it, under the headings of the intake."""
    rows = pd.read_excel(path, header=2, dtype=str, keep_default_na=False)
    renamed = {"Utbildningsnivå": "Utbildning", "Arbetat senaste 5 åren": "Arbetslivserfarenhet senaste 5 år"}
    return rows.rename(columns=renamed)


def _in_own_words(rows: pd.DataFrame) -> pd.DataFrame:
    told = {"Klient": rows["LopNr"]}
    for heading, (own, words, instead) in ANSWERS.items():
        if heading in rows:
            told[own] = rows[heading].str.strip().replace(dict(zip(words, instead, strict=True)))
    n = pd.Series(range(len(rows)), index=rows.index)
    told |= {"Barn hemma (antal)": (n % 4).astype(str), "Körkort": (n % 3).map({0: "ja", 1: "nej", 2: ""})}
    told |= {"Månader sedan lön": (n * 7 % 90).astype(str), "Anteckning": n.map("Ringt {}".format)}
    return pd.DataFrame(told).drop_duplicates("Klient")


def _book(rows: pd.DataFrame, path: Path, title: str) -> None:
    with pd.ExcelWriter(path) as book:
        rows.to_excel(book, sheet_name="Svar", startrow=1, index=False)
        book.sheets["Svar"]["A1"] = title
