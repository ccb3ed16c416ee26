"""A small release with every kind of item, made by hand; nobody's data."""

import math
from typing import Any

import pytest

from riskmodel.release.consistency import read_release

PER_POINT = math.log(2) / 10


def both(text: str) -> dict[str, str]:
    return {"sv": text, "en": text}


def level(code: str, points: int, column: int | None, *aliases: str) -> dict[str, Any]:
    row = [] if column is None else [[column, 1]]
    text = {"sv": f"{code} på svenska", "en": f"{code} in English"}
    return {"code": code, "text": text, "aliases": list(aliases), "points": points, "row": row, "route": column is None}


def item(name: str, kind: str, part: str, no_answer: int, spread: int, mean: float, **rest: Any) -> dict[str, Any]:
    about = {"life_area": "work", "grounds": [], "justification": "", "changeable": kind != "number"}
    points = {"no_answer": {"points": no_answer, "row": []}, "spread": spread, "mean_points": mean}
    return {"id": name, "kind": kind, "part": part, "text": both(name.capitalize())} | about | points | rest


def landmark() -> dict[str, Any]:
    schooling = [level("tertiary", 0, 1), level("secondary", 4, 2, "Gymnasiet", "gy"), level("primary", 9, 3)]
    health = [level("good", 0, 4), level("poor", 8, 5), level("pension", 0, None)]
    rating = [level("near", 0, 6), level("far", 6, 7)]
    ages = {"minimum": 16, "maximum": 70, "unit": {"sv": "år", "en": "years"}, "derive": "age"}
    ages |= {"points": [(age - 16) // 9 for age in range(16, 71)], "rows": [[[8, age / 10]] for age in range(16, 71)]}
    months = {"minimum": 0, "maximum": 3, "unit": None, "derive": "earlier_months"}
    months |= {"points": [0, 1, 3, 4], "rows": [[[9, n]] for n in range(4)]}
    items = [
        item("education", "ordinal", "phone", 5, 9, 4.4, levels=schooling),
        item("health", "level", "meeting", 3, 8, 1.5, levels=health),
        item("self_rating", "flag", "phone", 2, 6, 2.0, levels=rating),
        item("age", "number", "phone", 2, 6, 2.2, numbers=ages),
        item("earlier_months", "number", "meeting", 1, 4, 1.0, numbers=months),
    ]
    size = 10
    return {
        "month": 0,
        "items": items,
        "columns": ["intercept", *(f"x{column}" for column in range(1, size))],
        "covariance": [[0.01 if row == column else 0.0 for column in range(size)] for row in range(size)],
        "offset": -1.2,
        "per_point": PER_POINT,
        "risk": {
            "first": 0,
            "values": [round(1 / (1 + math.exp(1.2 - PER_POINT * points)), 10) for points in range(34)],
        },
        "thresholds": {"flag": 15, "band": [13, 16], "threshold_prob": 0.4, "expected": {}},
        "rejected_alternative": {},
        "leverage_limit": 0.6,
        "coefficients": [{"column": "intercept"}],
    }


def made_release() -> dict[str, Any]:
    published = {"id": "2026.1", "valid_from": "2026-03-01", "valid_until": "2027-08-31", "supersedes": None}
    signature = {"role": "analyst", "decision": "KS 1", "date": "2026-02-20", "digest": "0" * 64}
    published |= {"candidate_sha256": "0" * 64, "protocol": {}, "confirmation": {}, "gates": []}
    published["approvals"] = [{"name": name, **signature} for name in ("A", "B")]
    parts = [("meeting", 1, "socialsekreteraren"), ("phone", 0, "receptionen")]
    return {
        "format": 1,
        "municipalities": [{"code": "9900", "name": "Exempelstad"}],
        "outcome": {
            "name": "over_ten_of_twelve",
            "text": {"sv": "bistånd i mer än 10 av 12 månader", "en": "assistance in more than 10 of 12 months"},
        },
        "population": both("Gäller dem som har fått bistånd."),
        "regime": both("Uppgifterna är från tiden före den 1 juli 2025."),
        "forbidden_uses": [both("avslag"), both("kontroll")],
        "permitted_uses": [both("tidigt stöd")],
        "research_only": False,
        "landmarks": [landmark()],
        "abstention": {"max_unanswered_share": 0.25, "min_age": 18, "max_age": 64},
        "policy": {},
        "policy_sha256": "0" * 64,
        "no_answer": ["-", "Vet ej"],
        "life_areas": {"work": both("Arbete")},
        "parts": [{"id": name, "month": month, "text": both(name), "who": both(who)} for name, month, who in parts],
        "evidence": {},
        "gates": [],
        "provenance": {},
        "examples": [{"answers": {}, "sum": 13, "risk": 0.4}],
        "publication": published,
    }


@pytest.fixture
def release() -> dict[str, Any]:
    made = made_release()
    read_release(made)
    return made
