"""Unanswered questions: which of them decide the advice, and which to ask next (method.md 7). Standard library only."""

from collections.abc import Mapping, Sequence

from riskmodel.advice.record import Deciding, Question
from riskmodel.instrument.records import FROM_REGISTER, Text
from riskmodel.release.answers import shown_answer, why_not_scored
from riskmodel.release.item import Code, Item
from riskmodel.release.item import Question as Asked
from riskmodel.release.landmark import Landmark
from riskmodel.release.record import Release

Answers = Mapping[str, Code | None]


def unanswered(landmark: Landmark, answers: Answers) -> list[tuple[Item, Asked]]:
    """Every question without an answer, with its item."""
    return [(item, one) for item in landmark.items for one in item.questions if answers[one.id] is None]


def points_to_come(item: Item, answers: Answers) -> tuple[int, int]:
    """Fewest and most points that `item` has when its unanswered questions are answered."""
    blank = [one.id for one in item.questions if answers[one.id] is None]
    if blank and not item.of:
        return item.points_range(answered=True)
    points = item.points_with(answers, blank)
    return min(points), max(points)


def sums_to_come(landmark: Landmark, answers: Answers) -> tuple[int, int]:
    """The least and the most that the sum is when every question is answered, and the given answers stay."""
    ends = [points_to_come(item, answers) for item in landmark.items]
    return sum(low for low, _ in ends), sum(high for _, high in ends)


def deciding(release: Release, landmark: Landmark, answers: Answers) -> tuple[Deciding, ...]:
    """The unanswered questions of which one answer alone makes the advice another, with those answers."""
    found = [(one, _others(release, landmark, item, one, answers)) for item, one in unanswered(landmark, answers)]
    return tuple(
        Deciding(one.id, one.text, _shown(one, others), others == _scored(release, one))
        for one, others in found
        if others
    )


def next_question(release: Release, landmark: Landmark, answers: Answers, *, only_deciding: bool) -> Question | None:
    """The unanswered question with the largest spread × chance of another advice; of equals the part asked first.

    So one that decides comes before all that don't. What the register knows is nobody's question. The chance counts
    every answer as equally likely, the other items as they are. only_deciding: None unless one decides.
    """
    order = [part.id for part in sorted(release.parts, key=lambda part: part.month)]

    def worth(blank: tuple[Item, Asked]) -> tuple[float, int, int]:
        item, question = blank
        given = item.points_with(answers, [question.id])
        spread = max(given) - min(given) if item.of else item.spread
        share = len(_others(release, landmark, item, question, answers)) / len(given)
        return spread * share, spread, -order.index(question.part)

    blank = [pair for pair in unanswered(landmark, answers) if pair[1].derive not in FROM_REGISTER]
    best = max(blank, key=worth, default=None)
    if best is None or (only_deciding and worth(best)[0] == 0):
        return None
    question = best[1]
    who = next(part.who for part in release.parts if part.id == question.part)
    return Question(question.id, question.text, who)


def _others(release: Release, landmark: Landmark, item: Item, question: Asked, answers: Answers) -> list[Code]:
    """The answers to `question`, of `item`, that have points and make the advice another than no answer does."""
    points, answer_at = landmark.sum_of_points(answers), landmark.thresholds.answer_at
    rest = points - item.points_of(item.given(answers))
    given = zip(question.answers, item.points_with(answers, [question.id]), strict=True)
    others = [code for code, own in given if answer_at(rest + own) != answer_at(points)]
    return [code for code in others if why_not_scored(release, question, code) is None]


def _scored(release: Release, question: Asked) -> list[Code]:
    """The answers to `question` that have points."""
    return [code for code in question.answers if why_not_scored(release, question, code) is None]


def _shown(question: Asked, codes: Sequence[Code]) -> tuple[Text, ...]:
    """`codes` as they are answered; numbers that follow each other as one range."""
    if question.numbers is None:
        return tuple(shown_answer(question, code) for code in codes)
    runs: list[list[int]] = []
    for number in map(int, codes):
        if runs and number == runs[-1][-1] + 1:
            runs[-1][1:] = [number]
        else:
            runs.append([number])
    return tuple(shown_answer(question, *run) for run in runs)
