"""The three kinds of file that hold answers: intake, survey, and a cohort somebody else has labelled."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from riskmodel.extracts.answers import (
    Question,
    age_findings,
    answer_findings,
    check_answered,
    check_unknown_codes,
    coded_answers,
    questions,
    wanted_headings,
)
from riskmodel.extracts.keys import months_of, plain, surrounded_by_blanks, years_of
from riskmodel.extracts.numbers import UNREADABLE_NUMBER, decimal_numbers
from riskmodel.extracts.quarantine import QUARANTINE_COLUMNS, Extract, Finding, sift
from riskmodel.extracts.schema import answers_schema, failures
from riskmodel.extracts.text_table import TextTable, check_headings
from riskmodel.instrument.records import Instrument, Source
from riskmodel.instrument.spelling import spelling

TEXT_ROLES = {"person_id": "person", "household_id": "household", "area": "area"}
Columns = dict[str, pd.Series | np.ndarray]


@dataclass(frozen=True)
class Form:
    """A file of answers, and what is needed to read it. repeated: rows that stand earlier too, bool, shape (n,)."""

    table: TextTable
    file: str
    source_name: str
    survey_year: int | None
    repeated: np.ndarray

    def source(self, instrument: Instrument) -> Source:
        """What the instrument says of such files."""
        return instrument.sources[self.source_name]


def form_extract(form: Form, instrument: Instrument, *, max_unknown_share: float) -> Extract:
    """Answers in one file, coded: keys (person_id, year, month_of_year, area … as delivered), then the items.

    A survey without year column gets the year of its file. Repeated rows are left out.
    """
    source = form.source(instrument)
    asked = questions(instrument, form.source_name, form.survey_year)
    _check_form(form, source, asked)
    keys = _keys(form, source, instrument.no_answer)
    years = np.asarray(keys.get("year", np.zeros(form.table.rows_n, dtype=np.int64)))
    answers = coded_answers(form.table, asked, no_answer=instrument.no_answer, years=years)
    rows = pd.DataFrame(keys | answers)[~form.repeated]
    if form.source_name != "survey":
        check_answered(rows, asked, file=form.file)
    schema_keys = [key for key in keys if key != "outcome"]
    found = failures(rows, answers_schema([question.item for question in asked], schema_keys))
    check_unknown_codes(rows, found, asked, file=form.file, max_share=max_unknown_share)
    headings = _headings(source, asked)
    sifted = sift(rows, found, file=form.file, headings=headings, first_row=form.table.first_row)
    notes = [*_notes(form, source, asked, instrument), *age_findings(sifted.rows, asked, file=form.file)]
    return Extract(sifted.rows, (*sifted.findings, *notes), sifted.quarantine)


def without_contradictions(extract: Extract, key: Sequence[str], *, form: Form, heading: str) -> Extract:
    """One row per `key`: rows with equal answers become one, and persons with different answers are set aside."""
    rows = extract.rows
    same = rows.duplicated()
    once = rows[~same]
    differing = once[once.duplicated(list(key), keep=False)]
    set_aside = pd.DataFrame(
        {"file": form.file, "row": differing.index + form.table.first_row, "column": heading, "reason": "contradictory_answers"}
    )
    findings = (
        Finding(form.file, "", "repeated_answers", int(same.sum())),
        Finding(form.file, heading, "contradictory_answers", len(differing)),
    )
    quarantine = pd.concat([extract.quarantine, set_aside[QUARANTINE_COLUMNS]], ignore_index=True)
    return Extract(once.drop(index=differing.index), (*extract.findings, *findings), quarantine)


def _check_form(form: Form, source: Source, asked: Iterable[Question]) -> None:
    roles = {heading: f"sources.{form.source_name}.columns.{role}" for role, heading in source.columns.items()}
    check_headings(form.table, wanted_headings(asked) | roles, where=form.file)


def _keys(form: Form, source: Source, no_answer: Iterable[str]) -> Columns:
    table, roles = form.table, source.columns
    meant = plain(map(spelling, no_answer))
    columns: Columns = {
        name: table.column(roles[role]).translated(meant) for name, role in TEXT_ROLES.items() if role in roles
    }
    if form.survey_year is not None:
        columns["year"] = np.full(table.rows_n, form.survey_year, dtype=np.int64)
    elif "month" in roles:
        found = months_of(table, source)
        columns |= {"year": found.year, "month_of_year": found.month_of_year}
    elif "year" in roles:
        columns["year"] = years_of(table, roles["year"], offset=source.year_offset)
    if form.source_name == "cohort":
        columns["outcome"] = _outcomes(table, source)
    return columns


def _outcomes(table: TextTable, source: Source) -> pd.Series:
    """0, 1 or missing (unknown), Int8."""
    column = table.column(source.columns["outcome"])
    if source.outcome_above is not None:
        numbers = decimal_numbers(column)
        known, events = numbers != UNREADABLE_NUMBER, numbers > source.outcome_above
        return pd.Series(np.where(known, events, np.nan)).astype("Int8")
    meaning = {spelling(written): outcome for written, outcome in source.outcome_codes.items()}
    return pd.Series(column.each(lambda text: meaning.get(spelling(text), np.nan), float)).astype("Int8")


def _headings(source: Source, asked: Iterable[Question]) -> dict[str, str]:
    roles = source.columns
    texts = {column: roles.get(role, "") for column, role in TEXT_ROLES.items()}
    times = {"year": roles.get("year", roles.get("month", "")), "month_of_year": roles.get("month", "")}
    return texts | times | {question.item.id: question.heading or "" for question in asked}


def _notes(form: Form, source: Source, asked: Iterable[Question], instrument: Instrument) -> list[Finding]:
    roles = source.columns
    texts = [roles[role] for role in TEXT_ROLES.values() if role in roles]
    notes = [Finding(form.file, "", "repeated_row", int(form.repeated.sum()))]
    if form.source_name == "cohort":
        notes.append(Finding(form.file, roles["outcome"], "unknown_outcome", int(_outcomes(form.table, source).isna().sum())))
    notes += answer_findings(form.table, asked, no_answer=instrument.no_answer, file=form.file)
    return notes + surrounded_by_blanks(form.table, texts, file=form.file)
