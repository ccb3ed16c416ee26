"""When there is no advice, why, and which question to ask next (method.md 7). Standard library only."""

from collections.abc import Mapping, Sequence
from datetime import date

from riskmodel.advice.record import Abstention, Question
from riskmodel.advice.uncertainty import is_unusual
from riskmodel.instrument.records import FROM_REGISTER, RECEIPTS_SO_FAR, Text
from riskmodel.release.answers import AGE, OUT_OF_RANGE, ROUTE, why_not_scored
from riskmodel.release.item import Code, Item
from riskmodel.release.item import Question as Asked
from riskmodel.release.record import Landmark, Release, Thresholds

Answers = Mapping[str, Code | None]

NOT_YET_VALID = "not_yet_valid"
EXPIRED = "expired"
OTHER_MUNICIPALITY = "other_municipality"
RESEARCH_ONLY = "research_only"
NO_THRESHOLD = "no_threshold"
UNANSWERED = "unanswered"
UNUSUAL = "unusual"
REASONS = (
    *(NOT_YET_VALID, EXPIRED, OTHER_MUNICIPALITY, RESEARCH_ONLY, NO_THRESHOLD),
    *(ROUTE, AGE, OUT_OF_RANGE, UNANSWERED, UNUSUAL),
)


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


def next_question(release: Release, landmark: Landmark, answers: Answers, *, only_decisive: bool) -> Question | None:
    """The unanswered question with the largest spread × chance of another answer; of equals the part asked first.

    What the register knows is nobody's question. The chance counts every level or number as equally likely, the other
    items as they are. only_decisive: None unless
    one answer alone could change the advice.
    """
    points = landmark.sum_of_points(answers)
    order = [part.id for part in sorted(release.parts, key=lambda part: part.month)]

    def worth(blank: tuple[Item, Asked]) -> tuple[float, int, int]:
        item, question = blank
        given = item.points_with(answers, [question.id])
        sums = [points - item.points_of(item.given(answers)) + own for own in given]
        spread = max(given) - min(given) if item.of else item.spread
        return spread * _share_of_others(sums, points, landmark.thresholds), spread, -order.index(question.part)

    blank = [pair for pair in _unanswered(landmark, answers) if pair[1].derive not in FROM_REGISTER]
    best = max(blank, key=worth, default=None)
    if best is None or (only_decisive and worth(best)[0] == 0):
        return None
    question = best[1]
    who = next(part.who for part in release.parts if part.id == question.part)
    return Question(question.id, question.text, who)


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
    for reason in (ROUTE, AGE, OUT_OF_RANGE):
        items = [item for item, found in reasons if found == reason]
        if items:
            return Abstention(reason, _texts(items))
    return None


def _of_blanks(landmark: Landmark, answers: Answers, *, max_unanswered_share: float) -> Abstention | None:
    unanswered = _unanswered(landmark, answers)
    blank = [question for _, question in unanswered]
    # nobody was ever scored without them: they say that the case is one the table is for
    needed = [question for question in blank if question.derive == RECEIPTS_SO_FAR]
    if needed:
        return Abstention(UNANSWERED, _texts(needed))
    items = list({item.id: item for item, _ in unanswered}.values())
    ends = [_ends(item, answers) for item in items]
    spread = sum(high - low if item.of else item.spread for item, (low, high) in zip(items, ends, strict=True))
    if spread <= max_unanswered_share * sum(item.spread for item in landmark.items):
        return None
    known = landmark.sum_of_points(answers) - sum(item.points_of(item.given(answers)) for item in items)
    lowest, highest = (known + sum(end[place] for end in ends) for place in (0, 1))
    if landmark.thresholds.answer_at(lowest) == landmark.thresholds.answer_at(highest):
        return None
    return Abstention(UNANSWERED, _texts(blank))


def _ends(item: Item, answers: Answers) -> tuple[int, int]:
    """Fewest and most points that `item` can get when its unanswered questions are answered."""
    if not item.of:
        return item.points_range(answered=True)
    points = item.points_with(answers, [one.id for one in item.of if answers[one.id] is None])
    return min(points), max(points)


def _of_pattern(landmark: Landmark, answers: Answers) -> Abstention | None:
    return Abstention(UNUSUAL) if is_unusual(landmark, answers) else None


def _share_of_others(sums: Sequence[int], points: int, thresholds: Thresholds) -> float:
    """The share of `sums` that are told something else than the sum `points` is."""
    now = thresholds.answer_at(points)
    return sum(thresholds.answer_at(one) != now for one in sums) / max(len(sums), 1)


def _unanswered(landmark: Landmark, answers: Answers) -> list[tuple[Item, Asked]]:
    """Every question without an answer, with its item."""
    return [(item, one) for item in landmark.items for one in item.questions if answers[one.id] is None]


def _texts(items: Sequence[Asked]) -> tuple[Text, ...]:
    return tuple(item.text for item in items)
