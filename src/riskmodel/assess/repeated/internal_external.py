"""Would the procedure have worked where it has not been: each area, and each intake year, left out in turn."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from riskmodel.assess.evaluation import NOT_AVAILABLE, OK, TOO_FEW
from riskmodel.assess.intervals import draw_clusters, resampled
from riskmodel.assess.pooling import FEWEST, MEASURES, SCALES, pool, scaled
from riskmodel.assess.subgroups import AREA, YEAR, Group, Grouping, groups
from riskmodel.assess.years import open_to_view
from riskmodel.cohort.record import Cohort
from riskmodel.ground.errors import FitError
from riskmodel.ground.settings import Settings
from riskmodel.ground.statistics import Z_95
from riskmodel.instrument.records import Instrument
from riskmodel.model.fit import fit_model
from riskmodel.model.points import risk_of_answers

IDENTITY = ("column", "group", "measure")
NUMBERS = ("estimate", "se", "low", "high", "prediction_low", "prediction_high", "tau2")
COUNTS = ("n", "events_n", "status")
LEFT_OUT = (AREA, YEAR)
ONE_GROUP, TOO_FEW_GROUPS = "one_group", "too_few_groups"  # why nothing is pooled
HELD_STREAM = 503  # which of the seed's random streams draws the clusters of each group left out

Row = dict[str, object]


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
    prepared = resamples.scores(held.outcome, held.prob, weight=held.weight, cluster_ids=held.cluster)
    whole, repeated = scaled(prepared.tally()), resampled(prepared, resamples, scaled)
    return {measure: (float(whole[measure]), float(np.std(repeated[measure], ddof=1))) for measure in MEASURES}


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
