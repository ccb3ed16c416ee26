"""What a candidate was made from, as hashes: delivery, choices, instrument, code, locked libraries.

And what publishing adds of it: the commit that it is published from, and whom to ask.

Those of data about people are made under a key that stays here. Who knows all but one answer tries the four that are
left, and an unkeyed hash says which it was. Keyed ones are compared where the key is (`data/local/key`) and say nothing
to anybody else (docs/decisions/0033). Standard library only.
"""

import platform
import secrets
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import riskmodel
from riskmodel.ground.errors import GateError, why
from riskmodel.ground.files import canonical_json, keyed, sha256_of_bytes, sha256_of_file, sha256_of_files, write_bytes
from riskmodel.ground.record_reader import Json
from riskmodel.ground.settings import Settings, as_dict
from riskmodel.ground.text import Text, listed
from riskmodel.ground.workspace import Workspace
from riskmodel.publish import REFUSALS
from riskmodel.release.json_record import has_unseen
from riskmodel.release.subject import OF_PEOPLE, OF_POINTS, sealed

Frozen = Mapping[str, Any]  # a protocol, as the ledger's hash has it, or what was evaluated under one
# what decides every number that is evaluated: what the stages up to `robustness` reach, and their scripts
PROCEDURE = ("__init__.py", "ground", "disclosure", "instrument", "release", "extracts", "cohort", "model", "assess")
PROPOSING = (*PROCEDURE, "advice", "exports", "publish")  # what the files of a candidate are made by
PROCEDURE_STAGES = ("ingest", "cohort", "fit", "assess", "robustness")
KEY, KEY_BYTES = "key", 32
CONTACT = ("contact", "complaint", "withdrawal")  # of [release]; they stand in a release from its publication on
HEAD = "# branch.oid "
NONE_YET = "(initial)"


def frozen_choices(settings: Settings) -> dict[str, object]:
    """The settings that decide a release: not where files are, how many workers run, who waives, signs or answers
    questions, or what the report compares and reckons with."""
    choices = as_dict(settings)
    choices.pop("report")
    free = {
        "delivery": ("path", "instrument"),
        "run": ("workers",),
        "release": ("waivers", "previous", "allowed_signers", "documents", *CONTACT),
    }
    for table, keys in free.items():
        for key in keys:
            choices[table].pop(key)
    for key in ("release", "signers") if settings.model.prior else ():
        choices["model"]["prior"].pop(key)
    return choices


def settings_sha256(settings: Settings) -> str:
    """The hash of the frozen choices."""
    return sha256_of_bytes(canonical_json(frozen_choices(settings)))


def procedure_sha256() -> str:
    """The hash of the code that turns a delivery into evaluated predictions, its texts and data with it."""
    return _sha256_of_code(PROCEDURE, PROCEDURE_STAGES)


def code_sha256() -> str:
    """The hash of the code that turns a delivery into a candidate; what only reads candidates is not in it."""
    return _sha256_of_code(PROPOSING, (*PROCEDURE_STAGES, "propose"))


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


def local_key(workspace: Workspace) -> bytes:
    """The key of this project's digests, made when there is none: for its owner alone, never in version control."""
    path = workspace.local / KEY
    if not path.is_file():
        write_bytes(path, secrets.token_hex(KEY_BYTES).encode(), private=True)
    key = path.read_bytes().strip()
    if len(key) != 2 * KEY_BYTES:
        raise GateError(REFUSALS["short_key"].filled(n=len(key), needed=2 * KEY_BYTES))
    return key


def keyed_hashes(sums: Mapping[str, str], key: bytes) -> dict[str, str]:
    """The hashes `sums` (delivery, cohort or run to SHA-256) as they may leave, with the mark of the key.

    seal: derived from the cohorts' hash, so of them alone. What seals a candidate's equation in a protocol, which may
    be read before, or without, its publication; published with it, so that everybody can hold one against the other.
    """
    hashes = {f"{of}_hmac": keyed(sha256, key, of=of) for of, sha256 in sums.items()}
    seal = {"seal": keyed(hashes["cohort_hmac"], key, of="seal")} if "cohort_hmac" in hashes else {}
    return {**hashes, "key_mark": keyed("which key this is", key, of="mark"), **seal}


