import copy
import datetime
import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace

import pytest
import release_example
from opened import opened

from riskmodel.ground.errors import BundleError
from riskmodel.ground.files import canonical_json, sha256_of_bytes, tidy_number, write_bytes
from riskmodel.ground.workspace import Workspace
from riskmodel.publish.publish import publish
from riskmodel.publish.registry.logged import params_of
from riskmodel.publish.registry.tracking import alias_of, log_published, mirror
from riskmodel.publish.withdraw import withdraw
from riskmodel.release.bundle import load_release_file
from riskmodel.release.ledger import read_ledger
from riskmodel.release.standing import Fault

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]  # MLflow's own

EVALUATION = {"purpose": "evaluation"}
TODAY, PROJECT = release_example.TODAY, release_example.ROOT
EXAMPLES = release_example.candidate()["examples"]
UNUSUAL = [not set(example["answers"].values()) - {"no_answer"} for example in EXAMPLES]  # of nobody nothing is known
SCORED = [
    {"points": example["sum"], "risk": None if unusual else example["risk"], "unusual": unusual}
    for example, unusual in zip(EXAMPLES, UNUSUAL, strict=True)
]
PREDICT = f"""
import datetime, mlflow.cli

class Day(datetime.date):
    today = classmethod(lambda cls: cls.fromisoformat("{TODAY}"))

datetime.date = Day
mlflow.cli.cli()
"""


class Day(datetime.date):
    stands = TODAY
    today = classmethod(lambda cls: cls.stands)


@pytest.fixture(autouse=True)
def quiet(monkeypatch):
    monkeypatch.setattr(Day, "stands", TODAY)
    for variable in ("MLFLOW_TRACKING_URI", "RISKMODEL_PROJECT", "RISKMODEL_SIGNERS"):
        monkeypatch.delenv(variable, raising=False)


@pytest.fixture(scope="module")
def two_releases(_published, tmp_path_factory):
    """A project folder with 2026.1 and 2026.2 published and a candidate for months 0 and 3; nothing is in MLflow."""
    workspace = Workspace(tmp_path_factory.mktemp("two") / "project")
    shutil.copytree(_published.root, workspace.root)
    another = {**release_example.candidate(), "population": {"sv": "en annan", "en": "another"}}
    write_bytes(workspace.candidate / "release.json", canonical_json(another))
    for name in ("Ada Alm", "Bo Berg"):
        release_example.give_approval(workspace, name)
    publish(workspace, release_example.settings(), name="Ada Alm", today=TODAY)
    write_bytes(workspace.candidate / "release.json", canonical_json(candidate_of_two_months()))
    return workspace


def candidate_of_two_months():
    candidate = copy.deepcopy(release_example.candidate())
    later = copy.deepcopy(candidate["landmarks"][0]) | {"month": 3}
    levels = next(item for item in later["items"] if item["id"] == "support")["levels"]
    levels[0]["points"], levels[1]["points"] = levels[1]["points"], levels[0]["points"]
    candidate["landmarks"].append(later)
    return {**candidate, "equation_sha256": opened(candidate).identity.equation}


@pytest.fixture(scope="module")
def mirrored(two_releases):
    """… and mirrored. Tests leave it as it is."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("MLFLOW_TRACKING_URI", raising=False)
        assert mirror(two_releases) is None
    return two_releases


@pytest.fixture
def stopped(mirrored, tmp_path):
    """A copy of it with its store, in which places are named from the project's folder on, to withdraw in."""
    shutil.copytree(mirrored.root, tmp_path / "project")
    return Workspace(tmp_path / "project")


def uri(workspace):
    return f"sqlite:///{(workspace.root / 'mlflow.db').as_posix()}"


def registry(workspace):
    """Alias to the tags it leads to."""
    import mlflow

    client = mlflow.MlflowClient(uri(workspace))
    aliases = client.get_registered_model("riskmodel").aliases
    return {alias: client.get_model_version("riskmodel", version).tags for alias, version in aliases.items()}


