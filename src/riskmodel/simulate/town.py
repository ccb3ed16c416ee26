"""A made municipality: who lives there, what they answer, and what each answer does to the risk.

Everything follows from the instrument by rule, so that any question set gives a town. A household belongs
to an area and to one of four latent classes; its adults' answers are independent given the class. Effects
are log-odds in whole hundredths: sums of them are whole numbers, so the risk averaged over unknown answers
is an exact finite sum (`truth.py`).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from riskmodel.errors import SettingsError
from riskmodel.instrument.records import Instrument, Item
from riskmodel.simulate.spread import Spread, expected_risk, spread_of, sum_of

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

AREAS = ("Nordost", "Centrum", "Sydväst", "Hisingen")
AREA_SHARE = np.array([0.35, 0.20, 0.20, 0.25])
# rows: areas; columns: classes (near work · far from work · little Swedish or schooling · ill health)
CLASS_SHARE = np.array(
    [[0.16, 0.27, 0.33, 0.24], [0.54, 0.16, 0.10, 0.20], [0.48, 0.20, 0.12, 0.20], [0.34, 0.24, 0.20, 0.22]]
)
NEAR_WORK_TILT = -0.7      # towards the answers of lowest risk, in every life area
OWN_TILT, OTHER_TILT = 1.2, 0.0    # of the other classes: in every third life area; in the rest
AUDIT_TILT = 0.6           # audit columns differ less between classes than predictors do
COUPLE_SHARE = 0.20        # of households
HOUSEHOLD_LIFE_AREAS = ("home", "housing", "economy", "household")   # one answer for the household
EARLIER_SHARE = 0.075      # of households, with assistance in the look-back; their earlier spell is a new case too
BLANK_SHARE, SENSITIVE_BLANK_SHARE = 0.03, 0.06    # predictors; those that touch a protected ground
AREA_BLANKS = np.array([1.5, 0.6, 0.8, 1.0])       # blanks of an area against the average
STRENGTHS = (1.0, 0.7, 0.8, 1.3, 1.1)              # of the predictors, in the instrument's order, over and over
LOGODDS_SD = 1.19          # of the adults' log-odds
EVENT_RATE = 0.285
HUNDREDTH = 100


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
class Town:
    """The questions in the instrument's order, and the intercept in hundredths of log-odds."""

    questions: tuple[Question, ...]
    intercept: int

    def place(self, item_id: str) -> int | None:
        """The position of this item among the questions, None when it isn't asked."""
        return next((i for i, question in enumerate(self.questions) if question.item.id == item_id), None)


def build_town(instrument: Instrument, *, mispredicted_group: str | None, mispredicted_logodds: float) -> Town:
    """The town that `instrument` implies.

    mispredicted_group: "item=code" of an audit item, whose people's log-odds are `mispredicted_logodds`
    higher though no predictor shows it.
    """
    scored = [item for item in instrument.items if is_scored(item)]
    if not scored:
        raise SettingsError(f"instrument {instrument.name}: no predictor is known at intake. Declare at least one.")
    raw = {item.id: _pull(item) * STRENGTHS[i % len(STRENGTHS)] for i, item in enumerate(scored)}
    shares = {item.id: _shares(item, instrument) for item in instrument.items}
    scale = HUNDREDTH * LOGODDS_SD / _standard_deviation([(shares[key], pull) for key, pull in raw.items()])
    effects = {key: np.rint(pull * scale).astype(np.int64) for key, pull in raw.items()}
    if mispredicted_group is not None:
        effects |= _mispredicted(instrument, mispredicted_group, round(mispredicted_logodds * HUNDREDTH))
    questions = tuple(_question(item, shares[item.id], effects.get(item.id)) for item in instrument.items)
    return Town(questions, _intercept(questions))


def is_scored(item: Item) -> bool:
    """Whether a scorer at intake sees the answer."""
    asked = item.derive == "earlier_months" or item.column("intake") is not None
    return item.use == "predictor" and item.known_from <= 0 and asked


def answers_of(item: Item) -> range:
    """The answers of `item` as whole numbers: positions of its levels, or the numbers themselves."""
    if item.kind != "number":
        return range(len(item.levels))
    return range(item.minimum or 0, (item.maximum if item.maximum is not None else 100) + 1)


def class_share(area: Ints | None = None) -> Floats:
    """Share of each class, in each of the areas `area` or in the whole town."""
    return AREA_SHARE @ CLASS_SHARE if area is None else CLASS_SHARE[area]


def couple_share_of_adults() -> Floats:
    """Share of adults who are single, and who live as a couple."""
    return np.array([1 - COUPLE_SHARE, 2 * COUPLE_SHARE]) / (1 + COUPLE_SHARE)


def _place_on_scale(item: Item) -> Floats:
    """Where each answer lies from lowest (0) to highest (1) risk, in the declared direction."""
    n = len(answers_of(item))
    steps = np.arange(n) / max(n - 1, 1)
    if item.direction == "none":
        return (np.arange(n) * 0.618034 + 0.3) % 1     # no order: spread out, in the same way for every item
    return steps if item.direction == "raises" else steps[::-1].copy()


