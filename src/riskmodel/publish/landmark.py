"""From one landmark's evidence to its table of points: threshold, band, what it means, and the gates it passes."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from riskmodel.assess.new_year.verdict import NewYear, judge_last_release
from riskmodel.assess.policy import Stability, stability
from riskmodel.disclosure.earlier import Evidence, settled, spans_before
from riskmodel.disclosure.single import disclose_count
from riskmodel.ground.settings import Settings
from riskmodel.instrument.pairs import questions_in
from riskmodel.instrument.records import Instrument
from riskmodel.publish.compose import compose_landmark
from riskmodel.publish.evidence import disclosed_year, disclosure_gate
from riskmodel.publish.evidence_gates import gates_of
from riskmodel.publish.year import Year
from riskmodel.release.gates import FAILED, Gate

REFIT_GATES = ("G4", "G5", "G6")  # what a refit must pass before it is worth changing to


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
