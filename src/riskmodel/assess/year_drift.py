"""The youngest year that may be looked at, by itself: pooled with older years, a change in it drowns.

With events twice as likely in the last of three years the pooled O/E was 1.13, inside every limit. At a between-year SD
of .05 log-odds a right model is called drifting in .05, .03 and .01 of years of 300, 1,000 and 3,000 cases
(`benchmarks/year_drift.py`).
"""

from dataclasses import asdict, dataclass
from math import hypot, log, sqrt

import numpy as np
import pandas as pd

from riskmodel.assess.calibration import citl, oe, recalibration
from riskmodel.assess.clustered import cluster_scores, cluster_z, log_oe_error, slope_error
from riskmodel.assess.intervals import SMALLEST_RISK, STRATUM, tally
from riskmodel.assess.pooling import YEAR_MIN
from riskmodel.ground.statistics import Z_95
from riskmodel.model.logistic import probability

POINTS_OF = "points_of."  # before an item's id: the column with the points of its answers
LEVEL_ERROR = "level_error"  # the column with the error of ln O/E that the model's intercept window leaves
SLOPE_ERROR = "slope_error"  # the column with the error of the slope that the model's own learning leaves
LEVEL, SLOPE, ITEM = DRIFTS = ("year_drift_level", "year_drift_slope", "year_drift_item")
MORE, FEWER, TOO_FAR_APART, OTHERWISE = DIRECTIONS = ("more", "fewer", "too_far_apart", "otherwise")
LEAST_OE, MOST_OE, LEAST_SLOPE = 0.80, 1.25, 0.80
USUAL_SD = 0.07  # of ln O/E from one year to the next where nothing has gone wrong: .10 in log-odds
FURTHEST_ITEM = 3.5  # standard errors


@dataclass(frozen=True)
class Level:
    """O/E with the standard error of its logarithm. level_error: what the model's own intercept window adds to it."""

    oe: float
    error: float
    level_error: float

    @property
    def total_error(self) -> float:
        """The standard error of ln O/E by cases, window and usual years together."""
        return sqrt(self.error**2 + self.level_error**2 + USUAL_SD**2)

    @property
    def is_refused(self) -> bool:
        """Whether O/E lies outside .80–1.25 and further off than cases, window and usual years explain."""
        return not LEAST_OE <= self.oe <= MOST_OE and abs(log(self.oe)) > Z_95 * self.total_error


@dataclass(frozen=True)
class Slope:
    """The slope of the outcome on the log-odds, with its standard error; NaN where there is none."""

    slope: float
    error: float

    @property
    def is_refused(self) -> bool:
        """Whether the slope lies below .80 and its interval below 1."""
        return self.slope < LEAST_SLOPE and self.slope + Z_95 * self.error < 1


@dataclass(frozen=True)
class Sign:
    """One way in which a year drifted. alarm: one of `DRIFTS`. item: "" but for an item's own."""

    alarm: str
    year: int
    item: str
    direction: str


@dataclass(frozen=True, eq=False)
class People:
    """Predictions as arrays of shape (n,): outcome 0/1, risk, log-odds, weight, and the cluster of each by number."""

    outcome: np.ndarray
    prob: np.ndarray
    lp: np.ndarray
    weight: np.ndarray
    member: np.ndarray


def people_of(predictions: pd.DataFrame) -> People:
    """The cases of `predictions` with the points' risks."""
    outcome, prob, weight = (predictions[name].to_numpy(dtype=float) for name in ("outcome", "points_prob", "weight"))
    clipped = np.clip(prob, SMALLEST_RISK, 1 - SMALLEST_RISK)
    member = np.unique(predictions["cluster_id"].to_numpy(), return_inverse=True)[1]
    return People(outcome, prob, np.log(clipped / (1 - clipped)), weight, member)


def level_of(people: People, level_error: float) -> Level:
    """O/E of `people`, among whom there are events."""
    found = float(oe(tally(people.outcome, people.prob, weight=people.weight)))
    error = log_oe_error(people.outcome, people.prob, weight=people.weight, member=people.member)
    return Level(found, error, level_error)


def slope_of(people: People) -> Slope:
    """The slope of `people`, of both outcomes."""
    intercept, slope = map(float, recalibration(tally(people.outcome, people.prob, weight=people.weight)))
    if not np.isfinite(slope):
        return Slope(np.nan, np.nan)
    prob = probability(intercept + slope * people.lp)
    return Slope(slope, slope_error(people.outcome, prob, people.lp, weight=people.weight, member=people.member))


def _at_their_level(people: People) -> np.ndarray:
    """The risks of `people` with the level that they have themselves."""
    return probability(float(citl(tally(people.outcome, people.prob, weight=people.weight))) + people.lp)


def slope_score(people: People, model_error: float) -> float:
    """How many standard errors the outcomes lie from a slope of 1, the level adjusted; model_error: of the model's own.

    Of a slope that lies low by chance its own error comes out low, too: judged by that, right years drifted too often.
    """
    prob = _at_their_level(people)
    error = slope_error(people.outcome, prob, people.lp, weight=people.weight, member=people.member)
    return item_score(people, people.lp) / hypot(1, model_error / error)


def item_score(people: People, points: np.ndarray) -> float:
    """How many standard errors the outcomes lie from an item's `points` (n,), the level adjusted."""
    free = np.ones((len(points), 1))
    scores = cluster_scores(
        people.outcome,
        _at_their_level(people),
        points.astype(float)[:, None],
        free,
        weight=people.weight,
        member=people.member,
    )
    return cluster_z(scores)


def year_drift(predictions: pd.DataFrame) -> dict[str, object]:
    """The youngest year of rolling `predictions`: year, judged (whether it holds enough people), signs.

    Columns needed, beside those of every prediction: `STRATUM`, `LEVEL_ERROR`, `SLOPE_ERROR`, `POINTS_OF` each item.
    """
    year = int(predictions[STRATUM].max())
    own = predictions[predictions[STRATUM] == year]
    events_n = int(own["outcome"].sum())
    if min(events_n, len(own) - events_n) < YEAR_MIN:
        return {"year": year, "judged": False, "signs": []}
    return {"year": year, "judged": True, "signs": [asdict(sign) for sign in _signs(own, year)]}


def _signs(own: pd.DataFrame, year: int) -> list[Sign]:
    people = people_of(own)
    level_error, model_error = map(float, own[[LEVEL_ERROR, SLOPE_ERROR]].iloc[0])
    level = level_of(people, level_error)
    signs = [Sign(LEVEL, year, "", MORE if level.oe > 1 else FEWER)] if level.is_refused else []
    is_flat = slope_of(people).slope < LEAST_SLOPE and slope_score(people, model_error) < -Z_95
    signs += [Sign(SLOPE, year, "", TOO_FAR_APART)] if is_flat else []
    columns = [column for column in own if str(column).startswith(POINTS_OF)]
    scores = {column: abs(item_score(people, own[column].to_numpy())) for column in columns}
    return signs + [
        Sign(ITEM, year, str(column).removeprefix(POINTS_OF), OTHERWISE)
        for column, score in scores.items()
        if score > FURTHEST_ITEM
    ]
