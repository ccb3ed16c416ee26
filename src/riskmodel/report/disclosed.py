"""Counts of people on their way out: each frame or list comes back with what may not be shown as <NA> or None."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from riskmodel.cohort.summary import CASE_CONTROL
from riskmodel.cohort.two_forms import BOTH_MIN_N, REGISTERED
from riskmodel.disclosure import PROFILES, RATE_DECIMALS, disclose_count, disclose_counts, disclose_list, disclose_rate

Told = Mapping[str, Any]  # what a stage or a release says, as it stands in its JSON
# the flow's parts, everyone counted in one of them; other steps are sums of these, or count rows
LEFT_BEFORE = ("absent", "before_answers")
LEFT_AFTER = (
    *("joined", "unlinked", "age_outside", "route", "not_followed"),
    *("waits", "outcome_unknown", "unlike", "months_left_out", "not_listed"),  # of the case-control design
)
KEPT = ("unknown", "modelled")
PARTS = (*LEFT_BEFORE, *LEFT_AFTER, *KEPT)
SUMS = {"starts": PARTS, "new_cases": (*LEFT_AFTER, *KEPT), "labelled_cases": (*LEFT_AFTER, *KEPT), "fitted": KEPT}


def disclosed_flow(flow: pd.DataFrame, *, profile: str) -> pd.DataFrame:
    """The flow's steps that count anybody, as they may be shown; a sum is shown only when all that it sums is.

    has_events: whether the outcomes of a step are known at all.
    """
    flow = flow[flow["n"] > 0].reset_index(drop=True)
    exact = flow.set_index("step")
    parts = [step for step in PARTS if step in exact.index]
    parts_n, events_n = _disclosed_parts(exact.loc[parts], profile=profile)
    shown = [_shown_step(step, exact, parts_n, events_n, profile=profile) for step in exact.index]
    return flow.assign(
        n=pd.Series([n for n, _ in shown], dtype="Int64"),
        events_n=pd.Series([events for _, events in shown], dtype="Int64"),
        has_events=[step in (*SUMS, *events_n.index) and pd.notna(exact.loc[step, "events_n"]) for step in exact.index],
    )


def _disclosed_parts(parts: pd.DataFrame, *, profile: str) -> tuple[pd.Series, pd.Series]:
    """n of every part, and events_n of those whose outcomes are known; what either table hides, both hide."""
    known = parts[parts["events_n"].notna()]
    if known.empty:
        return _disclosed_list(parts["n"], profile=profile), known["events_n"]
    events_n = known["events_n"].astype("int64")
    table = disclose_counts(pd.DataFrame({"events": events_n, "others": known["n"] - events_n}), profile=profile)
    by_itself, with_events = _disclosed_list(parts["n"], profile=profile), table.loc[known.index]
    # the sum of the rounded outcomes, as the other tables have it
    summed = with_events["total"].reindex(by_itself.index).where(by_itself.notna())
    parts_n = by_itself.where(~by_itself.index.isin(known.index), summed)
    return parts_n, with_events["events"].where(parts_n[known.index].notna())


def _disclosed_list(counts: pd.Series, *, profile: str) -> pd.Series:
    """`disclose_list` without its total, and for an empty list an empty one."""
    return disclose_list(counts, profile=profile).drop("total") if len(counts) else counts.astype("Int64")


def _shown_step(
    step: str, exact: pd.DataFrame, parts_n: pd.Series, events_n: pd.Series, *, profile: str
) -> tuple[object, object]:
    summed = [part for part in SUMS.get(step, (step,)) if part in parts_n.index]
    if summed:
        known = [part for part in summed if part in events_n.index]
        return parts_n[summed].sum(skipna=False), events_n[known].sum(skipna=False) if known else pd.NA
    if step == "events":
        return events_n.get("modelled", pd.NA), pd.NA
    return disclose_count(int(exact["n"][step]), profile=profile), pd.NA


def disclosed_groups(groups: Iterable[Told], *, name: str, profile: str) -> list[dict[str, object]]:
    """Groups that part the people whose outcome is known: n and share of events; those without anybody left out."""
    rows = [row for row in groups if row["known_n"] > 0]
    if not rows:
        return []
    counts = [(row["events_n"], row["known_n"] - row["events_n"]) for row in rows]
    table = disclose_counts(pd.DataFrame(counts, index=[row[name] for row in rows]), profile=profile)
    shown = []
    for row, (events_n, others_n, n) in zip(rows, table.iloc[:-1].itertuples(index=False), strict=True):
        hidden = pd.isna(events_n) or pd.isna(others_n)
        share = None if hidden else disclose_rate(row["events_n"], row["known_n"], profile=profile)
        shown.append({name: row[name], "n": n, "share": share})
    return shown


def disclosed_flags(predictions: pd.DataFrame, *, threshold_prob: float, profile: str) -> dict[str, int]:
    """Flagged people by area, in all the years together; nothing unless every area's may be shown.

    So an area that is hidden is not what the other areas leave of the municipality. Weighted as the shares are.
    """
    weight = predictions["weight"].astype(float)
    flagged = weight * (predictions["points_prob"] >= threshold_prob)
    sums = pd.DataFrame({"people": 1, "weight": weight, "flagged": flagged})
    sums = sums.groupby(predictions["area"].astype(str)).sum()
    flagged_n = (sums["people"] * sums["flagged"] / sums["weight"]).round().astype("int64")
    counts = pd.DataFrame({"flagged": flagged_n, "others": sums["people"] - flagged_n})
    shown = disclose_counts(counts, profile=profile)
    if shown.isna().any(axis=None):
        return {}
    return {str(area): int(n) for area, n in shown["flagged"].iloc[:-1].items()}


def disclosed_outcomes(definitions: Iterable[Told], *, profile: str) -> list[dict[str, object]]:
    """Each definition of the outcome with known_n, events_n and share.

    They are of the same people, so one that lies a handful from a definition before it tells who lies between: it is
    hidden.
    """
    found: list[dict[str, object]] = []
    told: list[tuple[int, int]] = []  # events and others of each that is shown
    for row in definitions:
        now = (int(row["events_n"]), int(row["known_n"] - row["events_n"]))
        shown = disclose_list(pd.Series(now, index=["events", "others"]), profile=profile)
        share = disclose_rate(row["events_n"], row["known_n"], profile=profile)
        if any(_tells_of_a_handful(before, now, limit=PROFILES[profile].hidden_up_to) for before in told):
            shown, share = shown.mask(shown.notna()), None
        else:
            told.append(now)
        span = _allowed_span(row, profile=profile) if share is not None else None
        found.append({**row, "known_n": shown["total"], "events_n": shown["events"], "share": share, "span": span})
    return found


def _allowed_span(row: Told, *, profile: str) -> tuple[float, float] | None:
    """The least and the most that a share can be, whatever the unknown outcomes are; None where none is unknown.

    Of fewer than may be shown nothing is told: the ends would say how many they are.
    """
    unknown_n = int(row.get("unknown_n", 0))
    if not unknown_n or disclose_count(unknown_n, profile=profile) is None:
        return None
    all_n = int(row["known_n"]) + unknown_n
    shares = (int(row["events_n"]) / all_n, (int(row["events_n"]) + unknown_n) / all_n)
    return round(shares[0], RATE_DECIMALS), round(shares[1], RATE_DECIMALS)


def _tells_of_a_handful(before: tuple[int, int], now: tuple[int, int], *, limit: int) -> bool:
    """Whether events, others or all of them differ by somebody, and by no more than `limit` people.

    By the true counts: rounded ones, each with its limits, add up to more than any of them says.
    """
    changes = [one - other for one, other in zip(now, before, strict=True)]
    return any(1 <= abs(change) <= limit for change in [*changes, sum(changes)])


def disclosed_reconciliation(reconciliation: pd.DataFrame, *, profile: str) -> pd.DataFrame:
    """Persons by `years` (text): over_ten_n in both, at_most_ten_n in the survey, over_ten_not_in_survey_n.

    Parts that never hold anybody are left out. Where a year would hide something, all years stand in one row.
    """
    if reconciliation.empty:
        return pd.DataFrame({"years": []})
    parts = pd.DataFrame(
        {
            "over_ten_n": reconciliation["over_ten_n"],
            "at_most_ten_n": reconciliation[["ten_n", "fewer_n", "none_n"]].sum(axis=1),
            "over_ten_not_in_survey_n": reconciliation["over_ten_not_in_survey_n"],
        }
    )
    parts, years = parts.loc[:, parts.any()], reconciliation["survey_year"]
    shown = [_disclosed_list(year, profile=profile) for _, year in parts.iterrows()]
    labels = [str(year) for year in years]
    if any(year.isna().any() for year in shown):
        shown = [_disclosed_list(parts.sum(), profile=profile)]
        labels = [f"{years.min()}–{years.max()}"]
    rows = [{"years": label, **year} for label, year in zip(labels, shown, strict=True)]
    return pd.DataFrame(rows, columns=["years", *parts.columns]).astype(dict.fromkeys(parts.columns, "Int64"))


def banded(curve: pd.DataFrame, *, width: float) -> pd.DataFrame:
    """A calibration curve with one point a band of risk, each the mean over the people in it."""
    band = np.floor(curve["risk"] / width)
    people = curve["n"].groupby(band).sum()
    means = {
        name: (curve[name] * curve["n"]).groupby(band).sum() / people for name in ("risk", "observed", "low", "high")
    }
    sums = {"n": people, "events_n": curve["events_n"].groupby(band).sum()}
    return pd.DataFrame({**means, **sums}).reset_index(drop=True)


def disclosed_followup(months: Iterable[Mapping[str, int]], *, profile: str) -> list[dict[str, object]]:
    """Month by month the share of the observed who had assistance; in the first everybody has, by definition."""
    return [
        {"month": row["month"], "share": disclose_rate(row["receipts_n"], row["observed_n"], profile=profile)}
        for row in months
        if row["month"] > 0
    ]


def disclosed_quality(quality: pd.DataFrame, *, profile: str) -> pd.DataFrame:
    """Rows and cells per file, column and reason; small counts are <NA>, and words that nobody gave left out."""
    quality = quality[quality["n"] > 0]
    shown = [disclose_count(n, profile=profile) for n in quality["n"]]
    return quality.assign(n=pd.Series(shown, index=quality.index, dtype="Int64"))


def disclosed_two_forms(summary: Told, *, profile: str) -> dict[str, object] | None:
    """What the case-control design rests on: the inflow's event rate, its items, what it leaves out; else None.

    tau: estimate, low and high, None on too few people. items: a row an item that is asked. months: those left out.
    """
    if summary.get("design") != CASE_CONTROL:
        return None
    tau, tested = summary["tau"], zip(summary["stability"], summary["blanks"], strict=True)
    is_shown = disclose_rate(tau["events_n"], tau["n"], profile=profile) is not None
    return {
        "tau": {name: round(tau[name], RATE_DECIMALS) for name in ("estimate", "low", "high")} if is_shown else None,
        "items": [
            _disclosed_item(shift | blank, summary["answers_from"], profile=profile)
            for shift, blank in tested
            if shift["verdict"] != REGISTERED
        ],
        "months": [int(row["month"]) for row in summary["left_out_months"]],
        "unlinked_used": summary["unlinked_events"]["used"],
        "measured": summary["inflow_check"]["measurable"],
        "exam_year": summary.get("exam_year"),
    }


def _disclosed_item(item: Told, people: Mapping[str, int], *, profile: str) -> dict[str, object]:
    """One item's tests. The shift is a net of both directions, so that it counts nobody; among too few it is hidden."""
    both_n, blank = item["both_n"], {}
    for form in ("survey", "intake"):
        share = item[f"{form}_share"]
        blanks_n = None if share is None else round(share * people[form])
        blank[f"{form}_share"] = disclose_rate(blanks_n, people[form], profile=profile)
    return {
        **{name: item[name] for name in ("item", "verdict")},
        "tested": both_n is not None,
        "both_n": disclose_count(both_n, profile=profile),
        "net_shift": round(item["net_shift"], RATE_DECIMALS) if (both_n or 0) >= BOTH_MIN_N else None,
        **blank,
    }
