"""What one case is told. Standard library only."""

from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias, get_args

from riskmodel.instrument.records import Contradiction, Text
from riskmodel.release.landmark import BORDERLINE, MORE_SUPPORT, NO_INDICATION

TOO_LITTLE = "too_little_information"
ANSWERS = (MORE_SUPPORT, BORDERLINE, NO_INDICATION, TOO_LITTLE)
Standing: TypeAlias = Literal["above", "below", "both", "average", "unanswered"]
STANDINGS: tuple[Standing, ...] = get_args(Standing)
NOTICEABLE_POINTS = 0.5  # nearer than this to the average new case is no reason in either direction


@dataclass(frozen=True)
class Contribution:
    """What one item adds to the sum. mean_points: of all new cases; lowest_points: of the item's answers."""

    item: str
    text: Text
    answer: Text
    is_answered: bool
    points: int
    mean_points: float
    lowest_points: int
    is_changeable: bool

    @property
    def above_mean(self) -> float:
        """Points more than the average new case gets from this item."""
        return self.points - self.mean_points


@dataclass(frozen=True)
class Abstention:
    """Why there is no advice: a reason (see `abstain`), what is told of the items that gave it, and their ids."""

    reason: str
    items: tuple[Text, ...] = ()
    ids: tuple[str, ...] = ()


@dataclass(frozen=True)
class Question:
    """The question that would tell most next, and who asks it."""

    item: str
    text: Text
    who: Text


@dataclass(frozen=True)
class Deciding:
    """An unanswered question that decides: each of `answers` to it alone makes the advice another.

    is_any: these are all answers that have points.
    """

    item: str
    text: Text
    answers: tuple[Text, ...]
    is_any: bool


@dataclass(frozen=True)
class Area:
    """A life area, and where the answers in it stand beside the average case's; no sum, and no order of areas."""

    id: str
    text: Text
    stands: Standing


@dataclass(frozen=True)
class OwnRating:
    """What the applicant says of the matter: a question and the answer to it."""

    item: str
    text: Text
    answer: Text


@dataclass(frozen=True)
class PartSoFar:
    """How many of a part's questions are answered."""

    id: str
    text: Text
    answered_n: int
    asked_n: int


@dataclass(frozen=True)
class SoFar:
    """The points of the answers there are, and the least and most that the sum can be when every question has one.

    flag: as in `Total`.
    """

    points: int
    lowest: int
    highest: int
    flag: int | None
    parts: tuple[PartSoFar, ...]

    @property
    def is_begun(self) -> bool:
        """Whether some questions are answered and some are not."""
        answered_n = sum(part.answered_n for part in self.parts)
        return 0 < answered_n < sum(part.asked_n for part in self.parts)


@dataclass(frozen=True)
class Waived:
    """A demand that the release is used without meeting: who granted it and why, and its last day (YYYY-MM-DD).

    column: the one of the group audit that it is about; empty when it is about no group.
    """

    gate: str
    demand: Text
    column: str
    name: str
    reason: str
    until: str

    @property
    def what(self) -> Text:
        """The demand, and the column in brackets."""
        of = f" ({self.column})" if self.column else ""
        return Text(sv=f"{self.demand.sv}{of}", en=f"{self.demand.en}{of}")


@dataclass(frozen=True)
class Origin:
    """The release an advice comes from. id and dates are None in a candidate that nobody has published.

    ages: the first and the last that it is for.
    """

    id: str | None
    valid_from: date | None
    valid_until: date | None
    municipalities: tuple[str, ...]
    ages: tuple[int, int]
    outcome: Text
    population: Text
    regime: Text
    forbidden_uses: tuple[Text, ...]
    waivers: tuple[Waived, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Total:
    """A sum of points, what each item adds to it, and what it is held beside.

    flag: the sum from which more support may be needed; band: the first and last sum that are borderline.
    """

    points: int
    flag: int | None
    band: tuple[int, int] | None
    contributions: tuple[Contribution, ...]

    @property
    def raising(self) -> tuple[Contribution, ...]:
        """Given answers with more points than the average new case, the furthest first."""
        above = [entry for entry in self.contributions if entry.is_answered and entry.above_mean >= NOTICEABLE_POINTS]
        return tuple(sorted(above, key=lambda entry: -entry.above_mean))

    @property
    def lowering(self) -> tuple[Contribution, ...]:
        """Given answers with fewer points than the average new case, the furthest first."""
        below = [entry for entry in self.contributions if entry.is_answered and entry.above_mean <= -NOTICEABLE_POINTS]
        return tuple(sorted(below, key=lambda entry: entry.above_mean))

    @property
    def blank(self) -> tuple[Contribution, ...]:
        """What gives points without an answer, most points first."""
        without = [entry for entry in self.contributions if not entry.is_answered and entry.points]
        return tuple(sorted(without, key=lambda entry: -entry.points))

    @property
    def changeable(self) -> tuple[Contribution, ...]:
        """Given answers that can change, and that give more points than the item's lowest answer; most points first."""
        open_ones = [entry for entry in self.contributions if entry.is_answered and entry.is_changeable]
        worse = [entry for entry in open_ones if entry.points > entry.lowest_points]
        return tuple(sorted(worse, key=lambda entry: entry.lowest_points - entry.points))


@dataclass(frozen=True, kw_only=True)
class Score(Total):
    """A sum of points and its published risk with a 95 % interval low-high (0-1).

    is_near: whether the risk that the equation gives at the limit lies in that interval.
    """

    risk: float
    low: float
    high: float
    is_near: bool


@dataclass(frozen=True)
class Advice:
    """What the release says about one case, never what to do.

    answer: one of `ANSWERS`. Either there is a score, or an abstention that says why there is none. unusual: the sum of
    a case so unusual that its risk would be uncertain. so_far, areas: where the answers there are can be weighed.
    contradictions: to ask about again. month: of the case, at whose start it is scored. reference: the case's number.
    """

    own_assessment: str | None
    answer: str
    score: Score | None
    unusual: Total | None
    abstention: Abstention | None
    so_far: SoFar | None
    areas: tuple[Area, ...]
    own_rating: OwnRating | None
    contradictions: tuple[Contradiction, ...]
    deciding: tuple[Deciding, ...]
    next_question: Question | None
    origin: Origin
    day: date
    month: int = 0
    reference: str | None = None


def with_answer(question: Text, answer: Text) -> Text:
    """A question and what was answered to it, in one line."""
    sv, en = ("" if text.endswith("?") else ":" for text in (question.sv, question.en))
    return Text(sv=f"{question.sv}{sv} {answer.sv}", en=f"{question.en}{en} {answer.en}")
