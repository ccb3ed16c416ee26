"""The payments register: a row a month with assistance, with the untidiness of a real one."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from riskmodel.ground.words import month_text
from riskmodel.instrument.records import Source
from riskmodel.simulate.municipality import Municipality
from riskmodel.simulate.spells import Window
from riskmodel.simulate.town import AREAS

Ints = NDArray[np.int64]
Texts = NDArray[np.str_]

REASONS = ("arbete", "annan ersättning", "studier", "partners inkomst", "okänd orsak")  # of leaving assistance
REASON_SHARE = (0.42, 0.24, 0.12, 0.05, 0.17)
MEDIAN_GRANT, LOWEST_GRANT = 8600, 500  # kronor a month
RECOVERY_SHARE = 0.008  # of grants: part of it is taken back, in the month it corrects
TAKEN_BACK_SHARE = 0.010  # of those who left: one more month was paid and taken back whole
RECOVERY_ALONE_SHARE = 0.006  # …: a recovery stands alone in the month after
ZERO_SHARE = 0.010  # …: a decision about 0 kronor in the month after
DOUBLED_SHARE = 0.010  # of rows, written twice
IMPOSSIBLE_SHARE = 0.0005  # of register lines, once more in a month 13
HOUSEHOLD_FACTOR, HOUSEHOLD_SPAN = 61_803_399, 10**8  # shares no divisor with 10


def register_table(made: Municipality, source: Source, rng: np.random.Generator) -> pd.DataFrame:
    """One row per line of the register, out of order; a few are in a month 13."""
    ids = household_ids(len(made.households.start), rng=rng)
    rows = register_rows(made.receipts, window=made.window, rng=rng)
    household = rows["household"].to_numpy()
    exits = {"death": "", "moved": ""} | {meaning: text for text, meaning in source.exit_codes.items()} | {"": ""}
    by_role = {
        "household": ids[household],
        "amount": kronor_cells(rows["kronor"].to_numpy()),
        "area": np.array(AREAS)[made.households.area[household]],
        "exit": rows["exit"].replace(exits).to_numpy(),
    }
    cells = {source.columns["person"]: made.ids(rows["adult"].to_numpy(), rows["month"].to_numpy())}
    cells |= month_cells(rows["month"].to_numpy(), source)
    cells |= {source.columns[role]: values for role, values in by_role.items() if role in source.columns}
    lines = pd.DataFrame(cells)[[heading for heading in source.columns.values() if heading in cells]]
    return _out_of_order(lines, source.columns["month"], rng)


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
    return [paid, paid.assign(kronor=-paid["kronor"]), recovered.assign(kronor=-1250), nothing.assign(kronor=0)]


def _out_of_order(lines: pd.DataFrame, month: str, rng: np.random.Generator) -> pd.DataFrame:
    impossible = lines[rng.random(len(lines)) < IMPOSSIBLE_SHARE]
    thirteenth = impossible[month].str.replace(r"\d{1,2}$", "13", regex=True)
    lines = pd.concat([lines, impossible.assign(**{month: thirteenth})], ignore_index=True)
    return lines.iloc[rng.permutation(len(lines))]


def household_ids(n: int, *, rng: np.random.Generator) -> Texts:
    """`n` different ids: H and eight digits."""
    number = (np.arange(n) * HOUSEHOLD_FACTOR + int(rng.integers(HOUSEHOLD_SPAN))) % HOUSEHOLD_SPAN
    return np.array([f"H{value:08d}" for value in number.tolist()])


def month_cells(month: Ints, source: Source) -> dict[str, Texts]:
    """The month under the source's heading, or year and month of the year under two."""
    year, of_year = month // 12, month % 12 + 1
    if "year" in source.columns:
        return {source.columns["year"]: year.astype(str), source.columns["month"]: of_year.astype(str)}
    texts = {value: month_text(value) for value in np.unique(month).tolist()}
    return {source.columns["month"]: np.array([texts[value] for value in month.tolist()])}


def kronor_cells(kronor: Ints) -> Texts:
    """Swedish amounts: hard space between thousands, decimal comma."""
    distinct, place = np.unique(kronor, return_inverse=True)
    return np.array([f"{value:,}".replace(",", "\u00a0") + ",00" for value in distinct.tolist()])[place]
