"""A release of an early format as the same table of points in format 3: without the equation, with short errors."""

import copy

from opened import opened

from riskmodel.release.acts import FORMAT

OF_THE_EQUATION = ("columns", "covariance", "leverage_limit", "coefficients")
DEPARTURES = [{"id": "other", "text": {"sv": "Annat skäl", "en": "Another reason"}}]


def points_alone(early):
    """The candidate that `early`, a release.json, would be today: its points and texts, its offset in steps of .02."""
    made = {key: value for key, value in copy.deepcopy(early).items() if key != "publication"}
    for landmark in made["landmarks"]:
        for key in OF_THE_EQUATION:
            del landmark[key]
        landmark |= {"mean_error": 0.1, "unusual_variance": 0.5, "offset": round(landmark["offset"] * 50) / 50}
        for item in landmark["items"]:
            _without_rows(item)
    made |= {"format": FORMAT, "contradictions": [], "own_rating": None, "departures": DEPARTURES}
    return made | {"equation_sha256": opened(made).identity.equation}


def _without_rows(item):
    item.setdefault("no_answer_texts", [])
    for answer in (item["no_answer"], *item.get("levels", [])):
        del answer["row"]
        answer["error"] = 0.2
    if "numbers" in item:
        item["numbers"] |= {
            "errors": [0.2] * len(item["numbers"].pop("rows")),
            "scale": item["numbers"].get("scale", 1),
        }
