"""One table of points of a release: its items, risks, thresholds, what it rests on, and how rare each answer is.

Standard library only.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Annotated, Literal, cast

from riskmodel.ground.errors import BundleError
from riskmodel.ground.record_reader import NEVER_NULL, AtLeast, ReadFrom, Since, Until
from riskmodel.release import TEXTS
from riskmodel.release.evidence import Demand, Evidence, Expected, Rejected
from riskmodel.release.item import Code, Item, Question, is_unanswered
from riskmodel.release.json_record import PUBLISHING, SINCE_3, UNREAD, Digest, Positive, Raw, Share, Stepped, Words, raw

MORE_SUPPORT, BORDERLINE, NO_INDICATION = "more_support", "borderline", "no_indication"  # what a sum can be told
RARITY_LIMIT = 10_000  # a case of more is unusual: the equation was fitted on hardly anybody like it


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


@dataclass(frozen=True)
class Lender:
    """A municipality whose table was borrowed."""

    code: str
    name: str


@dataclass(frozen=True)
class Moved:
    """An item, and by how many points at most an answer to it lies from the borrowed table."""

    item: str
    points: int


@dataclass(frozen=True)
class Borrowed:
    """Whose table was borrowed, by whose leave, and how far ours lies from it.

    release: the id of a release, the town's code of a summary. sha256: of SHA256SUMS, or of the file. penalty: on every
    move from it; None: their points stand as they are. freedom: degrees of freedom of the moves, 0 where they stand.
    moved: every item that moved, furthest first.
    """

    kind: Literal["release", "summary", "combination"]
    release: str
    municipalities: Annotated[tuple[Lender, ...], AtLeast(1)]
    sha256: Digest
    permission: str
    penalty: Positive | None
    freedom: float
    moved: tuple[Moved, ...]


@dataclass(frozen=True)
class Rarity:
    """Shares of `RARITY_LIMIT`, which add up: of the mean person, and by item of each answer (None: no answer)."""

    mean: int
    by_item: Mapping[str, Mapping[Code | None, int]]

    def of_answer(self, item: Item, given: object) -> int:
        """That of one resolved, scorable answer to `item`."""
        return self.by_item[item.id][None if is_unanswered(given) else cast(Code, given)]

    def of_case(self, items: Iterable[Item], answers: Mapping[str, object]) -> int:
        """That of a case with these resolved, scorable answers."""
        return self.mean + sum(self.of_answer(item, item.given(answers)) for item in items)


def rarity_in(items: Iterable[Item], *, mean_error: float, limit: float) -> Rarity:
    """The rarity of every answer: its variance in shares of `limit` (squared log-odds), rounded to whole ones.

    One beyond `RARITY_LIMIT` makes a case unusual alone and counts as one more than it: any engine's numbers hold that.
    """

    def share(error: float) -> int:
        return min(round(RARITY_LIMIT * Fraction(str(error)) ** 2 / Fraction(str(limit))), RARITY_LIMIT + 1)

    return Rarity(
        share(mean_error),
        {
            item.id: {
                None: share(item.no_answer.error),
                **{code: share(answer.error) for code, answer in item.answers.items()},
            }
            for item in items
        },
    )


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
