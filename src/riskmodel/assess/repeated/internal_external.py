"""Would the procedure have worked where it has not been: each area, and each intake year, left out in turn."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import ndtr, ndtri
from scipy.stats import chi2

from riskmodel.assess.calibration import auc, citl, oe, recalibration
from riskmodel.assess.evaluation import NOT_AVAILABLE, OK, TOO_FEW
from riskmodel.assess.intervals import Measures, Tally, draw_clusters, resampled, scores
from riskmodel.assess.rolling import open_to_view
from riskmodel.assess.subgroups import AREA, YEAR, Group, Grouping, groups
from riskmodel.cohort.record import Cohort
from riskmodel.ground.errors import FitError
from riskmodel.ground.settings import Settings
from riskmodel.ground.statistics import Z_95
from riskmodel.instrument.records import Instrument
from riskmodel.model.fit import fit_model
from riskmodel.model.points import risk_of_answers

FEWEST = 3  # places or years below which nothing can be said about the next one
TAILS = (0.025, 0.975)  # shares below the ends of a 95 % interval
_POINTS, _WEIGHTS = np.polynomial.legendre.leggauss(48)  # so many put the ends right to 1e-4 of the width
NODES, SHARES = (1 + _POINTS) / 2, _WEIGHTS / 2  # where distributions are read off, and how much each place counts
HALVINGS = 30  # of the range in which an end is looked for
NEAR = 1e-12  # when a tau² is found, relative to it and to the smallest variance

Array = np.ndarray | float
IDENTITY = ("column", "group", "measure")
NUMBERS = ("estimate", "se", "low", "high", "prediction_low", "prediction_high", "tau2")
COUNTS = ("n", "events_n", "status")
LEFT_OUT = (AREA, YEAR)
ONE_GROUP, TOO_FEW_GROUPS = "one_group", "too_few_groups"  # why nothing is pooled
HELD_STREAM = 503  # which of the seed's random streams draws the clusters of each group left out

Row = dict[str, object]


@dataclass(frozen=True)
class Scale:
    """Where a measure is pooled, because it is nearer to normal there, and the way back."""

    to: Callable[[Array], Array]
    back: Callable[[Array], Array]


def _logit(prob: Array) -> Array:
    return np.log(prob) - np.log1p(-np.asarray(prob))


def _inverse_logit(logodds: Array) -> Array:
    return 1 / (1 + np.exp(-np.asarray(logodds)))


SCALES = {
    "auc": Scale(_logit, _inverse_logit),
    "oe": Scale(np.log, np.exp),
    "citl": Scale(np.positive, np.positive),
    "recalibration_slope": Scale(np.positive, np.positive),
}
MEASURES = tuple(SCALES)


@dataclass(frozen=True)
class Pooled:
    """A mean over groups with its 95 % interval, the interval for a new group, and tau², the groups' own variance."""

    mean: float
    se: float
    low: float
    high: float
    prediction_low: float
    prediction_high: float
    tau2: float


@dataclass(frozen=True, eq=False)
class Weighed:
    """The mean, its variance by Hartung & Knapp and the scatter around it (Cochran's Q), at each tau²; shape (j,)."""

    mean: np.ndarray
    variance: np.ndarray
    scatter: np.ndarray
    steepness: np.ndarray  # how fast the scatter falls as tau² grows


def pool(estimates: np.ndarray, se: np.ndarray) -> Pooled:
    """The random-effects mean of k >= 2 `estimates` with standard errors `se` > 0, shape (k,) each.

    Mean at the tau² of Paule & Mandel 1982, se by Hartung & Knapp 2001. Both intervals hold the middle 95 % of
    mu = mean(tau²) + t·se(tau²) and of mu + z·tau, t on k - 1 degrees of freedom, tau² from its confidence
    distribution (Nagashima 2019, by the Q-profile of Viechtbauer 2007). The prediction is NaN when k < 3.
    """
    # a sum in another order differs in its last digit; a published figure should not
    estimates, variance = np.array(sorted(zip(estimates, np.square(se), strict=True)), dtype=float).T
    freedom = len(estimates) - 1
    tau2 = between_variance(estimates, variance, np.array([freedom]))
    found = weighed(estimates, variance, tau2)
    by_chance = chi2.ppf(NODES, freedom)
    possible_tau2 = between_variance(estimates, variance, by_chance)
    possible = weighed(estimates, variance, possible_tau2)
    # t is z over the root of chi² a degree of freedom: given both chi² everything is normal
    mean_variance = possible.variance[:, None] * (freedom / by_chance)
    low, high = _middle(possible.mean[:, None], mean_variance)
    next_low, next_high = _middle(possible.mean[:, None], mean_variance + possible_tau2[:, None])
    enough = len(estimates) >= FEWEST
    return Pooled(
        mean=float(found.mean[0]),
        se=float(np.sqrt(found.variance[0])),
        low=low,
        high=high,
        # one group far more precise than the rest can turn the two round by a hair
        prediction_low=min(next_low, low) if enough else np.nan,
        prediction_high=max(next_high, high) if enough else np.nan,
        tau2=float(tau2[0]),
    )


