"""How often the exam refuses a right model and finds a wrong one, at 60 to 1,000 events expected.

Usage: python benchmarks/exam.py [--towns N]. Prints a row a truth: the share of N made exams (1,000) in which level or
slope is refused; then the share of exams of three years in which a right model's AUC can't be told from the limit, by
its households' interval and by the one with what the years differ by. People as in `benchmarks/closed_test.py`; the
intercept was learnt from two years of as many cases as the exam has, from 300, or from 6,000. Borrowed: the points are
a neighbour's, as in `benchmarks/year_drift.py`.
"""

import argparse

import numpy as np
import pandas as pd
from closed_test import SEED
from year_drift import BORROWED, Scenario, predictions

from riskmodel.assess.evaluation import evaluate
from riskmodel.assess.intervals import STRATUM, resamples_of
from riskmodel.assess.subgroups import everyone
from riskmodel.assess.year_drift import LEVEL_ERROR, level_of, people_of, slope_of
from riskmodel.ground.settings import Settings, read_settings
from riskmodel.publish.exam import RIGHT, WRONG, Truth, judged_auc, refused_share

TOWNS = 1000
EVENTS = (60, 100, 200, 400, 1000)
POOL_N = 6000  # people that exams are drawn from
YEAR_SIZES = (150, 300)  # cases of each of three years
LOWEST = 0.60  # what an exam's AUC has to lie above
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


def order_row(n: int, towns: int, settings: Settings) -> str:
    """The share of exams of three years of `n` cases whose AUC's lower end lies below the limit, the model right."""
    ends = []
    for town in range(towns):
        rng = np.random.default_rng([SEED, n, town])
        three = [predictions(Scenario("right"), n, rng).assign(**{STRATUM: year}) for year in range(3)]
        for year, cases in enumerate(three):
            cases["cluster_id"] += year * n
        exam = pd.concat(three, ignore_index=True)
        resamples = resamples_of(exam, settings)
        measures, _ = evaluate(exam, everyone(exam), predictor="points", resamples=resamples, settings=settings.assess)
        ends.append((judged_auc(exam, settings)["low"], measures.set_index("measure").at["auc", "low"]))
    return f"{n:>10}" + "".join(f"{share:>16.3f}" for share in np.mean(np.array(ends, dtype=float) < LOWEST, axis=0))


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
    print(f"{'cases':>10}{'households':>16}{'with the years':>16}", flush=True)
    for n in YEAR_SIZES:
        print(order_row(n, towns, read_settings()), flush=True)


if __name__ == "__main__":
    main()
