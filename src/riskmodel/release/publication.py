"""What publishing adds to a candidate: its id, when it may be used, and every act it rests on."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from riskmodel.errors import GateError
from riskmodel.release.approval import NEEDED_N, Subject, standing_approvals
from riskmodel.release.bundle import candidate_sha256
from riskmodel.release.confirmation import openings
from riskmodel.release.contents import check_release
from riskmodel.release.gate import blocking, concern, last_day_of_waivers, publication_gates
from riskmodel.release.verify import PUBLISHED, check_examples, is_withdrawn
from riskmodel.settings import ReleaseSettings


def published_release(
    subject: Subject,
    approvals: Sequence[Mapping[str, Any]],
    events: Sequence[Mapping[str, Any]],
    settings: ReleaseSettings,
    *,
    release_id: str,
    valid_from: date,
    today: date,
) -> dict[str, Any]:
    """The candidate with its publication, checked; a `GateError` names every gate that forbids it.

    approvals: all on file; only those of this very candidate count. events: the ledger's.
    """
    candidate = subject.candidate
    standing = standing_approvals(approvals, subject.digest)
    codes = [entry["code"] for entry in candidate["municipalities"]]
    openings_n = len(openings(events, codes=codes, year=subject.protocol["confirm_year"]))
    gates = publication_gates(
        candidate,
        confirmation=subject.confirmation,
        openings_n=openings_n,
        approvals=standing,
        approvals_needed_n=NEEDED_N,
        require_signatures=settings.require_signatures,
    )
    decided = _decided(candidate["gates"], gates)
    _refuse_if_blocked(decided, today=today)
    publication = {
        "id": release_id,
        "valid_from": valid_from.isoformat(),
        "valid_until": _last_day(valid_from, decided, settings).isoformat(),
        "supersedes": latest_standing(events),
        "candidate_sha256": candidate_sha256(candidate),
        "protocol": {"id": subject.protocol_id, **subject.protocol},
        "confirmation": {**subject.confirmation, "openings_n": openings_n},
        "approvals": standing,
        "gates": gates,
    }
    release = {**candidate, "publication": publication}
    check_release(release)
    check_examples(release)
    return release


def latest_standing(events: Sequence[Mapping[str, Any]]) -> str | None:
    """The id of the release published last and not withdrawn; None when there is none."""
    published = [event["release"] for event in events if event["event"] == PUBLISHED]
    return next((release_id for release_id in reversed(published) if not is_withdrawn(events, release_id)), None)


def _decided(of_candidate: Sequence[Mapping[str, Any]], now: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The candidate's gates with those that only publishing can decide in their place."""
    by_id = {gate["id"]: gate for gate in now}
    return [by_id.get(gate["id"], gate) for gate in of_candidate]


def _refuse_if_blocked(gates: Sequence[Mapping[str, Any]], *, today: date) -> None:
    found = blocking(gates, today=today)
    if found:
        listed = "\n".join(f"  {_said(gate)} {gate['remedy']['en']}" for gate in found)
        raise GateError(f"Not published: {len(found)} gate(s) forbid it.\n{listed}")


def _said(gate: Mapping[str, Any]) -> str:
    what = concern(gate)
    return f"{gate['id']} {gate['name']['en']}: not so{f' for {what}' if what else ''}."


def _last_day(start: date, gates: Sequence[Mapping[str, Any]], settings: ReleaseSettings) -> date:
    """The last day of validity: no release outlives a waiver that it rests on."""
    last, of_waivers = _months_later(start, settings.validity_months), last_day_of_waivers(gates)
    return last if of_waivers is None else min(last, of_waivers)


def _months_later(start: date, months: int) -> date:
    """The last day of validity: `months` whole months from `start`, less a day."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    first_of_next = date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    day = min(start.day, (first_of_next - timedelta(days=1)).day)
    return date(year, month + 1, day) - timedelta(days=1)
