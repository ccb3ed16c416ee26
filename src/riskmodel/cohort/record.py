"""The cohort: one row per case, what was answered, how the rows became cases, and what there is to say about it.

Months are whole numbers, year · 12 + month of the year − 1.
"""

import io
from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pandas as pd

from riskmodel.cohort import REFUSALS
from riskmodel.cohort.censoring import WEIGHED_BY, weights
from riskmodel.ground.errors import SettingsError
from riskmodel.ground.files import read_json, write_bytes, write_json
from riskmodel.ground.settings import Settings

DECEMBER = 11
SUMMARY = "summary.json"
T = TypeVar("T")
CASE_COLUMNS = {
    "case_id": "str",
    "person_id": "str",
    "cluster_id": "int64",  # people who ever shared a household have one number
    "intake_month": "int32",
    "intake_year": "int32",
    "area": "str",
    "linked": "bool",  # has intake answers
    "joined": "bool",  # an adult in a household already on assistance
    "complete": "bool",  # the register covers the whole follow-up and its reporting lag
    "outcome": "Int8",  # the outcome of the settings; NA: censored, or follow-up not complete
    "over_ten_of_twelve": "Int8",  # each definition, whatever the censoring rule; NA: unknown
    "national_year": "Int8",
    "k_of_w": "Int8",
    "receipt_months": "Int16",  # observed months with receipt among the first twelve; NA: not complete
    "decided_month": "Int16",  # months that had to be observed for the outcome
    "censored_month": "Int16",  # months observed before death or moving left the outcome undecided
    "exit": "str",  # the last exit reason registered during the observed follow-up
    "known_month": "int32",  # register month by which the outcome counts as known
    "left_within_100_days": "Int8",  # no receipt in months 3, 4 and 5
    "earlier_months": "float64",  # receipts in the look-back; NaN: not observed
    "age": "float64",  # years, from the intake answers; NaN: unknown
    "age_outside": "bool",
    "route": "bool",  # follows a rule, not a score
    "crosses_reform": "bool",  # a reform begins during the follow-up
    "standing": "str",  # at the start of the landmark's month: "at_risk", or why no score is made then
    "receipts_so_far": "Int16",  # months with receipt before the landmark; NA: not all observed
    "fitted": "bool",  # linked, complete, not joined, of age, no route, at risk at the landmark
    "weight": "float64",  # 0: the outcome is not known
}


@dataclass(frozen=True, eq=False)
class Cohort:
    """Cases, answers, flow and summary of one delivery.

    cases: one row per new (or labelled) case, CASE_COLUMNS, sorted by case_id. answers: the same rows in the same
    order, index case_id, one column per predictor and audit item known at the landmark. flow: one row per step
    from rows to cases: step, text_sv, text_en, n, events_n (Int64, NA: has no outcome yet). summary: JSON-able.
    """

    cases: pd.DataFrame
    answers: pd.DataFrame
    flow: pd.DataFrame
    summary: dict[str, Any]

    @property
    def refused(self) -> tuple[str, ...]:
        """Items that this design can't use, which a person is nevertheless asked."""
        return tuple(self.summary.get("refused", ()))

    @cached_property
    def modelled(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Cases and answers of the fitted whose outcome is known (weight > 0)."""
        return self._selected(self.cases["fitted"] & (self.cases["weight"] > 0), self.cases)

    @property
    def exam_year(self) -> int | None:
        """The intake year that the fit of a case-control design leaves alone; None in another, or without enough."""
        year: int | None = self.summary.get("exam_year")
        return year

    @property
    def exam(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Cases of the exam year that the model is about and whose outcome is known, with their answers at intake."""
        left_out = self.cases["joined"] | self.cases["age_outside"] | self.cases["route"] | ~self.cases["linked"]
        waits = self.cases["complete"] & ~left_out & (self.cases["intake_year"] == self.exam_year)
        weighted = self.cases[waits].assign(fitted=True)
        weighted["weight"] = weights(weighted, rule=self.summary["censoring"]["rule"])
        cases = self.cases.assign(weight=weighted["weight"].reindex(self.cases.index, fill_value=0.0))
        return self._selected(cases["weight"] > 0, cases)

    def known_before(self, month: int) -> tuple[pd.DataFrame, pd.DataFrame]:
        """`modelled` as it stood before `month`: what was known then, weighted by what was known then."""
        places, weight = self.places_known_before(month)
        return self.cases.iloc[places].assign(weight=weight).reset_index(drop=True), self.answers.iloc[places]

    def places_known_before(self, month: int) -> tuple[np.ndarray, np.ndarray]:
        """The places of those cases among all, and their weights; shape (n,) each."""
        if month not in self._known:
            then = np.flatnonzero(self.cases["fitted"] & (self.cases["known_month"] < month))
            weight = weights(self.cases.filter(items=WEIGHED_BY).iloc[then], rule=self.summary["censoring"]["rule"])
            self._known[month] = then[weight > 0], weight[weight > 0]
        return self._known[month]

    @cached_property
    def _known(self) -> dict[int, tuple[np.ndarray, np.ndarray]]:
        return {}  # of each month that was asked for: years are looked at before they are tried

    def _selected(self, chosen: pd.Series, cases: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
        return cases[chosen].reset_index(drop=True), self.answers[chosen.to_numpy()]


def write_cohort(cohort: Cohort, folder: Path) -> None:
    """Write the cohort to `folder` (created when needed): three Parquet files and `summary.json`."""
    write_record(cohort, folder, summary=SUMMARY, index=None)


def load_cohort(folder: Path) -> Cohort:
    """The cohort that `write_cohort` wrote to `folder`."""
    return load_record(Cohort, folder, summary=SUMMARY)


def write_frame(path: Path, rows: pd.DataFrame, *, index: bool | None = False) -> None:
    """Write a frame as parquet, whole or not at all; index: whether with its own, as pandas means it."""
    stream = io.BytesIO()
    rows.to_parquet(stream, index=index)
    write_bytes(path, stream.getvalue(), private=True)


def write_record(record: Any, folder: Path, *, summary: str, index: bool | None = False) -> None:
    """Write a record's frames as parquet, and its `summary` as canonical JSON to the file of that name."""
    for name in _frames(type(record)):
        write_frame(folder / f"{name}.parquet", getattr(record, name), index=index)
    write_json(folder / summary, record.summary, private=True)


def load_record(kind: Callable[..., T], folder: Path, *, summary: str) -> T:
    """The record that `write_record` wrote to `folder`; numbers of the summary to ten significant digits."""
    frames = {name: pd.read_parquet(folder / f"{name}.parquet") for name in _frames(kind)}
    return kind(**frames, summary=read_json(folder / summary))


def _frames(kind: Any) -> list[str]:
    return [entry.name for entry in fields(kind) if entry.name != "summary"]


def reform_months(settings: Settings) -> np.ndarray:
    """The months in which the reforms of the settings begin, shape (reforms,)."""
    return np.array([_month_of(day, settings.source) for day in settings.release.reforms], dtype=np.int64)


def _month_of(day: str, source: str) -> int:
    begins = None
    try:
        begins = date.fromisoformat(day)
    except ValueError:
        pass
    if begins is None:
        raise SettingsError(REFUSALS["no_date"].filled(file=source))
    return begins.year * 12 + begins.month - 1
