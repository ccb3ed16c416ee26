"""How often the fairness gate passes, fails or can't tell where the truth is made, at sizes from 290 to 4,000 a year.

Usage: python benchmarks/fairness_gate.py [--runs N] [--sizes 290 580 …]. A row a scenario and number, a column a size;
three years are pooled. 48 gaps, a quarter of the households couples who share risk and outcome. Ends with 1 when one
of the demands is missed by more than chance among N runs (500) allows.
"""

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.stats import norm

from riskmodel.assess.fairness import fairness
from riskmodel.assess.subgroups import Grouping
from riskmodel.ground.settings import read_settings
from riskmodel.release.criteria import BEYOND_DOUBT, FAIL, PASS

SETTINGS = read_settings(Path(__file__).parents[1] / "params.toml")
SIZES, YEARS, RUNS = (290, 580, 970, 1670, 2910, 4000), 3, 500
MEAN_LOGODDS, SD_LOGODDS, THRESHOLD = -1.2, 1.2, 0.5  # 28 % events, AUC .79
COUPLES_SHARE = 0.25  # of households; 4 in 10 people
GROUP, GROUP_SHARE = "of_interest", 0.15
SHARED = 0.3  # correlation of the columns with one another and with the risk

# the columns of an example municipality's audit: the shares of its groups, and whether the score uses it
COLUMNS = {
    "area": ((0.20, 0.24, 0.36, 0.20), False),
    "sex": ((0.57, 0.43), False),
    "born_abroad": ((0.42, 0.30, 0.28), False),
    "household_type": ((GROUP_SHARE, 0.19, 0.37, 0.29), False),  # the first is the group of interest
    "age_band": ((0.20, 0.28, 0.24, 0.18, 0.10), True),
    "education": ((0.12, 0.30, 0.38, 0.20), True),
}
OF_HOUSEHOLDS = ("area",)  # both in a couple are in the same group
GROUPINGS = [Grouping(column, scored=scored) for column, (_, scored) in COLUMNS.items()]


@dataclass(frozen=True)
class Scenario:
    """missed: log-odds of the group's risk that the model misses. every_sd: … of every group, at random.

    of_couples: the group is made of whole couples, else of people spread over households. alone: nobody shares
    anything.
    """

    name: str
    missed: float = 0.0
    every_sd: float = 0.0
    of_couples: bool = False
    alone: bool = False
    sizes: tuple[int, ...] = SIZES


RIGHT, NEARLY = Scenario("right"), Scenario("every group off by SD .05", every_sd=0.05)
OFF_4 = Scenario("wrong by .4", missed=0.4)
LARGEST = SIZES[-1:]
SCENARIOS = (
    RIGHT,
    NEARLY,
    Scenario("wrong by .3", missed=0.3),
    OFF_4,
    Scenario("wrong by .7", missed=0.7, sizes=SIZES[:4]),
    Scenario("wrong by 1.0", missed=1.0, sizes=SIZES[:4]),
    Scenario("wrong by .3, independent cases", missed=0.3, alone=True, sizes=LARGEST),
    Scenario("wrong by .4, independent cases", missed=0.4, alone=True, sizes=LARGEST),
    Scenario("wrong by .3, the group is couples", missed=0.3, of_couples=True, sizes=LARGEST),
    Scenario("wrong by .4, the group is couples", missed=0.4, of_couples=True, sizes=LARGEST),
)
# the number of a scenario, the least or most it may be, at which sizes
DEMANDS = (
    ("right", "some fail", None, 0.05, SIZES),
    ("right", "some beyond doubt", None, 0.01, SIZES),
    ("every group off by SD .05", "some beyond doubt", None, 0.01, SIZES),
    ("wrong by .4", "group passes", None, 0.08, SIZES),
    ("wrong by .3, independent cases", "group fails", 0.80, None, LARGEST),
    ("wrong by .4, independent cases", "group fails", 0.95, None, LARGEST),
    ("wrong by .3, the group is couples", "group fails", 0.65, None, LARGEST),
    ("wrong by .4, the group is couples", "group fails", 0.90, None, LARGEST),
)


def prob(logodds: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-logodds))


def made(scenario: Scenario, n: int, rng: np.random.Generator) -> pd.DataFrame:
    """Out-of-time predictions of about n cases, as `fairness` takes them."""
    households_n = n if scenario.alone else round(n / (1 + COUPLES_SHARE))
    is_couple = rng.random(households_n) < (0 if scenario.alone else COUPLES_SHARE)
    cluster = np.repeat(np.arange(households_n), 1 + is_couple)
    common = rng.normal(size=households_n)
    logodds = MEAN_LOGODDS + SD_LOGODDS * _correlated(common, rng)[cluster]
    groups = {column: _column(column, common, cluster, rng) for column in COLUMNS}
    groups["household_type"] = _with_group(scenario, is_couple, cluster, rng)
    truth = logodds + scenario.missed * (groups["household_type"] == 0)
    for level in groups.values():
        truth = truth + rng.normal(0, scenario.every_sd, level.max() + 1)[level]
    outcome = rng.random(households_n)[cluster] < prob(truth)
    return pd.DataFrame(
        {"cluster_id": cluster, "outcome": outcome.astype(int), "points_prob": prob(logodds), "weight": 1.0}
        | {column: level.astype(str) for column, level in groups.items()}
    )


