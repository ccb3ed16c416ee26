"""Everything the chapters may know, after disclosure control: no chapter ever holds a count it must not print."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property

import numpy as np
import pandas as pd

from riskmodel.assess.subgroups import UNKNOWN
from riskmodel.assess.survey_profile import EVERYBODY, INFLOW, SurveyProfile
from riskmodel.cohort.two_forms import BOTH_MIN_N
from riskmodel.disclosure import (
    MEASURE_MIN,
    RATE_DECIMALS,
    disclose_bins,
    disclose_count,
    disclose_counts,
    disclose_distribution,
    disclose_rate,
    disclose_statistics,
)
from riskmodel.ground.settings import Settings
from riskmodel.instrument.records import NO_ANSWER, Instrument
from riskmodel.release.acts import Confirmation
from riskmodel.release.landmark import Landmark
from riskmodel.release.record import Release
from riskmodel.report.disclosed import (
    Told,
    banded,
    disclosed_flags,
    disclosed_flow,
    disclosed_followup,
    disclosed_groups,
    disclosed_outcomes,
    disclosed_quality,
    disclosed_reconciliation,
    disclosed_two_forms,
)
from riskmodel.report.run import Run

SHARE_COLUMNS = ("item", "answer", "place", "n", "share")
NUMBERS = ("ratio", "low", "high")
BAND = 0.05  # of risk: the curve's table has a row for each


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


@dataclass(frozen=True)
class Measured:
    """One measure with its interval; `status` "ok", or why there is no number."""

    estimate: float | None
    low: float | None
    high: float | None
    n: int | None
    events_n: int | None
    status: str

    @property
    def rest(self) -> "Measured":
        """What is left of the whole, such as those missed of those found."""
        estimate, low, high = (None if one is None else 1 - one for one in (self.estimate, self.high, self.low))
        return replace(self, estimate=estimate, low=low, high=high)


NOT_MEASURED = Measured(None, None, None, None, None, "not_available")


@dataclass(frozen=True, eq=False)
class Evidence:
    """What may be shown. Measures, gaps and comparisons are the release's own, so that report and release agree.

    two_forms: of the case-control design, None in the other. exam: the one look at the latest year, None before it.
    flags_by_area: people in all the years together, empty where not every area's may be shown.
    """

    release: Release
    previous: Release | None
    instrument: Instrument
    settings: Settings
    profile: str
    curve: pd.DataFrame
    decision: pd.DataFrame
    distribution: pd.DataFrame
    flow: pd.DataFrame
    outcomes: Sequence[Told]
    two_forms: Told | None
    flags_by_area: dict[str, int]
    unlinked: Sequence[Told]
    exits: Sequence[Told]
    followup: Sequence[Told]
    censored: Told
    quality: pd.DataFrame
    reconciliation: pd.DataFrame
    summary: Told
    drop_one: pd.DataFrame
    survey: DisclosedProfile
    exam: Confirmation | None

    @cached_property
    def measures(self) -> dict[tuple[str, str, str, str], Measured]:
        """The release's own, by scope, group, predictor and measure."""
        names = [field.name for field in fields(Measured)]
        return {
            (row["scope"], row["group"], row["predictor"], row["measure"]): Measured(*(row[name] for name in names))
            for row in self.told["measures"]
        }

    @property
    def landmark(self) -> Landmark:
        """The table of points the report is about."""
        return self.release.landmarks[0]

    @property
    def told(self) -> Told:
        """The release's own evidence, as it stands there."""
        return self.release.evidence.raw

    @property
    def robustness(self) -> Told:
        """What became of the model when it was made again."""
        robustness: Told = self.told["robustness"]
        return robustness

    @property
    def release_profile(self) -> str:
        """The profile behind the release's own measures."""
        return str(self.told["profile"])

    @property
    def flags(self) -> bool:
        """Whether the release raises any flags."""
        return self.landmark.thresholds.flag is not None

    def measured(self, measure: str, *, scope: str = "overall", group: str = "", predictor: str = "points") -> Measured:
        """The measure of one group and predictor."""
        return self.measures.get((scope, group, predictor, measure), NOT_MEASURED)

    @property
    def scopes(self) -> list[str]:
        """What the measures are broken down by, in the release's order."""
        return list(dict.fromkeys(scope for scope, _, _, _ in self.measures))

    def groups(self, scope: str) -> list[str]:
        """The groups of `scope`: an item's levels in the instrument's order, others by name, the unknown last."""
        found = dict.fromkeys(group for of, group, _, _ in self.measures if of == scope)
        codes = [code for item in self.instrument.items if item.id == scope for code in item.codes]
        places = {code: place for place, code in enumerate(codes)}
        return sorted(found, key=lambda group: (group in UNKNOWN, places.get(group, 0)))


