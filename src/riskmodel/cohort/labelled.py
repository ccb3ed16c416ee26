"""Cases that somebody else has found and labelled: answers and an outcome, no register."""

import numpy as np
import pandas as pd

from riskmodel.cohort.design import clusters_by_person, finished_cases
from riskmodel.cohort.population import AT_RISK, answers_by_case, known_items
from riskmodel.cohort.record import DECEMBER
from riskmodel.ground.errors import SurveyDataError
from riskmodel.ground.settings import OUTCOMES, CohortSettings, Settings
from riskmodel.instrument.records import Instrument

NOT_FOLLOWED = (
    *("receipt_months", "decided_month", "censored_month", "left_within_100_days", "receipts_so_far"),
    *OUTCOMES,
)


def labelled_cases(
    labelled: pd.DataFrame, instrument: Instrument, settings: Settings
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """One case per row of `labelled` (case_id, person_id, household_id, intake_year, area, outcome, items): cases
    (CASE_COLUMNS, sorted by case_id) and answers (the same rows, index case_id).

    A cohort has no months: its cases count as begun in its December, so that with outcome_known_after_months = 0
    the cohort of year Y is known on 1 January Y + 1, and with 12 a year later.
    """
    rows = labelled.sort_values("case_id", ignore_index=True)
    _check(rows)
    items = known_items(instrument, landmark=settings.cohort.landmark)
    unknown = np.full(len(rows), np.nan)
    answers = answers_by_case(items, rows, np.arange(len(rows)), case_id=rows["case_id"], registered={})
    intake_month = rows["intake_year"] * 12 + DECEMBER
    person = rows["person_id"].mask(rows["person_id"] == "", rows["case_id"])
    household = rows["household_id"].mask(rows["household_id"] == "", "person " + person)
    clusters = clusters_by_person(pd.DataFrame({"person_id": person, "household_id": household}))
    cases = pd.DataFrame(
        {
            "case_id": rows["case_id"],
            "person_id": person,
            "cluster_id": person.map(clusters),
            "intake_month": intake_month,
            "intake_year": rows["intake_year"],
            "area": rows["area"],
            "linked": True,
            "joined": False,
            "complete": True,
            "outcome": rows["outcome"].astype("Int8"),
            "exit": "",
            "known_month": intake_month + settings.cohort.outcome_known_after_months,
            "earlier_months": unknown,
            "standing": AT_RISK,
            "crosses_reform": False,
            **{name: pd.Series(pd.NA, index=rows.index, dtype="Int16") for name in NOT_FOLLOWED},
        }
    )
    return finished_cases(cases, answers, items, settings.cohort, rule=labelled_rule(settings.cohort)), answers


def labelled_rule(settings: CohortSettings) -> str:
    """The censoring rule: without months there are no weights to estimate, so the unknown are dropped instead."""
    return "drop" if settings.censoring == "ipcw" else settings.censoring


def _check(rows: pd.DataFrame) -> None:
    if not rows["outcome"].notna().any():
        raise SurveyDataError(
            f"labelled cohort: 0 of {len(rows)} cases have a known outcome (0 or 1 is needed). Check the outcome's "
            "column and sources.cohort: outcome_codes in the instrument."
        )
    doubled_n = int(rows["case_id"].duplicated().sum())
    if doubled_n:
        raise SurveyDataError(f"labelled cohort: {doubled_n} case ids occur again; each must occur once. Correct them.")
