"""What was found at one landmark, as it is handed out in a release: every number through the one door out."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import pandas as pd

from riskmodel.assess.by_policy import ByPolicy
from riskmodel.assess.new_year.flags import disclosed_changes
from riskmodel.assess.new_year.verdict import Found, NewYear, Tried
from riskmodel.assess.record import Assessment
from riskmodel.assess.repeated.multiverse import Robustness
from riskmodel.disclosure import (
    MEASURE_DECIMALS,
    MEASURE_MIN,
    PROFILES,
    RATE_DECIMALS,
    Whole,
    disclose_count,
    disclose_gaps,
    disclose_measures,
    disclose_people,
    disclose_statistics,
    read_people,
    rule_text,
)
from riskmodel.disclosure.earlier import Compared, Evidence, shows_areas, spans_before, wholes_before, without_flags
from riskmodel.ground.words import LANGUAGES
from riskmodel.publish.year import Year
from riskmodel.release.gates import Gate, judged

PAIR_COLUMNS = ("column", "group", "measure", "difference", "low", "high", "tolerance")
FIGURES = ("changed_share", "mean_abs_change", "mean_width")  # of the summary, as the report tells them
POOLED = ""  # the group of a row that speaks of all areas, or all years, together


def disclosed_evidence(
    assessment: Assessment, found: ByPolicy, *, profile: str, before: Sequence[Evidence] = ()
) -> dict[str, object]:
    """What was measured out of time, fit to be handed out. before: see `disclosed_year`."""
    summary = assessment.summary
    filled = [frame for frame in (assessment.measures, found.at_threshold) if len(frame)]
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
        "fairness": rows_of(disclose_gaps(found.gaps, measures=measures)),
        "audit": _rounded(found.summary["audit"], RATE_DECIMALS),
        "comparisons": rows_of(comparisons),
        "unseen": _unseen(assessment),
        "history_share": _history(assessment),
        "validation_size": {**summary["validation_size"], "available_n": clusters_n},
    }


def _unseen(assessment: Assessment) -> list[dict[str, object]]:
    """What the points can't say; nothing among too few."""
    summary = assessment.summary
    if min(summary["events_n"], summary["n"] - summary["events_n"]) < MEASURE_MIN:
        return []
    shown = [{name: round(one[name], MEASURE_DECIMALS) for name in ("z", "auc_gain")} for one in summary["unseen"]]
    return [{**one, **numbers} for one, numbers in zip(summary["unseen"], shown, strict=True)]


def _history(assessment: Assessment) -> dict[str, float] | None:
    """How much of the discrimination the months so far bring; None at the first landmark, and among too few."""
    summary, found = assessment.summary, assessment.summary["history_share"]
    if found is None or min(summary["events_n"], summary["n"] - summary["events_n"]) < MEASURE_MIN:
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


def shown_expected(found: pd.DataFrame, *, profile: str) -> dict[str, dict[str, Any]] | None:
    """What flagging from a threshold upwards would have meant: measure to estimate, low and high (90 %)."""
    if found.empty:
        return None
    numbers = ["estimate", "low", "high", "status"]
    shown = disclose_measures(found, profile=profile)
    return {row["measure"]: {key: row[key] for key in numbers} for row in rows_of(shown)}


def measured_points(measures: pd.DataFrame) -> dict[str, dict[str, float]]:
    """Estimate, low and high of every measure of the points on everybody."""
    rows = rows_of(measures[(measures["scope"] == "overall") & (measures["predictor"] == "points")])
    return {row["measure"]: {key: row[key] for key in ("estimate", "low", "high")} for row in rows}


def small_cells_n(evidence: Evidence, *, profile: str) -> int:
    """How many counts in the evidence lie from 1 up to what `profile` hides: there should be none."""
    limit = PROFILES[profile].hidden_up_to
    counts = [evidence[key] for key in ("n", "events_n", "clusters_n")]
    for row in (*evidence["measures"], *evidence["fairness"]):
        counts += [row["n"], row["events_n"]]
        if None not in (row["n"], row["events_n"]):
            counts.append(row["n"] - row["events_n"])
    return sum(count is not None and 0 < count <= limit for count in counts)


