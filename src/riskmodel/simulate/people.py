"""Households that come to the town's social services, what their adults would answer, and the risk nobody knows."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from riskmodel.simulate.town import (
    ADULT_COUPLE_SHARE,
    AREA_SHARE,
    AREAS,
    CLASS_SHARE,
    COUPLE_SHARE,
    Question,
    Town,
    expected_risk,
    risk,
    spread_of,
    sum_of,
)

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]

ANSWERED = (-2, -1, 0, 1, 3)  # month of the answers, from the adult's first on assistance;
ANSWERED_SHARE = (0.03, 0.12, 0.75, 0.095, 0.005)  # 3 is too late to belong to the case
MISSPELT_SHARE = 0.002  # of the answers to the first ordinal item: an abbreviation nobody knows
WRONG_YEAR_SHARE = 0.002  # of birth years: one that can't be
JOINER_SHARE = 0.03  # of single households, in which a second adult may move in while assistance runs
APPLICANT, PARTNER, JOINER = 0, 1, 2


@dataclass(frozen=True)
class Households:
    """One entry per household: month of its new case, area, latent class, whether a couple; shape (households,)."""

    start: Ints
    area: Ints
    latent_class: Ints
    couple: Bools


@dataclass(frozen=True)
class Adults:
    """One entry per adult, in household order.

    household: position among the households. role: applicant, partner or joiner. answer: position among
    the item's possible answers; blank: no usable answer came at intake. Both have shape (adults, questions).
    """

    household: Ints
    role: Ints
    answer: Ints
    blank: Bools


def draw_households(n: int, *, first_month: int, last_month: int, rng: np.random.Generator) -> Households:
    """`n` households whose cases begin evenly over the months from first to last, in month order."""
    start = np.sort(rng.integers(first_month, last_month + 1, n))
    area = rng.choice(len(AREAS), n, p=AREA_SHARE)
    latent_class = _draw(CLASS_SHARE[area], rng)
    return Households(start, area, latent_class, rng.random(n) < COUPLE_SHARE)


def draw_adults(households: Households, town: Town, *, rng: np.random.Generator) -> Adults:
    """The adults of `households` and their answers; a couple shares class and the household's own items."""
    joins = ~households.couple & (rng.random(len(households.start)) < JOINER_SHARE)
    count = 1 + households.couple + joins
    household = np.repeat(np.arange(len(count)), count)
    second = np.r_[False, household[1:] == household[:-1]]
    role = np.where(second, np.where(joins[household], JOINER, PARTNER), APPLICANT)
    answer = np.column_stack([_answers(q, households, household, rng) for q in town.questions])
    blank_share = np.column_stack([q.blank_share[households.area[household]] for q in town.questions])
    return Adults(household, role, answer, rng.random(answer.shape) < blank_share)


def _answers(question: Question, households: Households, household: Ints, rng: np.random.Generator) -> Ints:
    share = question.share[households.latent_class, households.couple.astype(int)]
    return _draw(share, rng)[household] if question.shared else _draw(share[household], rng)


def _draw(share: NDArray[np.float64], rng: np.random.Generator) -> Ints:
    """One position per row of `share`, drawn with that row's probabilities."""
    passed = rng.random(len(share))[:, None] >= np.cumsum(share, axis=1)
    return np.minimum(passed.sum(axis=1), share.shape[1] - 1)


def household_risk(adults: Adults, town: Town, *, level: Ints | None = None) -> Floats:
    """True risk of each household: the mean of its adults' own risks; shape (households,).

    An adult who joins later has no part in it. level: hundredths of log-odds that time adds, shape (households,).
    """
    first = np.isin(adults.role, (APPLICANT, PARTNER))
    own = risk(_level(adults, town, level) + effects(adults, town).sum(axis=1) + _together(adults, town))
    return np.bincount(adults.household[first], own[first]) / np.bincount(adults.household[first])


def effects(adults: Adults, town: Town) -> Ints:
    """Effect of each adult's true answers, in hundredths of log-odds; shape (adults, questions)."""
    return np.column_stack([question.effect[adults.answer[:, i]] for i, question in enumerate(town.questions)])


def _level(adults: Adults, town: Town, level: Ints | None) -> Ints:
    return town.intercept + (np.zeros(len(adults.role), dtype=np.int64) if level is None else level[adults.household])


def _together(adults: Adults, town: Town) -> Ints:
    """What two questions' answers of each adult add together; shape (adults,)."""
    if (pair := town.crossed) is None:
        return np.zeros(len(adults.role), dtype=np.int64)
    return pair.effect[adults.answer[:, pair.first], adults.answer[:, pair.second]]


def best_risk(adults: Adults, town: Town, *, observed: Bools, level: Ints | None = None) -> Floats:
    """E[true risk | the answers a scorer sees, with their blanks] of each adult; shape (adults,).

    observed: which answers can be used, shape (adults, questions); of these a scorer sees the scored questions'.
    level: as in `household_risk`; a scorer knows it. Exact: the sum runs over classes, single or couple, unknown
    answers and a partner's answers; the area is known only through the blanks.
    """
    start = _level(adults, town, level)
    shared = np.array([question.shared for question in town.questions])
    observed = observed & np.array([question.scored for question in town.questions])
    weight = _class_weight(adults, town, observed)
    best = np.zeros(len(start))
    for k, couple in np.ndindex(weight.shape[1:]):
        expected = _mean_risk(adults, observed, town, start, cell=(k, couple))
        if couple:
            partner = _mean_risk(adults, observed & shared, town, start, cell=(k, couple))
            expected = (expected + partner) / 2
        best += weight[:, k, couple] * expected
    return best


