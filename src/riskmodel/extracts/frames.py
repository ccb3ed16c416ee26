"""Coded rows to the frames of a delivery: keys as later stages know them, sorted, nothing else changed."""

import pandas as pd

KEYS = ("person_id", "household_id", "area", "year", "month_of_year", "outcome")


def intake_answers(rows: pd.DataFrame) -> pd.DataFrame:
    """One row per person and month of answers: person_id, answered_month (int32), area, items.

    Answers without a month hold for every case of their person: answered_month is missing (Int32).
    """
    month = pd.Series(pd.NA, index=rows.index, dtype="Int32")
    if "month_of_year" in rows:
        month = (rows["year"] * 12 + rows["month_of_year"] - 1).astype("int32")
    dated = rows.assign(answered_month=month)
    return _with_keys(dated, ["person_id", "answered_month"], ["person_id", "answered_month", "area"])


def survey_answers(rows: pd.DataFrame) -> pd.DataFrame:
    """One row per person and survey: person_id, survey_year (int32), items."""
    dated = rows.assign(survey_year=rows["year"].astype("int32"))
    return _with_keys(dated, ["survey_year", "person_id"], ["person_id", "survey_year"])


def labelled_cases(rows: pd.DataFrame) -> pd.DataFrame:
    """One row per case: case_id, person_id, household_id, intake_year (int32), area, outcome (Int8), items.

    case_id tells the place in the delivery. A case without person is a person, one without household alone.
    """
    case_id = pd.Series([f"c{place:012x}" for place in range(len(rows))], index=rows.index, dtype=str)
    person_id = rows["person_id"] if "person_id" in rows else case_id
    household_id = rows["household_id"] if "household_id" in rows else pd.Series("", index=rows.index, dtype=str)
    cases = rows.assign(
        case_id=case_id, person_id=person_id, household_id=household_id, intake_year=rows["year"].astype("int32")
    )
    keys = ["case_id", "person_id", "household_id", "intake_year", "area", "outcome"]
    return _with_keys(cases, ["case_id"], keys)


def _with_keys(rows: pd.DataFrame, order: list[str], keys: list[str]) -> pd.DataFrame:
    """`rows` sorted by `order`, `keys` first, then the items."""
    whole = rows if "area" in rows else rows.assign(area=pd.Series("", index=rows.index, dtype=str))
    items = [column for column in whole if column not in {*KEYS, *keys}]
    return whole.sort_values(order, kind="stable", ignore_index=True)[[*keys, *items]]
