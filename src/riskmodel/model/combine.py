"""Several towns' summaries as one table to borrow: what a fit on all their people would have said, without them.

Each town's information is made from what is common there, answers drawn independently; its penalty is taken out again;
and the towns are added with an intercept each and one variance between them (DerSimonian & Laird 1986, in all columns).
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace

import numpy as np
from scipy.linalg import block_diag

from riskmodel.ground.errors import BundleError
from riskmodel.model import REFUSALS
from riskmodel.model.between_towns import Around, added, between_variance, shrunken
from riskmodel.model.levels import step_rows
from riskmodel.model.logistic import probability
from riskmodel.model.spline import spline_basis
from riskmodel.model.summarise import bands_of, rounded, short
from riskmodel.release.town_summary import COMBINATION, FEWEST_PEOPLE, Summary, SummaryItem, Values, logodds_by_answer

DRAWN_N, DRAWN_SEED = 20_000, 20261129  # made people of each town, from whom its information follows
MOST_ROUNDS, SETTLED = 50, 1e-6
Key = str | int  # an answer: a code, or a whole value
Json = dict[str, object]


@dataclass(frozen=True, eq=False)
class Question:
    """An item as all towns can tell of it.

    keys: its answers, without no answer. told: by each town, None where it doesn't ask. basis: log-odds = basis @
    coefficients, up to a constant, shape (answers + 1, columns), no answer last. people: of all towns; alone: of
    those that tell the answer by itself; (answers + 1,).
    """

    told: tuple[SummaryItem | None, ...]
    keys: tuple[Key, ...]
    basis: np.ndarray
    people: np.ndarray
    alone: np.ndarray


@dataclass(frozen=True, eq=False)
class Town:
    """One town's made people, with the sums over its true ones that its optimum gives away.

    x: columns, (drawn, k). n: true people; rate: of events. answered: Σ outcome × columns, (k,).
    """

    x: np.ndarray
    n: int
    rate: float
    answered: np.ndarray

    def around(self, coefficients: np.ndarray) -> Around:
        """Score and information at `coefficients` and the level that keeps the town's own rate of events."""
        risk = at_rate(self.x @ coefficients, self.rate)
        each = self.n / len(self.x)
        curvature = risk * (1 - risk) * each
        away = (self.x - curvature @ self.x / curvature.sum()) * np.sqrt(curvature)[:, None]
        information = away.T @ away
        return Around(information, information @ coefficients + self.answered - each * (risk @ self.x))


def combine(summaries: Sequence[Summary]) -> Json:
    """The combination of the towns' `summaries`: what `release.summary` reads; it is no evidence about any town.

    Between-town variance by moments, one for all columns. A `BundleError` for fewer than two towns, one town twice,
    another month or outcome, or an item whose kind or knots differ.
    """
    check_together(summaries)
    summaries = sorted(summaries, key=lambda one: one.towns[0].code)
    questions = [_question(name, summaries) for name in _names(summaries)]
    towns = [_town(place, summary, questions) for place, summary in enumerate(summaries)]
    coefficients, between = _settled(towns)
    ends = np.cumsum([question.basis.shape[1] for question in questions])
    items = [
        _item(question, question.basis @ own)
        for question, own in zip(questions, np.split(coefficients, ends[:-1]), strict=True)
    ]
    return {
        "kind": COMBINATION,
        "format": 1,
        "month": summaries[0].month,
        "outcome": summaries[0].outcome,
        "towns": [asdict(summary.towns[0]) for summary in summaries],
        "penalty": 0.0,
        "items": items,
        "between": round(float(np.sqrt(between)), 3),
    }


def _settled(towns: Sequence[Town]) -> tuple[np.ndarray, float]:
    """The shared coefficients and the variance between towns, each town seen from them, until they no longer move."""
    coefficients = np.zeros(towns[0].x.shape[1])
    for _ in range(MOST_ROUNDS):
        around = [town.around(coefficients) for town in towns]
        between = between_variance(around)
        step = shrunken(*added(around, between)) - coefficients
        coefficients = coefficients + step / max(1.0, np.abs(step).max())  # from afar a whole step may lead astray
        if np.abs(step).max() < SETTLED:
            return coefficients, between
    raise BundleError(REFUSALS["towns_not_settled"])


