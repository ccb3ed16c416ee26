"""What must hold for every release and every case: one arithmetic, told as it is."""

import re
import tempfile
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st
from opened import opened

from riskmodel.advice import advice_json, advice_text, advise
from riskmodel.advice.engine import score_table
from riskmodel.instrument.records import NO_ANSWER, Condition, Contradiction, Text
from riskmodel.model import points as model_points
from riskmodel.model.record import ItemPoints, Points
from riskmodel.release.consistency import read_release
from riskmodel.release.item import Item
from riskmodel.release.json_record import read_record
from riskmodel.release.landmark import MORE_SUPPORT, NO_INDICATION

TODAY = date(2026, 11, 21)
POINTS = st.integers(0, 12)


def text(name: str) -> dict[str, str]:
    return {"sv": f"{name} (sv)", "en": f"{name} (en)"}


@st.composite
def items(draw: st.DrawFn, number: int) -> dict[str, Any]:
    made: dict[str, Any] = {
        "id": f"item_{number}",
        "text": text(f"item {number}"),
        "part": "phone",
        "life_area": "work",
    }
    made |= {"grounds": [], "justification": "", "changeable": draw(st.booleans()), "mean_points": draw(POINTS)}
    if draw(st.booleans()):
        points = [0, *draw(st.lists(POINTS, min_size=1, max_size=4))]
        levels = [
            {
                "code": f"level_{place}",
                "text": text(f"level {place}"),
                "aliases": [f"L{place}"],
                "points": own,
                "row": [],
            }
            for place, own in enumerate(points)
        ]
        made |= {"kind": "level", "levels": [level | {"route": False} for level in levels]}
    else:
        points, first = draw(st.lists(POINTS, min_size=1, max_size=6)), draw(st.integers(-2, 20))
        about = {"minimum": first, "maximum": first + len(points) - 1, "unit": None, "derive": None}
        made |= {"kind": "number", "numbers": about | {"points": points, "rows": [[] for _ in points]}}
    blank = draw(st.integers(min(points), max(points)))
    return made | {"no_answer": {"points": blank, "row": []}, "spread": max(points) - min(points)}


@st.composite
def releases(draw: st.DrawFn) -> dict[str, Any]:
    made = [draw(items(number)) for number in range(draw(st.integers(1, 5)))]
    ranges = [read_record(Item, item, where="item", level=1).points_range() for item in made]
    lowest, highest = (sum(ends) for ends in zip(*ranges, strict=True))
    sums = range(lowest, highest + 1)
    flag = draw(st.sampled_from(sums))
    band = draw(st.sampled_from([None, [max(lowest, flag - 2), flag + 1]]))
    landmark = {
        "month": 0,
        "items": made,
        "columns": ["intercept"],
        "covariance": [[0.01]],
        "offset": -1.0,
        "per_point": 0.0693,
        "risk": {"first": lowest, "values": [round(0.1 + 0.8 * n / len(sums), 6) for n in range(len(sums))]},
        "thresholds": {"flag": flag, "band": band, "threshold_prob": 0.4, "expected": {}},
        "rejected_alternative": {},
        "leverage_limit": 1.0,
        "coefficients": [{"column": "intercept"}],
    }
    note = text("note")
    release = {
        "format": 1,
        "municipalities": [{"code": "9900", "name": "Exempelstad"}],
        "outcome": {"name": "over_ten_of_twelve", "text": note},
        **dict.fromkeys(("population", "regime"), note),
        **dict.fromkeys(("forbidden_uses", "permitted_uses"), [note]),
        **{"research_only": False, "landmarks": [landmark], "policy": {}, "policy_sha256": "0" * 64},
        "abstention": {"max_unanswered_share": draw(st.sampled_from([0.0, 0.25, 1.0])), "min_age": 18, "max_age": 64},
        **{"no_answer": ["-"], "life_areas": {"work": note}, "evidence": {}, "gates": [], "provenance": {}},
        "parts": [{"id": "phone", "month": 0, "text": note, "who": note}],
        "examples": [{"answers": {}, "sum": 0, "risk": 0.5}],
    }
    read_release(release)
    return release