def _class_weight(adults: Adults, town: Town, observed: Bools) -> Floats:
    """P(class, couple | what the scorer sees); shape (adults, classes, 2)."""
    by_area = np.log(AREA_SHARE) + np.zeros((len(observed), 1))
    by_class = np.log(ADULT_COUPLE_SHARE) + np.zeros((len(observed), len(CLASS_SHARE[0]), 2))
    for i, question in enumerate(town.questions):
        if not question.scored:
            continue
        seen = observed[:, [i]]
        if question.blank_share.any():
            by_area = by_area + np.log(np.where(seen, 1 - question.blank_share, question.blank_share))
        share = np.maximum(question.share[:, :, adults.answer[:, i]], 1e-300).transpose(2, 0, 1)
        by_class += np.where(seen[:, :, None], np.log(share), 0.0)
    joint = np.exp(by_area) @ CLASS_SHARE
    weight = joint[:, :, None] * np.exp(by_class - by_class.max(axis=(1, 2), keepdims=True))
    return weight / weight.sum(axis=(1, 2), keepdims=True)


def _mean_risk(adults: Adults, known: Bools, town: Town, start: Ints, *, cell: tuple[int, int]) -> Floats:
    """Own risk of each adult of this class, single or couple (`cell`), averaged over the answers not `known`.

    start: the log-odds before any answer, in hundredths, shape (adults,).
    """
    if (pair := town.crossed) is None:
        return _mean_of_sums(effects(adults, town), known, town, start, cell=cell)
    for place in (pair.first, pair.second):  # one after the other, each answer it may be with its chance
        if not known[:, place].all():
            return _over_answers(adults, known, town, start, cell=cell, place=place)
    return _mean_of_sums(effects(adults, town), known, town, start + _together(adults, town), cell=cell)


def _over_answers(
    adults: Adults, known: Bools, town: Town, start: Ints, *, cell: tuple[int, int], place: int
) -> Floats:
    """`_mean_risk` where some don't tell the answer in `place`."""
    told = known[:, place]
    certain = np.zeros(len(told))
    every = known | (np.arange(known.shape[1]) == place)
    for answer, share in enumerate(town.questions[place].share[cell]):
        given = adults.answer.copy()
        given[~told, place] = answer
        own = _mean_risk(replace(adults, answer=given), every, town, start, cell=cell)
        certain += share * own
    return certain


def _mean_of_sums(effect: Ints, known: Bools, town: Town, start: Ints, *, cell: tuple[int, int]) -> Floats:
    spreads = [spread_of(q.effect, q.share[cell]) for q in town.questions]
    matters = [i for i, question in enumerate(town.questions) if question.effect.any()]
    patterns, pattern = np.unique(known[:, matters], axis=0, return_inverse=True)
    order = np.argsort(pattern, kind="stable")
    logodds = start + np.where(known, effect, 0).sum(axis=1)
    mean = np.empty(len(effect))
    for rows, seen in zip(np.split(order, np.cumsum(np.bincount(pattern))[:-1]), patterns, strict=True):
        rest = sum_of([spreads[i] for i, is_seen in zip(matters, seen, strict=True) if not is_seen])
        mean[rows] = expected_risk(logodds[rows], rest)
    return mean


def of_households(adults: Adults, chosen: Bools) -> Adults:
    """The adults of the `chosen` households, counted from 0; chosen: shape (households,)."""
    members = chosen[adults.household]
    household = (np.cumsum(chosen) - 1)[adults.household[members]]
    return Adults(household, adults.role[members], adults.answer[members], adults.blank[members])


@dataclass(frozen=True)
class Paper:
    """The intake forms of all adults. answered: month, shape (adults,).

    given: a cell is filled in; misspelt, wrong_year: filled in, but unusable; shape (adults, questions).
    """

    answered: Ints
    given: Bools
    misspelt: Bools
    wrong_year: Bools

    @property
    def usable(self) -> Bools:
        """Which answers reach a scorer."""
        return self.given & ~self.misspelt & ~self.wrong_year


def draw_paper(
    adults: Adults, town: Town, receipt: Bools, *, start: Ints, joined: Ints, last_month: int, rng: np.random.Generator
) -> Paper:
    """The forms of `adults`, whose own cases begin in month `start`, `joined` months after their household's.

    receipt: months on assistance, from the household's first, shape (adults, months); a later question is only
    put to those who are still there. Nothing is answered after last_month.
    """
    answered = np.minimum(start + rng.choice(ANSWERED, len(start), p=ANSWERED_SHARE), last_month)
    given = ~adults.blank & _still_there(town, receipt, joined)
    misspelt, wrong_year = np.zeros_like(given), np.zeros_like(given)
    ordinal = [i for i, question in enumerate(town.questions) if question.scored and question.item.kind == "ordinal"]
    age = [i for i, question in enumerate(town.questions) if question.item.derive == "age"]
    misspelt[:, ordinal[:1]] = rng.random((len(given), len(ordinal[:1]))) < MISSPELT_SHARE
    wrong_year[:, age] = rng.random((len(given), len(age))) < WRONG_YEAR_SHARE
    return Paper(answered, given, misspelt & given, wrong_year & given)


def _still_there(town: Town, receipt: Bools, joined: Ints) -> Bools:
    """Whether each adult was on assistance when each question was asked; shape (adults, questions)."""
    row = np.arange(len(receipt))
    asked = [question.item.known_from for question in town.questions]
    return np.column_stack([(month == 0) | receipt[row, joined + month - 1] for month in asked])
