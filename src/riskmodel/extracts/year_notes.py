"""What changed from one year to the next, item by item, area by area, source by source: new, gone, level jumped."""

import math
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, pairwise
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa

from riskmodel.extracts.answers import is_answered
from riskmodel.extracts.copied_years import copied_years
from riskmodel.extracts.quarantine import NO_YEAR
from riskmodel.extracts.year_changes import (
    AGAIN,
    AMOUNTS,
    AREA,
    BEYOND_CHANCE,
    FEWEST_ROWS,
    GONE,
    IN_REGISTER,
    JUMPED,
    NEW,
    OF_YEAR,
    ROWS,
    ROWS_A_MONTH,
    UNKNOWN,
    YearNote,
    by_years,
    compared,
    one_birth_year,
    shifts,
)
from riskmodel.ground.statistics import shares_error
from riskmodel.ground.words import MONTHS_A_YEAR
from riskmodel.instrument.records import Instrument, Item

LEAST_RATIO = 1.5  # of a source's rows a month
OTHER_UNIT = 2.5  # how many times as much as in the year before, and kronor may be thousands or öre
ORE_A_KRONA = 100
FEWEST_MONTHS = 3  # of a year at either end of a source
ROWS_A_PERSON = 6.0  # of the register in a year: rows of one person are no evidence of their own
FILLED = (("households", "household_id"), ("exits", "exit"))  # of the register: what a year may lack altogether
NOTE_COLUMNS = ["note", "note_sv", "year", "source", "about", "what", "before", "now", "n"]


class Answers(NamedTuple):
    """The rows of one source that hold answers: the year and month (Int32, missing where not known) of each."""

    source: str
    rows: pd.DataFrame
    year: pd.Series
    month: pd.Series | None = None


def year_notes(
    answers: Iterable[Answers], receipts: pa.Table | None, unknown: pd.DataFrame, instrument: Instrument
) -> pd.DataFrame:
    """One row per note, the youngest year first: `NOTE_COLUMNS` and words. unknown: see `unknown_answers`."""
    sources = list(answers)
    found = list(_unknown(unknown))
    for each in sources:
        found += [note for item in _items(each, instrument) for note in _of_item(each, item)]
        found += _of_area(each.source, each.rows["area"], each.year) if "area" in each.rows else []
        found += _again(each, [item.id for item in instrument.items if item.derive == "age"])
    if receipts is not None and receipts.num_rows:
        found += _of_register(receipts)
        known = pd.Index(receipts["person_id"].unique().cast(pa.string()).to_pandas())
        for each in sources:
            is_known = pd.Series(known.get_indexer(each.rows["person_id"]) >= 0)  # `isin` makes an object of each text
            found += compared(each.source, IN_REGISTER, is_known, each.year)
    found += _of_sources(sources, receipts)
    in_order = sorted(found, key=lambda one: (-one.year, one))
    rows = [(one.note.en, one.note.sv, *one[: len(NOTE_COLUMNS) - 1]) for one in in_order]
    notes = pd.DataFrame(rows, columns=[*NOTE_COLUMNS, "words"]).astype({"note": str, "note_sv": str, "source": str})
    notes = notes.astype({"about": str, "what": str, "words": str})
    return notes.astype({"year": "int64", "n": "int64", "before": float, "now": float})


def _unknown(unknown: pd.DataFrame) -> Iterator[YearNote]:
    """Years in which an item has answers that are not known: the first, and where they are others, or more."""
    for (source, item), of_item in unknown.groupby(["source", "item"]) if len(unknown) else ():
        earlier = None
        for year in sorted({*of_item["year"].astype(int)} - {NO_YEAR}):
            rows = of_item[of_item["year"] == year]
            n, answered_n = int(rows["n"].sum()), int(rows["answered_n"].sum())
            words = ", ".join(filter(None, rows["words"]))
            before = earlier.now if earlier else 0.0
            now = YearNote(year, str(source), str(item), UNKNOWN, before, n / answered_n, answered_n, words)
            if earlier is None or words not in ("", earlier.words) or _is_more(now, earlier.n):
                yield now
            earlier = now


