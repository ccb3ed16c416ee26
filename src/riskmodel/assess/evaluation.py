"""Every measure of a set of predictions, its calibration curve too, as long frames with intervals."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from riskmodel.assess.calibration import auc, brier, citl, oe, recalibration, scaled_brier
from riskmodel.assess.intervals import (
    CURVED,
    FEW_RISKS,
    RISK_COLUMNS,
    Interval,
    Measures,
    Resamples,
    Tally,
    intervals_of,
    percentiles,
    resampled,
    scores_of,
)
from riskmodel.assess.pooling import with_between
from riskmodel.assess.subgroups import Group
from riskmodel.ground.choices import AssessSettings
from riskmodel.release.record import OVERALL

SPAN = 2 / 3  # share of the people who weigh in at each point: lowess with f = 2/3, iter = 0 (Cleveland 1979)
GRID_N = 101  # points where the curve is computed; between them it is a straight line, as in R's lowess
ROUNDING = 0.001  # risks are rounded to this before smoothing: the same curve, at a cost that n doesn't raise
FEWEST_RISKS = 4  # distinct risks below which there is no curve to draw
MEASURE_COLUMNS = ("scope", "group", "predictor", "measure", "estimate", "low", "high", "n", "events_n", "status")
CURVE_COLUMNS = ("scope", "group", "predictor", "risk", "observed", "low", "high", "n", "events_n")
BASIC = ("auc", "oe", "citl", "brier", "scaled_brier")
SLOPED = ("recalibration_intercept", "recalibration_slope")
DISTANCES = ("ici", "e50", "e90", "emax")
FROM_CURVE = (*DISTANCES, "ici_by_chance")
OK, TOO_FEW, NOT_AVAILABLE = "ok", "too_few", "not_available"


@dataclass(frozen=True)
class Smoother:
    """Local linear smoothing with tricube kernels, whose windows are those of the whole sample.

    prob: distinct rounded risks, shape (u,). grid: shape (g,). distance, kernel: shape (u, g).
    """

    prob: np.ndarray
    grid: np.ndarray
    distance: np.ndarray
    kernel: np.ndarray

    def on_grid(self, tallied: Tally) -> np.ndarray:
        """The smoothed share of events at each grid point, shape (..., g)."""
        people, events = tallied.people, tallied.events
        sloped = self.kernel * self.distance
        s0, s1, s2 = people @ self.kernel, people @ sloped, people @ (sloped * self.distance)
        t0, t1 = events @ self.kernel, events @ sloped
        with np.errstate(divide="ignore", invalid="ignore"):
            centre, mean = s1 / s0, t0 / s0
            spread = s2 / s0 - centre**2
            # where the window holds next to one single risk, a slope can't be told (R's limit)
            sloping = spread > (0.001 * (self.prob[-1] - self.prob[0])) ** 2
            return mean - np.where(sloping, centre * (t1 / s0 - centre * mean) / np.where(sloping, spread, 1), 0)

    def at_risks(self, on_grid: np.ndarray) -> np.ndarray:
        """The curve at each distinct risk, shape (..., u)."""
        steps = (self.prob - self.grid[0]) / (self.grid[1] - self.grid[0])
        left = np.clip(np.floor(steps).astype(int), 0, len(self.grid) - 2)
        share = steps - left
        return on_grid[..., left] * (1 - share) + on_grid[..., left + 1] * share


def rounded(whole: Tally, *, step: float) -> Tally:
    """The same people with risks rounded to whole multiples of `step`."""
    multiples, starts = np.unique(np.round(whole.prob / step).astype(np.int64), return_index=True)
    return Tally(
        multiples * step,
        np.add.reduceat(whole.events, starts, axis=-1),
        np.add.reduceat(whole.non_events, starts, axis=-1),
    )


def smoother(tallied: Tally) -> Smoother | None:
    """The windows for the curve of one sample, each the narrowest that holds SPAN of the people; None for few risks."""
    coarse = rounded(tallied, step=ROUNDING)
    if len(coarse.prob) < FEWEST_RISKS:
        return None
    grid = np.linspace(coarse.prob[0], coarse.prob[-1], GRID_N)
    distance = coarse.prob[:, None] - grid
    nearest = np.argsort(np.abs(distance), axis=0, kind="stable")
    within = np.cumsum(coarse.people[nearest], axis=0)
    enough = within >= SPAN * within[-1] * (1 - 1e-12)
    last = np.take_along_axis(nearest, enough.argmax(axis=0)[None], axis=0)
    # a hair wider, or a window with everybody at its edge would hold nobody
    half_width = np.abs(np.take_along_axis(distance, last, axis=0)) * (1 + 1e-6) + 1e-9
    kernel = (1 - np.minimum(np.abs(distance) / half_width, 1) ** 3) ** 3
    return Smoother(coarse.prob, grid, distance, kernel)


def curve(tallied: Tally, smooth: Smoother) -> np.ndarray:
    """The smoothed share of events at each point of the grid, shape (..., g)."""
    return smooth.on_grid(rounded(tallied, step=ROUNDING))


def curve_measures(tallied: Tally, smooth: Smoother) -> Measures:
    """The curve on the grid, and ICI, E50, E90, Emax: mean, median, 90 % and largest distance from the diagonal."""
    coarse = rounded(tallied, step=ROUNDING)
    on_grid, people = smooth.on_grid(coarse), coarse.people
    gaps = np.where(people > 0, np.abs(smooth.at_risks(on_grid) - coarse.prob), 0)
    order = np.argsort(gaps, axis=-1)
    share = np.cumsum(np.take_along_axis(people, order, axis=-1), axis=-1)
    share, ascending = share / share[..., -1:], np.take_along_axis(gaps, order, axis=-1)
    return {
        "curve": on_grid,
        "ici": (people * gaps).sum(axis=-1) / people.sum(axis=-1),
        "e50": _first_at(ascending, share, 0.5),
        "e90": _first_at(ascending, share, 0.9),
        "emax": ascending[..., -1],
    }


def chance_ici(tallied: Tally, smooth: Smoother, curves: np.ndarray) -> tuple[float, float, float]:
    """The ICI that true risks would show in a sample like this one: mean and 95 % range.

    curves: the curve in each resample of whole clusters, shape (b, g). Its distance from the curve of the whole sample
    is what chance alone puts between a curve and the diagonal, with the clusters' likeness in it.
    """
    people = rounded(tallied, step=ROUNDING).people
    strayed = np.abs(smooth.at_risks(curves - curve(tallied, smooth))) @ people / people.sum()
    low, high = percentiles(strayed)
    return float(strayed.mean()), float(low), float(high)


def _first_at(gaps: np.ndarray, share: np.ndarray, wanted: float) -> np.ndarray:
    at = (share >= wanted - 1e-12).argmax(axis=-1)
    return np.take_along_axis(gaps, at[..., None], axis=-1)[..., 0]


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
    if predictor == "points" and group.grouping.column == OVERALL:
        intervals |= with_between(prepared, resamples, intervals)
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
    ends = {
        name: (float(one.estimate), float(one.low), float(one.high)) for name, one in intervals.items() if name in names
    }
    rows = [measure_row(group, predictor, name, ends.get(name)) for name in names]
    return pd.DataFrame(rows, columns=list(MEASURE_COLUMNS))


def measure_row(
    group: Group, predictor: str, measure: str, numbers: tuple[float, float, float] | None
) -> tuple[object, ...]:
    """One row of MEASURE_COLUMNS. numbers: estimate, low, high; None where there are too few for any."""
    status = TOO_FEW if numbers is None else OK if np.isfinite(numbers[0]) else NOT_AVAILABLE
    shown = numbers or (np.nan,) * 3
    return (group.grouping.column, group.name, predictor, measure, *shown, group.n, group.events_n, status)


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
