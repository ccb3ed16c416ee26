"""form.json and fields.json: what a foreign validator says of their shape, and a form built on form.json alone."""

import copy
import json
import random
from pathlib import Path

import jsonschema
import pytest
import release_example
from exported import drawn
from kit_release import kit_release
from opened import opened

from riskmodel.advice import advise
from riskmodel.exports.coded import Coded
from riskmodel.exports.form_json import form_files
from riskmodel.instrument.records import NO_ANSWER
from riskmodel.publish.render import exported_files
from riskmodel.release.json_record import read_record
from riskmodel.release.record import Release

pytestmark = pytest.mark.slow

ROOT, TODAY = Path(__file__).parents[3], release_example.TODAY


@pytest.fixture(scope="module")
def files():
    return {name: content.decode() for name, content in form_files(Coded(kit_release())).items()}


@pytest.fixture
def form(files):
    return json.loads(files["form.json"])


def published_form():
    """The form of a release as it is when somebody has published it."""
    about = {"id": "2026.1", "date": "2026-03-02", "valid_from": "2026-03-02", "valid_until": "2027-09-01"}
    contact = {"contact": "a@k.se", "complaint": "b@k.se", "withdrawal": "https://k.se"}
    made = opened({**kit_release().raw, "publication": {**about, "contact": contact}})
    return json.loads(form_files(Coded(made))["form.json"])


@pytest.fixture(scope="module")
def validator(files):
    schema = json.loads(files["form.schema.json"])
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def test_a_form_is_as_its_schema_says(form, validator):
    assert form["$schema"] == "form.schema.json"
    validator.validate(form)


def test_the_schema_knows_every_key_and_explains_what_it_asks(validator):
    """Taking any key of the form away, or adding one, is seen: what a release gains, the schema must gain too."""
    form = published_form()
    for path, inner in objects(form):
        for key in inner:
            broken = copy.deepcopy(form)
            del at(broken, path)[key]
            assert not validator.is_valid(broken), (path, key)
        more = copy.deepcopy(form)
        at(more, path)["more"] = 1
        assert not validator.is_valid(more), path


def test_a_published_form_is_as_its_schema_says(validator):
    folder = ROOT / "models/releases/2027.1"
    validator.validate(json.loads((folder / "form.json").read_text(encoding="utf-8")))
    assert {"contact", "numbers"} <= {path[-1] for path, _ in objects(published_form()) if path}


def objects(value, path=()):
    """The path to, and the content of, an object inside; of those in a list each that has other keys."""
    if isinstance(value, dict):
        yield path, value
        for key, inner in value.items():
            yield from objects(inner, (*path, key))
    elif isinstance(value, list):
        kinds = {frozenset(one) if isinstance(one, dict) else type(one): place for place, one in enumerate(value)}
        for place in kinds.values():
            yield from objects(value[place], (*path, place))


def at(value, path):
    for step in path:
        value = value[step]
    return value


# --- whoever has form.json alone ---


def told_by(form, month, codes):
    """(reason, points, answer) of a case given in codes, as form.json and its schema say; no module of ours."""
    table = next(one for one in form["landmarks"] if one["month"] == month)
    questions = {one["id"]: one for one in table["questions"]}
    outside = past_score(form, questions, codes)
    if outside:
        return outside, None, None
    items = [(item, tuple(codes[one] for one in item["questions"])) for item in table["items"]]
    worth = [worth_of(item)[given] if given in worth_of(item) else None for item, given in items]
    if any(questions[one]["required"] and codes[one] == NO_ANSWER for one in questions):
        return "unanswered", None, None
    points = sum(own["points"] for own in worth)
    if too_little(form, table, items, points):
        return "unanswered", None, None
    if table["rarity_mean"] + sum(own["rarity"] for own in worth) > form["rarity_limit"]:
        return "unusual", points, None
    return None, points, answer_at(table, points)


def past_score(form, questions, codes):
    reasons = set()
    for name, code in codes.items():
        question, ages = questions[name], form["ages"]
        if code == NO_ANSWER:
            continue
        if "levels" in question:
            reasons |= {"route"} if any(one["code"] == code and one["route"] for one in question["levels"]) else set()
            continue
        numbers = question["numbers"]
        steps = round(float(code) * numbers["scale"])
        if numbers["derive"] == "age" and not ages["minimum"] <= steps <= ages["maximum"]:
            reasons.add("age")
        elif not numbers["minimum"] <= steps <= numbers["maximum"]:
            reasons.add("out_of_range")
    return next((one["reason"] for one in form["refusals"] if one["reason"] in reasons), None)


def worth_of(item):
    return {tuple(answer["codes"]): answer for answer in item["answers"]}


