"""How often the exam refuses a right model and finds a wrong one, at 60 to 1,000 events expected.

Usage: python benchmarks/exam.py [--towns N]. Prints a row a truth: the share of N made exams (1,000) in which level or
slope is refused. People as in `benchmarks/closed_test.py`; the intercept was learnt from two years of as many cases as
the exam has, from 300, or from 6,000. Borrowed: the points are a neighbour's, as in `benchmarks/year_drift.py`.
"""

import argparse

import numpy as np
import pandas as pd
from closed_test import SEED
from year_drift import BORROWED, Scenario, predictions

from riskmodel.assess.year_drift import LEVEL_ERROR, level_of, people_of, slope_of
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


def borrowed_row(spread: float, towns: int) -> str:
    """The share of made towns with a neighbour's points whose exam refuses level or slope; the intercept is theirs."""
    scenario, shares = Scenario("borrowed", borrowed=BORROWED, spread=spread), []
    share = predictions(Scenario("right"), POOL_N, np.random.default_rng(SEED))["points_prob"].mean()
    for events_n in EVENTS:
        exams = (
            predictions(scenario, round(events_n / share), np.random.default_rng([SEED, events_n, town]))
            for town in range(towns)
        )
        shares.append(np.mean([_is_refused(exam) for exam in exams]))
    return f"{f'borrowed, SD {spread:.2f}':34}{'as exam':>10}" + "".join(f"{share:>9.3f}" for share in shares)


def _is_refused(exam: pd.DataFrame) -> bool:
    people = people_of(exam)
    return level_of(people, float(exam[LEVEL_ERROR].iloc[0])).is_refused or bool(slope_of(people).is_refused)


def main() -> None:
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--towns", type=int, default=TOWNS, help="made exams a number")
    towns = reader.parse_args().towns
    print(f"{'truth':34}{'window':>10}" + "".join(f"{events_n:>9}" for events_n in EVENTS), flush=True)
    for truth in TRUTHS:
        for window_n in (None, 300, 6000):
            print(row(truth, towns, window_n=window_n), flush=True)
    for spread in (0.0, 0.10):
        print(borrowed_row(spread, towns), flush=True)


if __name__ == "__main__":
    main()
