"""Months with assistance: each household's outcome, drawn from its true risk, then a path that fits it."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from riskmodel.simulate.people import APPLICANT, JOINER, Adults, Households

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]

YEAR = 12  # months; receipt in more than 10 of the first 12 is the event
LEAVING_EARLY = 0.88  # of those who don't stay long: share gone within 100 days, at risk 0 …
LEAVING_EARLY_POWER = 2  # … and in proportion to (1 - risk) to this power
EARLY_MONTHS = np.array([0.15, 0.30, 0.55])  # receipt in the first 1, 2, 3 months
LATE_MONTHS = np.array([0.02, 0.04, 0.07, 0.13, 0.20, 0.26, 0.28])  # in the first 4 … 10
RETURNS_SHARE = 0.12  # of those gone early: back for some months within the year
PAUSES_SHARE = 0.55  # of those gone late: a pause within the year instead, and on after it
GAP_SHARE = 0.25  # of those who stay long: one month without
MISSED_RATE = 0.06  # of those who don't stay long, a month before the last of their first run: without
LEAVING_RATE = 0.037  # a month, after the first eleven
PAUSE_RATE = 0.015  # a month, after the first year: a month without
DEATH_RATE, MOVE_RATE = 0.0004, 0.0015  # a month on assistance
LONGEST = 16 * YEAR  # months followed
EARLIER_FIRST, EARLIER_LAST = -36, -13  # months before the case in which earlier assistance counts


@dataclass(frozen=True)
class Spells:
    """What happened to each household and adult; months count from the household's first.

    event: shape (households,). receipt: shape (households, months). earlier_start, earlier_n: first month
    (negative) and number of months of an earlier spell, shape (households,). joined: the month an adult came
    into the household, 0 for those who were there. last: the last month an adult can be seen, exit: why
    ("", "death", "moved"); shape (adults,).
    """

    event: Bools
    receipt: Bools
    earlier_start: Ints
    earlier_n: Ints
    joined: Ints
    last: Ints
    exit: NDArray[np.str_]


def draw_spells(
    households: Households, adults: Adults, household_risk: Floats, earlier_n: Ints, *, rng: np.random.Generator
) -> Spells:
    """Outcome, path, earlier spell and exits. household_risk, earlier_n: shape (households,)."""
    event = rng.random(len(household_risk)) < household_risk
    receipt = np.where(event[:, None], _staying(len(event), rng), _leaving(household_risk, rng))
    earlier_start = rng.integers(EARLIER_FIRST, EARLIER_LAST + 2 - earlier_n)
    joined = np.where(adults.role == JOINER, rng.integers(2, 10, len(adults.role)), 0)
    last, exit_reason = _exits(adults, receipt, joined, rng)
    return Spells(event, receipt, earlier_start, earlier_n, joined, last, exit_reason)


def receipt_of_adults(adults: Adults, spells: Spells) -> Bools:
    """Whether each adult has assistance, by month from the household's first; shape (adults, months).

    A joiner counts only where the applicant is still there, with assistance in that month and the one before.
    """
    month = np.arange(spells.receipt.shape[1])
    receipt = spells.receipt[adults.household]
    row, joined = np.arange(len(receipt)), spells.joined
    host_last = spells.last[applicants(adults)][adults.household]
    comes = (joined == 0) | (receipt[row, joined] & receipt[row, joined - 1] & (host_last >= joined))
    return receipt & comes[:, None] & (month >= joined[:, None]) & (month <= spells.last[:, None])


def _staying(n: int, rng: np.random.Generator) -> Bools:
    """Paths with receipt in more than 10 of the first 12 months; shape (n, months)."""
    month = np.arange(LONGEST)
    length = YEAR - 2 + rng.geometric(LEAVING_RATE, n)
    gap = np.where((rng.random(n) < GAP_SHARE) & (length >= YEAR), rng.integers(1, YEAR, n), -1)
    pause = (rng.random((n, LONGEST)) < PAUSE_RATE) & (month >= YEAR)
    return (month < length[:, None]) & (month != gap[:, None]) & ~pause


def _leaving(household_risk: Floats, rng: np.random.Generator) -> Bools:
    """Paths with receipt in at most 10 of the first 12 months; shape (households, months)."""
    n, month = len(household_risk), np.arange(LONGEST)
    early = rng.random(n) < LEAVING_EARLY * (1 - household_risk) ** LEAVING_EARLY_POWER
    first = np.where(early, rng.choice([1, 2, 3], n, p=EARLY_MONTHS), rng.choice(range(4, 11), n, p=LATE_MONTHS))
    back = np.where(early, rng.integers(6, 10, n), rng.integers(8, 11, n))
    pauses = ~early & (rng.random(n) < PAUSES_SHARE)
    first = np.where(pauses, np.minimum(first, back - 2), first)
    stays = np.where(pauses, rng.geometric(LEAVING_RATE, n), rng.integers(1, 7, n))
    returns = pauses | (early & (rng.random(n) < RETURNS_SHARE))
    again = returns[:, None] & (month >= back[:, None]) & (month < (back + stays)[:, None])
    missed = (month > 0) & (month < first[:, None] - 1) & (rng.random((n, LONGEST)) < MISSED_RATE)
    return (month < first[:, None]) & ~missed | again


def _exits(adults: Adults, receipt: Bools, joined: Ints, rng: np.random.Generator) -> tuple[Ints, NDArray[np.str_]]:
    """Last month seen and reason; a household moves together, each adult dies alone, both only while on assistance."""
    n = len(adults.role)
    move = rng.geometric(MOVE_RATE, len(receipt))[adults.household] - 1
    death = rng.geometric(DEATH_RATE, n) - 1
    last = np.minimum(np.minimum(move, death), LONGEST - 1)
    seen = receipt[adults.household, last] & (last >= joined) & (last < LONGEST - 1)
    reason = np.where(death <= move, "death", "moved")
    return np.where(seen, last, LONGEST - 1), np.where(seen, reason, "")


def applicants(adults: Adults) -> Ints:
    """Position of each household's applicant among the adults; shape (households,)."""
    return np.flatnonzero(adults.role == APPLICANT)


