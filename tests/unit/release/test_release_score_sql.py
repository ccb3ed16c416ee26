"""The very bytes of score.sql, on DuckDB and on a real PostgreSQL, against the one arithmetic."""

import copy
import csv
import io
import os
import random
from pathlib import Path

import duckdb
import pytest
import release_example
from opened import opened, opened_table
from postgres_server import running_server, server_programs

from riskmodel.exports.coded import Coded
from riskmodel.exports.score_sql import score_files, score_sql
from riskmodel.ground.errors import BundleError
from riskmodel.release.answers import read_answers
from riskmodel.release.bundle import load_release_file
from riskmodel.release.item import UNANSWERED, is_unanswered
from riskmodel.release.landmark import RARITY_LIMIT

RELEASES = Path(__file__).parents[3] / "models" / "releases"
ROWS_N, ODD_SHARE = 300, 0.02
UNKNOWN_TEXTS = ("", " ", "NULL", "nobody declared this", "0")
STRANGE_CODES = ("o'level", 'say "no"', "åäö ÅÄÖ", "a;b -- c", r"back\slash\'", ":code", "{x} %s $1", "tab\tand\nline")


@pytest.fixture(scope="module")
def postgres():
    programs = server_programs() if os.name == "posix" else None
    if programs is None:
        pytest.skip("no PostgreSQL server here: install Debian's package postgresql")
    with running_server(programs) as server:
        yield server


@pytest.fixture(params=["duckdb", pytest.param("postgresql", marks=pytest.mark.slow)])
def engine(request, tmp_path):
    """A function of an SQL file's bytes and the cases to score: case id to what it gives."""
    if request.param == "duckdb":
        return on_duckdb
    server = request.getfixturevalue("postgres")
    return lambda sql, landmark, cases: on_postgres(server, tmp_path, sql, landmark, cases)


def on_duckdb(sql, landmark, cases):
    with duckdb.connect() as connection:
        connection.execute(table_of(landmark, cases))
        found = connection.execute(sql.decode())
        assert [column[0] for column in found.description] == ["case_id", *given_by(landmark)]
        return {case_id: tuple(row) for case_id, *row in found.fetchall()}


def on_postgres(server, folder, sql, landmark, cases):
    table, scored = folder / "table.sql", folder / "score.sql"
    table.write_bytes(table_of(landmark, cases).encode())
    scored.write_bytes(sql)
    header, *rows = csv.reader(io.StringIO(server.psql(table, scored)))
    assert header == ["case_id", *given_by(landmark)]
    # PostgreSQL prints as many digits as tell a double from its neighbours
    kinds = (int, float, {"t": True, "f": False}.get)
    return {case_id: tuple(kind(one) if one else None for kind, one in zip(kinds, row, strict=False))
            for case_id, *row in rows}  # fmt: skip


def given_by(landmark):
    return ["points", "risk", *([] if "covariance" in landmark else ["unusual"])]


def table_of(landmark, cases):
    """The table answers as SQL, its columns as the release declares them."""
    kinds = {None: "text", 1: "integer", 0.1: "double precision"}
    items = [(item["id"], kinds[item.get("numbers", {"scale": None}).get("scale", 1)]) for item in asked(landmark)]
    columns = ", ".join(f"{name(item_id)} {kind}" for item_id, kind in [("case_id", "text"), *items])
    rows = [
        f"({', '.join(literal(value) for value in (case_id, *(answers.get(item_id) for item_id, _ in items)))})"
        for case_id, answers in cases.items()
    ]
    return f"CREATE TEMPORARY TABLE answers({columns});\nINSERT INTO answers VALUES {', '.join(rows)};\n"


def asked(landmark):
    """The questions of a table, of a pair both."""
    return [question for item in landmark["items"] for question in item.get("of", [item])]


def name(column):
    return '"' + column.replace('"', '""') + '"'


def literal(value):
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    return "NULL" if value is None else str(value)


def by_arithmetic(release, landmark, cases):
    read, table = opened(release), opened_table(landmark)
    return {case_id: arithmetic(read, table, answers) for case_id, answers in cases.items()}