def disclosure_gate(evidence: Evidence, compared: Compared, *, profile: str) -> Gate:
    """G9: no count in the evidence lies below what the profile shows, or tells of so few beside what was shown."""
    few_n = small_cells_n(evidence, profile=profile)
    found = {"profile": profile, "small_cells_n": few_n, **asdict(compared), "releases": list(compared.releases)}
    return judged("G9", few_n == 0 and compared.unsafe_n == 0, found)


def rows_of(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of `frame` as plain dictionaries; what is missing is None."""
    plain = frame.astype(object).where(frame.notna(), None)
    return [{str(column): value for column, value in row.items()} for row in plain.to_dict("records")]


def disclosed_robustness(
    found: Robustness, n: int, events_n: int, *, profile: str, before: Sequence[Whole] = ()
) -> dict[str, object]:
    """What `release.json` keeps of `found`.

    n, events_n: the cases that its figures were measured on. before: what is known of some of them, or of more.
    """
    shares = disclose_statistics(pd.DataFrame([found.summary])[list(FIGURES)], n=n, events_n=events_n)
    return {
        "resamples_n": int(found.summary["resamples_n"]),
        "stability": {name: _number(shares, name) for name in FIGURES},
        "optimism": rows_of(disclose_statistics(found.indexes, n=n, events_n=events_n)),
        "held_out": rows_of(_held_out(found.held_out, profile=profile, before=before)),
        "choices": rows_of(_choices(found.choices, n=n, events_n=events_n)),
        "proxies": rows_of(_without_counts(found.proxies).round(MEASURE_DECIMALS)),
        "forms": rows_of(_forms(found.forms)),
        "asked": rows_of(_asked(found.summary["asked_share"], n=n, events_n=events_n)),
        "drop_in": rows_of(disclose_statistics(_without_counts(found.drop_in), n=n, events_n=events_n)),
    }


def _number(shares: pd.DataFrame, name: str) -> float | None:
    return None if shares.empty else float(shares[name].iloc[0])


def _held_out(rows: pd.DataFrame, *, profile: str, before: Sequence[Whole]) -> pd.DataFrame:
    """Areas and years one by one through the same door as other groups; what is pooled over them as it is."""
    is_pooled = rows["group"] == POOLED
    apart = rows[~is_pooled].rename(columns={"column": "scope"}).assign(predictor="points")
    disclosed = disclose_measures(apart, profile=profile, before=before) if len(apart) else apart
    shown = disclosed.rename(columns={"scope": "column"})
    pooled = rows[is_pooled].assign(n=None, events_n=None)
    frames = [frame.reindex(columns=rows.columns) for frame in (shown, pooled) if len(frame)]
    together = pd.concat(frames, ignore_index=True) if frames else rows
    numbers = together.select_dtypes("float").columns
    return together.assign(**{name: together[name].round(MEASURE_DECIMALS) for name in numbers})


def _choices(rows: pd.DataFrame, *, n: int, events_n: int) -> pd.DataFrame:
    """Other choices: how many of a hundred are flagged, and how many change side. Reasons may speak of counts."""
    kept = _without_counts(rows).drop(columns="reason")
    shares = [name for name in kept.columns if name.endswith(("_share", "_prob"))]
    return disclose_statistics(kept, n=n, events_n=events_n).round(dict.fromkeys(shares, RATE_DECIMALS))


def _asked(shares: Mapping[str, float], *, n: int, events_n: int) -> pd.DataFrame:
    """How often each question was chosen where the procedure was repeated."""
    rows = pd.DataFrame({"item": list(shares), "share": list(shares.values())})
    return disclose_statistics(rows, n=n, events_n=events_n).round({"share": RATE_DECIMALS})


def _forms(rows: pd.DataFrame) -> pd.DataFrame:
    """What every number of questions is worth, by the people it was measured on."""
    if rows.empty:
        return rows
    n, events_n = (int(rows[name].iloc[0]) for name in ("n", "events_n"))
    return disclose_statistics(_without_counts(rows), n=n, events_n=events_n)


def _without_counts(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[[name for name in rows.columns if name != "n" and not name.endswith("_n")]]


def disclosed_new_year(found: NewYear, last: Tried, *, profile: str, before: Sequence[Whole] = ()) -> dict[str, object]:
    """The verdict on the last release with its reasons and figures: counts as `profile` shows them, three decimals.

    before: what is known of these people, or of more, from what was shown earlier.
    """
    everybody = _found(found.everybody, profile=profile, before=before)
    known = [] if everybody is None else [read_people(everybody["n"], everybody["events_n"], profile=profile)]
    return {
        "release": last.release,
        "verdict": found.verdict,
        "text": asdict(found.text),
        "reasons": [{"reason": reason, "text": asdict(text)} for reason, text in found.reasons.items()],
        "stamp": asdict(found.stamp) if found.stamp else None,
        "notes": [asdict(note) for note in last.notes],
        "everybody": everybody,
        "unshown": _found(found.unshown, profile=profile, before=[*before, *known]),
    }


def _found(found: Found | None, *, profile: str, before: Sequence[Whole]) -> dict[str, Any] | None:
    if found is None:
        return None
    n, events_n = disclose_people(found.n, found.events_n, profile=profile, before=before)
    clusters_n = None if n is None else disclose_count(found.clusters_n, profile=profile)
    counts = {"n": n, "events_n": events_n, "clusters_n": clusters_n}
    enough = min(found.events_n, found.n - found.events_n) >= MEASURE_MIN
    if not enough or found.closed is None:
        return {**counts, "measures": {}, "gains": {}, "steps": [], "all_directions": None}
    return {
        **counts,
        "measures": {name: _rounded(numbers) for name, numbers in (found.measures or {}).items()},
        "gains": {name: _rounded(numbers) for name, numbers in (found.gains or {}).items()},
        "steps": [
            {**asdict(step), "p_value": round(step.p_value, MEASURE_DECIMALS), "rejects": step.rejects}
            for step in found.closed.steps
        ],
        "all_directions": {
            "df": found.closed.all_directions.df,
            "p_value": round(found.closed.all_directions.p_value, MEASURE_DECIMALS),
        },
    }


def _rounded(numbers: Mapping[str, float | None], decimals: int = MEASURE_DECIMALS) -> dict[str, float | None]:
    known = {name: value for name, value in numbers.items() if value is not None and value == value}
    return {name: round(known[name], decimals) if name in known else None for name in numbers}


def disclosed_year(
    year: Year, verdict: NewYear | None, before: Sequence[Evidence], *, profile: str
) -> dict[str, object]:
    """What was measured at one landmark, as it may be handed out. verdict: on the last release, None without one.

    before: evidence handed out earlier, on these people or some of them.
    """
    found, tried = year.by_policy, year.by_policy.tried
    made = disclosed_evidence(year.assessment, found, profile=profile, before=before)
    known = wholes_before([*before, made])
    made["robustness"] = disclosed_robustness(
        year.robustness, **found.summary["modelled"], profile=profile, before=known
    )
    made["pairs"] = rows_of(disclosed_pairs(found.pairs))
    if len(found.flags):
        flags = disclosed_changes(found.flags, found.summary["against"], profile=profile, before=before)
        made["flags_against"] = flags if shows_areas(made) else without_flags(flags)
    if tried is not None and verdict is not None:
        known = wholes_before([*before, made])
        made["new_year"] = disclosed_new_year(verdict, tried, profile=profile, before=known)
    return made
