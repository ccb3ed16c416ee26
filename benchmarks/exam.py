"""How often the exam refuses a right model and finds a wrong one, at 60 to 1,000 events expected.

Usage: python benchmarks/exam.py [--towns N]. Prints a row a truth: the share of N made exams (1,000) in which level or
slope is refused. People as in `benchmarks/closed_test.py`; the intercept was learnt from two years of as many cases as
the exam has, from 300, or from 6,000.
"""

import argparse

import numpy as np
from closed_test import SEED
from year_drift import Scenario, predictions

from riskmodel.publish.exam import RIGHT, WRONG, Truth, refused_share

TOWNS = 1000
EVENTS = (60, 100, 200, 400, 1000)
POOL_N = 6000  # people that exams are drawn from
TRUTHS = (RIGHT, Truth(spread=0.10), *WRONG)


def row(truth: Truth, towns: int, *, window_n: int | None) -> str:
    rng = np.random.default_rng(SEED)
    pool = predictions(Scenario("right"), POOL_N, rng)
    shares = []
    for events_n in EVENTS:
        cases_n = round(events_n / pool["points_prob"].mean())
        learnt = predictions(Scenario("right"), round((window_n or cases_n) / 2), rng)
        drawn = pool.assign(level_error=float(learnt["level_error"].iloc[0]))
        shares.append(refused_share(drawn, truth, cases_n=cases_n, seed=SEED, towns=towns))
    name = f"O/E {truth.oe:.2f}, slope {truth.slope:.1f}, SD {truth.spread:.2f}"
    return f"{name:34}{window_n or 'as exam':>10}" + "".join(f"{share:>9.3f}" for share in shares)


def main() -> None:
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--towns", type=int, default=TOWNS, help="made exams a number")
    towns = reader.parse_args().towns
    print(f"{'truth':34}{'window':>10}" + "".join(f"{events_n:>9}" for events_n in EVENTS), flush=True)
    for truth in TRUTHS:
        for window_n in (None, 300, 6000):
            print(row(truth, towns, window_n=window_n), flush=True)


if __name__ == "__main__":
    main()
