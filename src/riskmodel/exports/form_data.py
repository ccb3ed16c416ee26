"""What a form's page is given of a release: questions, tables of points and risks, texts. Standard library only."""

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import cast

from riskmodel.advice.explain import TEXTS as ADVICE
from riskmodel.advice.uncertainty import ROUNDING_VARIANCE
from riskmodel.exports.coded import is_required
from riskmodel.exports.form import contact_of
from riskmodel.ground.departures import AGAINST_SUPPORT, OTHER, Departure
from riskmodel.ground.record_reader import Json
from riskmodel.ground.words import Text, read_words
from riskmodel.instrument.records import FROM_REGISTER
from riskmodel.release.answers import no_answer_spellings
from riskmodel.release.item import Answer, Code, Item, Question
from riskmodel.release.landmark import Landmark
from riskmodel.release.rarity import Rarity
from riskmodel.release.record import Part, Release

FORM = read_words(Path(__file__).parent / "texts" / "form.toml")


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
        "id": publication.id if publication else None,
        "first": publication.valid_from if publication else None,
        "last": publication.valid_until if publication else None,
        "isForResearch": release.research_only,
        "municipality": ", ".join(municipality.name for municipality in release.municipalities),
        "ages": [release.abstention.min_age, release.abstention.max_age],
        "outcome": _said(release.outcome.text),
        "population": _said(release.population),
        "forbidden": [_said(use) for use in release.forbidden_uses],
        "waived": [_demand(release, waiver.gate, waiver.of) for waiver in release.standing_waivers],
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


def _demand(release: Release, gate_id: str, column: str) -> Json:
    names = {gate.id: gate.name for gate in release.decided_gates}
    demand = names.get(gate_id, Text(gate_id, gate_id))
    return {language: f"{own} ({column})" if column else own for language, own in asdict(demand).items()}


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
