"""The points, risk and rarity of a whole table as one Ibis expression, for any engine (method.md 4).

Every distinct answer of a column is read by the function that reads a single case's; the expression only repeats what
it said. So a table and a case can't disagree.
"""

import math
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial, reduce
from itertools import product
from operator import add
from pathlib import Path

import ibis
import ibis.expr.types as ir

from riskmodel.ground.errors import SurveyDataError
from riskmodel.ground.text import listed
from riskmodel.ground.words import read_words
from riskmodel.release.answers import (
    LARGEST_WRITTEN,
    UNKNOWN,
    allowed_answers,
    no_answer_spellings,
    read_answer,
    scored_numbers,
    silent_numbers,
    why_not_scored,
)
from riskmodel.release.item import Code, Item, Question
from riskmodel.release.landmark import RARITY_LIMIT, Landmark
from riskmodel.release.record import Release

CASE_ID = "case_id"
WITH_QUICK_LISTS = ("duckdb",)
# DuckDB's own functions, by name: where something stands in a list, a null too; and what stands in a place of one
LIST_POSITION, LIST_EXTRACT = (
    ibis.udf.scalar.builtin(name=name, signature=((None, None), kind))(lambda values, one: None)
    for name, kind in (("list_position", "int32"), ("list_extract", "int64"))
)
Given = str | int | float | bool  # what may stand in a column, as the engine hands it over
LARGEST_EXACT = float(2**53)
MOST_DIFFERENT = 5000  # distinct answers read from one column; more texts than that can't all be known
MOST_AMOUNTS = 50_000  # … amounts written as text; numbers are rounded before they are read
REFUSALS = read_words(Path(__file__).parent / "texts" / "refusals.toml")


@dataclass(frozen=True)
class _Answers:
    """A question's column, and what each distinct answer in it says.

    is_known: whether all are read and say something.
    """

    item: Question
    column: ir.Column
    readings: Mapping[Given, Code | None]
    is_known: bool

    @property
    def is_blank(self) -> ir.BooleanValue:
        """Whether there is nothing in the column."""
        nothing = self.column.isnull()
        return nothing | self.column.isnan() if self.column.type().is_floating() else nothing


def scores(release: Release, landmark: Landmark, answers_by_case: ir.Table) -> ir.Table:
    """One row a case of `answers_by_case`: case_id and, as in `release.scoring.Scored`, points, risk and unusual.

    A column the release needs and the table lacks, or an answer it does not know, is a `SurveyDataError` with the
    number of rows. Answers that lead to a rule of their own, and numbers out of range, have no score.
    """
    needed = [CASE_ID, *(question.id for question in landmark.questions)]
    missing = [name for name in needed if name not in answers_by_case.columns]
    if missing:
        raise SurveyDataError(REFUSALS["no_column"].filled(columns=", ".join(missing)))
    answers = {question.id: _read(release, answers_by_case, question) for question in landmark.questions}
    _check_known(answers_by_case, list(answers.values()))
    points = reduce(add, (_added(release, item, answers, item.points_of) for item in landmark.items))
    unusual = _unusual(release, landmark, answers)
    summed = answers_by_case.select(CASE_ID, points=points.cast("int64"), unusual=unusual)
    risk = ibis.array([float(value) for value in landmark.risk.values])[summed["points"] - landmark.risk.first]
    shown = ibis.cases((summed["unusual"], ibis.null("float64")), else_=risk)
    return summed.select(CASE_ID, "points", risk=shown, unusual=summed["unusual"])


def _unusual(release: Release, landmark: Landmark, answers: Mapping[str, _Answers]) -> ir.BooleanValue:
    """Whether each case is unusual; null where an answer has no score, and in early formats, which add floats."""
    rarity = landmark.rarity
    if rarity is None:
        return ibis.null("boolean")
    added = (_added(release, item, answers, partial(rarity.of_answer, item)) for item in landmark.items)
    return reduce(add, added) + rarity.mean > RARITY_LIMIT


def _read(release: Release, answers_by_case: ir.Table, item: Question) -> _Answers:
    column, is_amount = answers_by_case[item.id], item.scale != 1
    kind, no_answer = column.type(), no_answer_spellings(release, item)
    if kind.is_numeric() and not kind.is_integer():
        column = column.cast("float64")
    is_number = kind.is_numeric() and item.numbers is not None
    if is_number and is_amount:
        return _read_amounts(release, answers_by_case, item)
    given, is_all = _distinct(answers_by_case, column, MOST_AMOUNTS if is_amount else MOST_DIFFERENT)
    if is_number and not is_all:
        column = _unscored_as_one(release, item, column.cast("float64"), silent_numbers(item, no_answer=no_answer))
        given, is_all = _distinct(answers_by_case, column, MOST_DIFFERENT)
    readings = {one: read_answer(item, one, no_answer=no_answer) for one in given}
    return _answers(item, column, readings, is_all=is_all)


def _read_amounts(release: Release, answers_by_case: ir.Table, item: Question) -> _Answers:
    """Numbers that are multiplied: rounded by the engine, as there may be as many of them as rows."""
    column = answers_by_case[item.id].cast("float64")
    silent = silent_numbers(item, no_answer=no_answer_spellings(release, item))
    is_beyond = column.abs() >= LARGEST_WRITTEN
    product = is_beyond.ifelse(0.0, column) * float(item.scale)  # the engine's floor is a whole number of 64 bits
    low = product.floor()
    over = product - low
    is_odd = (low / 2).floor() * 2 != low
    steps = low + ((over > 0.5) | ((over == 0.5) & is_odd)).ifelse(1.0, 0.0)  # halves to even
    is_nothing = column.isnull() | column.isnan() | column.isin(silent)
    steps = ibis.cases((is_nothing, ibis.null("float64")), (is_beyond, ibis.literal(math.inf)), else_=steps)
    steps = _unscored_as_one(release, item, steps)
    given, is_all = _distinct(answers_by_case, steps, MOST_DIFFERENT)
    readings = {one: UNKNOWN if math.isinf(float(one)) else int(one) for one in given}
    return _answers(item, steps, readings, is_all=is_all)