def versions_n(workspace):
    import mlflow

    return len(mlflow.MlflowClient(uri(workspace)).search_model_versions("name = 'riskmodel'"))


def loaded(workspace, alias, monkeypatch):
    """The model, on the day `Day.stands`."""
    import mlflow

    monkeypatch.chdir(workspace.root)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", uri(workspace))
    mlflow.set_tracking_uri(uri(workspace))
    with monkeypatch.context() as patch:
        patch.setattr(datetime, "date", Day)
        return mlflow.pyfunc.load_model(f"models:/riskmodel@{alias}")


def predict(workspace, alias, tmp_path):
    """`mlflow models predict` over the release's examples, in a process of its own."""
    items = [item["id"] for item in release_example.candidate()["landmarks"][0]["items"]]
    rows = [{item: example["answers"].get(item) for item in items} for example in EXAMPLES]
    (tmp_path / "in.json").write_text(json.dumps({"dataframe_records": rows, "params": EVALUATION}), encoding="utf-8")
    asked = ["models", "predict", "-m", f"models:/riskmodel@{alias}", "-i", str(tmp_path / "in.json"), "-t", "json"]
    return subprocess.run(
        [sys.executable, "-c", PREDICT, *asked, "--env-manager", "local"],
        cwd=workspace.root,
        env={**os.environ, "MLFLOW_TRACKING_URI": uri(workspace), "MLFLOW_DISABLE_TELEMETRY": "true"},
        capture_output=True,
        text=True,
    )


def test_a_release_is_found_by_its_id_both_ways_with_every_hash(mirrored):
    found, ledger = registry(mirrored), read_ledger(mirrored.releases)
    assert set(found) == {"release-2026-1", "release-2026-2", "published"}
    assert found["published"] == found["release-2026-2"]
    for line in (line for line in ledger if line["event"] == "published"):
        file = mirrored.releases / line["release"] / "release.json"
        release = load_release_file(file)
        assert found[alias_of(line["release"])] == {
            "release": line["release"],
            "status": "published",
            "valid_from": line["valid_from"],
            "valid_until": line["valid_until"],
            "sums_sha256": line["sums_sha256"],
            "candidate_sha256": line["candidate_sha256"],
            "release_sha256": sha256_of_bytes(file.read_bytes()),
            "equation_sha256": opened(release).identity.equation,
            "waivers": "; ".join(f"{waiver.gate} until {waiver.until}" for waiver in release.waivers),
        }
    assert found["release-2026-1"]["equation_sha256"] == found["release-2026-2"]["equation_sha256"]


def test_the_run_behind_a_version_has_its_measures_and_settings(mirrored):
    import mlflow

    client = mlflow.MlflowClient(uri(mirrored))
    version = client.get_model_version_by_alias("riskmodel", "published")
    run = client.get_run(version.run_id)
    sha256 = version.tags["release_sha256"]
    assert run.info.run_name == f"2026.2 · påhittad · month 0 · {sha256[:4]}"
    assert 0.6 < run.data.metrics["auc_low"] < run.data.metrics["auc"] < run.data.metrics["auc_high"]
    assert run.data.metrics["flagged_share_low"] < run.data.metrics["flagged_share"] <= 0.4
    params = run.data.params
    assert params["outcome"] == "over_ten_of_twelve" and params["model.penalty_steps"] == "5"
    assert params["policy.capacity_share"] == "0.4" and not [name for name in params if "waiver" in name]


def test_the_run_behind_a_version_holds_the_pages_and_the_model_an_example(mirrored):
    import mlflow

    client = mlflow.MlflowClient(uri(mirrored))
    version = client.get_model_version_by_alias("riskmodel", "published")
    kept = {path.name: path for path in (mirrored.root / "mlartifacts").rglob("*") if version.run_id in path.parts}
    for page in ("report.html", "card.md"):
        assert kept[page].read_bytes() == (mirrored.releases / "2026.2" / page).read_bytes()
    models = (mirrored.root / "mlartifacts").rglob("MLmodel")
    model = next(mlflow.models.Model.load(path) for path in models)
    assert model.signature.inputs is None  # so that a mistyped item is refused, not left out
    assert [column.name for column in model.signature.outputs] == ["points", "risk", "unusual"]
    assert model.metadata["input_columns"] == {"0": ["schooling", "housing", "support", "age"]}
    assert model.saved_input_example_info["type"] == "dataframe"


