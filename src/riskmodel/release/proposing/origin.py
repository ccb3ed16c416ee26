"""What a candidate was made from, as hashes: delivery, choices, instrument, code, locked libraries."""

import platform
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import riskmodel
from riskmodel.provenance import canonical_json, sha256_of_bytes, sha256_of_file, sha256_of_files
from riskmodel.settings import Settings, as_dict
from riskmodel.workspace import Workspace

GROUND = ("errors.py", "toml_record.py", "settings.py", "provenance.py", "workspace.py", "disclosure")
PROCEDURE = ("instrument", "extracts", "cohort", "model", "assess")  # what decides every number that is evaluated


def frozen_choices(settings: Settings) -> dict[str, Any]:
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
    """The hash of the code that turns a delivery into evaluated predictions."""
    return _sha256_of_rooms(PROCEDURE)


def code_sha256() -> str:
    """The hash of the code that turns a delivery into a candidate; what only reads candidates is not in it."""
    return _sha256_of_rooms((*GROUND, *PROCEDURE, "release"))


def origin(
    settings: Settings, *, delivery_sha256: str, cohort_sha256: str, run_sha256: str, instrument_sha256: str, lock: Path
) -> dict[str, str]:
    """What stands in a candidate of where it comes from. lock: the file with the exact versions of the libraries."""
    return {
        "delivery_sha256": delivery_sha256,
        "cohort_sha256": cohort_sha256,
        "run_sha256": run_sha256,
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


def _sha256_of_rooms(rooms: tuple[str, ...]) -> str:
    package = Path(riskmodel.__file__).parent
    places = [package / room for room in rooms]
    files = [path for place in places for path in (place.rglob("*.py") if place.is_dir() else [place])]
    return sha256_of_files(files, package)