def between_variance(estimates: np.ndarray, variance: np.ndarray, scatter: np.ndarray) -> np.ndarray:
    """The tau² that, added to each `variance`, make the weighted scatter of the estimates what `scatter` says; (j,).

    0 where it is smaller already. At the true tau² the scatter is chi² on k - 1 degrees of freedom: its mean k - 1
    gives an estimate, its quantiles a confidence distribution.
    """
    tau2 = np.zeros(len(scatter))
    while True:
        found = weighed(estimates, variance, tau2)
        excess = found.scatter / scatter - 1
        # one over the scatter is concave in tau², and straight when errors are equal: Newton's steps never overshoot
        step = np.divide(found.scatter * excess, found.steepness, out=np.zeros(len(tau2)), where=excess > 0)
        tau2 = tau2 + step
        if np.all(step <= NEAR * (tau2 + variance.min())):
            return tau2


def weighed(estimates: np.ndarray, variance: np.ndarray, tau2: np.ndarray) -> Weighed:
    """The estimates weighted by one over their `variance`, shape (k,), and each of `tau2`, shape (j,)."""
    weight = 1 / (variance + tau2[:, None])
    total = weight.sum(axis=1)
    mean = weight @ estimates / total
    away = weight * (estimates - mean[:, None])
    steepness = (away**2).sum(axis=1)
    scatter = (away**2 / weight).sum(axis=1)
    return Weighed(mean, scatter / (len(estimates) - 1) / total, scatter, steepness)


def _middle(centre: np.ndarray, variance: np.ndarray) -> tuple[float, float]:
    """The ends of the middle 95 % of normals mixed by SHARES: of their centres a row, of their variances all."""
    share, sd = np.outer(SHARES, SHARES), np.sqrt(np.maximum(variance, np.finfo(float).tiny))
    own_ends = [centre + ndtri(tail) * sd for tail in TAILS]
    low, high = (np.array([pick(ends) for ends in own_ends]) for pick in (np.min, np.max))
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        below = np.array([(share * ndtr((end - centre) / sd)).sum() for end in middle])
        low, high = np.where(below < TAILS, middle, low), np.where(below < TAILS, high, middle)
    return float((low + high)[0] / 2), float((low + high)[1] / 2)


@dataclass(frozen=True, eq=False)
class Held:
    """Outcomes of a group left out and the risks that a procedure without it gives them. Shape (n,) each."""

    outcome: np.ndarray
    prob: np.ndarray
    weight: np.ndarray
    cluster: np.ndarray


def internal_external(cohort: Cohort, instrument: Instrument, settings: Settings) -> pd.DataFrame:
    """The points measured on each area, and each intake year, by the whole procedure fitted without it.

    Whoever shares a cluster with the group left out is not learnt from either. One row a measure (auc, oe, citl,
    recalibration_slope) and group of `column` ("area", "year"), and a pooled one with group "": estimate, se and tau2
    (logit for auc, log for oe), low, high (95 %), prediction_low, prediction_high (95 %, a new group's), n, events_n,
    status. Status: ok · too_few (events or non-events) · not_available (no fit without it, or no estimate); of pooled
    rows also one_group · too_few_groups (fewer than three are ok). (Debray 2014.)
    """
    shown = open_to_view(cohort, settings)
    cases, answers = (rows[shown] for rows in cohort.modelled)
    rows: list[Row] = []
    for column in LEFT_OUT:
        own = [group for group in groups(cases, [Grouping(column)]) if group.is_known]
        found = [
            row
            for group in own
            for row in _measured(group, _held(group, cases, answers, instrument, settings), settings)
        ]
        rows += found + [_pooled(column, measure, found, own) for measure in MEASURES]
    frame = pd.DataFrame(rows, columns=[*IDENTITY, *NUMBERS, *COUNTS])
    return frame.astype(dict.fromkeys(NUMBERS, float))