@dataclass(frozen=True)
class Window:
    """First and last month that the register covers."""

    first_month: int
    last_month: int


def receipts_by_adult_month(
    households: Households, adults: Adults, spells: Spells, receipt: Bools, *, window: Window
) -> pd.DataFrame:
    """One row per adult and month on assistance inside `window`: adult, household, month, spell_end, exit.

    receipt: months of the case, from the household's first, shape (adults, months). spell_end marks the last
    month of a spell that was over before the register ends.
    """
    adult, offset = np.nonzero(receipt)
    final = receipt.shape[1] - 1 - receipt[:, ::-1].argmax(axis=1)
    main = pd.DataFrame({"adult": adult, "offset": offset})
    main["spell_end"] = main["offset"].to_numpy() == final[adult]
    main["exit"] = np.where(main["spell_end"], spells.exit[adult], "")
    months = pd.concat([_earlier_months(adults, spells), main], ignore_index=True)
    months["household"] = adults.household[months["adult"]]
    months["month"] = households.start[months["household"]] + months["offset"]
    months["spell_end"] &= months["month"] < window.last_month
    inside = months["month"].between(window.first_month, window.last_month)
    return months.loc[inside, ["adult", "household", "month", "spell_end", "exit"]].reset_index(drop=True)


def _earlier_months(adults: Adults, spells: Spells) -> pd.DataFrame:
    """Months of the earlier spells of those who were in the household from the start."""
    n = np.where(spells.joined == 0, spells.earlier_n[adults.household], 0)
    adult = np.repeat(np.arange(len(n)), n)
    place = np.arange(len(adult)) - np.repeat(np.cumsum(n) - n, n)
    offset = spells.earlier_start[adults.household][adult] + place
    return pd.DataFrame({"adult": adult, "offset": offset, "spell_end": place == n[adult] - 1, "exit": ""})
