"""When there is no advice, and why; which unanswered questions decide it, and which to ask next (method.md 7).

Standard library only.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from riskmodel.advice.record import Abstention, Deciding, Question, with_answer
from riskmodel.instrument.records import FROM_REGISTER, RECEIPTS_SO_FAR, Text
from riskmodel.release.answers import AGE, OUT_OF_RANGE, ROUTE, is_unusual, shown_answer, why_not_scored
from riskmodel.release.item import Code, Item
from riskmodel.release.item import Question as Asked
from riskmodel.release.landmark import Landmark
from riskmodel.release.record import Release

NOT_YET_VALID = "not_yet_valid"
EXPIRED = "expired"
OTHER_MUNICIPALITY = "other_municipality"
RESEARCH_ONLY = "research_only"
NO_THRESHOLD = "no_threshold"
UNANSWERED = "unanswered"
UNUSUAL = "unusual"
OF_RELEASE = (NOT_YET_VALID, EXPIRED, OTHER_MUNICIPALITY, RESEARCH_ONLY, NO_THRESHOLD)
REASONS = (*OF_RELEASE, ROUTE, AGE, OUT_OF_RANGE, UNANSWERED, UNUSUAL)
Answers = Mapping[str, Code | None]


def _unanswered(landmark: Landmark, answers: Answers) -> list[tuple[Item, Asked]]:
    """Every question without an answer, with its item."""
    return [(item, one) for item in landmark.items for one in item.questions if answers[one.id] is None]


def _points_to_come(item: Item, answers: Answers) -> tuple[int, int]:
    """Fewest and most points that `item` has when its unanswered questions are answered."""
    blank = [one.id for one in item.questions if answers[one.id] is None]
    if blank and not item.of:
        return item.points_range(answered=True)
    points = item.points_with(answers, blank)
    return min(points), max(points)


def sums_to_come(landmark: Landmark, answers: Answers) -> tuple[int, int]:
    """The least and the most that the sum is when every question is answered, and the given answers stay."""
    ends = [_points_to_come(item, answers) for item in landmark.items]
    return sum(low for low, _ in ends), sum(high for _, high in ends)


def deciding(release: Release, landmark: Landmark, answers: Answers) -> tuple[Deciding, ...]:
    """The unanswered questions of which one answer alone makes the advice another, with those answers."""
    found = [(one, _others(release, landmark, item, one, answers)) for item, one in _unanswered(landmark, answers)]
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

    blank = [pair for pair in _unanswered(landmark, answers) if pair[1].derive not in FROM_REGISTER]
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


def abstention(
    release: Release,
    landmark: Landmark,
    answers: Answers,
    *,
    today: date,
    municipality: str | None,
) -> Abstention | None:
    """The first reason to give no advice on these resolved answers; None when there is none."""
    return (
        _of_release(release, landmark, today=today, municipality=municipality)
        or _of_rule(release, landmark, answers)
        or _of_blanks(landmark, answers, max_unanswered_share=release.abstention.max_unanswered_share)
        or _of_pattern(landmark, answers)
    )


def _of_release(release: Release, landmark: Landmark, *, today: date, municipality: str | None) -> Abstention | None:
    publication = release.publication
    if publication is not None and today < date.fromisoformat(publication.valid_from):
        return Abstention(NOT_YET_VALID)
    if publication is not None and today > date.fromisoformat(publication.valid_until):
        return Abstention(EXPIRED)
    if municipality is not None and municipality not in release.codes:
        return Abstention(OTHER_MUNICIPALITY)
    if release.research_only:
        return Abstention(RESEARCH_ONLY)
    return Abstention(NO_THRESHOLD) if landmark.thresholds.flag is None else None


def _of_rule(release: Release, landmark: Landmark, answers: Answers) -> Abstention | None:
    reasons = [(item, why_not_scored(release, item, answers[item.id])) for item in landmark.questions]
    found = {reason: [item for item, own in reasons if own == reason] for reason in (ROUTE, AGE, OUT_OF_RANGE)}
    if found[ROUTE]:  # an answer that can be said; a number may be anything
        given = [(item, answers[item.id]) for item in found[ROUTE]]
        routes = [with_answer(item.text, shown_answer(item, code)) for item, code in given if code is not None]
        return Abstention(ROUTE, tuple(routes), _ids(found[ROUTE]))
    if found[AGE]:
        return Abstention(AGE, ids=_ids(found[AGE]))
    return _for(OUT_OF_RANGE, found[OUT_OF_RANGE]) if found[OUT_OF_RANGE] else None


def _of_blanks(landmark: Landmark, answers: Answers, *, max_unanswered_share: float) -> Abstention | None:
    blanks = _unanswered(landmark, answers)
    blank = [question for _, question in blanks]
    # nobody was ever scored without them: they say that the case is one the table is for
    needed = [question for question in blank if question.derive == RECEIPTS_SO_FAR]
    if needed:
        return _for(UNANSWERED, needed)
    items = list({item.id: item for item, _ in blanks}.values())
    ends = [_points_to_come(item, answers) for item in items]
    spread = sum(high - low if item.of else item.spread for item, (low, high) in zip(items, ends, strict=True))
    if spread <= max_unanswered_share * sum(item.spread for item in landmark.items):
        return None
    lowest, highest = sums_to_come(landmark, answers)
    if landmark.thresholds.answer_at(lowest) == landmark.thresholds.answer_at(highest):
        return None
    return _for(UNANSWERED, blank)


def _of_pattern(landmark: Landmark, answers: Answers) -> Abstention | None:
    return Abstention(UNUSUAL) if is_unusual(landmark, answers) else None


def _for(reason: str, items: Sequence[Asked]) -> Abstention:
    return Abstention(reason, tuple(item.text for item in items), _ids(items))


def _ids(items: Iterable[Asked]) -> tuple[str, ...]:
    return tuple(item.id for item in items)
