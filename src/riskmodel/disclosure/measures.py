"""Measures, gaps and statistics, on their way out with the counts that stand beside them."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from riskmodel.disclosure.reader import Whole, read_whole
from riskmodel.disclosure.spans import PROFILES, Profile
from riskmodel.disclosure.tables import MEASURE_DECIMALS, RATE_DECIMALS, disclose_whole, rounded

BIN_MIN_PEOPLE = 10
BIN_MIN_OUTCOMES = 8  # events, and non-events
CURVE_MIN_BINS = 4
MEASURE_MIN = 100  # events, and non-events, below which a group is "too few to say"
THRESHOLDED = ("flagged_share", "sensitivity", "specificity", "ppv", "npv", "left_early_share")
RAW_GAPS = ("fpr", "fnr", "ppv")


def disclose_measures(measures: pd.DataFrame, *, profile: str, before: Sequence[Whole] = ()) -> pd.DataFrame:
    """The measures that may leave: counts hidden or rounded, estimates only for groups of at least 100 and 100.

    measures: scope, group, predictor, measure, estimate, low, high, n, events_n, status. The groups of a scope part the
    people between them; scopes with as many people and events in all part the same people. before: what is known of
    these people, or of some of them, from what was shown earlier. Measures at a threshold lose their estimate when one
    of the four cells behind them (flagged or not, event or not) is too small to show. Rates get two decimals, the
    others three.
    """
    disclosed = measures.assign(**_disclosed_counts(measures, PROFILES[profile], before))
    events, others = measures["events_n"].fillna(0), (measures["n"] - measures["events_n"]).fillna(0)
    few = (events < MEASURE_MIN) | (others < MEASURE_MIN)
    thin = _rests_on_a_small_cell(measures, PROFILES[profile])
    numbers = ["estimate", "low", "high"]
    disclosed["status"] = disclosed["status"].mask(few | thin, "too_few")
    disclosed[numbers] = disclosed[numbers].astype(float).mask(disclosed["status"] != "ok")
    is_rate = disclosed["measure"].isin(THRESHOLDED)
    for number in numbers:
        values = disclosed[number]
        disclosed[number] = values.round(RATE_DECIMALS).where(is_rate, values.round(MEASURE_DECIMALS))
    return disclosed


def disclose_gaps(gaps: pd.DataFrame, *, measures: pd.DataFrame) -> pd.DataFrame:
    """The fairness audit (column, group, measure, numbers, n, events_n, status) without numbers on too few people.

    measures: what `disclose_measures` gave for the same people, those at the threshold among them. Counts are taken
    from there, or the two could be played off against one another; so is which groups' raw rates rest on a handful.
    """
    few = measures["measure"].isin(THRESHOLDED) & (measures["status"] == "too_few")
    by_group = (
        measures.assign(thin=few).groupby(["scope", "group"]).agg({"n": "first", "events_n": "first", "thin": "any"})
    )
    kept = gaps.drop(columns=["n", "events_n"]).join(by_group, on=["column", "group"])
    is_raw = kept["measure"].isin(RAW_GAPS)
    kept["status"] = kept["status"].mask(is_raw & kept["thin"].eq(True), "too_few")
    for name in kept.select_dtypes("float").columns.difference(["tolerance"]):
        rounded = kept[name].round(MEASURE_DECIMALS).mask(is_raw, kept[name].round(RATE_DECIMALS))
        kept[name] = rounded.where(kept["status"] == "ok")
    return kept[list(gaps.columns)]


def disclose_statistics(statistics: pd.DataFrame, *, n: int, events_n: int) -> pd.DataFrame:
    """Statistics on the same `n` people, no counts among them: three decimals; no rows below 100 of either outcome."""
    if min(events_n, n - events_n) < MEASURE_MIN:
        return statistics.iloc[:0].copy()
    return statistics.round(MEASURE_DECIMALS)


def _disclosed_counts(measures: pd.DataFrame, rule: Profile, before: Sequence[Whole]) -> dict[str, pd.Series]:
    """n and events_n of every row as they may be shown. Each whole is held against those shown before it, too."""
    counts = measures[["n", "events_n"]].fillna(0).astype("int64")
    counts = counts.assign(scope=measures["scope"], group=measures["group"])
    block = [measures["predictor"].fillna(""), measures["measure"], measures["scope"]]
    totals = counts.groupby(block)[["n", "events_n"]].transform("sum")
    known, shown = list(before), [pd.DataFrame(columns=["n", "events_n"], dtype="Int64")]
    for _, rows in counts.groupby([totals["n"], totals["events_n"]], sort=False):
        found = disclose_whole(rows.drop_duplicates(), rule, before=known)
        numbers = [found[cell] for cell in zip(rows["scope"], rows["group"], strict=True)]
        shown.append(pd.DataFrame(numbers, index=rows.index, columns=["n", "events_n"], dtype="Int64"))
        told = [{"scope": scope, "group": group, "n": n, "events_n": e} for (scope, group), (n, e) in found.items()]
        known.append(read_whole(told, rule))
    in_order = pd.concat(shown).loc[measures.index]
    return {"n": in_order["n"], "events_n": in_order["events_n"]}


def _rests_on_a_small_cell(measures: pd.DataFrame, rule: Profile) -> pd.Series:
    """Which rows are measures at a threshold where a cell of flag × outcome, worked back from them, is too small."""
    keys = ["scope", "group", "predictor"]
    named = measures.assign(**{key: measures[key].fillna("").astype(str) for key in keys})
    at_threshold = named[named["measure"].isin(THRESHOLDED)]
    shares = at_threshold.pivot_table(index=keys, columns="measure", values="estimate", aggfunc="first")
    counts = at_threshold.drop_duplicates(keys).set_index(keys)[["n", "events_n"]].astype(float)
    events, others = counts["events_n"], counts["n"] - counts["events_n"]
    thin = pd.Series(False, index=counts.index)
    for share, whole in (("sensitivity", events), ("specificity", others), ("flagged_share", counts["n"])):
        if share in shares:
            part = shares[share].reindex(counts.index).astype(float) * whole
            thin |= (part.round() <= rule.hidden_up_to) | ((whole - part).round() <= rule.hidden_up_to)
    found = named[keys].merge(thin.rename("thin").reset_index(), on=keys, how="left")["thin"]
    return found.eq(True).set_axis(measures.index) & measures["measure"].isin(THRESHOLDED)


def disclose_bins(bins: pd.DataFrame, *, profile: str) -> pd.DataFrame:
    """One curve in bins of at least 10 people with 8 of each outcome; without rows when fewer than four can be formed.

    bins: n and events_n beside whatever the curve shows (risk, observed, low, high …), in the order of the curve.
    Neighbours are joined greedily from the start, a remainder joins the last; what is shown is the mean over the people
    joined, two decimals (risk three); counts are rounded as `profile` says.
    """
    joined_into = _joined_bins(bins["n"].to_numpy(), bins["events_n"].to_numpy())
    if joined_into.size == 0 or joined_into[-1] + 1 < CURVE_MIN_BINS:
        return bins.iloc[:0].copy()
    people = bins["n"].astype(float)
    numbers = [name for name in bins.select_dtypes("number").columns if name not in ("n", "events_n")]
    shown = bins.groupby(joined_into).first()
    for name in numbers:
        mean = (bins[name] * people).groupby(joined_into).sum() / people.groupby(joined_into).sum()
        shown[name] = mean.round(MEASURE_DECIMALS if name == "risk" else RATE_DECIMALS)
    for name in ("n", "events_n"):
        shown[name] = rounded(bins[name].groupby(joined_into).sum().to_numpy(dtype=np.int64), PROFILES[profile])
    return shown.reset_index(drop=True)[list(bins.columns)]


def disclose_curves(curves: pd.DataFrame, *, profile: str) -> pd.DataFrame:
    """Every curve of a frame (scope, group, predictor, risk, …, n, events_n) through `disclose_bins`."""
    keys = ["scope", "group", "predictor"]
    by_curve = curves.sort_values("risk", kind="stable").groupby(keys, sort=False, dropna=False)
    shown = [disclose_bins(curve, profile=profile) for _, curve in by_curve]
    kept = [curve for curve in shown if len(curve)]
    return pd.concat(kept, ignore_index=True) if kept else curves.iloc[:0].copy()


def _joined_bins(people: np.ndarray, events: np.ndarray) -> np.ndarray:
    """The number, from 0, of the joined bin each row goes to; nothing when not even one can be formed."""
    joined_into = np.zeros(len(people), dtype=int)
    bin_number, bin_people, bin_events = 0, 0, 0
    for row, (row_people, row_events) in enumerate(zip(people, events, strict=True)):
        joined_into[row] = bin_number
        bin_people, bin_events = bin_people + row_people, bin_events + row_events
        if bin_people >= BIN_MIN_PEOPLE and min(bin_events, bin_people - bin_events) >= BIN_MIN_OUTCOMES:
            bin_number, bin_people, bin_events = bin_number + 1, 0, 0
    return np.minimum(joined_into, bin_number - 1) if bin_number else joined_into[:0]
