"""Amounts below zero are recoveries, and few: none may be lost by its minus, and what was paid lies above zero."""

from collections.abc import Collection, Iterator

import numpy as np
import pyarrow as pa

from riskmodel.extracts.numbers import is_negative
from riskmodel.extracts.quarantine import Extract, Finding, most_reasons, read_as
from riskmodel.extracts.refusals import REFUSALS
from riskmodel.extracts.stops import Stop, noted
from riskmodel.extracts.text_table import TextTable
from riskmodel.ground.errors import SurveyDataError
from riskmodel.ground.text import quoted
from riskmodel.ground.words import percent

FEW_BELOW = 1
FEWEST = 20  # amounts of a year, of which fewer say nothing
MOST_BELOW = 0.5  # of the amounts that are not zero
MONTHS_OF_YEAR = 12


def check_below_zero(
    table: TextTable, heading: str, sifted: Extract, is_own: np.ndarray, *, file: str, max_share: float
) -> None:
    """Raise a `SurveyDataError` when too many of the amounts below zero were set aside, and of the others were not.

    Where others are, too, the sign is not why, and the limit of all rows says what is. is_own: rows that do not stand
    earlier in the delivery, shape (n,).
    """
    rows = table.row_numbers
    is_aside = np.isin(rows, sifted.quarantine["row"].to_numpy())
    is_below = is_negative(table.column(heading)) & is_own
    set_aside_n, others_n = int((is_aside & is_below).sum()), int((is_aside & ~is_below).sum())
    if set_aside_n > max(FEW_BELOW, max_share * is_below.sum()) and others_n <= max_share * len(rows):
        cells = sifted.quarantine[sifted.quarantine["row"].isin(rows[is_aside & is_below])]
        told = {"shown": most_reasons(cells), "read_as": read_as(cells["reason"]), "n": set_aside_n}
        told |= {"heading": quoted(heading), "all": is_below.sum(), "most": percent(max_share, digits=1)}
        raise SurveyDataError(REFUSALS["negatives_lost"].filled(file=file, **told))


def check_signs(receipts: pa.Table, accepted: Collection[str]) -> Iterator[Finding]:
    """Years whose amounts mostly lie below zero, which stop the run: then what was paid has lost its sign.

    receipts: month and amount_ore, of all files of the register, since one of them may hold recoveries alone.
    """
    amounts = receipts["amount_ore"].to_numpy()
    years = receipts["month"].to_numpy() // MONTHS_OF_YEAR
    ends = int(years.max(initial=0)) + 1
    own_n, below_n = (np.bincount(years[one], minlength=ends) for one in (amounts != 0, amounts < 0))
    for year in np.flatnonzero((own_n >= FEWEST) & (below_n > MOST_BELOW * own_n)):
        n = int(below_n[year])
        told = {"year": year, "n": n, "all": int(own_n[year]), "most": percent(MOST_BELOW)}
        yield noted(Stop("register", str(year), "turned_signs", n, REFUSALS["signs_turned"].filled(**told)), accepted)
