"""One case by `advise`, a table by `score`, SQL by score.sql and MLflow's model: the same sum, or none of them one."""

import copy
import random
from dataclasses import replace
from functools import cache
from itertools import product

import numpy as np
import pyarrow as pa
import pytest
import release_example
from four_doors import NONE, by_advice, by_model, by_sql, by_table, frame
from opened import opened

from riskmodel.advice import advise
from riskmodel.advice.engine import score_table
from riskmodel.extracts.answers import Question, coded_answers
from riskmodel.extracts.text_table import TextColumn, TextTable
from riskmodel.ground.errors import BundleError, SurveyDataError
from riskmodel.ground.files import tidy
from riskmodel.instrument.records import Item, Text
from riskmodel.publish import compose
from riskmodel.publish.examples import made_examples
from riskmodel.publish.render import rendered_files
from riskmodel.release.consistency import check_examples, read_candidate, read_release
from riskmodel.release.json_record import read_record
from riskmodel.release.record import Release

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]  # MLflow's own

CODES = ["9", "99", "-1", "-99", "1234567", "9999999999"]
AMOUNT_CODES = ["999", "40,5", "-9", "10000000", "99999999999"]
NUMBERS = {  # item: what is in its table, and what means no answer to it
    "children": ({"minimum": 0, "maximum": 12, "derive": None, "scale": 1}, CODES),
    "income": ({"minimum": 0, "maximum": 30, "derive": None, "scale": 0.1}, AMOUNT_CODES),
    "rate": ({"minimum": -3, "maximum": 20, "derive": None, "scale": 10}, []),
    "earlier_months": ({"minimum": 0, "maximum": 24, "derive": "earlier_months", "scale": 1}, []),
}
ERRORS = (0, 0.2, 0.4, 0.63)
ROWS_N = 400


@pytest.fixture
def release():
    return copy.deepcopy(whole())


@cache
def whole():
    """A candidate with every kind of number: ages outside the limits in its table, amounts, codes for no answer."""
    candidate = copy.deepcopy(release_example.candidate())
    landmark, draw = candidate["landmarks"][0], random.Random(3)
    for name, (numbers, texts) in NUMBERS.items():
        points = [draw.randrange(9) for _ in range(numbers["minimum"], numbers["maximum"] + 1)]
        table = {**numbers, "unit": None, "points": points, "errors": [draw.choice(ERRORS) for _ in points]}
        about = {"id": name, "kind": "number", "no_answer_texts": texts, "numbers": table}
        base = {key: value for key, value in landmark["items"][0].items() if key != "levels"}
        landmark["items"].append({**base, **about, "no_answer": {"points": draw.randrange(9), "error": 0}})
    landmark["items"][0]["no_answer_texts"] = ["Minns ej"]
    first, values = landmark["risk"]["first"], landmark["risk"]["values"]
    landmark["risk"] = {"first": first, "values": [*values, *tidy(np.linspace(values[-1], 1, 40).tolist())]}
    landmark["unusual_variance"] = 0.5
    candidate["no_answer"] += ["7", "18", "9999999", "123456789"]
    candidate["abstention"] = {"max_unanswered_share": 1, "min_age": 21, "max_age": 60}
    return sealed(candidate)


def sealed(release):
    release["examples"] = made_examples(opened(release), opened(release).landmark())
    release["equation_sha256"] = opened(release).identity.equation
    read_candidate(release)
    check_examples(opened(release))
    return release


def drawn(release, draw):
    """Answers as score.sql takes them, too: codes, whole numbers, amounts; some in no range, some for no answer."""
    answers = {}
    for item in release["landmarks"][0]["items"]:
        blank = draw.random() < 0.1
        if item["kind"] != "number":
            codes = [level["code"] for level in item["levels"]]
            answers[item["id"]] = None if blank else draw.choice([*codes, *codes, "no_answer"])
        elif item["id"] == "income":
            answers[item["id"]] = None if blank else draw.choice([draw.randrange(3100) / 10, 999.0, 40.5, 45.0, 305.0])
        elif item["id"] == "rate":
            answers[item["id"]] = None if blank else draw.choice([draw.randrange(-40, 220) / 100, 0.25, 0.35, 2.05])
        else:
            ends, coded = {"age": ((16, 70), 18), "children": ((-1, 13), 9)}.get(item["id"], ((0, 24), 7))
            answers[item["id"]] = None if blank else draw.choice([draw.randint(*ends), coded])
    return answers


