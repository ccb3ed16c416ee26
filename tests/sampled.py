"""Made samples, straight as arrays, for the tests of what every resample repeats."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from riskmodel.ground.settings import Settings, read_settings
from riskmodel.instrument.records import Item, Level, Text
from riskmodel.model.logistic import probability
from riskmodel.model.sample import Sample

TEXT = Text("fråga", "question")
FIRST_MONTH = 2020 * 12
EFFECTS = np.array([-0.5, 0.0, 0.7])  # of the three answers to each question in `town_of`


def settings_of(*, optimism: int = 4, workers: int = 1, **model: object) -> Settings:
    """The project's settings with few resamples, no demand but the harm ratio, and whatever `model` says."""
    read = read_settings(Path(__file__).parents[1] / "params.toml")
    return replace(
        read,
        assess=replace(read.assess, optimism=optimism, folds=5),
        run=replace(read.run, workers=workers),
        policy=replace(read.policy, ppv_floor=0.0, left_early_cap=1.0, capacity_share=1.0),
        model=replace(read.model, **model),
    )


def items_of(items_n: int) -> tuple[Item, ...]:
    """Questions with three answers each."""
    levels = tuple(Level(code, TEXT) for code in "abc")
    return tuple(
        Item(f"q{place}", TEXT, "level", "predictor", levels=levels, reference="a") for place in range(items_n)
    )


def sample_of(n: int, items_n: int, *, seed: int = 0, effect: float = 0.5, cluster_size: int = 1) -> Sample:
    """Answers that raise or lower the log-odds by `effect` each; whole clusters stand together."""
    random = np.random.default_rng(seed)
    positions = random.integers(3, size=(n, items_n))
    logodds = -0.4 + effect * (positions - 1).sum(axis=1)
    outcome = (random.random(n) < 1 / (1 + np.exp(-logodds))).astype(float)
    month = FIRST_MONTH + random.integers(36, size=n)
    rows = np.arange(n)
    return Sample(positions, outcome, np.ones(n), rows // cluster_size, month, rows, np.ones(n, dtype=int))


def copied(sample: Sample, times: np.ndarray) -> Sample:
    """Every case as `times` rows of its own, in the same cluster."""
    each = np.repeat(np.arange(len(times)), times)
    taken = sample.take(each)
    return replace(taken, copies=np.ones(len(each), dtype=int), order=np.arange(len(each)))


def town_of(
    n: int,
    seed: int,
    *,
    items_n: int = 3,
    level: float = -1.0,
    number: bool = False,
    shares: tuple[float, float, float] = (0.5, 0.3, 0.2),
) -> Sample:
    """`n` people with three answers to each question, each worth `EFFECTS`, and maybe an age that raises the risk."""
    rng = np.random.default_rng(seed)
    positions = rng.choice(3, p=shares, size=(n, items_n))
    logodds = level + EFFECTS[positions].sum(axis=1)
    if number:
        ages = rng.integers(0, 40, n)
        positions, logodds = np.column_stack([positions, ages]), logodds + 0.03 * (ages - 20)
    outcome = (rng.random(n) < probability(logodds)).astype(float)
    at = np.arange(n)
    return Sample(positions, outcome, np.ones(n), at, np.full(n, 24240), at, np.ones(n, dtype=int))
