"""Resampling whole clusters: what is drawn, and that every resample is what it would be with the rows copied."""

import numpy as np
import pytest
from predicted import predictions_of, settings_of

from riskmodel.assess.at_threshold import share_interval
from riskmodel.assess.calibration import auc, brier, citl, oe, recalibration
from riskmodel.assess.evaluation import curve_measures, smoother
from riskmodel.assess.intervals import (
    draw_clusters,
    intervals_of,
    percentiles,
    resampled,
    resampled_group_sums,
    resampled_sums,
    resamples_of,
    scores_of,
    tally,
)

PREDICTIONS = predictions_of(500)


def _measures(tallied):
    intercept, slope = recalibration(tallied)
    return {"auc": auc(tallied), "oe": oe(tallied), "brier": brier(tallied), "citl": citl(tallied), "slope": slope}


def test_as_many_clusters_are_drawn_as_there_are():
    drawn = draw_clusters(np.array([7, 7, 3, 9, 9, 9]), repeats=50, rng=np.random.default_rng(0))
    assert drawn.clusters.tolist() == [3, 7, 9]
    assert (drawn.counts.sum(axis=1) == 3).all()
    assert drawn.index(np.array([9, 3])).tolist() == [2, 0]


def test_a_resample_is_the_measure_on_the_copied_rows():
    resamples = draw_clusters(PREDICTIONS["cluster_id"].to_numpy(), repeats=4, rng=np.random.default_rng(0))
    prepared = scores_of(PREDICTIONS, "points", resamples)
    found = resampled(prepared, resamples, _measures)
    place = resamples.index(PREDICTIONS["cluster_id"].to_numpy())
    for number, counts in enumerate(resamples.counts):
        copied = PREDICTIONS.loc[PREDICTIONS.index.repeat(counts[place])]
        by_hand = _measures(tally(copied["outcome"], copied["points_prob"], weight=copied["weight"]))
        assert [found[name][number] for name in found] == pytest.approx(
            [float(one) for one in by_hand.values()], abs=1e-9
        )


def test_in_a_resample_too_pairs_are_compared_within_their_stratum_alone():
    rows = PREDICTIONS.assign(stratum=PREDICTIONS["intake_year"])
    resamples = draw_clusters(rows["cluster_id"].to_numpy(), repeats=4, rng=np.random.default_rng(0))
    found = resampled(scores_of(rows, "points", resamples), resamples, _measures)
    pooled = resampled(scores_of(PREDICTIONS, "points", resamples), resamples, _measures)
    place = resamples.index(rows["cluster_id"].to_numpy())
    for number, counts in enumerate(resamples.counts):
        copied = rows.loc[rows.index.repeat(counts[place])]
        won, pairs = 0.0, 0.0
        for _, year in copied.groupby("stratum"):
            tallied = tally(year["outcome"], year["points_prob"], weight=year["weight"])
            own = tallied.events.sum() * tallied.non_events.sum()
            won, pairs = won + own * auc(tallied), pairs + own
        assert found["auc"][number] == pytest.approx(won / pairs)
    # nothing else knows strata
    for name in ("oe", "brier", "citl", "slope"):
        assert found[name] == pytest.approx(pooled[name])


def test_sums_are_those_of_the_copied_rows():
    resamples = draw_clusters(PREDICTIONS["cluster_id"].to_numpy(), repeats=3, rng=np.random.default_rng(0))
    place = resamples.index(PREDICTIONS["cluster_id"].to_numpy())
    columns = PREDICTIONS[["outcome", "weight"]].to_numpy(dtype=float)
    by_hand = [(columns * counts[place][:, None]).sum(axis=0) for counts in resamples.counts]
    assert resampled_sums(columns, place, resamples) == pytest.approx(np.array(by_hand))


