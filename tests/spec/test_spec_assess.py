"""What each measure is, on tables small enough for a pencil."""

import numpy as np
import pandas as pd
import pytest
from predicted import cohort_of, settings_of

from riskmodel.assess.at_threshold import measures_at, net_benefit, net_benefit_of_all, rates, thresholds
from riskmodel.assess.calibration import auc, brier, citl, oe, recalibration, scaled_brier
from riskmodel.assess.comparators import declared_count, event_rate, three_item_prob
from riskmodel.assess.evaluation import curve_measures, smoother
from riskmodel.assess.fairness import fairness
from riskmodel.assess.gaps import BEYOND_DOUBT, FAIL, NOT_SHOWN, PASS, Family, verdict
from riskmodel.assess.intervals import Interval, scores, tally
from riskmodel.assess.pooling import added_variance, widened
from riskmodel.assess.subgroups import Grouping
from riskmodel.assess.years import rolling_years
from riskmodel.ground.statistics import Z_95

# outcome  1   0   1   0   0
# risk    .8  .5  .5  .2  .2
OUTCOME = np.array([1, 0, 1, 0, 0])
RISK = np.array([0.8, 0.5, 0.5, 0.2, 0.2])
WEIGHT = np.array([2.0, 1.0, 1.0, 3.0, 1.0])


def test_auc_is_the_share_of_pairs_that_stand_right_and_half_of_those_that_tie():
    assert auc(tally(OUTCOME, RISK)) == pytest.approx((3 + (1 / 2 + 2)) / (2 * 3))


def test_auc_compares_nobody_with_somebody_whom_another_years_model_predicted():
    # one year: an event at .3, a non-event at .2; the next, when all risks were higher: .6 and .5
    outcome, risk, year = np.array([1, 0, 1, 0]), np.array([0.3, 0.2, 0.6, 0.5]), np.array([2021, 2021, 2022, 2022])
    whole = {"weight": np.ones(4), "cluster": np.arange(4), "clusters_n": 4}
    assert auc(scores(outcome, risk, **whole).tally()) == pytest.approx(3 / 4)
    assert auc(scores(outcome, risk, **whole, stratum=year).tally()) == pytest.approx(2 / 2)


def test_what_three_years_differ_by_beyond_chance():
    # .2 apart with errors of .1 each: (.2² + .2²)/(.1² + tau²) = 2, so tau² = .03, and a third of it for their mean;
    # t on two degrees of freedom reaches 4.303 where a normal number reaches 1.960
    added = 0.03 / 3 * (4.302653 / 1.959964) ** 2
    assert added_variance(np.array([-0.2, 0.0, 0.2]), np.full(3, 0.01)) == pytest.approx(added)
    # no further apart than chance would have them
    assert added_variance(np.array([-0.1, 0.0, 0.1]), np.full(3, 0.01)) == 0
    # two years, or a third without a number, tell nothing
    assert added_variance(np.array([-0.2, 0.2]), np.full(2, 0.01)) == 0
    assert added_variance(np.array([-0.2, 0.2, np.nan]), np.full(3, 0.01)) == 0


def test_an_interval_is_widened_on_the_scale_of_its_measure():
    ends = Interval(np.array(1.0), np.exp(-np.array(0.3)), np.exp(np.array(0.3)))
    wider = widened(ends, "oe", (0.4 / Z_95) ** 2)  # .3² + .4² = .5²
    assert [float(np.log(one)) for one in (wider.low, wider.high)] == pytest.approx([-0.5, 0.5])
    assert widened(ends, "oe", 0.0) is ends


def test_auc_counts_a_pair_by_both_weights():
    won = 2 * (1 + 3 + 1) + 1 * (1 / 2 * 1 + 3 + 1)
    assert auc(tally(OUTCOME, RISK, weight=WEIGHT)) == pytest.approx(won / ((2 + 1) * (1 + 3 + 1)))


def test_oe_is_observed_over_expected():
    assert oe(tally(OUTCOME, RISK)) == pytest.approx(2 / (0.8 + 0.5 + 0.5 + 0.2 + 0.2))
    expected = 2 * 0.8 + 0.5 + 0.5 + 3 * 0.2 + 0.2
    assert oe(tally(OUTCOME, RISK, weight=WEIGHT)) == pytest.approx((2 + 1) / expected)


def test_brier_is_the_mean_squared_miss_and_scaled_by_that_of_the_event_rate():
    mean = (0.2**2 + 0.5**2 + 0.5**2 + 0.2**2 + 0.2**2) / 5
    assert brier(tally(OUTCOME, RISK)) == pytest.approx(mean)
    assert scaled_brier(tally(OUTCOME, RISK)) == pytest.approx(1 - mean / (2 / 5 * 3 / 5))
    assert scaled_brier(tally(OUTCOME, np.full(5, 2 / 5))) == pytest.approx(0)