def _held(
    group: Group, cases: pd.DataFrame, answers: pd.DataFrame, instrument: Instrument, settings: Settings
) -> Held | None:
    """The group as predicted by the procedure without it, None where too few are left for one."""
    kept = ~np.isin(cases["cluster_id"], cases["cluster_id"][group.rows])
    events_n, kept_n = int(cases["outcome"][kept].sum()), int(kept.sum())
    limit = settings.assess.group_min
    if not group.enough(limit) or min(events_n, kept_n - events_n) < limit:
        return None
    try:
        model = fit_model(cases[kept], answers[kept], instrument, settings)
    except FitError:
        return None  # the others alone don't carry the model: nothing is known about the group
    own = cases[group.rows]
    return Held(
        outcome=own["outcome"].to_numpy(dtype=float),
        prob=risk_of_answers(answers[group.rows], model.points),
        weight=own["weight"].to_numpy(dtype=float),
        cluster=own["cluster_id"].to_numpy(),
    )


def _measured(group: Group, held: Held | None, settings: Settings) -> Iterator[Row]:
    counts: Row = {"column": group.grouping.column, "group": group.name, "n": group.n, "events_n": group.events_n}
    found = None if held is None else estimates(held, repeats=settings.assess.bootstrap, seed=settings.run.seed)
    for measure in MEASURES:
        if found is None:
            status = NOT_AVAILABLE if group.enough(settings.assess.group_min) else TOO_FEW
            yield {**counts, "measure": measure, "status": status}
            continue
        at, se = found[measure]
        status = OK if np.isfinite(at) and np.isfinite(se) and se > 0 else NOT_AVAILABLE
        ends = (at, at - Z_95 * se, at + Z_95 * se) if status == OK else (np.nan,) * 3
        numbers = dict(zip(("estimate", "low", "high"), map(SCALES[measure].back, ends), strict=True))
        yield {**counts, "measure": measure, **numbers, "se": se, "status": status}


def estimates(held: Held, *, repeats: int, seed: int) -> dict[str, tuple[float, float]]:
    """Each measure on the scale it is pooled on, and its standard error over `repeats` resamples of clusters."""
    resamples = draw_clusters(held.cluster, repeats=repeats, rng=np.random.default_rng([seed, HELD_STREAM]))
    prepared = scores(
        held.outcome,
        held.prob,
        weight=held.weight,
        cluster=resamples.index(held.cluster),
        clusters_n=len(resamples.clusters),
    )
    whole, repeated = _scaled(prepared.tally()), resampled(prepared, resamples, _scaled)
    return {measure: (float(whole[measure]), float(np.std(repeated[measure], ddof=1))) for measure in MEASURES}


def _scaled(tallied: Tally) -> Measures:
    found = {"auc": auc(tallied), "oe": oe(tallied), "citl": citl(tallied)}
    found["recalibration_slope"] = recalibration(tallied)[1]
    with np.errstate(divide="ignore"):
        return {measure: np.asarray(SCALES[measure].to(found[measure])) for measure in MEASURES}


def _pooled(column: str, measure: str, rows: list[Row], own: list[Group]) -> Row:
    identity: Row = {"column": column, "group": "", "measure": measure}
    usable = pd.DataFrame([row for row in rows if row["measure"] == measure and row["status"] == OK])
    if len(usable) < FEWEST:
        counts: Row = {"n": sum(group.n for group in own), "events_n": sum(group.events_n for group in own)}
        return identity | counts | {"status": ONE_GROUP if len(own) == 1 else TOO_FEW_GROUPS}
    scale = SCALES[measure]
    found = pool(np.asarray(scale.to(usable["estimate"].to_numpy())), usable["se"].to_numpy())
    ends = {"estimate": found.mean, "low": found.low, "high": found.high}
    ends |= {"prediction_low": found.prediction_low, "prediction_high": found.prediction_high}
    numbers = {name: float(scale.back(end)) for name, end in ends.items()} | {"se": found.se, "tau2": found.tau2}
    return identity | numbers | {"n": int(usable["n"].sum()), "events_n": int(usable["events_n"].sum()), "status": OK}
