"""What publishing adds to a candidate: its id, when it may be used, and every act it rests on."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from riskmodel.ground.errors import GateError
from riskmodel.ground.record_reader import Json
from riskmodel.publish.act_gates import Acts, publication_gates
from riskmodel.release.acts import Gate
from riskmodel.release.consistency import candidate_sha256, read_candidate
from riskmodel.release.gates import PASSED, blocking, concern, decided_last, last_day_of_waivers, waiver_line
from riskmodel.release.json_record import PUBLISHING, read_record
from riskmodel.release.publication_check import last_day
from riskmodel.release.record import Release
from riskmodel.release.standing import latest_standing
from riskmodel.release.subject import Subject


@dataclass(frozen=True)
class Issue:
    """One publication, on a `day`. ledger: number and hash of its youngest line; publisher: who signs, if anybody."""

    release_id: str
    day: date
    valid_from: date
    validity_months: int
    ledger: Mapping[str, Json]
    publisher: str | None


def published_release(subject: Subject, acts: Acts, issue: Issue, *, revised: Release | None = None) -> Release:
    """The candidate with its publication, checked; a `GateError` names every gate that forbids it.

    revised: the release of which it revises the thresholds, and which it does not outlive.
    """
    candidate = subject.candidate
    gates = publication_gates(subject, acts)
    all_gates = decided_last(candidate.gates, decided(gates))
    _refuse_if_blocked(all_gates, today=issue.day)
    publication = {
        "id": issue.release_id,
        "date": issue.day.isoformat(),
        "valid_from": issue.valid_from.isoformat(),
        "valid_until": _last_day(issue, all_gates, revised).isoformat(),
        "supersedes": latest_standing(acts.events, municipalities=candidate.codes),
        "revises": subject.protocol.raw.get("revises"),
        "candidate_sha256": candidate_sha256(candidate),
        "protocol": {"id": subject.protocol_id, **subject.protocol.raw},
        "confirmation": {**subject.confirmation.raw, "openings_n": acts.looks.openings_n},
        "approvals": [approval.raw for approval in acts.approvals],
        "report": dict(subject.report),
        "ledger": issue.ledger,
        "publisher": issue.publisher,
        "gates": gates,
    }
    return read_candidate({**candidate.raw, "publication": publication})


def decided(gates: Sequence[Mapping[str, object]]) -> tuple[Gate, ...]:
    """Gates as `publication_gates` gives them, as they are read from a release."""
    return tuple(read_record(Gate, gate, where="gates", level=PUBLISHING) for gate in gates)


def said(gate: Gate) -> str:
    """In one line: a gate that did not pass, and for what."""
    what = concern(gate)
    return f"{gate.id} {gate.name.en}: not so{f' ({what})' if what else ''}."


def _refuse_if_blocked(gates: Sequence[Gate], *, today: date) -> None:
    found = blocking(gates, today=today)
    if found:
        listed = "\n".join(f"  {said(gate)} {gate.remedy.en}" for gate in found)
        raise GateError(f"Not published: {len(found)} gate(s) forbid it.\n{listed}")


def _last_day(issue: Issue, gates: Sequence[Gate], revised: Release | None) -> date:
    """The last day of validity: no release outlives a waiver that it rests on, or the one it revises."""
    last, of_waivers = last_day(issue.valid_from, months=issue.validity_months), last_day_of_waivers(gates)
    days = [last, *([of_waivers] if of_waivers else [])]
    if revised is not None:
        days.append(date.fromisoformat(revised.published.valid_until))
    if min(days) < issue.valid_from:
        raise GateError("The release would be valid on no day: what it rests on ends before it begins.")
    return min(days)


def gate_lines(subject: Subject, acts: Acts, *, today: date) -> Iterator[str]:
    """One line a gate, one a waiver it rests on, and last what forbids publication today."""
    gates = decided_last(subject.candidate.gates, decided(publication_gates(subject, acts)))
    against = {gate.id for gate in blocking(gates, today=today)}
    for gate in gates:
        yield (f"passed  {gate.id} {gate.name.en}" if gate.status == PASSED else f"{gate.status:7} {said(gate)}")
        for waiver in gate.waivers:
            yield f"        waived: {waiver_line(waiver)}"
    remaining = sorted(against, key=lambda gate_id: int(gate_id[1:]))
    yield f"Forbid publication today: {', '.join(remaining) or 'none'}"
    yield from acts.looks.sentences()
