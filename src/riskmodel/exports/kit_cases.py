"""The made cases that a kit tries a door with, typed right and wrong, the same for the same release.

Standard library only.
"""

import random
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import TypeVar

from riskmodel.exports.coded import rarity_of
from riskmodel.ground.record_reader import Json
from riskmodel.instrument.records import NO_ANSWER, NOT_ASKED, NOT_OBSERVED
from riskmodel.release.answers import as_written, scored_numbers, why_not_scored
from riskmodel.release.item import Code, Level, Question
from riskmodel.release.landmark import RARITY_LIMIT, Landmark
from riskmodel.release.record import Release

SEED = 20261129
LEAST = 500  # cases a table
PLAIN_N, BLANK_N, AIMED_N, PAIR_N = 60, 40, 4, 40
BLANK_SHARE, ODD_SHARE, LEFT_OUT_SHARE = 0.1, 0.02, 0.5  # of answers; the last of blanks
Answers = dict[str, Json]
T = TypeVar("T")
NO_BREAK, SOFT_HYPHEN, EN_DASH, MINUS = "\u00a0", "\u00ad", "\u2013", "\u2212"
FAR = 10**6  # from any range of numbers


@dataclass(frozen=True)
class Choice:
    """One answer to an item: what is answered to its questions, and what it adds."""

    codes: Mapping[str, Code | None]
    points: int
    rarity: int


