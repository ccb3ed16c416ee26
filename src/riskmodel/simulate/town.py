"""A made municipality's questions: who answers what, and what each answer does to the risk.

Everything follows from the instrument by rule, so that any question set gives a town. A household belongs to an area
and to one of four latent classes; its adults' answers are independent given the class. Effects are log-odds in whole
hundredths: sums of them are whole numbers, so the risk averaged over unknown answers is an exact finite sum
(`people.py`).
"""

from dataclasses import dataclass
from functools import reduce
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from riskmodel.ground.errors import SettingsError
from riskmodel.ground.words import read_words
from riskmodel.instrument.records import RECEIPTS_SO_FAR, Instrument, Item

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
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

HUNDREDTH = 100
HOUSEHOLD_LIFE_AREAS = ("home", "housing", "economy", "household")  # one answer for the household
BLANK_SHARE, SENSITIVE_BLANK_SHARE = 0.03, 0.06  # predictors; those that touch a protected ground, age apart
AREA_BLANKS = np.array([1.5, 0.6, 0.8, 1.0])  # blanks in each area against those shares
STRENGTHS = (1.0, 0.7, 0.8, 1.3, 1.1)  # of the predictors, in the instrument's order, over and over
LOGODDS_SD = 1.19  # of the adults' log-odds
EVENT_RATE = 0.285
LOWEST_INTERCEPT, HIGHEST_INTERCEPT = -2000, 500  # hundredths of log-odds
REFUSALS = read_words(Path(__file__).parent / "texts" / "refusals.toml")


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


@dataclass(frozen=True)
class Question:
    """An item as the town's people meet it.

    share: of each answer, shape (classes, 2, answers), the second axis being single or couple.
    effect: of each answer in hundredths of log-odds, shape (answers,). blank_share: shape (areas,).
    shared: a couple gives one answer. scored: a scorer at intake sees it.
    """

    item: Item
    share: Floats
    effect: Ints
    blank_share: Floats
    shared: bool
    scored: bool


@dataclass(frozen=True)
class Crossed:
    """What two questions' answers together add, in hundredths of log-odds; shape (answers of one, of the other)."""

    first: int
    second: int
    effect: Ints


@dataclass(frozen=True)
class Town:
    """The questions in the instrument's order, the intercept in hundredths of log-odds, and two that interact."""

    questions: tuple[Question, ...]
    intercept: int
    crossed: Crossed | None = None


def build_town(
    instrument: Instrument, *, mispredicted_group: str | None = None, mispredicted_logodds: float = 0.0
) -> Town:
    """The town that `instrument` implies.

    mispredicted_group: "item=code" of an audit item, whose people's log-odds are `mispredicted_logodds`
    higher though no predictor shows it.
    """
    scored = [item for item in instrument.items if is_scored(item)]
    if not scored:
        raise SettingsError(REFUSALS["no_predictors"].filled(name=instrument.name))
    # free text, of no use, has no levels; receipts so far follow from the months, nobody has them to begin with
    answerable = [item for item in instrument.items if answers_of(item) and item.derive != RECEIPTS_SO_FAR]
    shares = {item.id: answer_shares(item, instrument) for item in answerable}
    pulls = {item.id: STRENGTHS[i % len(STRENGTHS)] * pull(item) for i, item in enumerate(scored)}
    scale = HUNDREDTH * LOGODDS_SD / _standard_deviation([(shares[key], value) for key, value in pulls.items()])
    effects = {key: np.rint(value * scale).astype(np.int64) for key, value in pulls.items()}
    if mispredicted_group is not None:
        effects |= _mispredicted(instrument, mispredicted_group, round(mispredicted_logodds * HUNDREDTH))
    questions = tuple(_question(item, shares[item.id], effects.get(item.id)) for item in answerable)
    return Town(questions, _intercept(questions))


def is_scored(item: Item) -> bool:
    """Whether a scorer at intake sees the answer to `item`."""
    known = item.derive == "earlier_months" or item.column("intake") is not None
    return item.use == "predictor" and item.known_from <= 0 and known


def _standard_deviation(parts: list[tuple[Floats, Floats]]) -> float:
    """Of the sum of parts over all adults; each part is (share of its values by class, values)."""
    mean = np.sum([share @ value for share, value in parts], axis=0)
    variance = np.sum([share @ value**2 - (share @ value) ** 2 for share, value in parts], axis=0)
    overall = (ADULT_SHARE * mean).sum()
    return float(np.sqrt((ADULT_SHARE * (variance + (mean - overall) ** 2)).sum()))


def _mispredicted(instrument: Instrument, group: str, shift: int) -> dict[str, Ints]:
    item_id, _, code = group.partition("=")
    known = {item.id: item.codes for item in instrument.audits}
    if code not in known.get(item_id, ()):
        raise SettingsError(REFUSALS["no_such_group"].filled(group=group))
    return {item_id: np.array([shift if level == code else 0 for level in known[item_id]], dtype=np.int64)}


def _question(item: Item, share: Floats, effect: Ints | None) -> Question:
    asked = item.use == "predictor" and item.derive != "earlier_months"
    blank = (SENSITIVE_BLANK_SHARE if set(item.grounds) - {"age"} else BLANK_SHARE) if asked else 0.0
    shared = item.life_area in HOUSEHOLD_LIFE_AREAS or item.id == "household_type" or item.derive == "earlier_months"
    none = np.zeros(share.shape[2], dtype=np.int64)
    return Question(item, share, none if effect is None else effect, blank * AREA_BLANKS, shared, is_scored(item))


def _intercept(questions: tuple[Question, ...]) -> int:
    """The whole number of hundredths that brings the mean risk of all adults nearest to `EVENT_RATE`."""
    candidates = np.arange(LOWEST_INTERCEPT, HIGHEST_INTERCEPT + 1)
    mean_risk = np.zeros(len(candidates))
    for k, couple in np.ndindex(ADULT_SHARE.shape):
        spread = sum_of([spread_of(q.effect, q.share[k, couple]) for q in questions])
        mean_risk += ADULT_SHARE[k, couple] * expected_risk(candidates, spread)
    return int(candidates[np.abs(mean_risk - EVENT_RATE).argmin()])


@dataclass(frozen=True)
class Spread:
    """Probability of the whole numbers lowest, lowest + 1, …"""

    lowest: int
    prob: Floats


NOTHING = Spread(0, np.ones(1))


def spread_of(values: Ints, prob: Floats) -> Spread:
    """The distribution that gives `values[i]` with probability `prob[i]`."""
    lowest = int(values.min())
    return Spread(lowest, np.bincount(values - lowest, weights=prob).astype(np.float64))


def sum_of(spreads: list[Spread]) -> Spread:
    """The distribution of the sum of independent numbers."""
    return reduce(lambda a, b: Spread(a.lowest + b.lowest, np.convolve(a.prob, b.prob)), spreads, NOTHING)


def risk(logodds: Ints) -> Floats:
    """Probability from log-odds in hundredths."""
    return 1 / (1 + np.exp(-logodds / HUNDREDTH))


def expected_risk(known: Ints, rest: Spread) -> Floats:
    """E[risk(known + rest)] for each of `known`, in hundredths of log-odds; the same shape."""
    possible = np.flatnonzero(rest.prob)
    distinct, place = np.unique(known, return_inverse=True)
    return (risk(distinct[:, None] + rest.lowest + possible) @ rest.prob[possible])[place]