def answer_to(item: dict[str, Any]) -> st.SearchStrategy:
    blank = st.sampled_from([None, "", "-"])
    if item["kind"] == "number":
        return blank | st.integers(item["numbers"]["minimum"], item["numbers"]["maximum"])
    written = [
        spelled for level in item["levels"] for spelled in (level["code"], level["aliases"][0], level["text"]["sv"])
    ]
    return blank | st.sampled_from(written)


@st.composite
def cases(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, Any]]:
    release = draw(releases())
    return release, {item["id"]: draw(answer_to(item)) for item in release["landmarks"][0]["items"]}


def canonical(release: dict[str, Any], answers: dict[str, Any]) -> dict[str, Any]:
    codes = {
        (item["id"], spelled): level["code"]
        for item in release["landmarks"][0]["items"]
        for level in item.get("levels", [])
        for spelled in (level["code"], level["aliases"][0], level["text"]["sv"])
    }
    return {
        name: None if given in (None, "", "-") else codes.get((name, given), given) for name, given in answers.items()
    }


@given(cases())
def test_the_points_in_every_rendering_sum_to_the_published_score(case):
    release, answers = case
    advice = advise(opened(release), answers, today=TODAY)
    if advice.score is None:
        return
    landmark = opened(release).landmark()
    points = landmark.sum_of_points(canonical(release, answers))
    assert advice.score.points == points
    assert advice.score.risk == landmark.risk_of(points)
    assert 0 < advice.score.low <= advice.score.high < 1
    assert sum(entry["points"] for entry in advice_json(advice)["score"]["contributions"]) == points
    for language, heading, total in (
        ("sv", "Så räknades poängen", "Summa"),
        ("en", "How the points were added up", "Sum"),
    ):
        block = advice_text(advice, language, is_long=True).split(f"{heading}\n")[1].split("\n\n")[0].split("\n")
        told = [int(re.search(r": (\d+) (?:poäng|points?)$", line)[1]) for line in block]
        assert len(told) == len(landmark.items) + 1 and block[-1].startswith(total)
        assert sum(told[:-1]) == told[-1] == points


@given(cases())
def test_too_little_information_never_looks_like_a_low_risk(case):
    release, answers = case
    advice = advise(opened(release), answers, today=TODAY)
    assert (advice.abstention is not None and advice.abstention.reason == "unusual") == (advice.unusual is not None)
    assert (advice.score is None) == (advice.answer == "too_little_information") == (advice.abstention is not None)
    if advice.score is None:
        for language in ("sv", "en"):
            told = advice_text(advice, language)
            assert not re.search("(?i)av 100|of 100", told)
            is_begun = advice.so_far is not None and advice.so_far.is_begun  # points so far stand beside their range
            assert bool(re.search(r"\d (poäng|points?)", told)) == (advice.unusual is not None or is_begun)
            assert bool(re.search(r"mellan \d+ och \d|between \d+ and \d", told)) == is_begun


@given(cases(), st.data())
def test_whatever_is_answered_next_the_sum_stays_in_the_range_and_reaches_its_ends(case, data):
    release, answers = case
    read, told = opened(release).landmark(), canonical(release, answers)
    found = advise(opened(release), answers, today=TODAY).so_far
    if found is None:
        return
    blank = [item for item in read.items if told[item.id] is None]
    drawn = {item.id: data.draw(st.sampled_from(list(item.answers))) for item in blank}
    assert found.lowest <= read.sum_of_points({**told, **drawn}) <= found.highest
    for best, end in ((min, found.lowest), (max, found.highest)):
        at_end = {item.id: best(item.answers, key=item.points_of) for item in blank}
        assert read.sum_of_points({**told, **at_end}) == end
    assert found.points == sum(item.points_of(told[item.id]) for item in read.items if item not in blank)


@given(cases(), st.data())
def test_more_points_never_lead_from_more_support_to_no_indication(case, data):
    release, answers = case
    release["abstention"]["max_unanswered_share"] = 1.0
    item = data.draw(st.sampled_from(release["landmarks"][0]["items"]))
    one = advise(opened(release), answers, today=TODAY)
    other = advise(opened(release), answers | {item["id"]: data.draw(answer_to(item))}, today=TODAY)
    fewer, more = sorted((one, other), key=lambda advice: advice.score.points)
    assert (fewer.answer, more.answer) != (MORE_SUPPORT, NO_INDICATION)
    assert fewer.score.risk <= more.score.risk