def _pull(item: Item) -> Floats:
    """Effect of each answer before scaling: 0 to 1, each step a little longer than the one before."""
    place = _place_on_scale(item)
    pull = place * (1 + place) / 2
    pull[[i for i, level in enumerate(item.levels) if level.route]] = 0.0
    return pull


def _base_share(item: Item) -> Floats:
    """How common each answer would be without classes; the reference is, rare and route levels are not."""
    answers = np.array(answers_of(item))
    if item.kind == "number":
        return 1.0 - 0.8 * (answers - answers[0]) / max(answers[-1] - answers[0], 1)
    common = item.codes.index(item.reference) if item.reference in item.codes else 0
    share = 1 / (1 + np.abs(answers - common) / (1 if item.use == "predictor" else 3))
    share *= [0.5 if level.merge_into else 1.0 for level in item.levels]
    return np.where([level.route for level in item.levels], 0.03 * share[common], share)


def _shares(item: Item, instrument: Instrument) -> Floats:
    """Share of each answer by class and single or couple; shape (classes, 2, answers)."""
    position = list(instrument.life_areas).index(item.life_area) if item.life_area in instrument.life_areas else 0
    tilt = np.array([NEAR_WORK_TILT] + [OWN_TILT if position % 3 == k else OTHER_TILT for k in range(3)])
    if item.use != "predictor":
        tilt = tilt * (0.0 if "sex" in item.grounds else AUDIT_TILT)
    place = _place_on_scale(item) if item.direction != "none" else np.linspace(0, 1, len(answers_of(item)))
    share = _base_share(item) * np.exp(tilt[:, None] * (2 * place - 1))
    share /= share.sum(axis=1, keepdims=True)
    if item.derive == "earlier_months":
        share = _earlier_share(tilt, answers_of(item))
    by_couple = np.repeat(share[:, None, :], 2, axis=1)
    return by_couple * _fits_household(item) / (by_couple * _fits_household(item)).sum(axis=2, keepdims=True)


def _earlier_share(tilt: Floats, months: range) -> Floats:
    """Most have had no assistance before; with those who had, any number of months is as common."""
    some = EARLIER_SHARE * np.exp(tilt / 2)
    some = some * EARLIER_SHARE / (class_share() @ some)
    share = np.repeat(some[:, None] / max(len(months) - 1, 1), len(months), axis=1)
    share[:, 0] = 1 - some
    return share


def _fits_household(item: Item) -> Floats:
    """1 where an answer fits a single adult (first row) or a couple (second), else 0."""
    couple = np.array([level.code.startswith("couple") for level in item.levels])
    if item.id != "household_type" or not couple.any() or couple.all():
        return np.ones((2, len(answers_of(item))))
    return np.stack([~couple, couple]).astype(float)


def _standard_deviation(parts: list[tuple[Floats, Floats]]) -> float:
    """Of the sum of independent parts in the whole town; each part is (share by class, value)."""
    weight = class_share()[:, None] * couple_share_of_adults()
    mean = sum(share @ value for share, value in parts)
    variance = sum(share @ value**2 - (share @ value) ** 2 for share, value in parts)
    overall = (weight * mean).sum()
    return float(np.sqrt((weight * (variance + (mean - overall) ** 2)).sum()))


def _mispredicted(instrument: Instrument, group: str, shift: int) -> dict[str, Ints]:
    item_id, _, code = group.partition("=")
    known = {item.id: item for item in instrument.audits if code in item.codes}
    if item_id not in known:
        raise SettingsError(f"mispredicted_group: {group} is not an audit item's level. Write it as item=code.")
    return {item_id: np.array([shift * (level.code == code) for level in known[item_id].levels], dtype=np.int64)}


def _question(item: Item, share: Floats, effect: Ints | None) -> Question:
    asked = item.use == "predictor" and item.derive != "earlier_months"
    blank = (SENSITIVE_BLANK_SHARE if set(item.grounds) - {"age"} else BLANK_SHARE) if asked else 0.0
    shared = item.life_area in HOUSEHOLD_LIFE_AREAS or item.id == "household_type" or item.derive == "earlier_months"
    none = np.zeros(len(answers_of(item)), dtype=np.int64)
    return Question(item, share, none if effect is None else effect, blank * AREA_BLANKS, shared, is_scored(item))


def log_odds_spread(questions: tuple[Question, ...], *, latent_class: int, couple: int) -> Spread:
    """Distribution of the summed effects of `questions`, of which no answer is known, given the class."""
    return sum_of([spread_of(q.effect, q.share[latent_class, couple]) for q in questions if q.effect.any()])


def _intercept(questions: tuple[Question, ...]) -> int:
    """The whole number of hundredths that brings the mean risk of all adults nearest to `EVENT_RATE`."""
    weight = class_share()[:, None] * couple_share_of_adults()
    spreads = [(weight[k, c], log_odds_spread(questions, latent_class=k, couple=c)) for k, c in np.ndindex(weight.shape)]
    candidates = np.arange(-1500, 501)
    mean_risk = sum(share * expected_risk(candidates, spread) for share, spread in spreads)
    return int(candidates[np.abs(mean_risk - EVENT_RATE).argmin()])
