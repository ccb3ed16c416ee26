import copy
import json
import shutil
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from opened import opened
from points_alone import points_alone
from predicted import cohort_of
from typer.testing import CliRunner

from riskmodel.cli import app
from riskmodel.cohort.record import write_cohort
from riskmodel.ground.errors import BundleError
from riskmodel.ground.files import write_json
from riskmodel.ground.workspace import Workspace
from riskmodel.publish.changes import changes
from riskmodel.publish.diff import difference_text, flags_between, named_release, told
from riskmodel.publish.difference import difference
from riskmodel.release.bundle import load_release_file

PROJECT = Path(__file__).parents[3]
OLD = load_release_file(PROJECT / "models/releases/2026.1/release.json").raw


@pytest.fixture
def new():
    """What 2026.1 might have become: debts and age worth more, a question gone, a lower threshold."""
    release = copy.deepcopy(OLD)
    del release["publication"]
    table = release["landmarks"][0]
    level(table, "debts", "no")["points"] += 3
    item(table, "age")["numbers"]["points"][4:7] = [9, 9, 9]  # 22 to 24 years
    table["items"] = [one for one in table["items"] if one["id"] != "housing"]
    table["thresholds"] |= {"flag": 46, "threshold_prob": 0.372, "band": None}
    table["risk"]["values"][50] = 0.5
    table["offset"] += 0.25
    release["policy"]["capacity_share"] = 0.35
    release["provenance"]["delivery_sha256"] = "e" * 64
    return release


def item(table, name):
    return next(one for one in table["items"] if one["id"] == name)


def level(table, name, code):
    return next(one for one in item(table, name)["levels"] if one["code"] == code)


def test_every_kind_of_difference_is_found(new):
    found = told(difference(opened(OLD), opened(new)))
    assert (found["before"], found["now"], found["outcome"]) == ("2026.1", "candidate", None)
    by_answer = {(row["item"], row["answer"]): row for row in found["points"]}
    was = level(OLD["landmarks"][0], "debts", "no")["points"]
    assert by_answer["debts", "no"] == {
        "month": 0, "item": "debts", "answer": "no", "before": was, "now": was + 3, "change": "changed",
    }  # fmt: skip
    assert {answer for name, answer in by_answer if name == "age"} == {22, 23, 24}
    gone = [row for row in found["points"] if row["item"] == "housing"]
    assert len(gone) == len(item(OLD["landmarks"][0], "housing")["levels"]) + 1
    assert {(row["now"], row["change"]) for row in gone} == {(None, "removed")}
    assert {row["item"] for row in found["points"]} == {"debts", "age", "housing"}
    assert {
        row["change"] for row in told(difference(opened(new), opened(OLD)))["points"] if row["item"] == "housing"
    } == {"added"}
    assert found["thresholds"] == [
        {"month": 0, "name": "flag", "before": 48, "now": 46},
        {
            "month": 0,
            "name": "threshold_prob",
            "before": OLD["landmarks"][0]["thresholds"]["threshold_prob"],
            "now": 0.372,
        },
        {"month": 0, "name": "band", "before": [48, 49], "now": None},
    ]
    risks = {row["sum"]: (row["before"], row["now"]) for row in found["risks"]}
    assert list(risks) == list(range(0, 120, 10)) and risks[50][1] == 0.5
    assert risks[40][0] == risks[40][1] == OLD["landmarks"][0]["risk"]["values"][40]
    assert found["scale"][0]["now"] == pytest.approx(found["scale"][0]["before"] + 0.25)
    assert found["policy"] == [{"name": "capacity_share", "before": 0.3, "now": 0.35}]
    assert [words for words, same in found["origin"].items() if not same] == ["delivery"]
    assert (found["same_equation"], found["waivers"]) == (False, {"before": [], "now": []})
    assert json.loads(json.dumps(found, allow_nan=False)) == found


