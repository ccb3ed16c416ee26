"""How often an alarm of the flow goes off: in a right town, and in towns in which something broke.

Usage: python benchmarks/flow_alarms.py [--towns N] [--sizes 90 600 3000] [--scenarios right …]. Prints a row a scenario
and size: the share of N made towns (20), of eight years, in which each alarm was raised. Right towns: the example's
truth; with a walk of the level of .10 log-odds a year. Broken: a quarter of all people with new ids in the middle of
the last year; a quarter of the rows of the last nine months late; three tenths of the events without answers.
"""

import argparse
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

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
    settings = read_settings(PROJECT / "params.toml")
    for name in names:
        for size in sizes:
            found: Counter[str] = Counter()
            for town in range(towns_n):
                raised = alarms_in(SCENARIOS[name], size, SEED + town, instrument, settings)
                found.update([*raised, *(["any"] if raised else [])])
            shares = ", ".join(f"{alarm} {n / towns_n:.2f}" for alarm, n in sorted(found.items()))
            print(f"{name:16} n = {size:4}: {shares or 'none'}", flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--towns", type=int, default=TOWNS)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--scenarios", nargs="+", default=[*SCENARIOS], choices=[*SCENARIOS])
    given = parser.parse_args()
    main(given.towns, given.sizes, given.scenarios)