def test_the_four_doors_agree_in_sum_or_in_giving_none(release, tmp_path):
    draw = random.Random(11)
    rows = [drawn(release, draw) for _ in range(ROWS_N)]
    expected = by_advice(release, rows)
    assert by_table(release, rows, tmp_path) == expected
    assert by_sql(release, rows) == expected
    assert by_model(release, rows, tmp_path) == expected
    unusual_n = {kind: sum(unusual is kind for _, _, unusual in expected) for kind in (True, False, None)}
    assert min(unusual_n.values()) > ROWS_N / 12
    assert {(points is None, risk is None, unusual) for points, risk, unusual in expected} == {
        *((True, True, None), (False, True, True), (False, False, False)),
    }


def test_a_case_at_the_limit_is_not_unusual_and_one_share_more_is_at_every_door(candidate, tmp_path):
    landmark = candidate["landmarks"][0] | {"mean_error": 0.4, "unusual_variance": 0.2}  # 8000 of 10,000 shares
    candidate["landmarks"] = [landmark]
    for item in landmark["items"]:
        levels = item.get("levels", [])
        for answer in (item["no_answer"], *levels):
            answer["error"] = 0
        item.get("numbers", {}).update(errors=[0] * 47)
    schooling, housing = landmark["items"][:2]
    schooling["levels"][0]["error"] = 0.2  # 2000
    housing["levels"][0]["error"], housing["levels"][1]["error"] = 0.005, 0.002  # 1, and so little that it is 0
    blank = {item["id"]: None for item in landmark["items"]}
    rows = [blank | {"schooling": "primary", "housing": home} for home in (None, "rented", "own")]
    candidate["abstention"] |= {"max_unanswered_share": 1}
    sealed(candidate)
    expected = by_advice(candidate, rows)
    assert [unusual for _, _, unusual in expected] == [False, False, True]
    assert by_table(candidate, rows, tmp_path) == by_model(candidate, rows, tmp_path) == expected
    assert by_sql(candidate, rows) == expected


SAID = [  # item, ways of writing one answer to it, and which
    ("children", ["99", 99, 99.0, "99,0", " 99 ", "9", 9, "7", 7], None),
    ("children", ["-1", -1, -1.0, "\u22121", " -1 ", -99, -99.0, "-99"], None),
    ("children", ["1234567", 1234567, 1234567.0, "9999999", 9999999, 9999999.0, 123456789.0], None),
    ("income", ["999", 999, 999.0, "40,5", 40.5], None),
    ("income", ["-9", -9, -9.0, "10000000", 10_000_000, 10_000_000.0, 9999999, 123456789], None),
    ("income", [99999999999, 99999999999.0, "99999999999"], None),
    ("income", ["44", 44, 44.0, "44,00", " 44 ", "44,9", 35.1], 40),
    ("income", [45, 45.0, "45"], 40),  # 4.5 steps: halves to even, as training rounds
    ("income", [55, "55,0"], 60),
    ("rate", ["1,26", 1.26, "1.3", 1.3], 1.3),
    ("earlier_months", [9, "9", 9.0], 9),  # nobody writes it, so no code stands for its absence
    ("earlier_months", [7, "7", 7.0], 7),
    ("schooling", ["minns EJ", "Minns ej"], None),
]
REST = {"schooling": "primary", "housing": "own", "support": "no", "age": 30, "children": 1, "income": 100}
REST |= {"rate": 0.5, "earlier_months": 3}


