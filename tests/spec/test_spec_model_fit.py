"""What a fit, its errors, its penalty and its sample size are, with expected values written as arithmetic."""

from math import log, sqrt

import numpy as np
import pytest

from riskmodel.model.equation import Fit, contrasts, expanded, fitted_design, helmert, out_of_fold_logodds
from riskmodel.model.inference import net_benefit
from riskmodel.model.logistic import Optimum, covariance, logistic_slope, newton, score_product, weighted_auc
from riskmodel.model.matrix import matrix
from riskmodel.model.penalty import Choice
from riskmodel.model.record import Design, ItemCoding, PathPoint
from riskmodel.model.sample import Sample, grouped_folds, intercept_window
from riskmodel.model.sample_size import largest_r2, sample_size, size_as_dict, with_corrected_r2

# exposed: 30 events among 40; not exposed: 20 events among 60
EXPOSED = np.repeat([1.0, 1.0, 0.0, 0.0], [30, 10, 20, 40])
OUTCOME = np.repeat([1.0, 0.0, 1.0, 0.0], [30, 10, 20, 40])
ONES = np.ones(100)
X = np.column_stack([ONES, EXPOSED])
FULL_X = np.column_stack([ONES, 1 - EXPOSED, EXPOSED])  # one column for each answer


def test_without_penalty_the_coefficient_is_the_log_odds_ratio():
    fit = newton(X, OUTCOME, ONES, 0.0)
    assert fit.coefficients == pytest.approx([log(20 / 40), log(30 * 40 / (10 * 20))])


def test_with_everybody_a_cluster_the_errors_of_a_two_by_two_table_are_the_known_ones():
    fit = newton(X, OUTCOME, ONES, 0.0)
    product = score_product(X, OUTCOME, ONES, fit.prob, np.arange(100))
    sigma = covariance(fit.information, product, 0.0)
    assert sqrt(sigma[0, 0]) == pytest.approx(sqrt(1 / 20 + 1 / 40))
    assert sqrt(sigma[1, 1]) == pytest.approx(sqrt(1 / 30 + 1 / 10 + 1 / 20 + 1 / 40))


def test_a_copy_in_the_same_cluster_adds_no_information_and_one_in_another_halves_the_variance():
    once = np.arange(100)
    fit = newton(X, OUTCOME, ONES, 0.0)
    single = covariance(fit.information, score_product(X, OUTCOME, ONES, fit.prob, once), 0.0)
    x, outcome, ones = np.repeat(X, 2, axis=0), np.repeat(OUTCOME, 2), np.ones(200)
    twice = newton(x, outcome, ones, 0.0)
    together = score_product(x, outcome, ones, twice.prob, np.repeat(once, 2))
    apart = score_product(x, outcome, ones, twice.prob, np.arange(200))
    assert covariance(twice.information, together, 0.0) == pytest.approx(single)
    assert covariance(twice.information, apart, 0.0) == pytest.approx(single / 2)


def test_the_penalty_pulls_the_answers_towards_their_middle_and_leaves_the_intercept_free():
    penalty = 5.0
    intercept, unexposed, exposed = newton(FULL_X, OUTCOME, ONES, penalty).coefficients
    prob_unexposed, prob_exposed = (1 / (1 + np.exp(-intercept - own)) for own in (unexposed, exposed))
    assert unexposed == pytest.approx(-exposed)
    assert 30 - 40 * prob_exposed == pytest.approx(penalty * exposed)  # observed − expected = λβ
    assert 20 - 60 * prob_unexposed == pytest.approx(penalty * unexposed)
    assert 0 < exposed - unexposed < log(30 * 40 / (10 * 20))


def test_contrasts_of_three_answers_are_orthonormal_and_each_sums_to_zero():
    first, second = [1 / sqrt(2), -1 / sqrt(2), 0], [1 / sqrt(6), 1 / sqrt(6), -2 / sqrt(6)]
    assert helmert(3) == pytest.approx(np.array([first, second]).T)


def test_the_optimum_in_contrasts_is_the_optimum_in_full():
    coding = ItemCoding("q", "flag", ("n", "y"), ("n", "y"), None, (), ("q=n", "q=y"), np.eye(3)[:, :2])
    design, positions = Design((coding,)), EXPOSED.astype(int)[:, None]
    bases = contrasts(design, positions)
    x = matrix(positions, fitted_design(design, bases))
    assert x.shape == (100, 2)  # the intercept and one contrast
    fitted = expanded(newton(x, OUTCOME, ONES, 5.0).coefficients, bases)
    assert fitted == pytest.approx(newton(FULL_X, OUTCOME, ONES, 5.0).coefficients)


