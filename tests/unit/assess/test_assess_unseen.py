"""Where trees see more than points: what it is is named, and otherwise nothing is."""

import numpy as np
import pandas as pd
import pytest

from riskmodel.assess.unseen import unseen
from riskmodel.model.logistic import probability


def people(crossed: float, *, n: int = 4000, seed: int = 1) -> pd.DataFrame:
    """Three questions with 0 or 10 points; `crossed` log-odds where a and b agree, as much less where they don't."""
    rng = np.random.default_rng(seed)
    given = rng.integers(0, 2, (n, 3))
    lp = -1.0 + (given * np.log(2)).sum(axis=1)
    truth = probability(lp + crossed * np.where(given[:, 0] == given[:, 1], 1, -1))
    columns = {f"points_of.{name}": 10 * given[:, place] for place, name in enumerate("abc")}
    known = {"outcome": (rng.random(n) < truth).astype(int), "points_prob": probability(lp)}
    return pd.DataFrame(
        {**known, "weight": 1.0, "cluster_id": np.arange(n) // 2, "stratum": 2022 + np.arange(n) % 2, **columns}
    )


def gaps(gap: float, low: float) -> pd.DataFrame:
    return pd.DataFrame([{"comparator": "boosted", "gap": gap, "low": low}])


def test_the_pair_that_weighs_otherwise_together_is_named_with_what_it_would_give() -> None:
    found = unseen(people(0.6), gaps(0.04, 0.02))
    assert found is not None
    assert (found["kind"], found["first"], found["second"]) == ("pair", "a", "b")
    assert found["z"] > 8 and found["auc_gain"] > 0.03


def test_a_pair_that_is_not_there_gains_nothing() -> None:
    """Asked all the same, by a gap that lies: the best of three pairs is chance, and tells apart who had one risk."""
    found = unseen(people(0.0), gaps(0.04, 0.02))
    assert found is not None
    assert abs(found["z"]) < 3.5 and found["auc_gain"] == pytest.approx(0, abs=0.006)


@pytest.mark.parametrize(("gap", "low"), [(0.009, 0.002), (0.02, -0.001)])
def test_where_trees_are_not_surely_better_no_pair_is_looked_for(gap: float, low: float) -> None:
    assert unseen(people(0.6), gaps(gap, low)) is None


def test_without_trees_or_questions_there_is_no_pair() -> None:
    assert unseen(people(0.6), gaps(0.04, 0.02).iloc[:0]) is None
    bare = people(0.6)
    bare = bare[[column for column in bare if not column.startswith("points_of.")]]
    assert unseen(bare, gaps(0.04, 0.02)) is None


def test_a_rule_that_begins_at_an_age_is_named_with_the_age() -> None:
    """The points follow age by a straight line; from 50 on there is a rule beside it."""
    rng = np.random.default_rng(2)
    age = rng.integers(20, 65, 4000).astype(float)
    points = np.round((age - 20) / 3)
    lp = -2.0 + points * np.log(2) / 10
    truth = probability(lp + 1.2 * (age >= 50))
    rows = people(0.0).assign(outcome=(rng.random(4000) < truth).astype(int), points_prob=probability(lp))
    rows["points_of.age"], rows["value_of.age"] = points, np.where(np.arange(4000) % 50, age, np.nan)
    found = unseen(rows, gaps(0.03, 0.01))
    assert found is not None
    assert (found["kind"], found["first"], found["at"]) == ("step", "age", 50)


def test_a_number_that_few_reach_begins_no_rule() -> None:
    rows = people(0.6)
    rows["points_of.age"], rows["value_of.age"] = 0, np.where(np.arange(len(rows)) < 99, 60.0, 30.0)
    found = unseen(rows, gaps(0.04, 0.02))
    assert found is not None and found["kind"] == "pair"
