"""What a form tries itself on when it is opened: cases and typed numbers, with what Python says of them.

Standard library only.
"""

from collections.abc import Mapping
from datetime import date

from riskmodel.advice.record import Advice
from riskmodel.advice.score import advise
from riskmodel.ground.record_reader import Json
from riskmodel.instrument.records import NO_ANSWER
from riskmodel.release.answers import no_answer_spellings, read_answer, read_answers
from riskmodel.release.item import Question
from riskmodel.release.landmark import Landmark
from riskmodel.release.record import Release

TYPED = ("", " 34 ", "34,5", "34.0", "12,000", "-1", "\u22121", "1e3", "\u0663\u0664", "Vet ej", "99", "123456789012")
PERCENT = 100


def form_checks(release: Release) -> dict[str, Json]:
    """sums: the release's examples. cases: the same, whole and with every second blank. typed: as numbers are read."""
    examples = [
        (release.landmark(example.landmark), _written(release, example.landmark, example.answers), example)
        for example in release.examples
    ]
    cases = [(table, answers) for table, answers, _ in examples]
    cases += [(table, dict(list(answers.items())[::2])) for table, answers in cases]
    return {
        "sums": [
            {"month": table.month, "given": answers, "sum": example.sum, "risk": example.risk}
            for table, answers, example in examples
        ],
        "cases": [_case(release, table, answers) for table, answers in cases],
        "typed": [_typed(release, landmark) for landmark in release.landmarks],
    }


def _written(release: Release, month: int, answers: Mapping[str, Json]) -> dict[str, Json]:
    """`answers` as a form holds them: codes of levels, numbers as they are written."""
    landmark = release.landmark(month)
    read = read_answers(release, landmark, answers)
    written: dict[str, Json] = {}
    for question in landmark.questions:
        answer = answers.get(question.id) if question.numbers else read[question.id]
        written[question.id] = NO_ANSWER if answer is None else answer
    return written


def _case(release: Release, landmark: Landmark, answers: Mapping[str, Json]) -> dict[str, Json]:
    publication = release.publication
    today = publication.valid_from if publication else date.min.isoformat()
    advice = advise(release, answers, today=date.fromisoformat(today), month=landmark.month)
    return {"month": landmark.month, "given": dict(answers), "today": today, "told": told(advice)}


def told(advice: Advice) -> dict[str, Json]:
    """What a form must say too: answer, reason, sum, risk and interval in hundredths, what decides, what to ask."""
    score, total = advice.score, advice.score or advice.unusual
    return {
        "answer": advice.answer,
        "reason": advice.abstention.reason if advice.abstention else None,
        "points": total.points if total else None,
        "interval": [round(PERCENT * one) for one in (score.risk, score.low, score.high)] if score else None,
        "deciding": [entry.item for entry in advice.deciding],
        "next": advice.next_question.item if advice.next_question else None,
        "raising": [entry.item for entry in total.raising] if total else [],
        "lowering": [entry.item for entry in total.lowering] if total else [],
    }


def _typed(release: Release, landmark: Landmark) -> dict[str, Json]:
    numbers = [question for question in landmark.questions if question.numbers]
    return {"month": landmark.month, "read": {one.id: _read(release, one) for one in numbers}}


def _read(release: Release, question: Question) -> list[Json]:
    no_answer = no_answer_spellings(release, question)
    return [[text, read_answer(question, text, no_answer=no_answer)] for text in TYPED]