@pytest.fixture(scope="module")
def by_tables(tmp_path_factory):
    """What `score` says to all of `SAID`, by ending of the file, item, kind and spelling."""
    folder, found = tmp_path_factory.mktemp("tables"), {}
    for suffix, kind in product((".parquet", ".csv"), (str, int, float)):  # a column is of one kind
        rest = {name: kind(one) if isinstance(one, int) or kind is str else one for name, one in REST.items()}
        # a csv holds the text "-1.0", which training does not take for "-1" either
        asked = [(item, one) for item, given, _ in SAID for one in given if type(one) is kind]
        asked = [(item, one) for item, one in asked if suffix != ".csv" or kind is not float or one >= 0]
        rows = [{**rest, item: one} for item, one in asked]
        for (item, one), told in zip(asked, by_table(whole(), rows, folder, suffix=suffix), strict=True):
            found[suffix, item, kind, one] = told
    return found


@pytest.mark.parametrize(("item", "given", "meant"), SAID)
def test_a_text_and_a_number_say_the_same_at_every_door(release, tmp_path, by_tables, item, given, meant):
    [wanted] = by_advice(release, [{**REST, item: meant}])
    rows = [{**REST, item: one} for one in given]
    assert by_advice(release, rows) == [wanted] * len(rows)
    assert by_model(release, rows, tmp_path) == [wanted] * len(rows)
    in_parquet = [by_tables[".parquet", item, type(one), one] for one in given]
    in_csv = [by_tables.get((".csv", item, type(one), one), wanted) for one in given]
    assert in_parquet == in_csv == [wanted] * len(rows)
    numbers = [row for row in rows if not isinstance(row[item], str)]
    assert not numbers or by_sql(release, numbers) == [wanted] * len(numbers)


@pytest.mark.parametrize("age", [16, 20, 61, 64, "20", 20.0])
def test_an_age_outside_the_limits_gets_points_nowhere_though_the_table_has_it(release, tmp_path, age):
    row = {item["id"]: None for item in release["landmarks"][0]["items"]} | {"age": age}
    assert by_advice(release, [row]) == by_table(release, [row], tmp_path) == by_model(release, [row], tmp_path)
    assert by_model(release, [row], tmp_path) == by_sql(release, [row]) == [NONE]


def test_amounts_of_many_kinds_are_rounded_in_a_table_as_in_a_case(release, tmp_path, monkeypatch):
    blank = {item["id"]: None for item in release["landmarks"][0]["items"]}
    amounts = [*(step / 2 for step in range(-30, 640)), 999.0, 40.5, 1e-9, -0.0, 1e11, -1e11, None, float("nan")]
    rows = [{**blank, "income": one, "rate": one and one / 300} for one in amounts]
    assert by_table(release, rows, tmp_path) == by_advice(release, rows)
    monkeypatch.setattr("riskmodel.advice.table.MOST_DIFFERENT", 400)  # steps there may be, not amounts
    assert by_table(release, rows[:600], tmp_path) == by_advice(release, rows[:600])


