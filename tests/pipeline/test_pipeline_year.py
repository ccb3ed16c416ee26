"""The whole year as a user runs it: delivery → candidate → protocol → confirm → approve → publish → advise → score."""

import hashlib
import json
import os
import re
import shutil
from pathlib import Path

import pandas as pd
import pytest
from pipeline.clone import clone, commit, run, set_param, waive
from ssh_keys import public_line, write_key

# a small municipality: wide tolerances, because a few hundred people a year can't show that a gap is small
SMALL = {
    "delivery__path": "data/raw/made",
    "cohort__landmarks": [0, 3],
    "assess__bootstrap": 100,
    "assess__optimism": 20,
    "assess__folds": 5,
    "assess__curve_min": 100,
    "assess__group_min": 20,
    "fairness__missed_tolerance": 0.9,
    "fairness__needless_tolerance": 0.9,
    "fairness__oe_tolerance": 9.0,
    "fairness__raw_gap_limit": 2.0,
    "policy__ppv_floor": 0.3,
    "policy__left_early_cap": 0.5,
    "policy__min_slope": 0.5,
    "policy__max_slope": 2.0,
    "policy__max_ici": 0.2,
    "policy__min_same_flag": 0.9,
    "policy__max_auc_loss": 0.02,
    "release__require_signatures": True,
    "release__allowed_signers": "allowed_signers",
}
STAGES = ("settings", "previous", "ingest", "cohort", "fit", "assess", "robustness", "propose", "report")
IN_ONE_PROCESS = "import runpy, sys\nfor stage in sys.argv[1:]: runpy.run_path(f'pipelines/{stage}.py')"
PEOPLE = {"Anna Berg": "anna@kommun.se", "Bo Ek": "bo@kommun.se"}


@pytest.fixture(scope="session")
def year(tmp_path_factory) -> Path:
    """A project in which `dvc repro` has run once on a small made municipality."""
    project = clone(tmp_path_factory.mktemp("year"))
    set_param(project, **SMALL)
    waive(project, "G10", "G12")
    for number, signer in enumerate(PEOPLE.values()):
        write_key(project, number)
        with (project / "allowed_signers").open("a") as stream:
            stream.write(f'{signer} namespaces="riskmodel-release" {public_line(number)}\n')
    run(project, "riskmodel", "simulate", "data/raw/made", "--cases-per-year", "900", "--seed", "7")
    for name in ("interim", "processed"):
        (project / "data" / name).mkdir()
        (project / "data" / name).chmod(0o777)
    run(project, "dvc", "repro", watched=True, umask=0 if os.name == "posix" else -1)
    return project


