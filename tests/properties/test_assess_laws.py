"""Laws that hold for every measure, whoever the people are."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from predicted import settings_of

from riskmodel.assess.at_threshold import measures_at, net_benefit, net_benefit_of_all, share_interval
from riskmodel.assess.calibration import auc, brier, citl, oe, recalibration, scaled_brier
from riskmodel.assess.comparators import event_rate
from riskmodel.assess.evaluation import curve_measures, rounded, smoother
from riskmodel.assess.gaps import BEYOND_DOUBT, FAIL, NOT_SHOWN, PASS, gaps, verdict
from riskmodel.assess.intervals import Tally, draw_clusters, tally
from riskmodel.assess.subgroups import Grouping

ONE_RESAMPLE = settings_of(bootstrap=1, group_min=1)
person = st.tuples(st.integers(0, 1), st.integers(1, 39).map(lambda step: step / 40), st.integers(1, 4))
# both outcomes are always there, and their risks overlap
people = st.lists(person, min_size=2, max_size=40).map(lambda some: [*some, (1, 0.3, 1), (0, 0.7, 1), (1, 0.8, 1)])


def _arrays(some):
    outcome, risk, weight = (np.array(column, dtype=float) for column in zip(*some, strict=True))
    return outcome, risk, weight


def _everything(tallied: Tally) -> list[float]:
    intercept, slope = recalibration(tallied)
    found = [f(tallied) for f in (auc, oe, citl, brier, scaled_brier)] + [intercept, slope]
    found += list(net_benefit(tallied, np.array([0.2, 0.5])))
    smooth = smoother(tallied)
    curved = curve_measures(tallied, smooth) if smooth else {}
    return [float(one) for one in (*found, *(curved[name] for name in sorted(curved) if name != "curve"))]


@settings(max_examples=60)
@given(people)
def test_a_weight_of_k_equals_k_copies(some):
    outcome, risk, weight = _arrays(some)
    times = weight.astype(int)
    copied = tally(np.repeat(outcome, times), np.repeat(risk, times))
    assert _everything(tally(outcome, risk, weight=weight)) == pytest.approx(_everything(copied), abs=1e-7, nan_ok=True)


@settings(max_examples=40)
@given(people, st.floats(0.01, 100), st.randoms(use_true_random=False))
def test_neither_the_scale_of_weights_nor_the_order_of_rows_matters(some, scale, random):
    shuffled = random.sample(some, len(some))
    (outcome, risk, weight), (outcome2, risk2, weight2) = _arrays(some), _arrays(shuffled)
    expected = _everything(tally(outcome, risk, weight=weight))
    assert _everything(tally(outcome2, risk2, weight=scale * weight2)) == pytest.approx(expected, abs=1e-6, nan_ok=True)


@settings(max_examples=60)
@given(people)
def test_auc_knows_order_alone_and_turns_with_it(some):
    outcome, risk, weight = _arrays(some)
    found = auc(tally(outcome, risk, weight=weight))
    assert 0 <= found <= 1
    assert auc(tally(outcome, risk**3, weight=weight)) == pytest.approx(found)
    assert auc(tally(outcome, 1 - risk, weight=weight)) == pytest.approx(1 - found)
    assert auc(tally(1 - outcome, risk, weight=weight)) == pytest.approx(1 - found)


@settings(max_examples=60)
@given(people)
def test_corrected_risks_need_no_further_correction(some):
    outcome, risk, weight = _arrays(some)
    logodds = np.log(risk / (1 - risk))
    intercept, slope = recalibration(tally(outcome, risk, weight=weight))
    mended = tally(outcome, 1 / (1 + np.exp(-(intercept + slope * logodds))), weight=weight)
    assert oe(mended) == pytest.approx(1, abs=1e-6)
    assert citl(mended) == pytest.approx(0, abs=1e-6)
    shifted = tally(outcome, 1 / (1 + np.exp(-(citl(tally(outcome, risk, weight=weight)) + logodds))), weight=weight)
    assert oe(shifted) == pytest.approx(1, abs=1e-6)


@settings(max_examples=60)
@given(people, st.floats(0.02, 0.98))
def test_net_benefit_of_none_is_0_and_of_all_follows_the_event_rate(some, threshold):
    outcome, risk, weight = _arrays(some)
    at = np.array([threshold])
    rate = event_rate(pd.DataFrame({"outcome": outcome, "weight": weight}))
    of_all = rate - (1 - rate) * threshold / (1 - threshold)
    assert net_benefit(tally(outcome, np.zeros(len(risk)), weight=weight), at) == pytest.approx([0])
    assert net_benefit(tally(outcome, np.ones(len(risk)), weight=weight), at) == pytest.approx([of_all])
    assert net_benefit_of_all(tally(outcome, risk, weight=weight), at) == pytest.approx([of_all])
    assert net_benefit(tally(outcome, risk, weight=weight), at)[0] <= rate + 1e-12


def _frame(some) -> pd.DataFrame:
    outcome, risk, weight = _arrays(some)
    left = pd.array((1 - outcome).astype(int), dtype="Int8")
    rows = pd.DataFrame({"outcome": outcome, "points_prob": risk, "weight": weight, "left_within_100_days": left})
    return rows.assign(cluster_id=np.arange(len(rows)), area=np.where(np.arange(len(rows)) % 3 == 0, "A", "B"))


@settings(max_examples=30)
@given(people, st.integers(1, 39), st.integers(1, 39))
def test_raising_a_threshold_never_adds_a_flag(some, first, second):
    lower, higher = sorted((first / 40, second / 40))
    at = [
        measures_at(_frame(some), ONE_RESAMPLE, threshold_prob=threshold).set_index("measure")["estimate"]
        for threshold in (lower, higher)
    ]
    assert at[1]["flagged_share"] <= at[0]["flagged_share"] + 1e-12
    assert at[1]["sensitivity"] <= at[0]["sensitivity"] + 1e-12
    assert at[1]["specificity"] >= at[0]["specificity"] - 1e-12


@settings(max_examples=30)
@given(people, st.integers(1, 39))
def test_a_groups_value_is_the_measure_on_its_own_rows(some, step):
    predictions = _frame(some)
    whole = measures_at(predictions, ONE_RESAMPLE, threshold_prob=step / 40, groupings=[Grouping("area")])
    for area, rows in predictions.groupby("area"):
        own = measures_at(rows, ONE_RESAMPLE, threshold_prob=step / 40)
        in_group = whole[whole["group"] == area]
        assert in_group["estimate"].tolist() == pytest.approx(own["estimate"].tolist(), nan_ok=True)
        assert set(in_group["n"]) == {len(rows)}


@settings(max_examples=40)
@given(people)
def test_rounding_the_risks_loses_nobody(some):
    whole = tally(*_arrays(some)[:2], weight=_arrays(some)[2])
    coarse = rounded(whole, step=0.1)
    assert coarse.events.sum() == pytest.approx(whole.events.sum())
    assert coarse.people.sum() == pytest.approx(whole.people.sum())
    assert len(np.unique(coarse.prob)) == len(coarse.prob) <= len(whole.prob)


@settings(max_examples=60)
@given(st.floats(-1, 1), st.floats(0, 1), st.floats(0.01, 0.5), st.floats(1.7, 4))
def test_a_verdict_never_worsens_when_the_tolerance_grows_or_more_gaps_are_judged(difference, se, tolerance, critical):
    order = (BEYOND_DOUBT, FAIL, NOT_SHOWN, PASS)

    def place(*, gap=difference, within=tolerance, among=critical):
        return order.index(verdict(gap, se, within, critical=among))

    assert place() <= place(within=1.5 * tolerance)
    assert place() <= place(among=1.2 * critical)
    assert place() == place(gap=-difference)


@settings(max_examples=40)
@given(st.lists(st.floats(0.5, 50), min_size=6, max_size=6), st.floats(0.1, 0.9))
def test_two_groups_with_the_same_rates_have_no_gap(cells, share):
    own = np.array(cells)
    own[2:4] = own[:2] * share  # events, and risk, can't be more than the people
    own[4:] = own[:2] * (1 - share)
    assert all(abs(gap) < 1e-9 for gap in gaps(own, 3 * own).values())


@settings(max_examples=20)
@given(st.lists(st.integers(0, 5), min_size=1, max_size=30), st.integers(0, 9))
def test_every_resample_draws_as_many_clusters_as_there_are(cluster_ids, seed):
    drawn = draw_clusters(np.array(cluster_ids), repeats=5, rng=np.random.default_rng(seed))
    assert (drawn.counts.sum(axis=1) == len(set(cluster_ids))).all()


@settings(max_examples=60)
@given(st.integers(1, 200), st.integers(0, 200), st.floats(0, 0.3))
def test_the_interval_of_a_share_holds_it_and_is_one_of_shares(others_n, part_n, spread):
    whole_n = part_n + others_n - 1 or 1
    share, low, high = share_interval(part_n, whole_n, spread**2)
    assert 0 <= low <= share + 1e-12 and share - 1e-12 <= high <= 1
    wider = share_interval(part_n, whole_n, spread**2, level=0.99)
    assert wider[1] <= low + 1e-12 and high <= wider[2] + 1e-12
