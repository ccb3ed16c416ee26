"""What a new release may show beside the ones before it; exact counts (profile internal) unless said otherwise."""

import copy
from dataclasses import replace
from functools import cache

import pytest
import release_example
from opened import opened

from riskmodel.disclosure.earlier import (
    Compared,
    evidence_of,
    evidence_of_all,
    months_of,
    unsafe_counts_n,
    unsafe_tables,
)
from riskmodel.publish.evidence import disclosure_gate
from riskmodel.publish.propose import propose
from riskmodel.publish.withdraw import withdraw
from riskmodel.release.verify import published_releases

pytestmark = pytest.mark.slow

ORIGIN = {"delivery_sha256": "d" * 64}


def differencing_check(candidate, earlier):
    """How many counts of `candidate`, beside those of the releases `earlier`, tell of a handful: 0 is safe."""
    own = []
    unsafe_n = 0
    for month in months_of(candidate):
        evidence = evidence_of(candidate, month)
        unsafe_n += unsafe_counts_n(evidence, [*evidence_of_all(earlier, month), *own])
        own.append(evidence)
    return unsafe_n


def exact():
    settings = release_example.settings()
    return replace(settings, release=replace(settings.release, profile="internal"))


@cache
def first():
    return propose([release_example.year()], release_example.INSTRUMENT, exact(), origin=ORIGIN).raw


def as_published(release, *, release_id="2026.1", **fewer):
    """`release` as published on fewer people: how many events less in a group, and twice as many others less."""
    found = copy.deepcopy(release)
    evidence = found["evidence"]
    for row in evidence["measures"]:
        less = fewer.get("man", 0) + fewer.get("woman", 0) if row["scope"] == "overall" else fewer.get(row["group"], 0)
        row["n"] -= 3 * less
        row["events_n"] -= less
    evidence["robustness"]["held_out"] = []
    return found | {"publication": {"id": release_id}}


def second(*earlier):
    return propose(
        [release_example.year()],
        release_example.INSTRUMENT,
        exact(),
        origin=ORIGIN,
        earlier=[opened(one) for one in earlier],
    ).raw


def g9(release):
    return next(gate for gate in release["gates"] if gate["id"] == "G9")


def events(release):
    rows = release["evidence"]["measures"]
    return {row["group"]: row["events_n"] for row in rows if row["scope"] in ("overall", "sex")}


def test_the_first_release_is_held_against_nothing():
    assert g9(first())["evidence"] == {"profile": "internal", "small_cells_n": 0} | {
        "releases": [],
        "cells_n": 0,
        "hidden_n": 0,
        "unsafe_n": 0,
    }


def test_the_same_people_again_are_shown_the_same():
    again = second(as_published(first()))
    assert again["evidence"] == first()["evidence"]
    assert g9(again)["evidence"]["releases"] == ["2026.1"]
    assert g9(again)["evidence"]["hidden_n"] == 0 and g9(again)["passed"]


def test_three_more_men_are_not_told_by_two_releases():
    before = as_published(first(), man=3, woman=150, North=70, South=83, **{"2021": 50, "2022": 50, "2023": 53})
    assert differencing_check(first(), [before]) > 0  # undefended, the subtraction gives them away
    beside = second(before)
    assert differencing_check(beside, [before]) == 0
    assert events(first())["man"] == events(before)["man"] + 3
    assert events(beside)["man"] is None and events(beside)["woman"] is None
    assert events(beside)[""] == events(first())[""]  # 153 more in all are no secret
    found = g9(beside)["evidence"]
    assert found["hidden_n"] > 0 and found["cells_n"] > found["hidden_n"] and found["unsafe_n"] == 0


def test_where_everybody_is_a_handful_more_no_count_is_shown():
    beside = second(as_published(first(), man=3, North=3, **{"2021": 3}))
    evidence = beside["evidence"]
    counts = [evidence[name] for name in ("n", "events_n", "clusters_n")]
    counts += [evidence["validation_size"]["available_n"]]
    counts += [row["n"] for row in (*evidence["measures"], *evidence["fairness"], *evidence["robustness"]["held_out"])]
    assert set(counts) == {None}
    assert [row["estimate"] for row in evidence["measures"]] == [
        row["estimate"] for row in first()["evidence"]["measures"]
    ]
    assert g9(beside)["passed"]


def test_a_later_landmark_is_held_against_the_first():
    three = {**copy.deepcopy(first()["landmarks"][0]), "month": 3, "evidence": as_published(first(), man=3)["evidence"]}
    both = {**first(), "landmarks": [first()["landmarks"][0], three]}
    assert differencing_check(both, []) > differencing_check(first(), []) == 0
    assert evidence_of(both, 3)["n"] == three["evidence"]["n"]


def test_every_release_published_here_is_known_withdrawn_or_not(published):
    withdraw(published, "2026.1", reason="test", name="Ada", today=release_example.TODAY)
    releases = published.releases
    code = release_example.INSTRUMENT.municipality_code
    assert [one.published.id for one in published_releases(releases, municipality=code)] == ["2026.1"]
    assert published_releases(releases, municipality="0000") == []


def test_a_report_table_that_tells_of_a_handful_is_named():
    def counts(profile, *, closed):
        return {
            "profile": profile,
            "municipalities": ["9901"],
            "tables": {"flow": {"joined": [40, 9], "route": [closed, None]}},
        }

    for profile, told in (("internal", {"flow"}), ("public", set())):
        assert unsafe_tables(counts(profile, closed=30), [counts(profile, closed=25)]) == set()
        assert unsafe_tables(counts("internal", closed=29), [counts("internal", closed=25)]) == {"flow"}
        assert told == unsafe_tables(counts(profile, closed=34), [counts(profile, closed=30)])


def test_what_still_tells_of_a_handful_fails_the_gate():
    evidence = first()["evidence"]
    assert disclosure_gate(evidence, Compared(("2026.1",), 9, 2, 0), profile="internal").status == "passed"
    gate = disclosure_gate(evidence, Compared(("2026.1",), 9, 2, 1), profile="internal")
    assert gate.blocks and gate.evidence["releases"] == ["2026.1"] and gate.evidence["unsafe_n"] == 1


def test_flags_held_against_the_same_release_twice_hide_who_lies_between_the_thresholds():
    release = first()
    settings, before = exact(), {**copy.deepcopy(release), "publication": {"id": "2025.1"}}
    year, instrument = release_example.year(), release_example.INSTRUMENT
    year = release_example.judged_again(year, settings, opened(before))
    made = propose([year], instrument, settings, origin=ORIGIN).raw
    rows = made["evidence"]["flags_against"]["rows"]
    assert all(row["kept"] is not None for row in rows)
    moved = copy.deepcopy(made) | {"publication": {"id": "2026.1"}}
    for row in moved["evidence"]["flags_against"]["rows"]:
        if row["area"] in ("North", "total"):
            row.update(kept=row["kept"] - 2, unflagged=row["unflagged"] + 2)
    assert differencing_check(made, [moved]) > 0
    beside = propose([year], instrument, settings, origin=ORIGIN, earlier=[opened(moved)]).raw
    assert differencing_check(beside, [moved]) == 0
    north = next(row for row in beside["evidence"]["flags_against"]["rows"] if row["area"] == "North")
    assert north["kept"] is None and north["unflagged"] is None
