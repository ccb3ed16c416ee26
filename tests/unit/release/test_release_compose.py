import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import release_example
from opened import opened

from riskmodel.ground.errors import BundleError, SettingsError
from riskmodel.ground.files import canonical_json
from riskmodel.ground.settings import Waiver
from riskmodel.instrument.records import NO_ANSWER
from riskmodel.model.matrix import design_matrix
from riskmodel.model.points import points_prob, sum_of_points
from riskmodel.publish.compose import published_covariance
from riskmodel.publish.propose import propose
from riskmodel.release.consistency import read_release


def test_the_same_year_gives_the_same_bytes():
    release_example.candidate.cache_clear()
    first = canonical_json(release_example.candidate())
    release_example.candidate.cache_clear()
    assert canonical_json(release_example.candidate()) == first
    assert canonical_json(json.loads(first)) == first


def test_points_and_risk_are_the_models_own(candidate):
    year, landmark = release_example.year(), opened(candidate).landmark()
    _, answers = year.cohort.modelled
    sums = sum_of_points(answers, year.model.points)
    risks = points_prob(sums, year.model.points)
    for place in range(0, len(answers), 97):
        row = answers.drop(columns="sex").iloc[place].to_dict()
        points = landmark.sum_of_points(row)
        assert points == sums[place]
        assert landmark.risk_of(points) == pytest.approx(risks[place], abs=1e-9)


def test_rows_and_covariance_rebuild_the_matrix(candidate):
    year, landmark = release_example.year(), candidate["landmarks"][0]
    answers = pd.DataFrame(
        {
            "schooling": ["tertiary", NO_ANSWER],
            "housing": ["none", "own"],
            "support": ["yes", NO_ANSWER],
            "age": [64, np.nan],
        }
    )
    expected = design_matrix(answers, year.model.design)
    by_id = {item["id"]: item for item in landmark["items"]}
    rows = [
        [by_id["schooling"]["levels"][2], by_id["housing"]["levels"][2], by_id["support"]["levels"][1]],
        [by_id["schooling"]["no_answer"], by_id["housing"]["levels"][0], by_id["support"]["no_answer"]],
    ]
    ages = [by_id["age"]["numbers"]["rows"][64 - 18], by_id["age"]["no_answer"]["row"]]
    for found, age, wanted in zip(rows, ages, expected, strict=True):
        built = np.zeros(len(landmark["columns"]))
        for column, value in (cell for row in [*(entry["row"] for entry in found), age] for cell in row):
            built[column] = value
        assert built[1:] == pytest.approx(wanted, abs=1e-9)
    exact = year.model.equation.covariance
    assert np.array(landmark["covariance"]) == pytest.approx(exact, abs=1e-7 * np.abs(exact).max())
    assert landmark["columns"] == ["intercept", *year.model.design.columns]


def test_the_threshold_is_the_smallest_sum_with_its_risk(candidate):
    landmark = candidate["landmarks"][0]
    flag, values = landmark["thresholds"]["flag"], landmark["risk"]["values"]
    assert values[flag - 1] < landmark["thresholds"]["threshold_prob"] == values[flag]


def test_examples_cover_both_ends_and_blanks_and_give_their_numbers(candidate):
    landmark, sums = candidate["landmarks"][0], [example["sum"] for example in candidate["examples"]]
    assert min(sums) == landmark["risk"]["first"]
    assert max(sums) == landmark["risk"]["first"] + len(landmark["risk"]["values"]) - 1
    assert set(candidate["examples"][2]["answers"].values()) == {NO_ANSWER}
    routes = {level["code"] for item in landmark["items"] for level in item.get("levels", ()) if level["route"]}
    assert routes == {"care"}
    assert not routes & {answer for example in candidate["examples"] for answer in example["answers"].values()}


def test_a_release_always_says_what_it_may_never_be_used_for(candidate):
    in_english = " ".join(use["en"] for use in candidate["forbidden_uses"])
    for use in ("deny", "reduce", "revoke", "reclaim", "control", "fraud", "sanction", "queue"):
        assert use in in_english
    candidate["forbidden_uses"] = []
    with pytest.raises(BundleError, match="forbidden_uses: a list of at least 1"):
        read_release(candidate)


def test_no_person_and_no_small_count_is_in_it(candidate):
    text = json.dumps(candidate)
    cases, _ = release_example.year().cohort.modelled
    assert not any(case_id in text for case_id in cases["case_id"])
    assert all(row["n"] % 5 == 0 for row in candidate["evidence"]["measures"] if row["n"] is not None)


def test_too_few_cases_make_it_research_only():
    year = release_example.year()
    short = {**year.model_evidence["sample_size"], "available_n": 10, "research_only": True}
    evidence = {**year.model_evidence, "sample_size": short}
    made = propose(
        [replace(year, model_evidence=evidence)], release_example.INSTRUMENT, release_example.settings(), origin=ORIGIN
    ).raw
    assert made["research_only"]
    assert [gate["id"] for gate in made["gates"] if gate["status"] == "failed"] == ["G4"]


def test_a_policy_nobody_can_meet_gives_a_release_without_flags():
    settings = release_example.settings()
    strict = replace(settings, policy=replace(settings.policy, ppv_floor=0.99))
    made = propose([release_example.year()], release_example.INSTRUMENT, strict, origin=ORIGIN).raw
    thresholds = made["landmarks"][0]["thresholds"]
    assert (thresholds["flag"], thresholds["band"], thresholds["threshold_prob"]) == (None, None, None)
    assert thresholds["unmet"] == ["harm_ratio", "ppv_floor"]
    assert made["landmarks"][0]["rejected_alternative"]["flag"] > 0


@pytest.mark.parametrize(
    ("waiver", "message"),
    [
        (Waiver("G5", "Ada", "because", "2027-01-01"), "only G1, G8, G10, G12, G13 can be waived"),
        (Waiver("G8", " ", "because", "2027-01-01", "sex"), "needs a name and a reason"),
    ],
)
def test_a_waiver_must_be_complete_and_of_a_gate_that_can_be_waived(waiver, message):
    settings = release_example.settings()
    waived = replace(settings, release=replace(settings.release, waivers=(waiver,)))
    with pytest.raises(SettingsError, match=message):
        propose([release_example.year()], release_example.INSTRUMENT, waived, origin=ORIGIN)


ORIGIN = {"delivery_sha256": "d" * 64}


def test_a_covariance_is_written_without_the_digits_that_follow_the_processor():
    exact = np.array([[0.0123456789012, -1.234567890123e-9], [-1.234567890123e-9, 0.5]])
    noisy = exact + 1e-17
    # largest element 0.5: eight digits of it are eight decimals
    assert published_covariance(exact).tolist() == [[0.01234568, 0.0], [0.0, 0.5]]
    assert published_covariance(noisy).tolist() == published_covariance(exact).tolist()
