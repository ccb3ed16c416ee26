"""What a town gains by a neighbour's published points: alone, with them as they are, and starting from them.

Usage: python benchmarks/borrowing.py [TOWNS]. Everybody answers the example's eleven questions, drawn by class as
`simulate` draws them. What an answer adds to the log-odds is, in the neighbour, its points in release 2026.1; a town
differs from that by normal noise on the coefficient of every column of the neighbour's (SD 0, .08, .15, .30), and by .3
on the intercept. The neighbour publishes whole points from 5,000 cases. Judged on 20,000 other people, each with both
outcomes at their true risk: AUC, and the mean distance of the published risk from the true one. "Best" is the true risk
itself. Holds: of how many people the interval around the published risk holds the true one. Prints a table, AUC before
distance.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path

import numpy as np
from joblib import Parallel, delayed

from riskmodel.ground.choices import PriorSettings, PriorTable
from riskmodel.ground.settings import Settings, read_settings
from riskmodel.ground.statistics import Z_95
from riskmodel.instrument.load import read_instrument
from riskmodel.instrument.records import Item
from riskmodel.model.fit import fitted_model, learn
from riskmodel.model.logistic import probability, weighted_auc
from riskmodel.model.points import points_prob, sum_at
from riskmodel.model.record import Design, FittedModel, Points
from riskmodel.model.sample import Sample, allowed_answers
from riskmodel.release.answers import ROUNDING_VARIANCE
from riskmodel.release.bundle import load_release_file
from riskmodel.simulate.town import TOWN_CLASS_SHARE, answer_shares

PROJECT = Path(__file__).parents[1]
SEED, PROCESSES = 20261129, 2
SIZES, SPREADS = (240, 450, 900, 1800), (0.0, 0.08, 0.15, 0.30)
NEIGHBOUR_N, JUDGED_N, INTERCEPT_SPREAD, BLANK_SHARE = 5000, 20_000, 0.3, 0.05
MONTHS = np.arange(2024 * 12, 2026 * 12)
INSTRUMENT = read_instrument(PROJECT / "data/instruments/exempelstad.toml")
RELEASE = load_release_file(PROJECT / "models/releases/2026.1/release.json").landmark()
ITEMS = tuple(item for item in INSTRUMENT.predictors() if item.id in {one.id for one in RELEASE.items})
WAYS = ("local", "their points", "towards them")
Table = list[np.ndarray]  # for each item, what every answer adds to the log-odds, no answer last


@dataclass(frozen=True)
class Truth:
    """What answers do in one town."""

    table: Table
    intercept: float

    def prob(self, positions: np.ndarray) -> np.ndarray:
        """The risk of each row of answers."""
        parts = [own[column] for own, column in zip(self.table, positions.T, strict=True)]
        return probability(self.intercept + np.sum(parts, axis=0))


def published() -> Truth:
    """What 2026.1 says: the neighbour's truth."""
    theirs = {item.id: item for item in RELEASE.items}
    table = [
        RELEASE.per_point
        * np.array([*(one.points for one in theirs[item.id].levels), theirs[item.id].no_answer.points], dtype=float)
        if item.levels
        else RELEASE.per_point * np.array([*theirs[item.id].numbers.points, theirs[item.id].no_answer.points])
        for item in ITEMS
    ]
    return Truth(table, RELEASE.offset)


def town_like(truth: Truth, design: Design, spread: float, random: np.random.Generator) -> Truth:
    """Another town: the coefficient of every column of `design` is `spread` away, the intercept more."""
    away = design.answer_logodds(random.normal(0, spread, len(design.columns)))
    table = [own + moved for own, moved in zip(truth.table, away, strict=True)]
    return Truth(table, truth.intercept + random.normal(0, INTERCEPT_SPREAD))


def answers(n: int, random: np.random.Generator) -> np.ndarray:
    """The places of n people's answers, shape (n, items)."""
    people = random.choice(len(TOWN_CLASS_SHARE), n, p=TOWN_CLASS_SHARE / TOWN_CLASS_SHARE.sum())
    return np.column_stack([_answered(item, people, random) for item in ITEMS])


def _answered(item: Item, people: np.ndarray, random: np.random.Generator) -> np.ndarray:
    share = answer_shares(item, INSTRUMENT)[:, 0]
    drawn = (random.random(len(people))[:, None] > np.cumsum(share, axis=1)[people]).sum(axis=1)
    last = allowed_answers(item).n
    return np.where(random.random(len(people)) < BLANK_SHARE, last, np.minimum(drawn, last - 1))


