"""Our numbers against R's on an invented data set: `make_reference.R` beside this file made them, CI needs no R."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from riskmodel.assess.calibration import auc, brier, citl, recalibration
from riskmodel.assess.evaluation import curve_measures, smoother
from riskmodel.assess.intervals import Tally, draw_clusters, percentiles, scores, tally
from riskmodel.ground.files import read_json
from riskmodel.model.logistic import newton, scikit_learn
from riskmodel.model.spline import spline_basis

HERE = Path(__file__).parent
R = read_json(HERE / "reference.json")
LEVELS = ("own", "lodger", "homeless")
RESAMPLES = 2000


@pytest.fixture(scope="module")
def people() -> pd.DataFrame:
    return pd.read_csv(HERE / "invented.csv")


@pytest.fixture(scope="module")
def guessed(people) -> Tally:
    return tally(people["outcome"].to_numpy(), people["guess"].to_numpy())


def columns(people: pd.DataFrame, *, levels: tuple[str, ...]) -> tuple[np.ndarray, np.ndarray]:
    """Ones, the spline of age divided by its standard deviations, a column a level; and the divisors."""
    spline = spline_basis(people["age"].to_numpy(), R["knots"])
    sd = spline.std(axis=0, ddof=1)
    one_hot = np.column_stack([people["housing"] == level for level in levels]).astype(float)
    return np.column_stack([np.ones(len(people)), spline / sd, one_hot]), sd


def test_the_spline_basis_is_rcs():
    assert spline_basis(np.array([18, 20, 30, 41, 55, 64]), R["knots"]) == pytest.approx(
        np.array(R["basis"]), abs=1e-10
    )


def test_without_penalty_the_coefficients_are_those_of_lrm(people):
    x, sd = columns(people, levels=LEVELS[1:])  # the first level is R's reference
    outcome, weight = people["outcome"].to_numpy(dtype=float), np.ones(len(people))
    found = newton(x, outcome, weight, 0.0).coefficients / np.concatenate([[1.0], sd, [1.0, 1.0]])
    assert found == pytest.approx(R["unpenalised"]["coefficients"], abs=1e-6)


@pytest.mark.parametrize("solver", ["own", "scikit-learn"])
def test_a_ridge_on_every_level_is_lrms_penalty(people, solver):
    x, sd = columns(people, levels=LEVELS)
    outcome, weight = people["outcome"].to_numpy(dtype=float), np.ones(len(people))
    fit = (
        newton(x, outcome, weight, R["penalty"]).coefficients
        if solver == "own"
        else scikit_learn(x, outcome, weight, R["penalty"])
    )
    assert (x @ fit)[:20] == pytest.approx(R["penalised"]["logodds"], abs=1e-6)
    assert fit[1:4] / sd == pytest.approx(R["penalised"]["coefficients"][1:4], abs=1e-6)
    # R writes a level as its difference from the first
    assert fit[5:] - fit[4] == pytest.approx(R["penalised"]["coefficients"][4:], abs=1e-6)


def test_discrimination_and_calibration_are_those_of_proc_and_val_prob(guessed):
    intercept, slope = recalibration(guessed)
    assert float(auc(guessed)) == pytest.approx(R["auc"], abs=1e-12)
    assert float(brier(guessed)) == pytest.approx(R["brier"], abs=1e-12)
    assert float(intercept) == pytest.approx(R["recalibration_intercept"], abs=1e-6)
    assert float(slope) == pytest.approx(R["recalibration_slope"], abs=1e-6)
    assert float(citl(guessed)) == pytest.approx(R["citl"], abs=1e-6)


def test_the_ici_is_val_probs_average_error(guessed):
    # both smooth with lowess (f = 2/3, no robustness rounds), we on risks rounded to a thousandth and a grid
    assert float(curve_measures(guessed, smoother(guessed))["ici"]) == pytest.approx(R["ici"], abs=5e-4)


def test_the_bootstrap_interval_of_the_auc_is_delongs_within_its_error(people):
    everyone = np.arange(len(people))
    resamples = draw_clusters(everyone, repeats=RESAMPLES, rng=np.random.default_rng(1))
    gathered = scores(
        people["outcome"].to_numpy(dtype=float),
        people["guess"].to_numpy(),
        weight=np.ones(len(people)),
        cluster=resamples.index(everyone),
        clusters_n=len(people),
    )
    low, high = percentiles(auc(gathered.tally(resamples.counts)))
    # the standard error of a 2.5 % quantile of 2,000 draws is about .07 of their own; the interval's half is 1.96
    assert [float(low), float(high)] == pytest.approx(R["auc_delong"], abs=4 * 0.07 * np.ptp(R["auc_delong"]) / 3.92)


@pytest.mark.parametrize(("penalty", "name"), [(2.0, "weak"), (50.0, "strong"), (np.inf, "intercept_alone")])
def test_a_fit_that_starts_from_known_log_odds_is_optims(people, penalty, name):
    age, housing = people["age"].to_numpy() - 40.0, people["housing"]
    x = np.column_stack([np.ones(len(people)), age / 10, *(housing == level for level in LEVELS)])
    offset = 0.015 * age + housing.map({"own": 0.0, "lodger": 0.9, "homeless": 0.4}).to_numpy()
    weight = 1 + (1 + np.arange(len(people))) % 3 / 2
    fit = newton(x, people["outcome"].to_numpy(dtype=float), weight, penalty, offset=offset)
    assert fit.coefficients == pytest.approx(np.atleast_1d(read_json(HERE / "offset.json")[name]), abs=1e-6)
