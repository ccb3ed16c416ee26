"""Seconds for the optimism bootstrap with every step repeated, beside R's rms, and how they grow.

Usage: python benchmarks/resampling.py [FIGURE.svg]. 12,000 cases, 40 columns, 500 resamples, two processes. R does
`validate`, `calibrate` and `pentrace` on the same rows for a few repetitions only; its seconds are a repetition's times
500, in one process. With a path the growth with resamples and with cases is drawn there.
"""

import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from riskmodel.assess.repeated.optimism import Resampled, resample
from riskmodel.ground.settings import Settings, read_settings
from riskmodel.instrument.records import Item, Level, Text
from riskmodel.model.sample import Sample

PROJECT = Path(__file__).parents[1]
SEED, CASES, COLUMNS, RESAMPLES, PROCESSES = 20260903, 12_000, 40, 500, 2
R_REPETITIONS, R_PENALTIES = 10, 9
BY_RESAMPLES, BY_CASES, FEW_RESAMPLES = (125, 250, 500), (6_000, 12_000, 24_000, 48_000), 100
R_STEPS = ("validate", "calibrate", "pentrace")
MONTHS = np.arange(2018 * 12, 2022 * 12)
TEXT = Text("fråga", "question")


@dataclass(frozen=True)
class Timed:
    cases: int
    resamples: int
    wall: float
    cpu: float  # of this process


def items() -> tuple[Item, ...]:
    answers = (Level("no", TEXT), Level("yes", TEXT))
    return tuple(Item(f"x{place}", TEXT, "flag", use="predictor", levels=answers) for place in range(COLUMNS))


def made(cases: int) -> Sample:
    """Couples and singles with 40 yes-or-no answers; a third of them matter."""
    random = np.random.default_rng([SEED, cases])
    cluster = np.sort(random.integers(cases * 4 // 5, size=cases))
    positions = (random.random((cases, COLUMNS)) < random.uniform(0.15, 0.5, COLUMNS)).astype(np.int64)
    effects = np.where(np.arange(COLUMNS) % 3 == 0, random.normal(0, 0.6, COLUMNS), 0.0)
    logodds = positions @ effects
    outcome = random.random(cases) < 1 / (1 + np.exp(0.9 + logodds.mean() - logodds))
    ones = np.ones(cases)
    return Sample(
        positions,
        outcome.astype(float),
        ones,
        cluster,
        random.choice(MONTHS, cases),
        np.arange(cases),
        ones.astype(int),
    )


def left_early(sample: Sample) -> np.ndarray:
    """Whether those who did not stay long left within 100 days: a third of them."""
    others = np.random.default_rng([SEED, 1]).random(len(sample.outcome)) < 1 / 3
    return np.where(sample.outcome == 1, 0.0, others)


def with_workers(settings: Settings, *, resamples: int, workers: int) -> Settings:
    assess, run = replace(settings.assess, optimism=resamples), replace(settings.run, workers=workers)
    return replace(settings, assess=assess, run=run)


def repeated(cases: int, resamples: int, *, workers: int = PROCESSES) -> tuple[Timed, Resampled]:
    settings = with_workers(read_settings(PROJECT / "params.toml"), resamples=resamples, workers=workers)
    sample = made(cases)
    wall, cpu = time.perf_counter(), time.process_time()
    found = resample(sample, items(), settings, left_early=left_early(sample))
    return Timed(cases, resamples, time.perf_counter() - wall, time.process_time() - cpu), found


def growth(cases: int, resamples: int) -> Timed:
    """In one process, whose CPU seconds do not ask what else the machine does."""
    return repeated(cases, resamples, workers=1)[0]


def r_seconds() -> tuple[float, float, float] | None:
    """Seconds a repetition of `validate`, `calibrate` and `pentrace`; None without R."""
    sample = made(CASES)
    with tempfile.TemporaryDirectory() as folder:
        rows = Path(folder) / "rows.csv"
        columns = {f"x{place}": sample.positions[:, place] for place in range(COLUMNS)}
        pd.DataFrame({"outcome": sample.outcome.astype(int), **columns}).to_csv(rows, index=False)
        script = str(Path(__file__).with_suffix(".R"))
        command = ["Rscript", script, str(rows), str(R_REPETITIONS), str(R_PENALTIES)]
        try:
            said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        except FileNotFoundError:
            return None
    validated, calibrated, chosen = map(float, said.split())
    return validated, calibrated, chosen


def same_whatever_the_workers() -> bool:
    one, two = (repeated(CASES, 100, workers=workers)[1] for workers in (1, 2))
    frames = ("indexes", "people", "models")
    return one.summary == two.summary and all(getattr(one, name).equals(getattr(two, name)) for name in frames)


def draw(by_resamples: list[Timed], by_cases: list[Timed], path: Path) -> None:
    figure, (left, right) = plt.subplots(1, 2, figsize=(8, 3.2), sharey=True, layout="constrained")
    left.plot([0, *(one.resamples for one in by_resamples)], [0, *(one.cpu for one in by_resamples)], "o-")
    left.set(xlabel=f"resamples, {CASES:,} cases", ylabel="CPU seconds, one process")
    right.plot([0, *(one.cases for one in by_cases)], [0, *(one.cpu for one in by_cases)], "o-")
    right.set(xlabel=f"cases, {FEW_RESAMPLES} resamples")
    figure.savefig(path)


def main(figure: str = "") -> None:
    repeated(CASES, 100)  # starts the processes, which a yearly run pays once
    own = repeated(CASES, RESAMPLES)[0]
    print("| what | seconds | limit |\n|---|---|---|")
    print(f"| {CASES:,} cases, {COLUMNS} columns, {RESAMPLES} resamples, two processes | {own.wall:.1f} | 30 |")
    theirs = r_seconds()
    if theirs:
        parts = ", ".join(f"{name} {one:.2f}" for name, one in zip(R_STEPS, theirs, strict=True))
        scaled = sum(theirs) * RESAMPLES
        print(f"| R, one process: {sum(theirs):.2f} a repetition ({parts}), times {RESAMPLES} | {scaled:.0f} | |")
        print(f"| R over ours | {scaled / own.wall:.0f} times | 25 times |")
    else:
        print("| R | not installed | |")
    by_resamples = [growth(CASES, resamples) for resamples in BY_RESAMPLES]
    by_cases = [growth(cases, FEW_RESAMPLES) for cases in BY_CASES]
    for one in (*by_resamples, *by_cases):
        what = f"{one.cases:,} cases, {one.resamples} resamples, one process, CPU"
        print(f"| {what}: {1000 * one.cpu / one.resamples:.0f} ms each | {one.cpu:.1f} | |")
    print(f"| the same numbers with one and with two processes | {same_whatever_the_workers()} | True |")
    if figure:
        draw(by_resamples, by_cases, Path(figure))


if __name__ == "__main__":
    with threadpool_limits(1):
        sys.exit(main(*sys.argv[1:]))
