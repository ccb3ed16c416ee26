"""What a release says was measured, as it may be shown. Standard library only."""

from dataclasses import dataclass, field
from typing import Annotated, Literal

from riskmodel.ground.record_reader import NEVER_NULL, ReadFrom, Since
from riskmodel.release.json_record import PUBLISHING, UNREAD, Raw, Share, Words, raw

SHARES = ("flagged_share", "ppv", "left_early_share", "sensitivity", "specificity", "npv")
DEMANDS = ("harm_ratio", "ppv_floor", "left_early_cap", "capacity_share")  # in the order they are asked
Demand = Literal["harm_ratio", "ppv_floor", "left_early_cap", "capacity_share"]  # DEMANDS


@dataclass(frozen=True)
class Estimate:
    """A measured number with its 95 % interval; None where it is not shown."""

    estimate: float | None
    low: float | None
    high: float | None
    raw: Raw = raw()


@dataclass(frozen=True)
class Expected:
    """What a threshold would have meant for everybody who was measured; its fields are `SHARES`."""

    flagged_share: Estimate
    ppv: Estimate
    left_early_share: Estimate
    sensitivity: Estimate
    specificity: Estimate
    npv: Estimate

    @property
    def by_measure(self) -> dict[str, Estimate]:
        """Each of them by its name, in the order of `SHARES`."""
        return dict(vars(self))


@dataclass(frozen=True)
class Rejected:
    """The threshold of the other trade-off, and the demands that it does not meet."""

    flag: int
    threshold_prob: Share
    harm_ratio: float
    expected: Expected
    unmet: tuple[Demand, ...]


@dataclass(frozen=True)
class Judged:
    """One limit of the protocol on the years that were opened. part: which number was held against it."""

    measure: Literal["oe", "recalibration_slope", "ici", "auc"]
    part: Literal["estimate", "low", "high"]
    landmark: int
    estimate: float | None
    low: float | None
    high: float | None
    at_least: float | None
    at_most: float | None
    verdict: Literal["met", "not_met", "not_known"]
    raw: Raw = raw()

    @property
    def value(self) -> float | None:
        """The number that is held against the limit."""
        return {"estimate": self.estimate, "low": self.low, "high": self.high}[self.part]


@dataclass(frozen=True)
class Measure:
    """One measure of one predictor on one group, with how many people and events it rests on."""

    scope: str
    predictor: str
    group: str
    measure: str
    estimate: float | None
    low: float | None
    high: float | None
    n: float | None
    events_n: float | None
    raw: Raw = raw()


@dataclass(frozen=True)
class Corrected:
    """A measure corrected for optimism."""

    predictor: str
    measure: str
    corrected: float | None


@dataclass(frozen=True)
class Robustness:
    """How far the results lean on choices; more stands in `raw`."""

    optimism: tuple[Corrected, ...] = ()
    raw: Raw = raw()


@dataclass(frozen=True)
class FlagChanges:
    """How many in an area kept, gained or lost a flag; None where it is not shown."""

    area: str
    kept: int | None
    gained: int | None
    lost: int | None
    unflagged: int | None
    not_comparable: int | None
    raw: Raw = raw()


@dataclass(frozen=True)
class FlagsAgainst:
    """Flags against those of an earlier release, area by area."""

    release: str | None
    rows: tuple[FlagChanges, ...]
    raw: Raw = raw()


@dataclass(frozen=True)
class Gap:
    """One comparison of the group audit, and what came of it."""

    verdict: str
    raw: Raw = raw()


@dataclass(frozen=True)
class Outlook:
    """What the group audit can tell at this size, as shares of runs.

    judged_n: gaps. critical: the standard errors one must exceed to fail. fails_if_right: some gap fails though every
    risk is right. power_3, power_4: the middle gap fails, of a group whose risks are wrong by .3 or .4 log-odds.
    """

    judged_n: int
    critical: float | None
    fails_if_right: Share
    power_3: Share | None
    power_4: Share | None


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """What was measured, after disclosure control; more stands in `raw`."""

    measures: Annotated[tuple[Measure, ...], Since(PUBLISHING)] = ()
    kind: str = ""
    years: tuple[int, ...] = ()
    robustness: Robustness = field(default_factory=Robustness)
    flags_against: Annotated[FlagsAgainst | None, NEVER_NULL] = None
    kind_text: Annotated[Words, ReadFrom(PUBLISHING)] = UNREAD
    rule: Annotated[Words, ReadFrom(PUBLISHING)] = UNREAD
    fairness: Annotated[tuple[Gap, ...], ReadFrom(PUBLISHING)] = ()
    audit: Annotated[Outlook | None, NEVER_NULL] = None
    n: Annotated[int | None, ReadFrom(PUBLISHING)] = None
    events_n: Annotated[int | None, ReadFrom(PUBLISHING)] = None
    clusters_n: Annotated[int | None, ReadFrom(PUBLISHING)] = None
    raw: Raw = raw()
