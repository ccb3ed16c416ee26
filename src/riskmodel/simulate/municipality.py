"""Everything that happened in a made municipality, drawn from one seed. Nothing here knows of files."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from riskmodel.instrument.records import Instrument
from riskmodel.simulate.forms import spoil
from riskmodel.simulate.people import JOINER, Adults, Households, draw_adults, draw_households
from riskmodel.simulate.register import Window, receipts_by_adult_month
from riskmodel.simulate.spells import EARLIER_FIRST, Spells, applicants, draw_spells, receipt_of_adults
from riskmodel.simulate.town import COUPLE_SHARE, Town, answers_of, build_town
from riskmodel.simulate.truth import best_risk, household_risk

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]

REGISTER_YEARS_BEFORE = 4      # the register begins this many years before the intake answers …
INFLOW_YEARS_BEFORE = 4        # … and the inflow this many before the register, which so begins with a stock;
#                                it goes on after the register, for the earlier spells of those who come back then
ANSWERED = np.array([-2, -1, 0, 1, 3])                       # month of the answers, from the intake month;
ANSWERED_SHARE = np.array([0.03, 0.12, 0.75, 0.095, 0.005])  # 3 is too late to belong to the case


@dataclass(frozen=True)
class Municipality:
    """People, what they answered, what happened, and the truth.

    start: month of each adult's own case. answered: month of the answers. has_intake: whether the intake file holds
    the adult. given: which answers were filled in. misspelt, wrong_year: filled in, but unusable. true_prob,
    best_prob: of receipt in more than 10 of 12 months, NaN for those who joined later. Shapes (adults,) or
    (adults, questions). receipts: one row per adult and month on assistance.
    """

    town: Town
    households: Households
    adults: Adults
    spells: Spells
    window: Window
    start: Ints
    answered: Ints
    has_intake: Bools
    given: Bools
    misspelt: Bools
    wrong_year: Bools
    true_prob: Floats
    best_prob: Floats
    receipts: pd.DataFrame


def draw_municipality(
    instrument: Instrument,
    *,
    cases_per_year: int,
    first_year: int,
    last_year: int,
    seed: int,
    mispredicted_group: str | None,
    mispredicted_logodds: float,
) -> Municipality:
    """The made municipality of this seed; intake answers from first_year to February after last_year."""
    people, paths, paper = (np.random.default_rng([seed, step]) for step in range(3))
    town = build_town(instrument, mispredicted_group=mispredicted_group, mispredicted_logodds=mispredicted_logodds)
    window = Window((first_year - REGISTER_YEARS_BEFORE) * 12, (last_year + 1) * 12 + 1)
    first_month = window.first_month - INFLOW_YEARS_BEFORE * 12
    last_month = window.last_month - EARLIER_FIRST
    n = round(cases_per_year * (last_month - first_month + 1) / 12 / (1 + COUPLE_SHARE))
    households = draw_households(n, first_month=first_month, last_month=last_month, rng=people)
    adults = draw_adults(households, town, rng=people)
    risk = household_risk(adults, town)
    spells = draw_spells(households, adults, risk, _earlier_n(adults, town), rng=paths)

    start = households.start[adults.household] + spells.joined
    answered = np.minimum(start + paper.choice(ANSWERED, len(start), p=ANSWERED_SHARE), window.last_month)
    misspelt, wrong_year = spoil(adults, town, rng=paper)
    scored = np.array([question.scored for question in town.questions])
    joined = adults.role == JOINER
    best = best_risk(adults, town, observed=scored & ~adults.blank & ~misspelt & ~wrong_year)
    receipt = receipt_of_adults(adults, spells)
    return Municipality(
        town=town,
        households=households,
        adults=adults,
        spells=spells,
        window=window,
        start=start,
        answered=answered,
        has_intake=(start >= first_year * 12) & (start <= window.last_month) & receipt.any(axis=1),
        given=~adults.blank & _still_there(adults, town, spells, receipt),
        misspelt=misspelt,
        wrong_year=wrong_year,
        true_prob=np.where(joined, np.nan, risk[adults.household]),
        best_prob=np.where(joined, np.nan, best),
        receipts=receipts_by_adult_month(households, adults, spells, receipt, window=window),
    )


def _earlier_n(adults: Adults, town: Town) -> Ints:
    """Months of earlier assistance of each household: what its earlier-months item says, or none."""
    first = applicants(adults)
    for i, question in enumerate(town.questions):
        if question.item.derive == "earlier_months":
            return np.array(answers_of(question.item))[adults.answer[first, i]]
    return np.zeros(len(first), dtype=np.int64)


def _still_there(adults: Adults, town: Town, spells: Spells, receipt: Bools) -> Bools:
    """Whether each adult was still on assistance when a later question was asked; shape (adults, questions)."""
    row = np.arange(len(receipt))
    asked = [question.item.known_from for question in town.questions]
    return np.column_stack([(month == 0) | receipt[row, spells.joined + month] for month in asked])
