"""What must hold of the evidence, as a list of named limits: the same for the gates and for the confirmation."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from riskmodel.ground.settings import PolicySettings

MEASURE_DECIMALS = 3


@dataclass(frozen=True)
class Criterion:
    """A limit on one measure of the published points. part: which number of it is held against the limits."""

    measure: str
    low: float | None
    high: float | None
    part: str = "estimate"

    def holds(self, measured: Mapping[str, Any] | None) -> bool:
        """Whether the measure lies within the limits; one that was not measured does not."""
        value = None if measured is None else measured.get(self.part)
        if value is None or value != value:
            return False
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)

    def __str__(self) -> str:
        limits = ((self.low, "at least"), (self.high, "at most"))
        allowed = " and ".join(f"{words} {limit}" for limit, words in limits if limit is not None)
        return f"{self.measure}{'' if self.part == 'estimate' else f', {self.part} end of its interval'}: {allowed}"


def accuracy_criteria(policy: PolicySettings) -> tuple[Criterion, ...]:
    """Calibration and discrimination that the policy asks for."""
    return (
        Criterion("oe", policy.min_oe, policy.max_oe),
        Criterion("recalibration_slope", policy.min_slope, policy.max_slope),
        Criterion("ici", None, policy.max_ici),
        Criterion("auc", policy.min_auc_lower, None, part="low"),
    )


def judge(criteria: Iterable[Criterion], measured: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Each criterion with what was measured, to three decimals, and whether it holds before rounding.

    measured: measure to estimate, low and high.
    """
    judged = []
    for criterion in criteria:
        row = measured.get(criterion.measure)
        found = rounded(row or {})
        allowed = {"part": criterion.part, "at_least": criterion.low, "at_most": criterion.high}
        judged.append({"measure": criterion.measure, **found, **allowed, "passed": criterion.holds(row)})
    return judged


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
