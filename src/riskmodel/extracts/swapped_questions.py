"""Questions that changed places in a year: each is answered as another one was, by the year before or by oneself."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import pairwise
from math import sqrt
from typing import NamedTuple

import numpy as np
import pandas as pd

from riskmodel.extracts.answers import is_answered
from riskmodel.extracts.quarantine import Finding
from riskmodel.extracts.refusals import REFUSALS
from riskmodel.extracts.stops import Stop, noted
from riskmodel.extracts.year_notes import Answers
from riskmodel.ground.words import MONTHS_A_YEAR
from riskmodel.instrument.records import Instrument, Item

FEWEST = 50  # answers of a year
MOVED = 4.0  # standard errors beyond which a question is answered otherwise than the year before, or by the same person
AS_ANOTHER = 0.2  # of its distance from itself the year before: how near it lies to another question then
BY_OTHERS = 2.0  # standard errors, without those who answered in the most usual way: all may have left that with time
PARTS = np.linspace(0, 1, 11)[1:-1]  # numbers are counted by tenths of what both questions are answered with


class _Swap(NamedTuple):
    """The places among the items of those whose answers of a year are each other's, and how many answers say so."""

    source: str
    year: int
    places: list[int]
    n: int


def swapped_questions(
    answers: Iterable[Answers], instrument: Instrument, accepted: Collection[str]
) -> Iterator[Finding]:
    """Raise a `SurveyDataError` where a year's answers stand under each other's questions.

    Only questions with the same answers are held against each other: by how the year before answered them, and by
    persons who answered at another time, too. What a named person has `accepted` is told.
    """
    sources, told = list(answers), set()
    for items in _alike(instrument):
        for swap in [*_by_persons(sources, items), *_by_years(sources, items)]:
            if (swap.source, swap.year, *swap.places) not in told:
                told.add((swap.source, swap.year, *swap.places))
                yield noted(_stop(swap, items), accepted)


def _stop(swap: _Swap, items: list[Item]) -> Stop:
    ids = ", ".join(sorted(items[at].id for at in swap.places))
    refusal = REFUSALS["answered_as_others"].filled(source=swap.source, year=swap.year, items=ids, n=swap.n)
    return Stop(swap.source, str(swap.year), "swapped_questions", swap.n, refusal)


def _alike(instrument: Instrument) -> Iterator[list[Item]]:
    """The questions that are answered with the same answers."""
    found: dict[object, list[Item]] = {}
    for item in instrument.items:
        if item.columns and item.use != "never" and not item.derive:
            found.setdefault("number" if item.is_number else frozenset(item.codes), []).append(item)
    yield from (items for items in found.values() if len(items) > 1)


def _by_years(sources: Iterable[Answers], items: list[Item]) -> Iterator[_Swap]:
    """Years in which each of some questions is answered as another of them was the year before."""
    for each in sources:
        years = _counted(each, items)
        for before, now in pairwise(sorted(years)):
            places = _places(years[before], years[now])
            if places:
                yield _Swap(each.source, now, places, int(min(years[now][at].sum() for at in places)))


def _by_persons(sources: Iterable[Answers], items: list[Item]) -> Iterator[_Swap]:
    """Years in which the same persons give each of some questions the answer that they gave another at another time."""
    rows = [_coded(each, items) for each in sources if "person_id" in each.rows]
    if not rows or items[0].is_number:  # which change in between
        return
    whole = pd.concat(rows, ignore_index=True).sort_values(["person", "month"], kind="stable", ignore_index=True)
    codes, person = whole[[*range(len(items))]].to_numpy(), whole["person"].to_numpy()
    again = np.append(person[1:] == person[:-1], False)  # the next row is the same person's
    at = np.arange(len(person))
    partner = np.where(np.roll(again, 1), at - 1, np.where(again, at + 1, -1))
    found = []
    for (source, year), own in whole[partner >= 0].groupby(["source", "year"], sort=False):
        is_earlier = partner[own.index] < own.index
        swapped, n = _given_as_others(codes[own.index], codes[partner[own.index]], is_earlier)
        if swapped:
            found.append(_Swap(str(source), int(str(year)), swapped, n))
    yield from sorted(found, key=lambda swap: -swap.n)


def _coded(answers: Answers, items: list[Item]) -> pd.DataFrame:
    """A row per form: person, month, source, year and a whole number for each item's answer, −1 for none."""
    month = answers.year * MONTHS_A_YEAR if answers.month is None else answers.month
    keys = {"person": answers.rows["person_id"], "month": month.astype(int), "year": answers.year.astype(int)}
    none = pd.Series(None, answers.rows.index, dtype=object)
    given = {
        place: pd.Index(sorted(item.codes)).get_indexer(pd.Index(answers.rows.get(item.id, none)))
        for place, item in enumerate(items)
    }
    rows = pd.DataFrame(keys | given).assign(source=answers.source)
    return rows[rows["person"] != ""]


