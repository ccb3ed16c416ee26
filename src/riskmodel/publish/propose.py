"""From the year's evidence to a candidate: a table of points for each landmark, and the gates over all of them."""

from collections.abc import Mapping, Sequence
from typing import Any

from riskmodel.disclosure.earlier import evidence_of_all, months_of
from riskmodel.ground.settings import Settings
from riskmodel.instrument.records import Instrument
from riskmodel.publish.compose import compose_release
from riskmodel.publish.landmark import Proposed, Year, propose_landmark
from riskmodel.release.gates import in_order, over_landmarks, still_open


def propose(
    years: Sequence[Year],
    instrument: Instrument,
    settings: Settings,
    *,
    origin: Mapping[str, str],
    previous: Mapping[str, Any] | None = None,
    earlier: Sequence[Mapping[str, Any]] = (),
) -> dict[str, Any]:
    """The candidate that follows from `years` (one a landmark, in order) and the policy.

    origin: hashes of what it was made from. previous: the release whose flags are compared with the candidate's.
    earlier: every release ever published here, beside which the candidate's counts must tell of no handful.
    """
    found: list[Proposed] = []
    for year in years:
        month = year.landmark
        before = [*evidence_of_all(earlier, month), *(one.shown for one in found)]
        ids = [release["publication"]["id"] for release in earlier if month in months_of(release)]
        beside = _with_landmark(previous, month)
        found.append(propose_landmark(year, instrument, settings.at(month), previous=beside, before=before, ids=ids))
    first, *later = found
    gates = over_landmarks({year.landmark: one.gates for year, one in zip(years, found, strict=True)})
    return compose_release(
        [first.landmark, *({**one.landmark, "evidence": one.evidence} for one in later)],
        instrument,
        settings,
        years[0].cohort.summary,
        evidence=first.evidence,
        gates=in_order([*gates, *still_open()]),
        origin=origin,
        research_only=any(one.research_only for one in found),
    )


def _with_landmark(previous: Mapping[str, Any] | None, month: int) -> Mapping[str, Any] | None:
    """`previous` when it has a table for `month`: a landmark that is new this year has nothing to be compared with."""
    known = previous is not None and any(landmark["month"] == month for landmark in previous["landmarks"])
    return previous if known else None
