"""score-<month>.pmml computed by others: what advice says, or no number at all."""

import copy
import random
import re
from xml.etree import ElementTree

import pytest
import release_example
from exported import drawn
from kit_release import kit_release
from opened import opened
from pmml_runtimes import by_jpmml, by_pmml4s

from riskmodel.advice import advise
from riskmodel.exports.coded import Coded, scored_codes
from riskmodel.exports.pmml import pmml_files
from riskmodel.ground.errors import SurveyDataError
from riskmodel.instrument.records import NO_ANSWER
from riskmodel.release.landmark import RARITY_LIMIT

pytestmark = pytest.mark.slow
WRONG = ["x", "12,5", "-1", "200", "", " 34 ", "034", "34.0", "1e1", "Primary", "own ", "no+yes", "none", None, "NaN"]
WRONG += ["own+yes", "Ja", "９", "\u22121", "null", "true", "\u0000", "20.000", "30", "no_answer ", "NO_ANSWER"]
WRONG += ["not_asked", "not_observed", "not a number", "0.30", "+3", "care"]
ROWS_N = 400


@pytest.fixture(scope="module")
def release():
    """Three tables with every kind of question, of which any number may be unanswered."""
    made = copy.deepcopy(kit_release().raw)
    made["abstention"]["max_unanswered_share"] = 1
    for one in made["examples"]:
        one["answers"]["age"] = 30  # inside the limits of this release
        one["sum"] = kit_release().landmark().sum_of_points(one["answers"])
    return opened(made)


def typed(landmark, draw, *, wrong):
    """Codes, each with the chance `wrong` of being anything else."""
    row = drawn(landmark, draw, wide=0)
    return {name: draw.choice(WRONG) if draw.random() < wrong else code for name, code in row.items()}


def by_advice(release, month, row):
    """Points, whether unusual, risk, and items not below the average new case by how much; None where it has none."""
    try:
        advice = advise(release, row, today=release_example.TODAY, month=month)
    except SurveyDataError:
        return None
    total = advice.score or advice.unusual
    if total is None:
        return None
    above = {one.item: one.above_mean for one in total.contributions if one.above_mean >= 0}
    return total.points, advice.unusual is not None, advice.score and advice.score.risk, above


@pytest.mark.parametrize("month", [0, 3, 5])
@pytest.mark.parametrize("runtime", ["PMML4S", "PMML4S that asks nothing", "JPMML"])
def test_others_compute_what_advice_says_or_nothing(release, tmp_path, month, runtime):
    landmark, draw = release.landmark(month), random.Random(month)
    clean = [typed(landmark, draw, wrong=0) for _ in range(ROWS_N)]
    dirty = [typed(landmark, draw, wrong=0.15) for _ in range(ROWS_N)]
    lost = [{**row, draw.choice([*row]): None} for row in clean[:50]]
    rows = [*clean, *dirty, *lost]
    content = pmml_files(Coded(release))[f"score-{month}.pmml"]
    if runtime == "JPMML":
        found = by_jpmml(content, rows, tmp_path)
    else:
        found = by_pmml4s(unguarded(content) if "nothing" in runtime else content, rows)
    expected = [by_advice(release, month, row) for row in rows]
    for row, own, theirs in zip(rows, expected, found, strict=True):
        assert theirs is None or (own is not None and theirs[:3] == own[:3])
        for place, reason in enumerate(theirs[3] if theirs else ()):
            assert sorted(own[3].values(), reverse=True)[place] == own[3][reason.removesuffix(".no_answer")]
            asked = {
                question.id
                for item in landmark.items
                if item.id == reason.removesuffix(".no_answer")
                for question in item.questions
            }
            assert reason.endswith(".no_answer") == all(row[one] == NO_ANSWER for one in asked)
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
    assert b"<Value" not in bare and bare.count(b"asIs") > 5
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
    [found] = by_pmml4s(pmml_files(Coded(read))["score-0.pmml"], [row])
    assert found[:3] == by_advice(read, 0, row)[:3] and found[1] == is_unusual


def test_the_file_holds_its_texts_as_texts_and_is_the_same_twice():
    hostile = "\"><script>alert(1)</script>&lt;![CDATA[ ]]> <!-- \n\t'--"
    made = copy.deepcopy(release_example.candidate())
    made["landmarks"][0]["items"][0]["text"] = {"sv": hostile, "en": hostile}
    made["landmarks"][0]["items"][0]["levels"][0]["text"] = {"sv": hostile, "en": hostile}
    made |= {"population": {"sv": hostile, "en": hostile}, "forbidden_uses": [{"sv": hostile, "en": hostile}]}
    [content] = pmml_files(Coded(opened(made))).values()
    assert content == pmml_files(Coded(opened(copy.deepcopy(made))))["score-0.pmml"]
    tame = pmml_files(Coded(opened(release_example.candidate())))["score-0.pmml"]
    root, plain = ElementTree.fromstring(content), ElementTree.fromstring(tame)
    assert {one.tag for one in root.iter()} == {one.tag for one in plain.iter()}
    said = [text for one in root.iter() for text in (one.text or "", *one.attrib.values()) if "script" in text]
    assert len(said) == 4 and set(said) == {"\"><script>alert(1)</script>&lt;![CDATA[ ]]> <!-- '--"}


def test_a_number_that_stands_for_no_answer_is_no_code(release):
    codes = {question.id: [*scored_codes(release, question)] for question in release.landmark().questions}
    assert codes["children"] == ["0", "1", "2", "3", "4", "5", "6", "8", "10", "11", "12", "no_answer"]
    assert codes["income"] == [str(10 * step) for step in range(31)] + ["no_answer"]
    assert "7" not in codes["rate"] and codes["rate"][:4] == ["-0.3", "-0.2", "-0.1", "0"]