def _unscored_as_one(release: Release, item: Question, column: ir.Column, silent: Sequence[float] = ()) -> ir.Column:
    """The whole numbers in `column` that neither have a score nor are `silent`, all as one that has no score either.

    There may be as many of them as rows. What is no whole number, or has no end, stays as it is, to be refused.
    """
    scored = scored_numbers(item, release.abstention)
    first, last = min(scored, default=1), max(scored, default=0)  # all between them have a score
    is_finite = column.notnull() & ~column.isnan() & (column.abs() <= sys.float_info.max)
    within = (column.abs() < LARGEST_EXACT).ifelse(column, 0.0)  # beyond, every number is whole
    is_unscored = (within == within.floor()) & ((column < float(first)) | (column > float(last)))
    is_silent = column.isin(silent)
    return (is_finite & is_unscored & ~is_silent).ifelse(float(max(LARGEST_WRITTEN, last + 1)), column)


def _distinct(answers_by_case: ir.Table, column: ir.Column, most: int) -> tuple[list[Given], bool]:
    """The different answers in `column`, no more than `most`, and whether those are all."""
    distinct = answers_by_case.select(given=column).distinct().limit(most + 1).to_pyarrow()
    given = [one for one in distinct["given"].to_pylist() if one is not None and one == one]  # NaN differs from itself
    return given, len(distinct) <= most


def _answers(item: Question, column: ir.Column, readings: Mapping[Given, Code | None], *, is_all: bool) -> _Answers:
    known = {one: answer for one, answer in readings.items() if answer != UNKNOWN}
    return _Answers(item, column, known, len(known) == len(readings) and is_all)


def _check_known(answers_by_case: ir.Table, answers: Sequence[_Answers]) -> None:
    unknown = [entry for entry in answers if not entry.is_known]
    if not unknown:
        return
    counted = {entry.item.id: (~entry.is_blank & ~entry.column.isin(list(entry.readings))).sum() for entry in unknown}
    rows_n = answers_by_case.aggregate(**counted).to_pyarrow().to_pylist()[0]
    told = [
        REFUSALS["rows_unknown"].filled(
            item=entry.item.id, n=rows_n[entry.item.id], allowed=allowed_answers(entry.item)
        )
        for entry in unknown
        if rows_n[entry.item.id]
    ]
    if told:
        raise SurveyDataError(REFUSALS["answers_unknown"].filled(told=listed(told, "; ")))


def _added(
    release: Release, item: Item, answers: Mapping[str, _Answers], number_of: Callable[[Code | None], int]
) -> ir.IntegerValue:
    """The number of what is answered to the questions of `item`; null where one of the answers has no score."""
    if not item.of:
        return _whole(release, answers[item.id], number_of)
    codes = [[*question.answers, None] for question in item.of]
    places = [_whole(release, answers[question.id], own.index) for question, own in zip(item.of, codes, strict=True)]
    ids = [question.id for question in item.of]
    answered = [dict(zip(ids, both, strict=True)) for both in product(*codes)]
    return ibis.array([number_of(given) for given in map(item.given, answered)])[places[0] * len(codes[1]) + places[1]]


def _whole(release: Release, answers: _Answers, number_of: Callable[[Code | None], int]) -> ir.IntegerValue:
    """The whole number that stands for each answer, null where it has no score."""
    scored = {
        given: number_of(answer)
        for given, answer in answers.readings.items()
        if why_not_scored(release, answers.item, answer) is None
    }
    blank = number_of(None) if why_not_scored(release, answers.item, None) is None else None
    if _has_quick_lists(answers.column):
        return _listed(answers.column, scored, blank=blank)
    return ibis.cases((answers.is_blank, ibis.literal(blank, "int64")), else_=_compared(answers.column, scored))


def _has_quick_lists(column: ir.Column) -> bool:
    return column.get_backend().name in WITH_QUICK_LISTS


def _listed(column: ir.Column, points: Mapping[Given, int], *, blank: int | None) -> ir.IntegerValue:
    """The points of each answer in `column`, by its place in a list; null for one that has none.

    blank: those of no answer.

    Functions alone, no cases or casts: such a chain runs once for each entry of a parquet file's dictionary.
    """
    kind = column.type()
    nothing = [ibis.null(kind), *([ibis.literal(math.nan, kind)] if kind.is_floating() else [])]
    given = ibis.array([*nothing, *(ibis.literal(one, kind) for one in points)])
    whole = [ibis.literal(own, "int64") for own in (*[blank] * len(nothing), *points.values())]
    return LIST_EXTRACT(ibis.array(whole), LIST_POSITION(given, column))


def _compared(column: ir.Column, points: Mapping[Given, int]) -> ir.IntegerValue:
    """The points of each answer in `column`, case by case; null for one that has none."""
    nothing = ibis.null("int64")
    if not points:
        return nothing
    return ibis.cases(*((column == given, ibis.literal(own, "int64")) for given, own in points.items()), else_=nothing)
