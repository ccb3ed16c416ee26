import subprocess
import sys

import pytest
import release_example

from riskmodel.release.ledger import read_ledger
from riskmodel.release.publish import withdraw
from riskmodel.release.tracking import log_candidate, log_published

pytestmark = pytest.mark.filterwarnings("ignore")  # MLflow's own


@pytest.fixture
def store(monkeypatch):
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)


def test_a_candidate_and_the_release_it_becomes_are_one_version_that_gives_the_releases_sums(published, store, capfd):
    assert log_candidate(published) == "1"
    assert log_candidate(published) == "1"
    assert log_published(published) == ["1"]
    assert capfd.readouterr() == ("", "")
    assert (published.root / "mlflow.db").is_file()

    import mlflow
    import pandas as pd

    client = mlflow.MlflowClient()
    version = client.get_model_version_by_alias("riskmodel", "published")
    assert version.tags["release"] == "2026.1"
    assert version.tags["candidate_sha256"] == read_ledger(published.releases)[-1]["candidate_sha256"]
    assert client.get_model_version_by_alias("riskmodel", "candidate").version == version.version
    run = client.get_run(version.run_id)
    assert run.data.metrics["auc"] > 0.7
    assert run.data.params["outcome"] == "over_ten_of_twelve"

    model = mlflow.pyfunc.load_model("models:/riskmodel@published")
    examples = release_example.candidate()["examples"]
    scored = model.predict(pd.DataFrame([example["answers"] for example in examples]))
    assert scored["points"].tolist() == [example["sum"] for example in examples]
    assert scored["risk"].tolist() == [example["risk"] for example in examples]

    withdraw(published, "2026.1", reason="test", name="Bo", today=release_example.TODAY)
    log_published(published)
    assert "published" not in client.get_registered_model("riskmodel").aliases


def test_approving_publishing_and_verifying_need_no_mlflow():
    code = "import riskmodel.release.publish, riskmodel.release.verify, sys; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"mlflow", "pandas", "numpy", "sklearn"} & set(loaded)
