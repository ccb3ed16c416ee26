"""A made municipality's questions: who answers what, and what each answer does to the risk.

Everything follows from the instrument by rule (`rule.py`), so that any question set gives a town. A household
belongs to an area and to one of four latent classes; its adults' answers are independent given the class. Effects
are log-odds in whole hundredths: sums of them are whole numbers, so the risk averaged over unknown answers is an
exact finite sum (`people.py`).
"""

from dataclasses import dataclass
from functools import reduce
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from riskmodel.ground.errors import SettingsError
from riskmodel.ground.words import read_words
from riskmodel.instrument.records import RECEIPTS_SO_FAR, Instrument, Item
from riskmodel.simulate.rule import ADULT_SHARE, answer_shares, answers_of, pull

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
