"""Own formulas against other people's, and what they say when there is nothing to say."""

import numpy as np
import pytest
import statsmodels.api as sm
from predicted import predictions_of, settings_of
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import brier_score_loss, roc_auc_score

from riskmodel.assess.calibration import auc, brier, citl, oe, recalibration
from riskmodel.assess.evaluation import DISTANCES, chance_ici, curve, curve_measures, evaluate, rounded, smoother
from riskmodel.assess.intervals import draw_clusters, resampled, resamples_of, scores, tally
from riskmodel.assess.subgroups import everyone

RANDOM = np.random.default_rng(7)
N = 900
LOGODDS = RANDOM.normal(-1, 1.3, N).round(1)  # rounded, so that risks tie
RISK = 1 / (1 + np.exp(-LOGODDS))
OUTCOME = (RANDOM.random(N) < 1 / (1 + np.exp(-(0.4 + 0.7 * LOGODDS)))).astype(float)
WEIGHT = RANDOM.uniform(0.5, 2, N)
TALLIED = tally(OUTCOME, RISK, weight=WEIGHT)


def test_auc_and_brier_are_those_of_scikit_learn():
    assert auc(TALLIED) == pytest.approx(roc_auc_score(OUTCOME, RISK, sample_weight=WEIGHT), abs=1e-12)
    assert brier(TALLIED) == pytest.approx(brier_score_loss(OUTCOME, RISK, sample_weight=WEIGHT), abs=1e-12)


def test_recalibration_is_the_unpenalised_logistic_regression_on_logodds():
    peer = LogisticRegression(C=np.inf, solver="newton-cholesky", tol=1e-10)
    peer.fit(LOGODDS[:, None], OUTCOME, sample_weight=WEIGHT)
    intercept, slope = recalibration(TALLIED)
    assert intercept == pytest.approx(peer.intercept_[0], abs=1e-6)
    assert slope == pytest.approx(peer.coef_[0, 0], abs=1e-6)


def test_citl_is_the_intercept_with_logodds_as_offset():
    peer = sm.GLM(OUTCOME, np.ones(N), family=sm.families.Binomial(), offset=LOGODDS, freq_weights=WEIGHT).fit()
    assert citl(TALLIED) == pytest.approx(peer.params[0], abs=1e-6)


@pytest.mark.parametrize(("shift", "factor"), [(3, 4), (-4, 2), (1, 0.05), (0, -1)])
def test_recalibration_finds_its_way_from_risks_that_are_far_off(shift, factor):
    logodds = shift + factor * LOGODDS
    intercept, slope = recalibration(tally(OUTCOME, 1 / (1 + np.exp(-logodds))))
    near_intercept, near_slope = recalibration(tally(OUTCOME, RISK))
    assert slope * factor == pytest.approx(near_slope, abs=1e-6)
    assert intercept + slope * shift == pytest.approx(near_intercept, abs=1e-6)


@pytest.mark.parametrize("outcome", [np.zeros(4), np.ones(4)])
def test_with_one_outcome_only_there_is_nothing_to_say(outcome):
    tallied = tally(outcome, np.array([0.2, 0.4, 0.6, 0.8]))
    assert np.isnan([auc(tallied), citl(tallied), *recalibration(tallied)]).all()
    assert np.isfinite(oe(tallied))


def test_one_risk_for_everybody_has_no_slope_and_no_curve():
    tallied = tally(np.array([1, 0, 1, 0]), np.full(4, 0.3))
    assert auc(tallied) == 0.5
    assert np.isnan(recalibration(tallied)).all()
    assert np.isfinite(citl(tallied))
    assert smoother(tallied) is None


@pytest.mark.parametrize("risk", [(0.1, 0.2, 0.7, 0.8), (0.1, 0.5, 0.5, 0.8), (0.9, 0.8, 0.2, 0.1)])
def test_a_risk_that_tells_the_outcomes_wholly_apart_has_no_slope(risk):
    tallied = tally(np.array([0, 0, 1, 1]), np.array(risk))
    assert np.isnan(recalibration(tallied)).all()
    assert np.isfinite(citl(tallied))


