"""questionnaire-<month>.json, read and counted by software of FHIR's own world that nobody here wrote."""

import copy
import json
import random
from functools import cache, partial

import pytest
from exported import drawn
from fhir_door import asked, by_fhir, response, says
from kit_release import kit_release
from opened import PUBLICATION, opened

from riskmodel.exports.coded import Coded, CodedTable
from riskmodel.exports.kit import TABLE_FIELDS, kit_cases
from riskmodel.exports.questionnaire import (
    OUTSIDE,
    WEIGHTS,
    looked_up_number,
    questionnaire,
    questionnaire_files,
    quoted,
)
from riskmodel.instrument.records import NO_ANSWER
from riskmodel.release.answers import resolve_answers, why_not_scored
from riskmodel.release.landmark import RARITY_LIMIT

MONTHS = (0, 3, 5)
CASES_N = 120
NOTHING = [[], [], []]
SPOILED = (
    "unknown",
    "other system",
    "no system",
    "text",
    "number",
    "boolean",
    "nothing",
    "two",
    "same twice",
    "missing",
)


@cache
def questionnaires():
    return [questionnaire(CodedTable(kit_release(), kit_release().landmark(month))) for month in MONTHS]


def codes_of(item):
    return [option["valueCoding"]["code"] for option in item["answerOption"]]


def spoil(how, coding):
    one = {"valueCoding": coding}
    return {
        "unknown": [{"valueCoding": {**coding, "code": "x"}}],
        "other system": [{"valueCoding": {**coding, "system": coding["system"] + "x"}}],
        "no system": [{"valueCoding": {"code": coding["code"]}}],
        "text": [{"valueString": coding["code"]}],
        "number": [{"valueInteger": 40}],
        "boolean": [{"valueBoolean": True}],
        "nothing": [{"valueCoding": {"system": coding["system"]}}],
        "two": [one, {"valueCoding": {**coding, "code": "x"}}],
        "same twice": [one, one],
        "missing": [],
    }[how]


def by_python(landmark, codes):
    """[[points], [unusual], [risk]] of a case given in codes; a list is empty where there is none."""
    read = resolve_answers(kit_release(), landmark, codes)
    needed = [question for question in landmark.questions if question.derive == "receipts_so_far"]
    if any(read[question.id] is None for question in needed):
        return NOTHING
    if any(why_not_scored(kit_release(), question, read[question.id]) for question in landmark.questions):
        return NOTHING
    points, unusual = landmark.sum_of_points(read), landmark.rarity.of_case(landmark.items, read) > RARITY_LIMIT
    return [[points], [unusual], [] if unusual else [landmark.risk_of(points)]]


def spoiled_responses(form, landmark, draw):
    for question in asked(form):
        for how in SPOILED:
            yield response(form, drawn(landmark, draw, blank=0, wide=0), {question: partial(spoil, how)})


@pytest.mark.slow
def test_the_sum_is_python_s_and_there_is_none_where_anything_is_wrong():
    draw, responses, expected = random.Random(13), [], []
    for form, landmark in zip(questionnaires(), kit_release().landmarks, strict=True):
        cases = [drawn(landmark, draw) for _ in range(CASES_N)]
        counted, wrong = [by_python(landmark, codes) for codes in cases], list(spoiled_responses(form, landmark, draw))
        responses.append([response(form, codes) for codes in cases] + wrong)
        expected.append(counted + [NOTHING] * len(wrong))
        marks = [mark for _, mark, _ in counted]
        assert min(counted.count(NOTHING), marks.count([True]), marks.count([False])) > 5
    said = says(questionnaires=questionnaires(), responses=responses)["results"]
    assert [[result[:3] for result in results] for results in said] == expected
    for results in said[:2]:  # an engine's own way of adding, where all is well
        assert all(weights == points for points, *_, weights in results if points)


@pytest.mark.slow
def test_the_kit_s_codes_give_what_the_kit_says():
    lines = [line for line in kit_cases(kit_release()) if line["code"] is not None]
    assert len(lines) > 1400
    assert by_fhir(kit_release(), lines) == {
        line["case"]: {name: line[name] for name in TABLE_FIELDS} for line in lines
    }


@pytest.mark.slow
def test_the_schema_of_fhir_finds_nothing_and_would_find_what_is_wrong():
    mistakes = []
    for spoil_it in (
        lambda form: form["item"][0]["item"][0].update(type="chioce"),
        lambda form: form["item"][0]["item"][0]["answerOption"][0].update(value="x"),
        lambda form: form["extension"][0]["valueExpression"].update(language=None),
        lambda form: form.update(status="ready"),
    ):
        mistakes.append(copy.deepcopy(questionnaires()[0]))
        spoil_it(mistakes[-1])
    answered = [
        response(form, drawn(landmark, random.Random(1)))
        for form, landmark in zip(questionnaires(), kit_release().landmarks, strict=True)
    ]
    right = [*questionnaires(), published(), *answered]
    errors = says(resources=[*right, *mistakes])["errors"]
    assert errors[: len(right)] == [[] for _ in right]
    assert all(errors[len(right) :])


