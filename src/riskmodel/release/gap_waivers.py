"""Which waiver answers for which gap of the group audit, for whoever decides and for whoever reads.

A gap that was not shown to be small is one person's to answer for, many at a time. One that failed takes two people,
and a waiver of its own that says how the group is followed. One that is large beyond doubt is nobody's. Standard
library only.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from riskmodel.instrument.spelling import spelling
from riskmodel.release.acts import Gate
from riskmodel.release.json_record import read_record

PASS, FAIL, BEYOND_DOUBT, NOT_SHOWN = "pass", "fail", "beyond_doubt", "not_shown"
JUSTIFY = "justify"  # of a raw gap beyond its limit


class Answers(Protocol):
    """A waiver, as the settings have it or as it stands in a release."""

    @property
    def column(self) -> str:
        """Of the audit; empty for whatever was not shown."""

    @property
    def group(self) -> str:
        """Of that column; empty for all its groups."""

    @property
    def measure(self) -> str:
        """Of the gap; empty without a group."""

    @property
    def name(self) -> str:
        """Who grants it, and in which role."""

    @property
    def second(self) -> str:
        """Who grants it too; empty where one is enough."""


@dataclass(frozen=True)
class Gap:
    """A gap that did not pass."""

    column: str
    group: str
    measure: str
    verdict: str


@dataclass(frozen=True)
class _Listed:
    failing: tuple[Gap, ...] = ()
    not_shown: tuple[Gap, ...] = ()


@dataclass(frozen=True)
class _Later:
    later: Mapping[str, _Listed] = field(default_factory=dict)


def answers_for(waiver: Answers, gap: Gap) -> bool:
    """Whether `waiver` lets `gap` pass."""
    is_its_own = (waiver.column, waiver.group, waiver.measure) == (gap.column, gap.group, gap.measure)
    if gap.verdict == FAIL:
        return is_its_own and is_of_two(waiver)
    if gap.verdict == NOT_SHOWN:
        return is_its_own or (not waiver.group and waiver.column in ("", gap.column))
    return gap.verdict == JUSTIFY and (is_its_own or (not waiver.group and waiver.column == gap.column))


def is_of_two(waiver: Answers) -> bool:
    """Whether two different people grant it, whatever their roles."""
    first, second = (spelling(name.partition(",")[0]) for name in (waiver.name, waiver.second))
    return bool(first and second) and first != second


def all_answered_for(gate: Gate) -> bool:
    """Whether every gap that a gate lists, at whatever landmark, is let pass by one of the gate's waivers."""
    return all(any(answers_for(waiver, gap) for waiver in gate.waivers) for gap in _listed(gate))


def _listed(gate: Gate) -> Iterator[Gap]:
    found = gate.evidence.raw
    first = read_record(_Listed, found, where=gate.id)
    for part in (first, *read_record(_Later, found, where=gate.id).later.values()):
        yield from (*part.failing, *part.not_shown)