def sums_of(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


def test_no_stage_read_a_setting_that_dvc_does_not_know_it_reads(year):
    """The run above was watched: an unlisted setting would have ended it."""
    assert {path.stem for path in year.glob("*.watched")} == {*STAGES}


@pytest.mark.skipif(
    os.name != "posix",
    reason="Windows keeps who may read a file in access lists, and a file's mode says nothing of them",
)
def test_what_is_about_people_is_its_owners_alone_though_the_run_had_no_umask(year):
    places = [year / "data" / name for name in ("interim", "processed", "dvc", "local")]
    inside = [path for name in ("interim", "processed", "local") for path in (year / "data" / name).rglob("*")]
    assert {path.name for path in inside} >= {"key", "delivery", "cases.parquet", "predictions.parquet"}
    for path in [*places, *inside, year / "mlflow.db", year / "mlartifacts"]:
        assert not path.exists() or path.stat().st_mode & 0o077 == 0, path.relative_to(year)


def test_the_run_ends_by_saying_where_the_year_stands(year):
    said = run(year, "riskmodel", "status").stdout
    assert (year / "models/candidates/report/report.html").as_uri() in said
    assert said.endswith("Next       riskmodel protocol --name NAME\n")


def test_a_second_run_does_nothing_and_the_example_was_not_simulated(year):
    before = sums_of(year / "models/candidates/release")
    again = run(year, "dvc", "repro")
    assert "Running stage" not in again.stdout
    assert sums_of(year / "models/candidates/release") == before
    assert not (year / "data/raw/exempelstad").exists()


def test_a_typo_in_the_settings_is_told_while_the_last_run_is_still_there(year):
    before, params = sums_of(year / "models/candidates/release"), (year / "params.toml").read_text(encoding="utf-8")
    typo = params.replace("max_unknown_code_share", "max_unknown_code_shar")  # a stage that reads it made the delivery
    (year / "params.toml").write_text(typo, encoding="utf-8")
    refused = run(year, "dvc", "repro", check=False)
    (year / "params.toml").write_text(params, encoding="utf-8")
    assert "params.toml: delivery: unknown key max_unknown_code_shar" in refused.stderr and refused.returncode
    assert (year / "data/interim/delivery/receipts.parquet").exists()
    assert sums_of(year / "models/candidates/release") == before
    assert "Running stage 'ingest'" not in run(year, "dvc", "repro").stdout


def test_another_clone_with_one_worker_and_one_process_gives_the_same_bytes(year, tmp_path):
    other = clone(tmp_path / "elsewhere")
    set_param(other, **SMALL, run__workers=1)
    waive(other, "G10", "G12")
    for part in ("data/raw/made", "data/local"):  # the key with the data: it is in every hash of them
        shutil.copytree(year / part, other / part)
    run(other, "python", "-c", IN_ONE_PROCESS, *STAGES)
    for folder in ("models/candidates/release", "models/candidates/report", "models/candidates/plots"):
        assert sums_of(year / folder) == sums_of(other / folder)


def test_metrics_and_runs_can_be_looked_at(year):
    metrics = json.loads(run(year, "dvc", "metrics", "show", "--json").stdout)
    (shown,) = metrics[""]["data"].values()
    assert 0.6 < shown["data"]["auc"] < 0.9
    assert (year / "mlflow.db").is_file()


def test_no_person_leaves_with_the_candidate(year):
    cases = pd.read_parquet(year / "data/processed/cohort/month_0/cases.parquet")
    ids = {*cases["person_id"], *cases["case_id"]}
    files = [path for path in (year / "models/candidates").rglob("*.*") if path.is_file()]
    assert {"release.json", "report.html", "metrics.json"} <= {path.name for path in files}
    for path in files:
        assert not set(re.findall(r"\w+", path.read_text(encoding="utf-8"))) & ids, path.name


@pytest.fixture(scope="session")
def published(year) -> Path:
    """The same project after two people have published the candidate."""
    frozen = run(year, "riskmodel", "protocol", "--name", "Anna Berg").stdout
    assert "to be met  recalibration_slope: at least 0.5\n" in frozen and "to be opened: 2024\n" in frozen
    confirmed = run(year, "riskmodel", "confirm", "--name", "Anna Berg").stdout
    assert "Look number 1 at 2024: confirmed" in confirmed
    one = run(year, "riskmodel", "publish", "--name", "Anna Berg", check=False)
    assert one.returncode == 13 and "Signatures are required" in one.stderr and "Traceback" not in one.stderr
    approve = ("riskmodel", "approve", "--decision", "Dnr 2026/1", "--yes")
    anna = ("--name", "Anna Berg", "--role", "analytiker")
    unsigned = run(year, *approve, *anna, check=False)
    assert unsigned.returncode == 14 and "has no signature" in unsigned.stderr
    said = run(year, *approve, *anna, "--signer", PEOPLE["Anna Berg"], "--key", "key0").stdout
    assert "Forbid publication today: G11" in said and "waived: G12 until 2099-12-31" in said
    assert "all of it: " in said and said.endswith("Anna Berg approves it and has signed. People: 1 of 2\n")
    asked = run(year, *approve[:-1], *anna, "--signer", PEOPLE["Anna Berg"], "--key", "key0", check=False)
    assert asked.returncode == 1 and "Do you approve this?" in asked.stdout  # nobody answers: nothing is approved
    bo = (*approve, "--name", "Bo Ek", "--role", "enhetschef", "--signer", PEOPLE["Bo Ek"], "--statement", "text")
    run(year, *bo)
    run(year, "ssh-keygen", "-Y", "sign", "-n", "riskmodel-release", "-f", "key1", "text")
    assert "People: 2 of 2" in run(year, *bo, "--signature", "text.sig").stdout
    _an_edited_candidate_is_not_published(year)
    signed = ("riskmodel", "publish", "--name", "Anna Berg", "--signer", PEOPLE["Anna Berg"], "--key", "key0")
    refused = run(year, *signed, check=False)
    assert refused.returncode == 13 and "There is no commit in git" in refused.stderr
    commit(year)
    assert run(year, *signed).stdout.strip().endswith(".1")
    assert "published already, by Anna Berg on" in run(year, *signed).stdout
    return year


def _an_edited_candidate_is_not_published(year: Path) -> None:
    """A gate opened by hand in a copy is not what the run gives; evidence changed there is not what was frozen."""
    copy = year.with_name("edited")
    shutil.copytree(year, copy, ignore=shutil.ignore_patterns("mlartifacts", "raw"))
    path = copy / "models/candidates/release/release.json"
    path.write_bytes(path.read_bytes().replace(b'"research_only": false', b'"research_only": true', 1))
    for number, name in enumerate(PEOPLE):
        who = ("--name", name, "--role", "r", "--decision", "d", "--signer", PEOPLE[name], "--key", f"key{number}")
        run(copy, "riskmodel", "approve", "--yes", *who)
    signed = ("riskmodel", "publish", "--name", "Anna Berg", "--signer", PEOPLE["Anna Berg"], "--key", "key0")
    commit(copy)
    refused = run(copy, *signed, check=False)
    assert refused.returncode == 13 and "are not what the run gives (release.json" in refused.stderr
    found = copy / "data/processed/assess/month_0/assessment.json"
    found.write_bytes(found.read_bytes() + b"\n")
    run(copy, "python", "pipelines/propose.py")
    refused = run(copy, "riskmodel", "approve", "--yes", *who, check=False)
    assert refused.returncode == 13 and "1 changed: run" in refused.stderr
    assert not [path for path in (copy / "models/releases").iterdir() if path.is_dir()]


def release_id(project: Path) -> str:
    return next(path.name for path in (project / "models/releases").iterdir() if path.is_dir())


def test_a_published_release_verifies_until_one_byte_changes(published, tmp_path):
    said = run(published, "riskmodel", "verify").stdout
    assert "as published" in said
    assert "approved it, anna@kommun.se, bo@kommun.se, and by anna@kommun.se, who published it" in said
    copy = tmp_path / "copy"
    shutil.copytree(published / "models", copy / "models")
    path = copy / "models/releases" / release_id(published) / "card.md"
    path.write_bytes(path.read_bytes().replace(b" ", b"_", 1))
    refused = run(copy, "riskmodel", "verify", release_id(published), check=False)
    assert refused.returncode == 14 and "is not the file that was published" in refused.stderr


def test_a_release_handed_over_is_checked_with_the_file_of_signers_alone(published, tmp_path):
    shutil.copytree(published / "models/releases" / release_id(published), tmp_path / "handed over")
    shutil.copy(published / "allowed_signers", tmp_path)
    verify = ("riskmodel", "verify", "./handed over")
    said = run(tmp_path, *verify, "--signers", "allowed_signers").stdout
    assert "Signed by" in said and "whether it has been withdrawn (https://exempelstad.example/" in said
    unasked = run(tmp_path, *verify, check=False)
    assert unasked.returncode == 10 and "needs --signers" in unasked.stderr
    (tmp_path / "allowed_signers").write_text(f"anna@kommun.se {public_line(7)}\n")
    foreign = run(tmp_path, *verify, "--signers", "allowed_signers", check=False)
    assert foreign.returncode == 14 and "is not one of" in foreign.stderr


def test_the_stop_is_drilled_on_a_copy_and_stands_in_the_ledger(published, tmp_path):
    shutil.copytree(published / "models", tmp_path / "models")
    said = run(tmp_path, "riskmodel", "drill", "--name", "Bo Ek").stdout
    assert said.startswith(f"{release_id(published)}: the stop works")
    assert "as published" in run(tmp_path, "riskmodel", "verify").stdout
    assert '"stop_drilled"' in (tmp_path / "models/releases/LEDGER").read_text().splitlines()[-1]


@pytest.mark.parametrize(("language", "word"), [("sv", "poäng"), ("en", "points")])
def test_one_case_gets_advice_in_words(published, tmp_path, language, word):
    answers = tmp_path / "one.json"
    given = {
        "self_rating": "much_help", "age": 45, "education": "none", "work_experience": "none", "situation": "sick",
        "swedish": "interpreter", "health_physical": "some", "health_mental": "none", "housing": "lodger",
        "debts": "yes",
    }  # fmt: skip
    answers.write_text(json.dumps({"municipality": "9900", "answers": given}), encoding="utf-8")
    options = ("--answers", str(answers), "--language", language)
    said = run(published, "riskmodel", "advise", release_id(published), *options).stdout
    assert word in said


def test_another_municipality_is_refused(published, tmp_path):
    answers = tmp_path / "one.json"
    answers.write_text(json.dumps({"municipality": "0180", "answers": {}}), encoding="utf-8")
    refused = run(published, "riskmodel", "advise", release_id(published), "--answers", str(answers), check=False)
    assert refused.returncode == 14 and "another municipality" in refused.stderr


def test_a_table_is_scored_for_evaluation_only(published, tmp_path):
    answers = (
        pd.read_parquet(published / "data/processed/cohort/month_0/answers.parquet")
        .rename_axis("case_id")
        .reset_index()
    )
    source, out = tmp_path / "answers.parquet", tmp_path / "scores.parquet"
    answers.to_parquet(source, index=False)
    command = ("riskmodel", "score", release_id(published), str(source), str(out), "--purpose")
    assert run(published, *command, "casework", check=False).returncode != 0 and not out.exists()
    run(published, *command, "evaluation")
    scores = pd.read_parquet(out)
    assert len(scores) == len(answers) and set(scores.columns) == {"case_id", "points", "risk", "unusual"}
