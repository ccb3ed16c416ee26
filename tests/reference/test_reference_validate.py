"""The optimism bootstrap with nothing left to choose, against `rms::validate` on the same invented people."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from predicted import TEXT, settings_of

from riskmodel.assess.repeated.optimism import resample
from riskmodel.ground.files import read_json
from riskmodel.ground.settings import Knots
from riskmodel.instrument.records import Item, Level
from riskmodel.model.sample import Sample, allowed_answers, answer_positions

pytestmark = pytest.mark.slow

HERE = Path(__file__).parent
R = read_json(HERE / "reference.json")
RESAMPLES = 300
LEVELS = tuple(Level(code, TEXT) for code in ("own", "lodger", "homeless"))
ITEMS = (
    Item("age", TEXT, "number", use="predictor", minimum=18, maximum=64),
    Item("housing", TEXT, "level", use="predictor", levels=LEVELS, reference="own"),
)
Z_95 = 1.96


@pytest.fixture
def sample() -> Sample:
    people = pd.read_csv(HERE / "invented.csv").astype({"age": float})
    alone, ones = np.arange(len(people)), np.ones(len(people))
    return Sample(
        positions=answer_positions(people, map(allowed_answers, ITEMS)),
        outcome=people["outcome"].to_numpy(dtype=float),
        weight=ones,
        cluster=alone,
        month=np.full(len(people), 2020 * 12 + 11),
        order=alone,
        copies=ones.astype(int),
    )


@pytest.mark.parametrize(
    ("kind", "penalty", "measures"),
    # R counts a penalised model's slope and intercept as 1 and 0 where it was fitted, we as what they are there
    [("unpenalised", 1e-6, ("Dxy", "Brier", "Slope", "Intercept")), ("penalised", R["penalty"], ("Dxy", "Brier"))],
)
def test_corrected_indexes_are_those_of_validate_within_the_error_of_resampling(
    sample, monkeypatch, kind, penalty, measures
):
    monkeypatch.setattr("riskmodel.model.fit.logistic_slope", lambda *_: 1.0)  # R shrinks nothing after the fit
    settings = settings_of(optimism=RESAMPLES)
    fixed = {"penalty_lowest": penalty, "penalty_highest": penalty, "penalty_steps": 1}
    knots = (Knots("age", tuple(R["knots"])),)
    found = resample(sample, ITEMS, replace(settings, model=replace(settings.model, **fixed, knots_at=knots))).indexes
    equation = found[found["predictor"] == "equation"].set_index("measure")
    ours = {"Dxy": "auc", "Brier": "brier", "Slope": "recalibration_slope", "Intercept": "recalibration_intercept"}
    for measure in measures:
        row, scale, shift = equation.loc[ours[measure]], 2 if measure == "Dxy" else 1, -1 if measure == "Dxy" else 0
        theirs = R["validate"][kind][measure]
        # the equation's log-odds are counted in steps of .002
        assert scale * row["apparent"] + shift == pytest.approx(theirs["index.orig"], abs=2e-3)
        # the interval holds 95 % of the resamples' gaps; the error of a mean falls with the root of their number
        error = (
            scale * (row["high"] - row["low"]) / (2 * Z_95) * np.sqrt(1 / RESAMPLES + 1 / R["validate"]["resamples"])
        )
        assert scale * row["corrected"] + shift == pytest.approx(theirs["index.corrected"], abs=3.5 * error)
        assert abs(theirs["index.orig"] - theirs["index.corrected"]) > 5 * error  # or no correction would do
