"""How often the exam would refuse a right model, and find a wrong one, with as many cases as a town has.

Nobody's outcome of the years that wait is looked at: people of the years that may be looked at are drawn, whole
households, with their predicted risks; their outcomes are made, all adults of a household sharing one draw.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.optimize import brentq

from riskmodel.assess.year_drift import LEVEL_ERROR, People, level_of, people_of, slope_of
from riskmodel.model.logistic import probability

TOWNS = 400
POWER_STREAM = 561  # which of the seed's random streams makes the towns
FURTHEST = 20.0  # log-odds within which a shift is looked for


@dataclass(frozen=True)
class Truth:
    """What is so: O/E, the slope of the log-odds, and the SD by which all log-odds stray from one exam to the next."""

    oe: float = 1.0
    slope: float = 1.0
    spread: float = 0.0


RIGHT = Truth()
WRONG = (Truth(slope=0.6), Truth(oe=0.70), Truth(oe=1.50), Truth(oe=1.30))


def refused_share(
    predictions: pd.DataFrame, truth: Truth, *, cases_n: int, seed: int, towns: int = TOWNS
) -> float | None:
    """The share of `towns` exams of about `cases_n` cases that refuse level or slope when `truth` is so.

    predictions: of rolling years or folds, with `LEVEL_ERROR`. None where no exam had both outcomes.
    """
    people, error = people_of(predictions), float(predictions[LEVEL_ERROR].mean())
    rng = np.random.default_rng([seed, POWER_STREAM])
    found = [_is_refused(_drawn(people, cases_n, rng), truth, error, rng) for _ in range(towns)]
    return float(np.mean([one for one in found if one is not None])) if any(one is not None for one in found) else None


def _drawn(people: People, cases_n: int, rng: np.random.Generator) -> People:
    """Whole households of `people`, drawn with replacement, each drawing a household of its own."""
    order = np.argsort(people.member, kind="stable")
    size = np.bincount(people.member)
    drawn = rng.integers(len(size), size=max(1, round(cases_n / size.mean())))
    first, own = np.cumsum(size) - size, size[drawn]
    member = np.repeat(np.arange(len(drawn)), own)
    rows = order[np.arange(own.sum()) + (first[drawn] - np.cumsum(own) + own)[member]]
    return People(people.outcome[rows], people.prob[rows], people.lp[rows], people.weight[rows], member)


def _is_refused(people: People, truth: Truth, level_error: float, rng: np.random.Generator) -> bool | None:
    # the risks that are told have the error of the window's level
    strays = level_error * rng.standard_normal() * people.prob.sum() / (people.prob @ (1 - people.prob))
    told = people.lp + strays + truth.spread * rng.standard_normal()
    risk = _true_risk(people, truth)
    outcome = (rng.random(people.member.max() + 1)[people.member] < risk).astype(float)
    if outcome.min() == outcome.max():
        return None
    seen = People(outcome, probability(told), told, people.weight, people.member)
    return level_of(seen, level_error).is_refused or bool(slope_of(seen).is_refused)


def _true_risk(people: People, truth: Truth) -> np.ndarray:
    """Risks with the slope of `truth`, whose mean is its O/E times that of the people's own."""
    mean = min(truth.oe * float(people.prob.mean()), 0.99)

    def gap(shift: float) -> float:
        return float(probability(shift + truth.slope * people.lp).mean()) - mean

    return probability(float(brentq(gap, -FURTHEST, FURTHEST)) + truth.slope * people.lp)