def _is_more(note: YearNote, earlier_n: int) -> bool:
    """Whether the share rose beyond chance."""
    of_both = (note.now * note.n + note.before * earlier_n) / (note.n + earlier_n)
    return note.now - note.before > BEYOND_CHANCE * shares_error(of_both, note.n, of_both, earlier_n)


def _again(answers: Answers, ages: list[str]) -> Iterator[YearNote]:
    """Years of a survey that are another's, delivered again; ages: items that change with the year of the file."""
    if answers.source == "survey":
        for one in copied_years(answers.rows.drop(columns=ages, errors="ignore"), answers.year):
            yield YearNote(one.year, answers.source, f"{OF_YEAR}{one.of}", AGAIN, math.nan, one.share, one.n)


def _items(answers: Answers, instrument: Instrument) -> list[Item]:
    return [item for item in instrument.items if item.id in answers.rows]


def _of_item(answers: Answers, item: Item) -> Iterator[YearNote]:
    """Whether it is answered at all, and then what is answered."""
    column = answers.rows[item.id]
    answered = is_answered(column)
    whole = list(compared(answers.source, item.id, answered, answers.year))
    yield from whole
    silent = {note.year for note in whole if note.what in (NEW, GONE)}
    own, years = column[answered], answers.year[answered]
    if item.is_number:
        yield from shifts(answers.source, item, own.astype(float), years)
        yield from one_birth_year(answers.source, item, own, years) if item.derive == "age" else ()
        return
    for code in item.codes:
        notes = compared(answers.source, f"{item.id} = {code}", own == code, years)
        yield from (note for note in notes if note.year not in silent)


def _of_area(source: str, area: pd.Series, year: pd.Series, *, rows_a_person: float = 1.0) -> list[YearNote]:
    names = sorted(set(area) - {""})
    found = [compared(source, AREA + name, area == name, year, rows_a_person=rows_a_person) for name in names]
    return [note._replace(is_area=True) for notes in found for note in notes]


