"""When there is no advice, and why (method.md 7). Standard library only."""

from collections.abc import Iterable, Sequence
from datetime import date

from riskmodel.advice.record import Abstention, with_answer
from riskmodel.advice.unanswered import Answers, points_to_come, sums_to_come, unanswered
from riskmodel.instrument.records import RECEIPTS_SO_FAR
from riskmodel.release.answers import AGE, OUT_OF_RANGE, ROUTE, shown_answer, why_not_scored
from riskmodel.release.item import Question as Asked
from riskmodel.release.landmark import Landmark
from riskmodel.release.record import Release
from riskmodel.release.scoring import is_unusual

NOT_YET_VALID = "not_yet_valid"
EXPIRED = "expired"
OTHER_MUNICIPALITY = "other_municipality"
RESEARCH_ONLY = "research_only"
NO_THRESHOLD = "no_threshold"
UNANSWERED = "unanswered"
UNUSUAL = "unusual"
OF_RELEASE = (NOT_YET_VALID, EXPIRED, OTHER_MUNICIPALITY, RESEARCH_ONLY, NO_THRESHOLD)
REASONS = (
    *OF_RELEASE,
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
    blanks = unanswered(landmark, answers)
    blank = [question for _, question in blanks]
    # nobody was ever scored without them: they say that the case is one the table is for
    needed = [question for question in blank if question.derive == RECEIPTS_SO_FAR]
    if needed:
        return _for(UNANSWERED, needed)
    items = list({item.id: item for item, _ in blanks}.values())
    ends = [points_to_come(item, answers) for item in items]
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
