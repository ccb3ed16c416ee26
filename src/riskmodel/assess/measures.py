"""Every measure of a set of predictions, overall and by group, as one long frame with intervals."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from riskmodel.assess.calibration import auc, brier, citl, oe, recalibration, scaled_brier
from riskmodel.assess.curve import Smoother, chance_ici, curve, curve_measures, smoother
from riskmodel.assess.intervals import Interval, Measures, Resamples, intervals_of, resampled
from riskmodel.assess.predictors import CURVED, FEW_RISKS, RISK_COLUMNS, scores_of
from riskmodel.assess.subgroups import Group, Grouping
from riskmodel.assess.tally import Tally
from riskmodel.ground.settings import AssessSettings
from riskmodel.release.accuracy import OVERALL

MEASURE_COLUMNS = ("scope", "group", "predictor", "measure", "estimate", "low", "high", "n", "events_n", "status")
CURVE_COLUMNS = ("scope", "group", "predictor", "risk", "observed", "low", "high", "n", "events_n")
BASIC = ("auc", "oe", "citl", "brier", "scaled_brier")
SLOPED = ("recalibration_intercept", "recalibration_slope")
DISTANCES = ("ici", "e50", "e90", "emax")
FROM_CURVE = (*DISTANCES, "ici_by_chance")
OK, TOO_FEW, NOT_AVAILABLE = "ok", "too_few", "not_available"


def everyone(predictions: pd.DataFrame, scope: str = OVERALL) -> Group:
    """All rows of `predictions` as one group."""
    outcome = predictions["outcome"].to_numpy()
    return Group(Grouping(scope), "", np.ones(len(outcome), dtype=bool), len(outcome), int(outcome.sum()))


def evaluate(
    predictions: pd.DataFrame, group: Group, *, predictor: str, resamples: Resamples, settings: AssessSettings
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The measures of one group and predictor (one row each), and its calibration curve (one row a grid point).

    Too few events or non-events: the rows are there, without numbers. Too few for a curve: a frame without rows.
    """
    group = _with_risk(predictions, group, predictor)
    names = (*BASIC, *(() if predictor in FEW_RISKS else SLOPED), *(FROM_CURVE if predictor in CURVED else ()))
    if not group.enough(settings.group_min):
        return _rows(group, predictor, names, {}), pd.DataFrame(columns=list(CURVE_COLUMNS))
    prepared = scores_of(predictions, predictor, resamples, rows=group.rows)
    has_curve = predictor in CURVED and group.enough(settings.curve_min)
    whole = prepared.tally()
    smooth = smoother(whole) if has_curve else None
    measures = _measures(names, smooth)
    repeated = resampled(prepared, resamples, measures)
    intervals = intervals_of(measures(whole), repeated)
    if smooth:
        intervals |= _distances(whole, smooth, repeated["curve"])
    rows = _rows(group, predictor, names, intervals)
    if smooth is None:
        return rows, pd.DataFrame(columns=list(CURVE_COLUMNS))
    return rows, _curve(predictions, group, predictor, smooth, intervals["curve"])


def evaluate_all(
    predictions: pd.DataFrame, found: Sequence[Group], *, predictor: str, resamples: Resamples, settings: AssessSettings
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The measures and curves of several groups, below one another."""
    frames = [
        evaluate(predictions, group, predictor=predictor, resamples=resamples, settings=settings) for group in found
    ]
    rows, curves = [rows for rows, _ in frames], [curve for _, curve in frames]
    return stacked(rows, MEASURE_COLUMNS), stacked(curves, CURVE_COLUMNS)


def stacked(frames: Sequence[pd.DataFrame], columns: Sequence[str]) -> pd.DataFrame:
    """The rows of `frames` below one another; empty ones would blur the column types."""
    filled = [frame for frame in frames if len(frame)]
    return pd.concat(filled, ignore_index=True) if filled else pd.DataFrame(columns=list(columns))


def _with_risk(predictions: pd.DataFrame, group: Group, predictor: str) -> Group:
    known = predictions[RISK_COLUMNS[predictor]].notna().to_numpy() & group.rows
    return replace(group, rows=known, n=int(known.sum()), events_n=int(predictions["outcome"].to_numpy()[known].sum()))


def _measures(names: Sequence[str], smooth: Smoother | None) -> Callable[[Tally], Measures]:
    def of(tallied: Tally) -> Measures:
        found = {"auc": auc(tallied), "oe": oe(tallied), "citl": citl(tallied)}
        found |= {"brier": brier(tallied), "scaled_brier": scaled_brier(tallied)}
        if "recalibration_slope" in names:
            found["recalibration_intercept"], found["recalibration_slope"] = recalibration(tallied)
        return found | ({"curve": curve(tallied, smooth)} if smooth else {})

    return of


def _distances(whole: Tally, smooth: Smoother, curves: np.ndarray) -> dict[str, Interval]:
    """Distances from the diagonal can't be negative: a resample's lie too high, so they get no percentile interval."""
    unknown, found = np.array(np.nan), curve_measures(whole, smooth)
    chance = Interval(*map(np.array, chance_ici(whole, smooth, curves)))
    return {name: Interval(found[name], unknown, unknown) for name in DISTANCES} | {"ici_by_chance": chance}


def _rows(group: Group, predictor: str, names: Sequence[str], intervals: dict[str, Interval]) -> pd.DataFrame:
    identity = (group.grouping.column, group.name, predictor)
    rows = []
    for name in names:
        found = intervals.get(name)
        numbers = (np.nan,) * 3 if found is None else (float(found.estimate), float(found.low), float(found.high))
        status = TOO_FEW if found is None else OK if np.isfinite(numbers[0]) else NOT_AVAILABLE
        rows.append((*identity, name, *numbers, group.n, group.events_n, status))
    return pd.DataFrame(rows, columns=list(MEASURE_COLUMNS))


def _curve(predictions: pd.DataFrame, group: Group, predictor: str, smooth: Smoother, curve: Interval) -> pd.DataFrame:
    """The curve from the 1st to the 99th percentile of risk; n and events_n are the people nearest to each point."""
    prob = predictions[RISK_COLUMNS[predictor]].to_numpy(dtype=float)[group.rows]
    outcome = predictions["outcome"].to_numpy(dtype=float)[group.rows]
    lowest, highest = np.quantile(prob, [0.01, 0.99])
    shown = (smooth.grid >= lowest) & (smooth.grid <= highest)
    grid = smooth.grid[shown]
    nearest = np.searchsorted((grid[1:] + grid[:-1]) / 2, prob)
    frame = pd.DataFrame({"risk": grid})
    for column, values in (("observed", curve.estimate), ("low", curve.low), ("high", curve.high)):
        frame[column] = np.clip(values[shown], 0, 1)  # a straight line may leave the range of a share at its ends
    frame["n"] = np.bincount(nearest, minlength=len(grid))
    frame["events_n"] = np.bincount(nearest, outcome, minlength=len(grid)).astype(np.int64)
    frame = frame.assign(scope=group.grouping.column, group=group.name, predictor=predictor)
    return frame[list(CURVE_COLUMNS)]
