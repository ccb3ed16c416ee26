"""What was done to the year that a protocol confirms, by whatever protocol: looks, later protocols, changed choices.

Only looking once, under one protocol, is a confirmation. Everything else is counted here, printed with the release and
needs a waiver.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from riskmodel.release.confirmation import OPENED
from riskmodel.release.protocol import FROZEN, differences, load_protocol
from riskmodel.release.revision import changed_choices
from riskmodel.workspace import Workspace


@dataclass(frozen=True)
class Looks:
    """openings_n: how often the year was opened. protocols_n: frozen for it; younger_protocols_n: after the first look.

    changed: where the protocol differs from the others for the same year: choices as "table.key", or what they act on.
    The protocols of revised thresholds, which open nothing, are counted in revisions_n alone.
    """

    openings_n: int
    protocols_n: int
    younger_protocols_n: int
    revisions_n: int
    changed: tuple[str, ...]

    @property
    def is_single(self) -> bool:
        """Whether the year was opened once, under the only protocol that could know nothing of it."""
        return self.openings_n == 1 and self.younger_protocols_n == 0

    def sentences(self) -> list[str]:
        """What is not as it should be, one sentence each, for the person at the keyboard; none when all is well."""
        found = []
        if self.openings_n > 1:
            found.append(f"The year has been looked at {self.openings_n} times: publication needs a waiver of G1.")
        if self.younger_protocols_n:
            found.append(
                f"Of {self.protocols_n} protocols for the year {self.younger_protocols_n} are younger than the first "
                f"look at it: publication needs a waiver of G1. Not the same in all: {', '.join(self.changed) or 'nothing'}."
            )
        return found

    def as_evidence(self) -> dict[str, Any]:
        """The counts as they stand in a release."""
        return {**asdict(self), "changed": list(self.changed)}


def looks_at(workspace: Workspace, events: Sequence[Mapping[str, Any]], protocol: Mapping[str, Any]) -> Looks:
    """Everything that `events`, the ledger's, tell of the year and municipalities of `protocol`."""
    codes, year = _whose(protocol)
    opened = [
        event["number"]
        for event in events
        if event["event"] == OPENED and event["year"] == year and codes & set(event["municipalities"])
    ]
    rivals = [(number, other) for number, other in _protocols(workspace, events) if _concerns(other, codes, year)]
    confirming = [(number, other) for number, other in rivals if not other.get("revises")]
    return Looks(
        openings_n=len(opened),
        protocols_n=len(confirming),
        younger_protocols_n=sum(bool(opened) and number > min(opened) for number, _ in confirming),
        revisions_n=len(rivals) - len(confirming),
        changed=_changed(protocol, [other for _, other in confirming]),
    )


def _changed(protocol: Mapping[str, Any], others: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    changed = {name for other in others for name in changed_choices(other, protocol)}
    changed |= {key for other in others for key in differences(other, protocol)} - {"settings"}  # named one by one
    return tuple(sorted(changed))


def _protocols(workspace: Workspace, events: Sequence[Mapping[str, Any]]) -> Iterator[tuple[int, Mapping[str, Any]]]:
    for event in events:
        if event["event"] == FROZEN:
            yield event["number"], load_protocol(workspace, event["protocol"])


def _concerns(protocol: Mapping[str, Any], codes: set[str], year: int) -> bool:
    others, other_year = _whose(protocol)
    return other_year == year and bool(others & codes)


def _whose(protocol: Mapping[str, Any]) -> tuple[set[str], int]:
    return {entry["code"] for entry in protocol["municipalities"]}, protocol["confirm_year"]
