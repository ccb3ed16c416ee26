"""conformance.jsonl: made cases as they are typed, with what the release says, to hold other programs' results against.

One JSON object a line. The first says of which release it is and what each field means; every other one is a case:
`case`, `month`, `answers`, `code`, and what is said to it: `points`, `risk`, `unusual`, `answer`, `refusal` (`reason`,
`items`). A line of results has `case` and what the door gives. Standard library only.
"""

import json
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from riskmodel.advice.abstain import NO_THRESHOLD, RESEARCH_ONLY, UNANSWERED, UNUSUAL, abstention
from riskmodel.advice.record import TOO_LITTLE, Abstention
from riskmodel.exports.coded import REFUSALS, Coded
from riskmodel.exports.kit_cases import LEAST, SEED, Answers, Maker
from riskmodel.ground.errors import BundleError, SurveyDataError
from riskmodel.ground.record_reader import Json
from riskmodel.ground.text import Text
from riskmodel.ground.words import read_words
from riskmodel.release.answers import (
    AGE,
    NOT_SCORED,
    OUT_OF_RANGE,
    ROUTE,
    UNKNOWN,
    Scored,
    as_written,
    read_answers,
    scored,
)
from riskmodel.release.bundle import named_once, parse_json
from riskmodel.release.item import Code, Question
from riskmodel.release.landmark import Landmark
from riskmodel.release.record import Release

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
REFUSED_FOR = (  # every reason there is, in the order in which they are looked for
    *(UNKNOWN_ITEM, UNKNOWN_ANSWER, RESEARCH_ONLY, NO_THRESHOLD),
    *(ROUTE, AGE, OUT_OF_RANGE, UNANSWERED, UNUSUAL),
)
TEXT, CODE = "text", "code"
DOORS = {TEXT: (*TABLE_FIELDS, *ADVICE_FIELDS), CODE: TABLE_FIELDS}  # what each gives to a case
Result = Mapping[str, Json]


@dataclass(frozen=True)
class Expected:
    """What is said to one case. code: what a door that takes codes is handed; None where it can't be handed the case.

    answer: as in `Advice`; None where an answer is not known, as there is no case then. refusal: why there is no
    advice, for one of `REFUSED_FOR`, and the ids of the questions that are the reason.
    """

    code: dict[str, Json] | None
    scored: Scored
    answer: str | None
    refusal: Abstention | None


def expected(release: Release, landmark: Landmark, answers: Mapping[str, Json]) -> Expected:
    """What `release` says to `answers`, item id to what was typed, on a day on which it is valid."""
    questions = landmark.questions
    unknown = sorted(set(answers) - {question.id for question in questions})
    if unknown:
        return Expected(None, NOT_SCORED, None, Abstention(UNKNOWN_ITEM, ids=tuple(unknown)))
    read = read_answers(release, landmark, answers)
    code = {question.id: _handed(question, read[question.id], answers.get(question.id)) for question in questions}
    odd = tuple(item for item, answer in read.items() if answer == UNKNOWN)
    if odd:
        return Expected(code, NOT_SCORED, None, Abstention(UNKNOWN_ANSWER, ids=odd))
    found = scored(release, landmark, read)
    day = date.fromisoformat(release.publication.valid_from) if release.publication else date.min
    refusal = abstention(release, landmark, read, today=day, municipality=None)
    told = TOO_LITTLE if refusal or found.points is None else landmark.thresholds.answer_at(found.points)
    return Expected(code, found, told, refusal)


def _handed(question: Question, answer: Code | None, given: Json) -> Json:
    """What a door that takes codes is handed: what nobody knows goes on as it was typed, and must give it nothing."""
    if answer == UNKNOWN:
        return given
    return as_written(question, answer) if isinstance(answer, int) else answer


def kit_files(coded: Coded) -> dict[str, bytes]:
    """The kit of a release, name to content."""
    cases = kit_cases(coded.release)
    return {KIT_FILE: b"".join(map(_line, [_head(coded.release, len(cases)), *cases]))}


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
    why = told.refusal
    refusal: Json = {"reason": why.reason, "items": [*why.ids]} if why else None
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
        "refusals": {reason: {**TEXTS.both(UNUSUAL_AS_REFUSAL.get(reason, reason))} for reason in REFUSED_FOR},
    }


