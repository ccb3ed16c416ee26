"""What is read of one person who left, from two equations of one town, when others changed beside that person.

Usage: python benchmarks/reading_one_person.py [--people N] [--sizes N ...] [--others N ...] [--reads WHAT ...]
[--leave]. Prints a row a town size and number of others: which share of answers, of answers that are not the commonest,
and of outcomes the attacker has right, less the same guesses held against somebody else, with the standard error of
that. WHAT he reads: exact coefficients, the points of two releases, or two summaries. The attacker: tests/attacker.
"""

import argparse
import sys
from itertools import product
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from attacker import READS, attacked
from sampled import settings_of


def main() -> None:
    """Print the table."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--people", type=int, default=40)
    asked.add_argument("--sizes", type=int, nargs="+", default=[464, 4649, 20350])
    asked.add_argument("--others", type=int, nargs="+", default=[0, 6, 49, 99])
    asked.add_argument("--reads", nargs="+", default=list(READS), choices=READS)
    asked.add_argument("--leave", action="store_true", help="all of the others leave; otherwise half are newcomers")
    args = asked.parse_args()
    print("reads  cases  others  own minus others' (standard error): answers, not the commonest, outcome")
    for reads, n, others_n in product(args.reads, args.sizes, args.others):
        gained = attacked(n, others_n, args.people, settings_of(), reads=reads, come=not args.leave)
        told = "  ".join(
            f"{values.mean():+.3f} ({values.std(ddof=1) / np.sqrt(len(values)):.3f})" for values in gained.values()
        )
        print(f"{reads:12s} {n:6d} {others_n:5d}   {told}", flush=True)


if __name__ == "__main__":
    main()