def test_the_sums_of_groups_are_those_of_their_rows_alone():
    resamples = draw_clusters(PREDICTIONS["cluster_id"].to_numpy(), repeats=3, rng=np.random.default_rng(0))
    place = resamples.index(PREDICTIONS["cluster_id"].to_numpy())
    columns = PREDICTIONS[["outcome", "weight"]].to_numpy(dtype=float)
    groups = [(PREDICTIONS["area"] == "A").to_numpy(), np.ones(len(PREDICTIONS), dtype=bool)]
    found = resampled_group_sums(columns, groups, place, resamples)
    for own, rows in zip(found, groups, strict=True):
        assert own == pytest.approx(resampled_sums(columns[rows], place[rows], resamples))


def test_a_share_has_wilsons_interval_for_as_many_people_as_give_it_its_spread():
    # 10 of 50: a spread of √(.2·.8/50); the ends are those that (p − .2)² = 1.96²·p(1 − p)/50 has as roots
    variance = 0.2 * 0.8 / 50
    assert share_interval(10, 50, variance) == pytest.approx((0.2, 0.11244, 0.33037), abs=1e-5)
    narrow, wide = (share_interval(10, 50, variance, level=level) for level in (0.9, 0.95))
    assert wide[1] < narrow[1] < 0.2 < narrow[2] < wide[2]


def test_a_share_of_nobody_or_everybody_has_an_interval_too():
    # the ends are 1.96² / (50 + 1.96²) from the share
    assert share_interval(0, 50, 0.0) == pytest.approx((0.0, 0.0, 0.07135), abs=1e-5)
    assert share_interval(50, 50, 0.0) == pytest.approx((1.0, 1 - 0.07135, 1.0), abs=1e-5)
    assert np.isnan(share_interval(0, 0, 0.0)).all()


def test_intervals_depend_on_the_seed_and_not_on_the_order_of_rows():
    settings = settings_of(bootstrap=30)
    shuffled = PREDICTIONS.sample(frac=1, random_state=1)
    ends = []
    for rows in (PREDICTIONS, shuffled):
        resamples = resamples_of(rows, settings)
        prepared = scores_of(rows, "points", resamples)
        found = intervals_of(_measures(prepared.tally()), resampled(prepared, resamples, _measures))
        ends.append([found["auc"].low, found["auc"].high, found["slope"].low])
    assert ends[0] == pytest.approx(ends[1], abs=1e-12)


def test_the_spread_over_resamples_is_the_standard_error_of_whole_clusters():
    # 200 clusters of four copies of one person: the standard error of a share is that of 200, not of 800
    outcome = np.repeat(np.arange(200) < 60, 4).astype(float)
    resamples = draw_clusters(np.repeat(np.arange(200), 4), repeats=2000, rng=np.random.default_rng(0))
    shares = resampled_sums(outcome[:, None], np.repeat(np.arange(200), 4), resamples)[:, 0] / 800
    assert shares.std() == pytest.approx(np.sqrt(0.3 * 0.7 / 200), rel=0.06)


def test_percentiles_hold_the_middle():
    low, high = percentiles(np.arange(201.0)[:, None])
    assert (low, high) == (pytest.approx([5.0]), pytest.approx([195.0]))


def test_the_curve_in_a_resample_is_the_curve_on_the_copied_rows_when_windows_are_kept():
    resamples = draw_clusters(PREDICTIONS["cluster_id"].to_numpy(), repeats=2, rng=np.random.default_rng(0))
    prepared = scores_of(PREDICTIONS, "points", resamples)
    smooth = smoother(prepared.tally())
    found = resampled(prepared, resamples, lambda tallied: curve_measures(tallied, smooth))
    again = curve_measures(prepared.tally(resamples.counts[1:2].astype(float)), smooth)
    assert found["ici"][1] == pytest.approx(again["ici"][0])
    assert found["curve"].shape == (2, 101)


def test_people_without_a_risk_are_left_out():
    some = PREDICTIONS.assign(best_prob=PREDICTIONS["points_prob"].where(PREDICTIONS.index < 300))
    resamples = resamples_of(some, settings_of())
    used = some.iloc[:300]
    alone = tally(used["outcome"], used["points_prob"], weight=used["weight"])
    assert auc(scores_of(some, "best", resamples).tally()) == pytest.approx(auc(alone))
