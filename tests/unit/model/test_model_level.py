"""The level: from the last years alike, or from all of them as the data say."""

from dataclasses import astuple, replace

import numpy as np
import pytest

from riskmodel.ground.errors import FitError
from riskmodel.model import points as level_module
from riskmodel.model.points import FROM_THE_DATA, found_level, local_level, offset_for
from riskmodel.model.sample import Sample


def window(outcome, year, *, cluster=None, weight=None):
    n = len(outcome)
    return Sample(
        positions=np.empty((n, 0), dtype=np.int64),
        outcome=np.asarray(outcome, dtype=float),
        weight=np.ones(n) if weight is None else np.asarray(weight, dtype=float),
        cluster=np.arange(n) if cluster is None else np.asarray(cluster),
        month=np.asarray(year) * 12,
        order=np.arange(n),
        copies=np.ones(n, dtype=np.int64),
    )


def shares(*events_n, n=40):
    """Years of `n` people, so many of them events."""
    outcome = np.concatenate([np.arange(n) < one for one in events_n])
    return window(outcome, 2020 + np.repeat(np.arange(len(events_n)), n))


def test_with_a_number_of_years_the_event_rate_of_all_is_kept():
    found = found_level(np.zeros(80), shares(10, 30), years_n=2)
    assert found.offset == pytest.approx(0)
    # 20 of 40 events would be ½ each; here they are 40 of 80: √(80·¼) over 80·¼
    assert found.error == pytest.approx((80 / 4) ** 0.5 / (80 / 4))


def test_a_household_counts_once():
    alone = shares(10, 30)
    twice = window(np.repeat(alone.outcome, 2), np.repeat(alone.month // 12, 2), cluster=np.repeat(np.arange(80), 2))
    assert found_level(np.zeros(160), twice, years_n=2).error == pytest.approx(
        found_level(np.zeros(80), alone, years_n=2).error
    )


def test_a_level_that_never_moves_is_the_mean_weighted_by_certainty(monkeypatch):
    monkeypatch.setattr(level_module, "MOVES", (0.0,))
    found = local_level(np.array([0.0, 0.3, 0.6]), np.array([0.1, 0.2, 0.1]))
    # weights 100, 25 and 100
    assert found.offset == pytest.approx((25 * 0.3 + 100 * 0.6) / 225)
    assert found.error**2 == pytest.approx(1 / 225) == found.coming**2


def test_a_level_that_moves_a_lot_is_near_the_last_year_and_less_sure(monkeypatch):
    monkeypatch.setattr(level_module, "MOVES", (3.0,))
    found = local_level(np.array([0.0, 0.3]), np.array([0.1, 0.1]))
    # before the last year: variance .01 + 9; its own .01
    gain = 9.01 / 9.02
    assert found.offset == pytest.approx(gain * 0.3)
    assert found.error**2 == pytest.approx(9.01 * 0.01 / 9.02)
    assert found.coming**2 == pytest.approx(9.01 * 0.01 / 9.02 + 2 * 9)  # two years on


def test_the_data_say_how_much_it_moves():
    errors = np.full(6, 0.05)
    steady = np.array([0.02, -0.03, 0.01, 0.0, -0.02, 0.03])
    moving = np.array([0.0, 0.2, 0.4, 0.6, 0.8, 1.0])
    level, moved = local_level(steady, errors), local_level(moving, errors)
    assert abs(level.offset) < 0.02  # not the last year's .03
    assert moved.offset > 0.9 and moved.coming > 2 * level.coming


def test_from_the_data_the_years_are_weighed():
    fair, odd = shares(20, 20, 20, 20), shares(20, 20, 20, 30)
    assert found_level(np.zeros(160), fair, years_n=FROM_THE_DATA).offset == pytest.approx(0)
    level = found_level(np.zeros(160), odd, years_n=FROM_THE_DATA)
    assert offset_for(np.zeros(160), odd.outcome, odd.weight) < level.offset < np.log(3)


def test_a_year_of_one_outcome_says_nothing_of_its_own_and_one_year_stands_alone():
    with_empty = shares(0, 20, 20)
    assert found_level(np.zeros(120), with_empty, years_n=FROM_THE_DATA).offset == pytest.approx(0)
    single = shares(10)
    assert found_level(np.zeros(40), single, years_n=FROM_THE_DATA) == found_level(np.zeros(40), single, years_n=1)


def test_order_and_weights_of_rows():
    made = shares(12, 18, 25)
    logodds = np.linspace(-1, 1, 120)
    order = np.random.default_rng(0).permutation(120)
    turned = replace(made, outcome=made.outcome[order], month=made.month[order], cluster=made.cluster[order])
    found = found_level(logodds, made, years_n=FROM_THE_DATA)
    again = found_level(logodds[order], turned, years_n=FROM_THE_DATA)
    assert astuple(again) == pytest.approx(astuple(found))
    heavy = found_level(logodds, replace(made, weight=made.weight * 3), years_n=FROM_THE_DATA)
    assert astuple(heavy) == pytest.approx(astuple(found))


def test_one_outcome_alone_is_refused():
    with pytest.raises(FitError, match="intercept window: 0 events among 80 cases"):
        found_level(np.zeros(80), shares(0, 0), years_n=FROM_THE_DATA)


def test_a_year_of_one_household_is_not_certain():
    # a household of one long and one short case strays by nothing in sum, which would make its year certain
    year, cluster = np.repeat([2020, 2021], [2, 40]), np.append([0, 0], 1 + np.arange(40))
    made = window(np.append([0, 1], np.arange(40) < 10), year, cluster=cluster)
    found = found_level(np.zeros(42), made, years_n=FROM_THE_DATA)
    # a quarter of the variance (2·.5)² of two whose outcomes go together, curvature 2·.25; of 40 alone as it is
    known = local_level(np.array([0.0, -np.log(3)]), np.array([1.0, np.sqrt(40 * 0.1875) / (40 * 0.1875)]))
    assert astuple(found) == pytest.approx(astuple(known))
