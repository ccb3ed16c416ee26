"""Exits that nobody left by: a death or a move, and the person has a row in the month after."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from riskmodel.extracts.quarantine import Finding
from riskmodel.instrument.records import EXITS


def exits_then_rows(receipts: pa.Table) -> Finding:
    """How many rows of the register say so: where the reason is written in all rows of a case, or of its last decision.

    The cohort believes the row after, and not such an exit. receipts: of the whole register.
    """
    is_exit = pc.is_in(receipts["exit"].cast(pa.string()), pa.array(EXITS)).to_numpy()
    person, months = receipts["person_id"].combine_chunks().indices.to_numpy(), receipts["month"].to_numpy()
    is_theirs = np.isin(person, person[is_exit])
    span = int(months.max(initial=0)) + 2
    keys, exits = (person[one].astype(np.int64) * span + months[one] for one in (is_theirs, is_exit))
    return Finding("register", "", "exit_then_row", int(np.isin(exits + 1, keys).sum()))
