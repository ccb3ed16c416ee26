"""How a year differs from the one before it, beyond chance: a share, a mean; and a year whose people are of an age."""

import math
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from riskmodel.ground.statistics import shares_error
from riskmodel.ground.text import Text
from riskmodel.ground.words import read_words
from riskmodel.instrument.records import Item

NOTES = read_words(Path(__file__).parent / "texts" / "notes.toml")
ROWS, ROWS_A_MONTH = "rows", "rows a month"  # what is counted of a whole source
AMOUNTS, IN_REGISTER = "amounts", "persons in the register"  # amounts: kronor that were paid, on average
NEW, GONE, JUMPED, UNKNOWN, AGAIN = "new", "gone", "level jumped", "unknown answers", "again"
ONE_YEAR = "one birth year"
TOLD = {NEW: "new", GONE: "gone", JUMPED: "jumped", UNKNOWN: "unknown", AGAIN: "again"}  # what happened, in the texts
TOLD |= {ONE_YEAR: "one_birth_year"}
COUNTED = {AMOUNTS: "amounts", ROWS: "rows", ROWS_A_MONTH: "rows_a_month", IN_REGISTER: "in_register"}
COUNTED |= {name: name for name in ("households", "exits", "recoveries")}
AREA = "area "
OF_YEAR = "answers of "
EXPECTED_LEAST = 9.0  # people expected where nobody is, or was: by chance once in 8,000
FEWEST_ROWS = 20  # of each of two years that are held against each other: fewer would tell of those few
BEYOND_CHANCE = 4.0  # standard errors; a delivery asks some hundred times
LEAST_JUMP = 0.10  # of a share
LEAST_SHIFT = 0.5  # of a number's mean, in its standard deviations
MOST_OF_A_YEAR, FEWEST_ALIKE = 0.2, 12  # of a year's people, who are born in one; in made towns of 90 a year .15


class YearNote(NamedTuple):
    """Something that changed in `year` on the years before it.

    before, now: shares, means or rows a month. n: rows of the year that were looked at. words: what was written.
    """

    year: int
    source: str
    about: str
    what: str
    before: float
    now: float
    n: int
    words: str = ""
    is_area: bool = False

    @property
    def note(self) -> Text:
        """What it is called in each language, so that somebody can accept it."""
        about: str | Text = self.about
        if self.is_area:
            about = NOTES["area"].filled(name=self.about.removeprefix(AREA))
        elif self.what == AGAIN:
            about = NOTES["answers_of"].filled(year=self.about.removeprefix(OF_YEAR))
        elif self.about in COUNTED:
            about = NOTES[COUNTED[self.about]]
        told = {"source": self.source, "about": about, "what": NOTES[TOLD[self.what]], "year": self.year}
        return NOTES["year_note"].filled(**told)


def compared(
    source: str, about: str, chosen: pd.Series, year: pd.Series, *, rows_a_person: float = 1.0
) -> Iterator[YearNote]:
    """How the share of the chosen changed; chosen, year: of each row."""
    place, years = pd.factorize(year.to_numpy(dtype=np.int64), sort=True)
    chosen_n, all_n = np.bincount(place, chosen.to_numpy(dtype=float), len(years)), np.bincount(place)
    return by_years(source, about, years, chosen_n / rows_a_person, all_n / rows_a_person)


def by_years(source: str, about: str, years: np.ndarray, chosen_n: np.ndarray, all_n: np.ndarray) -> Iterator[YearNote]:
    """A note for each year in which somebody is expected and nobody is, the other way round, or the share jumped.

    years, in order, and how many were chosen of how many in each; shape (k,).
    """
    until, chosen_until = np.cumsum(all_n), np.cumsum(chosen_n)
    for before, now in pairwise(range(len(years))):
        k, n, earlier_k, earlier_n = chosen_n[now], all_n[now], chosen_n[before], all_n[before]
        share, earlier, of_both = k / n, earlier_k / earlier_n, (k + earlier_k) / (n + earlier_n)
        what = ""
        if k == 0 and earlier * n >= EXPECTED_LEAST:
            what = GONE
        elif n < FEWEST_ROWS or until[before] < FEWEST_ROWS:
            continue
        elif k and not chosen_until[before] and share * until[before] >= EXPECTED_LEAST:
            what = NEW
        elif (
            k
            and earlier_k
            and earlier_n >= FEWEST_ROWS
            and abs(share - earlier) > max(LEAST_JUMP, BEYOND_CHANCE * shares_error(of_both, n, of_both, earlier_n))
        ):
            what = JUMPED
        if what:
            yield YearNote(int(years[now]), source, about, what, float(earlier), float(share), round(float(n)))


def shifts(source: str, item: Item, numbers: pd.Series, year: pd.Series) -> Iterator[YearNote]:
    """Years in which a number's mean moved by much of its standard deviation: another unit, another question."""
    by_year = numbers.groupby(year.to_numpy()).agg(["mean", "std", "size"]).fillna({"std": 0.0})
    rows = [*by_year.itertuples(name=None)]
    for (_, earlier, earlier_sd, earlier_n), (now, mean, sd, n) in zip(rows, rows[1:], strict=False):
        if min(n, earlier_n) < FEWEST_ROWS:
            continue
        spread = math.hypot(earlier_sd, sd) / math.sqrt(2)
        error = math.hypot(earlier_sd / math.sqrt(earlier_n), sd / math.sqrt(n))
        if spread and abs(mean - earlier) > max(LEAST_SHIFT * spread, BEYOND_CHANCE * error):
            yield YearNote(int(now), source, item.id, JUMPED, earlier, mean, int(n))


def one_birth_year(source: str, item: Item, ages: pd.Series, year: pd.Series) -> Iterator[YearNote]:
    """Years in which many are of one age: a form that is filled in beforehand, or a date that stands for none."""
    for of in sorted({*year.astype(int)}):
        own = ages[year == of]
        most_n, n = int(own.value_counts().max()), len(own)
        if n >= FEWEST_ROWS and most_n >= max(FEWEST_ALIKE, MOST_OF_A_YEAR * n):
            yield YearNote(of, source, item.id, ONE_YEAR, math.nan, most_n / n, n)