def as_keyed(frozen: Frozen, workspace: Workspace) -> Frozen:
    """What an earlier version froze with unkeyed hashes, so that it can be held against what is frozen now.

    Who only reads makes no key: without one, such protocols can be held against each other alone.
    """
    if "key_mark" in frozen:
        return frozen
    key = local_key(workspace) if (workspace.local / KEY).is_file() else b""
    sums = {of: frozen[f"{of}_sha256"] for of in OF_PEOPLE if frozen.get(f"{of}_sha256")}
    hashes = keyed_hashes(sums, key)
    seal = hashes.pop("seal", "")
    points = {of: frozen[f"{of}_sha256"] for of in OF_POINTS if f"{of}_sha256" in frozen} if seal else {}
    return {**frozen, **hashes, **{f"{of}_hmac": sealed(sha256, seal, of=of) for of, sha256 in points.items()}}


def told(different: Sequence[str]) -> Text:
    """Things that are not the same, by name; with what a lost key means where that is one of them."""
    changed = REFUSALS["changed"].filled(n=len(different), names=named_things(different))
    return listed([changed, *([REFUSALS["other_key"]] if "key" in different else [])], " ")


def named_things(names: Iterable[str]) -> Text:
    """What a protocol fixes, as it is called; a choice is called as in params.toml."""
    return listed(REFUSALS.get(f"thing_{name}", name) for name in names)


def contact_of(settings: Settings) -> dict[str, Json]:
    """Whom to ask, where to complain and who says what was withdrawn; a `GateError` where one of them is not said."""
    told = {key: " ".join(getattr(settings.release, key).split()) for key in CONTACT}
    lacking = [key for key, said in told.items() if not said or has_unseen(said)]
    if lacking:
        raise GateError(
            REFUSALS["no_contact"].filled(
                file=settings.source, n=len(lacking), keys=", ".join(CONTACT), empty=", ".join(lacking)
            )
        )
    return {**told}


def made_by(root: Path, *, but: Path) -> Mapping[str, Json]:
    """The version and the commit that publish from the project in `root`. but: a folder that may lie there already."""
    return {"version": riskmodel.__version__, "commit": commit_of(root, but=but)}


def commit_of(root: Path, *, but: Path) -> str:
    """The commit of the git checkout in `root`; a `GateError` without one, or where files are not as it has them.

    but: a folder below `root` that may be there all the same. Files that git ignores are not asked for.
    """
    told = _asked(root, but=but.relative_to(root))
    commit = next(line.removeprefix(HEAD) for line in told if line.startswith(HEAD))
    if commit == NONE_YET:
        raise _no_commit(REFUSALS["nothing_committed"])
    changed_n = sum(not line.startswith("#") for line in told)
    if changed_n:
        raise GateError(REFUSALS["not_committed"].filled(n=changed_n))
    return commit


def _asked(root: Path, *, but: Path) -> list[str]:
    """What git says of `root`: lines on the commit, which begin with #, then one a changed or unknown file."""
    state = ("status", "--porcelain=v2", "--branch", "--untracked-files=all", "--", ".", f":(exclude){but.as_posix()}")
    try:
        done = subprocess.run(("git", "--no-optional-locks", *state), cwd=root, capture_output=True, check=False)
    except OSError as error:
        raise _no_commit(listed(("git", why(error)), ": ")) from None
    if done.returncode:
        raise _no_commit(done.stderr.decode(errors="replace").partition("\n")[0])
    return done.stdout.decode(errors="replace").splitlines()


def _no_commit(reason: str | Text) -> GateError:
    return GateError(REFUSALS["no_commit"].filled(reason=reason))
