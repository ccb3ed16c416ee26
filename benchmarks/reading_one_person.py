"""What is read of one person who left, from two equations of one town, when others changed beside that person.

Usage: python benchmarks/reading_one_person.py [--people N] [--sizes N ...] [--others N ...]. Prints a row a town size
and number of others: which share of answers, of answers that are not the commonest, and of outcomes the attacker has
right, less the same guesses held against somebody else, with the standard error of that. The attacker: tests/attacker.
"""

import argparse
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from attacker import attacked
from sampled import settings_of


def main() -> None:
    """Print the table."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--people", type=int, default=40)
    asked.add_argument("--sizes", type=int, nargs="+", default=[464, 4649, 20350])
    asked.add_argument("--others", type=int, nargs="+", default=[0, 6, 49, 99])
    args = asked.parse_args()
    print("cases  others  own minus others' (standard error): answers, not the commonest, outcome")
    for n in args.sizes:
        for others_n in args.others:
            gained = attacked(n, others_n, args.people, settings_of())
            told = "  ".join(
                f"{values.mean():+.3f} ({values.std(ddof=1) / np.sqrt(len(values)):.3f})" for values in gained.values()
            )
            print(f"{n:6d} {others_n:5d}   {told}", flush=True)


if __name__ == "__main__":
    main()
