"""A made release with every kind of question, of three months, whose kit tries every way of answering."""

import copy
import random
from functools import cache

import release_example
from opened import opened

from riskmodel.ground.files import tidy

PAIR = ("schooling", "housing")
NUMBERS = {  # what is in its table, and what means no answer to it
    "children": ({"minimum": 0, "maximum": 12, "derive": None, "scale": 1}, ["9", "99", "-1"]),
    "income": ({"minimum": 0, "maximum": 30, "derive": None, "scale": 0.1}, ["40,5", "99999999999"]),
    "rate": ({"minimum": -3, "maximum": 20, "derive": None, "scale": 10}, []),
    "earlier_months": ({"minimum": 0, "maximum": 24, "derive": "earlier_months", "scale": 1}, []),
    "so_far": ({"minimum": 2, "maximum": 3, "derive": "receipts_so_far", "scale": 1}, []),
}
ERRORS = (0, 0.1, 0.2, 0.315)


@cache
def kit_release():
    """Month 0: amounts and counts; month 3: months with receipt, which nobody is without; month 5: a declared pair."""
    made, draw = copy.deepcopy(release_example.candidate()), random.Random(5)
    first = made["landmarks"][0]
    first["items"][0]["levels"][0] |= {"aliases": ["1", "Folk-skola"], "text": {"sv": "Grund- skola", "en": "Ground"}}
    later = copy.deepcopy({**first, "month": 3})
    first["items"] += [_number(name, draw) for name in ("children", "income", "rate")]
    later["items"] += [_number(name, draw) for name in ("earlier_months", "so_far")]
    paired = copy.deepcopy({**release_example.candidate(PAIR)["landmarks"][0], "month": 5})
    made["landmarks"] = [first, later, paired]
    for landmark in made["landmarks"]:
        values = landmark["risk"]["values"]
        landmark["risk"]["values"] = [*values, *tidy([values[-1] + (1 - values[-1]) * n / 41 for n in range(1, 41)])]
        landmark |= {"mean_error": 0.1, "unusual_variance": 0.13}
        for item in landmark["items"]:
            item["no_answer"] |= {"error": draw.choice(ERRORS[:3])}
    made |= {"research_only": False, "no_answer": [*made["no_answer"], "Vet ej", "7"]}
    made["abstention"] = {"max_unanswered_share": 0.25, "min_age": 21, "max_age": 60}
    return opened(made)


def _number(name, draw):
    table, silent = NUMBERS[name]
    points = [draw.randrange(9) for _ in range(table["minimum"], table["maximum"] + 1)]
    return {
        **{"id": name, "kind": "number", "part": "phone", "life_area": "work", "changeable": False, "grounds": []},
        **{"text": {"sv": f"{name}?", "en": f"{name}? (en)"}, "justification": "", "spread": max(points) - min(points)},
        **{"no_answer": {"points": draw.randrange(9)}, "mean_points": 4, "no_answer_texts": silent},
        "numbers": {**table, "unit": None, "points": points, "errors": [draw.choice(ERRORS) for _ in points]},
    }
