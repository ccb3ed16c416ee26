"""G10: whether the questions that law and reporting standards ask of a release are answered."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from riskmodel.ground.files import sha256_of_bytes
from riskmodel.ground.record_reader import Json
from riskmodel.ground.toml_record import read_toml
from riskmodel.publish.questions import QUESTIONS
from riskmodel.publish.register import Answer, answers_of, is_there
from riskmodel.release.gates import EVIDENCE, OPEN, PASSED, Gate, settled

DRAFT = EVIDENCE.both("draft")
ABSENT = "not found. Correct release.documents in params.toml, or leave it empty: G10 then stays open."


def documentation_gate(
    register: Path | None,
    waivers: Sequence[Mapping[str, Json]],
    *,
    root: Path,
    published: Mapping[str, bytes],
) -> Gate:
    """The gate over the register of answers, see `register`. waivers: a candidate's, of whatever gate.

    register: None where there is none. root: the project's folder. published: the files of the release, name to
    content. Answers are looked for in `published` first, then below `root`.
    """
    tables, content = ({}, b"") if register is None else read_toml(register, absent=ABSENT)
    answers = answers_of(tables, QUESTIONS, where=register.name if register else "register")
    found = {name: _found(answers[name], root=root, published=published) for name in QUESTIONS}
    lacking = [f"{name} {', '.join(short)}" for name, one in found.items() if (short := _short(one, QUESTIONS[name]))]
    evidence = {**found, "register_sha256": sha256_of_bytes(content) if register else None, "lacking": lacking}
    if lacking:
        return settled("G10", OPEN, {**evidence, "marked": DRAFT}, waivers)
    return settled("G10", PASSED, evidence)


def _found(answers: Mapping[str, Answer], *, root: Path, published: Mapping[str, bytes]) -> dict[str, Any]:
    """What the register says of one list, each question under what it says of it."""
    lost = {
        question: [pointer for pointer in answer.where if not is_there(pointer, root=root, published=published)]
        for question, answer in answers.items()
    }
    return {
        "asked_n": len(answers),
        "answered": {question: list(answer.where) for question, answer in answers.items() if answer.where},
        "not_applicable": _said(answers, "not_applicable"),
        "in_part": _said(answers, "lacks"),
        "missing": [question for question, answer in answers.items() if not (answer.where or answer.not_applicable)],
        "not_found": {question: pointers for question, pointers in lost.items() if pointers},
    }


def _said(answers: Mapping[str, Answer], key: str) -> dict[str, str]:
    return {question: getattr(answer, key) for question, answer in answers.items() if getattr(answer, key)}


def _short(found: Mapping[str, Any], titles: Mapping[str, str]) -> list[str]:
    """The questions that are not answered, or not wholly, with their titles."""
    return [
        *(f"{question} ({titles[question]})" for question in found["missing"]),
        *(f"{question} ({titles[question]}: in part)" for question in found["in_part"]),
        *(f"{question} ({titles[question]}: leads nowhere)" for question in found["not_found"]),
    ]