@dataclass(frozen=True)
class Maker:
    """Makes the cases of one table. draw: what chance decides; only its `random` gives every Python the same."""

    release: Release
    landmark: Landmark
    draw: random.Random

    def cases(self, least: int) -> Iterator[tuple[str, Answers]]:
        """Each case: what it tries in a word, and its answers as typed; any answers fill them up to the `least`."""
        made = 0
        for name, cases in self._families():
            for answers in cases:
                made += 1
                yield name, answers
        for _ in range(least - made):
            yield "any", self._typed(self._chosen(blank_share=BLANK_SHARE), odd_share=ODD_SHARE)

    def _families(self) -> Iterator[tuple[str, Iterable[Answers]]]:
        yield "plain", (self._written(self._chosen(blank_share=0)) for _ in range(PLAIN_N))
        yield "spelled", self._spelled()
        yield "blank", self._blank()
        yield "part", self._parts()
        yield "refused", self._refused()
        yield "several", self._several()
        yield "item", self._other_items()
        yield "pair", self._pairs()
        yield "sum", map(self._written, self._sums())
        yield "rare", map(self._written, self._rare())

    @property
    def _questions(self) -> tuple[Question, ...]:
        return self.landmark.questions

    def _one_of(self, among: Sequence[T]) -> T:
        return among[int(self.draw.random() * len(among))]

    def _chosen(self, *, blank_share: float) -> dict[str, Code | None]:
        """An answer to every question, some of them none."""
        return {
            question.id: None if self.draw.random() < blank_share else self._one_of(self._codes[question.id] or [None])
            for question in self._questions
        }

    @cached_property
    def _codes(self) -> dict[str, list[Code | None]]:
        """The answers to each question that give points, by its id."""
        return {question.id: scorable(self.release, question) for question in self._questions}

    def _written(self, codes: Mapping[str, Code | None]) -> Answers:
        """These answers as codes and numbers."""
        answered = ((question, codes[question.id]) for question in self._questions)
        return {one.id: as_written(one, code) if isinstance(code, int) else code for one, code in answered}

    def _typed(self, codes: Mapping[str, Code | None], *, odd_share: float = 0) -> Answers:
        """These answers, each typed in one of its ways; some that are none are left out, some give no points."""
        made: Answers = {}
        for question in self._questions:
            code = codes[question.id]
            ways = blanks(self.release, question) if code is None else typed(question, code)
            ways = odd(self.release, question) if self.draw.random() < odd_share else ways
            if code is not None or self.draw.random() < LEFT_OUT_SHARE:
                made[question.id] = self._one_of(ways)
        return made

    def _spelled(self) -> Iterator[Answers]:
        """Every answer to every question in every way it is typed, the ways of all questions side by side."""
        ways = {question.id: self._ways(question) for question in self._questions}
        for place in range(max(map(len, ways.values()))):
            yield {name: own[place % len(own)] for name, own in ways.items()}

    def _ways(self, question: Question) -> list[Json]:
        """Every way of typing each of its levels; of numbers each in one of its ways, and one in all of them."""
        ways = [typed(question, code) for code in self._codes[question.id] if code is not None]
        if question.numbers is None or not ways:
            return [way for own in ways for way in own] or [None]
        return [*(own[place % len(own)] for place, own in enumerate(ways)), *self._one_of(ways)]

    def _blank(self) -> Iterator[Answers]:
        """Every way of saying nothing, to every third question at once; nothing at all; then many unanswered."""
        ways = [blanks(self.release, question) for question in self._questions]
        for place, third in product(range(max(map(len, ways))), range(3)):
            said = {
                question.id: own[place % len(own)]
                for number, (question, own) in enumerate(zip(self._questions, ways, strict=True))
                if number % 3 == third
            }
            yield {**self._written(self._chosen(blank_share=0)), **said}
        yield {}
        yield {question.id: None for question in self._questions}
        for place in range(BLANK_N):
            yield self._typed(self._chosen(blank_share=(1 + place % 9) / 10))

    def _parts(self) -> Iterator[Answers]:
        """A part of the form not asked, and a part alone: the keys of the others are left out."""
        for part, is_asked in product(self.release.parts, (True, False)):
            names = [one.id for one in self._questions if (one.part == part.id) == is_asked]
            for _ in range(AIMED_N):
                answers = self._written(self._chosen(blank_share=0))
                yield {name: answers[name] for name in names}

    def _refused(self) -> Iterator[Answers]:
        """One answer that gives no points, to each question."""
        for question in self._questions:
            for way in odd(self.release, question):
                yield {**self._written(self._chosen(blank_share=0)), question.id: way}

    def _several(self) -> Iterator[Answers]:
        """Answers that give no points to two questions: which reason comes first."""
        for one, other in zip(self._questions, self._questions[1:], strict=False):
            for _ in range(2):
                both = {each.id: self._one_of(odd(self.release, each)) for each in (one, other)}
                yield {**self._written(self._chosen(blank_share=0)), **both}

    def _other_items(self) -> Iterator[Answers]:
        """Items that the table does not ask for: made up, of another table, in another spelling."""
        asked = {question.id for question in self._questions}
        others = dict.fromkeys(one.id for table in self.release.landmarks for one in table.questions)
        for name in ("shoe_size", self._questions[0].id.upper(), "", *(name for name in others if name not in asked)):
            yield {**self._written(self._chosen(blank_share=0)), name: None}
            yield {**self._written(self._chosen(blank_share=0)), name: "x", "first_name": "x"}

    def _pairs(self) -> Iterator[Answers]:
        """Answers to both questions of a pair, and to one of them alone."""
        for item in self.landmark.items:
            both = [*product(*map(self._given_to, item.of))] if item.of else []
            for place in range(min(PAIR_N, len(both))):
                own = both[place * len(both) // min(PAIR_N, len(both))]
                told = dict(zip([one.id for one in item.of], own, strict=True))
                yield self._written({**self._chosen(blank_share=0), **told})

    def _sums(self) -> Iterator[dict[str, Code | None]]:
        """The least and the largest sum, and those at the flag and at the ends of the band."""
        limits = self.landmark.thresholds
        ends = {end + step for end in (limits.flag, *(limits.band or ())) if end is not None for step in (-1, 0, 1)}
        for choose in (min, max):
            yield _answered(choose(own, key=lambda one: one.points) for own in self._choices)
        for wanted in sorted(ends):
            for _ in range(AIMED_N):
                yield self._near(wanted, points=1, rarity=0)

    def _rare(self) -> Iterator[dict[str, Code | None]]:
        """The most unusual case, and cases at the limit beyond which one is."""
        yield _answered(max(own, key=lambda one: one.rarity) for own in self._choices)
        limit = RARITY_LIMIT - rarity_of(self.landmark).mean
        for wanted in (limit * 8 // 10, limit - 1, limit, limit + 1, limit * 12 // 10):
            for _ in range(AIMED_N):
                yield self._near(wanted, points=0, rarity=1)

    def _near(self, wanted: int, *, points: int, rarity: int) -> dict[str, Code | None]:
        """A case whose sum of points, or of rarity, is as near `wanted` as one answer after the other brings it."""
        worth = [[one.points * points + one.rarity * rarity for one in own] for own in self._choices]
        places = [int(self.draw.random() * len(own)) for own in worth]
        total = sum(own[place] for own, place in zip(worth, places, strict=True))
        start = int(self.draw.random() * len(worth))
        for item in (*range(start, len(worth)), *range(start)):
            rest = total - worth[item][places[item]]
            nearest = min(range(len(worth[item])), key=lambda place: abs(rest + worth[item][place] - wanted))
            if abs(rest + worth[item][nearest] - wanted) < abs(total - wanted):
                places[item], total = nearest, rest + worth[item][nearest]
        return _answered(own[place] for own, place in zip(self._choices, places, strict=True))

    @cached_property
    def _choices(self) -> list[list[Choice]]:
        """The answers to each item that give points, no answer among them."""
        rarity, found = rarity_of(self.landmark), []
        for item in self.landmark.items:
            ids = [one.id for one in item.questions]
            told = [dict(zip(ids, both, strict=True)) for both in product(*map(self._given_to, item.questions))]
            given = [*map(item.given, told)]
            pairs = zip(told, given, strict=True)
            found.append([Choice(codes, item.points_of(one), rarity.of_answer(item, one)) for codes, one in pairs])
        return found

    def _given_to(self, question: Question) -> list[Code | None]:
        """The answers to `question` that give points, no answer among them where it does."""
        blank = [None] if why_not_scored(self.release, question, None) is None else []
        return [*self._codes[question.id], *blank] or [None]


def _answered(choices: Iterable[Choice]) -> dict[str, Code | None]:
    return {name: code for choice in choices for name, code in choice.codes.items()}


def scorable(release: Release, question: Question) -> list[Code | None]:
    """The answers to `question` that give points."""
    if question.numbers is not None:
        return [*scored_numbers(question, release.abstention)]
    return [*question.answers]


def typed(question: Question, code: Code) -> list[Json]:
    """Every way of typing the answer `code`."""
    if isinstance(code, int):
        return [*_typed_number(as_written(question, code))]
    return [*_typed_level(next(level for level in question.levels if level.code == code))]


def _typed_number(number: int | float) -> Iterator[Json]:
    text = repr(number)
    yield from (number, float(number), text, f" {text}\t", text.replace(".", ","))
    if isinstance(number, int):
        yield from (f"{number},0", f"{number}.00")
    if number < 0:
        yield text.replace("-", MINUS)


def _typed_level(level: Level) -> Iterator[Json]:
    texts = dict.fromkeys((level.code, level.text.sv, level.text.en, *level.aliases))
    for text in texts:
        yield text
        yield f"  {text.upper()} "
    first = level.text.sv
    yield first.replace(" ", NO_BREAK)
    yield first.replace("-", EN_DASH)
    yield first[:1] + SOFT_HYPHEN + first[1:]
    yield unicodedata.normalize("NFD", first)  # å as a and its ring, as some systems store it


def blanks(release: Release, question: Question) -> list[Json]:
    """Every way of saying that there is no answer, as it may stand in a file."""
    said = dict.fromkeys((*release.no_answer, *question.no_answer_texts, NO_ANSWER, NOT_ASKED, NOT_OBSERVED))
    spelled = [way for text in said for way in (text, f" {text.upper()}")]
    return [*dict.fromkeys([None, "", "  ", *spelled])]


def odd(release: Release, question: Question) -> list[Json]:
    """What may be typed and gives no points: of the wrong type, unknown, a route, outside a range."""
    return [*(_odd_numbers(release, question) if question.numbers is not None else _odd_levels(question))]


def _odd_numbers(release: Release, question: Question) -> Iterator[Json]:
    scored = scored_numbers(question, release.abstention) or [0]
    first, last = as_written(question, min(scored)), as_written(question, max(scored))
    step = max(1, round(1 / question.scale))
    yield from (True, [last], {"value": last}, "x", f"{last} x", f"{last},000", f"{last}e0")
    yield from (last + 0.5, f"{first},5", first - step, last + step, str(last + step), last + FAR, -FAR)


def _odd_levels(question: Question) -> Iterator[Json]:
    code = question.levels[-1].code
    yield from (True, False, 0, 1.5, [code], {"code": code}, f"{code}x", f"{code} {code}", "?", "null", "0")
    yield from (route for level in question.levels if level.route for route in (level.code, level.text.sv))
