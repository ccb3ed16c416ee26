"""The three kinds of file that hold answers: intake, survey, and a cohort somebody else has labelled."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from riskmodel.extracts.answers import (
    Question,
    age_findings,
    answer_findings,
    check_answered,
    check_labels,
    check_missing,
    coded_answers,
    is_answered,
    questions,
    wanted_headings,
)
from riskmodel.extracts.causes import sharpened
from riskmodel.extracts.frames import day_numbers, errors_in_cells, months_of, plain, surrounded_by_blanks, years_of
from riskmodel.extracts.ids import IDS, id_of, no_household
from riskmodel.extracts.numbers import UNREADABLE, UNREADABLE_NUMBER, decimal_numbers
from riskmodel.extracts.quarantine import NO_YEAR, QUARANTINE_COLUMNS, Extract, Finding, joined, sift, with_repeated
from riskmodel.extracts.schema import answers_schema, failures
from riskmodel.extracts.text_table import TextTable, check_headings, repeated_rows
from riskmodel.extracts.unknown import OUTSIDE, check_outside, check_unknown, unknown_answers
from riskmodel.ground.settings import Settings
from riskmodel.ground.text import Text
from riskmodel.instrument.records import Instrument, Source
from riskmodel.instrument.spelling import spelling

TEXT_ROLES = {"person_id": "person", "household_id": "household", "area": "area"}
Columns = dict[str, pd.Series | np.ndarray]


@dataclass(frozen=True)
class Form:
    """What was asked in one kind of file, in one year: its questions, and the source that describes the file."""

    name: str
    source: Source
    asked: tuple[Question, ...]
    no_answer: tuple[str, ...]
    survey_year: int | None = None

    @property
    def silent(self) -> frozenset[str]:
        """Spellings that mean nothing was written."""
        return frozenset(map(spelling, self.no_answer))

    @property
    def has_persons(self) -> bool:
        """Whether rows say whose they are; without that, equal rows may be different people."""
        return "person" in self.source.columns


def form_of(instrument: Instrument, source_name: str, survey_year: int | None = None) -> Form:
    """The form of `source_name` in `survey_year`."""
    asked = questions(instrument, source_name, survey_year)
    return Form(source_name, instrument.sources[source_name], asked, instrument.no_answer, survey_year)


def form_extract(tables: Mapping[str, TextTable], form: Form, settings: Settings) -> Extract:
    """Coded answers in all files of one form; tables: file to table.

    Columns: person_id, household_id, area, year, month_of_year and outcome where the form has them, then one per
    item. A cohort may hold several cases of a person; elsewhere a person and month stand once.
    """
    repeated = repeated_rows(tables)
    extracts = {
        file: _file_extract(table, form, settings, file=file, repeated=repeated[file]) for file, table in tables.items()
    }
    return joined(extracts.values()) if form.name == "cohort" else _without_contradictions(extracts, form)


def _file_extract(table: TextTable, form: Form, settings: Settings, *, file: str, repeated: np.ndarray) -> Extract:
    _check_headings(table, form, file=file)
    keys = _keys(table, form)
    years = np.asarray(keys.get("year", np.full(table.rows_n, UNREADABLE)))
    answers = coded_answers(table, form.asked, no_answer=form.no_answer, years=years)
    rows = pd.DataFrame(keys | answers).set_axis(table.row_numbers)
    rows = rows[~repeated] if form.has_persons else rows
    if form.name != "survey":
        check_answered(rows, form.asked, file=file)
    schema = answers_schema([question.item for question in form.asked], [key for key in keys if key != "outcome"])
    found = failures(rows, schema)
    unknown = unknown_answers(table, rows, found, form.asked, profile=settings.release.profile)
    most = settings.delivery.max_unknown_code_share
    check_unknown(unknown, rows, form.asked, file, most)
    outside = unknown_answers(table, rows, found, form.asked, profile=settings.release.profile, reasons=OUTSIDE)
    check_outside(outside, rows, form.asked, file, most)
    sifted = sift(rows, sharpened(found, table, _headings(form)), file=file, headings=_headings(form))
    repeated_reason = "repeated_row" if form.has_persons else "identical_row"
    notes = [Finding(file, "", repeated_reason, int(repeated.sum())), *_notes(table, sifted.rows, form, file=file)]
    unknown = unknown.assign(file=file, source=form.name)
    extract = replace(sifted, findings=(*sifted.findings, *notes), unknown=unknown)
    return with_repeated(extract, years[repeated], file=file) if form.has_persons else extract


def _check_headings(table: TextTable, form: Form, *, file: str) -> None:
    roles: dict[str, str | Text] = {
        heading: f"sources.{form.name}.columns.{role}" for role, heading in form.source.columns.items()
    }
    check_headings(table, wanted_headings(form.asked) | roles, where=file)
    check_labels(table, form.asked, file=file)
    check_missing(table, form.asked, no_answer=form.no_answer, file=file)


def _keys(table: TextTable, form: Form) -> Columns:
    roles = form.source.columns
    silent = form.silent
    columns: Columns = {
        name: table.column(roles[role]).translated(id_of(silent) if name in IDS else plain(silent))
        for name, role in TEXT_ROLES.items()
        if role in roles
    }
    is_dated_by_name = form.survey_year is not None and (form.name == "survey" or "month" not in roles)
    if is_dated_by_name:
        columns["year"] = np.full(table.rows_n, form.survey_year, dtype=np.int64)
    elif "month" in roles:
        found = months_of(table, form.source)
        columns |= {"year": found.year, "month_of_year": found.month_of_year}
    elif "year" in roles:
        columns["year"] = years_of(table, roles["year"], offset=form.source.year_offset)
    if form.name == "cohort":
        columns["outcome"] = _outcomes(table, form.source)
    return columns


def _outcomes(table: TextTable, source: Source) -> pd.Series:
    """0, 1 or missing (unknown), Int8."""
    column = table.column(source.columns["outcome"])
    if source.outcome_above is not None:
        numbers = decimal_numbers(column)
        return pd.Series(np.where(numbers == UNREADABLE_NUMBER, np.nan, numbers > source.outcome_above)).astype("Int8")
    meaning = {spelling(written): outcome for written, outcome in source.outcome_codes.items()}
    return pd.Series(column.each(lambda text: meaning.get(spelling(text), np.nan), float)).astype("Int8")


def _headings(form: Form) -> dict[str, str]:
    roles = form.source.columns
    texts = {column: roles.get(role, "") for column, role in TEXT_ROLES.items()}
    times = {"year": roles.get("year", roles.get("month", "")), "month_of_year": roles.get("month", "")}
    return texts | times | {question.item.id: question.heading or "" for question in form.asked}


def _notes(table: TextTable, rows: pd.DataFrame, form: Form, *, file: str) -> list[Finding]:
    roles = form.source.columns
    notes = answer_findings(table, form.asked, no_answer=form.no_answer, file=file)
    notes += age_findings(rows, form.asked, file=file)
    notes += surrounded_by_blanks(table, [roles[role] for role in TEXT_ROLES.values() if role in roles], file=file)
    notes += errors_in_cells(table, [roles["area"]] if "area" in roles else [], file=file)
    notes += no_household(table, form.source, form.silent, file=file) + day_numbers(table, form.source, file=file)
    if "outcome" in rows:
        notes.append(Finding(file, roles["outcome"], "unknown_outcome", int(rows["outcome"].isna().sum())))
    return notes


def _without_contradictions(extracts: Mapping[str, Extract], form: Form) -> Extract:
    """One row per person and time: equal answers become one row, persons with different answers are set aside.

    A row without an answer, as of a form that was opened and left, says nothing against another.
    """
    rows = pd.concat({file: extract.rows for file, extract in extracts.items()}, names=["file", "row"])
    key = [column for column in ("person_id", "year", "month_of_year") if column in rows]
    is_same = rows.duplicated()
    is_empty = ~is_same & _is_beside_answers(rows, key, form)
    once = rows[~is_same & ~is_empty]
    is_contradictory = once.duplicated(key, keep=False)
    places = once.index[is_contradictory].to_frame(index=False).astype({"file": str, "row": "int64"})
    years = once.loc[is_contradictory, "year"].to_numpy() if "year" in once else NO_YEAR
    heading = form.source.columns["person"]
    cells = places.assign(year=years, column=heading, reason="contradictory_answers")[QUARANTINE_COLUMNS]
    findings = (
        *_counted(is_same, "", "repeated_answers"),
        *_counted(is_empty, "", "empty_beside_answers"),
        *_counted(is_contradictory, heading, "contradictory_answers"),
    )
    return joined([Extract(once[~is_contradictory], findings, cells), *(_rowless(part) for part in extracts.values())])


def _is_beside_answers(rows: pd.DataFrame, key: list[str], form: Form) -> pd.Series:
    """Whether a row holds no answer at all, and another of the same person and time does."""
    answered = pd.DataFrame({one.item.id: is_answered(rows[one.item.id]) for one in form.asked}, index=rows.index)
    is_said = answered.any(axis=1)
    return ~is_said & is_said.groupby([rows[column] for column in key]).transform("any")


def _rowless(extract: Extract) -> Extract:
    return replace(extract, rows=extract.rows.iloc[:0])


def _counted(is_found: pd.Series, heading: str, reason: str) -> list[Finding]:
    counts = is_found.groupby(level="file").sum()
    return [Finding(str(file), heading, reason, int(n)) for file, n in counts.items()]