def test_the_curve_is_lowess_without_reweighting():
    n = 600  # two thirds of which is a whole number, as R and statsmodels round it down
    risk, outcome = RISK[:n].round(3), OUTCOME[:n]
    tallied = tally(outcome, risk)
    smooth = smoother(tallied)
    peer = sm.nonparametric.lowess(outcome, risk, frac=2 / 3, it=0, xvals=smooth.grid)
    assert np.abs(smooth.on_grid(rounded(tallied, step=0.001)) - peer).max() < 1e-6


def test_ici_is_the_mean_distance_at_the_people():
    n = 600
    risk, outcome = RISK[:n].round(3), OUTCOME[:n]
    tallied = tally(outcome, risk)
    peer = sm.nonparametric.lowess(outcome, risk, frac=2 / 3, it=0, return_sorted=False)
    gaps = np.abs(peer - risk)
    found = curve_measures(tallied, smoother(tallied))
    # the curve is a straight line between 101 points, as in R
    assert found["ici"] == pytest.approx(gaps.mean(), abs=1e-3)
    assert found["e50"] == pytest.approx(np.median(gaps), abs=2e-3)
    assert found["e90"] == pytest.approx(np.quantile(gaps, 0.9), abs=2e-3)
    assert found["emax"] == pytest.approx(gaps.max(), abs=2e-3)


def test_a_curve_over_a_heap_of_equal_risks_is_finite():
    risk = np.concatenate([np.full(900, 0.10), np.array([0.12, 0.5, 0.503, 0.9])])
    outcome = np.concatenate([np.arange(900) < 90, [0, 1, 0, 1]]).astype(float)
    tallied = tally(outcome, risk)
    found = curve_measures(tallied, smoother(tallied))
    assert np.isfinite(found["curve"]).all()
    assert found["curve"][0] == pytest.approx(0.1, abs=0.01)


def _chance(outcome, risk, cluster, *, seed=1):
    """ICI of the sample, and the one by chance: mean, low, high."""
    resamples = draw_clusters(cluster, repeats=200, rng=np.random.default_rng(seed))
    places, ones = resamples.index(cluster), np.ones(len(risk))
    prepared = scores(outcome, risk, weight=ones, cluster=places, clusters_n=len(resamples.clusters))
    smooth = smoother(prepared.tally())
    curves = resampled(prepared, resamples, lambda tallied: {"curve": curve(tallied, smooth)})["curve"]
    return float(curve_measures(prepared.tally(), smooth)["ici"]), chance_ici(prepared.tally(), smooth, curves)


def test_chance_alone_shows_an_ici_that_shrinks_with_the_number_of_people():
    few, many = (_chance(np.tile(OUTCOME, times), np.tile(RISK, times), np.arange(N * times))[1] for times in (1, 9))
    assert 0 < few[1] < few[0] < few[2]
    assert few[0] / many[0] == pytest.approx(3, rel=0.2)  # a standard error falls with the root of n


def test_chance_counts_households_and_not_people():
    alone = _chance(OUTCOME, RISK, np.arange(N))[1]
    twins = _chance(np.repeat(OUTCOME, 2), np.repeat(RISK, 2), np.repeat(np.arange(N), 2))[1]
    assert twins == pytest.approx(alone)  # everybody twice in a household tells no more than once


def test_perfect_risks_show_about_the_ici_of_chance():
    random = np.random.default_rng(3)
    found = [_chance((random.random(N) < RISK).astype(float), RISK, np.arange(N)) for _ in range(30)]
    shown, expected = np.mean([ici for ici, _ in found]), np.mean([chance[0] for _, chance in found])
    assert shown == pytest.approx(expected, rel=0.2)
    assert np.mean([chance[1] <= ici <= chance[2] for ici, chance in found]) > 0.8


def test_distances_have_no_interval_but_stand_beside_those_of_chance():
    predictions, settings = predictions_of(1500), settings_of()
    whom, resamples = everyone(predictions), resamples_of(predictions, settings)
    rows, drawn = evaluate(predictions, whom, predictor="points", resamples=resamples, settings=settings.assess)
    by_measure = rows.set_index("measure")
    assert (rows["status"] == "ok").all()
    assert by_measure.loc[list(DISTANCES), ["low", "high"]].isna().all(axis=None)
    with_ends = by_measure.drop(index=list(DISTANCES))
    assert with_ends["estimate"].between(with_ends["low"], with_ends["high"]).all()
    assert drawn["observed"].between(drawn["low"], drawn["high"]).all()
