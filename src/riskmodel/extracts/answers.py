"""Answers as written to answers as coded: one column per item, unknown codes and impossible numbers found."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from riskmodel.extracts.frames import surrounded_by_blanks
from riskmodel.extracts.months import birth_years
from riskmodel.extracts.numbers import UNREADABLE, decimal_numbers
from riskmodel.extracts.quarantine import Finding
from riskmodel.extracts.refusals import REFUSALS
from riskmodel.extracts.text_table import TextColumn, TextTable, text_array, text_column
from riskmodel.ground.errors import SurveyDataError
from riskmodel.ground.text import Text, quoted
from riskmodel.instrument.records import NO_ANSWER, NOT_ASKED, Instrument, Item
from riskmodel.instrument.spelling import code_by_spelling, no_answer_spellings, spelling

UNKNOWN = "?"  # stands for an answer that no level of the item knows


@dataclass(frozen=True)
class Question:
    """An item and the heading it stands under in one file; None where that year's form did not hold it.

    source: where the rows of one file are of several years, so that each row's says whether it was asked; else "".
    """

    item: Item
    heading: str | None
    source: str = ""


def questions(instrument: Instrument, source: str, year: int | None = None) -> tuple[Question, ...]:
    """The items read from `source`: those with a column there in some year, and a use."""
    asked = [
        item
        for item in instrument.items
        if item.use != "never" and any(key.partition(".")[0] == source for key in item.columns)
    ]
    if year is not None:
        return tuple(Question(item, item.column(source, year) or None) for item in asked)
    return tuple(Question(item, item.heading(source) or None, _of_rows(item, source)) for item in asked)


def _of_rows(item: Item, source: str) -> str:
    return source if item.changes_heading(source) else ""


def wanted_headings(asked: Iterable[Question]) -> dict[str, Text]:
    """Heading to what it is for, of the questions that were asked."""
    return {one.heading: REFUSALS["use_item"].filled(item=one.item.id) for one in asked if one.heading}


def coded_answers(
    table: TextTable, asked: Iterable[Question], *, no_answer: tuple[str, ...], years: np.ndarray
) -> dict[str, pd.Series | np.ndarray]:
    """One column per item: text codes, or float64 with NaN for no answer. years: when answered, shape (n,)."""
    columns: dict[str, pd.Series | np.ndarray] = {}
    for question in asked:
        item, silent = question.item, no_answer_spellings(question.item, no_answer)
        if question.heading is None:
            columns[item.id] = _not_asked(item, table.rows_n)
        elif item.is_number:
            columns[item.id] = _numbers(table.column(question.heading), item, silent, years)
        else:
            columns[item.id] = table.column(question.heading).translated(_code_of(item, silent))
        if question.source and question.heading:
            asked_then = _years_asked(item, question.source, years)
            columns[item.id] = pd.Series(columns[item.id]).where(asked_then, item.not_asked)
    return columns


def answer_findings(
    table: TextTable, asked: Iterable[Question], *, no_answer: tuple[str, ...], file: str
) -> list[Finding]:
    """Blanks, texts that mean no answer and stray blanks, per heading."""
    findings = []
    for question in asked:
        if question.heading is None:
            continue
        column, silent = table.column(question.heading), no_answer_spellings(question.item, no_answer)
        is_blank, is_silent = column.each(_is_blank, bool), column.each(_is_one_of(silent), bool)
        findings.append(Finding(file, question.heading, "blank", int(is_blank.sum())))
        findings.append(Finding(file, question.heading, "no_answer_text", int((is_silent & ~is_blank).sum())))
    return findings + surrounded_by_blanks(table, wanted_headings(asked), file=file)


def check_answered(rows: pd.DataFrame, asked: Iterable[Question], *, file: str) -> None:
    """Raise a `SurveyDataError` when an item that was asked has no answer at all in `rows`."""
    for question in asked:
        answers = rows.loc[_are_asked(question, rows), question.item.id]
        if question.heading and len(answers) and not is_answered(answers).any():
            told = {"heading": quoted(question.heading), "item": question.item.id, "n": len(answers)}
            raise SurveyDataError(REFUSALS["nobody_answered"].filled(file=file, **told))


def check_labels(table: TextTable, asked: Iterable[Question], *, file: str) -> None:
    """Raise a `SurveyDataError` where the file itself says that a code means another level than the instrument does."""
    labels = {spelling(heading): own for heading, own in table.labels.items()}
    for question in asked:
        known = code_by_spelling(question.item)
        own = labels.get(spelling(question.heading or ""), {})
        pairs = [(known.get(spelling(code)), known.get(spelling(label))) for code, label in own.items()]
        wrong_n = sum(by_code != by_label for by_code, by_label in pairs if by_code and by_label)
        if wrong_n:
            told = {"heading": quoted(question.heading or ""), "item": question.item.id, "n": wrong_n, "all": len(own)}
            raise SurveyDataError(REFUSALS["labels_differ"].filled(file=file, **told))


def check_missing(table: TextTable, asked: Iterable[Question], *, no_answer: tuple[str, ...], file: str) -> None:
    """Raise a `SurveyDataError` where a code that the file itself calls missing would be read as a number."""
    missing = {spelling(heading): own for heading, own in table.missing.items()}
    for question in asked:
        item, own = question.item, missing.get(spelling(question.heading or ""), frozenset())
        if not own or not item.is_number or item.derive == "age":
            continue
        spoken = sorted(own - {code for code in own if spelling(code) in no_answer_spellings(item, no_answer)})
        values = np.rint(decimal_numbers(text_column(text_array(spoken))) * item.scale)
        wrong_n = int(((values >= float(item.minimum or 0)) & (values <= float(item.maximum or 0))).sum())
        if wrong_n:
            told = {"heading": quoted(question.heading or ""), "item": item.id, "n": wrong_n}
            raise SurveyDataError(REFUSALS["missing_as_number"].filled(file=file, **told))


def _are_asked(question: Question, rows: pd.DataFrame) -> np.ndarray:
    """Rows whose answers count: those of a form that held the question and, of an age, of a year that can be read."""
    years = rows["year"].to_numpy() if "year" in rows else np.full(len(rows), UNREADABLE)
    asked = np.ones(len(rows), dtype=bool)
    if question.source:
        asked &= _years_asked(question.item, question.source, years)
    if question.item.derive == "age" and "year" in rows:  # when it was answered can't be read: that is said, not this
        asked &= years != UNREADABLE
    return asked


def age_findings(rows: pd.DataFrame, asked: Iterable[Question], *, file: str) -> list[Finding]:
    """How many ages lie outside the instrument's limits; they stay, since the cohort says who belongs to it."""
    findings = []
    for question in asked:
        if question.heading and question.item.derive == "age":
            ages = rows[question.item.id]
            is_outside = (ages < float(question.item.minimum or 0)) | (ages > float(question.item.maximum or 0))
            findings.append(Finding(file, question.heading, "age_outside_limits", int(is_outside.sum())))
    return findings


