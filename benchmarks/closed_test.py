"""How often the closed test of a new year asks for a change: where the last release is right, and where it is not.

Usage: python benchmarks/closed_test.py [--years N]. Prints a row a scenario: how often each update was asked for in N
made years (1,000), and how often χ² would have asked for any in the same years. A quarter of the households are couples
whose two adults have one outcome; answers without effect are each adult's own, the others the household's.
"""

import argparse
from dataclasses import dataclass

import numpy as np
from scipy.stats import chi2

from riskmodel.assess.new_year.closed_test import ALPHA, UPDATES, closed_test

SEED, YEARS, REPEATS = 20260303, 1000, 399
COUPLES_SHARE = 0.25  # of households
CENSORED_SHARE = 0.15  # of cases in the area that people leave; the others of it speak for them
ONE_POINT = np.log(2) / 10
# shares of the levels of eleven items: 45 columns, some of them of one person in a hundred
COMMON, UNEVEN, RARE = (0.4, 0.3, 0.2, 0.1), (0.6, 0.3, 0.07, 0.02, 0.01), (0.97, 0.02, 0.01)
ITEMS = (COMMON,) * 6 + (UNEVEN,) * 3 + (RARE,) * 2
OWN = (5, 8, 10)  # items each adult answers alone; they have no effect
EFFECTS = [
    np.zeros(len(shares)) if place in OWN else np.random.default_rng([SEED, place]).normal(0, 0.55, len(shares))
    for place, shares in enumerate(ITEMS)
]
EVENT_LOGODDS = -1.0


@dataclass(frozen=True)
class Scenario:
    """A year of n cases whose truth is `shift` + `slope` · the last release, item 0 having `item` times its effect.

    rounded: the release speaks in whole points. weighted: some are censored, others carry their weight.
    """

    name: str
    n: int
    shift: float = 0.0
    slope: float = 1.0
    item: float = 1.0
    rounded: bool = False
    weighted: bool = False


SCENARIOS = [
    Scenario("the release is right", 1500),
    Scenario("the release is right", 3000),
    Scenario("right, censored and weighted", 1500, weighted=True),
    Scenario("right, censored and weighted", 3000, weighted=True),
    Scenario("right, in whole points", 1500, rounded=True),
    Scenario("right, in whole points", 3000, rounded=True),
    Scenario("intercept + .3", 1500, shift=0.3),
    Scenario("intercept + .3", 3000, shift=0.3),
    Scenario("slope .8", 1500, slope=0.8),
    Scenario("slope .8", 3000, slope=0.8),
    Scenario("one item at half its effect", 1500, item=0.5),
    Scenario("one item at half its effect", 3000, item=0.5),
]


def made_year(scenario: Scenario, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """The arguments of the closed test for one made year."""
    households_n = round(scenario.n / (1 + COUPLES_SHARE))
    cluster = np.repeat(np.arange(households_n), 1 + (rng.random(households_n) < COUPLES_SHARE))
    logodds, columns = np.full(len(cluster), EVENT_LOGODDS), []
    truth = np.full(len(cluster), scenario.shift + scenario.slope * EVENT_LOGODDS)
    for place, shares in enumerate(ITEMS):
        drawn = rng.choice(len(shares), size=len(cluster) if place in OWN else households_n, p=shares)
        level = drawn if place in OWN else drawn[cluster]
        effect = EFFECTS[place][level]
        logodds = logodds + effect
        truth = truth + scenario.slope * effect * (scenario.item if place == 0 else 1.0)
        columns.append(np.eye(len(shares))[level])
    outcome = (rng.random(households_n)[cluster] < 1 / (1 + np.exp(-truth))).astype(float)
    lp = np.round(logodds / ONE_POINT) * ONE_POINT if scenario.rounded else logodds
    year = {"outcome": outcome, "lp": lp, "x": np.hstack(columns), "weight": np.ones(len(cluster)), "cluster": cluster}
    return _censored(year, rng) if scenario.weighted else year


def _censored(year: dict[str, np.ndarray], rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Without those who left, whole households of one area; 1/Ĝ for those of it who stayed."""
    households_n = int(year["cluster"].max()) + 1
    leaving_area, leaves = rng.random(households_n) < 0.5, rng.random(households_n) < CENSORED_SHARE
    area, left = leaving_area[year["cluster"]], (leaving_area & leaves)[year["cluster"]]
    weighted = year | {"weight": np.where(area, area.sum() / (area & ~left).sum(), 1.0)}
    return {name: values[~left] for name, values in weighted.items()}


def row(scenario: Scenario, place: int, years: int) -> str:
    counts, by_chi2 = dict.fromkeys(UPDATES, 0), 0
    for number in range(years):
        made = made_year(scenario, np.random.default_rng([SEED, place, number]))
        found = closed_test(**made, repeats=REPEATS, rng=np.random.default_rng([SEED, place, number, 1]))
        counts[found.update] += 1
        by_chi2 += bool(chi2.sf(found.steps[0].statistic, found.steps[0].df) <= ALPHA)
    shares = "".join(f"{counts[update] / years:>21.3f}" for update in UPDATES)
    return f"{scenario.name:30}{scenario.n:>6}{shares}{1 - counts['keep'] / years:>12.3f}{by_chi2 / years:>8.3f}"


def main() -> None:
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--years", type=int, default=YEARS, help="made years a row")
    years = reader.parse_args().years
    updates = "".join(f"{update:>21}" for update in UPDATES)
    print(f"{'scenario':30}{'cases':>6}{updates}{'any change':>12}{'by χ²':>8}", flush=True)
    for place, scenario in enumerate(SCENARIOS):
        print(row(scenario, place, years), flush=True)


if __name__ == "__main__":
    main()
