"""What a release says to answers as they are typed, by the functions that `advise` and `score` rest on.

Standard library only.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from riskmodel.advice.abstain import NO_THRESHOLD, RESEARCH_ONLY, UNANSWERED, UNUSUAL, abstention
from riskmodel.advice.record import TOO_LITTLE
from riskmodel.ground.record_reader import Json
from riskmodel.release.answers import (
    AGE,
    OUT_OF_RANGE,
    ROUTE,
    UNKNOWN,
    as_written,
    read_answers,
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


def expected(release: Release, landmark: Landmark, answers: Mapping[str, Json]) -> Expected:
    """What `release` says to `answers`, item id to what was typed, on a day on which it is valid."""
    questions = landmark.questions
    unknown = sorted(set(answers) - {question.id for question in questions})
    if unknown:
        return Expected(None, NOT_SCORED, None, Refusal(UNKNOWN_ITEM, tuple(unknown)))
    read = read_answers(release, landmark, answers)
    code = {question.id: _handed(question, read[question.id], answers.get(question.id)) for question in questions}
    odd = tuple(item for item, answer in read.items() if answer == UNKNOWN)
    if odd:
        return Expected(code, NOT_SCORED, None, Refusal(UNKNOWN_ANSWER, odd))
    found = scored(release, landmark, read)
    refusal = _refusal(release, landmark, read)
    told = TOO_LITTLE if refusal or found.points is None else landmark.thresholds.answer_at(found.points)
    return Expected(code, found, told, refusal)


def _refusal(release: Release, landmark: Landmark, read: Mapping[str, Code | None]) -> Refusal | None:
    """Why `advise` gives no advice, with the ids of the questions that are the reason."""
    day = date.fromisoformat(release.publication.valid_from) if release.publication else date.min
    found = abstention(release, landmark, read, today=day, municipality=None)
    return None if found is None else Refusal(found.reason, found.ids)


def _handed(question: Question, answer: Code | None, given: Json) -> Json:
    """What a door that takes codes is handed: what nobody knows goes on as it was typed, and must give it nothing."""
    if answer == UNKNOWN:
        return given
    return as_written(question, answer) if isinstance(answer, int) else answer
