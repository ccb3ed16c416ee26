"""Points, risk and whether a case is unusual, from resolved answers: what every table of scores holds of it.

Standard library only. Whether there is advice is for `advice` to say.
"""

import math
from collections.abc import Mapping
from typing import NamedTuple

from riskmodel.ground.errors import BundleError
from riskmodel.ground.statistics import Z_95, risk_at
from riskmodel.release import REFUSALS
from riskmodel.release.answers import why_not_scored
from riskmodel.release.item import Code
from riskmodel.release.landmark import RARITY_LIMIT, Landmark
from riskmodel.release.record import Release

ROUNDING_VARIANCE = 1 / 12  # of one item's points, square points: rounding to whole ones


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


def variance_at(landmark: Landmark, answers: Mapping[str, Code | None]) -> float:
    """The variance (squared log-odds) of the equation at these resolved, scorable `answers`.

    That of the mean person and of each answer about them add; early formats give x'Σx, and a `BundleError` where their
    covariance makes that negative.
    """
    if landmark.covariance:
        return _leverage(landmark, answers)
    errors = [landmark.mean_error, *(item.answer(item.given(answers)).error for item in landmark.items)]
    return math.fsum(error**2 for error in errors)


def is_unusual(landmark: Landmark, answers: Mapping[str, Code | None]) -> bool:
    """Whether the equation was fitted on hardly anybody like these resolved, scorable `answers`."""
    if landmark.rarity is None:
        return _leverage(landmark, answers) > landmark.leverage_limit
    return landmark.rarity.of_case(landmark.items, answers) > RARITY_LIMIT


def _leverage(landmark: Landmark, answers: Mapping[str, Code | None]) -> float:
    row = [(0, 1.0)]
    for item in landmark.items:
        row += item.answer(answers[item.id]).row
    covariance = landmark.covariance
    variance = math.fsum(one * covariance[i][j] * other for i, one in row for j, other in row)
    if variance < 0:
        raise BundleError(REFUSALS["no_covariance"])
    return variance


def risk_interval(landmark: Landmark, points: int, *, variance: float) -> tuple[float, float]:
    """95 % interval of the risk (0-1) at a sum of points; `variance` is the equation's, rounding is added here."""
    per_point = landmark.per_point
    rounding = len(landmark.items) * ROUNDING_VARIANCE * per_point**2
    middle = landmark.offset + points * per_point
    reach = Z_95 * math.sqrt(variance + rounding)
    return risk_at(middle - reach), risk_at(middle + reach)
