"""The survey's profile on its way out: shares from counts that may be shown, ratios that rest on no handful."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from riskmodel.assess.survey_profile import EVERYBODY, INFLOW, SurveyProfile
from riskmodel.cohort.two_forms import BOTH_MIN_N
from riskmodel.disclosure import MEASURE_MIN, RATE_DECIMALS, disclose_counts, disclose_rate
from riskmodel.instrument.records import NO_ANSWER

SHARE_COLUMNS = ("item", "answer", "place", "n", "share")
NUMBERS = ("ratio", "low", "high")


@dataclass(frozen=True, eq=False)
class DisclosedProfile:
    """What may be shown of a `SurveyProfile`.

    shares: SHARE_COLUMNS; n as a count may be, <NA> when hidden. share: of those who answered, of everybody asked for
    no answer; NaN when hidden. Where a year would hide something, all surveys stand as one place. ratios: item,
    answer, NUMBERS. items: item, other_heading, net_shift, NaN on too few people.
    """

    shares: pd.DataFrame
    ratios: pd.DataFrame
    items: pd.DataFrame


def disclosed_survey(found: SurveyProfile, *, profile: str) -> DisclosedProfile:
    """`found` through the door, item by item: each place parts its people by their answers."""
    tables = [_shown(rows, profile=profile) for _, rows in found.counts.groupby("item", sort=False)]
    shares = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=list(SHARE_COLUMNS))
    known = shares.loc[shares["share"].notna(), ["item", "answer"]]
    hidden = shares.loc[shares["share"].isna(), ["item", "answer"]]
    shown = found.ratios.merge(known.drop_duplicates(), on=["item", "answer"])
    kept = shown[~shown.set_index(["item", "answer"]).index.isin(pd.MultiIndex.from_frame(hidden))]
    enough = kept[["survey_n", "inflow_n"]].min(axis=1) >= MEASURE_MIN
    numbers = kept[list(NUMBERS)].astype(float).where(enough, np.nan).round(RATE_DECIMALS)
    few = found.items["both_n"].astype(float) < BOTH_MIN_N
    moved = found.items["net_shift"].astype(float).mask(few).round(RATE_DECIMALS)
    return DisclosedProfile(
        shares,
        pd.concat([kept[["item", "answer"]], numbers], axis=1).reset_index(drop=True),
        found.items[["item", "other_heading"]].assign(net_shift=moved),
    )


def nothing_shown(found: DisclosedProfile) -> DisclosedProfile:
    """`found` without a row."""
    return DisclosedProfile(found.shares.iloc[:0], found.ratios.iloc[:0], found.items.iloc[:0])


def _shown(rows: pd.DataFrame, *, profile: str) -> pd.DataFrame:
    """One item's counts and shares by year, or in all surveys together where a year would hide something."""
    table = rows.pivot(index="answer", columns="place", values="n").reindex(rows["answer"].unique())
    by_year = _disclosed(table.drop(columns=EVERYBODY, errors="ignore"), profile=profile)
    if by_year["share"].notna().all() or EVERYBODY not in table:
        return by_year.assign(item=rows["item"].iloc[0])[list(SHARE_COLUMNS)]
    together = table[[place for place in (EVERYBODY, INFLOW) if place in table]]
    return _disclosed(together, profile=profile).assign(item=rows["item"].iloc[0])[list(SHARE_COLUMNS)]


def _disclosed(table: pd.DataFrame, *, profile: str) -> pd.DataFrame:
    table = table[table.sum(axis=1) > 0]  # an answer that nobody gave anywhere says nothing
    counts = disclose_counts(table, profile=profile).loc[table.index, table.columns]
    answered = table.drop(index=NO_ANSWER, errors="ignore").sum()
    shown = counts.rename_axis(index="answer", columns="place").reset_index().melt("answer", value_name="n")
    exact = table.to_numpy().T.ravel()
    whole = np.where(shown["answer"] == NO_ANSWER, shown["place"].map(table.sum()), shown["place"].map(answered))
    shares = [
        None if pd.isna(n) else 0.0 if part == 0 else disclose_rate(part, of, profile=profile)
        for n, part, of in zip(shown["n"], exact, whole, strict=True)
    ]
    numbers = pd.array(shares, dtype="Float64").to_numpy(dtype=float, na_value=np.nan)
    return shown.astype({"n": "Int64"}).assign(share=numbers)