def runs(workspace):
    import mlflow

    client = mlflow.MlflowClient(uri(workspace))
    [experiment] = client.search_experiments(filter_string="name = 'riskmodel'")
    return client.search_runs([experiment.experiment_id])


def test_a_candidate_is_a_run_of_measures_choices_and_keyed_hashes_once(mirrored):
    [run] = [run for run in runs(mirrored) if "release_hmac" in run.data.tags]
    assert run.info.run_name == f"2025 · påhittad · month 0,3 · {run.data.tags['release_hmac'][:4]}"
    assert run.data.metrics["auc"] > 0.7 and run.data.params["policy.harm_ratio"]
    assert run.data.params["delivery_hmac"] == release_example.candidate()["provenance"]["delivery_hmac"]
    assert not run.data.params.keys() & {"seal", "delivery_sha256", "run_sha256"}
    mirror(mirrored)
    assert len(runs(mirrored)) == 3  # two releases, and the candidate


def test_the_settings_of_a_candidate_are_told_only_when_they_made_it():
    made, settings = opened(release_example.candidate()), release_example.settings()
    told = params_of(made, settings)
    assert (told["delivery"], told["instrument"], told["assess.folds"]) == ("exempelstad", "exempelstad.toml", 2)
    assert told["cohort.landmarks"] == (0, 3, 5) and not [key for key in told if "path" in key or "waiver" in key]
    changed = replace(settings, run=replace(settings.run, seed=1))
    assert params_of(made, changed).keys() == params_of(made, None).keys() != told.keys()


@pytest.fixture(scope="module")
def of_anna(_published, tmp_path_factory):
    """The store of a project in the home of somebody, and a candidate that is not published in it."""
    home = tmp_path_factory.mktemp("home") / "annbergsson"
    project = Workspace(home / "project")
    shutil.copytree(_published.root, project.root)
    write_bytes(project.candidate / "release.json", canonical_json(candidate_of_two_months()))
    with pytest.MonkeyPatch.context() as patch:
        for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
            patch.setenv(name, "annbergsson")
        patch.setenv("HOME", str(home))
        patch.delenv("MLFLOW_TRACKING_URI", raising=False)
        patch.chdir(project.root)
        before = os.umask(0)
        try:
            assert mirror(Workspace()) is None
        finally:
            os.umask(before)
    return project


def stored(workspace):
    files = [workspace.root / "mlflow.db", *(workspace.root / "mlartifacts").rglob("*")]
    return {path: path.read_bytes() for path in files if path.is_file()}


def test_the_store_names_nobody_and_no_place_on_the_machine(of_anna):
    assert any(path.name == "MLmodel" for path in stored(of_anna))
    for path, content in stored(of_anna).items():
        for name in (b"annbergsson", bytes(of_anna.root), bytes(PROJECT)):
            assert name not in content, path.name


def test_the_store_has_no_table_of_what_was_not_published(of_anna):
    """Nothing in it is of the candidate but its measures: no points, no coefficient, no covariance, no hash to try."""
    candidate, found = opened(candidate_of_two_months()), stored(of_anna)
    [release] = [content for path, content in found.items() if path.name == "release.json"]
    assert release == (of_anna.releases / "2026.1" / "release.json").read_bytes()  # the published bytes, and no others
    equation = release_example.year().model.equation
    numbers = [str(tidy_number(number)) for number in (*equation.coefficients, *equation.covariance.ravel()) if number]
    hashes = [candidate.equation_sha256, candidate.identity.candidate, sha256_of_bytes(canonical_json(candidate.raw))]
    for content in (content for path, content in found.items() if path.name != "release.json"):
        assert not [text for text in [*numbers, *hashes, '"points":'] if text.encode() in content]


