"""What publishing adds to a candidate: its id, when it may be used, and every act it rests on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from riskmodel.ground.errors import GateError
from riskmodel.publish.act_gates import Acts, publication_gates
from riskmodel.release.bundle import candidate_sha256
from riskmodel.release.contents import check_release
from riskmodel.release.gates import blocking, concern, last_day_of_waivers
from riskmodel.release.publication_check import last_day
from riskmodel.release.standing import latest_standing
from riskmodel.release.subject import Subject
from riskmodel.release.waivers import decided_gates


@dataclass(frozen=True)
class Issue:
    """One publication, on a `day`. ledger: number and hash of its youngest line; publisher: who signs, if anybody."""

    release_id: str
    day: date
    valid_from: date
    validity_months: int
    ledger: Mapping[str, Any]
    publisher: str | None


def published_release(
    subject: Subject, acts: Acts, issue: Issue, *, revised: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """The candidate with its publication, checked; a `GateError` names every gate that forbids it.

    revised: the release of which it revises the thresholds, and which it does not outlive.
    """
    candidate = subject.candidate
    gates = publication_gates(subject, acts)
    decided = decided_gates({**candidate, "publication": {"gates": gates}})
    _refuse_if_blocked(decided, today=issue.day)
    publication = {
        "id": issue.release_id,
        "date": issue.day.isoformat(),
        "valid_from": issue.valid_from.isoformat(),
        "valid_until": _last_day(issue, decided, revised).isoformat(),
        "supersedes": latest_standing(
            acts.events, municipalities=[entry["code"] for entry in candidate["municipalities"]]
        ),
        "revises": subject.protocol.get("revises"),
        "candidate_sha256": candidate_sha256(candidate),
        "protocol": {"id": subject.protocol_id, **subject.protocol},
        "confirmation": {**subject.confirmation, "openings_n": acts.looks.openings_n},
        "approvals": list(acts.approvals),
        "report": dict(subject.report),
        "ledger": issue.ledger,
        "publisher": issue.publisher,
        "gates": gates,
    }
    release = {**candidate, "publication": publication}
    check_release(release)
    return release


def said(gate: Mapping[str, Any]) -> str:
    """In one line: a gate that did not pass, and for what."""
    what = concern(gate)
    return f"{gate['id']} {gate['name']['en']}: not so{f' ({what})' if what else ''}."


def _refuse_if_blocked(gates: Sequence[Mapping[str, Any]], *, today: date) -> None:
    found = blocking(gates, today=today)
    if found:
        listed = "\n".join(f"  {said(gate)} {gate['remedy']['en']}" for gate in found)
        raise GateError(f"Not published: {len(found)} gate(s) forbid it.\n{listed}")


def _last_day(issue: Issue, gates: Sequence[Mapping[str, Any]], revised: Mapping[str, Any] | None) -> date:
    """The last day of validity: no release outlives a waiver that it rests on, or the one it revises."""
    last, of_waivers = last_day(issue.valid_from, months=issue.validity_months), last_day_of_waivers(gates)
    days = [last, *([of_waivers] if of_waivers else [])]
    if revised is not None:
        days.append(date.fromisoformat(revised["publication"]["valid_until"]))
    if min(days) < issue.valid_from:
        raise GateError("The release would be valid on no day: what it rests on ends before it begins.")
    return min(days)
