"""What must hold of the evidence, as a list of named limits: the same for the gates and for the confirmation.

Each is met, not met, or not known: too few people to tell. Then which waiver answers for which gap of the group audit:
a gap that was not shown to be small is one person's to answer for, many at a time; one that failed takes two people,
and a waiver of its own that says how the group is followed; one that is large beyond doubt is nobody's.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Protocol

from riskmodel.ground.choices import PolicySettings
from riskmodel.ground.text import Text
from riskmodel.ground.words import WRITING, read_words
from riskmodel.instrument.spelling import spelling
from riskmodel.release.acts import Gate
from riskmodel.release.json_record import read_record

CRITERIA = read_words(Path(__file__).parent / "texts" / "criteria.toml")
MEASURE_DECIMALS = 3
MET, NOT_MET, NOT_KNOWN = "met", "not_met", "not_known"
PASS, FAIL, BEYOND_DOUBT, NOT_SHOWN = "pass", "fail", "beyond_doubt", "not_shown"
JUSTIFY = "justify"  # of a raw gap beyond its limit


@dataclass(frozen=True)
class Criterion:
    """A limit on one measure of the published points. part: which number of it is held against the limits.

    right: a value that the measure may have; with one it is refused only when its interval does not hold that, too.
    """

    measure: str
    low: float | None
    high: float | None
    part: str = "estimate"
    right: float | None = None

    def holds(self, measured: Mapping[str, Any] | None) -> bool:
        """Whether the measure lies within the limits; one that was not measured does not."""
        value = _number(measured, self.part)
        return value is not None and self._allows(value)

    def verdict(self, measured: Mapping[str, Any] | None) -> str:
        """Met, not met or not known.

        Not met when the whole interval lies outside the limits; met when the measure lies inside them and its interval
        is no wider than they are. A measure without an interval is met or not as it stands, once it was measured. With
        `right` it is not met when the measure lies outside the limits and its interval does not hold what is right.
        """
        value, low, high = (_number(measured, part) for part in (self.part, "low", "high"))
        if value is None:
            return NOT_KNOWN
        if low is None or high is None:
            return MET if self._allows(value) else NOT_MET
        if self.right is not None:
            return MET if self._allows(value) or low <= self.right <= high else NOT_MET
        if (self.low is not None and high < self.low) or (self.high is not None and low > self.high):
            return NOT_MET
        return MET if self._allows(value) and self._has_room_for(high - low) else NOT_KNOWN

    def _allows(self, value: float) -> bool:
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)

    def _has_room_for(self, width: float) -> bool:
        return self.low is None or self.high is None or width <= self.high - self.low

    def said(self, language: str) -> str:
        """The demand in `language`: which measure, or which end of its interval, and within what."""
        say, write = CRITERIA.speaking(language), WRITING[language].written
        limits = ((self.low, "at_least"), (self.high, "at_most"))
        allowed = say("and").join(say(key, limit=write(limit)) for limit, key in limits if limit is not None)
        shared = {"measure": measure_name(self.measure).said(language), "allowed": allowed}
        return (
            say("demand", **shared)
            if self.part == "estimate"
            else say("demand_of_end", end=say(f"end_{self.part}"), **shared)
        )

    def __str__(self) -> str:
        return self.said("en")


def measure_name(measure: str) -> Text:
    """What a measure is called; one that has no name here is called by its id."""
    return CRITERIA.get(f"measure_{measure}", Text(measure, measure))


def accuracy_criteria(policy: PolicySettings) -> tuple[Criterion, ...]:
    """Calibration and discrimination that the policy asks for."""
    return (
        Criterion("oe", policy.min_oe, policy.max_oe),
        Criterion("recalibration_slope", policy.min_slope, policy.max_slope),
        Criterion("ici", None, policy.max_ici),
        Criterion("auc", policy.min_auc_lower, None, part="low"),
    )


def exam_criteria(policy: PolicySettings) -> tuple[Criterion, ...]:
    """What the years that wait are judged by; how often it refuses right models: `benchmarks/exam.py`."""
    return (
        Criterion("oe", policy.min_oe, policy.max_oe, right=1.0),
        Criterion("recalibration_slope", policy.min_slope, None, right=1.0),
        # above it beyond doubt alone: of a hundred events a right slope is found there once in ten times
        Criterion("recalibration_slope", None, policy.max_slope, right=policy.max_slope),
        Criterion("ici", None, policy.max_ici),
        Criterion("auc", policy.min_auc_lower, None, part="low"),
    )


def judge(criteria: Iterable[Criterion], measured: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Each criterion with what was measured, to three decimals, whether it holds before rounding, and its verdict.

    measured: measure to estimate, low and high.
    """
    judged = []
    for criterion in criteria:
        row = measured.get(criterion.measure)
        found = rounded(row or {})
        allowed = {"part": criterion.part, "at_least": criterion.low, "at_most": criterion.high}
        outcome = {"passed": criterion.holds(row), "verdict": criterion.verdict(row)}
        judged.append({"measure": criterion.measure, **found, **allowed, **outcome})
    return judged


def worst(verdicts: Iterable[str]) -> str:
    """Not met when one is; else not known when one is; else met."""
    found = set(verdicts)
    return next((verdict for verdict in (NOT_MET, NOT_KNOWN) if verdict in found), MET)


def _number(measured: Mapping[str, Any] | None, part: str) -> float | None:
    value = None if measured is None else measured.get(part)
    return None if value is None or value != value else float(value)


def rounded(row: Mapping[str, Any]) -> dict[str, float | None]:
    """Estimate, low and high as they may be shown; None where nothing was measured."""
    values = {key: row.get(key) for key in ("estimate", "low", "high")}
    return {
        key: None if value is None or value != value else round(value, MEASURE_DECIMALS)
        for key, value in values.items()
    }


def as_rows(criteria: Iterable[Criterion]) -> list[dict[str, object]]:
    """The criteria as plain dictionaries, to be frozen in a protocol."""
    return [asdict(criterion) for criterion in criteria]


def from_rows(rows: Iterable[Mapping[str, Any]]) -> tuple[Criterion, ...]:
    """The criteria that a protocol froze."""
    return tuple(Criterion(**row) for row in rows)


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