def test_what_is_demanded_under_a_name_that_is_a_text_of_the_card_is_told_by_its_name(new):
    new["policy"]["audit"] = 1  # the card's text of that name asks for numbers that no demand has
    assert "Demand on audit: none → 1" in changes(opened(new), opened(OLD))


def test_a_release_does_not_differ_from_itself():
    found = told(difference(opened(OLD), opened(OLD)))
    assert (found["points"], found["policy"], found["outcome"]) == ([], [], None)
    assert all(row["before"] == row["now"] for row in (*found["thresholds"], *found["risks"], *found["scale"]))
    assert found["same_equation"] and all(found["origin"].values())


def test_a_month_that_one_release_lacks_has_nothing_on_that_side(new):
    new["landmarks"].append({**copy.deepcopy(new["landmarks"][0]), "month": 3})
    found = told(difference(opened(OLD), opened(new)))
    later = [row for key in ("thresholds", "risks", "scale") for row in found[key] if row["month"] == 3]
    assert later and all(row["before"] is None for row in later)
    assert [row for row in found["points"] if row["month"] == 3] == []  # a new table is one line, not one an answer
    assert "\nAt month 3: a new table; its points stand in card.md.\n" in changes(opened(new), opened(OLD))
    assert "\nAt month 3: no table any more.\n" in changes(opened(OLD), opened(new))


def test_another_outcome_is_said_first(new):
    new["outcome"] = {"name": "national_year", "text": {"sv": "Ett annat", "en": "Another"}}
    found = difference(opened(OLD), opened(new))
    assert told(found)["outcome"]["now"] == {"sv": "Ett annat", "en": "Another"}
    assert "→ Ett annat" in difference_text(found, [], language="sv")
    new["outcome"] = OLD["outcome"] | {"text": {"sv": "Samma", "en": "The same, in other words"}}
    assert not difference(opened(OLD), opened(new)).another_outcome


@pytest.mark.parametrize(
    ("language", "lines"),
    [
        (
            "sv",
            (
                *(
                    "Ekvationen: inte som förut",
                    "\nGränser\n",
                    "\nPoäng som har ändrats\n",
                    "\nRisk vid en viss summa\n",
                ),
                *("\nSkala\n", "\nKommunens krav\n", "\nFlaggor per område\n", "\nUndantag\n  inga\n"),
                "\nUrsprung\n  uppgifterna som levererades: inte som förut\n",
                *("debts: Har du skulder hos Kronofogden?", "    Nej: 0 → 3", "    inget svar: "),
                *("  månad 0  gränsfall: 48–49 → saknas", "capacity_share: 0,300 → 0,350", "Kör `dvc repro`"),
            ),
        ),
        (
            "en",
            (
                *("Equation: changed", "\nThresholds\n", "\nPoints that moved\n", "\nRisk at a sum\n"),
                *("\nScale\n", "\nPolicy\n", "\nFlags, per area\n", "\nWaivers\n  none\n"),
                "\nOrigin\n  delivery: changed\n",
                *("debts: ", "    No: 0 → 3", "    no answer: "),
                *("  month 0  borderline: 48–49 → none", "capacity_share: 0.300 → 0.350", "Run `dvc repro`"),
            ),
        ),
    ],
)
def test_questions_and_answers_are_read_in_either_language(new, language, lines):
    text = difference_text(difference(opened(OLD), opened(new)), [], language=language)
    assert all(line in text for line in lines)
    assert text.startswith("2026.1 → candidate\n")


def test_numbers_that_moved_alike_share_a_line(new):
    ages = item(OLD["landmarks"][0], "age")["numbers"]["points"]
    assert ages[4:7] == [1, 1, 1]  # what the line below rests on
    text = difference_text(difference(opened(OLD), opened(new)), [], language="en")
    assert "    22–24: 1 → 9\n" in text


