"""How often the alarm of a year's event rate stops steady towns, and how often it sees a break: 400 draws a line."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from riskmodel.cohort.flow_alarms import outcome_alarms
from riskmodel.ground.settings import read_settings

SETTINGS = read_settings(Path(__file__).parents[1] / "params.toml")
DRAWS_N, USUAL = 400, 0.35
STEADY = {"90 a year": [90] * 8, "600 a year": [600] * 8, "3,000 a year": [3000] * 8} | {
    f"a first year of {n}, then 600": [n, *[600] * 6] for n in (5, 9, 20)
}
BROKEN = {
    "200 a year, 1.00": ([200] * 3, 1.0),
    "200 a year, .50": ([200] * 3, 0.5),
    "600 a year, .50": ([600] * 3, 0.5),
    "90 a year, .70": ([90] * 3, 0.7),
}


def town(sizes: Sequence[int], rates: Sequence[float], draw: np.random.Generator) -> pd.DataFrame:
    """Cases of each year, so many, of whom such a share are events."""
    years = [
        pd.DataFrame({"intake_year": 2018 + place, "weight": 1.0, "outcome": (draw.random(n) < rate).astype(float)})
        for place, (n, rate) in enumerate(zip(sizes, rates, strict=True))
    ]
    return pd.concat(years)


def stopped(sizes: Sequence[int], rates: Sequence[float]) -> float:
    """The share of draws in which some year raises the alarm."""
    draw = np.random.default_rng(1)
    return float(np.mean([bool(outcome_alarms(town(sizes, rates, draw), SETTINGS)) for _ in range(DRAWS_N)]))


if __name__ == "__main__":
    for name, sizes in STEADY.items():
        print(f"| steady, {name} | {stopped(sizes, [USUAL] * len(sizes)):.3f} |")
    for name, (sizes, last) in BROKEN.items():
        print(f"| broken, {name} in the last year | {stopped(sizes, [*[USUAL] * (len(sizes) - 1), last]):.3f} |")
