"""Damaged deliveries and damaged files, counted: `tests/faults` at any size.

`PYTHONPATH=tests:tests/faults python benchmarks/damaged_deliveries.py --deliveries 2000`: some minutes on one core.
"""

import argparse
import time

from damaged import SILENT, TRACEBACK, damaged_deliveries, table
from damaged_bytes import READ, outcomes
from damaged_town import FORMATS
from run_on import run_on


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--deliveries", type=int, default=2000)
    asked.add_argument("--mutants", type=int, default=5000, help="of each format")
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--run", type=int, default=200, help="damaged towns that are run as far as check lets them")
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
    found = list(run_on(chosen.run, chosen.seed))
    later = [each for each in found if each.refused]
    print(f"\n{len(found)} towns checked: {sum(each.was_run for each in found)} run on, {len(later)} stopped later")
    for each in later:
        print(f"{each.kind}, seed {each.seed}: {each.refused}")


if __name__ == "__main__":
    main()
