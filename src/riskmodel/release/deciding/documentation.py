"""G10: whether the questions that law and reporting standards ask of a release are answered."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from riskmodel.provenance import sha256_of_bytes
from riskmodel.release.content.gate import OPEN, PASSED, Gate, settled
from riskmodel.release.deciding.register import Answer, answers_of, is_there
from riskmodel.toml_record import read_toml

DRAFT = {"sv": "UTKAST, inte fullständig", "en": "DRAFT, not complete"}
ABSENT = "not found. Correct release.documents in params.toml, or leave it empty: G10 then stays open."
LETTERED = {
    **dict.fromkeys((3, 6, 8, 9, 20, 27), "abc"),
    **dict.fromkeys((5, 23), "ab"),
    12: "abcdefg",
    18: "abcdef",
}
QUESTIONS = {
    # the 52 rows of TRIPOD+AI (Collins et al. 2024, BMJ 385:e078378)
    "tripod_ai": tuple(f"{item}{letter}" for item in range(1, 28) for letter in LETTERED.get(item) or [""]),
    # the headings of technical documentation in the AI Act, Regulation (EU) 2024/1689
    "annex_iv": tuple("123456789"),
    # … and what the instructions for use contain, Article 13(3)
    "article_13": tuple("abcdef"),
}


def documentation_gate(
    register: Path | None,
    waivers: Sequence[Mapping[str, str]],
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
    lacking = [f"{name} {', '.join(short)}" for name, one in found.items() if (short := _short(one))]
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


def _short(found: Mapping[str, Any]) -> list[str]:
    """The questions that are not answered, or not wholly."""
    return [
        *found["missing"],
        *(f"{question} (in part)" for question in found["in_part"]),
        *(f"{question} (leads nowhere)" for question in found["not_found"]),
    ]