def arithmetic(release, table, answers):
    ages = [item.id for item in table.items if item.derive == "age"]
    limits = range(release.abstention.min_age, release.abstention.max_age + 1)
    nothing = (None,) * len(given_by(table.raw))
    if any(answers[age] not in (None, *limits) for age in ages):
        return nothing
    needed = [item.id for item in table.items if item.derive == "receipts_so_far"]  # nobody was ever scored without
    if any(is_unanswered(answers[months]) for months in needed):
        return nothing
    read = read_answers(release, table, {key: value for key, value in answers.items() if isinstance(value, float)})
    try:
        answers = {**answers, **{key: read[key] for key in read if read[key] is not None}}
        points = table.sum_of_points(answers)
    except BundleError:
        return nothing
    if table.rarity is None:
        return points, table.risk_of(points)
    unusual = table.rarity.of_case(table.items, answers) > RARITY_LIMIT
    return points, None if unusual else table.risk_of(points), unusual


def many_cases(landmark, *, seed):
    """Every answer of every item among random others, blanks, and now and then what no release knows."""
    draw = random.Random(seed)
    cases = {f"c{number}": drawn(landmark, draw) for number in range(ROWS_N)}
    for item in asked(landmark):
        for place, answer in enumerate(answers_of(item)):
            cases[f"{item['id']} {place}"] = {**drawn(landmark, draw, odd_share=0), item["id"]: answer}
    return cases


def drawn(landmark, draw, *, odd_share=ODD_SHARE):
    return {
        item["id"]: draw.choice(odd_answers(item) if draw.random() < odd_share else answers_of(item))
        for item in asked(landmark)
    }


def answers_of(item):
    if item["kind"] == "number":
        return [None, *range(item["numbers"]["minimum"], item["numbers"]["maximum"] + 1)]
    return [*UNANSWERED, *(level["code"] for level in item["levels"] if not level["route"])]


def odd_answers(item):
    if item["kind"] == "number":
        return [item["numbers"]["minimum"] - 1, item["numbers"]["maximum"] + 1, -(2**31), 2**31 - 1]
    codes = [level["code"] for level in item["levels"]]
    spelled = [way for code in codes for way in (code.swapcase(), f" {code}", f"{code} ") if way not in codes]
    return [*UNKNOWN_TEXTS, *spelled, *(level["code"] for level in item["levels"] if level["route"])]


def with_later_table(candidate):
    """The candidate with another table, for month 3: other points, and risks with every digit of a double."""
    later = copy.deepcopy(candidate["landmarks"][0])
    draw = random.Random(7)
    later |= {"month": 3, "items": later["items"][::-1]}
    later["risk"]["values"] = sorted(draw.random() * draw.choice([1, 1e-5]) for _ in later["risk"]["values"])
    later["risk"]["values"][:2], later["risk"]["values"][-1] = [0, 1.5e-300], 1
    return {**candidate, "landmarks": [*candidate["landmarks"], later]}


@pytest.mark.parametrize(("month", "pairs"), [(0, ()), (3, ()), (3, (("schooling", "housing"),))])
def test_every_table_gives_the_sums_and_risks_of_the_arithmetic(engine, month, pairs):
    release = with_later_table(release_example.candidate(*pairs))
    landmark = release["landmarks"][0 if month == 0 else 1]
    cases = many_cases(landmark, seed=month)
    expected = by_arithmetic(release, landmark, cases)
    unusual_n = {kind: sum(unusual is kind for _, _, unusual in expected.values()) for kind in (None, True, False)}
    assert unusual_n[None] > 10 and unusual_n[True] > 3 and unusual_n[False] > 200
    sql = score_files(Coded(opened(release)))["score.sql" if month == 0 else "score_month_3.sql"]
    assert engine(sql, landmark, cases) == expected


def test_the_examples_of_a_release_get_their_own_numbers(candidate, engine):
    landmark = candidate["landmarks"][0]
    answers = {str(place): example["answers"] for place, example in enumerate(candidate["examples"])}
    cases = {
        case_id: {item: None if answer == "no_answer" else answer for item, answer in given.items()}
        for case_id, given in answers.items()
    }
    expected = by_arithmetic(candidate, landmark, cases)
    found = [(example["sum"], example["risk"]) for example in candidate["examples"]]  # the risk of the sum
    assert [(points, None if unusual else risk, unusual) for (points, risk), (_, _, unusual) in
            zip(found, expected.values(), strict=True)] == [*expected.values()]  # fmt: skip
    assert engine(score_files(Coded(opened(candidate)))["score.sql"], landmark, cases) == expected