@pytest.mark.skipif(os.name != "posix", reason="only POSIX has modes")
def test_the_store_is_its_owners_alone_whatever_the_umask(of_anna):
    for folder in (of_anna.root / "mlartifacts", *(of_anna.root / "mlartifacts").rglob("*")):
        assert folder.is_file() or folder.stat().st_mode & 0o777 == 0o700
    assert (of_anna.root / "mlflow.db").stat().st_mode & 0o777 == 0o600


def test_mirroring_again_adds_nothing_and_says_nothing(mirrored, capfd):
    before, n = registry(mirrored), versions_n(mirrored)
    capfd.readouterr()
    assert mirror(mirrored) is None
    assert capfd.readouterr() == ("", "")
    assert (registry(mirrored), versions_n(mirrored)) == (before, n)
    assert "MLFLOW_TRACKING_URI" not in os.environ


def test_the_model_gives_the_releases_sums_until_its_last_day_and_not_a_day_longer(mirrored, monkeypatch):
    import pandas as pd

    model = loaded(mirrored, "published", monkeypatch)
    rows = pd.DataFrame([example["answers"] for example in EXAMPLES])
    scored = model.predict(rows, params=EVALUATION)
    assert scored.to_dict("records") == SCORED
    assert model.predict(rows, params={**EVALUATION, "month": 0, "municipality": "9901"}).equals(scored)
    assert model.predict(rows[:1], params=EVALUATION).equals(scored[:1])
    with pytest.raises(BundleError, match="for evaluation alone"):
        model.predict(rows[:1])
    with pytest.raises(BundleError, match="no table for month 3"):
        model.predict(rows, params={**EVALUATION, "month": 3})
    with pytest.raises(BundleError, match="another municipality"):
        model.predict(rows, params={**EVALUATION, "municipality": "0180"})

    last = datetime.date.fromisoformat(registry(mirrored)["published"]["valid_until"])
    Day.stands = last
    assert model.predict(rows, params=EVALUATION).equals(scored)
    Day.stands = last + datetime.timedelta(days=1)
    with pytest.raises(BundleError, match=f"2026.2: expired on {last}"):
        model.predict(rows)
    with pytest.raises(BundleError, match=f"2026.2: expired on {last}"):
        loaded(mirrored, "published", monkeypatch)
    Day.stands = TODAY - datetime.timedelta(days=1)
    with pytest.raises(BundleError, match="2026.2: not valid before"):
        loaded(mirrored, "published", monkeypatch)


def test_nothing_in_a_model_is_pickled(mirrored):
    kept = {path.name for path in (mirrored.root / "mlartifacts").rglob("*") if path.is_file()}
    assert "release.json" in kept
    assert not [name for name in kept if name.endswith((".pkl", ".pickle", ".joblib"))]


def test_mlflow_models_predict_gives_the_same_sums(mirrored, tmp_path):
    run = predict(mirrored, "release-2026-1", tmp_path)
    assert run.returncode == 0, run.stderr
    predictions = json.loads(run.stdout)["predictions"]
    assert predictions == SCORED
    assert "type hints" not in run.stderr


