"""The kit: what it tries, that every door of ours gives what it says, and what `conform` finds in others' results."""

import copy
import json
import os
import subprocess
import sys
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from kit_doors import (
    REFUSED,
    UNKNOWN,
    advised,
    by_advice,
    by_expression,
    by_model,
    by_pmml,
    by_sql,
    by_table,
    engine,
    fits,
    is_read,
    is_text,
    refused_rows,
    said,
    unread,
)
from kit_release import kit_release
from opened import opened

from riskmodel.exports.coded import Coded
from riskmodel.exports.kit import (
    FIELDS,
    KIT_FILE,
    REFUSED_FOR,
    TABLE_FIELDS,
    code_cases,
    kit_cases,
    kit_files,
    read_kit,
)
from riskmodel.ground.files import canonical_json

MONTHS = (0, 3, 5)
TESTS = Path(__file__).parents[2]
AGAIN = """
import json, pathlib, sys
from opened import opened
from riskmodel.exports.kit import KIT_FILE, kit_files
from riskmodel.exports.coded import Coded
release = opened(json.loads((pathlib.Path(sys.argv[1]) / "release.json").read_text("utf-8")))
sys.stdout.buffer.write(kit_files(Coded(release))[KIT_FILE])
"""
OTHER = {**os.environ, "PYTHONHASHSEED": "7"}  # sets have another order there
pytestmark = pytest.mark.filterwarnings("ignore")  # MLflow's own


@cache
def kit():
    return kit_cases(kit_release())


def lines_of(month):
    return [line for line in kit() if line["month"] == month]


def test_the_file_is_the_same_each_time_and_says_what_it_holds(tmp_path):
    content = kit_files(Coded(kit_release()))[KIT_FILE]
    (tmp_path / "release.json").write_bytes(canonical_json(kit_release().raw))
    again = subprocess.run(
        [sys.executable, "-c", AGAIN, tmp_path], capture_output=True, check=True, cwd=TESTS, env=OTHER
    )
    assert again.stdout == content and len(content) < 1_000_000
    head = json.loads(content.split(b"\n")[0])
    assert (head["format"], head["release"], head["cases"]) == (3, None, len(kit()))
    assert head["fields"].keys() == set(FIELDS) == kit()[0].keys() and [*head["refusals"]] == [*REFUSED_FOR]
    assert read_kit(content) == kit()
    assert len({line["case"] for line in kit()}) == len(kit())


@pytest.mark.parametrize("month", MONTHS)
def test_every_answer_and_every_refusal_is_tried(month):
    lines, landmark = lines_of(month), kit_release().landmark(month)
    assert len(lines) >= 500
    reasons = Counter(line["refusal"]["reason"] for line in lines if line["refusal"])
    assert {*reasons} >= {"unknown_item", "unknown_answer", "age", "route", "unanswered", "unusual"}
    assert month == 5 or reasons["out_of_range"] > 3
    told = Counter(line["answer"] for line in lines)
    assert min(told[one] for one in ("more_support", "borderline", "no_indication")) > 20
    read = [line for line in lines if is_read(line)]
    for question in landmark.questions:
        given = {line["code"][question.id] for line in read}
        typed = [line["answers"][question.id] for line in lines if question.id in line["answers"]]
        assert given >= {*question.routes} | ({*question.answers} if question.numbers is None else {None})
        assert {type(one) for one in typed} >= {str, bool, list, dict, float, type(None)}
        assert any(question.id not in line["answers"] for line in read)
    sums = {line["points"] for line in read}
    limits = landmark.thresholds
    assert sums >= {limits.flag - 1, limits.flag, *limits.band}
    for item in landmark.items:
        for one in item.answers if item.of else ():
            assert any(item.given(line["code"]) == one for line in read)


def test_a_case_has_points_where_its_table_has_and_an_unusual_one_no_risk():
    for line in kit():
        reason = line["refusal"] and line["refusal"]["reason"]
        if reason in (*UNKNOWN, "route", "age", "out_of_range"):
            assert line["points"] is line["risk"] is line["unusual"] is None
        else:  # of too few answers there is a sum, but where one is missing without which nobody was ever scored
            is_needed = line["month"] == 3 and line["code"]["so_far"] is None
            assert (line["points"] is None) == is_needed
            assert (line["risk"] is None) == (line["points"] is None or line["unusual"])
        assert (line["answer"] is None) == (reason in UNKNOWN)
        assert (line["code"] is None) == (reason == "unknown_item")
        assert (line["answer"] in (None, "too_little_information")) == (reason is not None)


@pytest.mark.parametrize("reason", ["research_only", "no_threshold"])
def test_a_release_that_gives_no_advice_refuses_every_case_that_can_be_read(reason):
    made = copy.deepcopy(kit_release().raw)
    made["landmarks"] = made["landmarks"][:1]
    made |= {"research_only": reason == "research_only"}
    if reason == "no_threshold":
        made["landmarks"][0]["thresholds"] |= {"flag": None, "band": None}
    read = [line for line in kit_cases(opened(made)) if is_read(line)]
    assert {line["refusal"]["reason"] for line in read} == {reason}
    assert {line["answer"] for line in read} == {"too_little_information"} and any(line["risk"] for line in read)


@pytest.mark.slow
def test_advise_says_what_the_kit_says():
    lines = kit()
    assert by_advice(kit_release(), lines) == {line["case"]: advised(line) for line in lines}


@pytest.mark.slow
@pytest.mark.parametrize("month", MONTHS)
def test_a_table_gives_what_the_kit_says_and_refuses_what_it_refuses(month, tmp_path):
    release = kit_release()
    lines = [line for line in lines_of(month) if is_text(release, line)]
    assert by_table(release, lines, tmp_path) == {line["case"]: said(line) for line in lines if is_read(line)}
    odd, counted = unread(lines)
    assert refused_rows(release, odd, tmp_path) == counted


@pytest.mark.slow
@pytest.mark.parametrize("name", ["duckdb", "postgresql"])
def test_sql_gives_what_the_kit_says_to_codes(name, tmp_path):
    with engine(name, tmp_path) as run:
        for month in MONTHS:
            lines = lines_of(month)
            questions = kit_release().landmark(month).questions
            found = by_sql(kit_release(), lines, run)
            kept = [line for line in lines if fits(questions, line)]
            assert found == {line["case"]: {name: line[name] for name in TABLE_FIELDS} for line in kept}
            assert len(kept) > 400
            if name == "postgresql":
                lines = [line for line in lines[::3] if is_text(kit_release(), line)]
                wanted = {line["case"]: said(line) for line in lines if is_read(line)}
                assert by_expression(kit_release(), lines, run) == wanted


@pytest.mark.slow
@pytest.mark.parametrize("month", MONTHS)
def test_mlflows_model_gives_what_the_kit_says(month):
    lines = lines_of(month)
    found = by_model(kit_release(), lines)
    assert found == {line["case"]: said(line) for line in lines} and REFUSED in found.values()


@pytest.mark.slow
@pytest.mark.parametrize("month", MONTHS)
def test_pmml_gives_what_the_kit_says_to_codes_and_no_number_where_it_refuses(month):
    lines = lines_of(month)
    assert by_pmml(kit_release(), lines) == {
        line["case"]: {name: line[name] for name in TABLE_FIELDS} for line in code_cases(lines)
    }