def _of_register(receipts: pa.Table) -> list[YearNote]:
    encoded = receipts["area"].combine_chunks()
    encoded = encoded if pa.types.is_dictionary(encoded.type) else encoded.dictionary_encode()
    of_year, years = pd.factorize(receipts["month"].to_numpy() // MONTHS_A_YEAR, sort=True)
    names = encoded.dictionary.to_pylist()
    cells = of_year * len(names) + encoded.indices.to_numpy(zero_copy_only=False)
    counts = np.bincount(cells, minlength=len(years) * len(names)).reshape(len(years), -1)
    totals = counts.sum(axis=1) / ROWS_A_PERSON
    own_columns = [(role, column) for role, column in FILLED if column in receipts.column_names]
    filled = [(role, np.bincount(of_year, _is_filled(receipts[column]))) for role, column in own_columns]
    if "amount_ore" in receipts.column_names:
        filled.append(("recoveries", np.bincount(of_year, receipts["amount_ore"].to_numpy() < 0)))
    notes = [by_years("register", role, years, own_n / ROWS_A_PERSON, totals) for role, own_n in filled]
    areas = [
        note._replace(is_area=True)
        for place, name in enumerate(names)
        if name and counts[:, place].any()
        for note in by_years("register", f"{AREA}{name}", years, counts[:, place] / ROWS_A_PERSON, totals)
    ]
    paid = _amounts(receipts, of_year, years) if "amount_ore" in receipts.column_names else ()
    return [*chain.from_iterable(notes), *areas, *paid]


def _amounts(receipts: pa.Table, of_year: np.ndarray, years: np.ndarray) -> Iterator[YearNote]:
    """Years in which what was paid is many times what it was before, or a small part of it, or nothing."""
    rows_n, paid = np.bincount(of_year), np.maximum(receipts["amount_ore"].to_numpy(), 0)
    paid_n, kronor = np.bincount(of_year, paid > 0), np.bincount(of_year, paid / ORE_A_KRONA)
    for before, now in pairwise(range(len(years))):
        if min(paid_n[before], rows_n[now]) >= FEWEST_ROWS and not paid_n[now]:
            earlier = float(f"{kronor[before] / paid_n[before]:.2g}")
            yield YearNote(int(years[now]), "register", AMOUNTS, GONE, earlier, 0.0, int(rows_n[now]))
        elif min(paid_n[before], paid_n[now]) >= FEWEST_ROWS:
            # two digits: what twenty people were paid together is told of nobody
            earlier, mean = (float(f"{kronor[at] / paid_n[at]:.2g}") for at in (before, now))
            if abs(math.log(mean / earlier)) > math.log(OTHER_UNIT):
                yield YearNote(int(years[now]), "register", AMOUNTS, JUMPED, earlier, mean, int(paid_n[now]))


def _is_filled(column: pa.ChunkedArray) -> np.ndarray:
    """Whether each row says anything, bool, shape (n,)."""
    whole = column.combine_chunks()
    if not pa.types.is_dictionary(whole.type):
        whole = whole.dictionary_encode()
    says = np.array([text != "" for text in whole.dictionary.to_pylist()], dtype=bool)
    return says[whole.indices.to_numpy(zero_copy_only=False)]


def _of_sources(answers: Iterable[Answers], receipts: pa.Table | None) -> Iterator[YearNote]:
    """Sources that began, ended or changed in size: rows a month that they cover, or rows where they have no months."""
    months = {each.source: each.year * MONTHS_A_YEAR if each.month is None else each.month for each in answers}
    if receipts is not None:
        months["register"] = pd.Series(receipts["month"].to_numpy())
    if not months:
        return
    last = max(int(month.max()) // MONTHS_A_YEAR for month in months.values() if len(month))
    for source, month in months.items():
        rows_n = month.dropna().astype(int).value_counts()
        covered = rows_n.groupby(rows_n.index // MONTHS_A_YEAR).agg(["sum", "size"])
        yield from _sizes(source, covered)
        earlier_n = covered["sum"]
        for before, after in pairwise(covered.index):
            for year in range(int(before) + 1, int(after)):
                yield YearNote(year, source, ROWS, GONE, float(earlier_n[before]), 0.0, 0)
        ends = int(covered.index.max()) if len(covered) else last
        if ends < last - (source == "survey"):
            yield YearNote(last, source, ROWS, GONE, float(covered["sum"].iloc[-1]), 0.0, 0)


def _sizes(source: str, covered: pd.DataFrame) -> Iterator[YearNote]:
    whole = covered[covered["size"] >= min(FEWEST_MONTHS, covered["size"].max())]
    rows = [*whole.itertuples(name=None)]
    for (_, earlier_n, earlier_months), (now, n, months) in zip(rows, rows[1:], strict=False):
        a_month, earlier = n / months, earlier_n / earlier_months
        noise = BEYOND_CHANCE * math.sqrt(1 / n + 1 / earlier_n) * math.sqrt(ROWS_A_PERSON)
        if abs(math.log(a_month / earlier)) > max(math.log(LEAST_RATIO), noise):
            yield YearNote(int(now), source, ROWS_A_MONTH, JUMPED, earlier, a_month, int(n))


def answers_of(frames: Mapping[str, pd.DataFrame | None]) -> list[Answers]:
    """The rows that hold answers among a delivery's frames, each with its year; those without a month are left out."""
    found = []
    intake, survey, cases = (frames.get(name) for name in ("answers_by_intake", "answers_by_survey", "labelled_cases"))
    if intake is not None and intake["answered_month"].notna().all() and len(intake):
        found.append(Answers("intake", intake, intake["answered_month"] // MONTHS_A_YEAR, intake["answered_month"]))
    if survey is not None and len(survey):
        found.append(Answers("survey", survey, survey["survey_year"]))
    if cases is not None and len(cases):
        found.append(Answers("cohort", cases, cases["intake_year"]))
    return found
