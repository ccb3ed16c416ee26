"""How often the intervals of optimism-corrected indexes hold the truth: 500 made training sets.

Usage: python benchmarks/coverage_corrected.py [SETS] [RESAMPLES]. Each set is fitted by the whole procedure and
corrected by its optimism bootstrap. The truth is the index of the model fitted on that very set, in an endless
population: 100,000 people's answers, each with both outcomes at their probability. Prints a table.
"""

import sys
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from coverage import PROCESSES, PROJECT, coverages, print_table, seeded
from joblib import Parallel, delayed
from threadpoolctl import threadpool_limits

from riskmodel.assess.indexes import calibrated, flagged, tally_steps
from riskmodel.assess.optimism import resample
from riskmodel.assess.procedure import out_of_fold_prob, threshold_for
from riskmodel.assess.repetition import EQUATION_STEP, Indexes, Material, equation_steps
from riskmodel.assess.threshold import threshold_of_harm
from riskmodel.instrument.records import Item, Level, Text
from riskmodel.model.fit import Learnt, learn
from riskmodel.model.logistic import probability
from riskmodel.model.points import sum_at
from riskmodel.model.sample import Sample
from riskmodel.settings import Settings, read_settings

SEED, COUPLES = 20260904, 0.25
SET_HOUSEHOLDS, ENDLESS_HOUSEHOLDS = 1600, 80_000  # about 2,000 and 100,000 people
LEVELS, NOISE, BLANK_SHARE = (2, 2, 3, 3, 4, 4, 5), 4, 0.05  # levels of the items that matter; as many more don't
AGES = range(18, 65)
MONTHS = np.arange(2019 * 12, 2022 * 12)
TEXT = Text("fråga", "question")


@dataclass(frozen=True)
class People:
    """Cases with the probability of their outcome, shared within a household."""

    sample: Sample
    prob: np.ndarray
    left_early: np.ndarray


def items() -> tuple[Item, ...]:
    sizes = (*LEVELS, *LEVELS[:NOISE])
    asked = (
        Item(
            f"x{place}",
            TEXT,
            "level",
            use="predictor",
            reference="l0",
            levels=tuple(Level(f"l{one}", TEXT) for one in range(size)),
        )
        for place, size in enumerate(sizes)
    )
    return (*asked, Item("age", TEXT, "number", use="predictor", minimum=AGES[0], maximum=AGES[-1]))


def made(households: int, random: np.random.Generator) -> People:
    """Households of one or two; the two have one outcome, answers alike, and log-odds that are the mean of theirs."""
    size = 1 + (random.random(households) < COUPLES)
    cluster = np.repeat(np.arange(households), size)
    logodds, columns = np.full(len(cluster), -1.0), []
    effects = np.random.default_rng(SEED)  # the same in every set
    for place, levels in enumerate((*LEVELS, *LEVELS[:NOISE])):
        alike = random.random(len(cluster)) < 0.5
        shared, own = random.integers(levels, size=households)[cluster], random.integers(levels, size=len(cluster))
        answer = np.where(alike, shared, own)
        by_level = effects.normal(0, 0.6, levels)
        if place < len(LEVELS):
            logodds += by_level[answer] - by_level.mean()
        columns.append(np.where(random.random(len(cluster)) < BLANK_SHARE, levels, answer))
    age = random.integers(len(AGES), size=len(cluster))
    logodds += 0.6 * np.sin(age / 15)
    prob = probability(np.bincount(cluster, logodds) / size)[cluster]
    outcome = (random.random(households)[cluster] < prob).astype(float)
    left = np.where(outcome == 1, 0.0, random.random(len(cluster)) < 1 / 3)
    ones = np.ones(len(cluster))
    month = random.choice(MONTHS, households)[cluster]
    positions = np.column_stack([*columns, age])
    return People(Sample(positions, outcome, ones, cluster, month, np.arange(len(ones)), ones.astype(int)), prob, left)


def truth(learnt: Learnt, training: People, endless: People, settings: Settings) -> Indexes:
    """The indexes of what was `learnt`, by points and by equation, where each person has both outcomes."""
    outcome = np.repeat([1.0, 0.0], len(endless.prob))
    weights = np.concatenate([endless.prob, 1 - endless.prob])[None]
    harm, points = threshold_of_harm(settings.policy.harm_ratio), learnt.points
    sums = np.tile(sum_at(endless.sample.positions, points), 2)
    by_points = tally_steps(sums, outcome, weights, offset=points.offset, step=points.per_point)
    steps, offset = _steps(learnt, training, endless, settings)
    by_equation = tally_steps(np.tile(steps, 2), outcome, weights, offset=offset, step=EQUATION_STEP)
    found = {("points", name): value for name, value in calibrated(by_points, threshold_prob=harm).items()}
    found |= {("equation", name): value for name, value in calibrated(by_equation, threshold_prob=harm).items()}
    prob = out_of_fold_prob(learnt, training.sample, settings)
    threshold = threshold_for(points, prob, training.sample, training.left_early, settings).threshold
    if threshold:
        border = float(probability(points.offset + np.array((threshold.points - 0.5) * points.per_point)))
        found |= {("points", name): value for name, value in flagged(by_points, threshold_prob=border).items()}
    return found


def _steps(learnt: Learnt, training: People, endless: People, settings: Settings) -> tuple[np.ndarray, float]:
    """The equation's log-odds of the endless people, in the steps that the repetitions count; and its offset."""
    both = np.vstack([training.sample.positions, endless.sample.positions])
    times = np.repeat([1, 0], [len(training.prob), len(endless.prob)])
    everybody = replace(training.sample, positions=both)
    material = Material(everybody, items(), settings, training.left_early, times > 0, near=0)
    steps, offset = equation_steps(learnt, training.sample, times, material)
    return steps[times == 0], offset


def one_set(endless: People, settings: Settings, number: int) -> pd.DataFrame:
    training, settings = made(SET_HOUSEHOLDS, np.random.default_rng([SEED, number])), seeded(settings, number)
    learnt = learn(training.sample, items(), settings)
    found = resample(training.sample, items(), settings, learnt=learnt, left_early=training.left_early).indexes
    known = truth(learnt, training, endless, settings)
    value = [float(known[pair][-1]) for pair in zip(found["predictor"], found["measure"], strict=True)]
    rows = found.rename(columns={"corrected": "estimate", "predictor": "group"}).assign(truth=value)
    return rows.set_index(["measure", "group"])[["estimate", "low", "high", "apparent", "truth"]]


def main(sets: int = 500, resamples: int = 200) -> None:
    settings = read_settings(PROJECT / "params.toml")
    settings = replace(settings, assess=replace(settings.assess, optimism=resamples))
    settings = replace(settings, run=replace(settings.run, workers=1))
    endless = made(ENDLESS_HOUSEHOLDS, np.random.default_rng([SEED]))
    found = Parallel(n_jobs=PROCESSES)(delayed(one_set)(endless, settings, number) for number in range(sets))
    print_table(coverages(list(found)))


if __name__ == "__main__":
    with threadpool_limits(1):
        main(*map(int, sys.argv[1:]))
