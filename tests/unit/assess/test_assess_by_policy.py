"""What the policy makes of a year is written by the stage `assess`, and read where a release is proposed."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import release_example
from opened import opened
from release_example import INSTRUMENT

from riskmodel.assess.by_policy import by_policy, load_by_policy, write_by_policy
from riskmodel.assess.new_year.flags import flag_counts, flags
from riskmodel.assess.new_year.last_release import apply_last_release
from riskmodel.ground.errors import GateError
from riskmodel.ground.files import canonical_json
from riskmodel.publish.propose import propose
from riskmodel.publish.year import check_one_run

LAST_YEAR = {"last_intake_month": release_example.FIRST_MONTH + 23, "last_register_month": None}


@pytest.fixture(scope="module")
def before():
    """The release before: the very table, from the cases of all but the last year."""
    candidate = release_example.candidate()
    window = {**candidate["provenance"]["data_window"], **LAST_YEAR}
    publication = {"id": "2023.1", "valid_from": "2023-03-01"}
    return opened(
        {**candidate, "publication": publication, "provenance": {**candidate["provenance"], "data_window": window}}
    )


@pytest.fixture(scope="module")
def found(before):
    year, settings = release_example.year(), release_example.settings()
    last = apply_last_release(before, year.cohort, INSTRUMENT, settings)
    predictions = release_example.predictions().assign(event_rate_prob=year.model.event_rate)
    return by_policy(predictions, year.cohort, year.model, INSTRUMENT, settings, previous=before, last=last)


def test_what_was_written_leads_to_the_same_candidate_to_the_byte(found, tmp_path):
    write_by_policy(found, tmp_path)
    kept = load_by_policy(tmp_path)
    assert (kept.choice, kept.tried, kept.summary) == (found.choice, found.tried, found.summary)
    settings = release_example.settings()
    one, other = (
        propose([replace(release_example.year(), by_policy=each)], INSTRUMENT, settings, origin={}).raw
        for each in (found, kept)
    )
    assert canonical_json(one) == canonical_json(other)
    assert one["evidence"]["new_year"]["everybody"]["measures"]
    assert one["evidence"]["flags_against"]["release"] == "2023.1"


def test_the_last_release_is_measured_on_its_new_cases_and_judged_later(found):
    assert found.tried.everybody.n == 792 and found.tried.everybody.closed is not None
    assert found.tried.unshown.n == 132 and found.tried.obstacle is None


def test_flags_and_points_are_those_of_the_table_that_is_proposed(found, before):
    cohort = release_example.year().cohort
    own = flags(before.landmark(), cohort.answers)  # the same table
    counts = found.flags.set_index("area")
    assert counts["kept"].sum() == own.sum() and set(counts) <= {"kept", "unflagged"}
    assert found.summary["modelled"] == {"n": len(cohort.cases), "events_n": int(cohort.cases["outcome"].sum())}
    assert ((found.people["points"] >= found.choice.threshold.points).to_numpy() == own.to_numpy(dtype=bool)).all()


def test_where_no_sum_meets_the_policy_nobody_is_flagged_and_nothing_is_measured_there():
    settings = release_example.settings()
    strict = replace(settings, policy=replace(settings.policy, ppv_floor=0.99))
    found = release_example.judged_again(release_example.year(), strict).by_policy
    assert found.choice.threshold is None and found.at_threshold.empty and found.expected.empty
    assert len(found.rejected) and found.flags.empty and found.tried is None
    assert np.isfinite(found.gains["gain"]).all()


def other_points(year):
    first, *rest = year.model.points.items
    moved = replace(first, by_code={code: points + 1 for code, points in first.by_code.items()})
    return replace(year, model=replace(year.model, points=replace(year.model.points, items=(moved, *rest))))


def other_people(year):
    people = year.robustness.people
    return replace(year, robustness=replace(year.robustness, people=people.assign(case_id=people["case_id"] + "x")))


@pytest.mark.parametrize("changed", [other_points, other_people])
def test_results_of_stages_that_ran_on_other_points_or_people_are_not_proposed_from(changed):
    year, settings = release_example.year(), release_example.settings()
    check_one_run(year, settings)
    with pytest.raises(GateError, match="not all of one run"):
        check_one_run(changed(year), settings)


@pytest.mark.parametrize(
    ("table", "key", "value"), [("policy", "ppv_floor", 0.4), ("fairness", "missed_tolerance", 0.2)]
)
def test_nor_are_results_of_another_policy(table, key, value):
    settings = release_example.settings()
    other = replace(settings, **{table: replace(getattr(settings, table), **{key: value})})
    with pytest.raises(GateError, match="not all of one run"):
        check_one_run(release_example.year(), other)


def test_everybody_is_kept_gained_lost_unflagged_or_not_comparable():
    was = pd.Series([True, False, True, False, None, True], dtype="boolean")
    now = pd.Series([True, True, False, False, True, None], dtype="boolean")
    counts = flag_counts(was, now, pd.Series(["Norr"] * 6)).set_index("area").loc["Norr"]
    assert counts.to_dict() == {"kept": 1, "gained": 1, "lost": 1, "unflagged": 1, "not_comparable": 2}
