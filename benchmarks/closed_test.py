"""How often the closed test of a new year asks for a change: where the last release is right, and where it is not.

Usage: python benchmarks/closed_test.py [--years N]. Prints a row a scenario: how often each update was asked for in N
made years (1,000), how often the strongest item was named, and how often the test in all directions, which decides
nothing, and χ² would have asked for any change in the same years. A quarter of the households are couples whose two
adults have one outcome; answers without effect are each adult's own, the others the household's.
"""

import argparse
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.stats import chi2

from riskmodel.assess.new_year.closed_test import UPDATES, closed_test

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
VARIANCES = [
    float(np.array(shares) @ (effects - np.array(shares) @ effects) ** 2)
    for shares, effects in zip(ITEMS, EFFECTS, strict=True)
]
STRONGEST = int(np.argmax(VARIANCES))
EVENT_LOGODDS = -1.0
ALPHA = 0.05


@dataclass(frozen=True)
class Scenario:
    """A year of n cases: the truth is `shift` + `slope` · the last release, the strongest item `item` times its effect.

    rounded: the release speaks in whole points. weighted: some are censored, others carry their weight.
    """

    name: str
    n: int
    shift: float = 0.0
    slope: float = 1.0
    item: float = 1.0
    rounded: bool = False
    weighted: bool = False


SIZES = (240, 600, 1500, 3000)
SCENARIOS = [
    *(Scenario("the release is right", n) for n in SIZES),
    *(Scenario("right, censored and weighted", n, weighted=True) for n in SIZES),
    *(Scenario("right, in whole points", n, rounded=True) for n in SIZES),
    *(Scenario("intercept + .3", n, shift=0.3) for n in SIZES),
    *(Scenario("intercept − .3", n, shift=-0.3) for n in SIZES),
    *(Scenario("slope .7", n, slope=0.7) for n in SIZES),
    *(Scenario("strongest item at half its effect", n, item=0.5) for n in SIZES),
    *(Scenario("strongest item reversed", n, item=-1.0) for n in SIZES),
]


def made_year(scenario: Scenario, rng: np.random.Generator) -> dict[str, Any]:
    """The arguments of the closed test for one made year."""
    households_n = round(scenario.n / (1 + COUPLES_SHARE))
    cluster = np.repeat(np.arange(households_n), 1 + (rng.random(households_n) < COUPLES_SHARE))
    logodds, columns, items = np.full(len(cluster), EVENT_LOGODDS), [], {}
    truth = np.full(len(cluster), scenario.shift + scenario.slope * EVENT_LOGODDS)
    for place, shares in enumerate(ITEMS):
        drawn = rng.choice(len(shares), size=len(cluster) if place in OWN else households_n, p=shares)
        level = drawn if place in OWN else drawn[cluster]
        effect = EFFECTS[place][level]
        logodds = logodds + effect
        # about its mean, so that the level stays
        away = effect - np.array(shares) @ EFFECTS[place] if place == STRONGEST else 0.0
        truth = truth + scenario.slope * effect + (scenario.item - 1) * away
        items[str(place)] = effect
        columns.append(np.eye(len(shares))[level])
    outcome = (rng.random(households_n)[cluster] < 1 / (1 + np.exp(-truth))).astype(float)
    lp = np.round(logodds / ONE_POINT) * ONE_POINT if scenario.rounded else logodds
    weight, whole = np.ones(len(cluster)), {"x": np.hstack(columns), "items": items}
    year = {"outcome": outcome, "lp": lp, **whole, "weight": weight, "cluster": cluster}
    return _censored(year, rng) if scenario.weighted else year


def _censored(year: dict[str, Any], rng: np.random.Generator) -> dict[str, Any]:
    """Without those who left, whole households of one area; 1/Ĝ for those of it who stayed."""
    households_n = int(year["cluster"].max()) + 1
    leaving_area, leaves = rng.random(households_n) < 0.5, rng.random(households_n) < CENSORED_SHARE
    area, left = leaving_area[year["cluster"]], (leaving_area & leaves)[year["cluster"]]
    weighted = year | {"weight": np.where(area, area.sum() / (area & ~left).sum(), 1.0)}
    items = {item: part[~left] for item, part in weighted.pop("items").items()}
    return {**{name: values[~left] for name, values in weighted.items()}, "items": items}


def row(scenario: Scenario, place: int, years: int) -> str:
    counts, named_n, at_once_n, by_chi2_n = dict.fromkeys(UPDATES, 0), 0, 0, 0
    for number in range(years):
        made = made_year(scenario, np.random.default_rng([SEED, place, number]))
        found = closed_test(**made, repeats=REPEATS, rng=np.random.default_rng([SEED, place, number, 1]))
        counts[found.update] += 1
        named_n += str(STRONGEST) in found.items
        at_once_n += found.all_directions.p_value <= ALPHA
        by_chi2_n += bool(chi2.sf(found.all_directions.statistic, found.all_directions.df) <= ALPHA)
    others = (years - counts["keep"], named_n, at_once_n, by_chi2_n)
    shares = "".join(f"{counts[update] / years:>21.3f}" for update in UPDATES)
    return f"{scenario.name:34}{scenario.n:>6}{shares}" + "".join(f"{one / years:>16.3f}" for one in others)


def main() -> None:
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--years", type=int, default=YEARS, help="made years a row")
    years = reader.parse_args().years
    updates = "".join(f"{update:>21}" for update in UPDATES)
    others = "".join(f"{name:>16}" for name in ("any change", "item named", "all directions", "by χ²"))
    print(f"{'scenario':34}{'cases':>6}{updates}{others}", flush=True)
    for place, scenario in enumerate(SCENARIOS):
        print(row(scenario, place, years), flush=True)


if __name__ == "__main__":
    main()
