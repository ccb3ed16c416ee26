"""The survey against the register: who is in one and not in the other, year by year, as counts."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from riskmodel.ground.words import MONTHS_A_YEAR

OVER_TEN = 11  # fewest months that are more than ten


def receipt_months(receipts: pa.Table) -> pd.DataFrame:
    """One row per person and month on assistance, sorted: person_id (categorical), month.

    A household's grant counts for every person registered in it that month; a person without household is one alone.
    """
    month = receipts["month"].to_numpy()
    person, persons = _places(receipts["person_id"])
    home = _homes(receipts["household_id"], person, persons)
    place, _ = pd.factorize(_pair(home, month))
    net_ore = pd.Series(receipts["amount_ore"].to_numpy()).groupby(place).sum().to_numpy()[place]
    pairs = np.sort(pd.unique(_pair(person, month)[net_ore > 0]))
    who = pd.Categorical.from_codes(pairs >> 16, persons.to_pandas())
    return pd.DataFrame({"person_id": who, "month": (pairs & 0xFFFF).astype(np.int32)})


def reconciliation(survey: pd.DataFrame, months: pd.DataFrame) -> pd.DataFrame:
    """One row per survey year with numbers of persons; months: one row per person and month on assistance.

    in_survey_n; of them over_ten_n, ten_n, fewer_n and none_n by months of that year in the register, and
    months_0_n … months_12_n. in_register_n; of them register_at_least_ten_n and register_over_ten_n, and of these
    over_ten_not_in_survey_n.
    """
    years = sorted(survey["survey_year"].unique())
    counts = [_year(survey[survey["survey_year"] == year], months, int(year)) for year in years]
    return pd.DataFrame(counts).astype("int64")


def _year(survey: pd.DataFrame, months: pd.DataFrame, year: int) -> dict[str, int]:
    in_year = months[months["month"] // MONTHS_A_YEAR == year]
    months_n = in_year.groupby(in_year["person_id"].astype(str)).size()
    surveyed = pd.Index(survey["person_id"].unique())
    surveyed_months_n = months_n.reindex(surveyed, fill_value=0)
    over_ten = months_n.index[months_n >= OVER_TEN]
    return {
        "survey_year": year,
        "in_survey_n": len(surveyed),
        "over_ten_n": int((surveyed_months_n >= OVER_TEN).sum()),
        "ten_n": int((surveyed_months_n == OVER_TEN - 1).sum()),
        "fewer_n": int(surveyed_months_n.between(1, OVER_TEN - 2).sum()),
        "none_n": int((surveyed_months_n == 0).sum()),
        "in_register_n": len(months_n),
        "register_at_least_ten_n": int((months_n >= OVER_TEN - 1).sum()),
        "register_over_ten_n": len(over_ten),
        "over_ten_not_in_survey_n": len(over_ten.difference(surveyed)),
    } | {f"months_{n}_n": int((surveyed_months_n == n).sum()) for n in range(MONTHS_A_YEAR + 1)}


def _places(column: pa.ChunkedArray) -> tuple[np.ndarray, pa.Array]:
    """The place of each text among the different ones in order, shape (n,), and these."""
    whole = (column if pa.types.is_dictionary(column.type) else column.dictionary_encode()).combine_chunks()
    texts = whole.dictionary.cast(pa.string())
    in_order = texts.take(pc.array_sort_indices(texts))
    return pc.index_in(texts, in_order).to_numpy()[whole.indices.to_numpy()], in_order


def _homes(column: pa.ChunkedArray, person: np.ndarray, persons: pa.Array) -> np.ndarray:
    """A number per household; a person without one is one alone, called "person " and who it is."""
    household, households = _places(column)
    named = pc.index_in(pc.binary_join_element_wise("person ", persons, ""), households)
    alone = pc.coalesce(named, pa.array(np.arange(len(persons), dtype=np.int32) + len(households))).to_numpy()
    without = pc.index_in(pa.array([""], households.type), households)[0].as_py()
    return np.where(household == (-1 if without is None else without), alone[person], household)


def _pair(codes: np.ndarray, month: np.ndarray) -> np.ndarray:
    return (codes.astype(np.int64) << 16) | month.astype(np.int64)