def test_with_somebody_at_the_mean_all_columns_are_kept():
    coding = ItemCoding("q", "flag", ("n", "y"), ("n", "y"), None, (), ("q=n", "q=y"), np.eye(3)[:, :2])
    positions = np.array([[0], [1], [2]])  # the last gave no answer: a row of zeros
    assert contrasts(Design((coding,)), positions)[0].tolist() == np.eye(2).tolist()


def test_leaving_a_fold_out_is_one_newton_step_from_the_whole_fit():
    # one column, four cases, two folds: everything by hand
    x, outcome, prob = np.ones((4, 1)), np.array([1.0, 0, 0, 0]), np.full(4, 0.25)
    optimum = Optimum(np.array([log(0.25 / 0.75)]), prob, np.array([[4 * 0.25 * 0.75]]))
    choice = Choice(1.0, 0, optimum.coefficients, (PathPoint(1.0, 0.0, 0.0),))
    fit = Fit(Design(()), optimum.coefficients, x, optimum, choice, (), ())
    ones, none = np.ones(4), np.zeros(4, int)
    sample = Sample(np.empty((4, 0), int), outcome, ones, np.arange(4), none, np.arange(4), none + 1)
    left_out = out_of_fold_logodds(fit, sample, np.array([0, 0, 1, 1]))
    # without cases 1 and 2 the score is −.25 − .25 and the information 2 × .1875
    lower, higher = -(0.25 + 0.25) / (2 * 0.1875), (0.75 - 0.25) / (2 * 0.1875)
    start = log(0.25 / 0.75)
    assert left_out == pytest.approx([start + lower, start + lower, start + higher, start + higher])


def test_a_huge_penalty_leaves_the_event_rate():
    coefficients = newton(FULL_X, OUTCOME, ONES, 1e9).coefficients
    assert coefficients == pytest.approx([log(50 / 50), 0, 0], abs=1e-6)


def test_the_penalty_counts_in_the_covariance_but_not_on_the_intercept():
    information, product = np.diag([10.0, 10.0]), np.diag([4.0, 4.0])
    assert covariance(information, product, 2.0) == pytest.approx(np.diag([4 / 100, (4 + 2) / 100]))


def test_scores_are_summed_within_a_cluster_before_they_are_squared():
    x, outcome, prob = np.ones((3, 1)), np.array([1.0, 0.0, 1.0]), np.array([0.5, 0.5, 0.5])
    weight = np.array([1.0, 1.0, 2.0])
    # scores: .5, −.5, 2 × .5
    assert score_product(x, outcome, weight, prob, np.array([7, 7, 9])).item() == pytest.approx(0**2 + 1**2)
    assert score_product(x, outcome, weight, prob, np.array([7, 8, 9])).item() == pytest.approx(0.5**2 + 0.5**2 + 1**2)


def test_the_slope_is_1_for_right_log_odds_and_half_when_they_are_twice_too_far_apart():
    right = X @ newton(X, OUTCOME, ONES, 0.0).coefficients
    assert logistic_slope(right, OUTCOME, ONES) == pytest.approx(1, abs=1e-6)
    assert logistic_slope(3 + 2 * right, OUTCOME, ONES) == pytest.approx(1 / 2, abs=1e-6)
    assert logistic_slope(np.full(100, 0.3), OUTCOME, ONES) == 1


def test_auc_counts_pairs_and_ties_as_half():
    outcome, score = np.array([1, 1, 0, 0]), np.array([0.8, 0.3, 0.3, 0.1])
    ones = np.ones(4)
    assert weighted_auc(outcome, score, ones) == pytest.approx((1 + 1 + 0.5 + 1) / 4)
    weight = np.array([1.0, 2.0, 1.0, 3.0])
    assert weighted_auc(outcome, score, weight) == pytest.approx(
        (1 * 1 * 1 + 1 * 3 * 1 + 2 * 1 * 0.5 + 2 * 3 * 1) / ((1 + 2) * (1 + 3))
    )
    assert np.isnan(weighted_auc(np.ones(4), score, ones))


def test_net_benefit_is_true_flags_less_false_ones_at_the_exchange_rate():
    outcome, prob = np.array([1, 0, 0, 1]), np.array([0.9, 0.4, 0.39, 0.1])
    rate = 0.4 / 0.6
    assert net_benefit(outcome, prob, np.ones(4), threshold_prob=0.4) == pytest.approx((1 - 1 * rate) / 4)
    weight = np.array([1.0, 3.0, 1.0, 1.0])
    assert net_benefit(outcome, prob, weight, threshold_prob=0.4) == pytest.approx((1 - 3 * rate) / 6)


