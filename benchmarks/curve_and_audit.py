"""Seconds for a calibration curve with its band, and for the audit table, beside R's loess and fairlearn.

Usage: python benchmarks/curve_and_audit.py. The project's own functions; R and fairlearn do less of the same work on
the same rows in the same run, where they are installed, and the ratio to fairlearn is for one interval and resample.
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from riskmodel.assess.at_threshold import measures_at
from riskmodel.assess.evaluation import curve, curve_measures, smoother
from riskmodel.assess.fairness import fairness
from riskmodel.assess.intervals import percentiles, resampled, resamples_of, scores_of
from riskmodel.assess.subgroups import Grouping
from riskmodel.ground.settings import Settings, read_settings

PROJECT = Path(__file__).parents[1]
SEED, THRESHOLD = 20260902, 0.4
CURVE_ROWS, LOESS_ROWS, CURVE_RESAMPLES = 200_000, 20_000, 1_000
AUDIT_ROWS, AUDIT_RESAMPLES, COLUMNS, LEVELS = 20_000, 2_000, 4, 5
FAIRLEARN_METRICS, FAIRLEARN_LEVELS, FAIRLEARN_RESAMPLES = 4, 4, 200
LOESS = """
people <- read.csv(commandArgs(TRUE)[1])
took <- system.time(predict(loess(outcome ~ points_prob, data = people), se = TRUE))
cat(took["elapsed"], took["user.self"] + took["sys.self"])
"""


@dataclass(frozen=True)
class Timed:
    wall: float
    cpu: float


def timed(work: Callable[[], object]) -> Timed:
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return Timed(time.perf_counter() - wall, time.process_time() - cpu)


def made(rows_n: int) -> pd.DataFrame:
    """Calibrated risks of singles and couples, and columns that part them into groups of equal size."""
    random = np.random.default_rng(SEED)
    logodds = np.round(random.normal(-0.8, 1.2, rows_n), 3)
    prob = 1 / (1 + np.exp(-logodds))
    groups = {f"column_{place}": random.choice(list("ABCDE"), rows_n) for place in range(COLUMNS)}
    outcome = (random.random(rows_n) < prob).astype(int)
    left = np.where(outcome == 1, 0, random.integers(2, size=rows_n))
    people = {"outcome": outcome, "points_prob": prob, "weight": 1.0, "left_within_100_days": left}
    return pd.DataFrame({**people, "cluster_id": random.integers(rows_n * 4 // 5, size=rows_n), **groups})


def with_resamples(settings: Settings, repeats: int) -> Settings:
    return replace(settings, assess=replace(settings.assess, bootstrap=repeats))


def curve_with_band(people: pd.DataFrame, settings: Settings) -> None:
    """The curve, its distances from the diagonal and its band, as `measures.evaluate` makes them."""
    resamples = resamples_of(people, settings)
    prepared = scores_of(people, "points", resamples)
    smooth = smoother(prepared.tally())
    curve_measures(prepared.tally(), smooth)
    percentiles(resampled(prepared, resamples, lambda tallied: {"curve": curve(tallied, smooth)})["curve"])


def audit(people: pd.DataFrame, settings: Settings) -> int:
    """The audit table and the rates at the threshold, every group with intervals; how many numbers that are."""
    groupings = [Grouping(f"column_{place}") for place in range(COLUMNS)]
    gaps = fairness(people, settings, groupings=groupings, threshold_prob=THRESHOLD).gaps
    rates = measures_at(people, settings, threshold_prob=THRESHOLD, groupings=groupings)
    return int(gaps["low"].notna().sum() + rates["low"].notna().sum())


def loess(people: pd.DataFrame) -> Timed | None:
    """R's loess with standard errors on `people`; None without R."""
    with tempfile.TemporaryDirectory() as folder:
        rows, script = Path(folder) / "rows.csv", Path(folder) / "loess.R"
        people[["outcome", "points_prob"]].to_csv(rows, index=False)
        script.write_text(LOESS, encoding="utf-8")
        try:
            said = subprocess.run(["Rscript", str(script), str(rows)], capture_output=True, text=True, check=True)
        except FileNotFoundError:
            return None
    return Timed(*map(float, said.stdout.split()))


def fairlearn(people: pd.DataFrame) -> Timed | None:
    """fairlearn's table with bootstrap intervals, smaller than ours; None where it is not installed."""
    try:
        from fairlearn import metrics
    except ImportError:
        return None
    flagged = (people["points_prob"] >= THRESHOLD).astype(int)
    named = ("selection_rate", "true_positive_rate", "false_positive_rate", "true_negative_rate")[:FAIRLEARN_METRICS]
    few = people["column_0"].where(people["column_0"] != "E", "D")
    return timed(
        lambda: metrics.MetricFrame(
            metrics={name: getattr(metrics, name) for name in named},
            y_true=people["outcome"],
            y_pred=flagged,
            sensitive_features=few,
            n_boot=FAIRLEARN_RESAMPLES,
            ci_quantiles=[0.025, 0.975],
            random_state=1,
        )
    )


def row(what: str, found: Timed | None, *, ratio: float | None = None, limit: str = "", missing: str = "") -> str:
    if found is None:
        return f"| {what} | {missing} | | | |"
    return f"| {what} | {found.wall:.2f} s | {found.cpu:.2f} s | {f'{ratio:,.0f}' if ratio else ''} | {limit} |"


def main() -> None:
    settings = read_settings(PROJECT / "params.toml")
    many, few = (made(rows_n) for rows_n in (CURVE_ROWS, LOESS_ROWS))
    banded, audited = with_resamples(settings, CURVE_RESAMPLES), with_resamples(settings, AUDIT_RESAMPLES)
    audit(few[:1000], with_resamples(settings, 10))  # what is loaded once is not timed
    print("| what | wall | CPU | times slower than ours | limit |\n|---|---|---|---|---|")
    print(row(f"curve with band, {CURVE_ROWS:,} rows", timed(lambda: curve_with_band(many, banded)), limit="5 s"))
    own = timed(lambda: curve_with_band(few, banded))
    print(row(f"curve with band, {LOESS_ROWS:,} rows", own, ratio=1))
    theirs = loess(few)
    ratio = theirs.wall / own.wall if theirs else None
    print(row(f"R's loess with standard errors, {LOESS_ROWS:,} rows", theirs, ratio=ratio, missing="R not installed"))
    numbers: list[int] = []
    own = timed(lambda: numbers.append(audit(few[:AUDIT_ROWS], audited)))
    cells = numbers[0] * AUDIT_RESAMPLES
    print(row(f"audit table, {numbers[0]} intervals × {AUDIT_RESAMPLES:,} resamples", own, ratio=1, limit="1 s"))
    theirs = fairlearn(few[:AUDIT_ROWS])
    their_cells = FAIRLEARN_METRICS * FAIRLEARN_LEVELS * FAIRLEARN_RESAMPLES
    ratio = (theirs.wall / their_cells) / (own.wall / cells) if theirs else None
    size = f"{FAIRLEARN_METRICS * FAIRLEARN_LEVELS} intervals × {FAIRLEARN_RESAMPLES} resamples"
    print(row(f"fairlearn, {size}; ratio for one of each", theirs, ratio=ratio, missing="fairlearn not installed"))


if __name__ == "__main__":
    with threadpool_limits(1):
        sys.exit(main())
