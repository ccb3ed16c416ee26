"""The youngest year by itself: what is refused, by arithmetic, and what is named."""

import numpy as np
import pandas as pd
import pytest

from riskmodel.assess.clustered import log_oe_error, slope_error
from riskmodel.assess.year_drift import Level, People, Slope, slope_score, year_drift

PER_POINT = np.log(2) / 10


@pytest.mark.parametrize(
    ("oe", "error", "level_error", "refused"),
    [
        (1.25, 0.0, 0.0, False),  # the limit itself
        (1.26, 0.0, 0.0, True),  # ln 1.26 = .231 against 1.96 · .07 = .137
        (1.26, 0.1, 0.0, False),  # 1.96 · √(.01 + .0049) = .239
        (1.26, 0.08, 0.0, True),  # 1.96 · √(.0064 + .0049) = .208
        (1.26, 0.08, 0.07, False),  # 1.96 · √(.0064 + .0049 + .0049) = .249
        (0.80, 0.0, 0.0, False),
        (0.79, 0.07, 0.0, True),  # ln .79 = −.236 against 1.96 · .099 = .194
    ],
)
def test_a_level_is_refused_outside_the_limits_and_beyond_what_chance_explains(oe, error, level_error, refused):
    assert Level(oe, error, level_error).is_refused is refused


@pytest.mark.parametrize(
    ("slope", "error", "refused"),
    [(0.80, 0.01, False), (0.79, 0.10, True), (0.79, 0.11, False), (np.nan, np.nan, False), (1.4, 0.01, False)],
)
def test_a_slope_is_refused_below_the_limit_with_an_interval_below_1(slope, error, refused):
    assert bool(Slope(slope, error).is_refused) is refused


def test_a_year_s_slope_is_scored_at_1_and_the_model_s_own_error_counts():
    # log-odds −1 and 1 about a level of 0: of 50 each, .6 and .4 events where the model says .73 and .27
    lp = np.repeat([1.0, -1.0], 50)
    outcome = np.concatenate([np.arange(50) < 30, np.arange(50) < 20]).astype(float)
    p = 1 / (1 + np.exp(-1))
    people = People(outcome, 1 / (1 + np.exp(-lp)), lp, np.ones(100), np.arange(100))
    # each strays by 1 − p or −p along its own side: 60 as the model says, 40 the other way
    total, size = 60 * (1 - p) - 40 * p, (60 * (1 - p) ** 2 + 40 * p**2) ** 0.5
    assert slope_score(people, 0.0) == pytest.approx(total / size)
    error = size / (100 * p * (1 - p))
    assert slope_score(people, error) == pytest.approx(total / size / 2**0.5)


def test_the_error_of_oe_counts_a_household_once():
    # 3 of 4 where 2 are expected: strays .25, .25, .25, −.75 with O/E 1.5, over 3 events
    outcome, prob = np.array([1.0, 1.0, 1.0, 0.0]), np.full(4, 0.5)
    one = {"weight": np.ones(4), "member": np.arange(4)}
    assert log_oe_error(outcome, prob, **one) == pytest.approx((3 * 0.25**2 + 0.75**2) ** 0.5 / 3)
    twice = {"weight": np.ones(8), "member": np.repeat(np.arange(4), 2)}
    assert log_oe_error(np.repeat(outcome, 2), np.repeat(prob, 2), **twice) == log_oe_error(outcome, prob, **one)


def test_the_error_of_a_slope_is_that_of_the_regression_where_everybody_is_alone():
    # log-odds −1 and 1, risks ½: information of the slope n·¼, each stray ½
    outcome, lp = np.tile([1.0, 0.0], 50), np.repeat([-1.0, 1.0], 50)
    error = slope_error(outcome, np.full(100, 0.5), lp, weight=np.ones(100), member=np.arange(100))
    assert error == pytest.approx((100 * 0.5**2) ** 0.5 / (100 / 4))


def years(n=1500, *, odds=1.0, slope=1.0, reversed_item=False, seed=4):
    """Two years by a model that knows them, and a third in which what the arguments say has changed."""
    random = np.random.default_rng(seed)
    year = np.repeat([2021, 2022, 2023], n)
    points = {item: random.integers(2, size=3 * n) * most for item, most in (("work", 20), ("health", 12))}
    lp = -1.6 + PER_POINT * sum(points.values())
    youngest = year == 2023
    truth = np.where(youngest, np.log(odds) + slope * (lp + 0.5) - 0.5, lp)
    if reversed_item:
        truth = np.where(youngest, truth - 2 * PER_POINT * (points["work"] - 10), truth)
    rows = {
        "cluster_id": np.arange(3 * n),
        "outcome": (random.random(3 * n) < 1 / (1 + np.exp(-truth))).astype(int),
        "points_prob": 1 / (1 + np.exp(-lp)),
        "weight": 1.0,
        "stratum": year,
        "level_error": np.where(youngest, 0.03, 9.0),
        "slope_error": np.where(youngest, 0.05, 9.0),
    }
    return pd.DataFrame(rows).assign(**{f"points_of.{item}": own for item, own in points.items()})


@pytest.mark.parametrize(
    ("changed", "signs"),
    [
        ({}, []),
        ({"odds": 2.0}, [("year_drift_level", "", "more")]),
        ({"odds": 0.5}, [("year_drift_level", "", "fewer")]),
        ({"slope": 0.3, "n": 600}, [("year_drift_slope", "", "too_far_apart")]),
    ],
)
def test_what_changed_in_the_youngest_year_is_named(changed, signs):
    found = year_drift(years(**changed))
    assert (found["year"], found["judged"]) == (2023, True)
    own = [(sign["alarm"], sign["item"], sign["direction"]) for sign in found["signs"]]
    assert [one for one in own if one[0] != "year_drift_item"] == signs


def test_an_item_that_turned_is_named():
    items = [sign["item"] for sign in year_drift(years(reversed_item=True))["signs"] if sign["item"]]
    assert items == ["work"]


def test_older_years_do_not_count_for_the_youngest():
    turned = years()
    older = turned["stratum"] < 2023
    turned.loc[older, "outcome"] = 1 - turned.loc[older, "outcome"]
    assert year_drift(turned)["signs"] == []


def test_a_year_of_few_people_is_not_judged():
    few = years(n=50)
    assert year_drift(few)["judged"] is False and year_drift(few)["signs"] == []
    assert year_drift(years(n=150))["judged"] is True
