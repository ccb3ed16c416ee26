"""What the answers there are say beside the advice: life area by life area, the applicant's own rating, points so far.

Standard library only.
"""

from collections.abc import Iterable, Sequence

from riskmodel.advice.record import NOTICEABLE_POINTS, Area, Contribution, OwnRating, PartSoFar, SoFar
from riskmodel.advice.unanswered import Answers, sums_to_come
from riskmodel.release.answers import shown_answer
from riskmodel.release.landmark import Landmark
from riskmodel.release.record import Release


def areas(release: Release, landmark: Landmark, contributions: Sequence[Contribution]) -> tuple[Area, ...]:
    """Every life area that `landmark` asks about, in the order it does. contributions: one an item."""
    found: dict[str, list[Contribution]] = {}
    for item, contribution in zip(landmark.items, contributions, strict=True):
        found.setdefault(item.life_area, []).append(contribution)
    named = [area for area in found if area in release.life_areas]  # early formats may not name them all
    return tuple(_area(release, area, found[area]) for area in named)


def _area(release: Release, area: str, entries: Iterable[Contribution]) -> Area:
    """Whether some answer in it gives more points than the average case has there, some fewer, both or neither."""
    beside = [entry.above_mean for entry in entries if entry.is_answered]
    above = any(difference >= NOTICEABLE_POINTS for difference in beside)
    below = any(difference <= -NOTICEABLE_POINTS for difference in beside)
    text = release.life_areas[area]
    if not beside:
        return Area(area, text, "unanswered")
    if above and below:
        return Area(area, text, "both")
    return Area(area, text, "above" if above else "below" if below else "average")


def own_rating(release: Release, landmark: Landmark, answers: Answers) -> OwnRating | None:
    """What the applicant answered to the question that is their own view; None without one or an answer to it."""
    for question in landmark.questions:
        answer = answers[question.id]
        if question.id == release.own_rating and answer is not None:
            return OwnRating(question.id, question.text, shown_answer(question, answer))
    return None


def so_far(release: Release, landmark: Landmark, answers: Answers) -> SoFar:
    """The points of what is answered, and the range in which the sum will be when all is."""
    lowest, highest = sums_to_come(landmark, answers)
    parts = [
        PartSoFar(part.id, part.text, sum(answers[one.id] is not None for one in asked), len(asked))
        for part in release.parts
        if (asked := [one for one in landmark.questions if one.part == part.id])
    ]
    answered = [item for item in landmark.items if item.given(answers) is not None]
    points = sum(item.points_of(item.given(answers)) for item in answered)
    return SoFar(points, lowest, highest, landmark.thresholds.flag, tuple(parts))
