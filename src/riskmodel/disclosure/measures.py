"""Measures, gaps and statistics, on their way out with the counts that stand beside them."""

from collections.abc import Sequence

import pandas as pd

from riskmodel.disclosure.reader import Whole, read_whole
from riskmodel.disclosure.single import MEASURE_DECIMALS, RATE_DECIMALS
from riskmodel.disclosure.spans import PROFILES, Profile
from riskmodel.disclosure.wholes import disclose_whole

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
