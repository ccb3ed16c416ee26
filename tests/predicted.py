"""Made predictions and a made cohort for the tests of `riskmodel.assess`."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from riskmodel.assess.rolling import gather_evidence
from riskmodel.cohort.record import Cohort
from riskmodel.ground.settings import Settings, read_settings
from riskmodel.instrument.records import NO_ANSWER, Instrument, Item, Level, Text

TEXT = Text("fråga", "question")
EFFECTS = {"work": (-0.8, 0.0, 0.9), "health": (-0.4, 0.0, 0.6), "education": (-0.3, 0.3)}


def settings_of(**assess: int) -> Settings:
    """The project's settings with few resamples, one process, and whatever `assess` says."""
    settings = read_settings(Path(__file__).parents[1] / "params.toml")
    few = {"bootstrap": 60, "folds": 3, "group_min": 20, "curve_min": 40, "min_training_months": 12, **assess}
    return replace(settings, assess=replace(settings.assess, **few), run=replace(settings.run, workers=1))


def rolling_predictions(cohort: Cohort, instrument: Instrument, settings: Settings, **how: object) -> pd.DataFrame:
    """Every rolling year's cases as predicted on its 1 January; empty when no year is possible."""
    found = gather_evidence(cohort, instrument, settings, **how)
    return found.predictions.iloc[: 0 if found.kind == "out_of_fold" else None]


def predictions_of(n: int, *, seed: int = 0, gap: float = 0.0) -> pd.DataFrame:
    """Calibrated predictions in two areas; `gap` is added to the log-odds of the cases in area B, unseen by them."""
    random = np.random.default_rng(seed)
    logodds = random.normal(-0.8, 1.2, n)
    area = random.choice(["A", "B"], n)
    outcome = (random.random(n) < _prob(logodds + gap * (area == "B"))).astype(int)
    points = np.round(logodds * 10 / np.log(2)).astype(int)
    left = pd.array(np.where(outcome == 1, 0, random.integers(2, size=n)), dtype="Int8")
    return pd.DataFrame(
        {
            "case_id": [f"c{place:06d}" for place in range(n)],
            "cluster_id": random.integers(n * 4 // 5, size=n),
            "intake_year": random.choice([2021, 2022], n),
            "area": area,
            "outcome": outcome,
            "weight": random.uniform(1.0, 1.3, n),
            "left_within_100_days": left,
            "points": points,
            "points_prob": _prob(points * np.log(2) / 10),
            "equation_prob": _prob(logodds),
            "boosted_prob": _prob(logodds + random.normal(0, 0.5, n)),
            "three_item_prob": np.where(logodds > 0, 0.6, 0.25),
            "event_rate_prob": 0.35,
            "sex": random.choice(["man", "woman", NO_ANSWER], n, p=[0.5, 0.45, 0.05]),
        }
    )


def crossed_people(crossed: float, *, n: int = 4000, seed: int = 1) -> pd.DataFrame:
    """Three questions with 0 or 10 points; `crossed` log-odds where a and b agree, as much less where they don't."""
    rng = np.random.default_rng(seed)
    given = rng.integers(0, 2, (n, 3))
    logodds = -1.0 + (given * np.log(2)).sum(axis=1)
    truth = _prob(logodds + crossed * np.where(given[:, 0] == given[:, 1], 1, -1))
    columns = {f"points_of.{name}": 10 * given[:, place] for place, name in enumerate("abc")}
    known = {"outcome": (rng.random(n) < truth).astype(int), "points_prob": _prob(logodds)}
    where = {"cluster_id": np.arange(n) // 2, "stratum": 2022 + np.arange(n) % 2}
    where["area"] = np.array(["Norr", "Söder", "Öst", "Väst"])[np.arange(n) % 4]
    return pd.DataFrame({**known, "weight": 1.0, **where, **columns})


def instrument_of(**more: object) -> Instrument:
    """Three questions, age, sex for the audit, and one question that comes too late."""
    levels = {item: tuple(Level(f"l{place}", TEXT) for place in range(len(EFFECTS[item]))) for item in EFFECTS}
    questions = [
        _item(item, "level", levels=levels[item], reference="l0", audited=item == "education") for item in EFFECTS
    ]
    items = (
        *questions,
        _item("age", "number", minimum=18, maximum=64, derive="age", grounds=("age",)),
        _item("sex", "level", use="audit", levels=(Level("man", TEXT), Level("woman", TEXT))),
        _item("later", "flag", known_from=5, levels=(Level("yes", TEXT), Level("no", TEXT))),
    )
    fixed = {"name": "made", "municipality_code": "9900", "municipality_name": "Made", "life_areas": {}, "parts": ()}
    return Instrument(**fixed, items=items, sources={}, no_answer=("",), **more)


def cohort_of(n: int, *, years: tuple[int, ...] = (2020, 2021, 2022), seed: int = 0) -> Cohort:
    """New cases evenly over the months of `years`, the last of them waiting to be confirmed."""
    random = np.random.default_rng(seed)
    case_id = np.array([f"c{place:05d}" for place in range(n)])
    logodds, answers = np.full(n, -0.6), {}
    for item, effects in EFFECTS.items():
        place = random.integers(len(effects), size=n)
        answers[item] = np.where(random.random(n) < 0.05, NO_ANSWER, np.char.add("l", place.astype(str)))
        logodds = logodds + np.array(effects)[place]
    answers |= {"age": random.integers(18, 65, n).astype(float), "sex": random.choice(["man", "woman"], n)}
    month = years[0] * 12 + np.arange(n) % (12 * len(years))
    cases = pd.DataFrame(
        {
            "case_id": case_id,
            "person_id": np.char.add("p", np.arange(n).astype(str)),
            "cluster_id": np.arange(n) // 2,
            "intake_month": month.astype("int32"),
            "intake_year": (month // 12).astype("int32"),
            "area": random.choice(["A", "B"], n),
            "outcome": pd.array((random.random(n) < _prob(logodds)).astype(int), dtype="Int8"),
            "known_month": (month + 13).astype("int32"),
            "complete": True,
            "left_within_100_days": pd.array(random.integers(2, size=n), dtype="Int8"),
            "fitted": True,
            "weight": 1.0,
        }
    )
    summary = {"latest_complete_year": years[-1], "labelled": False, "censoring": {"rule": "drop"}}
    return Cohort(cases, pd.DataFrame(answers, index=pd.Index(case_id)), pd.DataFrame(), summary)


def _item(item_id: str, kind: str, **more: object) -> Item:
    return Item(item_id, TEXT, kind, **{"use": "predictor", **more})


def _prob(logodds: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-logodds))
