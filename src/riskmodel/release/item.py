"""One question of a release: a table from answers to points. Standard library only."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Annotated, Literal, TypeAlias, TypeVar, cast

from riskmodel.ground.errors import BundleError
from riskmodel.ground.record_reader import NEVER_NULL, AtLeast, Since, Until, When
from riskmodel.instrument.pairs import JOINT, PAIR
from riskmodel.instrument.records import NO_ANSWER, NOT_ASKED, NOT_OBSERVED
from riskmodel.instrument.spelling import spelling
from riskmodel.release import TEXTS
from riskmodel.release.json_record import SINCE_2, SINCE_3, Positive, Raw, Stepped, Words, raw

NUMBER, LEVEL, ORDINAL, FLAG = "number", "level", "ordinal", "flag"
WITH_LEVELS = (LEVEL, ORDINAL, FLAG, PAIR)
UNANSWERED = (None, NO_ANSWER, NOT_ASKED, NOT_OBSERVED)
Row = tuple[tuple[int, float], ...]  # (column, value) of the design matrix, the intercept left out
T = TypeVar("T")
Code: TypeAlias = str | int  # how a release names an answer: a level's code, or a whole number


@dataclass(frozen=True)
class Answer:
    """What one answer gives: its points.

    error: of its log-odds about the mean person's. row: of the design matrix, in early formats instead of an error.
    """

    points: int
    row: Annotated[Row, Until(SINCE_3)] = ()
    error: Annotated[Stepped, Since(SINCE_3)] = 0.0


@dataclass(frozen=True)
class Level:
    """One answer that can be given in words. route: it leads to a rule of its own, not to points."""

    code: str
    text: Words
    aliases: tuple[str, ...]
    points: int
    route: bool
    row: Annotated[Row, Until(SINCE_3)] = ()
    error: Annotated[Stepped, Since(SINCE_3)] = 0.0
    raw: Raw = raw()


@dataclass(frozen=True)
class Numbers:
    """Whole numbers, and what each gives, as in `Answer`. scale: what is written is multiplied by it, then rounded."""

    minimum: int
    maximum: int
    unit: Words | None
    derive: str | None
    points: Annotated[tuple[int, ...], AtLeast(1)]
    rows: Annotated[tuple[Row, ...], AtLeast(1), Until(SINCE_3)] = ()
    errors: Annotated[tuple[Stepped, ...], AtLeast(1), Since(SINCE_3)] = ()
    scale: Annotated[Positive, Since(SINCE_2)] = 1
    raw: Raw = raw()


@dataclass(frozen=True, kw_only=True)
class Question:
    """What is asked, with the points of its answers. It has levels, or numbers where its kind is `NUMBER`.

    spread: between its fewest and most points. mean_points: of everybody the equation was fitted on.
    """

    id: str
    kind: Literal["number", "level", "ordinal", "flag", "pair"]
    part: str
    life_area: str
    text: Words
    changeable: bool
    grounds: tuple[str, ...]
    justification: str
    no_answer: Answer
    spread: int
    mean_points: float
    numbers: Annotated[Numbers | None, When("kind", (NUMBER,)), NEVER_NULL] = None
    levels: Annotated[tuple[Level, ...], When("kind", WITH_LEVELS), AtLeast(1)] = ()
    no_answer_texts: Annotated[tuple[str, ...], Since(SINCE_2)] = ()
    raw: Raw = raw()

    @cached_property
    def answers(self) -> dict[Code, Answer]:
        """Every answer that has points, with them, as a release names it, in order."""
        if self.numbers is not None:
            return dict(enumerate(_answers_of(self.numbers), start=self.numbers.minimum))
        return {level.code: Answer(level.points, level.row, level.error) for level in self.levels if not level.route}

    @cached_property
    def code_by_spelling(self) -> dict[str, str]:
        """Spelling to code, for every level."""
        return {
            spelling(written): level.code
            for level in self.levels
            for written in (level.code, level.text.sv, level.text.en, *level.aliases)
        }

    @cached_property
    def routes(self) -> frozenset[str]:
        """The answers that lead to a rule of their own."""
        return frozenset(level.code for level in self.levels if level.route)

    def given(self, answers: Mapping[str, T]) -> T | str | None:
        """What is answered to it in `answers`, question id to answer; None when it stands there without one."""
        return answers.get(self.id)

    @property
    def derive(self) -> str | None:
        """What a number is worked out from; None for what is answered as it is."""
        return None if self.numbers is None else self.numbers.derive

    @property
    def scale(self) -> float:
        """What a written number is multiplied by to give the whole steps that the table of points counts in."""
        return 1 if self.numbers is None else self.numbers.scale

    def answer(self, given: object) -> Answer:
        """What the answer `given` gives; one the release does not know is a `BundleError`."""
        if is_unanswered(given):
            return self.no_answer
        found = self.answers.get(cast(Code, given)) if self._is_named(given) else None  # 1.0 finds what 1 does
        if found is None:
            raise self._unknown(given)
        return found

    def points_of(self, given: object) -> int:
        """The points of the answer `given`; one the release does not know is a `BundleError`."""
        return self.answer(given).points

    def points_range(self, *, answered: bool = False) -> tuple[int, int]:
        """Fewest and most points it can give; `answered`: without counting no answer."""
        points = [answer.points for answer in self.answers.values()]
        points += [] if answered and points else [self.no_answer.points]
        return min(points), max(points)

    def _is_named(self, given: object) -> bool:
        """Whether `given` could be the name of an answer: true is none, though it equals 1; 1.0 is one."""
        if self.numbers is None:
            return isinstance(given, str)
        return isinstance(given, int | float) and not isinstance(given, bool)

    def _unknown(self, given: object) -> BundleError:
        if self.numbers is not None:
            ends = {"first": self.numbers.minimum, "last": self.numbers.maximum}
            return BundleError(TEXTS["no_whole_number"].filled(item=self.id, **ends))
        if isinstance(given, str) and given in self.routes:
            return BundleError(TEXTS["leads_elsewhere"].filled(item=self.id))
        codes = ", ".join(level.code for level in self.levels)
        return BundleError(TEXTS["no_such_code"].filled(item=self.id, codes=codes))


@dataclass(frozen=True, kw_only=True)
class Item(Question):
    """One line of a table of points: a question, or a pair of them, whose levels are the answers to both.

    of: a pair's two questions, in the order of its codes, without points of their own.
    """

    of: Annotated[tuple[Question, ...], When("kind", (PAIR,)), AtLeast(2)] = ()

    @property
    def questions(self) -> tuple[Question, ...]:
        """What is asked for it."""
        return self.of or (self,)

    def given(self, answers: Mapping[str, T]) -> T | str | None:
        """What is answered to it in `answers`, question id to answer: of a pair, the code of both; None for none."""
        if not self.of:
            return super().given(answers)
        told = [question.given(answers) for question in self.of]
        codes = [NO_ANSWER if is_unanswered(one) else str(one) for one in told]
        return None if set(codes) == {NO_ANSWER} else JOINT.join(codes)

    def points_with(self, answers: Mapping[str, Code | None], every: Collection[str]) -> list[int]:
        """Its points with each answer that there is to its questions in `every`, the others as in `answers`."""
        told = [[*one.answers] if one.id in every else [answers[one.id]] for one in self.questions]
        ids = [one.id for one in self.questions]
        return [self.points_of(self.given(dict(zip(ids, both, strict=True)))) for both in product(*told)]


def _answers_of(numbers: Numbers) -> Iterator[Answer]:
    if numbers.rows:
        return (Answer(points, row) for points, row in zip(numbers.points, numbers.rows, strict=True))
    return (Answer(points, error=error) for points, error in zip(numbers.points, numbers.errors, strict=True))


def is_unanswered(answer: object) -> bool:
    """Whether `answer` stands for no answer; NaN does."""
    return answer is None or (isinstance(answer, str) and answer in UNANSWERED) or answer != answer