def check_together(summaries: Sequence[Summary]) -> None:
    """Refuse (`BundleError`) summaries that can't be added."""
    codes = [town.code for summary in summaries for town in summary.towns]
    if len(summaries) < 2 or len(codes) != len(summaries) or len(set(codes)) != len(codes):
        raise BundleError(REFUSALS["few_towns"].filled(files=len(summaries), towns=len(set(codes))))
    if len({(summary.month, summary.outcome) for summary in summaries}) > 1:
        raise BundleError(REFUSALS["other_summaries"])
    for name in _names(summaries):
        told = [item for summary in summaries for item in summary.items if item.id == name]
        kinds = {(item.kind, _shape(item)) for item in told}
        if len(kinds) > 1:
            raise BundleError(REFUSALS["other_shape"].filled(item=name))


def _shape(item: SummaryItem) -> tuple[object, ...]:
    values = item.values
    return (values.minimum, len(values.logodds), values.scale, values.knots, values.steps) if values else ()


def _names(summaries: Sequence[Summary]) -> list[str]:
    return list(dict.fromkeys(item.id for summary in summaries for item in summary.items))


def _question(name: str, summaries: Sequence[Summary]) -> Question:
    told = tuple(next((item for item in summary.items if item.id == name), None) for summary in summaries)
    known = [item for item in told if item]
    keys = tuple(dict.fromkeys(key for item in known for key in logodds_by_answer(item)))
    people = np.sum([_people(item, keys) for item in known], axis=0)
    alone = np.sum([_people(_alone(item), keys) for item in known], axis=0)
    if known[0].values is None:
        basis = contrasts_of(len(keys) + 1 if people[-1] else len(keys), rows_n=len(keys) + 1)
    else:
        basis = _curve(np.array(keys, dtype=float), known[0].values, people)
    return Question(told, keys, basis, people, alone)


def _alone(item: SummaryItem) -> SummaryItem:
    return replace(item, cells=tuple(cell for cell in item.cells if len(cell.codes) == 1))


def contrasts_of(answers_n: int, *, rows_n: int) -> np.ndarray:
    """Orthonormal contrasts of the first `answers_n` rows, the others zero: equal variances of answers stay equal."""
    square = np.eye(answers_n) - 1 / answers_n
    columns = np.linalg.svd(square)[0][:, : answers_n - 1]
    return np.vstack([columns, np.zeros((rows_n - answers_n, answers_n - 1))])


def _curve(answers: np.ndarray, told: Values, people: np.ndarray) -> np.ndarray:
    """The spline over its spread, a column a step, and one of its own for no answer where some gave none."""
    rows, share = spline_basis(answers, told.knots), people[:-1] / people[:-1].sum()
    mean = share @ rows
    rows = (rows - mean) / np.sqrt(share @ (rows - mean) ** 2)
    rows = np.hstack([rows, step_rows(answers, told.steps, people[:-1])])
    rows = np.vstack([rows, np.zeros((1, rows.shape[1]))])
    return np.column_stack([rows, np.arange(len(rows)) == len(answers)]) if people[-1] else rows


def _people(item: SummaryItem, keys: Sequence[Key]) -> np.ndarray:
    """People at each of `keys`, no answer last: those of answers told together share alike."""
    found = dict.fromkeys(keys, 0.0)
    for cell in item.cells:
        found.update({code: cell.people / len(cell.codes) for code in cell.codes})
    for band in item.values.bands if item.values else ():
        width = band.last - band.first + 1
        found.update({value: band.people / width for value in range(band.first, band.last + 1)})
    return np.array([*found.values(), item.no_answer.people if item.no_answer else 0.0])


def _town(place: int, summary: Summary, questions: Sequence[Question]) -> Town:
    """What the town's optimum says: there the penalty's pull is what outcomes and risks differ by, column by column."""
    rng = np.random.default_rng([DRAWN_SEED, place])
    parts = [_part(question.told[place], question, rng) for question in questions]
    x = np.hstack([drawn for drawn, _, _ in parts])
    optimum = np.concatenate([coefficients for _, coefficients, _ in parts])
    penalty = block_diag(*(block for _, _, block in parts)) * summary.penalty
    n, rate = summary.towns[0].n, summary.towns[0].events_n / summary.towns[0].n
    return Town(x, n, rate, n / len(x) * (at_rate(x @ optimum, rate) @ x) + penalty @ optimum)


