"""A summary leaves under the rule of a release: a line in the ledger, and nothing near anything that left before."""

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest
import release_example
from release_example import TODAY
from test_release_people import answered_otherwise, change, check, replaced, without

from riskmodel.ground.errors import GateError, SettingsError
from riskmodel.ground.files import sha256_of_file
from riskmodel.ground.settings import Knots
from riskmodel.publish.apart import FEWEST_APART
from riskmodel.publish.summaries import write_summary
from riskmodel.release.ledger import read_ledger
from riskmodel.release.town_summary import read_summary

pytestmark = pytest.mark.slow


def settings(**cohort):
    chosen = release_example.settings()
    numbers = [item for item in release_example.INSTRUMENT.predictors(0) if item.kind == "number"]
    knots = tuple(Knots(item.id, (item.minimum + 1, item.minimum + 5, item.minimum + 9)) for item in numbers)
    return replace(chosen, model=replace(chosen.model, knots_at=knots), cohort=replace(chosen.cohort, **cohort))


def write(workspace, name="lerum.json", **cohort):
    out = workspace.root / name
    made = write_summary(workspace, settings(**cohort), release_example.INSTRUMENT, out=out, name="Ada", today=TODAY)
    return made, out


def test_a_summary_is_a_file_and_a_line(published):
    made, out = write(published)
    found, line = read_summary(out), read_ledger(published.releases)[-1]
    assert (line["event"], line["release"], line["by"]) == ("summarised", made, "Ada")
    assert line["summary_sha256"] == sha256_of_file(out)
    assert made == f"{TODAY.year}.S1"
    assert found.towns[0].code == release_example.INSTRUMENT.municipality_code
    assert "case" not in json.dumps(found.raw) and "person" not in json.dumps(found.raw)


@pytest.mark.parametrize("changed", [*(without(n) for n in (1, 2, 3, 99)), answered_otherwise(1), replaced(50, 49)])
def test_no_two_summaries_of_one_town_differ_by_a_few_people(approved, changed):
    _, out = write(approved)
    before, lines_n = out.read_bytes(), len(read_ledger(approved.releases))
    change(approved, changed)
    with pytest.raises(GateError, match=r"people lie between these cases and those of \d{4}.S1"):
        write(approved)
    assert out.read_bytes() == before and len(read_ledger(approved.releases)) == lines_n
    with pytest.raises(GateError, match="people lie between"):
        check(approved)  # nor does a release stand a few people beside a summary


def test_the_same_people_are_summarised_again_alike_and_a_hundred_others_anew(approved):
    first, out = write(approved)
    before = out.read_bytes()
    second, _ = write(approved)
    assert (first[-2:], second[-2:]) == ("S1", "S2") and out.read_bytes() == before
    change(approved, without(FEWEST_APART))
    write(approved)
    assert out.read_bytes() != before


def test_a_release_and_a_summary_may_be_of_the_same_people(published):
    write(published)
    check(published)


def test_few_cases_are_not_summarised(approved):
    change(approved, lambda cases, answers: (cases.iloc[:150].reset_index(drop=True), answers.iloc[:150]))
    with pytest.raises(GateError, match="A summary needs 100 of each"):
        write(approved)


def test_a_design_without_new_cases_of_its_own_has_none(approved):
    with pytest.raises(GateError, match="design"):
        write(approved, design="case_control")


def test_a_file_that_cannot_be_written_is_named_and_leaves_no_line(approved):
    before = read_ledger(approved.releases)
    (approved.root / "file").write_bytes(b"")  # and no folder
    with pytest.raises(SettingsError, match=r"^lerum.json: can't be written \(.+\)\. Name a file that can be\.$"):
        write(approved, name="file/lerum.json")
    assert read_ledger(approved.releases) == before


def test_no_summary_stays_that_the_ledger_does_not_tell_of(approved):
    before = read_ledger(approved.releases)
    yesteryear, out = date.fromisoformat(str(before[-1]["date"])) - timedelta(days=400), approved.root / "lerum.json"
    with pytest.raises(GateError, match="the clock of this machine"):
        write_summary(approved, settings(), release_example.INSTRUMENT, out=out, name="Ada", today=yesteryear)
    assert not out.exists() and read_ledger(approved.releases) == before
