"""The survey's answers, and whose they are: of each case the first listing after its intake, dated back to it."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from riskmodel.cohort.calendar import DECEMBER
from riskmodel.cohort.link import UNLINKED, answers_by_case
from riskmodel.instrument.records import Item

LATEST_SURVEY = 1  # years after that of the intake; later surveys list people whose case may be another one


def sorted_survey(survey: pd.DataFrame) -> pd.DataFrame:
    """The survey's answers in an order of their own, so that the order of the delivery decides nothing."""
    first = ["person_id", "survey_year"]
    return survey.sort_values([*first, *sorted(set(survey.columns) - set(first))], ignore_index=True)


def first_listed(cases: pd.DataFrame, survey: pd.DataFrame) -> np.ndarray:
    """The row of `survey` (sorted) that first lists each case, UNLINKED where none does; shape (n,).

    The surveys of the intake's calendar year and of the next are looked at.
    """
    persons = cases[["person_id", "intake_year"]].assign(case=np.arange(len(cases)))
    listed = survey[["person_id", "survey_year"]].assign(row=np.arange(len(survey)))
    pairs = persons.merge(listed, on="person_id")
    inside = pairs[(pairs["survey_year"] - pairs["intake_year"]).between(0, LATEST_SURVEY)]
    first = inside.sort_values(["survey_year", "row"]).drop_duplicates("case")
    found = np.full(len(cases), UNLINKED)
    found[first["case"]] = first["row"]
    return found


def survey_answers(cases: pd.DataFrame, survey: pd.DataFrame, rows: np.ndarray, items: Iterable[Item]) -> pd.DataFrame:
    """One row per case, index case_id, one column per item, as the survey has them; ages as they were at intake.

    rows: as `first_listed` gives them. Earlier months are the register's (`cases`) where the survey does not ask.
    """
    known = tuple(items)
    registered = {"earlier_months": cases["earlier_months"].to_numpy()}
    found = answers_by_case(known, survey, rows, case_id=cases["case_id"], registered=registered)
    years = survey["survey_year"].to_numpy()[rows] - cases["intake_year"].to_numpy()
    later = np.where(rows == UNLINKED, 0, years)
    return found.assign(**{item.id: found[item.id] - later for item in known if item.derive == "age"})


def listed_month(survey: pd.DataFrame, rows: np.ndarray) -> np.ndarray:
    """The month by which each case's survey answers are known: that year's December; 0 where there are none."""
    return np.where(rows == UNLINKED, 0, survey["survey_year"].to_numpy()[rows] * 12 + DECEMBER)
