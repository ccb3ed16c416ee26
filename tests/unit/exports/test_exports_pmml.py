"""score-<month>.pmml computed by others: what advice says, or no number at all."""

import copy
import random
import re
from xml.etree import ElementTree

import pytest
import release_example
from opened import opened
from pmml_runtimes import by_jpmml, by_pmml4s

from riskmodel.advice import advise
from riskmodel.exports.files import exported_files
from riskmodel.exports.pmml import field_value, given_answers
from riskmodel.ground.errors import SurveyDataError
from riskmodel.release.answers import resolve_answers
from riskmodel.release.rarity import RARITY_LIMIT

pytestmark = pytest.mark.slow
NUMBERS = {  # item: what is in its table, and what means no answer to it
    "children": ({"minimum": 0, "maximum": 12, "derive": None, "scale": 1}, ["9", "99", "-1"]),
    "income": ({"minimum": 0, "maximum": 30, "derive": None, "scale": 0.1}, ["999", "40,5"]),
    "rate": ({"minimum": -3, "maximum": 20, "derive": None, "scale": 10}, []),
    "earlier_months": ({"minimum": 0, "maximum": 24, "derive": "earlier_months", "scale": 1}, []),
    "receipts_so_far": ({"minimum": 0, "maximum": 3, "derive": "receipts_so_far", "scale": 1}, []),
}
NOT_ANSWERED = ["no_answer", "not_asked", "not_observed"]
WRONG = ["x", "12,5", "-1", "200", "", " 34 ", "034", "34.0", "1e1", "Primary", "own ", "no+yes", "none", None, "NaN"]
WRONG += ["own+yes", "Ja", "９", "\u22121", "null", "true", "\u0000", "20.000", "30", "no_answer ", "NO_ANSWER"]
ROWS_N = 400


def with_numbers(landmark, draw, *, month):
    """A table of points with every kind of number in it, and answers rare enough for some cases to be unusual."""
    for name, (numbers, texts) in NUMBERS.items():
        if name != "receipts_so_far" or month:
            whole = range(numbers["minimum"], numbers["maximum"] + 1)
            errors = [draw.choice([0.02, 0.1, 0.2, 0.25]) for _ in whole]
            table = {**numbers, "unit": None, "points": [draw.randrange(9) for _ in whole], "errors": errors}
            about = {"id": name, "kind": "number", "no_answer_texts": texts, "numbers": table, "mean_points": 4.125}
            base = {key: value for key, value in landmark["items"][0].items() if key not in ("levels", "of")}
            no_answer = {"points": draw.randrange(9), "error": 0.2}
            landmark["items"].append({**base, **about, "no_answer": no_answer})
    first, known = landmark["risk"]["first"], landmark["risk"]["values"]
    more = [round(known[-1] + (1 - known[-1]) * step / 70, 10) for step in range(60)]
    return {**landmark, "month": month, "unusual_variance": 0.3, "risk": {"first": first, "values": known + more}}


@pytest.fixture(scope="module")
def release():
    """Two tables: a pair and every kind of number at first, months with receipt later; half of the ages have points."""
    draw = random.Random(3)
    made = copy.deepcopy(release_example.candidate(("schooling", "housing")))
    later = copy.deepcopy(release_example.candidate())["landmarks"][0]
    made["landmarks"] = [with_numbers(made["landmarks"][0], draw, month=0), with_numbers(later, draw, month=3)]
    made["no_answer"] += ["7"]
    made["abstention"] = {"max_unanswered_share": 1, "min_age": 21, "max_age": 60}
    made["examples"] = [{**one, "answers": {**one["answers"], "age": 30, "income": 30}} for one in made["examples"]]
    for one in made["examples"]:
        one["sum"] = opened(made).landmark().sum_of_points(resolved(opened(made), one["answers"]))
    return opened(made)


def resolved(release, answers):
    return resolve_answers(release, release.landmark(), answers)


def drawn(release, landmark, draw, *, wrong):
    """Answers as a field takes them, each with the chance `wrong` of being anything else."""
    given = {question.id: [*given_answers(release, question)] for question in landmark.questions}
    known = {name: [value for value in values if value not in NOT_ANSWERED] for name, values in given.items()}
    row = {name: draw.choice(values if draw.random() < 0.2 else known[name]) for name, values in given.items()}
    codes = [level.code for question in landmark.questions for level in question.levels]  # routes among them
    return {name: draw.choice(WRONG + codes) if draw.random() < wrong else value for name, value in row.items()}


def by_advice(release, month, row):
    """Points, whether unusual, risk, and items above the average new case's by how much; None where it has none."""
    try:
        advice = advise(release, row, today=release_example.TODAY, month=month)
    except SurveyDataError:
        return None
    total = advice.score or advice.unusual
    if total is None:
        return None
    above = {one.item: one.above_mean for one in total.contributions if one.above_mean > 0}
    return total.points, advice.unusual is not None, advice.score and advice.score.risk, above


