"""A release's tables as other software is handed them: every answer a code, with its words and what it gives.

Worked out once, and read by every file that counts with codes alone. Standard library only.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from pathlib import Path

from riskmodel.ground.errors import BundleError
from riskmodel.ground.words import LANGUAGES, Text, read_words
from riskmodel.instrument.records import NO_ANSWER, RECEIPTS_SO_FAR
from riskmodel.release.answers import (
    as_written,
    no_answer_spellings,
    read_answer,
    read_answers,
    scored_numbers,
    shown_answer,
)
from riskmodel.release.item import Code, Item, Question
from riskmodel.release.landmark import Landmark, Rarity
from riskmodel.release.record import Release

FOLDER = Path(__file__).parent / "texts"
TEXTS, REFUSALS = read_words(FOLDER / "questionnaire.toml"), read_words(FOLDER / "refusals.toml")


@dataclass(frozen=True)
class Worth:
    """What an answer adds: its points, and its share of how rare a case may be."""

    points: int
    rarity: int


@dataclass(frozen=True)
class CodedQuestion:
    """A question in codes. answers: each code that has points, and how the release names it; no answer is the last.

    A number that, when it is written, stands for no answer is none of them: nobody means its points. shown: the same
    codes in words. asked: the question with who asks it when; outside: of a number, any that has no points.
    """

    question: Question
    answers: Mapping[str, Code | None]
    shown: Mapping[str, Text]
    asked: Text
    outside: Text | None


@dataclass(frozen=True, eq=False)
class CodedTable:
    """A table of points in codes. worth: by item, what answers to its questions give, by the code of each in order."""

    release: Release
    landmark: Landmark

    @cached_property
    def title(self) -> Text:
        """Whose questions these are, about which cases, of which release."""
        month, publication = self.landmark.month, self.release.publication
        cases = TEXTS["later_cases"].filled(month=month) if month else TEXTS["new_cases"]
        names, whose = ", ".join(one.name for one in self.release.municipalities), TEXTS["not_published"]
        if publication is not None:
            days = {"first": publication.valid_from, "last": publication.valid_until}
            whose = TEXTS["published"].filled(id=publication.id, **days)
        return _both("title", municipality=Text(names, names), cases=cases, release=whose)

    @cached_property
    def description(self) -> Text:
        """What the points are, when there are none, and what is waived."""
        return with_waivers(self.release, TEXTS["description"])

    @cached_property
    def questions(self) -> tuple[CodedQuestion, ...]:
        """Every question, in order."""
        return tuple(_coded(self.release, question) for question in self.landmark.questions)

    @cached_property
    def rarity(self) -> Rarity:
        """How rare each answer is."""
        return rarity_of(self.landmark)

    @cached_property
    def worth(self) -> dict[str, dict[tuple[str, ...], Worth]]:
        """By item, what the answers to its questions give, by the code of each, in the questions' order."""
        codes = {one.question.id: one.answers for one in self.questions}
        return {item.id: dict(self._worth(item, codes)) for item in self.landmark.items}

    def _worth(
        self, item: Item, codes: Mapping[str, Mapping[str, Code | None]]
    ) -> Iterator[tuple[tuple[str, ...], Worth]]:
        rarity = self.rarity.by_item[item.id]
        for told in product(*(codes[question.id].items() for question in item.questions)):
            given = item.given({question.id: own for question, (_, own) in zip(item.questions, told, strict=True)})
            yield tuple(code for code, _ in told), Worth(item.points_of(given), rarity[given])

    def examples(self) -> Iterator[tuple[list[str], int]]:
        """The release's own examples of the table: the code of each question, in order, and the sum of points."""
        for example in self.release.examples:
            if example.landmark == self.landmark.month:
                read = read_answers(self.release, self.landmark, example.answers)
                told = ((question, read[question.id]) for question in self.landmark.questions)
                yield [NO_ANSWER if own is None else code_of(one, own) for one, own in told], example.sum


@dataclass(frozen=True, eq=False)
class Coded:
    """A release as other software is handed it. Early formats, which do not say how rare answers are, can't be."""

    release: Release

    @cached_property
    def tables(self) -> tuple[CodedTable, ...]:
        """Every table of the release."""
        return tuple(CodedTable(self.release, landmark) for landmark in self.release.landmarks)


def _coded(release: Release, question: Question) -> CodedQuestion:
    part = next(part for part in release.parts if part.id == question.part)
    told, outside = {"question": question.text, "part": part.text, "who": part.who}, None
    if question.numbers is not None:
        # where none has points, the numbers that the release knows
        known = [*scored_numbers(question, release.abstention)] or [question.numbers.minimum, question.numbers.maximum]
        numbers = shown_answer(question, known[0], known[-1])
        told, outside = {**told, "numbers": numbers}, _both("outside", numbers=numbers)
    answers = scored_codes(release, question)
    shown = {code: TEXTS["no_answer"] if own is None else shown_answer(question, own) for code, own in answers.items()}
    return CodedQuestion(question, answers, shown, _both("asked_number" if outside else "asked", **told), outside)


def is_required(question: Question) -> bool:
    """Whether nobody was ever scored without an answer to it: it says that the case is one the table is for."""
    return question.derive == RECEIPTS_SO_FAR


def code_of(question: Question, answer: Code) -> str:
    """An answer as a code; a number as it is asked for, in its shortest spelling."""
    return answer if isinstance(answer, str) else f"{as_written(question, answer):.10g}"


def scored_codes(release: Release, question: Question) -> dict[str, Code | None]:
    """Every answer with points, its code to how the release names it; see `CodedQuestion`."""
    known: list[Code] = list(question.answers)
    if question.numbers is not None:
        silent, scored = no_answer_spellings(release, question), scored_numbers(question, release.abstention)
        known = [
            one for one in scored if read_answer(question, as_written(question, one), no_answer=silent) is not None
        ]
    no_answer: dict[str, Code | None] = {} if is_required(question) else {NO_ANSWER: None}
    return {**{code_of(question, answer): answer for answer in known}, **no_answer}


def rarity_of(landmark: Landmark) -> Rarity:
    """How rare each answer is; a `BundleError` in early formats, which do not say."""
    if landmark.rarity is None:
        raise BundleError(REFUSALS["no_rarity"])
    return landmark.rarity


def with_waivers(release: Release, said: Text) -> Text:
    """What is `said`, and after it what the release is used without meeting."""
    if not release.standing_waivers:
        return said
    waived = TEXTS["waived"].filled(waivers=release.waivers_in_short)
    return Text(f"{said.sv} {waived.sv}", f"{said.en} {waived.en}")


def _both(key: str, **parts: Text) -> Text:
    said = (
        TEXTS.say(key, language, **{name: part.said(language) for name, part in parts.items()})
        for language in LANGUAGES
    )
    return Text(*said)
