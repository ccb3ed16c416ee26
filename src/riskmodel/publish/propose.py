"""From the year's evidence to a candidate: a table of points for each landmark, and the gates over all of them.

What the stage leaves on disk: the candidate's folder, and the figures and curves that are followed by version control.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pandas as pd

from riskmodel.assess.new_year.verdict import NewYear, judge_last_release
from riskmodel.assess.policy import Stability, stability
from riskmodel.assess.record import Assessment
from riskmodel.cohort.two_forms import entering_instrument
from riskmodel.disclosure import disclose_curves, disclose_statistics
from riskmodel.disclosure.earlier import Evidence, evidence_of_all, months_of, settled, spans_before
from riskmodel.disclosure.tables import disclose_count
from riskmodel.extracts.delivery import load_delivery
from riskmodel.ground.files import canonical_json, write_bytes, write_json
from riskmodel.ground.settings import Settings
from riskmodel.ground.workspace import Workspace
from riskmodel.instrument.load import read_instrument
from riskmodel.instrument.pairs import questions_in
from riskmodel.instrument.records import Instrument
from riskmodel.publish.compose import compose_landmark, compose_release
from riskmodel.publish.evidence import disclosed_year, disclosure_gate
from riskmodel.publish.evidence_gates import gates_of
from riskmodel.publish.origin import local_key, origin, sha256_of_cohorts, sha256_of_delivery, sha256_of_run
from riskmodel.publish.render import rendered_files
from riskmodel.publish.year import Year, read_year
from riskmodel.release.acts import present_gates
from riskmodel.release.bundle import RELEASE_FILE
from riskmodel.release.evidence import Estimate, Measure
from riskmodel.release.gates import FAILED, Gate, in_order, over_landmarks, still_open
from riskmodel.release.record import Release
from riskmodel.release.verify import previous_release, published_releases

MEASURES = ("auc", "oe", "recalibration_slope", "ici", "scaled_brier")
REFIT_GATES = ("G4", "G5", "G6")  # what a refit must pass before it is worth changing to


def propose(
    years: Sequence[Year],
    instrument: Instrument,
    settings: Settings,
    *,
    origin: Mapping[str, str],
    earlier: Sequence[Release] = (),
) -> Release:
    """The candidate that follows from `years` (one a landmark, in order) and the policy.

    origin: hashes of what it was made from. earlier: every release ever published here, beside which the candidate's
    counts must tell of no handful.
    """
    found: list[Proposed] = []
    for year in years:
        month = year.landmark
        before = [*evidence_of_all([release.raw for release in earlier], month), *(one.shown for one in found)]
        ids = [release.published.id for release in earlier if month in months_of(release.raw)]
        found.append(propose_landmark(year, instrument, settings.at(month), before=before, ids=ids))
    first, *later = found
    gates = over_landmarks({year.landmark: one.gates for year, one in zip(years, found, strict=True)})
    return compose_release(
        [first.landmark, *({**one.landmark, "evidence": one.evidence} for one in later)],
        instrument,
        settings,
        years[0].cohort,
        evidence=first.evidence,
        gates=in_order([*gates, *still_open()]),
        origin=origin,
        research_only=any(one.research_only for one in found),
    )


@dataclass(frozen=True, eq=False)
class Proposed:
    """A table of points as it stands in a candidate, what it rests on, and the gates the evidence decides.

    shown: the evidence as later landmarks are held against it.
    """

    landmark: dict[str, object]
    evidence: dict[str, object]
    gates: list[Gate]
    research_only: bool
    shown: Evidence


def propose_landmark(
    year: Year, instrument: Instrument, settings: Settings, *, before: Sequence[Evidence] = (), ids: Sequence[str] = ()
) -> Proposed:
    """The table that follows from `year` and the policy.

    before: all evidence handed out earlier, of this landmark in the releases `ids` and of earlier landmarks in this.
    """
    instrument = instrument.asking(questions_in(year.model.design.asked), landmark=settings.cohort.landmark)
    profile, steady = settings.release.profile, _steady(year)
    available_n, known = year.model_evidence["sample_size"]["available_n"], spans_before("sample_n", before)
    sample_n = disclose_count(available_n, profile=profile, before=known)  # households with known outcome
    found = gates_of(year, instrument, settings, steady=steady, sample_n=sample_n)
    make = partial(disclosed_year, year, _judged_last(year, settings, found), profile=profile)
    evidence, compared = settled(make, before, releases=ids)
    return Proposed(
        landmark=compose_landmark(year, instrument, settings, steady=steady),
        evidence=evidence,
        gates=[*found, disclosure_gate(evidence, compared, profile=profile)],
        research_only=_is_research_only(year, found),
        shown={**evidence, "sample_n": sample_n},
    )


def _steady(year: Year) -> Stability | None:
    """The band of whom other samples of people might have flagged otherwise; None in a release without flags."""
    flagged, chosen = year.robustness.people["flagged_models_share"].to_numpy(), year.by_policy.choice.threshold
    return stability(year.by_policy.people, chosen, flagged) if chosen else None


def _judged_last(year: Year, settings: Settings, found: Sequence[Gate]) -> NewYear | None:
    """The verdict on the last release; the gates `found` say whether this year's table could take its place."""
    if year.by_policy.tried is None:
        return None
    passes = all(gate.status != FAILED for gate in found if gate.id in REFIT_GATES)
    return judge_last_release(year.by_policy.tried, settings.policy, refit_passes=passes)


