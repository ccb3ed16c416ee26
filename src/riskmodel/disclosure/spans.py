"""The profiles, and between which whole numbers a shown count says that the true one lies. Standard library only."""

from dataclasses import dataclass
from math import inf

Span = tuple[float, float]  # the least and the most, both possible
ANYTHING: Span = (0, inf)


@dataclass(frozen=True)
class Profile:
    """How much is hidden. hidden_up_to: largest count that is never shown; rounding: the rest go to its multiples."""

    name: str
    hidden_up_to: int
    rounding: int

    @property
    def away(self) -> int:
        """How far a shown count may lie from the true one."""
        return self.rounding // 2


PROFILES = {"internal": Profile("internal", 4, 1), "public": Profile("public", 7, 5)}


def span_of(shown: int | None, rule: Profile) -> Span:
    """Where the true count lies when `shown` is what is told of it; None: it is hidden."""
    if shown is None:
        return ANYTHING
    return max(rule.hidden_up_to + 1, shown - rule.away), shown + rule.away


def change(now: Span, before: Span) -> Span:
    """By how much a count has changed, as far as one can tell."""
    return now[0] - before[1], now[1] - before[0]


def is_handful(changed: Span, *, limit: int) -> bool:
    """Whether a change is known to be of somebody, and of no more than `limit` people."""
    least, most = changed
    return (least >= 1 and most <= limit) or (most <= -1 and least >= -limit)


def is_nothing(changed: Span) -> bool:
    """Whether it is known that nothing has changed."""
    return changed == (0, 0)


def is_something(changed: Span) -> bool:
    """Whether it is known that something has changed."""
    return changed[0] > 0 or changed[1] < 0
