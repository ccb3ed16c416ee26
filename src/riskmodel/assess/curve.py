"""The smoothed calibration curve and its distances from the diagonal (Austin & Steyerberg 2019)."""

from dataclasses import dataclass

import numpy as np

from riskmodel.assess.intervals import Measures, percentiles
from riskmodel.assess.tally import Tally, rounded

SPAN = 2 / 3  # share of the people who weigh in at each point: lowess with f = 2/3, iter = 0 (Cleveland 1979)
GRID_N = 101  # points where the curve is computed; between them it is a straight line, as in R's lowess
ROUNDING = 0.001  # risks are rounded to this before smoothing: the same curve, at a cost that n doesn't raise
FEWEST_RISKS = 4  # distinct risks below which there is no curve to draw


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
