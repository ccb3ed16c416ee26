"""The same rows delivered twice: under another name, beside other columns, or as the survey of another year."""

from collections.abc import Collection, Iterator
from itertools import pairwise

import numpy as np
import pandas as pd
import pyarrow as pa

from riskmodel.extracts.quarantine import Finding
from riskmodel.extracts.receipts import RECEIPT_COLUMNS
from riskmodel.extracts.refusals import REFUSALS
from riskmodel.extracts.stops import Stop, noted
from riskmodel.extracts.text_table import ODD
from riskmodel.ground.words import MONTHS_A_YEAR, percent
from riskmodel.instrument.records import Instrument

FEWEST = 20  # rows of a month or a survey, of which fewer say nothing
MOST_ALIKE = 0.3  # of a month's rows; where all are there twice it is half of them
FEWEST_ANSWERS = 3  # of a row that are not the same by chance, year after year
MOST_AS_BEFORE = 0.9  # of a survey's rows: some people leave assistance in a year, and others come


def alike_rows(receipts: pa.Table, accepted: Collection[str]) -> list[Finding]:
    """How many rows say what another says in all that is read; a month that holds many of them stops the run.

    receipts: of the whole register. Rows that are alike in every column are left out before this.
    """
    fingerprints = np.zeros(receipts.num_rows, dtype=np.uint64)
    for name in RECEIPT_COLUMNS:
        whole = receipts[name].combine_chunks()
        values = whole.indices if pa.types.is_dictionary(whole.type) else whole
        fingerprints = fingerprints * ODD + values.to_numpy(zero_copy_only=False).astype(np.uint64)
    is_alike = pd.Series(fingerprints).duplicated().to_numpy()
    if not is_alike.any():
        return []
    months, place = np.unique(receipts["month"].to_numpy(), return_inverse=True)
    all_n, alike_n = np.bincount(place), np.bincount(place, is_alike)
    is_many = (all_n >= FEWEST) & (alike_n > MOST_ALIKE * all_n)
    found = [Finding("register", "", "alike_row", int(is_alike.sum()))]
    if is_many.any():
        first = months[is_many][0]
        told = {"month": f"{first // MONTHS_A_YEAR}-{first % MONTHS_A_YEAR + 1:02d}", "months": is_many.sum()}
        told |= {"n": int(alike_n[is_many].sum()), "all": all_n[is_many].sum(), "most": percent(MOST_ALIKE)}
        stop = Stop("register", told["month"], "alike_months", told["n"], REFUSALS["rows_alike"].filled(**told))
        found.append(noted(stop, accepted))
    return found


def copied_surveys(survey: pd.DataFrame | None, instrument: Instrument, accepted: Collection[str]) -> Iterator[Finding]:
    """A survey whose rows nearly all stand in the one before too, word for word, stops the run."""
    if survey is None:
        return
    ages = [item.id for item in instrument.items if item.derive == "age" and item.id in survey]
    born = survey.assign(**{name: survey["survey_year"] - survey[name] for name in ages}).drop(columns="survey_year")
    if len(born.columns) < FEWEST_ANSWERS + 1:
        return
    rows = pd.Series(pd.util.hash_pandas_object(born, index=False).to_numpy(), index=survey["survey_year"])
    for before, now in pairwise(sorted(rows.index.unique())):
        own = rows.loc[[now]]
        copied_n = int(own.isin(rows.loc[[before]]).sum())
        if len(own) >= FEWEST and copied_n > MOST_AS_BEFORE * len(own):
            told = {"year": now, "before": before, "n": copied_n, "all": len(own), "most": percent(MOST_AS_BEFORE)}
            yield noted(
                Stop("survey", str(now), "copied_survey", copied_n, REFUSALS["survey_copied"].filled(**told)), accepted
            )