def too_little(form, table, items, points):
    spreads, low, high = 0, points, points
    for item, given in items:
        if NO_ANSWER not in given:
            continue
        own, least, most = worth_of(item)[given]["points"], *item["range"]
        spread = item["spread"]
        if len(given) > 1:
            fits = [
                worth_of(item)[codes]["points"]
                for codes in worth_of(item)
                if all(
                    one == other if other != NO_ANSWER else one != NO_ANSWER
                    for one, other in zip(codes, given, strict=True)
                )
            ]
            least, most, spread = min(fits), max(fits), max(fits) - min(fits)
        spreads, low, high = spreads + spread, low - own + least, high - own + most
    many = spreads > form["max_unanswered_share"] * sum(item["spread"] for item, _ in items)
    return many and answer_at(table, low) != answer_at(table, high)


def answer_at(table, points):
    first, last = table["band"] or (None, None)
    if first is not None and first <= points <= last:
        return "borderline"
    return "more_support" if points >= table["flag"] else "no_indication"


@pytest.mark.parametrize("month", [0, 3, 5])
def test_who_has_the_form_alone_refuses_and_counts_as_advice_does(form, month):
    release, draw = kit_release(), random.Random(month)
    found = []
    for blank in (0.05, 0.15, 0.5):
        for _ in range(120):
            codes = drawn(release.landmark(month), draw, blank=blank)
            advice = advise(release, codes, today=TODAY, month=month)
            total = advice.score or advice.unusual
            expected = (
                advice.abstention and advice.abstention.reason,
                total and total.points,
                advice.score and advice.answer,
            )
            assert told_by(form, month, codes) == expected, codes
            found.append(expected[0])
    assert {None, "age", "unanswered", "unusual"} <= set(found)


# --- the fields, as errand types of api-service-caremanagement ---

OF_TYPE = {"typeSlug", "applicationType", "displayName", "statuses", "roles", "fields", "decisionOptions"}
OF_FIELD = {"name", "type", "required", "options", "itemsRef", "appliesTo", "condition", "description"}
KINDS = {"STRING", "BOOLEAN", "INTEGER", "DECIMAL", "DATE_TIME", "ENUM", "ARRAY"}


def test_fields_have_the_shape_of_the_service_they_are_for():
    types = json.loads(form_files(Coded(kit_release()))["fields.json"])
    assert [one["typeSlug"] for one in types] == ["riskmodel-month-0", "riskmodel-month-3", "riskmodel-month-5"]
    for errand_type, landmark in zip(types, kit_release().landmarks, strict=True):
        assert set(errand_type) == OF_TYPE and isinstance(errand_type["displayName"], str)
        assert [field["name"] for field in errand_type["fields"]] == [one.id for one in landmark.questions]
        for field in errand_type["fields"]:
            assert set(field) == OF_FIELD
            assert field["type"] in KINDS and isinstance(field["required"], bool)
            assert (field["type"] == "ENUM") == (field["options"] is not None)
            assert field["appliesTo"] == [errand_type["applicationType"]]
            assert isinstance(field["condition"], str | None) and field["description"].endswith(
                "Telefon: mottagningen."
            )


def test_a_field_says_when_it_is_asked_and_with_what_it_is_answered():
    first, later, _ = (one["fields"] for one in json.loads(form_files(Coded(kit_release()))["fields.json"]))
    schooling, housing, _, age, children, income, rate = first
    assert schooling["condition"] == "housing != care && !(age < 21) && !(age > 60)"
    assert housing["condition"] == "!(age < 21) && !(age > 60)" and age["condition"] == "housing != care"
    assert housing["options"] == ["own", "rented", "none", "care"]
    assert [one["type"] for one in (age, children, income, rate)] == ["INTEGER", "INTEGER", "DECIMAL", "DECIMAL"]
    assert age["description"] == "age? Ett tal, 21–60 år. Telefon: mottagningen."
    assert rate["description"] == "rate? Ett tal, -0,3–2. Telefon: mottagningen."
    assert [one["name"] for one in later if one["required"]] == ["so_far"]


# --- all of them ---


def test_files_are_of_the_record_alone_and_the_same_each_time():
    release = kit_release()
    again = read_record(Release, copy.deepcopy(release.raw), where="release.json", level=3)
    assert exported_files(release) == exported_files(again)
    assert set(exported_files(release)) >= {
        *("form.json", "form.schema.json", "fields.json"),
        *(f"questionnaire-{month}.json" for month in (0, 3, 5)),
    }


def test_early_formats_can_be_counted_with_in_sql_alone():
    early = read_record(Release, kit_release().raw | {"format": 2}, where="x", level=3)
    assert [name.partition(".")[2] for name in exported_files(early)] == ["sql"] * 3
