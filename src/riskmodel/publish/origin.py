"""What a candidate was made from, as hashes: delivery, choices, instrument, code, locked libraries."""

import platform
from collections.abc import Iterable, Mapping
from pathlib import Path

import riskmodel
from riskmodel.ground.files import canonical_json, sha256_of_bytes, sha256_of_file, sha256_of_files
from riskmodel.ground.settings import Settings, as_dict
from riskmodel.ground.workspace import Workspace
from riskmodel.publish.keyed import keyed_hashes

# what decides every number that is evaluated: what the stages up to `robustness` reach, and their scripts
PROCEDURE = ("__init__.py", "ground", "disclosure", "instrument", "release", "extracts", "cohort", "model", "assess")
PROCEDURE_STAGES = ("ingest", "cohort", "fit", "assess", "robustness")


def frozen_choices(settings: Settings) -> dict[str, object]:
    """The settings that decide a release: not where files are, how many workers run, who waives or signs, or what
    the report compares with."""
    choices = as_dict(settings)
    free = {
        "delivery": ("path", "instrument"),
        "run": ("workers",),
        "release": ("waivers", "previous", "allowed_signers", "documents"),
    }
    for table, keys in free.items():
        for key in keys:
            choices[table].pop(key)
    return choices


def settings_sha256(settings: Settings) -> str:
    """The hash of the frozen choices."""
    return sha256_of_bytes(canonical_json(frozen_choices(settings)))


def procedure_sha256() -> str:
    """The hash of the code that turns a delivery into evaluated predictions, its texts and data with it."""
    return _sha256_of_code(PROCEDURE, PROCEDURE_STAGES)


def code_sha256() -> str:
    """The hash of the code that turns a delivery into a candidate; what only reads candidates is not in it."""
    return _sha256_of_code((*PROCEDURE, "publish"), (*PROCEDURE_STAGES, "propose"))


def origin(
    settings: Settings, *, sums: Mapping[str, str], key: bytes, instrument_sha256: str, lock: Path
) -> dict[str, str]:
    """What stands in a candidate of where it comes from.

    sums: the SHA-256 of delivery, cohort and run, which stand there under the `key`. lock: the file with the exact
    versions of the libraries.
    """
    return {
        **keyed_hashes(sums, key),
        "instrument_sha256": instrument_sha256,
        "settings_sha256": settings_sha256(settings),
        "procedure_sha256": procedure_sha256(),
        "code_sha256": code_sha256(),
        "lock_sha256": sha256_of_file(lock),
        "processor": processor(),
    }


def processor() -> str:
    """The kind of this machine's processor; those of one kind give the same bytes (see the package's `__init__`)."""
    kind = platform.machine().lower()
    return "x86_64" if kind == "amd64" else kind  # Windows' name for it


def sha256_of_cohorts(workspace: Workspace, landmarks: Iterable[int]) -> str:
    """One hash over the cohorts that the landmarks of a run rest on: the very cases, answers and outcomes."""
    return _sha256_of_folders([workspace.cohort(landmark) for landmark in landmarks], workspace.root)


def sha256_of_run(workspace: Workspace, landmarks: Iterable[int]) -> str:
    """One hash over what a run found on its cohorts: equations, predictions, measures, what repeating gave."""
    found = [(workspace.model(one), workspace.assessment(one), workspace.robustness(one)) for one in landmarks]
    return _sha256_of_folders([folder for of_landmark in found for folder in of_landmark], workspace.root)


def sha256_of_delivery(names_and_sums: Iterable[tuple[str, str]]) -> str:
    """One hash over the files of a delivery (name, SHA-256), whatever their order."""
    lines = sorted(f"{sha256}  {name}\n" for name, sha256 in names_and_sums)
    return sha256_of_bytes("".join(lines).encode())


def _sha256_of_folders(folders: Iterable[Path], root: Path) -> str:
    return sha256_of_files([path for folder in folders for path in folder.rglob("*") if path.is_file()], root)


def _sha256_of_code(rooms: Iterable[str], stages: Iterable[str]) -> str:
    files = code_files(rooms, stages)
    return sha256_of_files(files, Path(riskmodel.__file__).parents[2])


def code_files(rooms: Iterable[str], stages: Iterable[str]) -> list[Path]:
    """Every file in `rooms` of the package, and the scripts of `stages` where they lie beside its source."""
    package = Path(riskmodel.__file__).parent
    places = [package / room for room in rooms]
    inside = [path for place in places for path in (place.rglob("*") if place.is_dir() else [place])]
    scripts = [package.parents[1] / "pipelines" / f"{stage}.py" for stage in stages]
    return [path for path in (*inside, *scripts) if path.is_file() and "__pycache__" not in path.parts]
