"""`riskmodel check` on 1.5 million rows beside reading the same files with pandas: the ratio, and the memory at most.

Usage: PYTHONPATH=tests python benchmarks/check.py. Each in turn, three times; told is the one in the middle. pandas
keeps texts as texts, so that no leading zero is lost. Seconds depend on the machine and on what else it does, the
ratio hardly.
"""

import os
import sys
import tempfile
from pathlib import Path

from measure import Measured, measure
from pipeline.clone import clone, run
from yearly_run import CASES_PER_YEAR, add_stock

MOST_RATIO, MOST_MIB = 1.5, 1024
ROUNDS = 3
PLAIN = """
import sys
from pathlib import Path
import pandas as pd
for path in sorted(Path(sys.argv[1]).iterdir()):
    if path.name == "truth.csv":
        continue
    if path.suffix == ".csv":
        pd.read_csv(path, sep=";", encoding="cp1252", dtype=str)
    else:
        pd.read_excel(path, header=None, dtype=str)
"""


def told(what: str, found: Measured) -> str:
    return f"{what:16} {found.wall:7.2f} s {found.cpu:7.2f} s CPU {found.mib:6.0f} MiB"


def main() -> None:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    with tempfile.TemporaryDirectory() as scratch:
        project = clone(Path(scratch) / "city")
        run(project, "riskmodel", "simulate", "data/raw/city", "--cases-per-year", str(CASES_PER_YEAR))
        rows_n = add_stock(project / "data/raw/city")
        environment = {**os.environ, "PATH": path, "PYTHONPATH": str(project / "src")}
        commands = [sys.executable, "-c", PLAIN, "data/raw/city"], ["riskmodel", "check", "data/raw/city"]
        rounds = [[measure(one, cwd=project, environment=environment) for one in commands] for _ in range(ROUNDS)]
    plain, found = (sorted(each, key=lambda one: one.cpu)[ROUNDS // 2] for each in zip(*rounds, strict=True))
    print(f"{rows_n} receipt rows")
    print(told("pandas", plain))
    print(told("riskmodel check", found))
    ratios = f"{found.wall / plain.wall:.2f}, of CPU {found.cpu / plain.cpu:.2f}"
    print(f"ratio {ratios} (wanted at most {MOST_RATIO}); {found.mib:.0f} MiB (at most {MOST_MIB})")


if __name__ == "__main__":
    main()
