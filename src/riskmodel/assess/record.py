"""The assessment of a year's procedure: one frozen record, and its folder on disk."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from riskmodel.cohort.record import load_record, write_record
from riskmodel.ground.files import tidy
from riskmodel.ground.words import read_words

OUT_OF_FOLD = "out_of_fold"
TEXTS = read_words(Path(__file__).parent / "texts" / "kind.toml")
SUMMARY = "assessment.json"


@dataclass(frozen=True, eq=False)
class Assessment:
    """What the evidence says.

    measures: scope, group, predictor, measure, estimate, low, high, n, events_n, status.
    curves: scope, group, predictor, risk, observed, low, high, n, events_n.
    decision: threshold, strategy, net_benefit, low, high. distribution: bin (lower end of risk), outcome, n.
    comparisons: comparator, against, measure, gap (comparator minus against), low, high.
    summary: the headline, JSON-able.
    """

    measures: pd.DataFrame
    curves: pd.DataFrame
    decision: pd.DataFrame
    distribution: pd.DataFrame
    comparisons: pd.DataFrame
    summary: dict[str, Any]


def write_assessment(assessment: Assessment, folder: Path) -> None:
    """Write the frames as parquet and the summary as canonical JSON into `folder`."""
    write_record(assessment, folder, summary=SUMMARY)


def load_assessment(folder: Path) -> Assessment:
    """The assessment written to `folder`."""
    return load_record(Assessment, folder, summary=SUMMARY)


def headline(measures: pd.DataFrame, scope: str) -> dict[str, dict[str, dict[str, float | None]]]:
    """Estimate and interval of every measure of `scope` as predictor → measure → {estimate, low, high}."""
    found: dict[str, dict[str, dict[str, float | None]]] = {}
    for row in measures[measures["scope"] == scope].itertuples():
        numbers = {"estimate": row.estimate, "low": row.low, "high": row.high}
        found.setdefault(str(row.predictor), {})[str(row.measure)] = tidy(numbers)
    return found