def _line(line: Line) -> bytes:
    return json.dumps(line, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode() + b"\n"


@dataclass(frozen=True)
class Difference:
    """Where a result is another than the case's line says."""

    line: Result
    field: str
    got: Json

    @property
    def expected(self) -> Json:
        """What the release says."""
        return self.line[self.field]


@dataclass(frozen=True)
class Comparison:
    """Results beside a kit. first: the first difference, in the kit's order.

    missing_n: cases of the kit without a result; extra_n: results of none of its cases.
    """

    compared_n: int
    different_n: int
    missing_n: int
    extra_n: int
    first: Difference | None

    @property
    def agrees(self) -> bool:
        """Whether every case has a result, the same, and nothing else has one."""
        return not (self.different_n or self.missing_n or self.extra_n)


def compare(kit: Sequence[Result], results: Mapping[str, Result], *, door: str) -> Comparison:
    """The `results`, by case, beside the `kit`; of each the fields that the `door` gives."""
    cases = code_cases(kit) if door == CODE else [*kit]
    both = [(line, results[str(line["case"])]) for line in cases if line["case"] in results]
    found = [difference for line, result in both for difference in _differences(line, result, DOORS[door])[:1]]
    return Comparison(
        compared_n=len(both),
        different_n=len(found),
        missing_n=len(cases) - len(both),
        extra_n=len(results) - len(both),
        first=found[0] if found else None,
    )


def read_results(path: Path, *, door: str) -> dict[str, Result]:
    """What stands in the file at `path`, a JSON object a line, by case; whatever else it holds is a `SurveyDataError`.

    Each line names its case and all that the `door` gives, null where it gave nothing, and nothing else.
    """
    text, wanted = None, {"case", *DOORS[door]}
    with suppress(OSError, ValueError):
        text = path.read_text(encoding="utf-8-sig")
    if text is None:
        raise SurveyDataError(REFUSALS["results_unreadable"].filled(file=path.name))
    results: dict[str, Result] = {}
    for number, written in enumerate(text.split("\n"), start=1):
        if not written.strip():
            continue
        result = _result(written, wanted, where=REFUSALS["line_of"].filled(file=path.name, number=number))
        if result["case"] in results:
            raise SurveyDataError(REFUSALS["result_twice"].filled(file=path.name, number=number))
        results[str(result["case"])] = result
    return results


def _result(written: str, wanted: set[str], *, where: Text) -> Result:
    found = None
    with suppress(ValueError, RecursionError):
        found = json.loads(written, object_pairs_hook=named_once)
    if not isinstance(found, dict) or set(found) != wanted or not isinstance(found["case"], str):
        raise SurveyDataError(REFUSALS["no_result"].filled(where=where, keys=", ".join(sorted(wanted))))
    if not _is_refusal(found.get("refusal")):
        raise SurveyDataError(REFUSALS["no_refusal"].filled(where=where))
    return found


def _is_refusal(given: Json) -> bool:
    if given is None:
        return True
    if not isinstance(given, dict) or set(given) != {"reason", "items"}:
        return False
    items = given["items"]
    is_list = isinstance(items, list) and all(isinstance(one, str) for one in items)
    return is_list and isinstance(given["reason"], str)


def _differences(line: Result, result: Result, fields: Sequence[str]) -> list[Difference]:
    return [Difference(line, name, result[name]) for name in fields if not _is_same(line[name], result[name])]


def _is_same(expected: Json, got: Json) -> bool:
    """Whether both are the same value: true is not 1, and the items of a refusal have no order."""
    if isinstance(expected, dict) and isinstance(got, dict):
        return expected["reason"] == got["reason"] and _sorted(expected["items"]) == _sorted(got["items"])
    return isinstance(expected, bool) == isinstance(got, bool) and expected == got


def _sorted(items: Json) -> list[str]:
    return sorted(map(str, items)) if isinstance(items, list) else []