def test_citl_is_what_must_be_added_to_every_logodds():
    # three of four happened where one half was said: the odds are 3 and not 1
    assert citl(tally(np.array([1, 1, 1, 0]), np.full(4, 0.5))) == pytest.approx(np.log(3))


def test_slope_and_intercept_are_fitted_together():
    # said: odds 1 and 4; happened: odds 1 (1 of 2) and 2 (2 of 3): log-odds rise by ln 2 where ln 4 was said
    outcome, risk = np.array([1, 0, 1, 1, 0]), np.array([0.5, 0.5, 0.8, 0.8, 0.8])
    intercept, slope = recalibration(tally(outcome, risk))
    assert intercept == pytest.approx(0, abs=1e-9)
    assert slope == pytest.approx(np.log(2) / np.log(4))


def test_a_curve_on_the_diagonal_has_no_distance_from_it():
    # ten people at each risk .1, .2 … .9, of whom just that share had the outcome
    risk = np.repeat(np.arange(1, 10) / 10, 10)
    outcome = (np.tile(np.arange(10), 9) < np.round(risk * 10)).astype(int)
    tallied = tally(outcome, risk)
    found = curve_measures(tallied, smoother(tallied))
    assert np.allclose(found["curve"], np.linspace(0.1, 0.9, 101))
    assert max(found[name] for name in ("ici", "e50", "e90", "emax")) < 1e-9


def test_a_curve_beside_the_diagonal_is_as_far_from_it_everywhere():
    # the same people, with every risk said .05 too low
    risk = np.repeat(np.arange(1, 10) / 10, 10)
    outcome = (np.tile(np.arange(10), 9) < np.round(risk * 10)).astype(int)
    tallied = tally(outcome, risk - 0.05)
    found = curve_measures(tallied, smoother(tallied))
    assert [found[name] for name in ("ici", "e50", "e90", "emax")] == pytest.approx([0.05] * 4)


def test_net_benefit_is_hits_less_weighted_needless_flags_per_person():
    # at .5 the first three are flagged: two events, one non-event; at .2 all five
    found = net_benefit(tally(OUTCOME, RISK), np.array([0.2, 0.5, 0.6]))
    assert found == pytest.approx([2 / 5 - 3 / 5 * 0.2 / 0.8, 2 / 5 - 1 / 5 * 0.5 / 0.5, 1 / 5])
    everyone = net_benefit_of_all(tally(OUTCOME, RISK), np.array([0.2]))
    assert everyone == pytest.approx([2 / 5 - 3 / 5 * 0.2 / 0.8])


def test_thresholds_are_the_pre_set_range_in_hundredths():
    found = thresholds(settings_of().assess)
    assert (found[0], found[1], found[-1], len(found)) == (0.10, 0.11, 0.70, 61)


def test_rates_come_from_the_four_cells():
    # flagged: 6 events, 2 non-events (3 of 4 followed had not left early); not flagged: 4 events, 28 non-events
    found = rates(np.array([6, 2, 4, 28, 1, 4]))
    assert found["flagged_share"] == (6 + 2) / 40
    assert found["sensitivity"] == 6 / (6 + 4)
    assert found["specificity"] == 28 / (28 + 2)
    assert found["ppv"] == 6 / (6 + 2)
    assert found["npv"] == 28 / (28 + 4)
    assert found["left_early_share"] == 1 / 4


def _people(rows: list[tuple[str, float, int, int]]) -> pd.DataFrame:
    """A frame of predictions from (sex, risk, outcome, how many) rows, everybody alone in a household."""
    parts = [
        pd.DataFrame({"sex": sex, "points_prob": [risk] * n, "outcome": outcome}) for sex, risk, outcome, n in rows
    ]
    people = pd.concat(parts, ignore_index=True)
    left = pd.array(1 - people["outcome"], dtype="Int8")
    return people.assign(cluster_id=np.arange(len(people)), weight=1.0, left_within_100_days=left)


# women: 20 at .8 flagged, of whom 15; 80 at .2, of whom 18.  men: 20 at .8, of whom 16; 80 at .2, of whom 14
TWO_GROUPS = _people(
    [
        ("woman", 0.8, 1, 15),
        ("woman", 0.8, 0, 5),
        ("woman", 0.2, 1, 18),
        ("woman", 0.2, 0, 62),
        ("man", 0.8, 1, 16),
        ("man", 0.8, 0, 4),
        ("man", 0.2, 1, 14),
        ("man", 0.2, 0, 66),
    ]
)


def test_measures_at_a_threshold():
    found = measures_at(TWO_GROUPS, settings_of(), threshold_prob=0.8, groupings=[Grouping("sex")])
    women = found[found["group"] == "woman"].set_index("measure")["estimate"]
    assert women["flagged_share"] == 20 / 100
    assert women["ppv"] == 15 / 20
    assert women["sensitivity"] == 15 / (15 + 18)
    assert women["left_early_share"] == 5 / 20