def cases(truth: Truth, n: int, random: np.random.Generator) -> Sample:
    """n new cases of a town, nobody sharing a household."""
    positions, rows, ones = answers(n, random), np.arange(n), np.ones(n)
    outcome = (random.random(n) < truth.prob(positions)).astype(float)
    return Sample(positions, outcome, ones, rows, random.choice(MONTHS, n), rows, ones.astype(int))


def settings_from(points: Points | None, *, only_intercept: bool = False) -> Settings:
    """The project's settings, with the table that `points` are as what to start from."""
    read = read_settings(PROJECT / "params.toml")
    if points is None:
        return read
    logodds = {
        one.item: tuple(points.per_point * np.array([*one.answered, one.no_answer], dtype=float))
        for one in points.items
    }
    table = PriorTable("release", "neighbour", {"9902": "Neighbour"}, "", None, logodds, {})
    prior = PriorSettings("", only_intercept=only_intercept, table=table)
    return replace(read, model=replace(read.model, prior=prior))


@dataclass(frozen=True)
class Town:
    """What came of one town. judged: AUC and mean distance of each way and of the best, (4, 2). holds: of each way."""

    judged: np.ndarray
    holds: np.ndarray
    penalty: float


def one_town(place: int, n: int, spread: float) -> Town:
    """One town of n cases, `spread` away from its neighbour. penalty: the one chosen towards the neighbour."""
    random = np.random.default_rng([SEED, place, n, round(100 * spread)])
    neighbour = learn(cases(published(), NEIGHBOUR_N, random), ITEMS, settings_from(None))
    truth, theirs = town_like(published(), neighbour.fit.design, spread, random), neighbour.points
    town, new = cases(truth, n, random), answers(JUDGED_N, random)
    choices = (settings_from(None), settings_from(theirs, only_intercept=True), settings_from(theirs))
    models = [fitted_model(learn(town, ITEMS, one), town, one) for one in choices]
    true = truth.prob(new)
    risks = [*(points_prob(sum_at(new, model.points), model.points) for model in models), true]
    judged = np.array([_judged(risk, true) for risk in risks])
    return Town(judged, np.array([_holds(model, new, true) for model in models]), models[-1].equation.penalty)


def _judged(risk: np.ndarray, true: np.ndarray) -> tuple[float, float]:
    outcome = np.repeat([1.0, 0.0], len(true))
    auc = weighted_auc(outcome, np.tile(risk, 2), np.concatenate([true, 1 - true]))
    return auc, float(np.abs(risk - true).mean())


def _holds(model: FittedModel, new: np.ndarray, true: np.ndarray) -> float:
    """The share of people whose published interval (`release.scoring`) holds their true risk."""
    per_point, errors = model.points.per_point, model.errors
    variance = errors.mean_person**2 + len(ITEMS) * ROUNDING_VARIANCE * per_point**2
    variance = variance + sum(np.square(own)[column] for own, column in zip(errors.by_item, new.T, strict=True))
    away = model.points.offset + per_point * sum_at(new, model.points) - np.log(true / (1 - true))
    return float((np.abs(away) <= Z_95 * np.sqrt(variance)).mean())


def rows(towns: int) -> Iterator[str]:
    """A row a spread and size."""
    jobs = Parallel(n_jobs=PROCESSES)
    for spread, n in product(SPREADS, SIZES):
        found = jobs(delayed(one_town)(place, n, spread) for place in range(towns))
        judged = np.array([town.judged for town in found])
        mean, error = judged.mean(axis=0), judged[:, 2].std(axis=0, ddof=1) / np.sqrt(towns)
        yield " | ".join(
            [
                f"| {spread:.2f} | {n}",
                *(f"{auc:.3f}; {distance:.3f}" for auc, distance in mean[:3]),
                f"{mean[3, 0]:.3f}",
                f"{error[0]:.4f}; {error[1]:.4f}",
                f"{mean[2, 0] - mean[:2, 0].max():+.4f}; {mean[2, 1] - mean[:2, 1].min():+.4f}",
                f"{np.mean([np.isinf(town.penalty) for town in found]):.2f}",
                "; ".join(f"{share:.2f}" for share in np.mean([town.holds for town in found], axis=0)) + " |",
            ]
        )


def main() -> None:
    towns = int(sys.argv[1]) if len(sys.argv) > 1 else 24
    heads = ("SD", "n", *WAYS, "best", "error of towards", "towards less the better other", "λ = ∞", "holds")
    print("| " + " | ".join(heads) + " |")
    print("|---" * len(heads) + "|")
    for row in rows(towns):
        print(row, flush=True)


if __name__ == "__main__":
    main()
