"""What people and caseworkers write: the intake file, and the survey's answers, later and worse; and the truth."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from riskmodel.instrument.records import Instrument, Item, Source
from riskmodel.simulate.municipality import Municipality
from riskmodel.simulate.payments import month_cells
from riskmodel.simulate.people import JOINER
from riskmodel.simulate.town import AREAS, Question, answers_of

Ints = NDArray[np.int64]
Texts = NDArray[np.str_]

TRAILING_BLANK_SHARE = 0.01  # of cells
WRONG_YEAR = "1899"
DOUBLED_SHARE = 0.01  # of intake rows, written twice
MORE_THAN = 10  # months of a calendar year put a person in that year's survey …
FORGOTTEN_SHARE = 0.02  # … where some are missing all the same …
UNCALLED_SHARE = 0.01  # … and some with 6 to 10 months are found


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


def intake_table(made: Municipality, instrument: Instrument, rng: np.random.Generator) -> pd.DataFrame:
    """One row per adult with intake answers, some of them twice, in month order."""
    source, answered = instrument.sources["intake"], made.paper.answered
    cells = {}
    for i, question in enumerate(made.town.questions):
        if (heading := question.item.column("intake")) is not None:
            cells[heading] = _intake_cells(made, i, question.item, _silences(question.item, instrument), rng)
    who = made.ids(np.arange(len(answered)), answered)
    keys = {source.columns["person"]: who, **month_cells(answered, source), **_areas(made, source)}
    adult = np.flatnonzero(made.has_intake)
    adult = np.r_[adult, adult[rng.random(len(adult)) < DOUBLED_SHARE]]
    adult = adult[np.argsort(answered[adult], kind="stable")]
    return pd.DataFrame(keys | cells).iloc[adult]


def _intake_cells(made: Municipality, place: int, item: Item, silences: list[str], rng: np.random.Generator) -> Texts:
    """The cell of each adult for one question."""
    paper = made.paper
    text = _cell_texts(item, made.adults.answer[:, place], paper.answered // 12)
    text = np.where(paper.misspelt[:, place], [f"{value[:4]}." for value in text], text)
    text = np.where(paper.wrong_year[:, place], WRONG_YEAR, text)
    text = np.where(paper.given[:, place], text, rng.choice(silences, len(text)))
    return np.where(rng.random(len(text)) < TRAILING_BLANK_SHARE, np.char.add(text, " "), text)


def survey_table(
    made: Municipality, instrument: Instrument, year: int, form: SurveyForm, rng: np.random.Generator
) -> pd.DataFrame:
    """One row per adult with more than ten months of assistance in `year`, give or take the survey's own mistakes.

    The answers are asked later than at intake, and as `form` says.
    """
    source = instrument.sources["survey"]
    months = made.receipts.loc[made.receipts["month"] // 12 == year, "adult"].value_counts()
    n = months.reindex(range(len(made.persons)), fill_value=0).to_numpy()
    chance = rng.random(len(n))
    surveyed = np.where(n > MORE_THAN, chance >= FORGOTTEN_SHARE, (n >= 6) & (chance < UNCALLED_SHARE))
    who = made.ids(np.arange(len(made.start)), np.full(len(made.start), year * 12 + 11))
    keys = {source.columns["person"]: who, **_areas(made, source)}
    if "month" in source.columns:
        keys[source.columns["month"]] = np.full(len(n), f"{year}-12")
    cells = {}
    for i, question in enumerate(made.town.questions):
        if (heading := question.item.column("survey", year)) is not None:
            answer = _worsened(question, made.adults.answer[:, i], form, rng)
            text = _cell_texts(question.item, answer, made.paper.answered // 12)
            blank = rng.random(len(n)) < form.blank_factor * question.blank_share[made.area]
            cells[heading] = np.where(blank, rng.choice(_silences(question.item, instrument), len(n)), text)
    return pd.DataFrame(keys | cells)[surveyed]


def _areas(made: Municipality, source: Source) -> dict[str, Texts]:
    """Each adult's area under the source's heading, when it has one."""
    return {source.columns["area"]: np.array(AREAS)[made.area]} if "area" in source.columns else {}


def _silences(item: Item, instrument: Instrument) -> list[str]:
    return list(instrument.no_answer + item.no_answer) or [""]


def _cell_texts(item: Item, answer: Ints, year: Ints) -> NDArray[np.str_]:
    """What stands in the cell: a level's Swedish text, a birth year or a number."""
    if not item.is_number:
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


def truth_table(made: Municipality) -> pd.DataFrame:
    """One row per new case with intake answers, in order of month and person; nobody who joined a household."""
    truth = pd.DataFrame(
        {
            "person_id": made.ids(np.arange(len(made.start)), made.start),
            "intake_month": made.start,
            "true_prob": made.true_prob,
            "best_prob": made.best_prob,
        }
    )
    own_case = made.has_intake & (made.adults.role != JOINER)
    return truth[own_case].sort_values(["intake_month", "person_id"], ignore_index=True)