def is_answered(answers: pd.Series) -> pd.Series:
    """Whether somebody answered, known to the instrument or not, of one item's coded answers."""
    return ~answers.isin([NO_ANSWER, NOT_ASKED]) & answers.notna()


def _not_asked(item: Item, rows_n: int) -> pd.Series | np.ndarray:
    return np.full(rows_n, np.nan) if item.is_number else pd.Series(np.full(rows_n, NOT_ASKED), dtype=str)


def _code_of(item: Item, silent: frozenset[str]) -> Callable[[str], str]:
    codes = code_by_spelling(item)

    def code_of(text: str) -> str:
        written = spelling(text)
        if written in silent:
            return NO_ANSWER
        return codes.get(written) or UNKNOWN

    return code_of


def _numbers(column: TextColumn, item: Item, silent: frozenset[str], years: np.ndarray) -> np.ndarray:
    is_silent = column.each(_is_one_of(silent), bool)
    if item.derive == "age":
        born = birth_years(column)
        ages = np.where(np.isinf(born), born, years - born)
        values = np.where(years == UNREADABLE, np.nan, ages)
    else:
        values = np.rint(decimal_numbers(column) * item.scale)
    return np.where(is_silent, np.nan, values)


def _is_blank(text: str) -> bool:
    return not spelling(text)


def _is_one_of(spellings: frozenset[str]) -> Callable[[str], bool]:
    return lambda text: spelling(text) in spellings


def _years_asked(item: Item, source: str, years: np.ndarray) -> np.ndarray:
    """Whether the form of each row's year held `item`, bool, shape (n,)."""
    every, place = np.unique(years, return_inverse=True)
    return np.array([bool(item.column(source, int(year))) for year in every], dtype=bool)[place]
