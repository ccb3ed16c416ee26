"""One table of points of a release: its items, risks and thresholds. Standard library only."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated

from riskmodel.ground.errors import BundleError
from riskmodel.ground.record_reader import NEVER_NULL, AtLeast, ReadFrom, Since, Until
from riskmodel.release.borrowed import Borrowed
from riskmodel.release.evidence import Demand, Evidence, Expected, Rejected
from riskmodel.release.item import Item, Question
from riskmodel.release.json_record import (
    PUBLISHING,
    SINCE_3,
    UNREAD,
    Positive,
    Raw,
    Share,
    Stepped,
    Words,
    raw,
)
from riskmodel.release.rarity import Rarity, rarity_in
from riskmodel.release.refusals import TEXTS

MORE_SUPPORT, BORDERLINE, NO_INDICATION = "more_support", "borderline", "no_indication"  # what a sum can be told


@dataclass(frozen=True)
class RiskTable:
    """The risk (0-1) of every sum of points, from `first` on."""

    first: int
    values: Annotated[tuple[Share, ...], AtLeast(1)]

    @property
    def sums(self) -> range:
        """The sums that the table has."""
        return range(self.first, self.first + len(self.values))

    @property
    def by_sum(self) -> dict[int, float]:
        """Each sum with its risk."""
        return dict(enumerate(self.values, start=self.first))


@dataclass(frozen=True, kw_only=True)
class Thresholds:
    """From which sum on a case is flagged (None: never), and which sums are borderline.

    unmet: the municipality's demands that no flag meets. not_known: those that too few people tell of.
    """

    flag: int | None
    band: tuple[int, int] | None
    threshold_prob: Share | None
    expected: Annotated[Expected | None, ReadFrom(PUBLISHING)]
    unmet: Annotated[tuple[Demand, ...], ReadFrom(PUBLISHING)] = ()
    not_known: tuple[Demand, ...] = ()
    band_method: Annotated[Words, ReadFrom(PUBLISHING)] = UNREAD
    raw: Raw = raw()

    def answer_at(self, points: int) -> str | None:
        """The answer to a sum of points: inside the band borderline, else by the flag; None without a flag."""
        if self.flag is None:
            return None
        if self.band is not None and self.band[0] <= points <= self.band[1]:
            return BORDERLINE
        return MORE_SUPPORT if points >= self.flag else NO_INDICATION


@dataclass(frozen=True)
class Coefficient:
    """One column of the equation."""

    column: str
    raw: Raw = raw()


@dataclass(frozen=True, kw_only=True)
class Landmark:
    """One table of points, used at the start of `month` of a case: the log-odds of a sum are offset + per_point · sum.

    mean_error: of the mean person's log-odds; unusual_variance: beyond it a pattern of answers was never seen. Early
    formats held the equation instead. covariance: of the coefficients of `columns`, squared log-odds. borrowed: the
    table it rests on, None where it rests on none.
    """

    month: int
    items: Annotated[tuple[Item, ...], AtLeast(1)]
    offset: float
    per_point: float
    risk: RiskTable
    thresholds: Thresholds
    rejected_alternative: Annotated[Rejected | None, ReadFrom(PUBLISHING)]
    mean_error: Annotated[Stepped, Since(SINCE_3)] = 0.0
    unusual_variance: Annotated[Positive, Since(SINCE_3)] = 1.0
    columns: Annotated[tuple[str, ...], AtLeast(1), Until(SINCE_3)] = ()
    covariance: Annotated[tuple[tuple[float, ...], ...], Until(SINCE_3)] = ()
    leverage_limit: Annotated[float, Until(SINCE_3)] = 0.0
    coefficients: Annotated[tuple[Coefficient, ...], Until(SINCE_3)] = ()
    evidence: Annotated[Evidence | None, NEVER_NULL] = None
    borrowed: Annotated[Borrowed | None, NEVER_NULL] = None
    raw: Raw = raw()

    @property
    def questions(self) -> tuple[Question, ...]:
        """What is asked, of a pair both."""
        return tuple(question for item in self.items for question in item.questions)

    def sum_of_points(self, answers: Mapping[str, object]) -> int:
        """The published score: the points of every item; a question left out counts as no answer."""
        known = {question.id for question in self.questions}
        unknown_n = len(set(answers) - known)
        if unknown_n:
            raise BundleError(TEXTS["other_items"].filled(n=unknown_n, known=", ".join(sorted(known))))
        return sum(item.points_of(item.given(answers)) for item in self.items)

    @cached_property
    def rarity(self) -> Rarity | None:
        """How rare each answer is; None in early formats, which hold no errors."""
        if self.covariance:
            return None
        return rarity_in(self.items, mean_error=self.mean_error, limit=self.unusual_variance)

    def risk_of(self, points: int) -> float:
        """The risk (0-1) published for a sum of points."""
        sums = self.risk.sums
        if points not in sums:
            raise BundleError(TEXTS["sum_outside"].filled(first=sums.start, last=sums.stop - 1))
        return self.risk.values[points - sums.start]
