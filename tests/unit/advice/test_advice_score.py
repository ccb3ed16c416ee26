import math
from copy import deepcopy
from datetime import date

import pytest

from riskmodel.advice import advise
from riskmodel.ground.errors import BundleError

TODAY = date(2026, 11, 21)
PER_POINT = math.log(2) / 10
FULL = {"education": "primary", "health": "good", "self_rating": "far", "age": 34, "earlier_months": 0}


def told(release, **answers):
    return advise(release, FULL | answers, today=TODAY, own_assessment=None)


def test_the_sum_is_that_of_the_table(release):
    score = told(release).score
    assert [entry.points for entry in score.contributions] == [9, 0, 6, (34 - 16) // 9, 0]
    assert score.points == 9 + 0 + 6 + 2 + 0
    assert score.risk == release["landmarks"][0]["risk"]["values"][17]


@pytest.mark.parametrize(
    ("answers", "points", "answer"),
    [
        ({}, 17, "more_support"),
        ({"education": "secondary"}, 12, "no_indication"),
        ({"education": "secondary", "earlier_months": 1}, 13, "borderline"),
        ({"age": 20}, 15, "borderline"),
    ],
)
def test_the_band_lies_between_the_two_answers(release, answers, points, answer):
    advice = told(release, **answers)
    assert (advice.score.points, advice.answer) == (points, answer)


def test_without_a_band_the_flag_alone_decides(release):
    release["landmarks"][0]["thresholds"]["band"] = None
    assert told(release, age=20).answer == "more_support"
    assert told(release, age=20, self_rating="near").answer == "no_indication"


def test_the_interval_is_the_equations_and_the_roundings(release):
    # intercept, three levels with 0.01 each, age 34 -> 3.4 in column 8, no earlier months -> 0 in column 9
    variance = 0.01 * (1 + 1 + 1 + 1 + 3.4**2 + 0) + 5 / 12 * PER_POINT**2
    middle = -1.2 + 17 * PER_POINT
    score = told(release).score
    for end, sign in ((score.low, -1), (score.high, 1)):
        assert math.log(end / (1 - end)) == pytest.approx(middle + sign * 1.959964 * math.sqrt(variance), abs=1e-6)


def test_reasons_point_both_ways_from_the_average_new_case(release):
    score = told(release, earlier_months=1).score
    # above the mean: primary 9 - 4.4, far 6 - 2; below: good 0 - 1.5; age 2 - 2.2 and one month 1 - 1 are neither
    assert [entry.item for entry in score.raising] == ["education", "self_rating"]
    assert [entry.item for entry in score.lowering] == ["health"]


def test_no_answer_is_never_a_reason_about_the_person(release):
    release["abstention"]["max_unanswered_share"] = 1
    score = advise(release, {"education": "tertiary"}, today=TODAY).score
    assert score.contributions[1].points - 1.5 > 0.5  # health, no answer: more than the average
    assert [entry.item for entry in (*score.raising, *score.lowering, *score.changeable)] == ["education"]


def test_what_can_change_is_what_gives_points_today(release):
    assert [entry.item for entry in told(release).score.changeable] == ["education", "self_rating"]
    release["landmarks"][0]["items"][0]["changeable"] = False
    assert [entry.item for entry in told(release).score.changeable] == ["self_rating"]


def test_the_own_assessment_is_kept_and_blanks_are_none(release):
    assert advise(release, FULL, today=TODAY, own_assessment=" behöver stöd ").own_assessment == "behöver stöd"
    assert advise(release, FULL, today=TODAY, own_assessment="  ").own_assessment is None


def test_a_covariance_that_gives_a_negative_variance_is_refused(release):
    damaged = deepcopy(release)
    damaged["landmarks"][0]["covariance"][0][0] = -100.0
    with pytest.raises(BundleError, match="covariance"):
        told(damaged)


def test_an_own_assessment_keeps_its_lines_and_loses_what_a_terminal_would_obey(release):
    own = "Behöver stöd.\r\n\n\x1b[2JRådet:\tinget\u202e \udcff\n"
    kept = advise(release, FULL, today=TODAY, own_assessment=own).own_assessment
    assert kept == "Behöver stöd.\n\n[2JRådet: inget ?"
    assert advise(release, FULL, today=TODAY, own_assessment="\x1b\u200b").own_assessment is None
