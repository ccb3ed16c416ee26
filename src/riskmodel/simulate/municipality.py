"""Everything that happened in a made municipality, drawn from one seed. Nothing here knows of files."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from riskmodel.instrument.records import Instrument
from riskmodel.simulate.people import (
    JOINER,
    Adults,
    Households,
    Paper,
    draw_adults,
    draw_households,
    draw_paper,
)
from riskmodel.simulate.spells import (
    EARLIER_FIRST,
    EARLIER_LAST,
    Spells,
    Window,
    applicants,
    draw_spells,
    receipt_of_adults,
    receipts_by_adult_month,
)
from riskmodel.simulate.town import COUPLE_SHARE, Town, answers_of, build_town
from riskmodel.simulate.trouble import (
    LATE_MONTHS,
    LATE_STREAM,
    NO_TROUBLE,
    RENAMED_STREAM,
    UNLINKED_STREAM,
    Trouble,
    rules_of,
    troubled,
)

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]

REGISTER_YEARS_BEFORE = 4  # the register begins this many years before the intake answers …
INFLOW_YEARS_BEFORE = 4  # … and the inflow this many before the register, which so begins with a stock
ID_FACTOR, ID_SPAN = 41_017_984_943, 16**9  # odd: every number gets an id of its own
NAMES_STREAM, ASKED_STREAM = 3, 7  # the seed's random streams for ids, and for who is asked at intake


@dataclass(frozen=True)
class Municipality:
    """People, what they answered, what happened, and the truth.

    start: month of each adult's own case. has_intake: whether the intake file holds the adult. true_prob, best_prob: of
    receipt in more than 10 of the first 12 months, NaN for those who joined a household. With persons, the ids, of
    shape (adults,). later_persons: the ids from renamed_from on. receipts: one row per adult and month on assistance.
    """

    town: Town
    households: Households
    adults: Adults
    spells: Spells
    paper: Paper
    window: Window
    persons: NDArray[np.str_]
    later_persons: NDArray[np.str_]
    renamed_from: int
    start: Ints
    has_intake: Bools
    true_prob: Floats
    best_prob: Floats
    receipts: pd.DataFrame

    @property
    def area(self) -> Ints:
        """Each adult's area."""
        return self.households.area[self.adults.household]

    def ids(self, adult: Ints, month: Ints) -> NDArray[np.str_]:
        """The id of each of `adult`, by position, in `month`; the same shape."""
        return np.where(month < self.renamed_from, self.persons[adult], self.later_persons[adult])


def draw_municipality(
    instrument: Instrument,
    *,
    cases_per_year: int,
    first_year: int,
    last_year: int,
    seed: int,
    mispredicted_group: str | None = None,
    mispredicted_logodds: float = 0.0,
    first_intake_month: int | None = None,
    intake_share: float = 1.0,
    trouble: Trouble = NO_TROUBLE,
) -> Municipality:
    """The made municipality of this seed.

    Intake answers run from first_year, or first_intake_month if that is later, to February after last_year, and come
    from a share of the households, `intake_share`, all of whose adults are asked.
    """
    people, paths, forms = (np.random.default_rng([seed, step]) for step in range(3))
    town = build_town(instrument, mispredicted_group=mispredicted_group, mispredicted_logodds=mispredicted_logodds)
    town = troubled(town, trouble, seed=seed)
    window = Window((first_year - REGISTER_YEARS_BEFORE) * 12, (last_year + 1) * 12 + 1)
    households = _draw_inflow(window, cases_per_year=cases_per_year, rng=people)
    adults = draw_adults(households, town, rng=people)
    rules = rules_of(households, adults, town, trouble, last_year=last_year, seed=seed)
    risk = rules.household_risk(adults)
    spells = draw_spells(households, adults, risk, _earlier_n(adults, town), rng=paths)
    receipt = receipt_of_adults(adults, spells)
    start, joined = households.start[adults.household] + spells.joined, spells.joined
    paper = draw_paper(adults, town, receipt, start=start, joined=joined, last_month=window.last_month, rng=forms)
    has_intake = _asked(spells.event, trouble, share=intake_share, seed=seed)[adults.household]
    has_intake &= (start >= max(first_year * 12, first_intake_month or 0)) & (start <= window.last_month)
    persons, later_persons = _ids(len(start), trouble, seed=seed)
    receipts = receipts_by_adult_month(households, adults, spells, receipt, window=window)
    return Municipality(
        town=town,
        households=households,
        adults=adults,
        spells=spells,
        paper=paper,
        window=window,
        persons=persons,
        later_persons=later_persons,
        renamed_from=last_year * 12 + 6,
        start=start,
        has_intake=has_intake & receipt.any(axis=1),
        true_prob=_of_applicants(adults, risk[adults.household]),
        best_prob=_of_applicants(adults, rules.best_risk(adults, observed=paper.usable)),
        receipts=_delivered(receipts, window, trouble, seed=seed),
    )


