"""The yearly run in MLflow: a local, disposable mirror of what stands in `models/`. The only importer of MLflow.

Nothing that is hashed or published comes from here, and the store can be thrown away and filled again. MLflow numbers
the versions of a model itself; a release is found by its alias (`release-2026-1`) or by its version's tag `release`.
"""

import io
import logging
import os
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stderr
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from riskmodel.ground.errors import BundleError, RiskModelError
from riskmodel.ground.files import sha256_of_bytes
from riskmodel.ground.workspace import Workspace
from riskmodel.publish.outputs import metrics
from riskmodel.release.bundle import (
    RELEASE_FILE,
    SUMS_FILE,
    candidate_sha256,
    check_files,
    load_release_file,
    read_file,
)
from riskmodel.release.identity import equation_sha256
from riskmodel.release.ledger import read_ledger
from riskmodel.release.standing import PUBLISHED, WITHDRAWN, is_withdrawn, latest_standing
from riskmodel.release.waivers import waivers_in_short

EXPERIMENT = MODEL = "riskmodel"
CANDIDATE_ALIAS, PUBLISHED_ALIAS = "candidate", "published"
STORE, URI = "mlflow.db", "MLFLOW_TRACKING_URI"
HASH_TAG = "release_sha256"  # of release.json: what a version is known by
OF_LINE = ("release", "valid_from", "valid_until", "sums_sha256")  # tags that the ledger knows
PYFUNC = Path(__file__).with_name("pyfunc.py")
PARAMS = (("month", "long", 0), ("municipality", "string", ""), ("purpose", "string", ""))  # of each question
QUIET = {
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "DO_NOT_TRACK": "true",
    "MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR": "false",
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "1",  # a server that is away must not hold up a publication for minutes
    "MLFLOW_HTTP_REQUEST_TIMEOUT": "10",
    "GIT_PYTHON_REFRESH": "quiet",
}


def mirror(workspace: Workspace) -> str | None:
    """Log what stands in `models/`: every release ever published, and the candidate; in one sentence why it could not.

    A mirror that fails changes nothing in what was mirrored, so it is told and never raised.
    """
    try:
        log_published(workspace)
        if (workspace.candidate / RELEASE_FILE).is_file():
            log_candidate(workspace)
    except RiskModelError as error:
        return f"The MLflow mirror was not updated. {error}"
    except Exception as error:  # MLflow's, its database's and its server's; their texts may hold the URL's password
        return (
            f"The MLflow mirror was not updated ({type(error).__name__}). Nothing else depends on it; the next "
            "`dvc repro` or `riskmodel publish` tries again. If mlflow.db is damaged, remove it."
        )
    return None


def log_candidate(workspace: Workspace) -> str:
    """Log the present candidate as a run with its model and give it the alias `candidate`; returns the version."""
    entry = _entry(workspace.candidate, status=CANDIDATE_ALIAS)
    with _mlflow(workspace) as mlflow:
        version = _log(mlflow, entry, workspace)
        mlflow.MlflowClient().set_registered_model_alias(MODEL, CANDIDATE_ALIAS, version)
    return version


def log_published(workspace: Workspace) -> list[str]:
    """Log every release that was ever published, oldest first, with its tags and alias; returns their versions.

    The one published last and not withdrawn has the alias `published`; when none is left, nothing has it. A withdrawn
    one is kept, and says that it is withdrawn. A damaged folder is a `BundleError`, raised when all else is told.
    """
    events = read_ledger(workspace.releases)
    published = [event for event in events if event["event"] == PUBLISHED]
    if not published:
        return []
    versions: dict[str, str] = {}
    damaged = None
    with _mlflow(workspace) as mlflow:
        client = mlflow.MlflowClient()
        for event in published:
            try:
                versions[event["release"]] = _log(mlflow, _published(workspace, event), workspace)
            except BundleError as error:
                damaged = damaged or error
                known, _ = _found(client, "release", event["release"])
                versions |= {event["release"]: known} if known else {}
        _tell_standing(client, versions, events)
    if damaged is not None:
        raise damaged
    return list(versions.values())


def _tell_standing(client: Any, versions: Mapping[str, str], events: Sequence[Mapping[str, Any]]) -> None:
    """Status and aliases of the `versions` of releases, as the ledger has them whatever became of their folders."""
    for release_id, version in versions.items():
        status = WITHDRAWN if is_withdrawn(events, release_id) else PUBLISHED
        client.set_model_version_tag(MODEL, version, "status", status)
        client.set_registered_model_alias(MODEL, alias_of(release_id), version)
    standing = latest_standing(events)
    if standing is not None and standing in versions:
        client.set_registered_model_alias(MODEL, PUBLISHED_ALIAS, versions[standing])
    elif versions:
        client.delete_registered_model_alias(MODEL, PUBLISHED_ALIAS)


