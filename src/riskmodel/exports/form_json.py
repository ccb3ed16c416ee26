"""A release as data for whoever builds a form: questions, what answers give, and when there is no advice.

`form.json`, whose every entry `form.schema.json` explains; and `fields.json`, its questions in the shape of the errand
types of Sundsvall's open api-service-caremanagement. That is guidance for a form, not a rule of counting: points,
limits and refusals stand in `form.json`. Standard library only.
"""

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from riskmodel.advice.abstain import REASONS
from riskmodel.advice.explain import TEXTS
from riskmodel.exports.coded import Coded, CodedQuestion, CodedTable, is_required, with_waivers
from riskmodel.ground.files import canonical_json
from riskmodel.ground.record_reader import Json
from riskmodel.release.item import UNANSWERED, Item, Question
from riskmodel.release.landmark import RARITY_LIMIT
from riskmodel.release.record import Limits, Release

SCHEMA = Path(__file__).parent / "form.schema.json"
FORMAT = 1  # of form.json
ENUM, INTEGER, DECIMAL = "ENUM", "INTEGER", "DECIMAL"  # the kinds of field there that a question can be


def form_files(coded: Coded) -> dict[str, bytes]:
    """`form.json` with its schema, and `fields.json`: an errand type for each table of points; name to content."""
    return {
        "form.json": canonical_json(form(coded)),
        SCHEMA.name: SCHEMA.read_bytes(),
        "fields.json": canonical_json([_errand_type(table) for table in coded.tables]),
    }


def form(coded: Coded) -> dict[str, object]:
    """All that a form needs, as the schema has it."""
    release, publication = coded.release, coded.release.publication
    return {
        "$schema": SCHEMA.name,
        "format": FORMAT,
        "release": release.id,
        "valid_from": publication and publication.valid_from,
        "valid_until": publication and publication.valid_until,
        "contact": contact_of(release),
        "municipalities": [{"code": one.code, "name": one.name} for one in release.municipalities],
        "research_only": release.research_only,
        "waivers": [waiver.line for waiver in release.standing_waivers],
        "outcome": asdict(release.outcome.text),
        "population": asdict(release.population),
        "forbidden_uses": [asdict(use) for use in release.forbidden_uses],
        "no_answer": list(dict.fromkeys(["", *release.no_answer, *filter(None, UNANSWERED)])),
        "ages": {"minimum": release.abstention.min_age, "maximum": release.abstention.max_age},
        "max_unanswered_share": release.abstention.max_unanswered_share,
        "rarity_limit": RARITY_LIMIT,
        "own_rating": release.own_rating,
        "contradictions": [asdict(one) for one in release.contradictions],
        "departures": [asdict(one) for one in release.departures],
        "refusals": list(_refusals(release)),
        "life_areas": [{"id": area, "text": asdict(text)} for area, text in release.life_areas.items()],
        "parts": [asdict(part) for part in release.parts],
        "landmarks": [_landmark(table) for table in coded.tables],
    }


def contact_of(release: Release) -> dict[str, Json] | None:
    """Whom to ask, where to complain, and who says what was withdrawn; None of a release that nobody published."""
    found = release.publication.contact if release.publication else None
    if found is None:
        return None
    return {"contact": found.contact, "complaint": found.complaint, "withdrawal": found.withdrawal}


def _refusals(release: Release) -> Iterator[dict[str, object]]:
    ages = {"first": release.abstention.min_age, "last": release.abstention.max_age}
    for reason in REASONS:
        yield {"reason": reason, "text": TEXTS.both(reason, **ages)}


def _landmark(table: CodedTable) -> dict[str, object]:
    landmark, thresholds = table.landmark, table.landmark.thresholds
    return {
        "month": landmark.month,
        "questions": [_question(question) for question in landmark.questions],
        "items": [_item(table, item) for item in landmark.items],
        "rarity_mean": table.rarity.mean,
        "risk": {"first": landmark.risk.first, "values": landmark.risk.values},
        "flag": thresholds.flag,
        "band": thresholds.band,
    }


def _question(question: Question) -> dict[str, object]:
    about = {
        "id": question.id,
        "kind": question.kind,
        "part": question.part,
        "life_area": question.life_area,
        "text": asdict(question.text),
        "changeable": question.changeable,
        "required": is_required(question),
        "no_answer": question.no_answer_texts,
    }
    return about | _answered_by(question)


def _answered_by(question: Question) -> dict[str, object]:
    numbers = question.numbers
    if numbers is None:
        levels = [
            {"code": level.code, "text": asdict(level.text), "aliases": level.aliases, "route": level.route}
            for level in question.levels
        ]
        return {"levels": levels}
    unit = numbers.unit and asdict(numbers.unit)
    ends = {"minimum": numbers.minimum, "maximum": numbers.maximum}
    return {"numbers": {**ends, "unit": unit, "scale": numbers.scale, "derive": numbers.derive}}


def _item(table: CodedTable, item: Item) -> dict[str, object]:
    return {
        "questions": [question.id for question in item.questions],
        "spread": item.spread,
        "range": item.points_range(answered=True),
        "mean_points": item.mean_points,
        "answers": [{"codes": codes, **asdict(own)} for codes, own in table.worth[item.id].items()],
    }


def _errand_type(table: CodedTable) -> dict[str, object]:
    month = f"MONTH_{table.landmark.month}"
    return {
        "typeSlug": f"riskmodel-month-{table.landmark.month}",
        "applicationType": month,
        "displayName": with_waivers(table.release, table.title).sv,
        "statuses": [],
        "roles": [],
        "decisionOptions": [],  # advice is no decision
        "fields": [_field(table, one, month) for one in table.questions],
    }


def _field(table: CodedTable, coded: CodedQuestion, month: str) -> dict[str, object]:
    question = coded.question
    return {
        "name": question.id,
        "type": _kind(question),
        "required": is_required(question),
        "options": [level.code for level in question.levels] or None,
        "itemsRef": None,
        "appliesTo": [month],
        "condition": " && ".join(_conditions(table, question)) or None,
        "description": coded.asked.sv,
    }


def _kind(question: Question) -> str:
    if question.numbers is None:
        return ENUM
    return INTEGER if question.scale == 1 else DECIMAL


def _conditions(table: CodedTable, question: Question) -> Iterator[str]:
    """When it is asked at all: not of those whose answer to another question already means that there are no points."""
    for other in table.landmark.questions:
        if other.id != question.id:
            yield from (f"{other.id} != {level.code}" for level in other.levels if level.route)
            yield from _within(other, table.release.abstention)


def _within(question: Question, limits: Limits) -> list[str]:
    if question.derive != "age":
        return []
    return [f"!({question.id} < {limits.min_age})", f"!({question.id} > {limits.max_age})"]
