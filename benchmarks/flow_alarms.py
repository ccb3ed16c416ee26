"""How often an alarm of the flow goes off: in a right town, and in towns in which something broke.

Usage: python benchmarks/flow_alarms.py [--towns N] [--sizes 90 600 3000] [--scenarios right …]. Prints a row a scenario
and size: in how many of N made towns (20), of eight years, some alarm was raised, the share with its 95 % interval
(Clopper and Pearson's), and in how many each. Right towns: the example's truth; with a walk of the level of .10
log-odds a year. Broken: a quarter of all people with new ids in the middle of the last year; a quarter of the rows of
the last nine months late; three tenths of the events without answers. No survey is made: nothing here looks at one.
"""

import argparse
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

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
}


def alarms_in(trouble: Trouble, size: int, seed: int, instrument: Instrument, settings: Settings) -> set[str]:
    """The alarms of one made town."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "town"
        simulate(folder, instrument, cases_per_year=size, first_year=2018, last_year=2025, seed=seed, trouble=trouble)
        cohort = build_cohort(read_delivery(folder, instrument, settings), instrument, settings, watched=True)
    return {alarm["alarm"] for alarm in cohort.summary["alarms"]}


def main(towns_n: int, sizes: Sequence[int], names: Sequence[str]) -> None:
    """Print the table."""
    instrument = read_instrument(PROJECT / "data/instruments/exempelstad.toml")
    sources = {name: source for name, source in instrument.sources.items() if name != "survey"}
    instrument = replace(instrument, sources=sources)
    settings = read_settings(PROJECT / "params.toml")
    for name in names:
        for size in sizes:
            raised = [alarms_in(SCENARIOS[name], size, SEED + town, instrument, settings) for town in range(towns_n)]
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