def alias_of(release_id: str) -> str:
    """The alias of a release: MLflow allows no dot in one, and keeps v2026 for its own numbers."""
    return f"release-{release_id.replace('.', '-')}"


@dataclass(frozen=True)
class _Entry:
    """What is logged: a release, the file it stands in, and the tags of its version."""

    file: Path
    release: Mapping[str, Any]
    tags: Mapping[str, str]


def _published(workspace: Workspace, event: Mapping[str, Any]) -> _Entry:
    """The release that `event` published; a `BundleError` unless every file of it is as it was."""
    folder = workspace.releases / event["release"]
    check_files(folder)
    if sha256_of_bytes(read_file(folder / SUMS_FILE)) != event["sums_sha256"]:
        raise BundleError(f"{folder.name}: {SUMS_FILE} is not the one in the ledger. The release was changed.")
    return _entry(folder, **{key: event[key] for key in OF_LINE})


def _entry(folder: Path, **tags: str) -> _Entry:
    file = folder / RELEASE_FILE
    release = load_release_file(file)
    hashes = {
        HASH_TAG: sha256_of_bytes(read_file(file)),
        "candidate_sha256": candidate_sha256(release),
        "equation_sha256": equation_sha256(release),
    }
    return _Entry(file, release, {**tags, **hashes, "waivers": waivers_in_short(release) or "none"})


def _log(mlflow: Any, entry: _Entry, workspace: Workspace) -> str:
    """The version that holds `entry`, logged now unless it was before, with the tags it should have."""
    client = mlflow.MlflowClient()
    version, present = _found(client, HASH_TAG, entry.tags[HASH_TAG])
    if version is None:
        version = _new_version(mlflow, entry, workspace)
    for key, value in entry.tags.items():
        if present.get(key) != value:
            client.set_model_version_tag(MODEL, version, key, value)
    return version


def _found(client: Any, tag: str, value: str) -> tuple[str | None, dict[str, str]]:
    """The version whose `tag` is `value`, with its tags; None and none when there is no such version."""
    found = client.search_model_versions(f"name = '{MODEL}' and tag.{tag} = '{value}'")
    return (str(found[0].version), dict(found[0].tags)) if found else (None, {})


def _new_version(mlflow: Any, entry: _Entry, workspace: Workspace) -> str:
    from mlflow.models import ModelSignature
    from mlflow.types.schema import ParamSchema, ParamSpec

    release, sha256 = entry.release, {HASH_TAG: entry.tags[HASH_TAG]}
    with mlflow.start_run(run_name=entry.tags.get("release", CANDIDATE_ALIAS), tags=sha256):
        mlflow.log_params({**release["policy"], "outcome": release["outcome"]["name"]})
        mlflow.log_params({key: value for key, value in release["provenance"].items() if key.endswith("_sha256")})
        mlflow.log_metrics({key: value for key, value in metrics(release).items() if value is not None})
        logged = mlflow.pyfunc.log_model(
            name="release",
            python_model=str(PYFUNC),
            artifacts={"release": str(entry.file)},
            model_config={"project": str(workspace.root.resolve()), **sha256},
            signature=ModelSignature(params=ParamSchema([ParamSpec(*spec) for spec in PARAMS])),
            pip_requirements=["mlflow"],
            registered_model_name=MODEL,
        )
    return str(logged.registered_model_version)


@contextmanager
def _mlflow(workspace: Workspace) -> Iterator[Any]:
    """MLflow, quiet and pointed at the store in the project's folder unless MLFLOW_TRACKING_URI says otherwise."""
    for variable, value in QUIET.items():
        os.environ.setdefault(variable, value)
    given, root = os.environ.get(URI, ""), workspace.root.resolve()
    if not given:
        (root / STORE).open("ab").close()  # MLflow tries again for minutes where there can't be a file
    with warnings.catch_warnings(), redirect_stderr(io.StringIO()):  # where MLflow tells of every version it makes
        warnings.simplefilter("ignore")
        import mlflow

        for name in ("mlflow", "alembic"):
            logging.getLogger(name).setLevel(logging.ERROR)
        try:
            mlflow.set_tracking_uri(given or f"sqlite:///{(root / STORE).as_posix()}")
            if mlflow.get_experiment_by_name(EXPERIMENT) is None:
                artifacts = None if given else (root / "mlartifacts").as_uri()
                mlflow.create_experiment(EXPERIMENT, artifact_location=artifacts)
            mlflow.set_experiment(EXPERIMENT)
            yield mlflow
        finally:
            if not given:
                os.environ.pop(URI, None)  # MLflow sets it, and the next project would be mirrored here
