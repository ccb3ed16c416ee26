"""The questions as a list of fields, in the shape of the errand types of Sundsvall's open api-service-caremanagement.

Theirs is guidance for a form, not a rule of counting: points, limits and refusals stand in `form.json`. Standard
library only.
"""

from collections.abc import Iterator

from riskmodel.exports.coded import is_required
from riskmodel.exports.wording import asked, title, with_waivers
from riskmodel.ground.files import canonical_json
from riskmodel.release.item import Question
from riskmodel.release.landmark import Landmark
from riskmodel.release.record import Limits, Release

ENUM, INTEGER, DECIMAL = "ENUM", "INTEGER", "DECIMAL"  # the kinds of field there that a question can be


def fields_files(release: Release) -> dict[str, bytes]:
    """`fields.json`: an errand type for each table of points, with its fields."""
    return {"fields.json": canonical_json([_errand_type(release, landmark) for landmark in release.landmarks])}


def _errand_type(release: Release, landmark: Landmark) -> dict[str, object]:
    return {
        "typeSlug": f"riskmodel-month-{landmark.month}",
        "applicationType": _applies_to(landmark),
        "displayName": with_waivers(release, title(release, landmark)).sv,
        "statuses": [],
        "roles": [],
        "decisionOptions": [],  # advice is no decision
        "fields": [_field(release, landmark, question) for question in landmark.questions],
    }


def _field(release: Release, landmark: Landmark, question: Question) -> dict[str, object]:
    return {
        "name": question.id,
        "type": _kind(question),
        "required": is_required(question),
        "options": [level.code for level in question.levels] or None,
        "itemsRef": None,
        "appliesTo": [_applies_to(landmark)],
        "condition": " && ".join(_conditions(release, landmark, question)) or None,
        "description": asked(release, question).sv,
    }


def _kind(question: Question) -> str:
    if question.numbers is None:
        return ENUM
    return INTEGER if question.scale == 1 else DECIMAL


def _conditions(release: Release, landmark: Landmark, question: Question) -> Iterator[str]:
    """When it is asked at all: not of those whose answer to another question already means that there are no points."""
    for other in landmark.questions:
        if other.id != question.id:
            yield from (f"{other.id} != {level.code}" for level in other.levels if level.route)
            yield from _within(other, release.abstention)


def _within(question: Question, limits: Limits) -> list[str]:
    if question.derive != "age":
        return []
    return [f"!({question.id} < {limits.min_age})", f"!({question.id} > {limits.max_age})"]


def _applies_to(landmark: Landmark) -> str:
    return f"MONTH_{landmark.month}"
