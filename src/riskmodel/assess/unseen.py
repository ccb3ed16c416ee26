"""What the points can't say: questions that weigh otherwise together or in one area, a rule that begins somewhere."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd

from riskmodel.assess.calibration import auc
from riskmodel.assess.clustered import cluster_scores, cluster_z
from riskmodel.assess.intervals import STRATUM, tally
from riskmodel.assess.year_drift import POINTS_OF, People, people_of
from riskmodel.model.logistic import newton

VALUE_OF = "value_of."  # before a number's id: the column with the number itself
SURE = 4.0  # standard errors from which it is told; a normal deviate among 150 goes that far in 1 of 100 (150 · 6.3e-5)
LEAST_GAP = 0.01  # of AUC between trees and points, with an interval above 0: then the likeliest is told in any case
FEWEST_PEOPLE = 100  # in an area; below a number, and from it on, for a rule that begins there
MOST_TOLD = 3
A_WHIFF = 1e-6  # of a penalty, so that a fit settles
PAIR, PLACE, STEP = KINDS = ("pair", "place", "step")


@dataclass(frozen=True, eq=False)
class Unseen:
    """One thing that points can't say, of the item `first`: together with the item or in the area `second`, or `at` a
    number. column: it, (n,); own: what it is held beside, the points of its items and who is in the area, (n, k)."""

    kind: str
    first: str
    second: str
    at: int | None
    column: np.ndarray
    own: np.ndarray


def unseen(predictions: pd.DataFrame, comparisons: pd.DataFrame) -> list[dict[str, object]]:
    """The most surely seen first, at most three: kind, first, second, at, z, auc_gain.

    z: cluster-robust score of the product of both items' centred points, of an item's in one area, or of being at or
    above a number, beside the points and the items' own. auc_gain: with that beside the points, fitted on the same
    people: one coefficient, so hardly too hopeful; 0 where risks are wrong, but in the right order. Told is what is
    beyond chance, and the likeliest where trees are surely better; comparisons: paired gaps in AUC, as
    `at_threshold.comparisons` has them.
    """
    people = people_of(predictions)
    if min(people.outcome.sum(), (1 - people.outcome).sum()) < FEWEST_PEOPLE:
        return []
    points = {item: predictions[column].to_numpy(dtype=float) for item, column in _columns(predictions, POINTS_OF)}
    points = {item: own - people.weight @ own / people.weight.sum() for item, own in points.items()}
    found = [*_pairs(points), *_places(points, predictions), *_steps(points, predictions)]
    scored = sorted(((_score(people, one), one) for one in found), key=lambda pair: -abs(pair[0]))[:MOST_TOLD]
    told = [{**_named(one), "z": z, "auc_gain": _gain(people, one, predictions)} for z, one in scored]
    sure = [one for one, (z, _) in zip(told, scored, strict=True) if abs(z) > SURE]
    return sure or (told[:1] if _trees_see_more(comparisons) else [])


def _named(found: Unseen) -> dict[str, object]:
    return {name: getattr(found, name) for name in ("kind", "first", "second", "at")}


def _trees_see_more(comparisons: pd.DataFrame) -> bool:
    trees = comparisons[comparisons["comparator"] == "boosted"]
    return bool(((trees["gap"] > LEAST_GAP) & (trees["low"] > 0)).any())


def _columns(predictions: pd.DataFrame, prefix: str) -> Iterator[tuple[str, str]]:
    for column in predictions:
        if str(column).startswith(prefix):
            yield str(column).removeprefix(prefix), str(column)


def _pairs(points: dict[str, np.ndarray]) -> Iterator[Unseen]:
    for first, second in combinations(points, 2):
        own = np.column_stack([points[first], points[second]])
        yield Unseen(PAIR, first, second, None, own.prod(axis=1), own)


def _places(points: dict[str, np.ndarray], predictions: pd.DataFrame) -> Iterator[Unseen]:
    """Every item in every area that has people enough in it and outside."""
    areas = predictions["area"].astype("object").to_numpy()
    for area in sorted({str(area) for area in areas if area == area and area is not None}):
        there = (areas == area).astype(float)
        if min(there.sum(), len(there) - there.sum()) >= FEWEST_PEOPLE:
            for item, own in points.items():
                yield Unseen(PLACE, item, area, None, own * there, np.column_stack([own, there]))


def _steps(points: dict[str, np.ndarray], predictions: pd.DataFrame) -> Iterator[Unseen]:
    """Every number from which on a rule may hold, with people enough on both sides."""
    for item, column in _columns(predictions, VALUE_OF):
        values = predictions[column].to_numpy(dtype=float)
        for at in np.unique(values[np.isfinite(values)]):
            from_there = (values >= at).astype(float)
            if min(from_there.sum(), (values < at).sum()) >= FEWEST_PEOPLE and item in points:
                yield Unseen(STEP, item, "", int(at), from_there, points[item][:, None])


def _score(people: People, found: Unseen) -> float:
    """How many standard errors the outcomes lie from it."""
    free = np.column_stack([np.ones(len(people.lp)), people.lp, found.own])
    refit = newton(free, people.outcome, people.weight, A_WHIFF, tolerance=A_WHIFF)
    given = {"weight": people.weight, "member": people.member}
    return cluster_z(cluster_scores(people.outcome, refit.prob, found.column[:, None], free, **given))


def _gain(people: People, found: Unseen, predictions: pd.DataFrame) -> float:
    """What AUC gains when the column stands beside the points."""
    x = np.column_stack([np.ones(len(people.lp)), people.lp, found.column])
    with_it = newton(x, people.outcome, people.weight, A_WHIFF, tolerance=A_WHIFF).prob
    stratum = predictions[STRATUM].to_numpy() if STRATUM in predictions else None
    tallies = (tally(people.outcome, risk, weight=people.weight, stratum=stratum) for risk in (with_it, people.prob))
    after, before = (float(auc(one)) for one in tallies)
    return after - before
