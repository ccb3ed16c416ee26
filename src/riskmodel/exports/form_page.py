"""form.html: one file that asks, counts and advises without network or storage. Standard library only."""

import json
import re
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import cast

from riskmodel.advice.explain import TEXTS as ADVICE
from riskmodel.advice.record import Advice
from riskmodel.advice.score import advise, waived
from riskmodel.exports.coded import Coded, is_required
from riskmodel.exports.form_json import contact_of
from riskmodel.ground.departures import AGAINST_SUPPORT, OTHER, Departure
from riskmodel.ground.record_reader import Json
from riskmodel.ground.words import Text, read_words
from riskmodel.instrument.records import FROM_REGISTER, NO_ANSWER
from riskmodel.release.answers import ROUNDING_VARIANCE, no_answer_spellings, read_answer, read_answers
from riskmodel.release.item import Answer, Code, Item, Question
from riskmodel.release.landmark import Landmark, Rarity
from riskmodel.release.record import Part, Release

PAGE = Path(__file__).parent / "page"
# in the order in which they stand on one another
PURE = ("reading", "arithmetic", "needs", "checks", "words", "personal")
SHOWN = ("dom", "questions", "result", "paper", "form")
MARKUP = {ord(mark): f"\\u{ord(mark):04x}" for mark in "<>&\u2028\u2029"}  # what HTML or an early JavaScript would read
WRAPPED = """
"use strict";
const riskmodelForm = (() => {{
{code}
const data = Object.freeze(prepared(JSON.parse(document.getElementById("data").textContent)));
start(data);
return Object.freeze({{answer: (month, given, today, language) => answeredCase(data, month, given, today, language)}});
}})();
"""
FORM = read_words(Path(__file__).parent / "texts" / "form.toml")
TYPED = ("", " 34 ", "34,5", "34.0", "12,000", "-1", "\u22121", "1e3", "\u0663\u0664", "Vet ej", "99", "123456789012")
PERCENT = 100


def page_files(coded: Coded) -> dict[str, bytes]:
    """The page, name to content."""
    return {"form.html": form_page(coded.release)}


def form_page(release: Release) -> bytes:
    """The page of `release`; the same to the byte whenever it is made."""
    style = _read("form.css")
    script = WRAPPED.format(code="\n".join(_read(f"{name}.js") for name in (*PURE, *SHOWN)))
    parts = {
        "policy": _policy(script=script, style=style),
        "style": style,
        "script": script,
        "data": inert_json(form_data(release) | {"checks": form_checks(release)}),
    }
    return _filled(_read("form.html"), parts).encode()


def form_data(release: Release) -> dict[str, Json]:
    """All that the page knows but its own checks; every text in both languages."""
    return {
        "release": {**_of_release(release), **_of_case(release)},
        "departures": [_departure(departure) for departure in release.departures],
        "texts": {key: asdict(text) for words in (ADVICE, FORM) for key, text in words.items()},
    }


def _of_release(release: Release) -> dict[str, Json]:
    publication = release.publication
    return {
        "id": release.id,
        "first": publication.valid_from if publication else None,
        "last": publication.valid_until if publication else None,
        "isForResearch": release.research_only,
        "municipality": ", ".join(municipality.name for municipality in release.municipalities),
        "ages": [release.abstention.min_age, release.abstention.max_age],
        "outcome": _said(release.outcome.text),
        "population": _said(release.population),
        "forbidden": [_said(use) for use in release.forbidden_uses],
        "waived": [_said(waiver.what) for waiver in waived(release)],
        "contact": contact_of(release),
    }


def _of_case(release: Release) -> dict[str, Json]:
    """What is asked, counted and told of a case."""
    return {
        "parts": [_part(part) for part in _parts(release)],
        "tables": [_table(release, landmark) for landmark in release.landmarks],
        "areas": {area: _said(text) for area, text in release.life_areas.items()},
        "ownRating": release.own_rating,
        "contradictions": [
            {"text": _said(one.text), "when": [{**asdict(condition)} for condition in one.when]}
            for one in release.contradictions
        ],
    }


def _departure(departure: Departure) -> dict[str, Json]:
    about = {"isOwnWords": departure.id == OTHER, "isAgainstSupport": departure.id in AGAINST_SUPPORT}
    return {"id": departure.id, "text": _said(departure.text), **about}


def _parts(release: Release) -> list[Part]:
    """In the order in which they are asked."""
    return sorted(release.parts, key=lambda part: part.month)


