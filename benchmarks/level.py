"""How near the level of the coming years is met, by the last two or five years alike and by the data's own weights.

Usage: python benchmarks/level.py [--towns N]. Prints a row a number of years, cases a year and SD of the level's
movement from year to year (log-odds): the RMS error of ln O/E two years after the last by each way, and how often the
level that is then lies within 1.96 of the error told by the last two years, and by the data. N made towns (2,000); a
third are events.
"""

import argparse
from itertools import product

import numpy as np

from riskmodel.model.points import AHEAD, local_level

SEED, TOWNS = 20260307, 2000
SIZES, YEARS, MOVED = (90, 150, 300, 1000, 3000), (5, 8), (0.0, 0.05, 0.10, 0.20)
RISK_SPREAD = 0.2  # mean of p(1 − p)
COUPLES = 1.2  # what couples with one outcome do to a variance
LN_OE = 0.65  # of ln O/E in a unit of log-odds


def town(years_n: int, n: int, moved: float, rng: np.random.Generator) -> tuple[float, ...]:
    """Errors of the level by two years, by five, and by the data; whether the first and the last intervals hold it."""
    levels = np.cumsum(rng.normal(0, moved, years_n + AHEAD))
    errors = np.full(years_n, np.sqrt(COUPLES / (n * RISK_SPREAD)))
    seen, coming = levels[:years_n] + errors * rng.standard_normal(years_n), levels[-1]
    found = local_level(seen, errors)
    two, five, data = (one - coming for one in (seen[-2:].mean(), seen[-5:].mean(), found.offset))
    return two, five, data, abs(two) <= 1.96 * errors[0] / np.sqrt(2), abs(data) <= 1.96 * found.coming


def main() -> None:
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--towns", type=int, default=TOWNS, help="made towns a row")
    towns = reader.parse_args().towns
    heads = f"{'two years':>11}{'five':>8}{'the data':>10}{'two hold':>10}{'holds':>8}"
    print(f"{'years':>5}{'cases':>7}{'moves':>7}{heads}", flush=True)
    for place, (years_n, n, moved) in enumerate(product(YEARS, SIZES, MOVED)):
        rng = np.random.default_rng([SEED, place])
        *away, two_hold, holds = np.array([town(years_n, n, moved, rng) for _ in range(towns)]).T
        two, five, data = (LN_OE * np.sqrt((one**2).mean()) for one in away)
        found = f"{two:>11.3f}{five:>8.3f}{data:>10.3f}{two_hold.mean():>10.3f}{holds.mean():>8.3f}"
        print(f"{years_n:>5}{n:>7}{moved:>7.2f}{found}", flush=True)


if __name__ == "__main__":
    main()