def test_fairness_gaps_are_of_one_group_minus_all_others():
    audited = fairness(TWO_GROUPS, settings_of(), groupings=[Grouping("sex")], threshold_prob=0.8).gaps
    women = audited[audited["group"] == "woman"].set_index("measure")
    expected = 20 * 0.8 + 80 * 0.2  # of either sex; 16 of them below the threshold
    safe = 100 - expected
    assert women.loc["missed", "difference"] == pytest.approx((18 - 16) / expected - (14 - 16) / expected)
    assert women.loc["needless", "difference"] == pytest.approx((16 - 15) / safe - (16 - 16) / safe)
    assert women.loc["log_oe", "difference"] == pytest.approx(np.log(33 / expected) - np.log(30 / expected))
    assert women.loc["fpr", "difference"] == pytest.approx(5 / 67 - 4 / 70)
    assert women.loc["fnr", "difference"] == pytest.approx(18 / 33 - 14 / 30)
    assert women.loc["ppv", "difference"] == pytest.approx(15 / 20 - 16 / 20)
    assert women.loc["fpr", "explained"] == pytest.approx(0)  # both sexes were said the same risks


@pytest.mark.parametrize(
    ("difference", "se", "expected"),
    [
        (0.10, 0.03, FAIL),  # beyond .08, and 3.3 standard errors
        (-0.10, 0.03, FAIL),
        (0.10, 0.006, BEYOND_DOUBT),  # .10 - .018 > .08
        (-0.10, 0.006, BEYOND_DOUBT),
        (0.10, 0.007, FAIL),  # .10 - .021 < .08
        (0.10, 0.05, NOT_SHOWN),  # beyond .08, but 2 standard errors
        (0.05, 0.05, PASS),  # .05 + .082 < .16
        (0.05, 0.07, NOT_SHOWN),  # .05 + .115 > .16
        (0.0, 0.0, PASS),
        (np.nan, 0.01, NOT_SHOWN),
    ],
)
def test_a_gap_passes_fails_or_is_not_shown(difference, se, expected):
    assert verdict(difference, se, 0.08, critical=3.0) == expected


def test_a_failing_gap_must_stand_out_among_all_that_are_judged():
    # in 100 resamples the first gap strays by 1, and the second by 3 in four of them: .95 of the largest are 1/SE
    first, second = np.ones(100), np.where(np.arange(100) < 4, 3.0, 0.0)
    together = Family(np.zeros(2), np.array([0.5, 2.9]), np.stack([first * np.tile([1, -1], 50), second]))
    se = np.array([np.sqrt(100 / 99), np.sqrt((4 * 9 - 100 * 0.12**2) / 99)])
    assert together.se == pytest.approx(se)
    assert together.critical == pytest.approx(1 / se[0])
    assert together.needed == pytest.approx([1.0, 2.9])  # c·SE of the first, the second's tolerance
    assert together.fails_if_right == pytest.approx(0.04)
    assert together.power(np.array([1.0, 0.0]))[0] == pytest.approx(0.5, abs=0.03)  # half of N(1, 1) lies beyond 1
    alone = Family(np.zeros(1), np.array([0.5]), (first * np.tile([1, -1], 50))[None])
    assert alone.critical == pytest.approx(together.critical)
    assert Family(np.array([]), np.array([]), np.empty((0, 9))).fails_if_right == 0


def test_three_item_rule_counts_answers_and_gives_the_rate_of_the_count():
    answers = pd.DataFrame({"work": ["none", "some", "none"], "health": ["bad", "bad", "good"], "debts": ["no"] * 3})
    rule = {"work": ("none",), "health": ("bad",), "debts": ("yes", "many")}
    assert declared_count(answers, rule).tolist() == [2, 1, 1]

    class Ruled:
        three_item_rule = rule

    cases = pd.DataFrame({"outcome": [1, 1, 0], "weight": [1.0, 1.0, 2.0]})
    mean = (1 + 1) / (1 + 1 + 2)
    assert event_rate(cases) == mean
    found = three_item_prob(cases, answers, answers, Ruled, landmark=0)
    assert found == pytest.approx([(1 + mean) / (1 + 1), (1 + mean) / (3 + 1), (1 + mean) / (3 + 1)])


def test_a_year_is_rolled_when_enough_was_known_on_its_first_of_january():
    # 2018 … 2022 with 12 intake months each, known 13 months later; 2022 waits to be confirmed.
    # Known on 1 January 2019: nobody (January 2018 is known in February 2019); 2020: 11 months; 2021: 23; 2022: 35
    cohort = cohort_of(1800, years=(2018, 2019, 2020, 2021, 2022))
    assert rolling_years(cohort, settings_of(min_training_months=11)) == (2020, 2021)
    assert rolling_years(cohort, settings_of(min_training_months=20)) == (2021,)
    assert rolling_years(cohort, settings_of(min_training_months=24)) == ()
    assert rolling_years(cohort, settings_of(min_training_months=11, group_min=10_000)) == ()