def test_a_year_is_complete_when_its_last_month_is_reached():
    month = np.array([2021 * 12, 2022 * 12 + 11, 2023 * 12 + 11, 2024 * 12 + 10])
    years, inside = intercept_window(month, years_n=2)
    assert years == (2022, 2023)  # 2024 ends in November
    assert inside.tolist() == [False, True, True, False]
    assert intercept_window(month, years_n=9)[0] == (2021, 2022, 2023)


def test_in_a_cohort_with_one_month_a_year_every_year_is_complete():
    month = np.array([2021, 2022, 2023]) * 12
    assert intercept_window(month, years_n=2)[0] == (2022, 2023)


def test_folds_never_split_a_cluster_and_are_equally_many():
    cluster = np.repeat(np.arange(20), 3)
    fold = grouped_folds(cluster, folds_n=5, seed=1)
    assert all(len(set(fold[cluster == one])) == 1 for one in range(20))
    assert np.bincount(fold).tolist() == [4 * 3] * 5  # 20 clusters of 3 cases in 5 folds
    assert set(grouped_folds(np.array([4, 4, 8]), folds_n=10, seed=1)) == {0, 1}  # no more folds than clusters


# Riley et al. 2019; the first four as in pmsampsize's tests, the last four with .15 of the largest R²
@pytest.mark.parametrize(
    ("r2", "columns_n", "event_rate", "expected"),
    [
        (0.288, 24, 0.174, (623, 662, 221)),
        (0.55, 24, 0.174, (255, 532, 221)),
        (0.288, 36, 0.174, (934, 992, 221)),
        (0.288, 24, 0.25, (623, 590, 289)),
    ],
)
def test_sample_size_vectors(r2, columns_n, event_rate, expected):
    need = sample_size(columns_n=columns_n, event_rate=event_rate, clusters_n=1000, r2=r2)
    assert (need.n1, need.n2, need.n3) == expected
    assert need.required_n == max(expected)


@pytest.mark.parametrize(("event_rate", "required"), [(0.05, 3562), (0.10, 2409), (0.15, 2002), (0.20, 1796)])
def test_sample_size_when_no_earlier_model_tells(event_rate, required):
    assert sample_size(columns_n=20, event_rate=event_rate, clusters_n=0).required_n == required


def test_the_largest_r2_and_what_is_short():
    assert largest_r2(0.5) == pytest.approx(1 - (0.5**0.5 * 0.5**0.5) ** 2)
    assert sample_size(columns_n=20, event_rate=0.2, clusters_n=1795).research_only
    assert not sample_size(columns_n=20, event_rate=0.2, clusters_n=1796).research_only


def test_with_a_borrowed_table_the_need_is_that_of_what_was_learnt():
    alone = sample_size(columns_n=24, event_rate=0.174, clusters_n=300, r2=0.288)
    borrowed = sample_size(columns_n=24, event_rate=0.174, clusters_n=300, r2=0.288, freedom=3.5)
    assert borrowed.n1 == np.ceil(3.5 / (-0.1 * log(1 - 0.288 / 0.9)))
    assert (alone.n3, borrowed.n3, borrowed.required_n) == (221, 221, 221)
    assert (alone.research_only, borrowed.research_only) == (True, False)


def test_what_is_missing_is_told_each_way_by_itself():
    need = sample_size(columns_n=24, event_rate=0.174, clusters_n=300, years_n=3, r2=0.288)
    # 662 for 24 columns, 27.6 a column: 300 do for 10; 362 more are 3.62 years of 100
    assert need.missing(300) == {"cases_n": 362, "more_years_n": 4, "columns_n": 14, "borrowed_n": 221}
    assert need.missing(662) == {"cases_n": 0, "more_years_n": 0, "columns_n": 0, "borrowed_n": 221}
    assert need.missing(220)["columns_n"] is None  # the overall risk alone needs 221


def test_this_runs_r2_counts_where_nothing_earlier_told_any():
    assumed = size_as_dict(sample_size(columns_n=24, event_rate=0.174, clusters_n=300))
    found = with_corrected_r2(assumed, 0.2889)
    assert (found.r2, found.r2_from) == (0.28, "this_run")
    assert found.n1 == sample_size(columns_n=24, event_rate=0.174, clusters_n=300, r2=0.28).n1
    assert with_corrected_r2(assumed, float("nan")).r2_from == "assumed"
    assert with_corrected_r2(assumed, 0.004).r2_from == "assumed"
    known = size_as_dict(sample_size(columns_n=24, event_rate=0.174, clusters_n=300, r2=0.2, r2_from="prior"))
    assert with_corrected_r2(known, 0.3).r2 == 0.2
