"""Towns' files to one table, from the terminal."""

import json
import tomllib

import numpy as np
import pytest
from sampled import items_of, settings_of, town_of
from typer.testing import CliRunner

from riskmodel.cli import app
from riskmodel.ground.errors import RiskModelError
from riskmodel.ground.files import canonical_json, sha256_of_file
from riskmodel.model.summarise import summarise
from riskmodel.release.town_summary import COMBINATION, read_summary


@pytest.fixture
def files(tmp_path):
    for seed in range(3):
        found = summarise(town_of(400, seed), items_of(3), settings_of(), code=str(seed), name=f"Town {seed}")
        (tmp_path / f"{seed}.json").write_bytes(canonical_json(found))
    return [str(tmp_path / f"{seed}.json") for seed in range(3)]


def run(*words):
    return CliRunner().invoke(app, list(words))


def test_towns_are_combined_and_the_settings_to_borrow_it_are_said(files, tmp_path):
    out = tmp_path / "partners.json"
    done = run("combine", *files, "--out", str(out))
    assert done.exit_code == 0, done.output
    found = read_summary(out)
    assert found.kind == COMBINATION and [town.code for town in found.towns] == ["0", "1", "2"]
    said = tomllib.loads(done.stdout[done.stdout.index("[model.prior]") :])["model"]["prior"]
    assert said == {"release": out.as_posix(), "sha256": sha256_of_file(out)}


def test_a_combination_is_not_combined_again_and_a_damaged_file_not_at_all(files, tmp_path):
    out = tmp_path / "partners.json"
    run("combine", *files, "--out", str(out))
    again = run("combine", files[0], str(out), "--out", str(tmp_path / "again.json"))
    assert isinstance(again.exception, RiskModelError) and not (tmp_path / "again.json").exists()
    damaged = json.loads(out.read_bytes())
    del damaged["towns"]
    out.write_text(json.dumps(damaged), encoding="utf-8")
    assert isinstance(run("combine", files[0], str(out), "--out", str(out)).exception, RiskModelError)
    assert np.array_equal(sorted(damaged), sorted(json.loads(out.read_bytes())))
