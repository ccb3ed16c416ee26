import numpy as np
import pytest

from riskmodel.assess.clustered import cluster_z
from riskmodel.assess.new_year.closed_test import (
    KEEP,
    REFIT,
    UPDATES,
    closed_test,
    recalibrated_logodds,
    two_sided,
)
from riskmodel.ground.errors import FitError
from riskmodel.ground.statistics import Z_95

pytestmark = pytest.mark.slow

N = 4000
EFFECTS = np.array([0.8, -0.6, 0.5])


def judged(outcome, lp, x, *, items=None, weight=None, cluster=None, repeats=200, seed=1):
    n = len(outcome)
    return closed_test(
        np.asarray(outcome),
        np.asarray(lp, dtype=float),
        np.asarray(x, dtype=float).reshape(n, -1),
        items=items or {},
        weight=np.ones(n) if weight is None else weight,
        cluster=np.arange(n) if cluster is None else cluster,
        repeats=repeats,
        rng=np.random.default_rng(seed),
    )


def year(*, shift=0.0, slope=1.0, first=0.8, n=N, seed=3):
    """Three flags with effects .8, −.6 and .5 in the last release; the truth moved by the arguments."""
    random = np.random.default_rng(seed)
    x = (random.random((n, 3)) < 0.4).astype(float)
    lp = -0.6 + x @ EFFECTS
    truth = shift + slope * lp + (first - 0.8) * x[:, 0]
    outcome = (random.random(n) < 1 / (1 + np.exp(-truth))).astype(int)
    return {"outcome": outcome, "lp": lp, "x": x, "items": dict(zip("abc", (x * EFFECTS).T, strict=True))}


def each(made, change):
    """The year with `change` done to all that has a row a case."""
    return {name: {item: change(values) for item, values in given.items()} if name == "items" else change(given)
            for name, given in made.items()}  # fmt: skip


def twice(values):
    return np.repeat(values, 2, axis=0)


def test_the_statistics_of_two_groups_of_four_by_hand():
    # risk .5 for all; 4 of 4 in the first group stay long, 2 of 4 in the second
    found = judged([1, 1, 1, 1, 1, 1, 0, 0], np.zeros(8), [1, 1, 1, 1, 0, 0, 0, 0], repeats=4000)
    everything = found.all_directions
    # observed less expected, squared, over the variance: (4 − 2)²/(4 · ¼) + (2 − 2)²/(4 · ¼)
    assert everything.statistic == pytest.approx(4 + 0)
    assert everything.df == 2  # an intercept and one column; log-odds alike for all add nothing
    # of the 16 ways to turn the signs of a group two give as large a part: 1 − (14/16)²
    assert everything.p_value == pytest.approx(1 - (14 / 16) ** 2, abs=0.02)
    level, spread = found.steps
    # six of eight, each with the sign of a fair coin: 2·(1 + 8 + 28)/256 lie as far from four
    assert level.p_value == pytest.approx(2 * 37 / 256, abs=0.03)
    assert spread.p_value == 1  # risks that are all alike have no spread to be wrong
    assert (found.update, found.items) == (KEEP, ())


def test_a_score_in_standard_errors_by_hand():
    # clusters say 3, 3, −1 and 1: their sum is 6, its variance when signs are chance 9 + 9 + 1 + 1
    assert cluster_z(np.array([[3.0], [3.0], [-1.0], [1.0]])) == pytest.approx(6 / 20**0.5)
    assert cluster_z(np.empty((4, 0))) == 0
    assert two_sided(Z_95) == pytest.approx(0.05) == two_sided(-Z_95)


def test_the_risk_of_a_needless_change_is_one_in_twenty_over_all_steps():
    found = judged(**year(n=300))
    assert [step.update for step in found.steps] == ["intercept", "intercept_and_slope", *[REFIT] * 3]
    assert [step.item for step in found.steps] == ["", "", "a", "b", "c"]
    assert sum(step.alpha for step in found.steps) == pytest.approx(0.05)


@pytest.mark.parametrize(
    ("moved", "update", "items"),
    [
        ({}, "keep", ()),
        ({"shift": 0.5}, "intercept", ()),
        ({"slope": 0.3}, "intercept_and_slope", ()),
        ({"first": -0.8}, "refit", ("a",)),
    ],
)
def test_the_deepest_step_that_rejects_names_the_update(moved, update, items):
    found = judged(**year(**moved))
    # turning the largest effect takes the spread with it, against which the others look too weak: it comes first
    assert (found.update, found.items[:1]) == (update, items)