def published():
    """The first questionnaire as it is of a release."""
    about = {"id": "2026.1", "contact": PUBLICATION["contact"]}
    release = opened({**kit_release().raw, "publication": about})
    return questionnaire(CodedTable(release, release.landmarks[0]))


def test_a_published_questionnaire_says_which_and_for_how_long():
    form = published()
    assert (form["id"], form["version"], form["status"]) == ("riskmodel-2026.1-month-0", "2026.1", "active")
    assert form["effectivePeriod"] == {"start": "2026-03-01", "end": "2027-08-31"}
    assert form["title"] == (
        "Bedömningsstödets frågor om nya ärenden. Påhittad, utgåva 2026.1, gäller 2026-03-01 till 2027-08-31."
    )
    assert "cases after 3 months" in english(questionnaires()[1]["_title"])
    assert questionnaires()[0]["status"] == "draft" and form["url"] != questionnaires()[0]["url"]


def test_a_number_is_a_choice_of_its_whole_values_and_of_anything_else():
    age = asked(questionnaires()[0])["age"]
    assert codes_of(age) == [*map(str, range(21, 61)), OUTSIDE, NO_ANSWER]
    first, *_, outside, no_answer = age["answerOption"]
    assert first["valueCoding"]["display"] == "21 år" and english(first["valueCoding"]["_display"]) == "21 years"
    assert outside["valueCoding"]["display"] == "Något annat än 21–60 år" and "extension" not in outside
    assert no_answer["initialSelected"] is True and no_answer["valueCoding"]["display"] == "Vet ej eller inget svar"
    assert codes_of(asked(questionnaires()[0])["income"])[:3] == ["0", "10", "20"]
    assert codes_of(asked(questionnaires()[0])["rate"])[:5] == ["-0.3", "-0.2", "-0.1", "0", "0.1"]
    assert codes_of(asked(questionnaires()[1])["so_far"]) == ["2", "3", OUTSIDE]  # nobody is without


def english(beside):
    return beside["extension"][0]["extension"][1]["valueString"]


def test_options_weigh_what_they_give_and_a_pair_s_weigh_nothing():
    housing = asked(questionnaires()[0])["housing"]
    points = {level.code: level.points for level in kit_release().landmarks[0].items[1].levels if not level.route}
    points |= {NO_ANSWER: kit_release().landmarks[0].items[1].no_answer.points}
    for option in housing["answerOption"]:
        weight = points.get(option["valueCoding"]["code"])
        scores = [] if weight is None else [{"url": url, "valueDecimal": weight} for url in WEIGHTS]
        assert option.get("extension", []) == scores
    assert "extension" in asked(questionnaires()[1])["support"]["answerOption"][0]
    assert not any("extension" in one for item in asked(questionnaires()[2]).values() for one in item["answerOption"])


def test_every_question_must_be_answered_and_what_is_counted_can_not_be_written():
    for form, landmark in zip(questionnaires(), kit_release().landmarks, strict=True):
        assert list(asked(form)) == [question.id for question in landmark.questions]
        assert all(item["required"] and not item["repeats"] for item in asked(form).values())
        told = form["item"][-1]["item"]
        assert [one["type"] for one in told] == ["integer", "boolean", "decimal"]
        assert all(one["linkId"] for one in (*form["item"], *told))  # which the schema does not ask for
        assert all(one["readOnly"] for one in told)
    sum_of_first = questionnaires()[0]["item"][-1]["item"][0]["extension"][0]["valueExpression"]["expression"]
    assert sum_of_first == " + ".join(f"%points{place}" for place in range(1, 8))


def test_another_table_s_answers_are_not_this_one_s():
    systems = [
        codes["system"]
        for form in questionnaires()
        for item in asked(form).values()
        for codes in [item["answerOption"][0]["valueCoding"]]
    ]
    assert len(set(systems)) == len(systems)
    assert list(questionnaire_files(Coded(kit_release()))) == [f"questionnaire-{month}.json" for month in MONTHS]
    assert json.loads(questionnaire_files(Coded(kit_release()))["questionnaire-5.json"]) == json.loads(
        json.dumps(questionnaires()[2])
    )


def test_a_number_is_written_in_digits_alone():
    assert looked_up_number("%points", {3: 1e-06, 4: 0.25}).startswith("'|3:0.000001|4:0.25|'.where(contains(")


@pytest.mark.parametrize(("text", "written"), [("a", "'a'"), ("it's", r"'it\'s'"), ("a\\", r"'a\\'")])
def test_a_text_stays_one(text, written):
    assert quoted(text) == written
