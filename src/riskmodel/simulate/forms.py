"""Answers as people and caseworkers write them: the intake file's cells, and the survey's, later and worse."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from riskmodel.instrument.records import Instrument, Item
from riskmodel.simulate.paper import Paper
from riskmodel.simulate.people import Adults
from riskmodel.simulate.rule import answers_of
from riskmodel.simulate.town import Question, Town

Ints = NDArray[np.int64]

TRAILING_BLANK_SHARE = 0.01  # of cells
WRONG_YEAR = "1899"


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
