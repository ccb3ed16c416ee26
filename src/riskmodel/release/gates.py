"""The gates between a candidate and people: each with its evidence, and what to do when it does not pass.

A gate is "passed", "failed" or "open". Open means that what it asks for is not there yet: some gates wait for what
people do before publishing. `blocks` says whether the gate forbids publication.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from riskmodel.release.formats import present_gates
from riskmodel.release.gate_text import NAMES, REMEDIES

PASSED, FAILED, OPEN = "passed", "failed", "open"


@dataclass(frozen=True)
class Gate:
    """One gate's outcome. waivers: those that apply to what did not pass; they lift it only if they cover all of it."""

    id: str
    status: str
    blocks: bool
    evidence: Mapping[str, Any] = field(default_factory=dict)
    waivers: tuple[Mapping[str, str], ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """The gate as it stands in a release."""
        return {
            "id": self.id,
            "name": NAMES[self.id],
            "status": self.status,
            "passed": {PASSED: True, FAILED: False, OPEN: None}[self.status],
            "blocks": self.blocks,
            "evidence": self.evidence,
            "remedy": REMEDIES[self.id],
            "waivers": list(self.waivers),
        }


def judged(gate_id: str, passed: bool, evidence: Mapping[str, Any]) -> Gate:
    """A gate that was evaluated: unless it passed, it blocks."""
    return Gate(gate_id, PASSED if passed else FAILED, blocks=not passed, evidence=evidence)


def settled(gate_id: str, status: str, evidence: Mapping[str, Any], waivers: Iterable[Mapping[str, str]] = ()) -> Gate:
    """A gate with its outcome: unless it passed it blocks, or rests on those of `waivers` that are granted for it."""
    applying = tuple({**waiver} for waiver in waivers if status != PASSED and waiver["gate"] == gate_id)
    return Gate(gate_id, status, blocks=status != PASSED and not applying, evidence=evidence, waivers=applying)


def over_landmarks(by_month: Mapping[int, Sequence[Gate]]) -> list[Gate]:
    """Each gate once for all tables of a release: passed when it is passed at every landmark.

    The evidence is the first landmark's; what the others found stands under "later", by month.
    """
    first, *later = by_month
    return [
        _worst(gate, {month: next(one for one in by_month[month] if one.id == gate.id) for month in later})
        for gate in by_month[first]
    ]


def _worst(first: Gate, later: Mapping[int, Gate]) -> Gate:
    if not later:
        return first
    found = [first, *later.values()]
    statuses = {gate.status for gate in found}
    waivers = {tuple(sorted(waiver.items())): waiver for gate in found for waiver in gate.waivers}
    others = {str(month): {"status": gate.status, **gate.evidence} for month, gate in later.items()}
    return Gate(
        first.id,
        next(status for status in (FAILED, OPEN, PASSED) if status in statuses),
        blocks=any(gate.blocks for gate in found),
        evidence={**first.evidence, "later": others},
        waivers=tuple(waivers.values()),
    )


def still_open() -> list[Gate]:
    """The gates that a candidate leaves open."""
    return [Gate(gate_id, OPEN, blocks=True) for gate_id in present_gates().when_publishing]


def in_order(gates: Iterable[Gate]) -> list[dict[str, Any]]:
    """The gates as they stand in a release, G1 first."""
    return [gate.as_dict() for gate in sorted(gates, key=lambda gate: present_gates().ids.index(gate.id))]


def blocking(gates: Iterable[Mapping[str, Any]], *, today: date) -> list[Mapping[str, Any]]:
    """The gates that forbid publication `today`: those that block, and those whose waiver has ended."""
    return [
        gate
        for gate in gates
        if gate["blocks"] or any(waiver["until"] < today.isoformat() for waiver in gate["waivers"])
    ]


def concern(gate: Mapping[str, Any]) -> str:
    """What in the evidence of `gate` did not pass: measures, groups, what is lacking; empty when there is no list."""
    later = gate["evidence"].get("later", {})
    found = [
        _concern(gate["evidence"]),
        *(f"month {month}: {_concern(later[month])}" for month in sorted(later, key=int)),
    ]
    parts = (gate["evidence"], *later.values())
    lacking = dict.fromkeys(one for part in parts for one in part.get("lacking", ()))
    return "; ".join([*(one for one in found if one and not one.endswith(": ")), *lacking])


def _concern(evidence: Mapping[str, Any]) -> str:
    measures = [_measure(row) for row in evidence.get("criteria", ()) if not row["passed"]]
    gaps = [
        f"{said} for {', '.join(dict.fromkeys(' '.join((gap['column'], gap['group'])) for gap in evidence[key]))}"
        for key, said in (("failing", "large"), ("not_shown", "not shown to be small"))
        if evidence.get(key)
    ]
    return "; ".join(measures + gaps)


def _measure(row: Mapping[str, Any]) -> str:
    return f"{row['measure']} at month {row['landmark']}" if row.get("landmark") else row["measure"]


def last_day_of_waivers(gates: Iterable[Mapping[str, Any]]) -> date | None:
    """The day on which the first of the waivers that `gates` rest on ends; None without any."""
    days = [waiver["until"] for gate in gates for waiver in gate["waivers"]]
    return date.fromisoformat(min(days)) if days else None
