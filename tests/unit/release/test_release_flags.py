import numpy as np
import pandas as pd
import release_example
from opened import opened, opened_table

from riskmodel.assess.new_year.flags import disclosed_changes, flag_counts, flags, risks, sums
from riskmodel.publish.changes import changes
from riskmodel.publish.propose import propose
from riskmodel.release.verify import verify_release

LEVELS = {
    "id": "schooling",
    "kind": "level",
    "no_answer": {"points": 4},
    "levels": [
        {"code": "primary", "points": 9, "route": False},
        {"code": "tertiary", "points": 0, "route": False},
        {"code": "pension", "points": 9, "route": True},
    ],
}
NUMBER = {
    "id": "age",
    "kind": "number",
    "no_answer": {"points": 1},
    "numbers": {"minimum": 18, "maximum": 20, "points": [0, 2, 3]},
}


def table(flag, *items):
    return {"month": 0, "items": list(items), "thresholds": {"flag": flag}}


def test_flags_follow_the_sums_and_unknown_answers_have_none():
    answers = pd.DataFrame(
        {
            "schooling": ["primary", "primary", "no_answer", "pension", "doctorate", "tertiary"],
            "age": [18, 20, np.nan, 20, 20, 99],
        }
    )
    found = flags(opened_table(table(10, LEVELS, NUMBER)), answers)  # sums 9, 12, 5, unknown, unknown, unknown
    assert found.tolist()[:3] == [False, True, False]
    assert found.isna().tolist()[3:] == [True, True, True]
    assert flags(opened_table(table(None, LEVELS, NUMBER)), answers).tolist()[:3] == [False, False, False]


def test_sums_and_risks_are_those_of_the_published_table():
    answers = pd.DataFrame({"schooling": ["primary", "tertiary", "doctorate"], "age": [20, 18, 18]})
    risk = {"first": 0, "values": [place / 100 for place in range(13)]}
    landmark = opened_table({**table(10, LEVELS, NUMBER), "risk": risk})
    found = sums(landmark, answers)
    assert found.tolist()[:2] == [9 + 3, 0 + 0] and found.isna().tolist() == [False, False, True]
    assert risks(landmark, found).tolist()[:2] == [0.12, 0.0]
    assert risks(landmark, found).isna().tolist() == [False, False, True]


def test_a_question_that_is_no_longer_asked_has_no_answer():
    answers = pd.DataFrame({"age": [18, 20]})
    assert flags(opened_table(table(6, LEVELS, NUMBER)), answers).tolist() == [False, True]  # sums 4, 7


def test_gained_and_lost_flags_are_counted_per_area_and_small_counts_hidden():
    answers = pd.DataFrame(
        {"schooling": ["primary"] * 30 + ["no_answer"] * 20 + ["tertiary"] * 40 + ["doctorate"] * 10}
    )
    cases = pd.DataFrame({"area": ["North"] * 100})
    previous = opened({"landmarks": [table(9, LEVELS)], "publication": {"id": "2025.1"}})
    wider = {**LEVELS, "levels": [*LEVELS["levels"], {"code": "doctorate", "points": 0, "route": False}]}
    was, now = (flags(one, answers) for one in (previous.landmark(), opened_table(table(4, wider))))
    found = disclosed_changes(flag_counts(was, now, cases["area"]), "2025.1", profile="public")
    assert found == {
        "release": "2025.1",
        "rows": [
            {"area": "North", "kept": 30, "gained": 20, "lost": 0, "unflagged": 40, "not_comparable": 10},
            {"area": "total", "kept": 30, "gained": 20, "lost": 0, "unflagged": 40, "not_comparable": 10},
        ],
    }
    few = flag_counts(was[27:60], now[27:60], cases["area"][:33])
    assert disclosed_changes(few, "2025.1", profile="public")["rows"][0]["kept"] is None  # three people


def test_a_candidate_compared_with_the_release_before_says_so(published):
    before = verify_release(published.releases, "2026.1", today=release_example.TODAY)
    settings = release_example.settings()
    year = release_example.judged_again(release_example.year(), settings, before)
    made = propose([year], release_example.INSTRUMENT, settings, origin=ORIGIN)
    rows = made.raw["evidence"]["flags_against"]["rows"]
    assert [row["area"] for row in rows] == ["North", "South", "total"]
    assert rows[-1]["gained"] == rows[-1]["lost"] == rows[-1]["not_comparable"] == 0
    assert rows[-1]["kept"] + rows[-1]["unflagged"] == len(release_example.year().cohort.cases)
    assert "## Flags, per area" in changes(opened(made), opened(before))
    assert "## Flags" not in changes(made, opened({**before.raw, "publication": {"id": "2025.9"}}))


ORIGIN = {"delivery_sha256": "d" * 64}