@given(cases())
def test_a_blank_decides_exactly_when_an_answer_to_it_gives_another_advice(case):
    release, answers = case
    read = opened(release)
    advice = advise(read, answers, today=TODAY)
    if advice.score is None:
        return
    answer_at = read.landmark().thresholds.answer_at
    for item in read.landmark().items:
        if canonical(release, answers)[item.id] is None:
            rest = advice.score.points - item.no_answer.points
            sums = [
                rest + answer.points
                for code, answer in item.answers.items()
                if item.derive != "age" or 18 <= code <= 64
            ]
            can_differ = any(answer_at(one) != advice.answer for one in sums)
            assert can_differ == (item.id in {entry.item for entry in advice.deciding})


@given(cases(), st.data())
def test_a_contradiction_is_told_when_every_condition_holds_and_changes_nothing_else(case, data):
    release, answers = case
    read, told = opened(release), canonical(release, answers)
    conditions = []
    for question in read.landmark().questions:
        allowed = data.draw(st.lists(st.sampled_from(list(question.answers)), min_size=1, unique=True))
        ends = {"first": min(allowed), "last": max(allowed)} if question.numbers else {"answers": tuple(allowed)}
        conditions.append(Condition(question.id, **ends))
    clash = Contradiction(Text("sv", "en"), tuple(conditions))
    advice, plain = (advise(each, answers, today=TODAY) for each in (replace(read, contradictions=(clash,)), read))
    holds = all(one.holds(told[one.item]) for one in conditions)
    assert advice.contradictions == ((clash,) if holds else ())
    assert replace(advice, contradictions=()) == plain


@given(cases())
def test_a_reason_is_a_given_answer_and_points_one_way(case):
    release, answers = case
    score = advise(opened(release), answers, today=TODAY).score
    if score is None:
        return
    raising, lowering = ({entry.item for entry in entries} for entries in (score.raising, score.lowering))
    assert not raising & lowering
    for entry in (*score.raising, *score.lowering, *score.changeable):
        assert canonical(release, answers)[entry.item] is not None


def fitted_sums(landmark: dict[str, Any], answers_by_case: list[dict[str, Any]]) -> list[int]:
    """The same points from the table as the fitted model holds it."""
    tables = []
    for item in landmark["items"]:
        numbers = item.get("numbers", {"minimum": None, "points": []})
        by_code = {level["code"]: level["points"] for level in item.get("levels", [])}
        by_code[NO_ANSWER] = item["no_answer"]["points"]
        tables.append(ItemPoints(item["id"], by_code, numbers["minimum"], tuple(numbers["points"]), 0.0))
    columns = {
        item["id"]: pd.Series([answers[item["id"]] for answers in answers_by_case], dtype="float64")
        if item["kind"] == "number"
        else [answers[item["id"]] or NO_ANSWER for answers in answers_by_case]
        for item in landmark["items"]
    }
    return model_points.sum_of_points(pd.DataFrame(columns), Points(tuple(tables), 0.0, 0.07)).tolist()


@settings(max_examples=15)
@given(releases(), st.data())
def test_a_table_gets_the_same_points_as_its_cases_one_by_one(release, data):
    landmark = release["landmarks"][0]
    rows = data.draw(st.lists(st.tuples(*map(answer_to, landmark["items"])), min_size=1, max_size=8))
    answers_by_case = [dict(zip([item["id"] for item in landmark["items"]], row, strict=True)) for row in rows]
    table = pd.DataFrame(
        [{name: None if one is None else str(one) for name, one in row.items()} for row in answers_by_case]
    )
    table = table.assign(case_id=[f"c{number}" for number in range(len(rows))])
    with tempfile.TemporaryDirectory() as folder:
        source, out = Path(folder) / "answers.parquet", Path(folder) / "scores.parquet"
        table.to_parquet(source)
        score_table(opened(release), source, out, purpose="evaluation")
        scored = pd.read_parquet(out)
    table_of_points = opened(release).landmark()
    alone = [table_of_points.sum_of_points(canonical(release, answers)) for answers in answers_by_case]
    assert (
        scored["points"].tolist()
        == alone
        == fitted_sums(landmark, [canonical(release, one) for one in answers_by_case])
    )
    assert scored["risk"].tolist() == [table_of_points.risk_of(points) for points in alone]
