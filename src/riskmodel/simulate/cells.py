"""Identifiers, months and amounts as a municipality's systems write them."""

import numpy as np
from numpy.typing import NDArray

from riskmodel.instrument.records import Source

Ints = NDArray[np.int64]
Texts = NDArray[np.str_]

ID_FACTOR, ID_SPAN = 41_017_984_943, 16**9  # odd: every number gets an id of its own
HOUSEHOLD_FACTOR, HOUSEHOLD_SPAN = 61_803_399, 10**8  # shares no divisor with 10


def person_ids(n: int, *, rng: np.random.Generator) -> Texts:
    """`n` different ids of 12 hexadecimal digits; every fourth is a letter, so none looks like a personal number."""
    number = (np.arange(n) * ID_FACTOR + int(rng.integers(ID_SPAN))) % ID_SPAN
    letters = rng.choice(list("abcdef"), (n, 3))
    digits = [f"{value:09x}" for value in number.tolist()]
    return np.array(["".join((a, d[:3], b, d[3:6], c, d[6:])) for d, (a, b, c) in zip(digits, letters, strict=True)])


def household_ids(n: int, *, rng: np.random.Generator) -> Texts:
    """`n` different ids: H and eight digits."""
    number = (np.arange(n) * HOUSEHOLD_FACTOR + int(rng.integers(HOUSEHOLD_SPAN))) % HOUSEHOLD_SPAN
    return np.array([f"H{value:08d}" for value in number.tolist()])


def month_cells(month: Ints, source: Source) -> dict[str, Texts]:
    """The month under the source's heading, or year and month of the year under two."""
    year, of_year = month // 12, month % 12 + 1
    if "year" in source.columns:
        return {source.columns["year"]: year.astype(str), source.columns["month"]: of_year.astype(str)}
    texts = {value: f"{value // 12}-{value % 12 + 1:02d}" for value in np.unique(month).tolist()}
    return {source.columns["month"]: np.array([texts[value] for value in month.tolist()])}


def kronor_cells(kronor: Ints) -> Texts:
    """Swedish amounts: hard space between thousands, decimal comma."""
    distinct, place = np.unique(kronor, return_inverse=True)
    return np.array([f"{value:,}".replace(",", "\u00a0") + ",00" for value in distinct.tolist()])[place]
