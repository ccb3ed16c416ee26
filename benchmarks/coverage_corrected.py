"""How often the intervals of a fitted model hold the truth: 500 made training sets.

Usage: python benchmarks/coverage_corrected.py [SETS] [RESAMPLES]. Each set is fitted by the whole procedure and
corrected by its optimism bootstrap. The truth is the index of the model fitted on that very set, in an endless
population: 100,000 people's answers, each with both outcomes at their probability. Of a person's risk, and of a
coefficient, it is what the same procedure gives when it learns from these 100,000; one person and one coefficient a
set. Prints a table.
"""

import sys
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from coverage import PROCESSES, PROJECT, coverages, print_table, seeded
from joblib import Parallel, delayed
from threadpoolctl import threadpool_limits

from riskmodel.assess.policy import threshold_of_harm
from riskmodel.assess.repeated.optimism import resample
from riskmodel.assess.repeated.repetition import (
    EQUATION_STEP,
    Indexes,
    Material,
    calibrated,
    equation_steps,
    flagged,
    out_of_fold_prob,
    tally_steps,
    threshold_for,
)
from riskmodel.ground.settings import Settings, read_settings
from riskmodel.instrument.records import Instrument, Item, Level, Text
from riskmodel.model.fit import Learnt, fitted_model, learn
from riskmodel.model.inference import infer
from riskmodel.model.logistic import probability
from riskmodel.model.matrix import matrix
from riskmodel.model.points import sum_at
from riskmodel.model.sample import Sample
from riskmodel.release.answers import ROUNDING_VARIANCE, Z_95

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


@dataclass(frozen=True)
class Limit:
    """What the procedure tends to: everybody's log-odds when it learns from them all, and the coefficients then."""

    endless: People
    logodds: np.ndarray
    coefficients: pd.Series


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


def person(learnt: Learnt, training: People, endless: People, settings: Settings, number: int) -> tuple[float, ...]:
    """Log-odds of one of the endless people by points, with the ends that advice shows (as `release.scoring`)."""
    positions, points = endless.sample.positions[[number]], learnt.points
    row = matrix(positions, learnt.fit.design)[0]
    sigma = fitted_model(learnt, training.sample, settings).equation.covariance
    variance = row @ sigma @ row + len(items()) * ROUNDING_VARIANCE * points.per_point**2
    middle = points.offset + float(sum_at(positions, points)[0]) * points.per_point
    return middle, middle - Z_95 * variance**0.5, middle + Z_95 * variance**0.5


def inferred(learnt: Learnt, people: People, settings: Settings) -> pd.DataFrame:
    """The coefficients without penalty of the levels that are nobody's reference, by column."""
    sample = people.sample
    instrument = Instrument("made", "9900", "Made", {}, (), items(), {}, no_answer=("",))
    rows = infer(sample, fitted_model(learnt, sample, settings), instrument).set_index("column")
    return rows[(rows["status"] == "ok") & rows.index.str.contains("=l")]


def known(endless: People, settings: Settings) -> Limit:
    learnt = learn(endless.sample, items(), settings)
    steps, offset = _steps(learnt, endless, endless, settings)
    return Limit(endless, offset + steps * EQUATION_STEP, inferred(learnt, endless, settings)["coefficient"])


def one_set(limit: Limit, settings: Settings, number: int) -> pd.DataFrame:
    training, settings = made(SET_HOUSEHOLDS, np.random.default_rng([SEED, number])), seeded(settings, number)
    learnt = learn(training.sample, items(), settings)
    found = resample(training.sample, items(), settings, learnt=learnt, left_early=training.left_early).indexes
    value = truth(learnt, training, limit.endless, settings)
    values = [float(value[pair][-1]) for pair in zip(found["predictor"], found["measure"], strict=True)]
    rows = found.rename(columns={"corrected": "estimate", "predictor": "group"}).assign(truth=values)
    rows = rows.set_index(["measure", "group"])[["estimate", "low", "high", "truth"]]
    coefficients = inferred(learnt, training, settings)
    both = coefficients.index.intersection(limit.coefficients.index)
    name = both[number % len(both)]
    rows.loc[("coefficient, log-odds", "equation"), :] = [
        *coefficients.loc[name, ["coefficient", "low", "high"]],
        limit.coefficients[name],
    ]
    ends = person(learnt, training, limit.endless, settings, number)
    rows.loc[("a person's log-odds", "points"), :] = [*ends, limit.logodds[number]]
    return rows


def main(sets: int = 500, resamples: int = 200) -> None:
    settings = read_settings(PROJECT / "params.toml")
    settings = replace(settings, assess=replace(settings.assess, optimism=resamples))
    settings = replace(settings, run=replace(settings.run, workers=1))
    limit = known(made(ENDLESS_HOUSEHOLDS, np.random.default_rng([SEED])), settings)
    found = Parallel(n_jobs=PROCESSES)(delayed(one_set)(limit, settings, number) for number in range(sets))
    print_table(coverages(list(found)))


if __name__ == "__main__":
    with threadpool_limits(1):
        main(*map(int, sys.argv[1:]))