@pytest.mark.parametrize(
    "path", sorted(RELEASES.glob("*/score*.sql")), ids=lambda path: f"{path.parent.name}-{path.stem}"
)
def test_what_is_published_runs_as_it_stands(path, engine):
    release = load_release_file(path.parent / "release.json").raw
    month = int(path.stem.removeprefix("score").removeprefix("_month_") or 0)
    landmark = next(table for table in release["landmarks"] if table["month"] == month)
    cases = many_cases(landmark, seed=1)
    assert engine(path.read_bytes(), landmark, cases) == by_arithmetic(release, landmark, cases)


def test_an_unknown_answer_gives_nothing_and_a_blank_the_points_of_no_answer(candidate, engine):
    landmark, sql = candidate["landmarks"][0], score_files(Coded(opened(candidate)))["score.sql"]
    known = {"schooling": "primary", "housing": "own", "support": "no", "age": 30}
    unknown = {
        "a level nobody declared": {**known, "schooling": "doctorate"},
        "another spelling": {**known, "schooling": "Primary"},
        "an age outside the table": {**known, "age": 17},
        "a rule of its own": {**known, "housing": "care"},
    }
    assert set(engine(sql, landmark, unknown).values()) == {(None, None, None)}
    blanks = {str(code): {**known, "support": code} for code in UNANSWERED}
    (found,) = set(engine(sql, landmark, blanks).values())
    assert found == arithmetic(opened(candidate), opened_table(landmark), {**known, "support": None})


def test_ages_outside_the_limits_codes_for_no_answer_and_amounts(candidate, engine):
    landmark = candidate["landmarks"][0]
    candidate["abstention"] |= {"min_age": 30, "max_age": 40}
    base = {key: value for key, value in landmark["items"][0].items() if key != "levels"}
    numbers = {
        "minimum": -5,
        "maximum": 20,
        "unit": None,
        "derive": None,
        "points": list(range(26)),
        "errors": [0] * 26,
    }
    for name, scale in (("children", 1), ("income", 0.1)):
        entry = {**base, "id": name, "kind": "number", "no_answer_texts": ["9", "4,5"], "numbers": numbers}
        landmark["items"].append({**entry, "numbers": {**numbers, "scale": scale}})
    landmark["risk"] = {"first": -100, "values": [place / 500 for place in range(500)]}
    known = {"schooling": "primary", "housing": "own", "support": "no", "age": 35, "children": 1, "income": 0.0}
    cases = {f"age {age}": {**known, "age": age} for age in (None, 18, 29, 30, 40, 41, 64)}
    cases |= {f"income {amount}": {**known, "income": amount} for amount in (step / 2 for step in range(-130, 420))}
    sql = score_files(Coded(opened(candidate)))["score.sql"]
    expected = by_arithmetic(candidate, landmark, cases)
    read, table = opened(candidate), opened_table(landmark)
    blank = arithmetic(read, table, {**known, "children": None})
    expected |= {"code": blank, "amount's code": arithmetic(read, table, {**known, "income": None})}
    cases |= {"code": {**known, "children": 9}, "amount's code": {**known, "income": 4.5}}
    expected |= {f"income {amount}": expected["amount's code"] for amount in (4.5, 9.0)}
    assert engine(sql, landmark, cases) == expected
    # four ages; -55 and what is below it (halves go to the even step, -6), and what is above 205 (20.5 steps go to 20)
    assert sum(points is None for points, *_ in expected.values()) == 4 + 21 + 9


def test_no_name_code_or_text_gets_out_of_its_quotes(candidate, engine):
    landmark = candidate["landmarks"][0]
    landmark["items"] = [one for one in landmark["items"] if one["kind"] != "number"]
    for item, strange in zip(landmark["items"], ('o\'brien "x"', "Åldern på hushållet", "select"), strict=True):
        item["id"] = strange
        item["levels"] = [{**item["levels"][0], "code": code, "points": place, "route": False}
                          for place, code in enumerate(STRANGE_CODES)]  # fmt: skip
    landmark["risk"] = {"first": 0, "values": [place / 70 for place in range(71)]}
    title = "Ö\nDROP TABLE answers; --\rDROP TABLE answers;\u2028{title}"
    sql = score_sql(opened(candidate), opened_table(landmark), title=title, notes=["why\n\\! false\n;"]).encode()
    cases = many_cases(landmark, seed=2)
    assert engine(sql, landmark, cases) == by_arithmetic(candidate, landmark, cases)