def _is_research_only(year: Year, found: Sequence[Gate]) -> bool:
    """Too few people; or a case-control design that is not measured on enough of the inflow, nor will be."""
    inflow = year.assessment.summary["inflow_check"]
    judged = inflow is None or inflow["measured"] or inflow.get("waits", False)
    return not judged or any(gate.id == "G4" and gate.status == FAILED for gate in found)


@dataclass(frozen=True, eq=False)
class Made:
    """A candidate. previous: the release it is compared with; assessment: of its first landmark."""

    candidate: Release
    previous: Release | None
    assessment: Assessment


def make_candidate(workspace: Workspace, settings: Settings) -> Made:
    """The candidate that follows from the latest run in `workspace` under `settings`."""
    instrument = read_instrument(workspace.root / Path(settings.delivery.instrument))
    files = load_delivery(workspace.delivery).files
    years = [read_year(workspace, landmark, settings) for landmark in settings.cohort.landmarks]
    known = entering_instrument(instrument, years[0].cohort.refused)
    made_from = origin(
        settings,
        sums={
            "delivery": sha256_of_delivery(zip(files["file"], files["sha256"], strict=True)),
            "cohort": sha256_of_cohorts(workspace, settings.cohort.landmarks),
            "run": sha256_of_run(workspace, settings.cohort.landmarks),
        },
        key=local_key(workspace),
        instrument_sha256=instrument.sha256,
        lock=workspace.libraries,
    )
    earlier = published_releases(workspace.releases, municipality=instrument.municipality_code)
    candidate = propose(years, known, settings, origin=made_from, earlier=earlier)
    return Made(candidate, previous_release(workspace), years[0].assessment)


def write_candidate(candidate: Release, workspace: Workspace, *, previous: Release | None = None) -> None:
    """Write the candidate and everything rendered from it. previous: the release it is compared with."""
    files = {RELEASE_FILE: canonical_json(candidate.raw), **rendered_files(candidate, previous)}
    for name, content in files.items():
        write_bytes(workspace.candidate / name, content)


def write_metrics(candidate: Release, assessment: Assessment, workspace: Workspace) -> None:
    """Write the candidate's key figures and the two curves that `dvc` follows, all as they may be shown."""
    write_json(workspace.metrics, metrics(candidate))
    shows_people = candidate.evidence.n is not None  # a curve's bins add up to everybody
    profile = str(candidate.evidence.raw["profile"])
    for name, rows in _curves(assessment, profile=profile, shows_people=shows_people).items():
        write_bytes(workspace.plots / f"{name}.csv", rows.to_csv(index=False, lineterminator="\n").encode())


def estimates(candidate: Release) -> dict[str, Estimate | Measure]:
    """The key figures that have an interval: of the points on everybody, and of the first threshold."""
    measures = {
        row.measure: row
        for row in candidate.evidence.measures
        if (row.scope, row.predictor) == ("overall", "points") and row.measure in MEASURES
    }
    expected = candidate.landmarks[0].thresholds.expected
    return {**measures, **(expected.by_measure if expected else {})}


def metrics(candidate: Release) -> dict[str, float | None]:
    """The key figures of a candidate, flat: measure to number."""
    numbers = {measure: row.estimate for measure, row in estimates(candidate).items()}
    unwaived, rules = [gate for gate in candidate.gates if gate.blocks], present_gates()
    gates = {
        "gates_failed_n": sum(gate.status == FAILED for gate in unwaived),
        "gates_unknown_n": sum(map(rules.unknown, unwaived)),
    }
    return {**numbers, "flag_points": candidate.landmarks[0].thresholds.flag, **gates}


def _curves(assessment: Assessment, *, profile: str, shows_people: bool) -> dict[str, pd.DataFrame]:
    """The calibration curve and the decision curve of the points, on everybody."""
    curves, decision, summary = assessment.curves, assessment.decision, assessment.summary
    overall = curves[(curves["scope"] == "overall") & (curves["predictor"] == "points")]
    calibration = disclose_curves(overall.reset_index(drop=True), profile=profile)
    decision = decision[decision["strategy"] == "points"]
    return {
        "calibration": calibration if shows_people else calibration.iloc[:0],
        "decision": disclose_statistics(decision, n=summary["n"], events_n=summary["events_n"]),
    }
