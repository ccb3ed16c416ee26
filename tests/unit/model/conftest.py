"""A small made cohort whose true equation is known."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from riskmodel.ground.settings import Settings, read_settings
from riskmodel.instrument.records import NO_ANSWER, Instrument, Item, Level, Text

TEXT = Text("fråga", "question")


def _item(item_id, kind, codes="", **more):
    levels = tuple(Level(code, TEXT) for code in codes)
    reference = codes[0] if codes else None
    return Item(item_id, TEXT, kind, "predictor", levels=levels, reference=reference, **more)


INSTRUMENT = Instrument(
    name="made",
    municipality_code="9900",
    municipality_name="Made",
    life_areas={},
    parts=(),
    items=(
        _item("housing", "level", "abc"),
        _item("health", "ordinal", "klm", direction="raises"),
        _item("licence", "flag", "yn"),
        _item("age", "number", minimum=18, maximum=64),
        _item("later", "number", minimum=0, maximum=9, known_from=5),
        replace(_item("sex", "flag", "fm"), use="audit"),
    ),
    sources={},
    no_answer=("",),
)
TRUE_LOGODDS = {"housing": [-0.6, 0.0, 0.6], "health": [-0.5, 0.0, 0.7], "licence": [0.4, -0.4]}
TRUE_INTERCEPT = -0.5
TRUE_AGE = 0.03


@dataclass(frozen=True, eq=False)
class Made:
    """Cases, their answers (index case_id) and their true log-odds."""

    cases: pd.DataFrame
    answers: pd.DataFrame
    logodds: np.ndarray


def make_cohort(n, *, seed=0, blank_share=0.1, cluster_size=1) -> Made:
    """Whole clusters share their outcome and their answers to everything but age."""
    random = np.random.default_rng(seed)
    case_id = np.array([f"c{place:05d}" for place in range(n)])
    cluster = np.arange(n) // cluster_size
    logodds = np.full(n, TRUE_INTERCEPT)
    answers = {}
    for item, effects in TRUE_LOGODDS.items():
        place = random.integers(len(effects), size=n)[cluster * cluster_size]
        blank = (random.random(n) < blank_share)[cluster * cluster_size]
        logodds = logodds + np.where(blank, 0.0, np.array(effects)[place])
        answers[item] = np.where(blank, NO_ANSWER, np.array(INSTRUMENT.item(item).codes)[place])
    age = random.integers(18, 65, size=n)
    logodds = logodds + TRUE_AGE * (age - 41)
    drawn = random.random(n)[cluster * cluster_size]
    cases = pd.DataFrame(
        {
            "case_id": case_id,
            "cluster_id": cluster,
            "intake_month": 2020 * 12 + np.arange(n) % 36,
            "outcome": pd.array((drawn < 1 / (1 + np.exp(-logodds))).astype(int), dtype="Int8"),
            "weight": 1.0,
        }
    )
    return Made(cases, pd.DataFrame({**answers, "age": age.astype(float)}, index=pd.Index(case_id)), logodds)


@pytest.fixture
def cohort_of():
    return make_cohort


@pytest.fixture(scope="session")
def made() -> Made:
    return make_cohort(1500)


@pytest.fixture(scope="session")
def instrument() -> Instrument:
    return INSTRUMENT


@pytest.fixture(scope="session")
def settings() -> Settings:
    return read_settings(Path(__file__).parents[3] / "params.toml")


@pytest.fixture(scope="session")
def model(made, instrument, settings):
    from riskmodel.model.fit import fit_model

    return fit_model(made.cases, made.answers, instrument, settings)
