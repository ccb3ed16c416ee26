"""conformance.jsonl: made cases as they are typed, with what the release says, to hold other programs' results against.

One JSON object a line. The first says of which release it is and what each field means; every other one is a case:
`case`, `month`, `answers`, `code`, and what is said to it: `points`, `risk`, `unusual`, `answer`, `refusal` (`reason`,
`items`). Standard library only.
"""

import json
import random
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from riskmodel.advice.abstain import NO_THRESHOLD, RESEARCH_ONLY, UNANSWERED, UNUSUAL, abstention
from riskmodel.advice.record import TOO_LITTLE
from riskmodel.exports.kit_cases import LEAST, SEED, Answers, Maker
from riskmodel.ground.errors import BundleError
from riskmodel.ground.record_reader import Json
from riskmodel.ground.words import read_words
from riskmodel.release.answers import AGE, OUT_OF_RANGE, ROUTE, UNKNOWN, as_written, read_answers
from riskmodel.release.bundle import parse_json
from riskmodel.release.item import Code, Question
from riskmodel.release.landmark import Landmark
from riskmodel.release.record import Release
from riskmodel.release.scoring import NOT_SCORED, Scored, scored

KIT_FILE = "conformance.jsonl"
KIT = 1  # of the form of its lines
TEXTS = read_words(Path(__file__).parent / "texts" / "kit.toml")
OF_CASE = ("case", "month", "answers", "code")
TABLE_FIELDS = ("points", "risk", "unusual")  # of what is said, what a door gives that counts and does not advise
ADVICE_FIELDS = ("answer", "refusal")
FIELDS = (*OF_CASE, *TABLE_FIELDS, *ADVICE_FIELDS)
UNUSUAL_AS_REFUSAL = {"unusual": "unusual_refusal"}  # the field has that name, too
Line = dict[str, Json]
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


def kit_files(release: Release) -> dict[str, bytes]:
    """The kit of `release`, name to content."""
    cases = kit_cases(release)
    return {KIT_FILE: b"".join(map(_line, [_head(release, len(cases)), *cases]))}


def kit_cases(release: Release, *, least: int = LEAST) -> list[Line]:
    """Every case of the kit of `release`, as its line stands there. least: cases a table."""
    return [line for landmark in release.landmarks for line in _of_table(release, landmark.month, least)]


def read_kit(content: bytes) -> list[Line]:
    """The cases in the file of a kit; a `BundleError` where they are not of this form."""
    head, *cases = [parse_json(line, where=KIT_FILE) for line in content.split(b"\n")[:-1]] or [None]
    read = [line for line in cases if isinstance(line, dict) and set(line) == set(FIELDS)]
    if not isinstance(head, dict) or head.get("kit") != KIT or len(read) < len(cases):
        raise BundleError(TEXTS["other_form"].filled(file=KIT_FILE))
    return read


def code_cases(cases: Iterable[Mapping[str, Json]]) -> list[Mapping[str, Json]]:
    """The `cases` that a door which takes codes alone can be handed; of each it is given `code` and `month`."""
    return [line for line in cases if line["code"] is not None]


def _of_table(release: Release, month: int, least: int) -> Iterator[Line]:
    landmark = release.landmark(month)
    made = Maker(release, landmark, random.Random(f"{SEED} {month}")).cases(least)
    for number, (name, answers) in enumerate(made, start=1):
        yield _case(f"{month}-{name}-{number:03}", month, answers, expected(release, landmark, answers))


def _case(name: str, month: int, answers: Answers, told: Expected) -> Line:
    refusal: Json = None
    if told.refusal is not None:
        refusal = {"reason": told.refusal.reason, "items": [*told.refusal.items]}
    said = {**told.scored._asdict(), "answer": told.answer, "refusal": refusal}
    return {"case": name, "month": month, "answers": answers, "code": told.code, **said}


def _head(release: Release, cases_n: int) -> Line:
    return {
        "kit": KIT,
        "release": release.id,
        "format": release.format,
        "equation_sha256": release.equation_sha256,
        "cases": cases_n,
        "about": {**TEXTS.both("about")},
        "fields": {name: {**TEXTS.both(name)} for name in FIELDS},
        "refusals": {reason: {**TEXTS.both(UNUSUAL_AS_REFUSAL.get(reason, reason))} for reason in REFUSALS},
    }


def _line(line: Line) -> bytes:
    return json.dumps(line, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode() + b"\n"
