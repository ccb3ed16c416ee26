"""The yearly run in MLflow: a local, disposable mirror of what stands in `models/`. The only importer of MLflow.

Nothing that is hashed or published comes from here, and the store can be thrown away and filled again. MLflow numbers
the versions of a model itself; a release is found by its alias (`release-2026-1`) or by its version's tag `release`.
"""

import io
import logging
import os
import sqlite3
import tempfile
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import chdir, closing, contextmanager, redirect_stderr
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import pandas as pd

from riskmodel.ground.errors import BundleError, GateError, RiskModelError
from riskmodel.ground.files import is_taken, keyed, sha256_of_bytes
from riskmodel.ground.record_reader import Json
from riskmodel.ground.settings import read_settings
from riskmodel.ground.workspace import Workspace
from riskmodel.publish import REFUSALS
from riskmodel.publish.origin import local_key
from riskmodel.publish.registry.logged import metrics_of, params_of, run_name
from riskmodel.publish.registry.served import EVALUATION
from riskmodel.release.bundle import RELEASE_FILE, load_release_file, read_file
from riskmodel.release.landmark import Landmark
from riskmodel.release.ledger import read_ledger
from riskmodel.release.record import Release
from riskmodel.release.standing import PUBLISHED, WITHDRAWN, Line, is_withdrawn, latest_standing
from riskmodel.release.verify import published_bundle

EXPERIMENT = MODEL = "riskmodel"
CANDIDATE, PUBLISHED_ALIAS = "candidate", "published"
PAGES = ("report.html", "card.md", "CHANGES.md")  # of a release, beside its model
STORE, URI = "mlflow.db", "MLFLOW_TRACKING_URI"
ARTIFACTS, OF_OTHERS = "mlartifacts", "mlruns"
OF_NOBODY = {"mlflow.user": "riskmodel", "mlflow.source.name": "riskmodel"}  # MLflow would take them from the machine
HASH_TAG = "release_sha256"  # of release.json: what a version is known by
CANDIDATE_TAG = "release_hmac"  # the same, keyed: what may not be published can't be tried
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


def mirror(workspace: Workspace) -> RiskModelError | None:
    """Log what stands in `models/`: every release ever published, and the candidate; in one sentence why it could not.

    A mirror that fails changes nothing in what was mirrored, so it is told and never raised.
    """
    workspace = Workspace(workspace.root.resolve())
    try:
        log_published(workspace)
        if (workspace.candidate / RELEASE_FILE).is_file():
            log_candidate(workspace)
    except RiskModelError as error:
        return GateError(REFUSALS["not_mirrored"].filled(why=error.message))
    except Exception as error:  # MLflow's, its database's and its server's; their texts may hold the URL's password
        return GateError(REFUSALS["mirror_failed"].filled(kind=type(error).__name__))
    return None


def log_candidate(workspace: Workspace) -> str:
    """Log the present candidate as a run, once: measures, choices, keyed hashes, curves, no table; returns its id."""
    file = workspace.candidate / RELEASE_FILE
    candidate = load_release_file(file)
    known_by = keyed(sha256_of_bytes(read_file(file)), local_key(workspace), of=CANDIDATE)
    with _mlflow(workspace) as mlflow:
        experiment = mlflow.get_experiment_by_name(EXPERIMENT).experiment_id
        asked = f"tags.{CANDIDATE_TAG} = '{known_by}'"
        logged = mlflow.search_runs([experiment], filter_string=asked, output_format="list")
        if not logged:
            settings = read_settings(workspace.params) if is_taken(workspace.params) else None
            name, params = run_name(candidate, known_by), params_of(candidate, settings)
            with _run(mlflow, candidate, name=name, params=params, tags={CANDIDATE_TAG: known_by}) as run:
                logged = [run]
                _log_files(mlflow, sorted(workspace.plots.glob("*.csv")))
    return str(logged[0].info.run_id)


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
        for event in published:
            try:
                versions[event["release"]] = _log(mlflow, _published(workspace.releases / event["release"], event))
            except BundleError as error:
                damaged = damaged or error
                known, _ = _found(mlflow, "release", event["release"])
                versions |= {event["release"]: known} if known else {}
        _tell_standing(mlflow, versions, events)
    if damaged is not None:
        raise damaged
    return list(versions.values())


def _tell_standing(mlflow: ModuleType, versions: Mapping[str, str], events: Sequence[Line]) -> None:
    """Status and aliases of the `versions` of releases, as the ledger has them whatever became of their folders."""
    client = mlflow.MlflowClient()
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
    release: Release
    tags: Mapping[str, str]


def _published(folder: Path, event: Line) -> _Entry:
    """The release in `folder`, which `event` published; a `BundleError` unless every file of it is as it was."""
    bundle = published_bundle(folder, event)
    release = bundle.release
    tags = {
        **{key: event[key] for key in OF_LINE},
        HASH_TAG: sha256_of_bytes(bundle.files[RELEASE_FILE]),
        "candidate_sha256": release.identity.candidate,
        "equation_sha256": release.identity.equation,
        "waivers": release.waivers_in_short or "none",
    }
    return _Entry(folder / RELEASE_FILE, release, tags)


def _log(mlflow: ModuleType, entry: _Entry) -> str:
    """The version that holds `entry`, logged now unless it was before, with the tags it should have."""
    client = mlflow.MlflowClient()
    version, present = _found(mlflow, HASH_TAG, entry.tags[HASH_TAG])
    if version is None:
        version = _new_version(mlflow, entry)
    for key, value in entry.tags.items():
        if present.get(key) != value:
            client.set_model_version_tag(MODEL, version, key, value)
    return version


