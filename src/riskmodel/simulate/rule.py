"""Who lives in a made municipality, and what an instrument implies by rule for their answers to one item."""

import numpy as np
from numpy.typing import NDArray

from riskmodel.instrument.records import Instrument, Item

Floats = NDArray[np.float64]

AREAS = ("Kvarnsidan", "Torgsidan", "Åsidan", "Skogssidan")  # named for no real city's
AREA_SHARE = np.array([0.35, 0.20, 0.20, 0.25])
# rows: areas; columns: classes (near work · far from work · little Swedish or schooling · ill health)
CLASS_SHARE = np.array(
    [[0.16, 0.27, 0.33, 0.24], [0.54, 0.16, 0.10, 0.20], [0.48, 0.20, 0.12, 0.20], [0.34, 0.24, 0.20, 0.22]]
)
COUPLE_SHARE = 0.20  # of households
TOWN_CLASS_SHARE = AREA_SHARE @ CLASS_SHARE
ADULT_COUPLE_SHARE = np.array([1 - COUPLE_SHARE, 2 * COUPLE_SHARE]) / (1 + COUPLE_SHARE)  # of adults: single, couple
ADULT_SHARE = TOWN_CLASS_SHARE[:, None] * ADULT_COUPLE_SHARE  # of adults, by class and single or couple

NEAR_WORK_TILT = -0.7  # of the class near work: towards the answers of lowest risk, in every life area
OWN_TILT = 1.2  # of the other classes: towards those of highest risk, each in every third life area
AUDIT_TILT = 0.6  # columns that are no predictors differ less between classes
RARE, ROUTE_SHARE = 0.5, 0.03  # of the usual share: levels that may be merged; of the reference's: routes
FARTHEST_NUMBER = 0.2  # a number's largest value against its smallest, without classes
EARLIER_SHARE = 0.075  # of households, with assistance in the look-back; their earlier spell is a new case too
GOLDEN_STEP = 0.618034  # spreads unordered answers over the scale, in the same way for every item


def answers_of(item: Item) -> range:
    """The answers of `item` as whole numbers: positions of its levels, or the numbers themselves."""
    if not item.is_number:
        return range(len(item.levels))
    return range(item.minimum or 0, (item.maximum or 0) + 1)


def pull(item: Item) -> Floats:
    """Effect of each answer before scaling: 0 to 1, each step in the declared direction longer than the last.

    A route, whose people are never scored, has none. Shape (answers,).
    """
    place = _place_on_scale(item)
    effect = place * (1 + place) / 2
    effect[[i for i, level in enumerate(item.levels) if level.route]] = 0.0
    return effect


def answer_shares(item: Item, instrument: Instrument) -> Floats:
    """Share of each answer by class and single or couple; shape (classes, 2, answers)."""
    tilt = _tilt(item, instrument)
    if item.derive == "earlier_months":
        share = _earlier_share(tilt, len(answers_of(item)))
    else:
        place = np.linspace(0, 1, len(answers_of(item))) if item.direction == "none" else _place_on_scale(item)
        share = _base_share(item) * np.exp(tilt[:, None] * (2 * place - 1))
    share = share[:, None, :] * _fits_household(item)
    return share / share.sum(axis=2, keepdims=True)


def _place_on_scale(item: Item) -> Floats:
    """Where each answer lies from lowest (0) to highest (1) risk, in the declared direction."""
    n = len(answers_of(item))
    if item.direction == "none":
        return np.arange(n, dtype=np.float64) * GOLDEN_STEP % 1.0
    return np.linspace(0, 1, n) if item.direction == "raises" else np.linspace(1, 0, n)


def _tilt(item: Item, instrument: Instrument) -> Floats:
    """How far each class leans towards answers of higher risk; shape (classes,). Sex is as common in each."""
    areas = list(instrument.life_areas)
    position = areas.index(item.life_area) if item.life_area in areas else 0
    tilt = np.array([NEAR_WORK_TILT, *(OWN_TILT if position % 3 == k else 0.0 for k in range(3))])
    if item.use == "predictor":
        return tilt
    return tilt * (0.0 if "sex" in item.grounds else AUDIT_TILT)


def _base_share(item: Item) -> Floats:
    """How common each answer would be without classes: most so the reference, and then its neighbours."""
    answers = np.array(answers_of(item))
    if item.is_number:
        return 1 - (1 - FARTHEST_NUMBER) * (answers - answers[0]) / max(answers[-1] - answers[0], 1)
    common = item.codes.index(item.reference) if item.reference in item.codes else 0
    share = 1 / (1 + np.abs(answers - common) / (1 if item.use == "predictor" else 3))
    share *= [RARE if level.merge_into else 1 for level in item.levels]
    return np.where([level.route for level in item.levels], ROUTE_SHARE, share)


def _earlier_share(tilt: Floats, n: int) -> Floats:
    """Most have had no assistance before; to those who had, any number of months is as common."""
    some = np.exp(tilt / 2)
    some = EARLIER_SHARE * some / (TOWN_CLASS_SHARE @ some)
    return np.column_stack([1 - some, np.repeat(some[:, None] / max(n - 1, 1), n - 1, axis=1)])


def _fits_household(item: Item) -> Floats:
    """1 where an answer fits a single adult (first row) or a couple (second), else 0; shape (2, answers)."""
    couple = np.array([level.code.startswith("couple") for level in item.levels])
    if item.id != "household_type" or couple.all() or not couple.any():
        return np.ones((2, len(answers_of(item))))
    return np.stack([~couple, couple]).astype(np.float64)
