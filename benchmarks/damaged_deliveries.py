"""Damaged deliveries and damaged files, counted: `tests/faults` at any size.

`PYTHONPATH=tests:tests/faults python benchmarks/damaged_deliveries.py --deliveries 2000`: some minutes on one core.
"""

import argparse
import time

from damaged import SILENT, TRACEBACK, damaged_deliveries, table
from damaged_bytes import READ, outcomes
from damaged_town import FORMATS


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--deliveries", type=int, default=2000)
    asked.add_argument("--mutants", type=int, default=5000, help="of each format")
    asked.add_argument("--seed", type=int, default=1)
    chosen = asked.parse_args()
    began = time.monotonic()
    found = list(damaged_deliveries(chosen.deliveries, chosen.seed))
    print(f"{len(found)} damaged deliveries, {time.monotonic() - began:.0f} s\n\n{table(found)}")
    for each in found:
        if each.outcome in (SILENT, TRACEBACK):
            print(f"{each.kind} in {each.source} as {each.format}, seed {each.seed}: {each.outcome}. {each.why}")
    print("\n| register as | mutants | read | refused, of its kind | refused | tracebacks |\n|---|---|---|---|---|---|")
    for kind in FORMATS if chosen.mutants else ():
        became, tracebacks = outcomes(kind, chosen.mutants, chosen.seed)
        counts = (chosen.mutants, became[READ], became["of its kind"], became["not of its kind"], tracebacks.total())
        print(f"| {kind} | {' | '.join(map(str, counts))} |", flush=True)
        for end, n in tracebacks.most_common():
            print(f"{n} × {end}")


if __name__ == "__main__":
    main()
