import numpy as np
import pytest

from riskmodel.assess.new_year.closed_test import KEEP, UPDATES, closed_test, recalibrated_logodds
from riskmodel.ground.errors import FitError

N = 4000


def judged(outcome, lp, x, *, weight=None, cluster=None, repeats=200, seed=1):
    n = len(outcome)
    return closed_test(
        np.asarray(outcome),
        np.asarray(lp, dtype=float),
        np.asarray(x, dtype=float).reshape(n, -1),
        weight=np.ones(n) if weight is None else weight,
        cluster=np.arange(n) if cluster is None else cluster,
        repeats=repeats,
        rng=np.random.default_rng(seed),
    )


def year(*, shift=0.0, slope=1.0, first=0.8, n=N, seed=3):
    """Three flags with effects .8, −.6 and .5 in the last release; the truth moved by the arguments."""
    random = np.random.default_rng(seed)
    x = (random.random((n, 3)) < 0.4).astype(float)
    lp = -0.6 + x @ np.array([0.8, -0.6, 0.5])
    truth = shift + slope * lp + (first - 0.8) * x[:, 0]
    return {"outcome": (random.random(n) < 1 / (1 + np.exp(-truth))).astype(int), "lp": lp, "x": x}


def test_the_statistics_of_two_groups_of_four_by_hand():
    # risk .5 for all; 4 of 4 in the first group stay long, 2 of 4 in the second
    found = judged([1, 1, 1, 1, 1, 1, 0, 0], np.zeros(8), [1, 1, 1, 1, 0, 0, 0, 0], repeats=4000)
    keep = found.steps[0]
    # observed less expected, squared, over the variance: (4 − 2)²/(4 · ¼) + (2 − 2)²/(4 · ¼)
    assert keep.statistic == pytest.approx(4 + 0)
    assert keep.df == 2  # an intercept and one column; log-odds alike for all add nothing
    # of the 16 ways to turn the signs of a group two give as large a part: 1 − (14/16)²
    assert keep.p_value == pytest.approx(1 - (14 / 16) ** 2, abs=0.02)
    assert (found.update, len(found.steps)) == ("keep", 1)


def test_each_step_leaves_what_is_already_adjusted_out():
    # both groups at 20 of 24 against risk .5: an intercept is all there is to find
    outcome = np.tile([1] * 20 + [0] * 4, 2)
    found = judged(outcome, np.zeros(48), np.repeat([1, 0], 24))
    keep, intercept = found.steps
    assert keep.statistic == pytest.approx(2 * (20 - 12) ** 2 / (24 / 4))  # 21.3 on 2 directions
    assert (intercept.statistic, intercept.df) == (pytest.approx(0, abs=1e-9), 1)
    assert found.update == "intercept"


def test_degrees_of_freedom_are_p_plus_1_then_p_then_p_minus_1():
    found = judged(**year(first=-0.8))
    assert [step.df for step in found.steps] == [4, 3, 2]
    assert [step.update for step in found.steps] == list(UPDATES[:3])
    assert found.update == "refit"


@pytest.mark.parametrize(
    ("moved", "update"),
    [({}, "keep"), ({"shift": 0.5}, "intercept"), ({"slope": 0.3}, "intercept_and_slope"), ({"first": -0.8}, "refit")],
)
def test_the_least_update_that_is_enough_is_taken(moved, update):
    assert judged(**year(**moved)).update == update


def test_couples_who_share_everything_count_once():
    made = year(n=600, shift=0.15)
    twice = {name: np.repeat(values, 2, axis=0) for name, values in made.items()}
    alone, couples = judged(**made), judged(**twice, cluster=np.repeat(np.arange(600), 2))
    assert [step.p_value for step in couples.steps] == [step.p_value for step in alone.steps]
    assert couples.steps[0].statistic == pytest.approx(2 * alone.steps[0].statistic)
    assert judged(**twice).steps[0].p_value < alone.steps[0].p_value


def test_weight_two_is_two_copies_of_the_same_case():
    made = year(n=600, shift=0.25)
    copied = judged(**{name: np.repeat(values, 2, axis=0) for name, values in made.items()},
                    cluster=np.repeat(np.arange(600), 2))  # fmt: skip
    weighted = judged(**made, weight=np.full(600, 2.0))
    for one, other in zip(copied.steps, weighted.steps, strict=True):
        assert one.statistic == pytest.approx(other.statistic)
        assert (one.df, one.p_value) == (other.df, other.p_value)


def test_order_of_rows_and_which_level_is_left_out_change_nothing():
    made = year(n=800, shift=0.2)
    cluster = np.random.default_rng(5).integers(600, size=800)
    found = judged(**made, cluster=cluster)
    order = np.random.default_rng(6).permutation(800)
    turned = judged(**{name: values[order] for name, values in made.items()}, cluster=cluster[order])
    both_levels = np.hstack([made["x"], 1 - made["x"], np.zeros((800, 1))])  # and a level nobody has
    full = judged(**{**made, "x": both_levels}, cluster=cluster)
    for other in (turned, full):
        assert [(step.df, step.p_value) for step in other.steps] == [(step.df, step.p_value) for step in found.steps]
        assert [s.statistic for s in other.steps] == pytest.approx([s.statistic for s in found.steps])


def test_the_seed_decides_the_p_values():
    made = year(n=400)
    assert judged(**made) == judged(**made)
    assert judged(**made).steps[0].p_value != judged(**made, seed=2).steps[0].p_value


def test_a_release_that_gives_everybody_the_same_risk_has_no_slope_to_adjust():
    made = year(first=0.8, shift=1.0)
    found = judged(made["outcome"], np.full(N, -0.6), made["x"])
    assert [step.df for step in found.steps] == [4, 3, 3]
    assert found.update == "refit"


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
    for number in range(200):
        made = {name: np.repeat(values, 2, axis=0) for name, values in year(n=150, seed=100 + number).items()}
        changed_n["by household"] += judged(**made, cluster=cluster).update != "keep"
        changed_n["by person"] += judged(**made).update != "keep"
    # 200 · .05 = 10, standard deviation 3; with every person by himself the variance is half of what it should be
    assert 4 <= changed_n["by household"] <= 16
    assert changed_n["by person"] > 40