def _part(part: Part) -> dict[str, Json]:
    return {"id": part.id, "month": part.month, "text": _said(part.text), "who": _said(part.who)}


def _table(release: Release, landmark: Landmark) -> dict[str, Json]:
    rarity, band = cast(Rarity, landmark.rarity), landmark.thresholds.band
    return {
        "month": landmark.month,
        "flag": landmark.thresholds.flag,
        "band": list(band) if band else None,
        "firstSum": landmark.risk.first,
        "risks": list(landmark.risk.values),
        "offset": landmark.offset,
        "perPoint": landmark.per_point,
        "meanError": landmark.mean_error,
        "rounding": len(landmark.items) * ROUNDING_VARIANCE * landmark.per_point**2,
        "meanRarity": rarity.mean,
        "mostUnanswered": release.abstention.max_unanswered_share * sum(item.spread for item in landmark.items),
        "questions": [_question(release, question) for question in landmark.questions],
        "items": [_item(item, rarity.by_item[item.id]) for item in landmark.items],
    }


def _question(release: Release, question: Question) -> dict[str, Json]:
    """What is asked. turn: of its part, the one asked first being 0. silent: how no answer is spelled."""
    order = [part.id for part in _parts(release)]
    return {
        "id": question.id,
        "part": question.part,
        "turn": order.index(question.part),
        "text": _said(question.text),
        "isChangeable": question.changeable,
        "isFromRegister": question.derive in FROM_REGISTER,
        "isNeeded": is_required(question),
        "isDerived": question.derive is not None,
        "levels": [{"code": level.code, "text": _said(level.text), "route": level.route} for level in question.levels],
        "silent": sorted(no_answer_spellings(release, question)) if question.numbers else [],
        **_range(release, question),
    }


def _range(release: Release, question: Question) -> dict[str, Json]:
    """Of a number its first and last whole step, what is multiplied to give steps, its unit, and the ages allowed."""
    numbers, limits = question.numbers, release.abstention
    if numbers is None:
        return {"ages": None}
    return {
        "first": numbers.minimum,
        "last": numbers.maximum,
        "scale": numbers.scale,
        "unit": _said(numbers.unit) if numbers.unit else None,
        "ages": [limits.min_age, limits.max_age] if question.derive == "age" else None,
    }


def _item(item: Item, rarity: Mapping[Code | None, int]) -> dict[str, Json]:
    """A line of the table. answers: each with its points, rarity and error; texts: of a pair's, in the same order."""
    answers: list[tuple[Code | None, Answer]] = [(None, item.no_answer), *item.answers.items()]
    texts = {level.code: _said(level.text) for level in item.levels}
    return {
        "id": item.id,
        "of": [question.id for question in item.questions],
        "text": _said(item.text),
        "area": item.life_area,
        "isChangeable": item.changeable,
        "mean": item.mean_points,
        "spread": item.spread,
        "ends": list(item.points_range(answered=True)),
        "answers": [[code, answer.points, rarity[code], answer.error] for code, answer in answers],
        "texts": [None, *(texts[str(code)] for code in item.answers)] if item.of else [],
    }


def _said(text: Text) -> Json:
    return cast(Json, asdict(text))


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
    return {"month": landmark.month, "read": {one.id: _as_read(release, one) for one in numbers}}


def _as_read(release: Release, question: Question) -> list[Json]:
    no_answer = no_answer_spellings(release, question)
    return [[text, read_answer(question, text, no_answer=no_answer)] for text in TYPED]


def inert_json(value: Json) -> str:
    """`value` as JSON that no page reads as markup: no mark of HTML, no line end but in escapes."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False).translate(MARKUP)


def _policy(*, script: str, style: str) -> str:
    """Nothing is fetched, sent or framed; this script and this style alone are run."""
    allowed = {"script-src": _hash(script), "style-src": _hash(style), "base-uri": "'none'", "form-action": "'none'"}
    trusted = "require-trusted-types-for 'script'; trusted-types 'none'"
    return "default-src 'none'; " + "; ".join(f"{of} {source}" for of, source in allowed.items()) + f"; {trusted}"


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def _filled(page: str, parts: Mapping[str, str]) -> str:
    """`page` with each part in its place; what stands in a part is never looked at."""
    return re.sub(r"\{(\w+)\}", lambda place: parts[place[1]], page)


def _read(name: str) -> str:
    return (PAGE / name).read_text(encoding="utf-8")
