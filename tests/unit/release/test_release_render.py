import csv
import io

import duckdb
import pytest

from riskmodel.release.arithmetic import risk_of, sum_of_points
from riskmodel.release.card import card
from riskmodel.release.changes import changes
from riskmodel.release.render import coefficients_csv, rendered_files, thresholds_csv

ITEMS = ("schooling", "housing", "support", "age")


def scored(release, answers_by_case):
    """score.sql on DuckDB: case id to (points, risk)."""
    connection = duckdb.connect()
    connection.execute("CREATE TABLE answers(case_id text, schooling text, housing text, support text, age integer)")
    rows = [[case_id, *(answers.get(item) for item in ITEMS)] for case_id, answers in answers_by_case.items()]
    connection.executemany("INSERT INTO answers VALUES (?, ?, ?, ?, ?)", rows)
    found = connection.execute(rendered_files(release)["score.sql"].decode()).fetchall()
    return {case_id: (points, risk) for case_id, points, risk in found}


def test_score_sql_gives_the_sums_and_risks_of_the_arithmetic(candidate):
    landmark = candidate["landmarks"][0]
    cases = {
        f"c{number}": {item: None if answer == "no_answer" else answer for item, answer in example["answers"].items()}
        for number, example in enumerate(candidate["examples"])
    }
    sums = {case_id: sum_of_points(landmark, answers) for case_id, answers in cases.items()}
    expected = {case_id: (points, risk_of(landmark, points)) for case_id, points in sums.items()}
    assert scored(candidate, cases) == expected


def test_score_sql_never_guesses(candidate):
    known = {"schooling": "primary", "housing": "own", "support": "no", "age": 30}
    unknown = {
        "a level nobody declared": {**known, "schooling": "doctorate"},
        "another spelling": {**known, "schooling": "Primary"},
        "an age outside the table": {**known, "age": 17},
        "a rule of its own": {**known, "housing": "care"},
    }
    assert set(scored(candidate, unknown).values()) == {(None, None)}
    blanks = {"null": {**known, "support": None}, "code": {**known, "support": "not_asked"}}
    assert scored(candidate, blanks)["null"] == scored(candidate, blanks)["code"] != (None, None)


def test_score_sql_survives_quotes_in_codes_and_names(candidate):
    item = candidate["landmarks"][0]["items"][0]
    item["levels"][0]["code"] = "o'level"
    expected = sum_of_points(candidate["landmarks"][0], {"schooling": "o'level"})
    assert scored(candidate, {"c": {"schooling": "o'level"}})["c"][0] == expected


def test_thresholds_csv_has_a_line_for_every_sum_and_the_answer_changes_at_flag_and_band(candidate):
    landmark = candidate["landmarks"][0]
    flag, band = landmark["thresholds"]["flag"], landmark["thresholds"]["band"]
    rows = {int(row["points"]): row for row in csv.DictReader(io.StringIO(thresholds_csv(candidate)))}
    assert len(rows) == len(landmark["risk"]["values"])
    assert float(rows[flag]["risk"]) == landmark["thresholds"]["threshold_prob"]
    assert [rows[points]["answer"] for points in (band[0] - 1, band[0], band[1], band[1] + 1)] == [
        "no_indication", "borderline", "borderline", "more_support"
    ]  # fmt: skip
    landmark["thresholds"].update(band=None)
    rows = {int(row["points"]): row for row in csv.DictReader(io.StringIO(thresholds_csv(candidate)))}
    assert (rows[flag - 1]["answer"], rows[flag]["answer"]) == ("no_indication", "more_support")
    landmark["thresholds"].update(flag=None, threshold_prob=None)
    assert {row["answer"] for row in csv.DictReader(io.StringIO(thresholds_csv(candidate)))} == {"none"}


def test_coefficients_csv_has_every_column_of_the_equation(candidate):
    rows = list(csv.DictReader(io.StringIO(coefficients_csv(candidate))))
    assert [row["column"] for row in rows] == candidate["landmarks"][0]["columns"]
    assert all(row["published"] for row in rows)
    assert {row["status"] for row in rows} == {"ok", "reference"}


def test_the_card_says_in_both_languages_what_it_may_never_be_used_for(candidate):
    text = card(candidate)
    assert "None" not in text
    assert "{" not in text
    for use in candidate["forbidden_uses"]:
        assert use["sv"] in text and use["en"] in text
    assert "Kandidat. Inte publicerad" in text and "Candidate. Not published" in text
    assert "| primary (en) |" in text and "egen regel, ingen poäng" in text


def test_the_card_shows_what_was_hidden_as_not_shown(candidate):
    measured = candidate["landmarks"][0]["thresholds"]["expected"]["ppv"]
    measured.update(estimate=None, low=None, high=None)
    assert "| Blev långvariga, av de flaggade | visas inte |  |" in card(candidate)


def test_the_card_of_a_release_without_flags_says_which_demands_clash(candidate):
    thresholds = candidate["landmarks"][0]["thresholds"]
    thresholds.update(flag=None, threshold_prob=None, band=None, expected=None, unmet=["harm_ratio", "ppv_floor"])
    candidate["landmarks"][0]["rejected_alternative"] = None
    assert "no flags. Demands that don't fit together: the harm ratio, the floor" in card(candidate)


@pytest.mark.parametrize("language", ["sv", "en"])
def test_the_card_prints_waivers(candidate, language):
    waiver = {"gate": "G8", "name": "Bo", "reason": "followed", "until": "2027-01-01", "column": "sex"}
    candidate["waivers"] = [waiver]
    words = {"sv": "Undantag från G8 sex: followed (Bo, till", "en": "Waiver of G8 sex: followed (Bo, until"}
    assert words[language] in card(candidate)


def test_changes_name_every_point_that_moved(candidate):
    before = {**candidate, "landmarks": [dict(candidate["landmarks"][0])], "provenance": dict(candidate["provenance"])}
    items = [dict(item) for item in candidate["landmarks"][0]["items"]]
    items[0] = {**items[0], "levels": [{**level, "points": level["points"] + 3} for level in items[0]["levels"]]}
    now = {**candidate, "landmarks": [{**candidate["landmarks"][0], "items": items[:3]}]}
    now["provenance"] = {**candidate["provenance"], "delivery_sha256": "e" * 64}
    text = changes(now, before)
    was = candidate["landmarks"][0]["items"][0]["levels"][0]["points"]
    assert f"- schooling: primary: {was} → {was + 3}\n" in text
    assert "- age 18: 0 → none\n" in text
    assert "housing" not in text
    assert "- delivery: changed\n" in text and "- instrument: the same\n" in text


def test_without_a_release_before_there_is_nothing_to_compare_with(candidate):
    assert "This is the first release" in changes(candidate, None)
    assert "No answer's points have changed." in changes(candidate, candidate)