@pytest.mark.parametrize("month", [0, 3])
@pytest.mark.parametrize("runtime", ["PMML4S", "PMML4S that asks nothing", "JPMML"])
def test_others_compute_what_advice_says_or_nothing(release, tmp_path, month, runtime):
    landmark, draw = release.landmark(month), random.Random(month)
    clean = [drawn(release, landmark, draw, wrong=0) for _ in range(ROWS_N)]
    dirty = [drawn(release, landmark, draw, wrong=0.15) for _ in range(ROWS_N)]
    lost = [{**row, draw.choice([*row]): None} for row in clean[:50]]
    rows = [*clean, *dirty, *lost]
    content = exported_files(release)[f"score-{month}.pmml"]
    if runtime == "JPMML":
        found = by_jpmml(content, rows, tmp_path)
    else:
        found = by_pmml4s(unguarded(content) if "nothing" in runtime else content, rows)
    expected = [by_advice(release, month, row) for row in rows]
    for own, theirs in zip(expected, found, strict=True):
        assert theirs is None or (own is not None and theirs[:3] == own[:3])
        for place, reason in enumerate(theirs[3] if theirs else ()):
            assert sorted(own[3].values(), reverse=True)[place] == own[3][reason.removesuffix(".no_answer")]
    silent = [None in [row[question.id] for question in landmark.questions] for row in rows]
    assert [one for one, is_lost in zip(found, silent, strict=True) if is_lost and one is not None] == []
    assert [own is None for own in expected[:ROWS_N]] == [theirs is None for theirs in found[:ROWS_N]]
    assert len({one[:2] for one in found[:ROWS_N] if one}) > 30 and sum(one[1] for one in found if one) > 15
    assert found[ROWS_N : 2 * ROWS_N].count(None) > ROWS_N / 4


def unguarded(content):
    """The file as software reads it that looks at neither the values of a field nor how others are to be treated."""
    values = rb"\s*<Value value=[^>]*>"
    bare = re.sub(values, b"", content).replace(b"returnInvalid", b"asIs")
    bare = bare.replace(b'useReasonCodes="true"', b'useReasonCodes="false"')  # with them PMML4S stops at no points
    assert b"<Value" not in bare and bare.count(b"asIs") > 10
    return bare


@pytest.mark.parametrize(("error", "is_unusual"), [(0, False), (0.01, True)])
def test_a_case_at_the_limit_is_usual_and_one_step_beyond_it_is_not(release, error, is_unusual):
    made = copy.deepcopy(release_example.candidate())
    [landmark] = made["landmarks"]
    landmark |= {"unusual_variance": 1.0, "mean_error": 1.0}
    for item in landmark["items"]:
        item["no_answer"]["error"] = error if item["id"] == "support" else 0
    row = {item["id"]: "no_answer" for item in landmark["items"]}
    read = opened({**made, "abstention": {**made["abstention"], "max_unanswered_share": 1}})
    assert read.landmark().rarity.of_case(read.landmark().items, {}) == RARITY_LIMIT + is_unusual
    [found] = by_pmml4s(exported_files(read)["score-0.pmml"], [row])
    assert found[:3] == by_advice(read, 0, row)[:3] and found[1] == is_unusual


def test_the_file_holds_its_texts_as_texts_and_is_the_same_twice():
    hostile = "\"><script>alert(1)</script>&lt;![CDATA[ ]]> <!-- \n\t'--"
    made = copy.deepcopy(release_example.candidate())
    made["landmarks"][0]["items"][0]["text"] = {"sv": hostile, "en": hostile}
    made["landmarks"][0]["items"][0]["levels"][0]["text"] = {"sv": hostile, "en": hostile}
    made |= {"population": {"sv": hostile, "en": hostile}, "forbidden_uses": [{"sv": hostile, "en": hostile}]}
    [content] = exported_files(opened(made)).values()
    assert content == exported_files(opened(copy.deepcopy(made)))["score-0.pmml"]
    tame = exported_files(opened(release_example.candidate()))["score-0.pmml"]
    root, plain = ElementTree.fromstring(content), ElementTree.fromstring(tame)
    assert {one.tag for one in root.iter()} == {one.tag for one in plain.iter()}
    said = [text for one in root.iter() for text in (one.text or "", *one.attrib.values()) if "script" in text]
    assert len(said) == 4 and set(said) == {"\"><script>alert(1)</script>&lt;![CDATA[ ]]> <!-- '--"}


def test_a_number_stands_as_it_is_asked_for(release):
    asked = {question.id: question for question in release.landmark().questions}
    assert [field_value(asked["income"], step) for step in (0, 3, 30)] == ["0", "30", "300"]
    assert [field_value(asked["rate"], step) for step in (-3, 0, 15)] == ["-0.3", "0", "1.5"]
    assert given_answers(release, asked["children"]).keys() >= {"0", "12", "99", "-1", *NOT_ANSWERED}
    assert given_answers(release, asked["children"])["9"] is given_answers(release, asked["children"])["7"] is None
    [*months] = given_answers(release, release.landmark(3).items[-1])
    assert months == ["0", "1", "2", "3"]
