"""What nobody in a real town knows: the true risk, and the best risk given the answers as observed."""

import numpy as np
from numpy.typing import NDArray

from riskmodel.simulate.people import APPLICANT, PARTNER, Adults
from riskmodel.simulate.population import ADULT_COUPLE_SHARE, AREA_SHARE, CLASS_SHARE
from riskmodel.simulate.spread import expected_risk, risk, spread_of, sum_of
from riskmodel.simulate.town import Town

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


def household_risk(adults: Adults, town: Town) -> Floats:
    """True risk of each household: the mean of its adults' own risks; shape (households,).

    An adult who joins later has no part in it.
    """
    first = np.isin(adults.role, (APPLICANT, PARTNER))
    own = risk(town.intercept + effects(adults, town).sum(axis=1))
    return np.bincount(adults.household[first], own[first]) / np.bincount(adults.household[first])


def effects(adults: Adults, town: Town) -> Ints:
    """Effect of each adult's true answers, in hundredths of log-odds; shape (adults, questions)."""
    return np.column_stack([question.effect[adults.answer[:, i]] for i, question in enumerate(town.questions)])


def best_risk(adults: Adults, town: Town, *, observed: Bools) -> Floats:
    """E[true risk | the answers a scorer sees, with their blanks] of each adult; shape (adults,).

    observed: which answers can be used, shape (adults, questions); of these a scorer sees the scored questions'.
    Exact: the sum runs over classes, single or couple, unknown answers and a partner's answers; the area is known
    only through the blanks.
    """
    effect = effects(adults, town)
    shared = np.array([question.shared for question in town.questions])
    observed = observed & np.array([question.scored for question in town.questions])
    weight = _class_weight(adults, town, observed)
    best = np.zeros(len(effect))
    for k, couple in np.ndindex(weight.shape[1:]):
        expected = _mean_risk(effect, observed, town, latent_class=k, couple=couple)
        if couple:
            partner = _mean_risk(effect, observed & shared, town, latent_class=k, couple=couple)
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


def _mean_risk(effect: Ints, known: Bools, town: Town, *, latent_class: int, couple: int) -> Floats:
    """Own risk of each adult of this class, averaged over the answers that are not `known`."""
    spreads = [spread_of(q.effect, q.share[latent_class, couple]) for q in town.questions]
    matters = [i for i, question in enumerate(town.questions) if question.effect.any()]
    patterns, pattern = np.unique(known[:, matters], axis=0, return_inverse=True)
    order = np.argsort(pattern, kind="stable")
    logodds = town.intercept + np.where(known, effect, 0).sum(axis=1)
    mean = np.empty(len(effect))
    for rows, seen in zip(np.split(order, np.cumsum(np.bincount(pattern))[:-1]), patterns, strict=True):
        rest = sum_of([spreads[i] for i, is_seen in zip(matters, seen, strict=True) if not is_seen])
        mean[rows] = expected_risk(logodds[rows], rest)
    return mean