def _found(mlflow: ModuleType, tag: str, value: str) -> tuple[str | None, dict[str, str]]:
    """The version whose `tag` is `value`, with its tags; None and none when there is no such version."""
    found = mlflow.MlflowClient().search_model_versions(f"name = '{MODEL}' and tag.{tag} = '{value}'")
    return (str(found[0].version), dict(found[0].tags)) if found else (None, {})


def _new_version(mlflow: ModuleType, entry: _Entry) -> str:
    release, sha256 = entry.release, entry.tags[HASH_TAG]
    name, params = run_name(release, sha256), params_of(release, None)
    with (
        _run(mlflow, release, name=name, params=params, tags={HASH_TAG: sha256}),
        tempfile.TemporaryDirectory() as folder,
    ):
        _log_files(mlflow, [path for page in PAGES if (path := entry.file.parent / page).is_file()])
        logged = mlflow.initialize_logged_model(name="release", tags=OF_NOBODY)
        _write_model(mlflow, entry, Path(folder) / "model", model_id=logged.model_id)
        mlflow.MlflowClient().log_model_artifacts(logged.model_id, str(Path(folder) / "model"))
        mlflow.finalize_logged_model(logged.model_id, "READY")
        return str(mlflow.register_model(f"models:/{logged.model_id}", MODEL).version)


@contextmanager
def _run(
    mlflow: ModuleType, release: Release, *, name: str, params: Mapping[str, Json], tags: Mapping[str, str]
) -> Iterator[Any]:
    """A run with the measures of `release`."""
    with mlflow.start_run(run_name=name, tags={**OF_NOBODY, **tags}) as run:
        mlflow.log_params(params)
        mlflow.log_metrics(metrics_of(release))
        yield run


def _log_files(mlflow: ModuleType, paths: Iterable[Path]) -> None:
    for path in paths:
        mlflow.log_artifact(str(path))


def _write_model(mlflow: ModuleType, entry: _Entry, folder: Path, *, model_id: str) -> None:
    """Write the model to `folder`, without the places on this machine that it was made from."""
    from mlflow.models import Model, ModelSignature
    from mlflow.types.schema import ColSpec, ParamSchema, ParamSpec, Schema

    first = dict(entry.release.examples[0].answers)
    kinds = {"points": "long", "risk": "double", "unusual": "boolean"}
    answered = Schema([ColSpec(kind, name, required=False) for name, kind in kinds.items()])

    mlflow.pyfunc.save_model(
        folder,
        python_model=str(PYFUNC),
        artifacts={"release": str(entry.file)},
        model_config={HASH_TAG: entry.tags[HASH_TAG]},
        # no columns of input: MLflow leaves out those that it does not know, and a mistyped item would go unanswered;
        # who wants to know them finds them in the metadata
        metadata={"input_columns": {str(table.month): _asked(table) for table in entry.release.landmarks}},
        signature=ModelSignature(outputs=answered, params=ParamSchema([ParamSpec(*spec) for spec in PARAMS])),
        input_example=(pd.DataFrame([first]), {"purpose": EVALUATION}),
        pip_requirements=["mlflow"],
    )
    model = Model.load(folder)
    flavor = model.flavors["python_function"]
    flavor["model_code_path"], flavor["artifacts"]["release"]["uri"] = PYFUNC.name, RELEASE_FILE
    model.model_id = model_id
    model.save(folder / "MLmodel")


def _asked(landmark: Landmark) -> list[str]:
    return [question.id for question in landmark.questions]


@contextmanager
def _mlflow(workspace: Workspace) -> Iterator[ModuleType]:
    """MLflow, quiet and pointed at the store in the project's folder unless MLFLOW_TRACKING_URI says otherwise.

    Places in that store are named from the project's folder on, so this process is there meanwhile; what is written is
    its owner's alone.
    """
    for variable, value in QUIET.items():
        os.environ.setdefault(variable, value)
    given = os.environ.get(URI, "")
    with warnings.catch_warnings(), redirect_stderr(io.StringIO()), chdir(workspace.root), _closed_to_others():
        warnings.simplefilter("ignore")  # and MLflow tells of every version it makes
        if not given:
            Path(STORE).open("ab").close()  # MLflow tries again for minutes where there can't be a file
        import mlflow

        for name in ("mlflow", "alembic"):
            logging.getLogger(name).setLevel(logging.ERROR)
        try:
            mlflow.set_tracking_uri(given or f"sqlite:///{Path(STORE).resolve().as_posix()}")
            if mlflow.get_experiment_by_name(EXPERIMENT) is None:
                mlflow.create_experiment(EXPERIMENT, artifact_location=None if given else ARTIFACTS)
                if not given:
                    _name_places_from_here()
            mlflow.set_experiment(EXPERIMENT)
            yield mlflow
        finally:
            if not given:
                os.environ.pop(URI, None)  # MLflow sets it, and the next project would be mirrored here


@contextmanager
def _closed_to_others() -> Iterator[None]:
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)


def _name_places_from_here() -> None:
    """Undo that MLflow makes a place absolute, which names whoever's home the project lies in; to the last byte."""
    with closing(sqlite3.connect(STORE)) as store:
        places = [(ARTIFACTS, EXPERIMENT), (OF_OTHERS, "Default")]
        store.executemany("UPDATE experiments SET artifact_location = ? WHERE name = ?", places)
        store.commit()
        store.execute("VACUUM")