def _part(
    told: SummaryItem | None, question: Question, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """One item in one town: made people's columns, the coefficients of its optimum, and what its ridge was there."""
    width = question.basis.shape[1]
    if told is None:  # not asked there: it knows nothing of it
        return np.zeros((DRAWN_N, width)), np.zeros(width), np.zeros((width, width))
    people = _people(told, question.keys)
    answer = rng.choice(len(people), DRAWN_N, p=people / people.sum())
    rows = _as_told(told, question) @ question.basis
    logodds = np.array([logodds_by_answer(told).get(key, 0.0) for key in question.keys])
    silence = told.no_answer.logodds if told.no_answer else float(people[:-1] @ logodds / people[:-1].sum())
    by_answer = _centred(np.append(logodds, silence))
    coefficients = np.linalg.lstsq(_centred(question.basis), by_answer, rcond=None)[0]
    to_ridge = np.linalg.pinv(_centred(_ridge_rows(told, question))) @ _centred(question.basis)
    return rows[answer], coefficients, to_ridge.T @ to_ridge


def _as_told(told: SummaryItem, question: Question) -> np.ndarray:
    """What an answer may have been, a row an answer: of answers told together nearly all gave the first.

    Of the others there were too few to tell: as many as elsewhere, but not more than half of what would have been told.
    """
    rows = np.eye(len(question.people))
    place = {key: number for number, key in enumerate(question.keys)}
    common = question.alone / question.alone.sum() * sum(cell.people for cell in told.cells)
    for cell in told.cells:
        members = [place[code] for code in cell.codes]
        few = np.minimum(common[members[1:]], FEWEST_PEOPLE / 2) / max(cell.people, FEWEST_PEOPLE)
        rows[np.ix_(members, members)] = np.array([1 - few.sum(), *few])
    return rows


def _centred(rows: np.ndarray) -> np.ndarray:
    return rows - rows.mean(axis=0)


def _ridge_rows(told: SummaryItem, question: Question) -> np.ndarray:
    """The columns that the town's own ridge fitted: an answer each, a step each, or the curve; and no answer."""
    if told.values is not None:
        return question.basis
    cell = {code: place for place, one in enumerate(told.cells) for code in one.codes}
    places = np.array([cell.get(str(key), 0) for key in question.keys])
    levels = np.arange(len(told.cells))
    rows = (places[:, None] >= levels[1:]) if told.kind == "ordinal" else (places[:, None] == levels)
    answered = np.vstack([rows, np.zeros((1, rows.shape[1]))]).astype(float)
    if told.kind == "ordinal":
        answered[-1] = _people(told, question.keys)[:-1] @ rows / _people(told, question.keys)[:-1].sum()
    own = (np.arange(len(answered)) == len(answered) - 1).astype(float)
    return np.column_stack([answered, own]) if told.no_answer else answered


def at_rate(logodds: np.ndarray, rate: float) -> np.ndarray:
    """Risks whose mean is `rate`."""
    from scipy.optimize import brentq  # a quarter of a second to import

    if not 0 < rate < 1:
        raise BundleError(REFUSALS["town_of_one_outcome"])
    level = brentq(lambda at: probability(logodds + at).mean() - rate, -40.0, 40.0)
    return probability(logodds + float(level))


def _item(question: Question, logodds: np.ndarray) -> Json:
    told = next(item for item in question.told if item)
    logodds = logodds - question.people @ logodds / question.people.sum()
    silence = {"logodds": short(logodds[-1]), "people": rounded(question.people[-1])} if question.people[-1] else None
    shared: Json = {"id": told.id, "text": asdict(told.text), "kind": told.kind, "no_answer": silence}
    if told.values is None:
        return {**shared, "cells": list(_cells(question, logodds)), "values": None}
    values = {
        "minimum": told.values.minimum,
        "scale": told.values.scale,
        "logodds": [short(value) for value in logodds[:-1]],
        "knots": list(told.values.knots),
        "steps": list(told.values.steps),
        "bands": bands_of(question.people[:-1], first=told.values.minimum),
    }
    return {**shared, "cells": [], "values": values}


def _cells(question: Question, logodds: np.ndarray) -> Iterator[Json]:
    for key, value, people in zip(question.keys, logodds, question.people, strict=False):
        yield {"codes": [key], "logodds": short(value), "people": rounded(people)}
