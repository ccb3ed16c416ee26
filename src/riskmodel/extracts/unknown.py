"""Answers that the instrument does not know: emptied, counted per item and year, and limited in number."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cache

import numpy as np
import pandas as pd

from riskmodel.extracts.answers import Question, is_answered
from riskmodel.extracts.causes import cause_of
from riskmodel.extracts.quarantine import FEW, NO_YEAR, by_chance
from riskmodel.extracts.refusals import REFUSALS
from riskmodel.extracts.schema import OLDEST_AGE
from riskmodel.extracts.text_table import TextTable
from riskmodel.extracts.words import shown_words
from riskmodel.ground.errors import SurveyDataError
from riskmodel.ground.text import Text, quoted
from riskmodel.ground.words import percent
from riskmodel.instrument.records import Item
from riskmodel.instrument.spelling import code_by_spelling

UNKNOWN, OUTSIDE = ("unknown_code", "unreadable_number"), ("out_of_range",)
HALF = 0.5
SHOWN = 5  # words named in a message
UNKNOWN_COLUMNS = ["item", "heading", "year", "n", "answered_n", "words", "cause"]


def unknown_answers(
    table: TextTable,
    rows: pd.DataFrame,
    failures: pd.DataFrame,
    asked: Iterable[Question],
    *,
    profile: str,
    reasons: Collection[str] = UNKNOWN,
) -> pd.DataFrame:
    """One row per item and year (`NO_YEAR`: where none is said) with answers that are not known, or of other `reasons`.

    rows: as coded, index the number of the row in the file. Columns: item, heading, year, n, answered_n, words (what
    was written, where `profile` lets it be shown, else ""), cause (see `cause_of`; a `Text` or None).
    """
    found = failures[failures["reason"].isin(reasons)]
    if found.empty:
        return _nothing().copy()
    years = rows["year"].where(rows["year"] > 0, NO_YEAR) if "year" in rows else pd.Series(NO_YEAR, index=rows.index)
    lines, by_item = [], {item: pd.Index(cells.unique()) for item, cells in found.groupby("column")["row"]}
    for question in asked:
        at = by_item.get(question.item.id, pd.Index([]))
        if question.heading and len(at):
            answered_n = years[is_answered(rows[question.item.id])].value_counts()
            cause = cause_of(_written(table, at, question), code_by_spelling(question.item))
            for year, own in years.loc[at].groupby(years.loc[at]):
                words = _words(table, rows, own.index, question, profile=profile)
                line = (question.item.id, question.heading, year, len(own), answered_n[year], words, cause)
                lines.append(line)
    return _frame(lines)


@cache
def _nothing() -> pd.DataFrame:
    return _frame([])


def _frame(lines: Sequence[tuple[object, ...]]) -> pd.DataFrame:
    whole = {"year": "int64", "n": "int64", "answered_n": "int64"}
    return pd.DataFrame(lines, columns=UNKNOWN_COLUMNS).astype({"item": str, "heading": str, **whole, "words": str})


def check_unknown(unknown: pd.DataFrame, rows: pd.DataFrame, asked: Iterable[Question], file: str, most: float) -> None:
    """Raise a `SurveyDataError` when more than the share `most` of an item's answers are not known, in the whole file
    or, beyond chance, in a year of it.
    """
    for item, cause, told in _beyond(unknown, rows, asked, file, most):
        raise SurveyDataError(REFUSALS["unknown_answers"].filled(remedy=cause or REFUSALS[_remedy(item)], **told))


def check_outside(outside: pd.DataFrame, rows: pd.DataFrame, asked: Iterable[Question], file: str, most: float) -> None:
    """The same for numbers that the instrument's limits do not allow; up to `FEW` of them stop no whole file either."""
    often = outside[outside.groupby("item")["n"].transform("sum") > FEW]
    for item, cause, told in _beyond(often, rows, asked, file, most):
        lowest, highest = (0, OLDEST_AGE) if item.derive == "age" else (item.minimum, item.maximum)
        what = REFUSALS["as_ages" if item.derive == "age" else "times" if item.scale != 1 else "as_they_stand"]
        limits = {"lowest": lowest, "highest": highest, "what": what.filled(scale=f"{item.scale:g}")}
        remedy = cause or REFUSALS["correct_limits"]
        raise SurveyDataError(REFUSALS["answers_outside"].filled(remedy=remedy, **limits, **told))


def _beyond(
    found: pd.DataFrame, rows: pd.DataFrame, asked: Iterable[Question], file: str, most: float
) -> Iterator[tuple[Item, Text | None, dict[str, object]]]:
    """The first place, of each item, in which more than the share `most` is among the `found`: what is told of it."""
    for question in asked:
        item, own = question.item, found[found["item"] == question.item.id]
        if own.empty:
            continue
        answered_n = int(is_answered(rows[item.id]).sum())
        for where, n, all_n, words in _parts(own, answered_n, file, most):
            if n > most * all_n:
                told = {
                    "where": where,
                    "heading": quoted(question.heading or ""),
                    "item": item.id,
                    "n": n,
                    "all": all_n,
                }
                shares = {"share": percent(n / all_n, digits=1), "most": percent(most, digits=1)}
                yield item, own["cause"].iloc[0], {**told, **shares, "shown": f": {words}" if words else ""}
                break


def _parts(own: pd.DataFrame, answered_n: int, file: str, most: float) -> Iterator[tuple[str, int, int, str]]:
    """The whole file, and every year with more than `by_chance`, the most first; that first which says more.

    A year is what it is about when it holds half of them; a file of a single year is told as the file.
    """
    by_n = own.sort_values("n", ascending=False, kind="stable")
    whole = file, int(own["n"].sum()), answered_n, str(by_n["words"].iloc[0])
    if by_n["year"].iloc[0] != NO_YEAR and by_n["answered_n"].iloc[0] == answered_n:
        yield from [whole] if whole[1] > by_chance(most, answered_n) else []
        return
    is_of_one = by_n["n"].iloc[0] >= HALF * whole[1]
    if not is_of_one:
        yield whole
    for year, n, all_n, words in by_n[["year", "n", "answered_n", "words"]].itertuples(index=False, name=None):
        if year != NO_YEAR and n > by_chance(most, all_n):
            yield f"{file}, {year}", n, all_n, words
    if is_of_one:
        yield whole


def _written(table: TextTable, at: pd.Index, question: Question) -> list[str]:
    """What stands in the rows `at`."""
    texts = table.column(question.heading or "")
    written = np.array(texts.texts, dtype=object)
    return [*written[texts.codes[table.places_of(at)]]]


def _words(table: TextTable, rows: pd.DataFrame, at: pd.Index, question: Question, *, profile: str) -> str:
    """What was written most in the rows `at`, the most often first; how often would tell what stays hidden."""
    persons = rows.loc[at, "person_id"].to_numpy() if "person_id" in rows else np.asarray(at)
    counts = shown_words(_written(table, at, question), persons, profile=profile)
    return ", ".join([repr(word) for word in counts["word"] if word][:SHOWN])


def _remedy(item: Item) -> str:
    if item.derive == "age":
        return "write_birth_years"
    return "write_numbers" if item.is_number else "add_alias"
