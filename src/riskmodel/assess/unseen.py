"""What trees see and points can't: two questions that weigh otherwise together, or a rule that begins at a number."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from riskmodel.assess.calibration import auc
from riskmodel.assess.clustered import cluster_scores, cluster_z
from riskmodel.assess.intervals import STRATUM, scores
from riskmodel.assess.year_drift import POINTS_OF, People, people_of
from riskmodel.model.logistic import newton

VALUE_OF = "value_of."  # before a number's id: the column with the number itself
LEAST_GAP = 0.01  # of AUC between trees and points, with an interval above 0, before anything is looked for
FEWEST_PEOPLE = 100  # below a number, and from it on, for a rule that begins there
A_WHIFF = 1e-6  # of a penalty, so that a fit settles
PAIR, STEP = KINDS = ("pair", "step")


@dataclass(frozen=True, eq=False)
class Unseen:
    """One thing that points can't say. column: it, (n,); own: the points of the items it is about, (n, 1 or 2)."""

    kind: str
    first: str
    second: str
    at: int | None
    column: np.ndarray
    own: np.ndarray


def unseen(predictions: pd.DataFrame, comparisons: pd.DataFrame) -> dict[str, Any] | None:
    """What the trees most likely use: kind, first, second (of a pair), at (of a step), z, auc_gain; None without it.

    z: cluster-robust score of the product of both items' centred points, or of being at or above a number, beside the
    points and the items' own. auc_gain: with that beside the points, fitted on the same people: one coefficient, so
    hardly too hopeful. comparisons: paired gaps in AUC, as `at_threshold.comparisons` has them.
    """
    if not _sees_more(comparisons):
        return None
    people = people_of(predictions)
    points = {item: predictions[column].to_numpy(dtype=float) for item, column in _columns(predictions, POINTS_OF)}
    found = [*_pairs(points, people.weight), *_steps(points, predictions)]
    if not found:
        return None
    z = [_score(people, one) for one in found]
    best = int(np.argmax(np.abs(z)))
    told = {name: getattr(found[best], name) for name in ("kind", "first", "second", "at")}
    return {**told, "z": z[best], "auc_gain": _gain(people, found[best].column, predictions)}


def _sees_more(comparisons: pd.DataFrame) -> bool:
    trees = comparisons[comparisons["comparator"] == "boosted"]
    return bool(((trees["gap"] > LEAST_GAP) & (trees["low"] > 0)).any())


def _columns(predictions: pd.DataFrame, prefix: str) -> Iterator[tuple[str, str]]:
    for column in predictions:
        if str(column).startswith(prefix):
            yield str(column).removeprefix(prefix), str(column)


def _pairs(points: dict[str, np.ndarray], weight: np.ndarray) -> Iterator[Unseen]:
    centred = {item: own - weight @ own / weight.sum() for item, own in points.items()}
    for first, second in combinations(centred, 2):
        own = np.column_stack([centred[first], centred[second]])
        yield Unseen(PAIR, first, second, None, own.prod(axis=1), own)


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


def _gain(people: People, column: np.ndarray, predictions: pd.DataFrame) -> float:
    """What AUC gains when the column stands beside the points."""
    x = np.column_stack([np.ones(len(column)), people.lp, column])
    with_it = newton(x, people.outcome, people.weight, A_WHIFF, tolerance=A_WHIFF).prob
    stratum = predictions[STRATUM].to_numpy() if STRATUM in predictions else None
    return _auc(people, with_it, stratum) - _auc(people, people.prob, stratum)


def _auc(people: People, risk: np.ndarray, stratum: np.ndarray | None) -> float:
    alone = np.zeros(len(risk), dtype=int)
    gathered = scores(people.outcome, risk, weight=people.weight, cluster=alone, clusters_n=1, stratum=stratum)
    return float(auc(gathered.tally()))