def test_a_step_that_rejects_needs_no_shallower_one_to_do_so():
    # fewer of those with the item, more of the others: the mean is right
    made = year()
    made["outcome"] = 1 - made["outcome"]
    made["lp"], made["items"] = -made["lp"], {item: -part for item, part in made["items"].items()}
    made["lp"] = made["lp"] + 1.6 * (made["x"][:, 0] - 0.4)
    made["items"]["a"] = made["items"]["a"] + 1.6 * made["x"][:, 0]
    found = judged(**made)
    assert not found.steps[0].rejects and found.update == "refit" and "a" in found.items


def test_couples_who_share_everything_count_once():
    made = year(n=600, shift=0.15)
    alone, couples = judged(**made), judged(**each(made, twice), cluster=np.repeat(np.arange(600), 2))
    assert [s.p_value for s in couples.steps] == pytest.approx([s.p_value for s in alone.steps])
    assert couples.all_directions.p_value == alone.all_directions.p_value
    assert couples.all_directions.statistic == pytest.approx(2 * alone.all_directions.statistic)
    assert judged(**each(made, twice)).steps[0].p_value < alone.steps[0].p_value


def test_weight_two_is_two_copies_of_the_same_case():
    made = year(n=600, shift=0.25)
    copied = judged(**each(made, twice), cluster=np.repeat(np.arange(600), 2))
    weighted = judged(**made, weight=np.full(600, 2.0))
    assert [s.p_value for s in copied.steps] == pytest.approx([s.p_value for s in weighted.steps])
    assert copied.all_directions.statistic == pytest.approx(weighted.all_directions.statistic)


def test_order_of_rows_and_which_level_is_left_out_change_nothing():
    made = year(n=800, shift=0.2)
    cluster = np.random.default_rng(5).integers(600, size=800)
    found = judged(**made, cluster=cluster)
    order = np.random.default_rng(6).permutation(800)
    turned = judged(**each(made, lambda values: values[order]), cluster=cluster[order])
    both_levels = np.hstack([made["x"], 1 - made["x"], np.zeros((800, 1))])  # and a level nobody has
    full = judged(**{**made, "x": both_levels}, cluster=cluster)
    for other in (turned, full):
        assert [s.p_value for s in other.steps] == pytest.approx([s.p_value for s in found.steps])
        assert other.all_directions.statistic == pytest.approx(found.all_directions.statistic)
        assert other.all_directions.df == found.all_directions.df == 4


def test_the_seed_decides_the_p_values():
    made = year(n=400)
    assert judged(**made) == judged(**made)
    assert judged(**made).steps[0].p_value != judged(**made, seed=2).steps[0].p_value


def test_a_release_that_gives_everybody_the_same_risk_has_no_slope_and_no_items_to_adjust():
    made = year(shift=1.0)
    found = judged(made["outcome"], np.full(N, -0.6), made["x"], items={"a": np.zeros(N)})
    assert [step.p_value for step in found.steps[1:]] == [1, 1]
    assert found.update == "intercept"
    assert (found.all_directions.df, found.all_directions.p_value) == (4, pytest.approx(1 / 201))


def test_after_recalibration_mean_risk_is_the_event_rate():
    made = year(shift=0.4)
    weight = np.random.default_rng(2).uniform(1, 2, N)
    for update in UPDATES[1:3]:
        prob = 1 / (1 + np.exp(-recalibrated_logodds(made["outcome"], made["lp"], weight, update=update)))
        assert weight @ prob == pytest.approx(weight @ made["outcome"])
    assert recalibrated_logodds(made["outcome"], made["lp"], weight, update=KEEP) is made["lp"]


def test_one_outcome_alone_is_refused_with_the_counts():
    with pytest.raises(FitError, match="new cases: 0 events and 5 non-events"):
        judged(np.zeros(5, dtype=int), np.zeros(5), np.ones(5))


def test_a_right_release_is_left_alone_in_nineteen_years_of_twenty_though_couples_share_an_outcome():
    cluster = np.repeat(np.arange(150), 2)
    changed_n = {"by household": 0, "by person": 0}
    for number in range(300):
        made = each(year(n=150, seed=100 + number), twice)
        changed_n["by household"] += judged(**made, cluster=cluster, repeats=100).update != "keep"
        changed_n["by person"] += judged(**made, repeats=100).update != "keep"
    # 300 · .05 = 15, standard deviation 4; with every person by himself the variance is half of what it should be
    assert 5 <= changed_n["by household"] <= 25
    assert changed_n["by person"] > 45