def _given_as_others(now: np.ndarray, then: np.ndarray, is_earlier: np.ndarray) -> tuple[list[int], int]:
    """Of which questions the answers stand in one another's places, and of how few persons' answers at least.

    now, then: what the same persons answered, shape (persons, questions). is_earlier: whether then was before now.
    """
    found: dict[int, int] = {}
    as_others_n = {}
    for at in range(now.shape[1]):
        both = (now[:, [at]] >= 0) & (then[:, [at]] >= 0) & (then >= 0) & (then != then[:, [at]])
        as_other, as_own = both & (now[:, [at]] == then), both & (now[:, [at]] == then[:, [at]])
        errors = _beyond(as_other, as_own)
        other = int(errors.argmax())
        rest = ~_most_usual(then[:, [at, other]], both[:, other], is_earlier)
        if errors[other] > MOVED and _beyond(as_other[rest, other], as_own[rest, other]) > BY_OTHERS:
            found[at] = other
            as_others_n[at] = int(as_other.sum(axis=0).max())
    places = _in_each_others(found)
    return places, min((as_others_n[at] for at in places), default=0)


def _beyond(more: np.ndarray, less: np.ndarray) -> np.ndarray:
    """By how many standard errors `more` are true than `less`, of each column."""
    more_n, less_n = more.sum(axis=0), less.sum(axis=0)
    return np.asarray((more_n - less_n) / np.sqrt(np.maximum(more_n + less_n, 1)))


def _most_usual(pair: np.ndarray, counted: np.ndarray, is_earlier: np.ndarray) -> np.ndarray:
    """Who gave the two answers that most of the `counted` gave, among those before and among those after; bool."""
    usual = np.zeros(len(pair), dtype=bool)
    for side in (is_earlier, ~is_earlier):
        answers, answers_n = np.unique(pair[counted & side], axis=0, return_counts=True)
        if len(answers):
            usual |= side & (pair == answers[answers_n.argmax()]).all(axis=1)
    return usual


def _counted(answers: Answers, items: list[Item]) -> Mapping[int, np.ndarray]:
    """How many gave each answer to each question, by year; shape (questions, answers)."""
    none = pd.Series(None, answers.rows.index, dtype=object)
    given = [answers.rows.get(item.id, none) for item in items]
    columns = [one.where(is_answered(one)) for one in given]
    if items[0].is_number:
        numbers = [column.astype(float) for column in columns]
        edges = np.unique(pd.concat(numbers).quantile(PARTS))
        columns = [pd.Series(np.searchsorted(edges, one), one.index).where(one.notna()) for one in numbers]
    codes = range(len(edges) + 1) if items[0].is_number else sorted(items[0].codes)
    counts = [pd.crosstab(answers.year, column).reindex(columns=codes, fill_value=0) for column in columns]
    years = sorted({*answers.year.astype(int)})
    return {year: np.array([one.reindex([year], fill_value=0).to_numpy()[0] for one in counts]) for year in years}


def _places(before: np.ndarray, now: np.ndarray) -> list[int]:
    """Of which questions the answers stand in one another's places."""
    enough = np.minimum(before.sum(axis=1), now.sum(axis=1)) >= FEWEST
    moved = [int(at) for at in np.flatnonzero(enough) if _errors(*_distance(now[at], before[at])) > MOVED]
    found: dict[int, int] = {}
    for at in moved:
        others = {other: _distance(now[at], before[other])[0] for other in moved if other != at}
        nearest = min(others, key=others.__getitem__, default=at)
        if others and others[nearest] < AS_ANOTHER * _distance(now[at], before[at])[0]:
            found[at] = nearest
    return _in_each_others(found)


def _in_each_others(found: Mapping[int, int]) -> list[int]:
    """Those of the questions found to stand in another's place that stand in the places of one another."""
    kept = dict(found)
    while {*kept} != {*kept.values()}:
        kept = {at: other for at, other in kept.items() if other in kept and at in kept.values()}
    return [*kept]


def _distance(one: np.ndarray, other: np.ndarray) -> tuple[float, int]:
    """The chi-squared distance of two counts of answers, and its degrees of freedom."""
    both = np.array([one, other], dtype=float)[:, (one + other) > 0]
    expected = both.sum(axis=1, keepdims=True) * both.sum(axis=0) / both.sum()
    return float(((both - expected) ** 2 / expected).sum()), max(both.shape[1] - 1, 1)


def _errors(distance: float, freedom: int) -> float:
    """How many standard errors a chi-squared distance lies above chance (Wilson and Hilferty's cube root)."""
    part = 2 / (9 * freedom)
    return ((distance / freedom) ** (1 / 3) - (1 - part)) / sqrt(part)
