"""What settings.py reads the tables of params.toml into; how far a number may go stands in its field's type."""

from collections.abc import Mapping
from dataclasses import dataclass, field, is_dataclass
from functools import cache
from typing import Annotated, Any, get_origin, get_type_hints

from riskmodel.ground.errors import SettingsError
from riskmodel.ground.record_reader import Rule
from riskmodel.ground.text import REFUSALS, Text

LONGEST_FOLLOW_UP_MONTHS = 60
ALL, ELBOW = "all", "elbow"
MOST_QUESTIONS = 1000
NO_KEY = "table"  # of the settings file: it is read from the release


@dataclass(frozen=True)
class Limits:
    """The least and the most that a number may be, either of them possibly left out itself."""

    least: float
    most: float
    without_least: bool = False
    without_most: bool = False

    def __contains__(self, number: float) -> bool:
        is_enough = self.least < number if self.without_least else self.least <= number
        return is_enough and (number < self.most if self.without_most else number <= self.most)

    @property
    def ends(self) -> dict[str, Text]:
        """Both ends in words, as `least` and `most`; the numbers as TOML writes them."""
        least = REFUSALS["least_left_out" if self.without_least else "least"].filled(n=f"{self.least:.12g}")
        most = REFUSALS["most_left_out" if self.without_most else "most"].filled(n=f"{self.most:.12g}")
        return {"least": least, "most": most}


Share = Annotated[float, Limits(0, 1)]


@cache
def limits_of(record: type) -> Mapping[str, Limits]:
    """The limits of each field of `record` that holds a number, or a list of numbers, and says how far it may go."""
    hints = get_type_hints(record, include_extras=True)
    marked = {name: hint.__metadata__ for name, hint in hints.items() if get_origin(hint) is Annotated}
    return {name: mark for name, marks in marked.items() for mark in marks if isinstance(mark, Limits)}


def check_limits(record: Any, *, where: str) -> None:
    """Raise a `SettingsError` naming `where` for the first number in `record`, or below it, beyond its limits."""
    kind: type = type(record)
    limited = limits_of(kind)
    for name, value in vars(record).items():
        for one in value if isinstance(value, tuple) else (value,):
            if is_dataclass(one):
                check_limits(one, where=f"{where}: {name}")
            elif name in limited and one not in limited[name]:
                beyond = REFUSALS["beyond_limits"].filled(where=where, name=name, value=one, **limited[name].ends)
                raise SettingsError(beyond)


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


def _is_choice(choose: object) -> bool:
    return choose in (ALL, ELBOW) or (type(choose) is int and 1 <= choose <= MOST_QUESTIONS)


@dataclass(frozen=True)
class ItemsSettings:
    """How many of the questions a table of points asks, chosen anew wherever the procedure is repeated.

    keep: items that are never left out.
    """

    choose: Annotated[str | int, Rule(REFUSALS["choice_of_items"], _is_choice)] = ALL
    keep: tuple[str, ...] = ()


@dataclass(frozen=True)
class PriorItem:
    """What the other table calls an item of ours (empty: the same), and our answers that it names otherwise."""

    id: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class PriorTable:
    """A borrowed table at one landmark: whose it is, and what it gives our answers.

    kind: "release", "summary" or "combination". release: its id, of a summary its town's code. municipalities: code to
    name. sha256: of its SHA256SUMS, or of the file. r2: its corrected Cox–Snell R², None where
    it does not say. logodds: by item, for every answer that can be given, no answer last. unmatched: by item, how many
    of our answers it does not have, where it has others.
    """

    kind: str
    release: str
    municipalities: Mapping[str, str]
    sha256: str
    r2: Annotated[float | None, Limits(0, 1)]
    logodds: Mapping[str, tuple[float, ...]]
    unmatched: Mapping[str, int]


@dataclass(frozen=True)
class PriorSettings:
    """Which published table to start from, how it is known to be that one, and how far ours may move from it.

    release: its folder, or the file of a summary or combination. sha256: of its SHA256SUMS, or of the file; signers: or
    the file that says whose signatures count. permission: licence or agreement under which it is used. only_intercept:
    its points stay as they are. table: the one at hand.
    """

    release: str
    sha256: str = ""
    signers: str = ""
    permission: str = ""
    only_intercept: bool = False
    items: Mapping[str, PriorItem] = field(default_factory=dict)
    table: PriorTable | None = None

    @property
    def at_hand(self) -> PriorTable:
        """The table that was read from the release; a `SettingsError` where nobody has read it."""
        if self.table is None:
            raise SettingsError(REFUSALS["prior_not_read"])
        return self.table
