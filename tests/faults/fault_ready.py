"""A project folder in which everything is approved, made small: thousands of publications follow from it."""

from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest import mock

import release_example
from fault_acts import Ready

from riskmodel.cohort.record import write_cohort

KEPT_N = 3  # rows of each table of evidence
PEOPLE_N = 100


def made_ready(root: Path) -> Ready:
    """The made year, approved, in the folder `root`, with the first rows of its evidence and cohort alone."""
    candidate = release_example.candidate()
    shorter = {**candidate, "evidence": _shortened(candidate["evidence"])}
    with mock.patch.object(release_example, "candidate", lambda: shorter):
        workspace = release_example.approved(root)
    whole = release_example.year().cohort
    few = replace(whole, cases=whole.cases.iloc[:PEOPLE_N], answers=whole.answers.iloc[:PEOPLE_N])
    write_cohort(few, workspace.cohort())
    return Ready(root, release_example.settings())


def _shortened(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _shortened(inner) for key, inner in value.items()}
    return [_shortened(inner) for inner in value[:KEPT_N]] if isinstance(value, list) else value
