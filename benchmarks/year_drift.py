"""How often the youngest year is called drifting: where the model is right, and where something has changed.

Usage: python benchmarks/year_drift.py [--towns N]. Prints a row a scenario and size: how often any sign, and each, was
found in N made towns (1,000). The model's points are right; its intercept is learnt from two earlier years of as many
cases. SD: of log-odds from year to year, the intercept's two years included. Borrowed: the points are a neighbour's,
from which the town's own effects differ by SD .08 an answer. Eleven items, a quarter of the households couples with
one outcome, as in `benchmarks/closed_test.py`.
"""

import argparse
from dataclasses import dataclass

import numpy as np
import pandas as pd
from closed_test import COUPLES_SHARE, EFFECTS, EVENT_LOGODDS, ITEMS, ONE_POINT, OWN, STRONGEST

from riskmodel.assess.clustered import log_oe_error
from riskmodel.assess.intervals import STRATUM
from riskmodel.assess.year_drift import DRIFTS, LEVEL_ERROR, POINTS_OF, SLOPE_ERROR, year_drift
from riskmodel.model.points import offset_for

SEED, TOWNS = 20260306, 1000
SIZES = (150, 300, 1000, 3000)
LEVEL_OF = "level of "
BORROWED = 0.08  # SD of an answer's effect between towns
POINTS = [np.round(effects / ONE_POINT) for effects in EFFECTS]


@dataclass(frozen=True)
class Scenario:
    """The youngest year: `odds` times the odds, slope `slope`, the strongest item `item` times its effect.

    borrowed: SD by which the town's effects differ from its points, an answer.
    """

    name: str
    spread: float = 0.0
    odds: float = 1.0
    slope: float = 1.0
    item: float = 1.0
    borrowed: float = 0.0


SCENARIOS = [
    Scenario("right, SD 0"),
    Scenario("right, SD .05", spread=0.05),
    Scenario("right, SD .10", spread=0.10),
    Scenario("odds doubled", odds=2.0),
    Scenario("odds doubled, SD .10", odds=2.0, spread=0.10),
    Scenario("odds x 1.5", odds=1.5),
    Scenario("odds x .67", odds=1 / 1.5),
    Scenario("slope .5", slope=0.5),
    Scenario("strongest item reversed", item=-1.0),
    Scenario("borrowed, SD 0", borrowed=BORROWED),
    Scenario("borrowed, SD .10", borrowed=BORROWED, spread=0.10),
]


def made_cases(n: int, rng: np.random.Generator) -> pd.DataFrame:
    """Cases of one year: cluster_id, and POINTS_OF and LEVEL_OF each item."""
    households_n = round(n / (1 + COUPLES_SHARE))
    cluster = np.repeat(np.arange(households_n), 1 + (rng.random(households_n) < COUPLES_SHARE))
    columns = {"cluster_id": cluster}
    for place, shares in enumerate(ITEMS):
        drawn = rng.choice(len(shares), size=len(cluster) if place in OWN else households_n, p=shares)
        level = drawn if place in OWN else drawn[cluster]
        columns |= {f"{POINTS_OF}{place}": POINTS[place][level], f"{LEVEL_OF}{place}": level}
    return pd.DataFrame(columns)


def logodds(cases: pd.DataFrame) -> np.ndarray:
    return EVENT_LOGODDS + ONE_POINT * cases.filter(like=POINTS_OF).sum(axis=1).to_numpy()


def own_effects(cases: pd.DataFrame, effects: list[np.ndarray]) -> np.ndarray:
    """What a town's `effects`, an array an item, add to the log-odds of each case."""
    return sum(of_item[cases[f"{LEVEL_OF}{place}"]] for place, of_item in enumerate(effects))


def with_outcome(cases: pd.DataFrame, truth: np.ndarray, *, spread: float, rng: np.random.Generator) -> pd.DataFrame:
    """The cases with outcomes of log-odds `truth`, all moved by a number whose SD is `spread`."""
    truth = truth + spread * rng.standard_normal()
    drawn = rng.random(cases["cluster_id"].max() + 1)[cases["cluster_id"]]
    return cases.assign(outcome=(drawn < 1 / (1 + np.exp(-truth))).astype(int), weight=1.0)


def predictions(scenario: Scenario, n: int, rng: np.random.Generator) -> pd.DataFrame:
    """The youngest year of one made town as its model predicts it."""
    own_rng = rng.spawn(1)[0]
    effects = [own_rng.normal(0, scenario.borrowed, len(shares)) for shares in ITEMS]
    window, households_n = [], 0
    for _ in range(2):
        cases = made_cases(n, rng)
        cases["cluster_id"] += households_n
        households_n = cases["cluster_id"].max() + 1
        truth = logodds(cases) + own_effects(cases, effects)
        window.append(with_outcome(cases, truth, spread=scenario.spread, rng=rng))
    learnt = pd.concat(window, ignore_index=True)
    outcome, weight = learnt["outcome"].to_numpy(dtype=float), learnt["weight"].to_numpy()
    offset = offset_for(logodds(learnt), outcome, weight)
    prob = 1 / (1 + np.exp(-(offset + logodds(learnt))))
    error = log_oe_error(outcome, prob, weight=weight, member=learnt["cluster_id"].to_numpy())
    year = made_cases(n, rng)
    item = ONE_POINT * year[f"{POINTS_OF}{STRONGEST}"].to_numpy()
    truth = logodds(year) + (scenario.item - 1) * (item - item.mean())
    truth = (
        np.log(scenario.odds) + EVENT_LOGODDS + scenario.slope * (truth - EVENT_LOGODDS) + own_effects(year, effects)
    )
    year = with_outcome(year, truth, spread=scenario.spread, rng=rng)
    told = {STRATUM: 2023, LEVEL_ERROR: error, SLOPE_ERROR: 0.0}  # its points are known
    return year.assign(points_prob=1 / (1 + np.exp(-(offset + logodds(year)))), **told)


def row(scenario: Scenario, n: int, place: int, towns: int) -> str:
    found = [
        year_drift(predictions(scenario, n, np.random.default_rng([SEED, place, n, number]))) for number in range(towns)
    ]
    judged_n = sum(one["judged"] for one in found)
    named_n = sum(str(STRONGEST) in [sign["item"] for sign in one["signs"]] for one in found)
    signs = [sum(any(sign["alarm"] == alarm for sign in one["signs"]) for one in found) for alarm in DRIFTS]
    counts = (sum(bool(one["signs"]) for one in found), *signs, named_n, judged_n)
    return f"{scenario.name:26}{n:>6}" + "".join(f"{count / towns:>18.3f}" for count in counts)


def main() -> None:
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--towns", type=int, default=TOWNS, help="made towns a row")
    towns = reader.parse_args().towns
    names = ("any", *DRIFTS, "item named", "judged")
    print(f"{'scenario':26}{'cases':>6}" + "".join(f"{name:>18}" for name in names), flush=True)
    for place, scenario in enumerate(SCENARIOS):
        for n in SIZES:
            print(row(scenario, n, place, towns), flush=True)


if __name__ == "__main__":
    main()
