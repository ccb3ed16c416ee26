"""What an exam can judge by its counts, and what a look at it comes to in words."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from predicted import cohort_of, predictions_of, settings_of

from riskmodel.cohort.record import write_cohort, write_frame
from riskmodel.ground.workspace import Workspace
from riskmodel.publish import exam
from riskmodel.publish.exam import RIGHT, Truth, confirmed_lines, exam_lines, level_in_words, planned, refused_share

pytestmark = pytest.mark.slow

SETTINGS = settings_of(min_training_months=20, group_min=20, curve_min=200)
YEARS = (2017, 2018, 2019, 2020, 2021, 2022)


def town(events_n):
    """300 cases a year, `events_n` of them events."""
    made = cohort_of(300 * len(YEARS), years=YEARS)
    place = made.cases.groupby("intake_year").cumcount()
    return replace(made, cases=made.cases.assign(outcome=(place * 7 % 300 < events_n).astype(int)))


@pytest.mark.parametrize(
    ("events_n", "years", "not_judged"),
    [
        (100, [2022], ["ici"]),  # a curve needs 200 events, too
        (99, [2021, 2022], ["ici"]),
        (34, [2020, 2021, 2022], ["ici"]),
        (32, [2022], ["auc", "ici", "oe", "recalibration_slope"]),  # three years can be confirmed: 96 events
    ],
)
def test_a_plan_looks_at_counts_alone(events_n, years, not_judged):
    cohort = town(events_n)
    assert planned({0: cohort}, SETTINGS) == {"0": {"years": years, "not_judged": not_judged}}


def test_with_enough_people_everything_is_judged():
    soon = settings_of(min_training_months=20, group_min=20, curve_min=100)
    assert planned({0: town(200)}, soon) == {"0": {"years": [2022], "not_judged": []}}


def test_where_too_little_was_known_there_is_no_plan():
    hard = settings_of(min_training_months=200)
    assert planned({0: town(150)}, hard) == {"0": {"years": [], "not_judged": []}}


@pytest.mark.parametrize(
    ("oe", "said"),
    [
        ({"low": 1.01, "high": 1.4}, ["There were more long cases than predicted."]),
        ({"low": 0.7, "high": 0.99}, ["There were fewer long cases than predicted."]),
        ({"low": 0.9, "high": 1.1}, []),
        ({"low": None, "high": None}, []),
        ({}, []),
    ],
)
def test_an_interval_on_one_side_of_1_is_said_in_words_also_inside_the_limits(oe, said):
    assert list(level_in_words(oe, "en")) == said


def test_a_look_says_how_many_of_its_years_are_new_and_what_it_came_to():
    record = {"years": [2021, 2022, 2023], "new_years": [2023], "year": 2023, "opening": 1, "verdict": "not_known"}
    measures = {"measures": {"oe": {"low": 1.02, "high": 1.3}}, "later_measures": {"3": {"oe": {}}}}
    assert list(confirmed_lines(record | measures, "en")) == [
        "3 years together: 1 of 3 new",
        "There were more long cases than predicted.",
        "Look number 1 at 2023: not judged in full, for too few people",
    ]
    alone = {"years": [2023], "new_years": [2023], "verdict": "met", "measures": {}, "later_measures": {}}
    assert list(confirmed_lines(record | alone, "en")) == ["Look number 1 at 2023: confirmed"]


def test_a_protocol_says_which_years_and_what_they_can_find(tmp_path):
    workspace, cohort = Workspace(tmp_path), town(60)
    write_cohort(cohort, workspace.cohort(0))
    protocol = {"exam": planned({0: cohort}, SETTINGS)}
    assert [*exam_lines(workspace, protocol, SETTINGS, "en")][-1].startswith("what it can find is not known here")
    write_frame(workspace.assessment(0) / "predictions.parquet", predictions_of(900).assign(level_error=0.05))
    opened, not_judged, power = exam_lines(workspace, protocol, SETTINGS, "en")
    assert opened == "to be opened: 2021, 2022"
    assert not_judged == "not judged, for too few people: ici"
    assert power.startswith("refused at this size: a right model 0.0") and "slope 0.6 0." in power
    assert list(exam_lines(workspace, {"exam": {"0": {"years": [], "not_judged": []}}}, SETTINGS, "en")) == []


def test_power_grows_with_cases_and_with_what_is_wrong():
    people = predictions_of(3000, seed=2).assign(level_error=0.03)

    def share(cases_n, truth):
        return refused_share(people, truth, cases_n=cases_n, seed=1, towns=100)

    assert share(300, RIGHT) <= 0.09 and share(2000, RIGHT) <= 0.05
    assert share(300, Truth(slope=0.6)) < share(600, Truth(slope=0.6)) > 0.9
    assert share(600, Truth(oe=1.30)) < share(600, Truth(oe=1.50)) > 0.9


def test_without_any_exam_of_both_outcomes_there_is_no_power():
    nobody = pd.DataFrame({"outcome": [0, 0], "points_prob": [1e-9, 1e-9], "weight": 1.0, "cluster_id": [1, 2]})
    assert refused_share(nobody.assign(level_error=0.1), RIGHT, cases_n=4, seed=1, towns=3) is None


def test_the_level_of_an_exam_has_room_for_window_and_usual_years():
    rows = pd.DataFrame(
        {
            "outcome": np.repeat([1, 0], 50),
            "points_prob": 0.5,
            "weight": 1.0,
            "cluster_id": np.arange(100),
            "level_error": 0.05,
        }
    )
    found = exam._level_and_slope(rows)["oe"]
    # each of a hundred strays by a half: √25 over 50 events
    error = (0.1**2 + 0.05**2 + 0.07**2) ** 0.5
    assert found["estimate"] == pytest.approx(1)
    assert np.log([found["low"], found["high"]]) == pytest.approx([-1.959964 * error, 1.959964 * error], rel=1e-5)


def test_the_slope_of_an_exam_has_the_interval_of_its_households():
    rows = predictions_of(800, seed=5).assign(level_error=0.05, weight=1.0)
    found = exam._level_and_slope(rows)["recalibration_slope"]
    assert 0.8 < found["estimate"] < 1.2
    # years of their own change nothing in it
    apart = exam._level_and_slope(rows.assign(stratum=np.arange(800) % 3))["recalibration_slope"]
    assert apart == found and 0.1 < found["high"] - found["low"] < 0.6


def test_the_order_of_an_exam_has_the_interval_of_its_households():
    rows = predictions_of(900, seed=5).assign(level_error=0.05, weight=1.0, stratum=np.arange(900) % 3)
    # a year whose risks say less: its AUC differs from the others'
    last = rows["stratum"] == 2
    rows.loc[last, "points_prob"] = 0.3 + (rows.loc[last, "points_prob"] - 0.3) * (np.arange(300) % 3 == 0)
    found = exam.judged_auc(rows, SETTINGS)
    measures = exam.evaluated(rows, SETTINGS, threshold_prob=None).set_index("measure").loc["auc"]
    assert found["estimate"] == measures["estimate"]
    # what three years differ by is hardly known, and would reach below a half
    assert measures["low"] < 0.6 < found["low"] and found["high"] - found["low"] < 0.1