def workspace_with(tmp_path, new, *, cohort):
    workspace = Workspace(tmp_path)
    shutil.copytree(PROJECT / "models/releases", workspace.releases)
    shutil.copy(PROJECT / "params.toml", workspace.params)
    write_json(workspace.candidate / "release.json", new)
    if cohort:
        made = cohort_of(200)
        answers = pd.DataFrame({"debts": ["no"] * 120 + ["yes"] * 80}, index=made.answers.index)
        write_cohort(type(made)(made.cases.assign(area="A"), answers, made.flow, made.summary), workspace.cohort(0))
    return workspace


def test_flags_gained_and_lost_are_counted_on_this_projects_cases(tmp_path, new):
    old, workspace = copy.deepcopy(OLD), workspace_with(tmp_path, new, cohort=True)
    no, yes = (opened(old).landmark().sum_of_points({"debts": code}) for code in ("no", "yes"))
    assert yes > no  # 120 answer no, 80 yes, and nobody anything else
    old["landmarks"][0]["thresholds"]["flag"] = yes
    new["landmarks"][0]["thresholds"]["flag"] = opened(new).landmark().sum_of_points({"debts": "no"})
    (found,) = flags_between(difference(opened(old), opened(new)), workspace, profile="internal")
    assert found["month"] == 0
    counted = {"kept": 80, "gained": 120, "lost": 0, "unflagged": 0, "not_comparable": 0}
    assert found["rows"] == [{"area": "A", **counted}, {"area": "total", **counted}]
    text = difference_text(difference(opened(old), opened(new)), [found], language="en")
    assert "  month 0\n  | area | kept | gained |" in text and "  | A | 80 | 120 | 0 | 0 | 0 |" in text
    swedish = difference_text(difference(opened(old), opened(new)), [found], language="sv")
    assert "  månad 0\n  | område | kvar | nya |" in swedish and "  | hela kommunen | 80 | 120 |" in swedish
    (tmp_path / "data/processed/cohort/month_0/cases.parquet").unlink()
    assert flags_between(difference(opened(old), opened(new)), workspace, profile="internal") == []


def test_an_unknown_release_is_named_with_those_that_are_known(tmp_path, new):
    workspace = workspace_with(tmp_path, new, cohort=False)
    assert named_release(workspace, "2026.1").raw == OLD
    with pytest.raises(BundleError, match="Published: 2026.1, 2027.1. Name one of these"):
        named_release(workspace, "2025.9")
    with pytest.raises(BundleError, match="Published: none"):
        named_release(Workspace(tmp_path / "empty"), "2025.9")


def test_the_command_prints_text_or_json(tmp_path, monkeypatch):
    same = points_alone(OLD)
    workspace_with(tmp_path, same, cohort=False)
    monkeypatch.chdir(tmp_path)
    said = CliRunner().invoke(app, ["diff", "2026.1", "candidate", "--language", "en"])
    assert said.exit_code == 0 and "Points that moved\n  none\n" in said.stdout
    read = json.loads(CliRunner().invoke(app, ["diff", "2026.1", "candidate", "--json"]).stdout)
    assert read["points"] == read["flags"] == []
    unknown = CliRunner().invoke(app, ["diff", "2025.9", "candidate"])
    assert isinstance(unknown.exception, BundleError)


def test_what_stands_beside_the_advice_is_told_when_it_changes():
    folder = PROJECT / "models/releases/2027.1"
    now = load_release_file(folder / "release.json")
    (clash, *_), (first, *others) = now.contradictions, now.departures
    before = replace(now, contradictions=(), own_rating=None, departures=tuple(others))
    own = next(one.text for one in now.landmark(0).items if one.id == now.own_rating)
    found = difference(before, replace(now, contradictions=(clash,)))
    assert found.beside == (
        ("contradictions", "new", clash.text), ("own_rating", "new", own), ("departures", "new", first.text),
    )  # fmt: skip
    assert [row["change"] for row in told(difference(now, before))["beside"]].count("new") == 0
    line = f"- Skäl att gå emot rådet, nytt: {first.text.sv}"
    assert line in changes(now, before) and line[2:] in difference_text(found, [], language="sv")
    assert "Det som står bredvid rådet" not in changes(now, now)
