"""Made answers, which are nobody's, with their sums and risks: a reader who gets the same reads a release right."""

from collections.abc import Callable, Sequence

from riskmodel.ground.files import tidy_number
from riskmodel.ground.record_reader import Json
from riskmodel.instrument.pairs import parts_of
from riskmodel.instrument.records import NO_ANSWER
from riskmodel.release.answers import as_written, no_answer_spellings, read_answer, read_answers, scored_numbers
from riskmodel.release.item import Item
from riskmodel.release.landmark import Landmark
from riskmodel.release.record import Release

STRIDES = (1, 2, 3, 5)  # each walks through the items' answers at its own pace
Written = str | int | float
Answers = list[tuple[Written, int]]  # each as it is written, with its points


def made_examples(release: Release, landmark: Landmark) -> list[dict[str, Json]]:
    """Examples for one table: fewest points, most points, nothing answered, and walks through the answers."""
    choices: list[Callable[[Answers, int], Written]] = [
        lambda answers, _: min(answers, key=_points)[0],
        lambda answers, _: max(answers, key=_points)[0],
        lambda *_: NO_ANSWER,
        *(_walk(stride) for stride in STRIDES),
    ]
    chosen_from = [(item, _answers(release, item)) for item in landmark.items]
    return [_example(release, landmark, chosen_from, choose) for choose in choices]


def _example(
    release: Release,
    landmark: Landmark,
    chosen_from: Sequence[tuple[Item, Answers]],
    choose: Callable[[Answers, int], Written],
) -> dict[str, Json]:
    answers: dict[str, Json] = {}
    for place, (item, known) in enumerate(chosen_from):
        answers |= _written(item, choose(known, place))
    points = landmark.sum_of_points(read_answers(release, landmark, answers))
    return {"landmark": landmark.month, "answers": answers, "sum": points, "risk": landmark.risk_of(points)}


def _written(item: Item, chosen: Written) -> dict[str, Json]:
    """`chosen`, one of the answers of `item`, as it is written: to a pair's questions one by one."""
    if not item.of:
        return {item.id: chosen}
    codes = parts_of(str(chosen)) if chosen != NO_ANSWER else [NO_ANSWER] * len(item.of)
    return {question.id: code for question, code in zip(item.of, codes, strict=True)}


def _walk(stride: int) -> Callable[[Answers, int], Written]:
    def choose(answers: Answers, place: int) -> Written:
        written = [*(answer for answer, _ in answers), NO_ANSWER]
        return written[(place + 1) * stride % len(written)]

    return choose


def _points(answer: tuple[Written, int]) -> int:
    return answer[1]


def _answers(release: Release, item: Item) -> Answers:
    """Every answer of `item` that has points; no answer where none has."""
    known: Answers
    if item.numbers is not None:
        no_answer, scored = no_answer_spellings(release, item), scored_numbers(item, release.abstention)
        written: Answers = [(tidy_number(as_written(item, number)), points) for number, points in scored.items()]
        known = [pair for pair in written if read_answer(item, pair[0], no_answer=no_answer) is not None]
    else:
        known = [(code, answer.points) for code, answer in item.answers.items()]
    return known or [(NO_ANSWER, item.no_answer.points)]
