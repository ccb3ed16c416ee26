"""Answers that the instrument does not know: emptied, counted per item and year, and limited in number."""

from collections.abc import Iterable, Iterator

import numpy as np
import pandas as pd

from riskmodel.extracts.answers import Question, is_answered
from riskmodel.extracts.quarantine import FEW, NO_YEAR
from riskmodel.extracts.refusals import REFUSALS
from riskmodel.extracts.text_table import TextTable
from riskmodel.extracts.words import shown_words
from riskmodel.ground.errors import SurveyDataError
from riskmodel.ground.text import quoted
from riskmodel.ground.words import percent
from riskmodel.instrument.records import Item

REASONS = ("unknown_code", "unreadable_number")
SHOWN = 5  # words named in a message
UNKNOWN_COLUMNS = ["item", "heading", "year", "n", "answered_n", "words"]


def unknown_answers(
    table: TextTable, rows: pd.DataFrame, failures: pd.DataFrame, asked: Iterable[Question], *, profile: str
) -> pd.DataFrame:
    """One row per item and year (`NO_YEAR`: where none is said) with answers that are not known.

    rows: as coded, index the number of the row in the file. Columns: item, heading, year, n, answered_n, words (what
    was written, where `profile` lets it be shown, else "").
    """
    found = failures[failures["reason"].isin(REASONS)]
    years = rows["year"].where(rows["year"] > 0, NO_YEAR) if "year" in rows else pd.Series(NO_YEAR, index=rows.index)
    lines = []
    for question in asked:
        at = pd.Index(found.loc[found["column"] == question.item.id, "row"].unique())
        if question.heading and len(at):
            answered_n = years[is_answered(rows[question.item.id])].value_counts()
            for year, own in years.loc[at].groupby(years.loc[at]):
                words = _words(table, rows, own.index, question, profile=profile)
                line = (question.item.id, question.heading, year, len(own), answered_n[year], words)
                lines.append(line)
    frame = pd.DataFrame(lines, columns=UNKNOWN_COLUMNS)
    whole = {"year": "int64", "n": "int64", "answered_n": "int64"}
    return frame.astype({"item": str, "heading": str, **whole, "words": str})


def check_unknown(unknown: pd.DataFrame, rows: pd.DataFrame, asked: Iterable[Question], file: str, most: float) -> None:
    """Raise a `SurveyDataError` when more than the share `most` of an item's answers are not known, in the whole file
    or, beyond `FEW` answers, in a year of it.
    """
    for question in asked:
        item, own = question.item, unknown[unknown["item"] == question.item.id]
        if own.empty:
            continue
        answered_n = int(is_answered(rows[item.id]).sum())
        for where, found_n, all_n, words in _parts(own, answered_n, file):
            if found_n > most * all_n:
                shares = {"share": percent(found_n / all_n, digits=1), "most": percent(most, digits=1)}
                named = {"heading": quoted(question.heading or ""), "item": item.id, "n": found_n, "all": all_n}
                told = {"shown": f": {words}" if words else "", "remedy": REFUSALS[_remedy(item)]}
                raise SurveyDataError(REFUSALS["unknown_answers"].filled(where=where, **named, **shares, **told))


def _parts(own: pd.DataFrame, answered_n: int, file: str) -> Iterator[tuple[str, int, int, str]]:
    """Every year with more than a few, and the whole file; the year first, since it says more."""
    for year, n, all_n, words in own[["year", "n", "answered_n", "words"]].itertuples(index=False, name=None):
        if year != NO_YEAR and n > FEW:
            yield f"{file}, {year}", n, all_n, words
    yield file, int(own["n"].sum()), answered_n, ", ".join(word for word in own["words"] if word)


def _words(table: TextTable, rows: pd.DataFrame, at: pd.Index, question: Question, *, profile: str) -> str:
    """What was written most in the rows `at`, the most often first; how often would tell what stays hidden."""
    persons = rows.loc[at, "person_id"].to_numpy() if "person_id" in rows else np.asarray(at)
    texts = table.column(question.heading or "")
    written = [texts.texts[code] for code in texts.codes[np.asarray(at) - table.first_row]]
    counts = shown_words(written, persons, profile=profile)
    return ", ".join([repr(word) for word in counts["word"] if word][:SHOWN])


def _remedy(item: Item) -> str:
    if item.derive == "age":
        return "write_birth_years"
    return "write_numbers" if item.is_number else "add_alias"
