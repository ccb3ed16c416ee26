"""Years of a survey that hold another year's people and answers: the same file under two names."""

import math
from collections.abc import Iterator
from itertools import combinations
from typing import NamedTuple

import pandas as pd

STAYING = 0.65  # of a year's people who are asked again the next, in a right town
COPIED, BEYOND_CHANCE = 0.8, 3.0  # of the smaller year's people, and standard errors beyond those who stay
ALIKE = 0.75  # of a person's answers; a copy may have been corrected
FEWEST_PEOPLE = 20
KEYS = ("person_id", "survey_year", "area")


class CopiedYear(NamedTuple):
    """`share` of the `n` people of the smaller one of two years have answered nearly alike in both."""

    year: int
    of: int
    share: float
    n: int


def copied_years(rows: pd.DataFrame, year: pd.Series) -> Iterator[CopiedYear]:
    """Each year that is nearly a copy of an earlier one, with the one it is most like. rows: one a person and year."""
    asked = rows.columns.difference([*KEYS], sort=False)
    # whole numbers for the different people and answers, −1 for none, are compared sooner than texts
    person, *given = (pd.factorize(rows[name])[0] for name in ("person_id", *asked))
    answers = pd.DataFrame(dict(zip(asked, given, strict=True)), index=person)
    by_year = {int(one): answers[(year == one).to_numpy()] for one in sorted(year.unique())}
    found: dict[int, CopiedYear] = {}
    for earlier, later in combinations(by_year, 2):
        n = min(len(by_year[earlier]), len(by_year[later]))
        if n < FEWEST_PEOPLE:
            continue
        share = _alike_n(by_year[earlier], by_year[later]) / n
        least = max(COPIED, STAYING + BEYOND_CHANCE * math.sqrt(STAYING * (1 - STAYING) / n))
        if share >= max(least, found[later].share if later in found else 0.0):
            found[later] = CopiedYear(later, earlier, share, n)
    yield from found.values()


def _alike_n(earlier: pd.DataFrame, later: pd.DataFrame) -> int:
    """How many people of both have given most of their answers alike."""
    both = earlier.index.intersection(later.index)
    one, other = earlier.loc[both], later.loc[both]
    return int(((one == other).mean(axis=1) >= ALIKE).sum())
