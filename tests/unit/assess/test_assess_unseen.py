"""Where trees see more than points: what it is is named, and otherwise nothing is."""

import numpy as np
import pandas as pd
from predicted import crossed_people

from riskmodel.assess.unseen import unseen
from riskmodel.model.logistic import probability


def gaps(gap: float, low: float) -> pd.DataFrame:
    return pd.DataFrame([{"comparator": "boosted", "gap": gap, "low": low}])


NO_GAPS = gaps(0.0, 0.0).iloc[:0]


def test_the_pair_that_weighs_otherwise_together_is_named_with_what_it_would_give() -> None:
    (found,) = unseen(crossed_people(0.6), NO_GAPS)
    assert (found["kind"], found["first"], found["second"]) == ("pair", "a", "b")
    assert found["z"] > 8 and found["auc_gain"] > 0.03


def test_where_nothing_is_unseen_nothing_is_told_unless_trees_are_surely_better() -> None:
    assert unseen(crossed_people(0.0), NO_GAPS) == []
    assert unseen(crossed_people(0.0), gaps(0.009, 0.002)) == unseen(crossed_people(0.0), gaps(0.02, -0.001)) == []
    (likeliest,) = unseen(crossed_people(0.0), gaps(0.04, 0.02))  # the gap lies, so what is told is chance
    assert abs(likeliest["z"]) < 4


def test_an_area_in_which_a_question_works_the_other_way_is_named() -> None:
    rows = crossed_people(0.0, n=6000)
    there = (rows["area"] == "Norr").to_numpy()
    lp = np.log(rows["points_prob"] / (1 - rows["points_prob"])).to_numpy()
    turned = lp - 2 * np.log(2) * there * (rows["points_of.a"].to_numpy() / 10 - 0.5)
    rows["outcome"] = (np.random.default_rng(3).random(6000) < probability(turned)).astype(int)
    found = unseen(rows, NO_GAPS)[0]
    assert (found["kind"], found["first"], found["second"]) == ("place", "a", "Norr")


def test_among_few_people_or_without_questions_nothing_is_told() -> None:
    assert unseen(crossed_people(0.6).iloc[:150], gaps(0.04, 0.02)) == []
    bare = crossed_people(0.6)
    bare = bare[[column for column in bare if not column.startswith("points_of.")]]
    assert unseen(bare, gaps(0.04, 0.02)) == []


def test_a_rule_that_begins_at_an_age_is_named_with_the_age() -> None:
    """The points follow age by a straight line; from 50 on there is a rule beside it."""
    rng = np.random.default_rng(2)
    age = rng.integers(20, 65, 4000).astype(float)
    points = np.round((age - 20) / 3)
    lp = -2.0 + points * np.log(2) / 10
    truth = probability(lp + 1.2 * (age >= 50))
    rows = crossed_people(0.0).assign(outcome=(rng.random(4000) < truth).astype(int), points_prob=probability(lp))
    rows["points_of.age"], rows["value_of.age"] = points, np.where(np.arange(4000) % 50, age, np.nan)
    found = unseen(rows, NO_GAPS)[0]
    assert (found["kind"], found["first"], found["at"]) == ("step", "age", 50)


def test_a_number_that_few_reach_begins_no_rule() -> None:
    rows = crossed_people(0.6)
    rows["points_of.age"], rows["value_of.age"] = 0, np.where(np.arange(len(rows)) < 99, 60.0, 30.0)
    assert {found["kind"] for found in unseen(rows, NO_GAPS)} == {"pair"}
