"""The survey against the register: who is in one and not in the other, year by year, as counts."""

import numpy as np
import pandas as pd
import pyarrow as pa

from riskmodel.extracts.receipts import people_and_homes
from riskmodel.ground.words import MONTHS_A_YEAR

OVER_TEN = 11  # fewest months that are more than ten


def receipt_months(receipts: pa.Table) -> pd.DataFrame:
    """One row per person and month on assistance, sorted: person_id (categorical), month.

    A household's grant counts for every person registered in it that month; a person without household is one alone.
    """
    who, texts = people_and_homes(receipts)
    person, home = who["person_id"], who["household_id"]
    month, ore = receipts["month"].to_numpy(), receipts["amount_ore"].to_numpy()
    at_home = _pair(home, month)
    is_open = (
        pd.Index(np.unique(at_home[ore <= 0])).get_indexer(at_home) >= 0
    )  # elsewhere every row is above zero, and so is their net
    place, _ = pd.factorize(at_home[is_open])
    net_ore = pd.Series(ore[is_open]).groupby(place).sum().to_numpy()[place]
    is_received = ~is_open
    is_received[is_open] = net_ore > 0
    pairs = np.sort(_pair(person, month)[is_received])
    pairs = pairs[np.diff(pairs, prepend=-1) > 0]
    persons = pd.Categorical.from_codes(pairs >> 16, texts["person_id"].to_pandas())
    return pd.DataFrame({"person_id": persons, "month": (pairs & 0xFFFF).astype(np.int32)})


def reconciliation(survey: pd.DataFrame, months: pd.DataFrame) -> pd.DataFrame:
    """One row per survey year with numbers of persons; months: one row per person and month on assistance.

    in_survey_n; of them over_ten_n, ten_n, fewer_n and none_n by months of that year in the register, and
    months_0_n … months_12_n. in_register_n; of them register_at_least_ten_n and register_over_ten_n, and of these
    over_ten_not_in_survey_n.
    """
    person, year = pd.Categorical(months["person_id"]), months["month"].to_numpy() // MONTHS_A_YEAR
    counts = []
    for survey_year, rows in survey.groupby("survey_year"):
        months_n = np.bincount(person.codes[year == survey_year], minlength=len(person.categories))
        place = person.categories.get_indexer(pd.Index(rows["person_id"].unique()))  # -1: not in the register
        counts.append({"survey_year": survey_year, **_year(np.append(months_n, 0), place)})
    return pd.DataFrame(counts).astype("int64")


def _year(months_n: np.ndarray, surveyed: np.ndarray) -> dict[str, int]:
    """months_n: of each person of the register, and 0 of nobody, the last; surveyed: the places of those asked."""
    surveyed_n, over_ten = months_n[surveyed], months_n >= OVER_TEN
    return {
        "in_survey_n": len(surveyed),
        "over_ten_n": int((surveyed_n >= OVER_TEN).sum()),
        "ten_n": int((surveyed_n == OVER_TEN - 1).sum()),
        "fewer_n": int(((surveyed_n >= 1) & (surveyed_n < OVER_TEN - 1)).sum()),
        "none_n": int((surveyed_n == 0).sum()),
        "in_register_n": int((months_n > 0).sum()),
        "register_at_least_ten_n": int((months_n >= OVER_TEN - 1).sum()),
        "register_over_ten_n": int(over_ten.sum()),
        "over_ten_not_in_survey_n": int(over_ten.sum() - over_ten[surveyed].sum()),
    } | {f"months_{n}_n": int((surveyed_n == n).sum()) for n in range(MONTHS_A_YEAR + 1)}


def _pair(codes: np.ndarray, month: np.ndarray) -> np.ndarray:
    return (codes.astype(np.int64) << 16) | month.astype(np.int64)
