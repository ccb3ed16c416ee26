"""The evidence that stands in a release: every number through the one door out."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from riskmodel.assess.at_threshold import measures_at
from riskmodel.assess.policy import Threshold
from riskmodel.assess.record import Assessment
from riskmodel.disclosure import (
    MEASURE_DECIMALS,
    MEASURE_MIN,
    PROFILES,
    disclose_count,
    disclose_gaps,
    disclose_measures,
    disclose_statistics,
    rule_text,
)
from riskmodel.disclosure.earlier import Evidence, spans_before, wholes_before
from riskmodel.ground.settings import Settings
from riskmodel.ground.words import LANGUAGES

POLICY_LEVEL = 0.90  # of the intervals printed beside the policy's demands (method.md 6)
PAIR_COLUMNS = ("column", "group", "measure", "difference", "low", "high", "tolerance")


def disclosed_evidence(
    assessment: Assessment,
    at_threshold: pd.DataFrame,
    fairness: pd.DataFrame,
    *,
    profile: str,
    before: Sequence[Evidence] = (),
) -> dict[str, object]:
    """What was measured out of time, fit to be handed out.

    at_threshold: measures at the published threshold, overall and by group, empty in a release without flags. before:
    evidence handed out earlier, on these people or some of them.
    """
    summary = assessment.summary
    filled = [frame for frame in (assessment.measures, at_threshold) if len(frame)]
    known = wholes_before(before)
    measures = disclose_measures(pd.concat(filled, ignore_index=True), profile=profile, before=known)
    clusters_n = disclose_count(summary["clusters_n"], profile=profile, before=spans_before("clusters_n", before))
    comparisons = disclose_statistics(assessment.comparisons, n=summary["n"], events_n=summary["events_n"])
    return {
        "profile": profile,
        "rule": {language: rule_text(profile, language) for language in LANGUAGES},
        "kind": summary["evidence"],
        "kind_text": summary["evidence_text"],
        "is_weak": summary["evidence_weak"],
        "years": summary["years"],
        **_everybody(measures),
        "clusters_n": clusters_n,
        "measures": rows_of(measures),
        "fairness": rows_of(disclose_gaps(fairness, measures=measures)),
        "comparisons": rows_of(comparisons),
        "history_share": _history(summary),
        "validation_size": {**summary["validation_size"], "available_n": clusters_n},
    }


def _history(summary: Mapping[str, Any]) -> dict[str, float] | None:
    """How much of the discrimination the months so far bring; None at the first landmark, and among too few."""
    found, others_n = summary["history_share"], summary["n"] - summary["events_n"]
    if found is None or min(summary["events_n"], others_n) < MEASURE_MIN:
        return None
    return {name: round(value, MEASURE_DECIMALS) for name, value in found.items()}


def _everybody(measures: pd.DataFrame) -> dict[str, int | None]:
    """People and events as the measures on everybody show them: one number for one count."""
    whole = measures[(measures["scope"] == "overall") & (measures["predictor"] == "points")].iloc[0]
    return {name: None if pd.isna(whole[name]) else int(whole[name]) for name in ("n", "events_n")}


def disclosed_pairs(pairs: pd.DataFrame) -> pd.DataFrame:
    """The gaps of two groups at once that lie beyond their tolerance: no counts, three decimals."""
    beyond = pairs[pairs["difference"].abs() > pairs["tolerance"]]
    return beyond[list(PAIR_COLUMNS)].round(MEASURE_DECIMALS).reset_index(drop=True)


def expected_at(predictions: pd.DataFrame, threshold: Threshold | None, settings: Settings) -> dict[str, object] | None:
    """What flagging from `threshold` upwards would have meant: measure to estimate, low and high (90 %)."""
    if threshold is None:
        return None
    found = measures_at(predictions, settings, threshold_prob=threshold.prob, level=POLICY_LEVEL)
    shown = disclose_measures(found, profile=settings.release.profile)
    numbers = ["estimate", "low", "high", "status"]
    return {row["measure"]: {key: row[key] for key in numbers} for row in rows_of(shown)}


def measured_points(measures: pd.DataFrame, *, scope: str = "overall") -> dict[str, dict[str, float]]:
    """Estimate, low and high of every measure of the points in `scope`."""
    rows = rows_of(measures[(measures["scope"] == scope) & (measures["predictor"] == "points")])
    return {row["measure"]: {key: row[key] for key in ("estimate", "low", "high")} for row in rows}


def small_cells_n(evidence: Mapping[str, Any], *, profile: str) -> int:
    """How many counts in the evidence lie from 1 up to what `profile` hides: there should be none."""
    limit = PROFILES[profile].hidden_up_to
    counts = [evidence[key] for key in ("n", "events_n", "clusters_n")]
    for row in (*evidence["measures"], *evidence["fairness"]):
        counts += [row["n"], row["events_n"]]
        if None not in (row["n"], row["events_n"]):
            counts.append(row["n"] - row["events_n"])
    return sum(count is not None and 0 < count <= limit for count in counts)


def rows_of(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of `frame` as plain dictionaries; what is missing is None."""
    plain = frame.astype(object).where(frame.notna(), None)
    return [{str(column): value for column, value in row.items()} for row in plain.to_dict("records")]
