"""Made answers, which are nobody's, with their sums and risks: a reader who gets the same numbers reads right."""

from collections.abc import Callable, Mapping
from typing import Any

from riskmodel.instrument.records import NO_ANSWER
from riskmodel.release.content.arithmetic import points_of, risk_of, sum_of_points

STRIDES = (1, 2, 3, 5)  # each walks through the items' answers at its own pace


def made_examples(landmark: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Examples for one table: fewest points, most points, nothing answered, and walks through the answers."""
    choices: list[Callable[[Mapping[str, Any], int], Any]] = [
        lambda item, _: min(_answers(item), key=lambda answer: points_of(item, answer)),
        lambda item, _: max(_answers(item), key=lambda answer: points_of(item, answer)),
        lambda item, _: NO_ANSWER,
        *(_walk(stride) for stride in STRIDES),
    ]
    return [_example(landmark, choose) for choose in choices]


def _example(landmark: Mapping[str, Any], choose: Callable[[Mapping[str, Any], int], Any]) -> dict[str, Any]:
    answers = {item["id"]: choose(item, place) for place, item in enumerate(landmark["items"])}
    points = sum_of_points(landmark, answers)
    return {"landmark": landmark["month"], "answers": answers, "sum": points, "risk": risk_of(landmark, points)}


def _walk(stride: int) -> Callable[[Mapping[str, Any], int], Any]:
    def choose(item: Mapping[str, Any], place: int) -> Any:
        answers = [*_answers(item), NO_ANSWER]
        return answers[(place + 1) * stride % len(answers)]

    return choose


def _answers(item: Mapping[str, Any]) -> list[Any]:
    """Every answer of `item` that has points."""
    if item["kind"] == "number":
        return list(range(item["numbers"]["minimum"], item["numbers"]["maximum"] + 1))
    return [level["code"] for level in item["levels"] if not level["route"]]
