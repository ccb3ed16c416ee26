"""Points, risk and whether a case is unusual, from resolved answers: what every table of scores holds of it.

Standard library only. Whether there is advice is for `advice` to say.
"""

from collections.abc import Mapping
from typing import NamedTuple

from riskmodel.release.answers import why_not_scored
from riskmodel.release.item import Code
from riskmodel.release.landmark import Landmark
from riskmodel.release.rarity import RARITY_LIMIT
from riskmodel.release.record import Release


class Scored(NamedTuple):
    """One row of a table of scores. risk: 0-1, None where the case is unusual.

    unusual: None where there are no points, and in early formats, whose tables do not ask.
    """

    points: int | None
    risk: float | None
    unusual: bool | None


NOT_SCORED = Scored(None, None, None)


def scored(release: Release, landmark: Landmark, read: Mapping[str, Code | None]) -> Scored:
    """The row of a case with these resolved answers (`resolve_answers`)."""
    if any(why_not_scored(release, question, read[question.id]) for question in landmark.questions):
        return NOT_SCORED
    points, unusual = landmark.sum_of_points(read), None
    if landmark.rarity is not None:
        unusual = landmark.rarity.of_case(landmark.items, read) > RARITY_LIMIT
    return Scored(points, None if unusual else landmark.risk_of(points), unusual)
