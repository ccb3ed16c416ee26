"""`riskmodel check`: what it lets through no stage stops, what it tells is narrow and tells of nobody."""

import dataclasses
import json
import random
from importlib import import_module

import pytest
import typer
from damaged_kinds import KINDS
from damaged_town import Town, instrument_text, town, write_town
from pipeline.years import changed
from run_on import PEOPLE_N, run_on, small_settings
from village import village_instrument

from riskmodel.disclosure import PROFILES
from riskmodel.ground.choices import ExplainedAlarm
from riskmodel.ground.errors import GateError, SurveyDataError
from riskmodel.ground.settings import AcceptedNote
from riskmodel.ground.text import Text
from riskmodel.ground.words import LANGUAGES, NO_BREAK
from riskmodel.ground.workspace import Workspace
from riskmodel.preview.lines import WIDTH, lines_of
from riskmodel.preview.make import Choices, preview
from riskmodel.preview.record import Preview, Shortfall

command = import_module("riskmodel.cli.deliveries")
TRIED = 8  # of the kinds, evenly; benchmarks/damaged_deliveries.py takes all of them, often


@pytest.mark.slow
def test_what_check_lets_through_no_later_stage_stops():
    kinds = [*KINDS][:: len(KINDS) // TRIED]
    found = [*run_on(len(kinds), seed=7, kinds=kinds)]
    assert [(one.kind, one.seed, one.refused) for one in found if one.refused] == []
    assert sum(one.was_run for one in found) >= len(found) // 3


@pytest.fixture(scope="module")
def delivered(tmp_path_factory) -> tuple[Choices, Town, Preview]:
    root = tmp_path_factory.mktemp("town")
    made = town(random.Random(5), letter=True, people_n=PEOPLE_N)
    (root / "delivery").mkdir()
    write_town(made, root / "delivery")
    choices = Choices(village_instrument(root, instrument_text(made)), small_settings(), Workspace(root))
    return choices, made, preview(root / "delivery", choices)


def test_it_tells_headings_years_landmarks_and_what_is_out_of_reach(delivered):
    _, made, found = delivered
    assert {row["source"]: row["unused"] for row in found.headings} == dict.fromkeys(made.cells, ["Anm"])
    assert [row["rows_n"] for row in found.files if row["source"] == "intake"] == [PEOPLE_N]
    assert {row["year"] for row in found.cases} <= {2019, 2020, 2021, 2022}
    assert all(0 < row["linked_share"] <= 1 for row in found.cases if row["linked_share"] is not None)
    assert [one.month for one in found.landmarks] == [0] and found.landmarks[0].years == [2021]
    # nobody has said that the sources may be used, and 300 people are too few for any model
    assert {"G2", "G4"} <= {one.gate for one in found.against} and not found.is_usable


def test_trees_that_know_too_much_stop_it_as_they_stop_the_run(delivered):
    choices, *_ = delivered
    because = ExplainedAlarm("auc", "", "Bo Ek, chef", "Frågan avgör mycket, och den är besvarad i tid.")
    settings = changed(choices.settings, alarm={"auc": 0.0, "explained": (because,)})
    found = preview(choices.workspace.root / "delivery", dataclasses.replace(choices, settings=settings))
    assert "leak alarm: 1 not explained: comparator_auc (" in str(found.refused)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_line_is_narrow_and_the_verdict_is_the_last(delivered, language):
    choices, _, found = delivered
    long = dataclasses.replace(
        found,
        files=[*found.files, {"file": f"{'Å' * 200}\n\x1b[2J.csv", "source": "survey", "rows_n": None}],
        headings=[{"source": "survey", "used": ["a"], "unused": [f"{'fråga ' * 30}{n}" for n in range(500)]}],
        held=GateError(Text("en mening. " * 30, "one sentence. " * 30)),
    )
    for one in (found, long):
        lines = [*lines_of(one, language, choices.instrument)]
        assert [line for line in lines[:-1] if len(line) > WIDTH] == []
        assert all(line.replace(NO_BREAK, "").isprintable() for line in lines)
        assert lines[-1].startswith({"sv": "Användbar: inte än, för att ", "en": "Usable: not yet, because "}[language])
    yes = [*lines_of(Preview("public"), language, choices.instrument)]
    assert yes == [{"sv": "Användbar: ja", "en": "Usable: yes"}[language]]


def test_an_accepted_note_that_is_called_like_nothing_is_told(delivered):
    choices, *_ = delivered
    accepted = (AcceptedNote("intake: Anm: nothing", "Anna Berg, analytiker", "2026-02-01"),)
    named = dataclasses.replace(choices.settings.delivery, accepted=accepted)
    settings = dataclasses.replace(choices.settings, delivery=named)
    found = preview(choices.workspace.root / "delivery", dataclasses.replace(choices, settings=settings))
    told = " ".join(" ".join(lines_of(found, "en", choices.instrument)).split())
    assert len(found.unmet) == 1 and "delivery.accepted in params.toml, 'intake: Anm: nothing': no note" in told


def test_an_explanation_that_meets_no_alarm_is_told_when_its_alarms_are_known(delivered):
    choices, *_ = delivered
    signed = ("", "Bo Ek, chef", "Frågan avgör mycket, och den är besvarad i tid.")
    dead = tuple(ExplainedAlarm(name, *signed, 2021) for name in ("event_rate", "auc_rise", "comparator_auc"))
    drift = ExplainedAlarm("year_drift_level", *signed, 2021)  # which the whole run alone looks for

    def told(**alarm):
        settings = changed(choices.settings, alarm=alarm)
        return preview(choices.workspace.root / "delivery", dataclasses.replace(choices, settings=settings))

    found = told(explained=(*dead, drift))
    assert [one.partition('alarm = "')[2].partition('"')[0] for one in found.as_dict()["unmet"]] == [
        "event_rate",
        "auc_rise",
        "comparator_auc",
    ]
    assert found.refused is None
    stopped = told(explained=(*dead, drift), auc=0.0)  # of what comes after nobody knows
    assert stopped.refused and len(stopped.unmet) == 1


def test_what_is_waived_does_not_stand_against_it():
    waived = Shortfall("G8", 0, "no_groups", {}, waived=True)
    assert Preview("public", shortfalls=[waived]).is_usable
    assert not Preview("public", shortfalls=[dataclasses.replace(waived, waived=False)]).is_usable
    assert not Preview("public", refused="why").is_usable and not Preview("public", held="why").is_usable


@pytest.mark.parametrize("profile", PROFILES)
def test_no_small_count_is_told(delivered, profile):
    choices, *_ = delivered
    settings = dataclasses.replace(
        choices.settings, release=dataclasses.replace(choices.settings.release, profile=profile)
    )
    found = preview(choices.workspace.root / "delivery", dataclasses.replace(choices, settings=settings))
    counts = [
        *counts_in({**found.as_dict(), "shortfalls": [one.numbers for one in found.shortfalls if one.gate != "G8"]})
    ]
    assert len(counts) > 15 and min(n for n in counts if n) > PROFILES[profile].hidden_up_to


def counts_in(told):
    """Every whole number that counts somebody or something of theirs."""
    if isinstance(told, dict):
        for key, value in told.items():
            if isinstance(value, int) and (key == "n" or key.endswith("_n")) and key not in ("columns_n", "accepted_n"):
                yield value
            else:
                yield from counts_in(value)
    elif isinstance(told, list | tuple):
        for one in told:
            yield from counts_in(one)


def test_the_command_takes_its_paths_from_the_settings_and_ends_as_the_stage_would(delivered, monkeypatch, capsys):
    choices, *_ = delivered
    root = choices.workspace.root
    own = dataclasses.replace(choices.settings.delivery, path="delivery", instrument="village.toml")
    monkeypatch.setattr(command, "WORKSPACE", choices.workspace)
    monkeypatch.setattr(command, "read_settings", lambda _: dataclasses.replace(choices.settings, delivery=own))
    command.check(as_json=True)
    told = json.loads(capsys.readouterr().out)
    assert told["usable"] is False and told["refused"] is None and told["landmarks"][0]["month"] == 0
    empty = root / "empty"
    empty.mkdir()
    with pytest.raises(typer.Exit) as ended:
        command.check(empty, root / "village.toml", language="en")
    assert ended.value.exit_code == SurveyDataError.exit_code
    lines = capsys.readouterr().out.splitlines()
    assert "The run would stop" in lines and lines[-1] == "Usable: not yet, because the run would stop"
    assert not (root / "data").exists()  # nothing was written