def gate_evidence(evidence: Evidence, gate_id: str) -> Told:
    """What one gate found; nothing when the release does not have it."""
    return next((gate.evidence.raw for gate in evidence.release.gates if gate.id == gate_id), {})


def at_landmark(evidence: Evidence, landmark: Landmark) -> Evidence:
    """`evidence` as if the release held this later table alone: its points, limits and measures."""
    measured = landmark.evidence or evidence.release.evidence
    return replace(evidence, release=replace(evidence.release, landmarks=(landmark,), evidence=measured))


def collect(run: Run, *, profile: str) -> Evidence:
    """What of `run` may be shown under `profile`."""
    summary, assessment = run.summary, run.assessment
    people = {key: int(assessment.summary[key]) for key in ("n", "events_n")}
    return Evidence(
        release=run.release,
        previous=run.previous,
        instrument=run.instrument,
        settings=run.settings,
        profile=profile,
        curve=_curve(assessment.curves, profile=profile),
        decision=disclose_statistics(assessment.decision, **people),
        distribution=disclose_distribution(assessment.distribution, profile=profile),
        flow=disclosed_flow(run.flow, profile=profile),
        outcomes=disclosed_outcomes(summary["outcomes"], profile=profile),
        two_forms=disclosed_two_forms(summary, profile=profile),
        flags_by_area=_flags_by_area(run),
        unlinked=disclosed_groups(_linked_or_not(summary), name="group", profile=profile),
        exits=disclosed_groups(summary["exits"], name="exit", profile=profile),
        followup=disclosed_followup(summary["followup"], profile=profile),
        censored=_censored(summary, profile=profile),
        quality=disclosed_quality(run.quality, profile=profile),
        reconciliation=disclosed_reconciliation(run.reconciliation, profile=profile),
        summary=_without_counts(summary),
        drop_one=disclose_statistics(run.drop_one, **people),
        survey=disclosed_survey(run.survey, profile=profile),
        exam=run.release.publication.confirmation if run.release.publication else run.exam,
    )


def _flags_by_area(run: Run) -> dict[str, int]:
    """Flags by area where the release tells the people and the share flagged of every area, else none.

    Under the release's own profile, as all that stands beside them is.
    """
    threshold_prob = run.release.landmarks[0].thresholds.threshold_prob
    shown = run.release.evidence
    told = [row for row in shown.measures if (row.scope, row.measure) == ("area", "flagged_share")]
    if threshold_prob is None or not told or any(None in (row.n, row.estimate) for row in told):
        return {}
    return disclosed_flags(run.predictions, threshold_prob=threshold_prob, profile=str(shown.raw["profile"]))


def _curve(curves: pd.DataFrame, *, profile: str) -> pd.DataFrame:
    """The calibration curve of the points on everybody, without rows when there are too few for one."""
    whole = curves[(curves["scope"] == "overall") & (curves["predictor"] == "points")]
    return disclose_bins(banded(whole, width=BAND), profile=profile)


def _linked_or_not(summary: Told) -> list[dict[str, object]]:
    """The groups that part the cases; "unlinked" is the sum of its two kinds."""
    groups = summary["unlinked"]["groups"] if summary["unlinked"] else []
    return [row for row in groups if row["group"] != "unlinked"]


def _censored(summary: Told, *, profile: str) -> dict[str, object]:
    censoring = summary["censoring"]
    rules = [{"rule": row["rule"], "share": _share(row["share"])} for row in censoring["rules"]]
    shares = {key: _share(summary["base_rate"][f"kaplan_meier_{key}"]) for key in ("share", "low", "high")}
    kept = {"rule": censoring["rule"], "rules": rules, "kaplan_meier": shares}
    return {"n": disclose_count(censoring["censored_n"], profile=profile), **kept}


def _without_counts(summary: Told) -> dict[str, object]:
    """What the cohort says in words, months and years."""
    unlinked = summary["unlinked"]
    explained = {"share": _share(unlinked["share"]), "explanation": unlinked["explanation"]} if unlinked else None
    return {"outcome": summary["outcome"], "month_meaning": summary["month_meaning"], "unlinked": explained}


def _share(share: float | None) -> float | None:
    return None if share is None else round(share, RATE_DECIMALS)