@pytest.mark.parametrize(("item", "most"), [("children", 5000), ("age", 300), ("income", 300), ("earlier_months", 300)])
def test_any_number_of_numbers_out_of_range_has_no_score(release, tmp_path, monkeypatch, item, most):
    monkeypatch.setattr("riskmodel.advice.table.MOST_DIFFERENT", most)
    blank = {item["id"]: None for item in release["landmarks"][0]["items"]}
    rows = [{**blank, item: float(number) * (10 if item == "income" else 1)} for number in range(-most // 2, most)]
    rows += [{**blank, item: one} for one in (None, float("nan"), 1e9, 1234567.0, 9999999.0, -1.0, 99.0)]
    whole = [{**row, item: None if row[item] is None or row[item] != row[item] else int(row[item])} for row in rows]
    expected = by_advice(release, rows)
    assert expected.count(NONE) > most and len({*expected}) > 3
    assert by_table(release, rows, tmp_path) == by_table(release, whole, tmp_path) == expected
    assert by_sql(release, whole) == expected
    with pytest.raises(SurveyDataError, match=rf"{item}: 1 row\(s\) \(allowed"):
        by_table(release, [*rows, {**blank, item: float("inf") if item == "income" else 1.5}], tmp_path)


REFUSED = [("children", one) for one in ("1,000", "1\u00b2", "many", True, 1.5)]
REFUSED += [("income", one) for one in (1e12, -1e300, float("inf"), float("-inf"), "1 000", "1.000")]


@pytest.mark.parametrize(("item", "given"), REFUSED)
def test_what_advise_refuses_the_table_and_the_model_refuse(release, tmp_path, item, given):
    row = {item["id"]: None for item in release["landmarks"][0]["items"]} | {item: given}
    for door in (by_advice, lambda *known: by_table(*known, tmp_path), lambda *known: by_model(*known, tmp_path)):
        with pytest.raises(SurveyDataError, match=f"{item}: ") as refused:
            door(release, [row])
        assert str(given) not in str(refused.value).replace("1 row(s)", "")


def test_a_message_gives_the_limits_as_they_are_written(release):
    with pytest.raises(SurveyDataError, match=r"income: .* Allowed: numbers from 0 to 300, or no answer\.$"):
        advise(opened(release), {"income": "much"}, today=release_example.TODAY)
    with pytest.raises(SurveyDataError, match=r"rate: .* Allowed: numbers from -0\.3 to 2, or no answer\.$"):
        advise(opened(release), {"rate": "much"}, today=release_example.TODAY)


def test_card_and_advice_show_amounts_as_they_are_written(release):
    told = advise(opened(release), {"rate": 1.26}, today=release_example.TODAY)
    text = next(entry.answer for entry in (told.score or told.unusual).contributions if entry.item == "rate")
    assert (text.sv, text.en) == ("1,3", "1.3")
    card = rendered_files(opened(release))["card.md"].decode()
    assert "| -0,3" in card and "| -0.3" in card and "300 |" in card


def trained_alone(text, item, no_answer):
    table = TextTable(("N",), (TextColumn(pa.array([text]), np.arange(1)),), 2)
    years = np.zeros(1, dtype=np.int64)
    return coded_answers(table, [Question(item, "N")], no_answer=no_answer, years=years)["n"][0]


@pytest.mark.parametrize("scale", [1, 0.1, 10, 0.333, 0.1666666667])
def test_a_number_is_read_as_training_reads_it(release, scale):
    texts = ["9", "99", "7", "18", "12", " 12 ", "12,5", "12.0", "45", "55,0", "0,25", "0.35", "-3", "\u22123", "+4"]
    texts += ["x", "1\u00b2", "--3", "-1", "\u22121", "-1,0", "1.5", "4.5", "7,51", "58", "59"]
    silent, unwhole = ("9", "99", "-1"), ("12,5", "0,25", "0.35", "1.5", "4.5", "7,51")
    item = Item("n", Text("n", "n"), "number", "predictor", no_answer=silent, scale=scale, columns={"intake": "N"})
    shared = tuple(release["no_answer"])
    trained = [trained_alone(text, item, shared) for text in texts]  # in one column they would have to be of one form
    landmark = release["landmarks"][0]
    entry = next(one for one in landmark["items"] if one["id"] == "children")
    entry["no_answer_texts"] = list(silent)
    entry["numbers"] |= {"scale": scale, "minimum": -600, "points": list(range(1200)), "errors": [0] * 1200}
    entry["numbers"] |= {"maximum": 599}
    landmark["risk"] = {"first": -5000, "values": [0.5] * 10_000}
    read = opened(release)
    for text, number in zip(texts, trained, strict=True):
        if np.isinf(number) or (scale == 1 and text in unwhole):  # asked for whole, refused otherwise
            with pytest.raises(SurveyDataError):
                advise(read, {"children": text}, today=release_example.TODAY)
            continue
        advice = advise(read, {"children": text}, today=release_example.TODAY)
        points = next(one.points for one in advice.score.contributions if one.item == "children")
        assert points == (entry["no_answer"]["points"] if np.isnan(number) else int(number) + 600)


def test_a_release_says_what_its_instrument_says():
    made = release_example.candidate()
    assert [item["no_answer_texts"] for item in made["landmarks"][0]["items"]] == [[], [], [], []]
    year, instrument = release_example.year(), release_example.INSTRUMENT
    changed = [
        replace(item, no_answer=("Minns ej",), scale=10 if item.kind == "number" else 1) for item in instrument.items
    ]
    asked = replace(instrument, items=tuple(changed))
    items = compose.landmark_table(year.model, asked, month=0)["items"]
    assert [item["no_answer_texts"] for item in items] == [["Minns ej"]] * 4
    age = next(item for item in items if item["id"] == "age")
    assert age["numbers"]["scale"] == 1  # training takes years of birth as they are
    asked = replace(asked, items=tuple(replace(item, derive=None) for item in asked.items))
    items = compose.landmark_table(year.model, asked, month=0)["items"]
    assert next(item for item in items if item["id"] == "age")["numbers"]["scale"] == 10


def test_what_is_understood_otherwise_has_another_hash(release):
    items = release["landmarks"][0]["items"]
    before = opened(release).identity.equation
    hashes = {before, of(release, {**items[0], "no_answer_texts": []})}
    for name, change in (("children", {"no_answer_texts": []}), ("children", {"no_answer_texts": ["9"]})):
        hashes.add(of(release, {**next(item for item in items if item["id"] == name), **change}))
    income = next(item for item in items if item["id"] == "income")
    hashes.add(of(release, {**income, "numbers": {**income["numbers"], "scale": 0.2}}))
    assert len(hashes) == 5


def of(release, changed):
    items = [changed if item["id"] == changed["id"] else item for item in release["landmarks"][0]["items"]]
    changed_release = {**release, "landmarks": [{**release["landmarks"][0], "items": items}]}
    return read_record(Release, changed_release, where="release.json", level=3).identity.equation


BROKEN = {
    "an item that does not say what means nothing": lambda item: item.pop("no_answer_texts"),
    "a text that is none": lambda item: item.update(no_answer_texts=[9]),
    "a scale left out": lambda item: item["numbers"].pop("scale"),
    "no scale": lambda item: item["numbers"].update(scale=0),
    "a scale below none": lambda item: item["numbers"].update(scale=-1),
    "a scale beyond reckoning": lambda item: item["numbers"].update(scale=1e-320),
    "a scale for what nobody writes": lambda item: item["numbers"].update(derive="earlier_months", scale=10),
}


@pytest.mark.parametrize("change", BROKEN.values(), ids=BROKEN.keys())
def test_a_release_that_does_not_say_it_whole_is_refused(release, change):
    change(next(item for item in release["landmarks"][0]["items"] if item["id"] == "income"))
    with pytest.raises(BundleError, match="release.json: .*(no_answer_texts|scale)"):
        read_release(release)


def test_an_example_that_is_read_otherwise_is_noticed(release):
    income = next(item for item in release["landmarks"][0]["items"] if item["id"] == "income")
    income["numbers"]["scale"] = 0.2
    with pytest.raises(BundleError, match="does not give its own numbers|outside the published|not a whole number"):
        check_examples(opened(release))


def test_the_unusual_are_counted_apart_from_those_without_points(candidate, tmp_path):
    blank = {item["id"]: None for item in candidate["landmarks"][0]["items"]}
    known = {"schooling": "primary", "housing": "own", "support": "no", "age": 40}
    rows = [known] * 40 + [blank] * 30 + [{**known, "housing": "care"}] * 20
    frame(rows).assign(case_id=range(len(rows))).to_parquet(tmp_path / "answers.parquet")
    source, out = tmp_path / "answers.parquet", tmp_path / "scores.parquet"
    counts = score_table(opened(candidate), source, out, purpose="evaluation")["cases_by_risk"]
    assert list(counts)[-2:] == ["unusual", "not_scored"]
    assert counts["unusual"] == 30
