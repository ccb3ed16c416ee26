from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import release_example

from riskmodel.assess import policy as policy_module
from riskmodel.assess.policy import choose_threshold, consequences, fewest_flagged, threshold_of_harm

POLICY = replace(
    release_example.settings().policy,
    harm_ratio=0.25,  # risk at least .25/1.25 = .2
    ppv_floor=0.5,
    left_early_cap=0.5,
    capacity_share=0.6,
    alternative_harm_ratio=1.0,  # risk at least .5
)
# risk   people  events  left early
# .1     2       0       2
# .3     2       1       1
# .6     1       1       0
PEOPLE = pd.DataFrame(
    {
        "points_prob": [0.1, 0.1, 0.3, 0.3, 0.6],
        "outcome": [0, 0, 0, 1, 1],
        "left_within_100_days": pd.array([1, 1, 1, None, 0], dtype="Int8"),
        "weight": 1.0,
    }
)
RISKS = np.array([0.1, 0.2, 0.3, 0.4, 0.6, 0.8])  # of 10, 11, … 15 points


@pytest.fixture(autouse=True)
def _few_are_enough(monkeypatch):
    monkeypatch.setattr(policy_module, "FEWEST_FLAGGED", 1)


def chosen(**demands):
    return choose_threshold(PEOPLE, replace(POLICY, **demands), first=10, risk_by_sum=RISKS)


def test_consequences_count_everybody_at_or_above_the_risk():
    found = consequences(PEOPLE, np.array([0.1, 0.3, 0.6, 0.8]), fewest=1)
    assert found.flagged_share.tolist() == [5 / 5, 3 / 5, 1 / 5, 0]
    assert found.ppv[:3].tolist() == [2 / 5, 2 / 3, 1 / 1]
    assert found.left_early_share[:3].tolist() == [3 / 4, 1 / 2, 0 / 1]  # one is not known
    assert np.isnan(found.ppv[3])


def test_consequences_are_weighted():
    heavier = PEOPLE.assign(weight=[1, 1, 3, 1, 1])
    found = consequences(heavier, np.array([0.3]), fewest=1)
    assert found.flagged_share[0] == 5 / 7
    assert found.ppv[0] == 2 / 5
    assert found.left_early_share[0] == 3 / 4


def test_a_threshold_that_flags_too_few_says_nothing(monkeypatch):
    monkeypatch.setattr(policy_module, "FEWEST_FLAGGED", 2)
    assert np.isnan(consequences(PEOPLE, np.array([0.6]), fewest=2).ppv[0])
    choice = chosen(capacity_share=0.2)  # one of five, and two must be flagged
    assert (choice.threshold, choice.unmet, choice.not_known) == (None, (), ("ppv_floor", "left_early_cap"))
    known = chosen(ppv_floor=0.7, capacity_share=0.6)  # two of the three flagged stay, and what is higher flags one
    assert (known.threshold, known.unmet, known.not_known) == (None, ("harm_ratio", "ppv_floor"), ())


@pytest.mark.parametrize(
    ("capacity_share", "people_n", "fewest"),
    [(0.3, 100, 20), (0.3, 200, 30), (0.3, 334, 50), (0.3, 667, 100), (0.3, 12_000, 100), (0.0, 12_000, 20)],
)
def test_a_threshold_must_flag_half_of_those_there_is_room_for(monkeypatch, capacity_share, people_n, fewest):
    monkeypatch.setattr(policy_module, "FEWEST_FLAGGED", 20)
    assert fewest_flagged(replace(POLICY, capacity_share=capacity_share), people_n) == fewest


def test_the_lowest_sum_that_meets_every_demand_is_chosen():
    choice = chosen()
    assert (choice.threshold.points, choice.threshold.prob) == (11, 0.2)  # 3 of 5 flagged, 2 of 3 stay
    assert choice.unmet == ()


def test_each_demand_moves_the_threshold():
    assert chosen(harm_ratio=0.3 / 0.7 + 1e-9).threshold.points == 13
    assert chosen(ppv_floor=0.7).threshold.points == 13
    assert chosen(left_early_cap=0.4).threshold.points == 13
    assert chosen(capacity_share=0.5).threshold.points == 13
    assert chosen(ppv_floor=0.0, left_early_cap=1.0, capacity_share=1.0, harm_ratio=0.01).threshold.points == 10


def test_without_a_feasible_sum_there_are_no_flags_and_the_clash_is_named():
    other = PEOPLE.assign(outcome=[0, 0, 0, 1, 0])  # 1 of 3 flagged stays, and none of 1
    choice = choose_threshold(other, replace(POLICY, ppv_floor=0.3, capacity_share=0.2), first=10, risk_by_sum=RISKS)
    assert (choice.threshold, choice.not_known) == (None, ())
    assert choice.unmet == ("harm_ratio", "ppv_floor", "left_early_cap", "capacity_share")
    nobody = chosen(capacity_share=0.1)  # room for half a person
    assert (nobody.unmet, nobody.not_known) == ((), ("ppv_floor", "left_early_cap"))
    assert chosen(harm_ratio=9.0).unmet == ("harm_ratio",)


def test_what_nobody_observed_is_not_known_unless_nothing_is_demanded_of_it():
    unknown = PEOPLE.assign(left_within_100_days=pd.array([None] * 5, dtype="Int8"))
    how = {"first": 10, "risk_by_sum": RISKS}
    choice = choose_threshold(unknown, POLICY, **how)
    assert (choice.threshold, choice.unmet, choice.not_known) == (None, (), ("left_early_cap",))
    assert choose_threshold(unknown, replace(POLICY, left_early_cap=1.0), **how).threshold.points == 11


def test_the_rejected_alternative_is_what_the_other_harm_ratio_alone_gives():
    choice = chosen(capacity_share=0.1, alternative_harm_ratio=0.1)
    assert choice.rejected.points == 10
    assert choice.rejected_for == ("harm_ratio", "ppv_floor", "left_early_cap", "capacity_share")
    assert chosen().rejected.points == 14
    assert chosen().rejected_for == ()
    assert chosen(alternative_harm_ratio=99.0).rejected is None


def test_equal_harms_mean_even_odds():
    assert threshold_of_harm(1.0) == 0.5
