"""A release for the form's tests: the example's table of points in today's format, and two later ones by hand.

At month 3 the months so far count; at month 5 two questions are weighed as a pair, and an amount is multiplied.
"""

import copy
import json
from itertools import product
from pathlib import Path

from opened import opened
from points_alone import points_alone

from riskmodel.ground.departures import OFFERED
from riskmodel.publish.compose import DEPARTURES
from riskmodel.publish.examples import made_examples
from riskmodel.release.consistency import check_examples, read_release

EARLY = Path(__file__).parents[1] / "models/releases/2026.1/release.json"
PAIR = ("housing", "debts")
WELL = (("situation", "sick"), ("health_physical", "none"), ("health_mental", "none"))
SICK = {
    "sv": "Sjukskriven, men ingen ohälsa som gör det svårt att arbeta.",
    "en": "On sick leave, but no ill health that makes it hard to work.",
}
MONTHS = {"sv": "månader", "en": "months"}


def candidate():
    """The three tables, as nobody has published them."""
    made = points_alone(json.loads(EARLY.read_text(encoding="utf-8")))
    first = made["landmarks"][0]
    first["unusual_variance"] = 1.0
    for place, item in enumerate(first["items"]):
        for own, answer in enumerate(item.get("levels", [])):
            answer["error"] = 0.8 if answer["code"] == "homeless" else (0.05, 0.1, 0.2, 0.4)[(own + place) % 4]
    made["landmarks"] = [first, _later(first, 3), _with_pair(_later(first, 5))]
    made["no_answer"] += ["99", "7,5"]
    made["own_rating"] = "self_rating"
    made["departures"] = [{"id": name, "text": DEPARTURES.both(name)} for name in OFFERED]
    made["contradictions"] = [{"text": SICK, "when": [{"item": item, "answers": [code]} for item, code in WELL]}]
    return sealed(made)


def sealed(release):
    """… with examples and a hash that are its own again."""
    release = {**release, "examples": [{"answers": {}, "sum": 0, "risk": 0.5}]}
    read = opened(release)
    release["examples"] = [made for landmark in read.landmarks for made in made_examples(read, landmark)]
    release["equation_sha256"] = opened(release).identity.equation
    check_examples(read_release(release))
    return release


def _number(table, name, texts, numbers, *, no_answer, about):
    base = {key: value for key, value in table["items"][0].items() if key not in ("levels", "numbers")}
    points = numbers["points"]
    spread = max(points) - min(points)
    return {
        **base,
        **{"id": name, "kind": "number", "text": texts, "changeable": False, "spread": spread, "mean_points": 3.3},
        **{"no_answer": {"points": no_answer, "error": 0.2}, **about},
        "numbers": {"derive": None, "scale": 1, "errors": [0.1 for _ in points], **numbers},
    }


def _later(table, month):
    later = copy.deepcopy(table) | {"month": month, "offset": -1.8}
    texts = {"sv": "Månader med bistånd hittills", "en": "Months with assistance so far"}
    numbers = {"minimum": 1, "maximum": month, "unit": MONTHS, "derive": "receipts_so_far"}
    numbers["points"] = [5 * place for place in range(month)]
    later["items"].append(_number(later, "so_far", texts, numbers, no_answer=4, about={"part": "register"}))
    return _rated(later)


def _with_pair(table):
    one, other = (next(item for item in table["items"] if item["id"] == item_id) for item_id in PAIR)
    levels, of = [], []
    for first, second in product([*one["levels"], None], [*other["levels"], None]):
        if first or second:
            codes = "+".join(level["code"] if level else "no_answer" for level in (first, second))
            said = {
                language: " · ".join(
                    level["text"][language] if level else {"sv": "inget svar", "en": "no answer"}[language]
                    for level in (first, second)
                )
                for language in ("sv", "en")
            }
            points = sum(level["points"] if level else 6 for level in (first, second))
            levels.append({"code": codes, "text": said, "aliases": [], "points": points, "error": 0.1, "route": False})
    for item in (one, other):
        bare = [{**level, "points": 0, "error": 0} for level in item["levels"]]
        of.append(item | {"levels": bare, "no_answer": {"points": 0, "error": 0}, "spread": 0, "mean_points": 0})
    text = {key: f"{one['text'][key]} Och: {other['text'][key]}" for key in ("sv", "en")}
    pair = {**other, "id": "+".join(PAIR), "kind": "pair", "text": text, "levels": levels, "of": of, "spread": 28}
    items = [item for item in table["items"] if item["id"] not in PAIR]
    amount = {"minimum": 0, "maximum": 30, "unit": {"sv": "kronor", "en": "kronor"}, "scale": 0.1}
    amount["points"] = [place // 3 for place in range(31)]
    texts = {"sv": "Hur mycket tjänade du förra månaden?", "en": "How much did you earn last month?"}
    rent = _number(table, "earned", texts, amount, no_answer=2, about={"part": "deep_interview"})
    return _rated({**table, "items": [*items, pair | {"no_answer": {"points": 9, "error": 0.2}}, rent]})


def _rated(table):
    lowest = highest = 0
    for item in table["items"]:
        answers = [*item.get("levels", []), item["no_answer"]]
        points = [answer["points"] for answer in answers] + item.get("numbers", {}).get("points", [])
        lowest, highest = lowest + min(points), highest + max(points)
    values = [round(min(0.99, 0.02 + 0.007 * place), 3) for place in range(highest - lowest + 1)]
    thresholds = {**table["thresholds"], "flag": 50, "band": [48, 53], "threshold_prob": values[50 - lowest]}
    return {**table, "risk": {"first": lowest, "values": values}, "thresholds": thresholds}