def _asked(event: Bools, trouble: Trouble, *, share: float, seed: int) -> Bools:
    """Which households are asked at intake: `share` of them, less those whose `event` the trouble keeps out."""
    is_lost = event & _hit(trouble.unlinked, len(event), seed=[seed, UNLINKED_STREAM])
    return _hit(share, len(event), seed=[seed, ASKED_STREAM]) & ~is_lost


def _ids(n: int, trouble: Trouble, *, seed: int) -> tuple[NDArray[np.str_], NDArray[np.str_]]:
    """The ids of `n` adults, and those of later: others for whom the trouble renames."""
    first, others = np.split(person_ids(2 * n, rng=np.random.default_rng([seed, NAMES_STREAM])), 2)
    return first, np.where(_hit(trouble.renamed, n, seed=[seed, RENAMED_STREAM]), others, first)


def _of_applicants(adults: Adults, prob: Floats) -> Floats:
    """`prob` (adults,), NaN for those who joined a household."""
    return np.where(adults.role == JOINER, np.nan, prob)


def _hit(share: float, n: int, *, seed: list[int]) -> Bools:
    """Whom a draw of its own meets, `share` of `n`."""
    return np.random.default_rng(seed).random(n) < share


def _delivered(receipts: pd.DataFrame, window: Window, trouble: Trouble, *, seed: int) -> pd.DataFrame:
    """`receipts` without those of the last months that come too late for the delivery."""
    is_young = (receipts["month"] > window.last_month - LATE_MONTHS).to_numpy()
    return receipts[~(is_young & _hit(trouble.late, len(receipts), seed=[seed, LATE_STREAM]))]


def _draw_inflow(window: Window, *, cases_per_year: int, rng: np.random.Generator) -> Households:
    """Households before, in and after the register; of the last it holds the earlier spells."""
    first_month = window.first_month - 12 * INFLOW_YEARS_BEFORE
    last_month = window.last_month - EARLIER_FIRST
    n = round(cases_per_year / (1 + COUPLE_SHARE) * (last_month - first_month + 1) / 12)
    return draw_households(n, first_month=first_month, last_month=last_month, rng=rng)


def _earlier_n(adults: Adults, town: Town) -> Ints:
    """Months of earlier assistance of each household: what its earlier-months item says, or none."""
    first = applicants(adults)
    for i, question in enumerate(town.questions):
        if question.item.derive == "earlier_months":
            months = np.array(answers_of(question.item))[adults.answer[first, i]]
            return np.minimum(months, EARLIER_LAST - EARLIER_FIRST + 1)
    return np.zeros(len(first), dtype=np.int64)


def person_ids(n: int, *, rng: np.random.Generator) -> NDArray[np.str_]:
    """`n` different ids of 12 hexadecimal digits; every fourth is a letter, so none looks like a personal number."""
    number = (np.arange(n) * ID_FACTOR + int(rng.integers(ID_SPAN))) % ID_SPAN
    letters = rng.choice(list("abcdef"), (n, 3))
    digits = [f"{value:09x}" for value in number.tolist()]
    return np.array(["".join((a, d[:3], b, d[3:6], c, d[6:])) for d, (a, b, c) in zip(digits, letters, strict=True)])
