"""Households that come to the town's social services, and what their adults would answer."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from riskmodel.simulate.population import AREA_SHARE, AREAS, CLASS_SHARE, COUPLE_SHARE
from riskmodel.simulate.town import Question, Town

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

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
