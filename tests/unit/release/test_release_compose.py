import json
from dataclasses import replace

import numpy as np
import pytest
import release_example
from opened import opened

from riskmodel.ground.choices import Waiver
from riskmodel.ground.departures import Departure
from riskmodel.ground.errors import BundleError, SettingsError
from riskmodel.ground.files import canonical_json
from riskmodel.instrument.records import NO_ANSWER, Text
from riskmodel.model.points import points_prob, sum_of_points
from riskmodel.publish.card import card
from riskmodel.publish.propose import propose
from riskmodel.publish.render import rendered_files
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


def test_an_answers_error_is_the_models_own(candidate):
    errors, landmark = release_example.year().model.errors, opened(candidate).landmark()
    assert (landmark.mean_error, landmark.unusual_variance) == (errors.mean_person, errors.unusual)
    for item, by_answer in zip(landmark.items, errors.by_item, strict=True):
        own = item.numbers.errors if item.numbers else [level.error for level in item.levels]
        assert (*own, item.no_answer.error) == by_answer
        assert max(by_answer) > 0


def test_nothing_of_the_equation_is_in_it_but_points(candidate):
    text, model = canonical_json(candidate).decode(), release_example.year().model
    for column in model.design.columns:
        assert f'"{column}"' not in text or column in {item["id"] for item in candidate["landmarks"][0]["items"]}
    for number in (*model.equation.coefficients, model.equation.intercept, *np.diag(model.equation.covariance)):
        assert f"{number:.7f}"[:-1] not in text
    assert {name for name in rendered_files(opened(candidate)) if name.endswith(".csv")} == {"thresholds.csv"}


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
    year = release_example.judged_again(release_example.year(), strict)
    made = propose([year], release_example.INSTRUMENT, strict, origin=ORIGIN).raw
    thresholds = made["landmarks"][0]["thresholds"]
    assert (thresholds["flag"], thresholds["band"], thresholds["threshold_prob"]) == (None, None, None)
    assert thresholds["unmet"] == ["harm_ratio", "ppv_floor"]
    assert made["landmarks"][0]["rejected_alternative"]["flag"] > 0


@pytest.mark.parametrize(
    ("waiver", "message"),
    [
        (Waiver("G4", "Ada", "because", "2027-01-01"), "G1, G8, G10, G12, G13 can be waived, and G5, G6, G7 where"),
        (Waiver("G8", " ", "because", "2027-01-01", "sex"), "needs a name and a reason"),
        (Waiver("G8", "Ada", "because", "2027-01-01", "sex", "man"), "needs G8, column, group, measure, second"),
        (
            Waiver("G1", "Ada", "because", "2027-01-01", "sex", "man", "missed", "Bo", "monthly"),
            "needs G8, column, group, measure, second",
        ),
        (
            Waiver("G8", "Ada, chef", "because", "2027-01-01", "sex", "man", "missed", "ada, analytiker", "monthly"),
            "name and second are one person",
        ),
    ],
)
def test_a_waiver_must_be_complete_and_of_a_gate_that_can_be_waived(waiver, message):
    settings = release_example.settings()
    waived = replace(settings, release=replace(settings.release, waivers=(waiver,)))
    with pytest.raises(SettingsError, match=message):
        propose([release_example.year()], release_example.INSTRUMENT, waived, origin=ORIGIN)


ORIGIN = {"delivery_sha256": "d" * 64}


def test_the_card_says_what_too_few_cases_lack_and_what_a_borrowed_table_would_need():
    year = release_example.year()
    short = {**year.model_evidence["sample_size"], "available_n": 150}
    evidence = {**year.model_evidence, "sample_size": short}
    made = propose(
        [replace(year, model_evidence=evidence)], release_example.INSTRUMENT, release_example.settings(), origin=ORIGIN
    )
    (gate,) = (gate for gate in made.raw["gates"] if gate["id"] == "G4")
    missing = gate["evidence"]["missing"]
    assert missing["cases_n"] == gate["evidence"]["required_n"] - 150
    assert missing["more_years_n"] == -(-missing["cases_n"] // 50)  # 50 a year of three
    assert missing["borrowed_n"] < gate["evidence"]["required_n"]
    text = card(made)
    assert f"Det fattas {missing['cases_n']} hushåll" in text and f"as they are, {missing['borrowed_n']} do" in text


def test_it_says_what_a_form_does_beside_adding_points(candidate):
    (contradiction,) = candidate["contradictions"]  # none on what only the audit sees
    assert [condition["item"] for condition in contradiction["when"]] == ["age", "schooling"]
    assert candidate["own_rating"] == "support"
    fixed = ["unknown_to_form", "has_support", "declined", "wrong_answers", "other_plan", "other"]
    assert [departure["id"] for departure in candidate["departures"]] == fixed
    own = Departure("waits", Text("Väntar på skola", "Waits for school"))
    settings = release_example.settings()
    with_own = replace(settings, release=replace(settings.release, departures=(own,)))
    made = propose([release_example.year()], release_example.INSTRUMENT, with_own, origin=candidate["provenance"])
    assert made.departures[-2:] == (own, made.departures[-1]) and made.departures[-1].id == "other"
    unseen = replace(own, text=Text("Väntar\u202e", "Waits"))
    with_unseen = replace(settings, release=replace(settings.release, departures=(unseen,)))
    with pytest.raises(SettingsError, match="departures: holds characters that can't be seen"):
        propose([release_example.year()], release_example.INSTRUMENT, with_unseen, origin=candidate["provenance"])


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("own_rating", "shoes"),
        ("contradictions", [{"text": {"sv": "a", "en": "a"}, "when": []}]),
        ("contradictions", [{"item": "age", "last": 17}, {"item": "schooling", "answers": ["tertiary"]}]),
        ("contradictions", [{"item": "age", "last": 18}, {"item": "schooling", "answers": ["doctor"]}]),
        ("contradictions", [{"item": "age", "last": 18}, {"item": "age", "first": 18}]),
        ("departures", [{"id": "other", "text": {"sv": "a", "en": "a"}}] * 2),
        ("departures", [{"id": "a<b", "text": {"sv": "a", "en": "a"}}]),
    ],
)
def test_what_a_form_can_not_ask_is_refused(candidate, key, value):
    if key == "contradictions" and "when" not in value[0]:
        value = [{"text": {"sv": "a", "en": "a"}, "when": value}]
    with pytest.raises(BundleError, match="does not agree with"):
        read_release({**candidate, key: value})
    with pytest.raises(BundleError, match="departures: a list of at least 1"):
        read_release({**candidate, "departures": []})
    without = {name: inner for name, inner in candidate.items() if name != key}
    with pytest.raises(BundleError, match=f"{key}: a value is needed"):
        read_release(without)
