"""The settings by which a year is judged: alarms, validation, policy, fairness, and what may be waived."""

from dataclasses import dataclass
from typing import Annotated

from riskmodel.ground.limits import Limits, Share


@dataclass(frozen=True)
class ExplainedAlarm:
    """An alarm that a named person has explained. year: of a drift or of the flow; 0 for signs of a leak."""

    alarm: str
    item: str
    signed_by: str
    reason: str
    year: Annotated[int, Limits(0, 9999)] = 0


@dataclass(frozen=True)
class AlarmSettings:
    """Limits beyond which a leak, or a break in the flow, is suspected (shares and AUC, 0-1).

    auc_later: at landmarks after the first month. starts_change, month_change: of a month on those before it.
    """

    auc: Annotated[float, Limits(0.5, 1)]
    auc_later: Annotated[float, Limits(0.5, 1)]
    single_item_auc: Annotated[float, Limits(0.5, 1)]
    one_item_adds: Share
    auc_rise: Share
    blank_difference: Share
    blanks_auc: Annotated[float, Limits(0.5, 1)] = 0.55
    starts_change: Annotated[float, Limits(0, 100)] = 0.5
    month_change: Annotated[float, Limits(0, 100)] = 0.15
    holes_rise: Share = 0.1
    unlinked_rise: Share = 0.1
    unlinked_events: Share = 0.4
    unlinked_events_rise: Share = 0.15
    event_rate: Share = 0.1
    unknown_outcomes: Share = 0.1
    explained: tuple[ExplainedAlarm, ...] = ()


@dataclass(frozen=True)
class AssessSettings:
    """How predictions are validated, and how few people are too few."""

    folds: Annotated[int, Limits(2, 100)]
    bootstrap: Annotated[int, Limits(1, 100_000)]
    optimism: Annotated[int, Limits(2, 100_000)]
    min_training_months: Annotated[int, Limits(1, 600)]
    net_benefit_lowest: Annotated[float, Limits(0, 1, without_most=True)]
    net_benefit_highest: Annotated[float, Limits(0, 1, without_most=True)]
    group_min: Annotated[int, Limits(1, 1_000_000)]
    curve_min: Annotated[int, Limits(1, 1_000_000)]


@dataclass(frozen=True)
class PolicySettings:
    """What the municipality asks of a threshold and of the model behind it."""

    harm_ratio: Annotated[float, Limits(0, 100, without_least=True)]
    ppv_floor: Share
    left_early_cap: Share
    capacity_share: Share
    alternative_harm_ratio: Annotated[float, Limits(0, 100, without_least=True)]
    max_unanswered_share: Share
    max_borderline_share: Share
    min_oe: Share
    max_oe: Annotated[float, Limits(1, 1000)]
    min_slope: Annotated[float, Limits(-10, 1)]
    max_slope: Annotated[float, Limits(1, 1000)]
    max_ici: Share
    min_auc_lower: Share
    max_auc_loss: Share
    max_mean_risk_loss: Share
    max_risk_loss: Share
    min_same_flag: Share


@dataclass(frozen=True)
class Tolerance:
    """A tolerance that holds for one column of the audit alone, or for one of its groups; measure as in the audit."""

    column: str
    measure: str
    tolerance: Annotated[float, Limits(0, 10)]
    group: str = ""


@dataclass(frozen=True)
class FairnessSettings:
    """Tolerances of the fairness gate, and exceptions from them."""

    missed_tolerance: Share
    needless_tolerance: Share
    oe_tolerance: Annotated[float, Limits(1, 1000)]
    raw_gap_limit: Annotated[float, Limits(0, 10)]
    tolerances: tuple[Tolerance, ...] = ()


@dataclass(frozen=True)
class Waiver:
    """A gate that a named person lets pass until a date (YYYY-MM-DD). column: of the fairness audit, else empty.

    group, measure, second, follow_up: of one gap that failed, with the other person and how the group is followed.
    """

    gate: str
    name: str
    reason: str
    until: str
    column: str = ""
    group: str = ""
    measure: str = ""
    second: str = ""
    follow_up: str = ""
