"""How often an alarm of the flow goes off: in a right town, and in towns in which something broke.

Usage: python benchmarks/flow_alarms.py [--towns N] [--sizes 90 600 3000] [--scenarios right …]. Prints a row a scenario
and size: in how many of N made towns (20), of eight years, some alarm was raised, the share with its 95 % interval
(Clopper and Pearson's), and in how many each. Right towns: the example's truth; with a walk of the level of .10
log-odds a year. Broken: a quarter of all people with new ids in the middle of the last year; a quarter of the rows of
the last nine months late; three tenths of the events without answers, of all years or of the last one that is
followed. No survey is made: nothing here looks at one.
"""

import argparse
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.stats import beta

from riskmodel.cohort.build import build_cohort
from riskmodel.extracts.read import read_delivery
from riskmodel.ground.settings import Settings, read_settings
from riskmodel.instrument.load import read_instrument
from riskmodel.instrument.records import Instrument
from riskmodel.simulate import simulate
from riskmodel.simulate.trouble import Trouble

PROJECT = Path(__file__).parents[1]
SEED, TOWNS, SIZES = 20260400, 20, (90, 600, 3000)
SCENARIOS = {
    "right": Trouble(),
    "right, walk .10": Trouble(walk=0.10),
    "new ids": Trouble(renamed=0.25),
    "late rows": Trouble(late=0.25),
    "unlinked events": Trouble(unlinked=0.3),
    "unlinked in a year": Trouble(),
}
LOST = {"unlinked in a year": 0.3}  # of the events of `LAST_FOLLOWED`, their answers
LAST_FOLLOWED = 2024


def alarms_in(name: str, size: int, seed: int, instrument: Instrument, settings: Settings) -> set[str]:
    """The alarms of one made town of the scenario `name`."""
    years = {"first_year": 2018, "last_year": 2025}
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "town"
        simulate(folder, instrument, cases_per_year=size, **years, seed=seed, trouble=SCENARIOS[name])
        delivery = read_delivery(folder, instrument, settings)
    cohort = build_cohort(delivery, instrument, settings, watched=True)
    if name in LOST:
        answers = delivery.answers_by_intake
        lost = answers["person_id"].isin(losing(cohort.cases, LOST[name], seed))
        left = replace(delivery, answers_by_intake=answers[~lost])
        cohort = build_cohort(left, instrument, settings, watched=True)
    return {alarm["alarm"] for alarm in cohort.summary["alarms"]}


def losing(cases: pd.DataFrame, share: float, seed: int) -> pd.Series:
    """The ids of those who lose their answers."""
    events = cases["linked"] & (cases["intake_year"] == LAST_FOLLOWED) & (cases["outcome"] == 1).fillna(False)
    return cases.loc[events & (np.random.default_rng(seed).random(len(cases)) < share), "person_id"]


def main(towns_n: int, sizes: Sequence[int], names: Sequence[str]) -> None:
    """Print the table."""
    instrument = read_instrument(PROJECT / "data/instruments/exempelstad.toml")
    sources = {name: source for name, source in instrument.sources.items() if name != "survey"}
    instrument = replace(instrument, sources=sources)
    settings = read_settings(PROJECT / "params.toml")
    for name in names:
        for size in sizes:
            raised = [alarms_in(name, size, SEED + town, instrument, settings) for town in range(towns_n)]
            print(f"| {name}, {size} a year | {told(raised)} |", flush=True)


def told(raised: Sequence[set[str]]) -> str:
    """Towns with some alarm, their share and its interval, and the towns of each alarm."""
    n, k = len(raised), sum(map(bool, raised))
    low, high = beta.ppf(0.025, k, n - k + 1) if k else 0.0, beta.ppf(0.975, k + 1, n - k) if k < n else 1.0
    each = Counter(alarm for alarms in raised for alarm in alarms)
    return f"{k} of {n} ({low:.2f}–{high:.2f}) | {', '.join(f'{alarm} {m}' for alarm, m in each.most_common())}"


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--towns", type=int, default=TOWNS)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--scenarios", nargs="+", default=[*SCENARIOS], choices=[*SCENARIOS])
    given = parser.parse_args()
    main(given.towns, given.sizes, given.scenarios)
