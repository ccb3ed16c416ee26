"""A made release with every kind of question, three tables of points, and answers to them drawn by chance."""

import copy
import random
from functools import cache

import release_example
from opened import opened

from riskmodel.exports.coded import code_of
from riskmodel.ground.files import tidy
from riskmodel.instrument.records import NO_ANSWER
from riskmodel.release.answers import as_written

PAIR = ("schooling", "housing")
NUMBERS = {
    "children": {"minimum": 0, "maximum": 12, "derive": None, "scale": 1},
    "income": {"minimum": 0, "maximum": 30, "derive": None, "scale": 0.1},
    "rate": {"minimum": -3, "maximum": 20, "derive": None, "scale": 10},
    "earlier_months": {"minimum": 0, "maximum": 24, "derive": "earlier_months", "scale": 1},
    "receipts_so_far": {"minimum": 2, "maximum": 3, "derive": "receipts_so_far", "scale": 1},
}
ERRORS = (0, 0.1, 0.2, 0.315)


@cache
def many_tables():
    """Month 0: amounts and counts; month 3: months with receipt, which nobody is without; month 5: a declared pair."""
    made, draw = copy.deepcopy(release_example.candidate()), random.Random(5)
    first = made["landmarks"][0]
    first["items"][0]["levels"][0]["aliases"] = ["Folk'skola", 'The "first"']
    later = copy.deepcopy({**first, "month": 3})
    first["items"] += [number(name, draw) for name in ("children", "income", "rate")]
    later["items"] += [number(name, draw) for name in ("earlier_months", "receipts_so_far")]
    paired = copy.deepcopy({**release_example.candidate(PAIR)["landmarks"][0], "month": 5})
    made["landmarks"] = [first, later, paired]
    for landmark in made["landmarks"]:
        values = landmark["risk"]["values"]
        landmark["risk"]["values"] = [*values, *tidy([values[-1] + (1 - values[-1]) * n / 41 for n in range(1, 41)])]
        landmark["risk"]["values"][:40] = [1e-06 * place for place in range(1, 41)]  # which FHIRPath writes otherwise
        landmark |= {"mean_error": 0.1, "unusual_variance": 0.12}
        for item in landmark["items"]:
            item["no_answer"] |= {"error": draw.choice(ERRORS)}
    made["abstention"] = {"max_unanswered_share": 0.25, "min_age": 21, "max_age": 60}
    return opened(made | {"research_only": False})


def number(name, draw):
    table = NUMBERS[name]
    points = [draw.randrange(9) for _ in range(table["minimum"], table["maximum"] + 1)]
    return {
        **{"id": name, "kind": "number", "part": "phone", "life_area": "work", "changeable": False, "grounds": []},
        **{"text": {"sv": f"{name}?", "en": f"{name}? (en)"}, "justification": "", "spread": max(points) - min(points)},
        **{"no_answer": {"points": draw.randrange(9)}, "mean_points": 4, "no_answer_texts": []},
        "numbers": {**table, "unit": None, "points": points, "errors": [draw.choice(ERRORS) for _ in points]},
    }


def drawn(landmark, draw, *, blank=0.15, wide=0.03):
    """A code of every answer to `landmark`, mostly with points. wide: how often a number lies outside the table."""
    found = {}
    for question in landmark.questions:
        codes = [code_of(question, answer) for answer in question.answers] + [*question.routes] * (draw.random() < 0.2)
        if question.numbers is not None and draw.random() < wide:
            codes = [str(as_written(question, question.numbers.maximum + 1)), "999999"]
        found[question.id] = NO_ANSWER if draw.random() < blank else draw.choice(codes)
    return found
