"""What came back on the intake forms: when they were filled in, what was left out and what can't be used."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from riskmodel.simulate.people import Adults
from riskmodel.simulate.town import Town

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

ANSWERED = (-2, -1, 0, 1, 3)  # month of the answers, from the adult's first on assistance;
ANSWERED_SHARE = (0.03, 0.12, 0.75, 0.095, 0.005)  # 3 is too late to belong to the case
MISSPELT_SHARE = 0.002  # of the answers to the first ordinal item: an abbreviation nobody knows
WRONG_YEAR_SHARE = 0.002  # of birth years: one that can't be


@dataclass(frozen=True)
class Paper:
    """The intake forms of all adults. answered: month, shape (adults,).

    given: a cell is filled in; misspelt, wrong_year: filled in, but unusable; shape (adults, questions).
    """

    answered: Ints
    given: Bools
    misspelt: Bools
    wrong_year: Bools

    @property
    def usable(self) -> Bools:
        """Which answers reach a scorer."""
        return self.given & ~self.misspelt & ~self.wrong_year


def draw_paper(
    adults: Adults, town: Town, receipt: Bools, *, start: Ints, joined: Ints, last_month: int, rng: np.random.Generator
) -> Paper:
    """The forms of `adults`, whose own cases begin in month `start`, `joined` months after their household's.

    receipt: months on assistance, from the household's first, shape (adults, months); a later question is only
    put to those who are still there. Nothing is answered after last_month.
    """
    answered = np.minimum(start + rng.choice(ANSWERED, len(start), p=ANSWERED_SHARE), last_month)
    given = ~adults.blank & _still_there(town, receipt, joined)
    misspelt, wrong_year = np.zeros_like(given), np.zeros_like(given)
    ordinal = [i for i, question in enumerate(town.questions) if question.scored and question.item.kind == "ordinal"]
    age = [i for i, question in enumerate(town.questions) if question.item.derive == "age"]
    misspelt[:, ordinal[:1]] = rng.random((len(given), len(ordinal[:1]))) < MISSPELT_SHARE
    wrong_year[:, age] = rng.random((len(given), len(age))) < WRONG_YEAR_SHARE
    return Paper(answered, given, misspelt & given, wrong_year & given)


def _still_there(town: Town, receipt: Bools, joined: Ints) -> Bools:
    """Whether each adult was on assistance when each question was asked; shape (adults, questions)."""
    row = np.arange(len(receipt))
    asked = [question.item.known_from for question in town.questions]
    return np.column_stack([(month == 0) | receipt[row, joined + month - 1] for month in asked])
