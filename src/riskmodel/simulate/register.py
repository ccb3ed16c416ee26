"""The rows of the payments register: who had assistance in which month, with the untidiness of a real one."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from riskmodel.simulate.people import Adults, Households
from riskmodel.simulate.spells import Spells

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

REASONS = ("arbete", "annan ersättning", "studier", "partners inkomst", "okänd orsak")  # of leaving assistance
REASON_SHARE = (0.42, 0.24, 0.12, 0.05, 0.17)
MEDIAN_GRANT, LOWEST_GRANT = 8600, 500  # kronor a month
RECOVERY_SHARE = 0.008  # of grants: part of it is taken back, in the month it corrects
TAKEN_BACK_SHARE = 0.010  # of those who left: one more month was paid and taken back whole
RECOVERY_ALONE_SHARE = 0.006  # …: a recovery stands alone in the month after
ZERO_SHARE = 0.010  # …: a decision about 0 kronor in the month after
DOUBLED_SHARE = 0.010  # of rows, written twice


@dataclass(frozen=True)
class Window:
    """First and last month that the register covers."""

    first_month: int
    last_month: int


def receipts_by_adult_month(
    households: Households, adults: Adults, spells: Spells, receipt: Bools, *, window: Window
) -> pd.DataFrame:
    """One row per adult and month on assistance inside `window`: adult, household, month, spell_end, exit.

    receipt: months of the case, from the household's first, shape (adults, months). spell_end marks the last
    month of a spell that was over before the register ends.
    """
    adult, offset = np.nonzero(receipt)
    final = receipt.shape[1] - 1 - receipt[:, ::-1].argmax(axis=1)
    main = pd.DataFrame({"adult": adult, "offset": offset})
    main["spell_end"] = main["offset"].to_numpy() == final[adult]
    main["exit"] = np.where(main["spell_end"], spells.exit[adult], "")
    months = pd.concat([_earlier_months(adults, spells), main], ignore_index=True)
    months["household"] = adults.household[months["adult"]]
    months["month"] = households.start[months["household"]] + months["offset"]
    months["spell_end"] &= months["month"] < window.last_month
    inside = months["month"].between(window.first_month, window.last_month)
    return months.loc[inside, ["adult", "household", "month", "spell_end", "exit"]].reset_index(drop=True)


def _earlier_months(adults: Adults, spells: Spells) -> pd.DataFrame:
    """Months of the earlier spells of those who were in the household from the start."""
    n = np.where(spells.joined == 0, spells.earlier_n[adults.household], 0)
    adult = np.repeat(np.arange(len(n)), n)
    place = np.arange(len(adult)) - np.repeat(np.cumsum(n) - n, n)
    offset = spells.earlier_start[adults.household][adult] + place
    return pd.DataFrame({"adult": adult, "offset": offset, "spell_end": place == n[adult] - 1, "exit": ""})


def register_rows(receipts: pd.DataFrame, *, window: Window, rng: np.random.Generator) -> pd.DataFrame:
    """The register's lines: adult, household, month, kronor, exit; with corrections, and some of them twice.

    The household's money stands on the first adult's row; the other adult's row says 0 kronor.
    """
    rows = receipts.sort_values(["household", "month", "adult"], ignore_index=True)
    holds_money = ~rows.duplicated(["household", "month"]).to_numpy()
    rows["kronor"] = np.where(holds_money, _grants(rows["household"], rng), 0)
    reasons = rng.choice(REASONS, len(rows), p=REASON_SHARE)
    rows["exit"] = np.where(rows["spell_end"] & (rows["exit"] == ""), reasons, rows["exit"])
    left = rows[rows["spell_end"] & ~rows["exit"].isin(["death", "moved"]) & holds_money]
    untidy = [_recoveries(rows[holds_money], rng), *_after_leaving(left, rng)]
    rows = pd.concat([rows, *untidy], ignore_index=True)
    rows = rows[rows["month"] <= window.last_month]
    rows = pd.concat([rows, _some(rows, DOUBLED_SHARE, rng)], ignore_index=True)
    return rows[["adult", "household", "month", "kronor", "exit"]]


def _grants(household: pd.Series, rng: np.random.Generator) -> Ints:
    """Whole kronor of each row: a household has its level, and each month differs a little from it."""
    level = np.exp(rng.normal(np.log(MEDIAN_GRANT), 0.35, household.max() + 1))[household]
    return np.maximum(level * rng.uniform(0.8, 1.2, len(level)), LOWEST_GRANT).astype(np.int64)


def _some(rows: pd.DataFrame, share: float, rng: np.random.Generator) -> pd.DataFrame:
    return rows[rng.random(len(rows)) < share]


def _recoveries(grants: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    rows = _some(grants, RECOVERY_SHARE, rng)
    return rows.assign(kronor=-(rows["kronor"] * rng.uniform(0.1, 0.4, len(rows))).astype("int64"), exit="")


def _after_leaving(left: pd.DataFrame, rng: np.random.Generator) -> list[pd.DataFrame]:
    """Rows in the month after somebody left; none of them makes it a month on assistance."""
    after = left.assign(month=left["month"] + 1, exit="")
    paid = _some(after, TAKEN_BACK_SHARE, rng)
    recovered, nothing = _some(after, RECOVERY_ALONE_SHARE, rng), _some(after, ZERO_SHARE, rng)
    return [
        paid,
        paid.assign(kronor=-paid["kronor"]),
        recovered.assign(kronor=-1250),
        nothing.assign(kronor=0),
    ]
