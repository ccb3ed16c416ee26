"""From two releases nobody can be read: the same people, or at least a hundred apart."""

import json
import os
import stat
from dataclasses import replace

import pandas as pd
import pytest
import release_example
from release_example import TODAY

from riskmodel.cohort.record import Cohort, load_cohort, write_cohort
from riskmodel.ground.errors import GateError
from riskmodel.publish.apart import FEWEST_APART, People, check_apart, people_of
from riskmodel.publish.books import read_books
from riskmodel.publish.protocol import freeze_protocol
from riskmodel.publish.publish import publish
from riskmodel.release.standing import PUBLISHED

pytestmark = pytest.mark.slow

KEY = b"0" * 64


def check(workspace):
    check_apart(read_books(workspace))


def change(workspace, changed, *, month=0):
    """Lay another cohort in the project: `changed` takes cases and answers to what they shall be."""
    cohort = load_cohort(workspace.cohort(month))
    cases, answers = changed(cohort.cases, cohort.answers)
    write_cohort(Cohort(cases, answers, cohort.flow, cohort.summary), workspace.cohort(month))


def without(n):
    return lambda cases, answers: (cases.iloc[n:].reset_index(drop=True), answers.iloc[n:])


def replaced(left_n, new_n):
    """The first `left_n` leave, and `new_n` of those are there again as other people."""

    def changed(cases, answers):
        others = cases.iloc[:new_n].assign(person_id=[f"n{place}" for place in range(new_n)])
        kept = pd.concat([others, cases.iloc[left_n:]], ignore_index=True)
        return kept, pd.concat([answers.iloc[:new_n], answers.iloc[left_n:]])

    return changed


def answered_otherwise(n):
    def changed(cases, answers):
        sex = answers["sex"].to_numpy().copy()
        sex[:n] = ["man" if one == "woman" else "woman" for one in sex[:n]]
        return cases, answers.assign(sex=sex)

    return changed


def known_later(n, *, last):
    return lambda cases, answers: (cases.assign(known_month=[last + (at < n) for at in range(len(cases))]), answers)


@pytest.mark.parametrize(
    "changed",
    [
        *(without(n) for n in (1, 2, 3, 7, 50, FEWEST_APART - 1)),
        *(answered_otherwise(n) for n in (1, 99)),
        replaced(1, 0),
        replaced(50, 49),  # 50 out and 49 in
    ],
)
def test_fewer_than_a_hundred_people_apart_stop_protocol_and_publication(published, changed):
    change(published, changed)
    with pytest.raises(GateError, match="people lie between these cases and those of 2026.1"):
        check(published)
    with pytest.raises(GateError, match="enters with the next release"):
        freeze_protocol(published, release_example.settings(), release_example.INSTRUMENT, name="Ada", today=TODAY)


@pytest.mark.parametrize(
    "changed",
    [without(0), without(FEWEST_APART), replaced(50, 50), answered_otherwise(FEWEST_APART), replaced(400, 400)],
)
def test_the_same_people_or_a_hundred_others_may_stand_beside_each_other(published, changed):
    change(published, changed)
    check(published)


def test_whom_nobody_fitted_counts_apart_from_the_fitted():
    # 150 people came who are not fitted, and one of those fitted left: the equation tells about that one
    fitted = {str(place): "x" for place in range(300)}
    before = People({**fitted}, fitted)
    came = {f"n{place}": "x" for place in range(150)}
    now = People({**fitted, **came}, {person: known for person, known in fitted.items() if person != "7"})
    assert now.apart_n(before) == 1
    assert before.apart_n(before) == 0


def test_every_earlier_release_counts_not_only_the_last(published):
    for number in (2, 3):
        record = published.local / "people" / "2026.1.json"
        (published.local / "people" / f"2026.{number}.json").write_bytes(record.read_bytes())
    kept = json.loads((published.local / "people" / "2026.1.json").read_bytes())
    line = next(event for event in read_books(published).events if event["event"] == PUBLISHED)
    assert line["release"] == "2026.1"
    gone = list(kept["months"]["0"]["everybody"])[0]
    for group in ("everybody", "fitted"):
        del kept["months"]["0"][group][gone]
    (published.local / "people" / "2026.1.json").write_text(json.dumps(kept), encoding="utf-8")
    books = read_books(published)
    younger = [{**line, "release": f"2026.{number}"} for number in (2, 3)]  # the same people as now
    with pytest.raises(GateError, match="2026.1"):
        check_apart(replace(books, events=[*books.events, *younger]))


def test_another_municipality_is_not_compared_with(published):
    change(published, without(1))
    books = read_books(published)
    events = [{**event, "municipalities": ["0001"]} if "municipalities" in event else event for event in books.events]
    check_apart(replace(books, events=events))


@pytest.mark.parametrize("lost", ["record", "key", "damaged"])
def test_a_lost_record_is_no_permission(published, lost):
    record = published.local / "people" / "2026.1.json"
    if lost == "record":
        record.unlink()
    elif lost == "key":
        (published.local / "key").unlink()
    else:
        record.write_text("{", encoding="utf-8")
    with pytest.raises(GateError, match="only 0 people came after it"):
        check(published)
    # a hundred whose outcome became known after the earlier release's data can't have been in it
    last = release_example.year().cohort.summary["data_window"]["last_register_month"]
    change(published, known_later(100, last=last))
    check(published)
    change(published, known_later(99, last=last))
    with pytest.raises(GateError, match="only 99 people"):
        check(published)


def test_without_the_cohort_nothing_is_published(approved):
    (approved.cohort(0) / "cases.parquet").unlink()
    with pytest.raises(GateError, match="1 cohort"):
        publish(approved, release_example.settings(), name="Ada Alm", today=TODAY)
    assert not (approved.releases / "2026.1").exists()


@pytest.mark.skipif(os.name != "posix", reason="modes of files are POSIX'")
def test_what_is_kept_is_its_owners_alone_and_names_nobody(published):
    for path in [published.local, *published.local.rglob("*")]:
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600)
    kept = (published.local / "people" / "2026.1.json").read_text(encoding="utf-8")
    assert not any(person in kept for person in release_example.year().cohort.cases["person_id"].head(50))


def test_digests_follow_what_is_known_of_a_person_and_the_key_alone():
    cohort = release_example.year().cohort
    once = people_of(cohort, KEY)
    others = cohort.cases.assign(weight=0.5, cluster_id=cohort.cases["cluster_id"] + 7)
    assert people_of(Cohort(others, cohort.answers, cohort.flow, cohort.summary), KEY) == once
    assert people_of(cohort, b"1" * 64).everybody.keys().isdisjoint(once.everybody)
    turned = cohort.cases.iloc[::-1], cohort.answers.iloc[::-1]
    assert people_of(Cohort(turned[0].reset_index(drop=True), turned[1], cohort.flow, cohort.summary), KEY) == once
