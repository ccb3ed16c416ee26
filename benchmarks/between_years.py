"""How often the interval of O/E over rolling years holds the long run's, with and without what years differ by.

Usage: python benchmarks/between_years.py [--runs N]. Prints a row a number of years, cases a year and SD of the years'
own log-odds: the share of N made towns (500) whose interval holds 1, and its mean width, without and with. A quarter of
the households are couples with one outcome.
"""

import argparse
from itertools import product

import numpy as np

from riskmodel.assess.calibration import oe
from riskmodel.assess.intervals import Interval, draw_clusters, intervals_of, resampled, scores
from riskmodel.assess.pooling import SCALES, scaled, with_between

SEED, RUNS, REPEATS = 20260305, 500, 200
COUPLES_SHARE = 0.25  # of households
PER_POINT = np.log(2) / 10
YEARS, CASES, SPREAD = (3, 5), (300, 1000, 3000), (0.0, 0.05, 0.10)


def intervals(years_n: int, cases_n: int, spread: float, rng: np.random.Generator) -> tuple[Interval, Interval]:
    """Of one made town: the interval of O/E from households alone, and that with between-year spread."""
    households_n = round(years_n * cases_n / (1 + COUPLES_SHARE))
    cluster = np.repeat(np.arange(households_n), 1 + (rng.random(households_n) < COUPLES_SHARE))
    year = rng.integers(years_n, size=households_n)[cluster]
    logodds = np.round(rng.normal(-0.8, 1.0, households_n)[cluster] / PER_POINT) * PER_POINT
    moved = logodds + spread * rng.standard_normal(years_n)[year]
    outcome = (rng.random(households_n)[cluster] < 1 / (1 + np.exp(-moved))).astype(float)
    people = {"weight": np.ones(len(cluster)), "cluster": cluster, "clusters_n": households_n, "stratum": year}
    prepared = scores(outcome, 1 / (1 + np.exp(-logodds)), **people)
    resamples = draw_clusters(cluster, repeats=REPEATS, rng=rng)

    def measures(tallied):
        return {measure: SCALES[measure].back(found) for measure, found in scaled(tallied).items()}

    alone = intervals_of(measures(prepared.tally()), resampled(prepared, resamples, measures))
    assert np.isclose(alone["oe"].estimate, oe(prepared.tally()))
    return alone["oe"], with_between(prepared, resamples, alone)["oe"]


def main() -> None:
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--runs", type=int, default=RUNS, help="made towns a row")
    runs = reader.parse_args().runs
    print(
        f"{'years':>5}{'cases':>7}{'SD':>6}{'holds, alone':>14}{'width':>8}{'holds, with':>14}{'width':>8}", flush=True
    )
    for place, (years_n, cases_n, spread) in enumerate(product(YEARS, CASES, SPREAD)):
        found = [intervals(years_n, cases_n, spread, np.random.default_rng([SEED, place, run])) for run in range(runs)]
        numbers = []
        for one in zip(*found, strict=True):
            low, high = (np.array([getattr(interval, end) for interval in one]) for end in ("low", "high"))
            numbers += [((low <= 1) & (high >= 1)).mean(), (high - low).mean()]
        print(
            f"{years_n:>5}{cases_n:>7}{spread:>6.2f}" + "{:>14.3f}{:>8.3f}{:>14.3f}{:>8.3f}".format(*numbers),
            flush=True,
        )


if __name__ == "__main__":
    main()
