"""Counts of people on their way out: each frame or list comes back with what may not be shown as <NA> or None."""

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from riskmodel.disclosure import disclose_count, disclose_counts, disclose_list, disclose_rate

# the flow's parts, everyone counted in one of them; other steps are sums of these, or count rows
LEFT_BEFORE = ("absent", "before_answers")
LEFT_AFTER = ("joined", "unlinked", "age_outside", "route", "not_followed")
KEPT = ("unknown", "modelled")
PARTS = (*LEFT_BEFORE, *LEFT_AFTER, *KEPT)
SUMS = {
    "starts": PARTS,
    "new_cases": (*LEFT_AFTER, *KEPT),
    "labelled_cases": (*LEFT_AFTER, *KEPT),
    "fitted": KEPT,
}
SURVEY_PARTS = ("over_ten_n", "ten_n", "fewer_n", "none_n")


def disclosed_flow(flow: pd.DataFrame, *, profile: str) -> pd.DataFrame:
    """The flow with its counts as they may be shown; a sum is shown only when all that it sums is."""
    exact = flow.set_index("step")
    parts = [step for step in PARTS if step in exact.index]
    events = exact.loc[parts, "events_n"].fillna(0).astype("int64")
    table = disclose_counts(pd.DataFrame({"events": events, "others": exact.loc[parts, "n"] - events}), profile=profile)
    shown_n: dict[str, Any] = {
        step: disclose_count(n, profile=profile) for step, n in zip(exact.index, exact["n"], strict=True)
    }
    shown_events_n: dict[str, Any] = dict.fromkeys(exact.index)
    for step in exact.index:
        summed = [part for part in SUMS.get(step, (step,)) if part in parts]
        if summed:
            shown_n[step] = table.loc[summed, "total"].sum(skipna=False)
            shown_events_n[step] = table.loc[summed, "events"].sum(skipna=False)
    if "events" in exact.index and "modelled" in parts:
        shown_n["events"] = table.loc["modelled", "events"]
    known = flow["events_n"].notna().to_numpy() & (flow["step"] != "events").to_numpy()
    events_n = pd.Series([shown_events_n[step] for step in flow["step"]], dtype="Int64").where(known)
    return flow.assign(
        n=pd.Series([shown_n[step] for step in flow["step"]], dtype="Int64"), events_n=events_n, has_events=known
    )


def disclosed_groups(groups: Iterable[Mapping[str, Any]], *, name: str, profile: str) -> list[dict[str, Any]]:
    """Groups that part the people between them (`name`, n, known_n, events_n): n and share (events of the known)."""
    rows = list(groups)
    if not rows:
        return []
    parts = {
        "events": [row["events_n"] for row in rows],
        "others": [row["known_n"] - row["events_n"] for row in rows],
        "unknown": [row["n"] - row["known_n"] for row in rows],
    }
    table = disclose_counts(pd.DataFrame(parts, index=[row[name] for row in rows]), profile=profile)
    return [
        {
            name: row[name],
            "n": table.loc[row[name], "total"],
            "share": disclose_rate(row["events_n"], row["known_n"], profile=profile)
            if table.loc[row[name], ["events", "others"]].notna().all()
            else None,
        }
        for row in rows
    ]


def disclosed_outcomes(definitions: Iterable[Mapping[str, Any]], *, profile: str) -> list[dict[str, Any]]:
    """Each definition of the outcome with known_n, events_n and share."""
    found = []
    for row in definitions:
        counts = pd.Series({"events": row["events_n"], "others": row["known_n"] - row["events_n"]})
        shown = disclose_list(counts, profile=profile)
        share = disclose_rate(row["events_n"], row["known_n"], profile=profile)
        found.append({**row, "known_n": shown["total"], "events_n": shown["events"], "share": share})
    return found


def disclosed_reconciliation(reconciliation: pd.DataFrame, *, profile: str) -> pd.DataFrame:
    """Survey against register: per survey_year the parts of the survey, in_survey_n, and those it does not list."""
    rows = []
    for year in reconciliation.to_dict("records"):
        parts = pd.Series({part: year[part] for part in (*SURVEY_PARTS, "over_ten_not_in_survey_n")}, dtype="int64")
        shown = disclose_list(parts, profile=profile).drop("total")
        in_survey_n = shown[list(SURVEY_PARTS)].sum(skipna=False)
        rows.append({"survey_year": year["survey_year"], "in_survey_n": in_survey_n, **shown})
    columns = ["survey_year", "in_survey_n", *SURVEY_PARTS, "over_ten_not_in_survey_n"]
    return pd.DataFrame(rows, columns=columns).astype("Int64")


def disclosed_followup(months: Iterable[Mapping[str, int]], *, profile: str) -> list[dict[str, Any]]:
    """Month by month the share of the observed who had assistance."""
    return [
        {"month": row["month"], "share": disclose_rate(row["receipts_n"], row["observed_n"], profile=profile)}
        for row in months
    ]


def disclosed_quality(quality: pd.DataFrame, *, profile: str) -> pd.DataFrame:
    """Rows and cells per file, column and reason; small counts are <NA>."""
    shown = [disclose_count(n, profile=profile) for n in quality["n"]]
    return quality.assign(n=pd.Series(shown, index=quality.index, dtype="Int64"))
