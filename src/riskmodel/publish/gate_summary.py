"""How a candidate stands with its gates right now, in lines: what whoever approves or publishes should have seen."""

from collections.abc import Iterator
from datetime import date

from riskmodel.publish.act_gates import Acts, publication_gates
from riskmodel.publish.publication import said
from riskmodel.release.gates import PASSED, blocking
from riskmodel.release.subject import Subject
from riskmodel.release.waivers import decided_gates, waiver_line


def gate_lines(subject: Subject, acts: Acts, *, today: date) -> Iterator[str]:
    """One line a gate, one a waiver it rests on, and last what forbids publication today."""
    gates = decided_gates({**subject.candidate, "publication": {"gates": publication_gates(subject, acts)}})
    against = {gate["id"] for gate in blocking(gates, today=today)}
    for gate in gates:
        yield (
            f"passed  {gate['id']} {gate['name']['en']}"
            if gate["status"] == PASSED
            else f"{gate['status']:7} {said(gate)}"
        )
        for waiver in gate["waivers"]:
            yield f"        waived: {waiver_line(waiver)}"
    remaining = sorted(against, key=lambda gate_id: int(gate_id[1:]))
    yield f"Forbid publication today: {', '.join(remaining) or 'none'}"
    yield from acts.looks.sentences()