def test_a_withdrawn_release_is_kept_as_withdrawn_and_refused(stopped, tmp_path, monkeypatch):
    assert log_published(stopped) == ["1", "2"]
    model = loaded(stopped, "published", monkeypatch)
    monkeypatch.delenv("MLFLOW_TRACKING_URI")
    withdraw(stopped, "2026.2", reason="test", name="Bo", today=TODAY, fault=Fault.OTHER)
    with pytest.raises(BundleError, match="2026.2: withdrawn"):
        model.predict([{"age": 30}], params=EVALUATION)  # the registry does not know yet; the ledger does
    assert log_published(stopped) == ["1", "2"]
    after_one = registry(stopped)
    assert (after_one["release-2026-2"]["status"], after_one["published"]["release"]) == ("withdrawn", "2026.1")
    run = predict(stopped, "release-2026-2", tmp_path)
    assert (run.returncode, run.stdout) == (1, "")
    assert run.stderr.splitlines()[-1].startswith("riskmodel.ground.errors.BundleError: 2026.2: withdrawn. Use another")

    rebuilt = Workspace(tmp_path / "rebuilt")
    shutil.copytree(stopped.releases, rebuilt.releases)
    assert log_published(rebuilt) == ["1", "2"]
    assert registry(rebuilt) == after_one

    withdraw(stopped, "2026.1", reason="test", name="Bo", today=TODAY)
    log_published(stopped)
    assert {alias: tags["status"] for alias, tags in registry(stopped).items()} == {
        "release-2026-1": "withdrawn",
        "release-2026-2": "withdrawn",
    }


def test_what_gets_no_score_is_none_in_json(mirrored, monkeypatch):
    import pandas as pd

    model, answers = loaded(mirrored, "published", monkeypatch), EXAMPLES[1]["answers"]
    unscored = pd.DataFrame([{**answers, "housing": "care"}, {**answers, "age": 17}, answers])
    found = model.predict(unscored, params=EVALUATION).to_dict("records")
    assert json.loads(json.dumps(found, allow_nan=False))[:2] == [dict.fromkeys(found[2])] * 2
    assert found[2]["points"] == EXAMPLES[1]["sum"]


@pytest.mark.parametrize(
    "damage",
    [lambda store: store.write_bytes(b"not a database, " * 999), lambda store: store.mkdir()],
    ids=["damaged", "not writable"],
)
def test_a_store_that_cannot_be_used_is_told_in_a_sentence_and_not_raised(published, damage, capfd):
    damage(published.root / "mlflow.db")
    told = mirror(published)
    assert capfd.readouterr() == ("", "")
    assert str(told).startswith("The MLflow mirror was not updated (")
    assert "remove it" in str(told)


def test_a_server_that_is_away_is_told_without_its_url(published, monkeypatch):
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://ada:secret@127.0.0.1:9")
    told = str(mirror(published))
    assert told.startswith("The MLflow mirror was not updated (MlflowException).")
    assert "secret" not in told
    assert not (published.root / "mlflow.db").exists()


def test_a_release_that_was_changed_is_not_mirrored(published):
    folder = published.releases / "2026.1"
    content = (folder / "card.md").read_bytes()
    (folder / "card.md").write_bytes(content + b"\n")
    assert "2026.1/card.md: is not the file that was published" in str(mirror(published))
    sums = (folder / "SHA256SUMS").read_text()
    changed = sums.replace(sha256_of_bytes(content), sha256_of_bytes(content + b"\n"))
    (folder / "SHA256SUMS").write_text(changed)
    assert "2026.1: SHA256SUMS is not the one in the ledger" in str(mirror(published))


@pytest.mark.parametrize("damaged", ["2026.1", "2026.2"])
def test_a_damaged_folder_does_not_keep_a_withdrawal_from_the_registry(stopped, damaged):
    log_published(stopped)
    (stopped.releases / damaged / "card.md").write_text("x")
    withdraw(stopped, "2026.2", reason="test", name="Bo", today=TODAY, fault=Fault.OTHER)
    assert f"{damaged}/card.md: is not the file that was published" in str(mirror(stopped))
    found = registry(stopped)
    assert (found["release-2026-2"]["status"], found["published"]["release"]) == ("withdrawn", "2026.1")


def test_where_nothing_was_published_or_proposed_there_is_nothing_to_mirror(tmp_path):
    assert mirror(Workspace(tmp_path)) is None
    assert not list(tmp_path.iterdir())


def test_approving_publishing_and_verifying_need_no_mlflow():
    code = "import riskmodel.publish.publish, riskmodel.release.verify, sys; print(*sys.modules)"
    modules = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"mlflow", "pandas", "numpy", "sklearn"} & set(modules)
