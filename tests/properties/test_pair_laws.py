"""Whatever points a pair's table has: one case's advice, score.sql and a table's expression find the same in it."""

import copy
import tempfile
from pathlib import Path
from typing import Any

import pytest
import release_example
from four_doors import by_advice, by_model, by_sql, by_table
from hypothesis import given, settings
from hypothesis import strategies as st
from opened import opened

from riskmodel.publish.examples import made_examples
from riskmodel.release.consistency import check_examples, read_candidate
from riskmodel.release.json_record import read_record
from riskmodel.release.record import Release

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]  # MLflow's own

PAIR = ("schooling", "housing")
SILENT = (None, "no_answer", "not_asked", "not_observed")
ANSWERS = {
    "schooling": st.sampled_from([*SILENT, "primary", "secondary", "tertiary"]),
    "housing": st.sampled_from([*SILENT, "own", "rented", "none", "care"]),
    "support": st.sampled_from([None, "no", "yes"]),
    "age": st.sampled_from([None, 17, 18, 40, 64, 65]),
}


def with_points(points: list[int], blank: int) -> dict[str, Any]:
    """A candidate with a pair whose levels have these `points`, first to last, and no answer to either `blank`."""
    made = copy.deepcopy(release_example.candidate(PAIR))
    landmark = made["landmarks"][0]
    made["abstention"]["max_unanswered_share"] = 1
    pair = landmark["items"][0]
    for level, own in zip(pair["levels"], points, strict=True):
        level["points"] = own
    pair |= {"no_answer": pair["no_answer"] | {"points": blank}, "spread": max(points) - min(points)}
    first, values = landmark["risk"]["first"], landmark["risk"]["values"]
    landmark["risk"]["values"] = (values + [values[-1]] * 100)[:140]
    assert first == 0
    read = read_record(Release, made, where="release", level=3)
    made |= {"research_only": False, "equation_sha256": read.identity.equation}
    return made | {"examples": made_examples(opened(made), opened(made).landmark())}


@settings(max_examples=25)
@given(points=st.lists(st.integers(0, 60), min_size=19, max_size=19), blank=st.integers(0, 60), data=st.data())
def test_the_doors_find_the_same_points_from_two_answers(points: list[int], blank: int, data: st.DataObject) -> None:
    made = with_points(points, blank)
    check_examples(read_candidate(made))
    rows = data.draw(st.lists(st.fixed_dictionaries(ANSWERS), min_size=1, max_size=12))
    expected = by_advice(made, rows)
    assert [one[0] for one in expected] == [by_hand(made, row) for row in rows]
    assert by_sql(made, rows) == expected
    with tempfile.TemporaryDirectory() as folder:
        assert by_table(made, rows, Path(folder)) == expected
        assert by_table(made, rows, Path(folder), suffix=".csv") == expected
        assert by_model(made, rows, Path(folder)) == expected


def by_hand(made: dict[str, Any], row: dict[str, Any]) -> int | None:
    """The sum read off the tables in the file; none for a rule of its own and an age outside the limits."""
    pair, support, age = made["landmarks"][0]["items"]
    codes = ["no_answer" if row[name] in SILENT else row[name] for name in PAIR]
    if "care" in codes or row["age"] in (17, 65):
        return None
    table = {level["code"]: level["points"] for level in pair["levels"]}
    table["no_answer+no_answer"] = pair["no_answer"]["points"]
    said = {level["code"]: level["points"] for level in support["levels"]} | {None: support["no_answer"]["points"]}
    ages = age["numbers"]["points"]
    of_age = age["no_answer"]["points"] if row["age"] is None else ages[row["age"] - age["numbers"]["minimum"]]
    return int(table["+".join(codes)] + said[row["support"]] + of_age)