def _column(column: str, common: np.ndarray, cluster: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    shares, _ = COLUMNS[column]
    drawn = _correlated(common, rng)[cluster] if column in OF_HOUSEHOLDS else _correlated(common[cluster], rng)
    return np.searchsorted(norm.ppf(np.cumsum(shares)[:-1]), drawn)


def _with_group(scenario: Scenario, is_couple: np.ndarray, cluster: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Levels of household type; 0 is the group, whole couples or anybody."""
    shares = np.array(COLUMNS["household_type"][0])
    others = 1 + rng.choice(len(shares) - 1, size=len(cluster), p=shares[1:] / shares[1:].sum())
    if not scenario.of_couples:
        return np.where(rng.random(len(cluster)) < GROUP_SHARE, 0, others)
    of_couples = GROUP_SHARE / (2 * COUPLES_SHARE / (1 + COUPLES_SHARE))
    in_group = is_couple & (rng.random(len(is_couple)) < of_couples)
    return np.where(in_group[cluster], 0, others)


def _correlated(common: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    return np.sqrt(SHARED) * common + np.sqrt(1 - SHARED) * rng.normal(size=len(common))


def found(scenario: Scenario, n: int, run: int) -> dict[str, float]:
    """What the gate says of one made town."""
    rng = np.random.default_rng([11, SCENARIOS.index(scenario), n, run])
    settings = replace(SETTINGS, run=replace(SETTINGS.run, seed=run))  # other resamples in every run
    audit = fairness(made(scenario, n, rng), settings, groupings=GROUPINGS, threshold_prob=THRESHOLD)
    gated = audit.gaps[audit.gaps["measure"].isin(("missed", "needless", "log_oe"))]
    verdicts, group = gated["verdict"], gated[(gated["column"] == "household_type") & (gated["group"] == "0")]
    own = group.set_index("measure")["verdict"]
    return {
        "some fail": verdicts.isin((FAIL, BEYOND_DOUBT)).any(),
        "some beyond doubt": (verdicts == BEYOND_DOUBT).any(),
        "all pass": (verdicts == PASS).all(),
        "gaps that don't pass": (verdicts != PASS).sum(),
        "group fails": own.isin((FAIL, BEYOND_DOUBT)).any(),
        "group passes": (own == PASS).all(),
        "its ln O/E passes": own["log_oe"] == PASS,
        "said: some fail if right": audit.fails_if_right,
        "said: group fails if off by .4": group["power_4"].max(),
        "critical": audit.critical,
    }


SHOWN = {
    RIGHT: (
        *("some fail", "some beyond doubt", "all pass", "gaps that don't pass"),
        *("said: some fail if right", "critical"),
    ),
    NEARLY: ("some fail", "some beyond doubt"),
    OFF_4: ("group fails", "group passes", "its ln O/E passes", "said: group fails if off by .4"),
}


def rates(sizes: tuple[int, ...], runs: int) -> pd.DataFrame:
    """Mean of every number over the runs: a row a scenario and number, a column a size."""
    columns = {}
    for size in sizes:
        for scenario in SCENARIOS:
            if size in scenario.sizes:
                each = pd.DataFrame([found(scenario, YEARS * size, run) for run in range(runs)]).astype(float)
                columns[(size, scenario.name)] = each.mean()
                print(f"# {size} {scenario.name}: {each.mean().round(3).to_dict()}", file=sys.stderr, flush=True)
    return pd.DataFrame(columns).T


def missed(table: pd.DataFrame, runs: int) -> Iterator[str]:
    """The demands that are missed by more than two standard errors of the share."""
    for scenario, number, least, most, sizes in DEMANDS:
        for size in sizes:
            if (size, scenario) not in table.index:
                continue
            share, limit = table.loc[(size, scenario), number], least if most is None else most
            slack = 2 * np.sqrt(limit * (1 - limit) / runs)
            if (most is not None and share > most + slack) or (least is not None and share < least - slack):
                yield f"{size} a year, {scenario}: {number} {share:.3f}, and {limit} is asked for"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES))
    arguments = parser.parse_args()
    table = rates(tuple(arguments.sizes), arguments.runs)
    table.index = pd.MultiIndex.from_tuples(table.index)
    heads = "".join(f"{size:>9,}" for size in arguments.sizes)
    print(f"{'cases a year':64}{heads}\n{'pooled':64}" + "".join(f"{YEARS * size:>9,}" for size in arguments.sizes))
    run = [scenario for scenario in SCENARIOS if {*scenario.sizes} & {*arguments.sizes}]
    for scenario in run:
        for number in SHOWN.get(scenario, ("group fails",)):
            row = table[number].unstack(0).reindex(columns=arguments.sizes).loc[scenario.name]
            cells = ["–" if np.isnan(share) else f"{share:.3f}" for share in row]
            print(f"{scenario.name}: {number}".ljust(64) + "".join(f"{cell:>9}" for cell in cells))
    problems = list(missed(table, arguments.runs))
    print("\n".join(problems) or "every demand is met")
    sys.exit(bool(problems))


if __name__ == "__main__":
    main()
