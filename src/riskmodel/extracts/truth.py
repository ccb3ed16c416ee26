"""The true risks that lie beside a made municipality's extracts; a real delivery has none."""

from pathlib import Path

import pandas as pd

from riskmodel.extracts.files import TRUTH, DeliveredFile, read_table
from riskmodel.extracts.numbers import UNREADABLE, UNREADABLE_NUMBER, decimal_numbers, whole_numbers
from riskmodel.extracts.text_table import check_headings
from riskmodel.ground.errors import SurveyDataError
from riskmodel.instrument.records import Reader

COLUMNS = ("person_id", "intake_month", "true_prob", "best_prob")


def read_truth(folder: Path) -> pd.DataFrame | None:
    """One row per new case: person_id, intake_month (int32), true_prob, best_prob; None when there is no such file."""
    if not (folder / TRUTH).is_file():
        return None
    table = read_table(DeliveredFile(TRUTH, folder / TRUTH), Reader(delimiter=","))
    check_headings(table, dict.fromkeys(COLUMNS, "true risks"), where=TRUTH)
    month = whole_numbers(table.column("intake_month"))
    probs = {name: decimal_numbers(table.column(name)) for name in COLUMNS[2:]}
    unreadable = (month == UNREADABLE) | sum(prob == UNREADABLE_NUMBER for prob in probs.values())
    if unreadable.any():
        raise SurveyDataError(f"{TRUTH}: {unreadable.sum()} rows are no numbers (allowed 0). Simulate again.")
    person_id = table.column("person_id").translated(str)
    return pd.DataFrame({"person_id": person_id, "intake_month": month.astype("int32"), **probs})
