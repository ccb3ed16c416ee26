"""Made answers, which are nobody's, with their sums and risks: a reader who gets the same numbers reads right."""

from collections.abc import Callable, Mapping
from typing import Any

from riskmodel.ground.files import tidy_number
from riskmodel.instrument.records import NO_ANSWER
from riskmodel.release.answers import as_written, no_answer_spellings, read_answer, read_answers
from riskmodel.release.points import points_of, risk_of, scored_numbers, sum_of_points

STRIDES = (1, 2, 3, 5)  # each walks through the items' answers at its own pace
Answers = list[tuple[Any, int]]  # each as it is written, with its points


def made_examples(release: Mapping[str, Any], landmark: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Examples for one table: fewest points, most points, nothing answered, and walks through the answers."""
    choices: list[Callable[[Answers, int], Any]] = [
        lambda answers, _: min(answers, key=_points)[0],
        lambda answers, _: max(answers, key=_points)[0],
        lambda *_: NO_ANSWER,
        *(_walk(stride) for stride in STRIDES),
    ]
    answers_by_item = {item["id"]: _answers(release, item) for item in landmark["items"]}
    return [_example(release, landmark, answers_by_item, choose) for choose in choices]


def _example(
    release: Mapping[str, Any],
    landmark: Mapping[str, Any],
    answers_by_item: Mapping[str, Answers],
    choose: Callable[[Answers, int], Any],
) -> dict[str, Any]:
    answers = {name: choose(answers, place) for place, (name, answers) in enumerate(answers_by_item.items())}
    points = sum_of_points(landmark, read_answers(release, landmark, answers))
    return {"landmark": landmark["month"], "answers": answers, "sum": points, "risk": risk_of(landmark, points)}


def _walk(stride: int) -> Callable[[Answers, int], Any]:
    def choose(answers: Answers, place: int) -> Any:
        written = [*(answer for answer, _ in answers), NO_ANSWER]
        return written[(place + 1) * stride % len(written)]

    return choose


def _points(answer: tuple[Any, int]) -> int:
    return answer[1]


def _answers(release: Mapping[str, Any], item: Mapping[str, Any]) -> Answers:
    """Every answer of `item` that has points; no answer where none has."""
    if item["kind"] == "number":
        no_answer, scored = no_answer_spellings(release, item), scored_numbers(item, release["abstention"])
        written = [(tidy_number(as_written(item, number)), points) for number, points in scored.items()]
        known = [pair for pair in written if read_answer(item, pair[0], no_answer=no_answer) is not None]
    else:
        known = [(level["code"], level["points"]) for level in item["levels"] if not level["route"]]
    return known or [(NO_ANSWER, points_of(item, None))]
