"""Cases that somebody else has labelled: no register, the same cohort."""

import pandas as pd
import pytest
from strips import INSTRUMENT, chosen, delivery

from riskmodel.cohort.build import build_cohort
from riskmodel.cohort.record import CASE_COLUMNS
from riskmodel.ground.errors import SettingsError, SurveyDataError

ROWS = [
    # case, person, household, year, outcome, age
    ("c4", "p4", "", 2019, 1, 70.0),
    ("c1", "p1", "H", 2018, 1, 40.0),
    ("c2", "p2", "H", 2018, 0, 40.0),
    ("c3", "", "", 2018, pd.NA, 40.0),
    ("c5", "p5", "", 2020, 0, float("nan")),
]


def labelled(rows=ROWS, **settings):
    frame = pd.DataFrame(rows, columns=["case_id", "person_id", "household_id", "intake_year", "outcome", "age"])
    frame = frame.assign(area="", education="primary", situation="job_seeker", sex="man", interview="yes")
    frame = frame.astype({"outcome": "Int8", "intake_year": "int32"})
    return build_cohort(delivery(None, None, labelled_cases=frame), INSTRUMENT, chosen(**settings))


def test_every_labelled_case_is_a_case_and_the_known_ones_of_age_are_modelled():
    cohort = labelled()
    assert cohort.cases.dtypes.astype(str).to_dict() == CASE_COLUMNS
    assert cohort.cases["case_id"].tolist() == ["c1", "c2", "c3", "c4", "c5"]
    cases, answers = cohort.modelled
    assert cases["case_id"].tolist() == answers.index.tolist() == ["c1", "c2", "c5"]
    assert cases["weight"].tolist() == [1, 1, 1]
    assert "interview" not in answers


def test_a_cohort_is_known_on_the_first_of_january_that_the_settings_say():
    def known(after, year):
        return labelled(outcome_known_after_months=after).known_before(year * 12)[0]["case_id"].tolist()

    assert known(0, 2018) == [] and known(0, 2019) == ["c1", "c2"]
    assert known(12, 2019) == [] and known(12, 2020) == ["c1", "c2"]
    assert known(14, 2020) == [] and known(14, 2021) == ["c1", "c2"]


def test_people_of_a_household_are_one_cluster_and_those_without_id_stand_alone():
    clusters = labelled().cases.set_index("case_id")["cluster_id"]
    assert clusters["c1"] == clusters["c2"]
    assert clusters.nunique() == 5 - 1


def test_the_flow_and_the_summary_speak_of_labels():
    cohort = labelled()
    flow = cohort.flow.set_index("step")
    assert flow["n"][["labelled_cases", "age_outside", "fitted", "unknown", "modelled", "events"]].tolist() == [
        5, 1, 4, 1, 3, 1,
    ]  # fmt: skip
    assert (cohort.summary["labelled"], cohort.summary["outcome"]) == (True, "labelled")
    assert cohort.summary["outcomes"][0]["known_n"] == 4
    assert cohort.summary["latest_complete_year"] == 2020
    assert cohort.summary["censoring"]["rule"] == "drop"
    assert cohort.summary["outcomes"][0]["unknown_n"] == 1
    assert flow["n"]["age_unknown"] == 1
    ageless = labelled([(*row[:-1], float("nan")) for row in ROWS]).flow  # no age is asked: none is unknown
    assert "age_unknown" not in ageless["step"].tolist()


@pytest.mark.parametrize(("rule", "outcome"), [("non_events", 0), ("events", 1)])
def test_the_unlabelled_can_be_counted_as_non_events_or_events(rule, outcome):
    cases = labelled(censoring=rule).cases.set_index("case_id")
    assert (cases.loc["c3", "outcome"], cases.loc["c3", "weight"]) == (outcome, 1)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([("c1", "p1", "", 2018, pd.NA, 40.0)], "0 of 1 cases have a known outcome"),
        ([ROWS[0], ROWS[0]], "1 case ids occur again"),
    ],
)
def test_labels_that_say_nothing_are_refused(rows, message):
    with pytest.raises(SurveyDataError, match=message):
        labelled(rows)


def test_labelled_cases_have_no_later_month_to_be_scored_at():
    with pytest.raises(SettingsError, match=r"landmarks: .*Write landmarks = \[0\]"):
        labelled(landmark=3)
    assert labelled().summary["landmark"] == 0
    assert set(labelled().cases["standing"]) == {"at_risk"}
