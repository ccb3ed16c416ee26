"""Which intake answers belong to which case, and what is known of each case at the landmark."""

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from riskmodel.ground.settings import CohortSettings
from riskmodel.instrument.records import RECEIPTS_SO_FAR, Instrument, Item

UNLINKED = -1


def sorted_answers(answers: pd.DataFrame) -> pd.DataFrame:
    """The answers in an order of their own, so that the order of the delivery decides nothing."""
    first = ["person_id", "answered_month"]
    return answers.sort_values([*first, *sorted(set(answers.columns) - set(first))], ignore_index=True)


def linked_rows(cases: pd.DataFrame, answers: pd.DataFrame, settings: CohortSettings) -> np.ndarray:
    """The row of `answers` that belongs to each case, UNLINKED where there is none; shape (n,).

    An answer goes to the nearest case of its person whose link window holds it, the later case when two are as
    near; a case keeps the nearest of its answers, the earlier when two are as near. So each answer is used once.
    Answers without a month hold for every case of the person that has none of its own.
    """
    numbered = answers[["person_id", "answered_month"]].assign(row=np.arange(len(answers)))
    persons = cases[["person_id", "intake_month"]].assign(case=np.arange(len(cases)))
    pairs = persons.merge(numbered, on="person_id")
    after = pairs["answered_month"] - pairs["intake_month"]
    inside = after.between(settings.link_first_month, settings.link_last_month).fillna(False)
    nearest = pairs.assign(distance=after.abs(), after=after)[inside].sort_values(["distance", "after", "row"])
    own = nearest.drop_duplicates("row").drop_duplicates("case")
    always = pairs[pairs["answered_month"].isna()].drop_duplicates("case")
    found = np.full(len(cases), UNLINKED)
    for rows in (always, own):
        found[rows["case"]] = rows["row"]
    return found


def known_items(instrument: Instrument, *, landmark: int) -> tuple[Item, ...]:
    """Predictors and audit items that are known at `landmark`; whatever comes later has no column at all."""
    audits = (item for item in instrument.audits if item.known_from <= landmark)
    return (*instrument.predictors(landmark), *audits)


def answers_by_case(
    items: Iterable[Item],
    answers: pd.DataFrame,
    rows: np.ndarray,
    *,
    case_id: pd.Series,
    registered: Mapping[str, np.ndarray],
) -> pd.DataFrame:
    """One row per case, index case_id, one column per item: codes as text, numbers as float64.

    rows: the row of `answers` for each case, or UNLINKED: then nothing was asked. registered: what the register says,
    by derivation. Earlier months are taken from it where the answers do not hold them, receipts so far always.
    """
    columns = {}
    for item in items:
        if item.id in answers.columns and item.derive != RECEIPTS_SO_FAR:
            columns[item.id] = _taken(answers[item.id], rows, item)
        elif item.derive is not None and item.derive in registered:
            columns[item.id] = registered[item.derive]
        else:
            columns[item.id] = np.full(len(rows), item.not_asked)
    return pd.DataFrame(columns, index=pd.Index(case_id, name="case_id"))


def _taken(answers: pd.Series, rows: np.ndarray, item: Item) -> np.ndarray:
    values = answers.to_numpy(dtype=item.dtype)
    return np.where(rows == UNLINKED, item.not_asked, values[rows] if len(values) else item.not_asked)
