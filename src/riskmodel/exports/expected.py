"""What a release says to answers as they are typed, by the functions that `advise` and `score` rest on.

Standard library only.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from riskmodel.advice.abstain import NO_THRESHOLD, RESEARCH_ONLY, UNANSWERED, UNUSUAL, abstention
from riskmodel.advice.record import TOO_LITTLE
from riskmodel.ground.record_reader import Json
from riskmodel.instrument.records import Text
from riskmodel.release.answers import (
    AGE,
    OUT_OF_RANGE,
    ROUTE,
    UNKNOWN,
    as_written,
    no_answer_spellings,
    read_answer,
    why_not_scored,
)
from riskmodel.release.item import Code, Question
from riskmodel.release.landmark import Landmark
from riskmodel.release.record import Release
from riskmodel.release.scoring import NOT_SCORED, Scored, scored

UNKNOWN_ITEM, UNKNOWN_ANSWER = "unknown_item", "unknown_answer"
REFUSALS = (  # every reason there is, in the order in which they are looked for
    *(UNKNOWN_ITEM, UNKNOWN_ANSWER, RESEARCH_ONLY, NO_THRESHOLD),
    *(ROUTE, AGE, OUT_OF_RANGE, UNANSWERED, UNUSUAL),
)


@dataclass(frozen=True)
class Refusal:
    """Why there is no advice: one of `REFUSALS`, and the names of the items that are the reason."""

    reason: str
    items: tuple[str, ...] = ()


@dataclass(frozen=True)
class Expected:
    """What is said to one case. code: what a door that takes codes is handed; None where it can't be handed the case.

    answer: as in `Advice`; None where an answer is not known, as there is no case then.
    """

    code: dict[str, Json] | None
    scored: Scored
    answer: str | None
    refusal: Refusal | None


@dataclass(frozen=True)
class Reader:
    """Reads cases of one table, each way of typing an answer once."""

    release: Release
    landmark: Landmark
    _read: dict[tuple[str, str], Code | None] = field(default_factory=dict)

    def expected(self, answers: Mapping[str, Json]) -> Expected:
        """What the release says to `answers`, item id to what was typed, on a day on which it is valid."""
        questions = self.landmark.questions
        unknown = sorted(set(answers) - {question.id for question in questions})
        if unknown:
            return Expected(None, NOT_SCORED, None, Refusal(UNKNOWN_ITEM, tuple(unknown)))
        read = {question.id: self._answer(question, answers.get(question.id)) for question in questions}
        code = {question.id: _handed(question, read[question.id], answers.get(question.id)) for question in questions}
        odd = tuple(item for item, answer in read.items() if answer == UNKNOWN)
        if odd:
            return Expected(code, NOT_SCORED, None, Refusal(UNKNOWN_ANSWER, odd))
        found = scored(self.release, self.landmark, read)
        refusal = self._refusal(read)
        told = TOO_LITTLE if refusal or found.points is None else self.landmark.thresholds.answer_at(found.points)
        return Expected(code, found, told, refusal)

    def _answer(self, question: Question, given: Json) -> Code | None:
        known_by = (question.id, f"{type(given).__name__} {given!r}")
        if known_by not in self._read:
            no_answer = no_answer_spellings(self.release, question)
            self._read[known_by] = read_answer(question, given, no_answer=no_answer)
        return self._read[known_by]

    def _refusal(self, read: Mapping[str, Code | None]) -> Refusal | None:
        publication = self.release.publication
        day = date.fromisoformat(publication.valid_from) if publication else date.min
        found = abstention(self.release, self.landmark, read, today=day, municipality=None)
        if found is None:
            return None
        questions = self.landmark.questions
        items = [one.id for one in questions if why_not_scored(self.release, one, read[one.id]) == found.reason]
        if found.reason == UNANSWERED:
            items = [one.id for one in questions if read[one.id] is None and _is_told(one, found.items)]
        return Refusal(found.reason, tuple(items))


def _is_told(question: Question, texts: tuple[Text, ...]) -> bool:
    return question.text in texts


def _handed(question: Question, answer: Code | None, given: Json) -> Json:
    """What a door that takes codes is handed: what nobody knows goes on as it was typed, and must give it nothing."""
    if answer == UNKNOWN:
        return given
    return as_written(question, answer) if isinstance(answer, int) else answer
