"""The yearly run in MLflow: a local, disposable mirror of what stands in `models/`. The only importer of MLflow.

Nothing that is hashed or published comes from here, and the store can be thrown away and filled again.
"""

import io
import logging
import os
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stderr
from pathlib import Path
from typing import Any

from riskmodel.release.bundle import RELEASE_FILE, candidate_sha256, load_release_file
from riskmodel.release.ledger import read_ledger
from riskmodel.release.outputs import metrics
from riskmodel.release.verify import PUBLISHED, is_withdrawn
from riskmodel.workspace import Workspace

EXPERIMENT = MODEL = "riskmodel"
CANDIDATE_ALIAS, PUBLISHED_ALIAS = "candidate", "published"
HASH_TAG = "candidate_sha256"  # the same for a candidate and for the release it becomes
PYFUNC = Path(__file__).with_name("pyfunc.py")
QUIET = {
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "DO_NOT_TRACK": "true",
    "MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR": "false",
    "GIT_PYTHON_REFRESH": "quiet",
}


def log_candidate(workspace: Workspace) -> str:
    """Log the present candidate as a run with its model and give it the alias `candidate`; returns the version."""
    with _mlflow(workspace) as mlflow:
        version = _log(mlflow, workspace.candidate)
        mlflow.MlflowClient().set_registered_model_alias(MODEL, CANDIDATE_ALIAS, version)
    return version


def log_published(workspace: Workspace) -> list[str]:
    """Log every release that was published and not withdrawn, oldest first; returns their versions.

    The youngest gets the alias `published`; when none is left, nothing has it.
    """
    events = read_ledger(workspace.releases)
    releases = [event["release"] for event in events if event["event"] == PUBLISHED]
    standing = [release_id for release_id in releases if not is_withdrawn(events, release_id)]
    with _mlflow(workspace) as mlflow:
        client = mlflow.MlflowClient()
        versions = [_log(mlflow, workspace.releases / release_id) for release_id in standing]
        for release_id, version in zip(standing, versions, strict=True):
            client.set_model_version_tag(MODEL, version, "release", release_id)
        if versions:
            client.set_registered_model_alias(MODEL, PUBLISHED_ALIAS, versions[-1])
        else:
            client.delete_registered_model_alias(MODEL, PUBLISHED_ALIAS)
    return versions


def _log(mlflow: Any, folder: Path) -> str:
    """The version that holds the release in `folder`, logged now unless it was before."""
    release = load_release_file(folder / RELEASE_FILE)
    sha256, client = candidate_sha256(release), mlflow.MlflowClient()
    return _version_of(client, sha256) or _new_version(mlflow, client, release, folder, sha256)


def _version_of(client: Any, sha256: str) -> str | None:
    found = client.search_model_versions(f"name = '{MODEL}' and tag.{HASH_TAG} = '{sha256}'")
    return str(found[0].version) if found else None


def _new_version(mlflow: Any, client: Any, release: Mapping[str, Any], folder: Path, sha256: str) -> str:
    numbers = {key: value for key, value in metrics(release).items() if value is not None}
    with mlflow.start_run(tags={HASH_TAG: sha256}):
        mlflow.log_params({**release["policy"], "outcome": release["outcome"]["name"]})
        mlflow.log_params({key: value for key, value in release["provenance"].items() if key.endswith("_sha256")})
        mlflow.log_metrics(numbers)
        logged = mlflow.pyfunc.log_model(
            name="release",
            python_model=str(PYFUNC),
            artifacts={"release": str(folder / RELEASE_FILE)},
            pip_requirements=["mlflow"],
            registered_model_name=MODEL,
        )
    version = str(logged.registered_model_version)
    client.set_model_version_tag(MODEL, version, HASH_TAG, sha256)
    return version


@contextmanager
def _mlflow(workspace: Workspace) -> Iterator[Any]:
    """MLflow, quiet and pointed at the store in the project's folder unless MLFLOW_TRACKING_URI says otherwise."""
    for variable, value in QUIET.items():
        os.environ.setdefault(variable, value)
    with warnings.catch_warnings(), redirect_stderr(io.StringIO()):  # where MLflow tells of every version it makes
        warnings.simplefilter("ignore")
        import mlflow

        for name in ("mlflow", "alembic"):
            logging.getLogger(name).setLevel(logging.ERROR)
        root = workspace.root.resolve()
        if "MLFLOW_TRACKING_URI" not in os.environ:
            mlflow.set_tracking_uri(f"sqlite:///{(root / 'mlflow.db').as_posix()}")
        if mlflow.get_experiment_by_name(EXPERIMENT) is None:
            artifacts = None if "MLFLOW_TRACKING_URI" in os.environ else (root / "mlartifacts").as_uri()
            mlflow.create_experiment(EXPERIMENT, artifact_location=artifacts)
        mlflow.set_experiment(EXPERIMENT)
        yield mlflow
