"""Where trees see more than the points: the two questions whose answers weigh otherwise together than one by one."""

from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from riskmodel.assess.calibration import auc
from riskmodel.assess.clustered import cluster_scores, cluster_z
from riskmodel.assess.intervals import STRATUM, scores
from riskmodel.assess.year_drift import POINTS_OF, People, people_of
from riskmodel.model.logistic import newton

LEAST_GAP = 0.01  # of AUC between trees and points, with an interval above 0, before a pair is looked for
A_WHIFF = 1e-6  # of a penalty, so that a fit settles


def interaction(predictions: pd.DataFrame, comparisons: pd.DataFrame) -> dict[str, Any] | None:
    """The pair of items that trees most likely use and points can't: first, second, z, auc_gain; None without a sign.

    z: cluster-robust score of the product of both items' centred points, beside the points and each item's own.
    auc_gain: with that product beside the points, fitted on the same people: one coefficient, so hardly too hopeful.
    comparisons: paired gaps in AUC, as `at_threshold.comparisons` has them.
    """
    if not _sees_more(comparisons):
        return None
    people = people_of(predictions)
    points = {
        str(column).removeprefix(POINTS_OF): _centred(predictions[column].to_numpy(dtype=float), people.weight)
        for column in predictions
        if str(column).startswith(POINTS_OF)
    }
    pairs = {pair: _score(people, points[pair[0]], points[pair[1]]) for pair in combinations(points, 2)}
    if not pairs:
        return None
    first, second = max(pairs, key=lambda pair: abs(pairs[pair]))
    gain = _gain(people, points[first] * points[second], predictions)
    return {"first": first, "second": second, "z": pairs[first, second], "auc_gain": gain}


def _sees_more(comparisons: pd.DataFrame) -> bool:
    trees = comparisons[comparisons["comparator"] == "boosted"]
    return bool(((trees["gap"] > LEAST_GAP) & (trees["low"] > 0)).any())


def _centred(points: np.ndarray, weight: np.ndarray) -> np.ndarray:
    return points - weight @ points / weight.sum()


def _score(people: People, first: np.ndarray, second: np.ndarray) -> float:
    """How many standard errors the outcomes lie from the product of both items' points."""
    free = np.column_stack([np.ones(len(first)), people.lp, first, second])
    refit = newton(free, people.outcome, people.weight, A_WHIFF, tolerance=A_WHIFF)
    product = (first * second)[:, None]
    given = {"weight": people.weight, "member": people.member}
    return cluster_z(cluster_scores(people.outcome, refit.prob, product, free, **given))


def _gain(people: People, product: np.ndarray, predictions: pd.DataFrame) -> float:
    """What AUC gains when the product stands beside the points."""
    x = np.column_stack([np.ones(len(product)), people.lp, product])
    with_it = newton(x, people.outcome, people.weight, A_WHIFF, tolerance=A_WHIFF).prob
    stratum = predictions[STRATUM].to_numpy() if STRATUM in predictions else None
    return _auc(people, with_it, stratum) - _auc(people, people.prob, stratum)


def _auc(people: People, risk: np.ndarray, stratum: np.ndarray | None) -> float:
    alone = np.zeros(len(risk), dtype=int)
    gathered = scores(people.outcome, risk, weight=people.weight, cluster=alone, clusters_n=1, stratum=stratum)
    return float(auc(gathered.tally()))
