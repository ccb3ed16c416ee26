"""Answers as people and caseworkers write them: the intake file's cells, and the survey's, later and worse."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from riskmodel.instrument.records import Instrument, Item
from riskmodel.simulate.people import Adults
from riskmodel.simulate.rule import answers_of
from riskmodel.simulate.town import Question, Town

Bools = NDArray[np.bool_]

ANSWERED = (-2, -1, 0, 1, 3)  # month of the answers, from the adult's first on assistance;
ANSWERED_SHARE = (0.03, 0.12, 0.75, 0.095, 0.005)  # 3 is too late to belong to the case
MISSPELT_SHARE = 0.002  # of the answers to the first ordinal item: an abbreviation nobody knows
WRONG_YEAR_SHARE = 0.002  # of birth years: one that can't be
Ints = NDArray[np.int64]

TRAILING_BLANK_SHARE = 0.01  # of cells
WRONG_YEAR = "1899"


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


@dataclass(frozen=True)
class SurveyForm:
    """How the survey's answers differ from those at intake.

    worse_share, worse_stable_share: of the answers to items with a direction, a step worse; the second to the items
    that the instrument declares stable. blank_factor: blanks in the survey against intake.
    """

    worse_share: float = 0.20
    worse_stable_share: float = 0.01
    blank_factor: float = 1.5


LATER_AND_WORSE = SurveyForm()  # what stable means holds
AS_AT_INTAKE = SurveyForm(worse_share=0.0, worse_stable_share=0.0, blank_factor=1.0)
DRIFTING = SurveyForm(worse_share=0.20, worse_stable_share=0.20, blank_factor=5.0)  # stable in name only


def intake_cells(
    adults: Adults, town: Town, instrument: Instrument, paper: Paper, *, rng: np.random.Generator
) -> pd.DataFrame:
    """One row per adult, one column per heading of the intake file that holds answers."""
    cells = {}
    for i, question in enumerate(town.questions):
        heading = question.item.column("intake")
        if heading is None:
            continue
        text = _cell_texts(question.item, adults.answer[:, i], paper.answered // 12)
        text = np.where(paper.misspelt[:, i], [f"{value[:4]}." for value in text], text)
        text = np.where(paper.wrong_year[:, i], WRONG_YEAR, text)
        text = np.where(paper.given[:, i], text, rng.choice(_silences(question.item, instrument), len(text)))
        cells[heading] = np.where(rng.random(len(text)) < TRAILING_BLANK_SHARE, np.char.add(text, " "), text)
    return pd.DataFrame(cells)


def survey_cells(
    adults: Adults,
    town: Town,
    instrument: Instrument,
    *,
    survey_year: int,
    age_counted: Ints,
    area: Ints,
    form: SurveyForm,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """One row per adult, one column per heading of that year's survey: asked later, and as `form` says.

    age_counted: the year when each adult had the age of the answers. area: shape (adults,).
    """
    cells = {}
    for i, question in enumerate(town.questions):
        heading = question.item.column("survey", survey_year)
        if heading is None:
            continue
        answer = _worsened(question, adults.answer[:, i], form, rng)
        text = _cell_texts(question.item, answer, age_counted)
        blank = rng.random(len(text)) < form.blank_factor * question.blank_share[area]
        cells[heading] = np.where(blank, rng.choice(_silences(question.item, instrument), len(text)), text)
    return pd.DataFrame(cells)


def _silences(item: Item, instrument: Instrument) -> list[str]:
    return list(instrument.no_answer + item.no_answer) or [""]


def _cell_texts(item: Item, answer: Ints, year: Ints) -> NDArray[np.str_]:
    """What stands in the cell: a level's Swedish text, a birth year or a number."""
    if item.kind != "number":
        return np.array([level.text.sv for level in item.levels])[answer]
    number = np.array(answers_of(item))[answer]
    if item.derive == "age":
        return (year - number).astype(str)
    return np.array([f"{value / item.scale:g}" for value in answers_of(item)])[answer]  # read back, times the scale


def _worsened(question: Question, answer: Ints, form: SurveyForm, rng: np.random.Generator) -> Ints:
    """Some answers moved one step towards higher risk; none where the instrument declares no direction."""
    item = question.item
    if item.direction == "none" or item.derive is not None:
        return answer
    usual = [i for i, level in enumerate(item.levels) if not level.route] or list(range(len(answers_of(item))))
    step = 1 if item.direction == "raises" else -1
    moves = rng.random(len(answer)) < (form.worse_stable_share if item.stable else form.worse_share)
    inside = np.isin(answer, usual) & np.isin(answer + step, usual)
    return np.where(moves & inside, answer + step, answer)
