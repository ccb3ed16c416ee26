"""Hashes of data about people, under a key that stays here.

Who knows all but one answer tries the four that are left, and an unkeyed hash says which it was. Keyed ones are
compared where the key is (`data/local/key`) and say nothing to anybody else (docs/decisions/0033). Standard library
only.
"""

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from riskmodel.ground.errors import GateError
from riskmodel.ground.files import keyed, write_bytes
from riskmodel.ground.workspace import Workspace
from riskmodel.release.subject import OF_PEOPLE, OF_POINTS, sealed

KEY, KEY_BYTES = "key", 32
OTHER_KEY = (
    "data/local/key is another one than then, so whether delivery, cases, results and points are the same can't be "
    "told any more. Restore data/local from your own copy; without one, run `dvc repro -f -s propose report` and "
    "freeze a new protocol."
)


def local_key(workspace: Workspace) -> bytes:
    """The key of this project's digests, made when there is none: for its owner alone, never in version control."""
    path = workspace.local / KEY
    if not path.is_file():
        write_bytes(path, secrets.token_hex(KEY_BYTES).encode(), private=True)
    key = path.read_bytes().strip()
    if len(key) != 2 * KEY_BYTES:
        raise GateError(f"data/local/key: {len(key)} signs, {2 * KEY_BYTES} are needed. Restore it from your own copy.")
    return key


def keyed_hashes(sums: Mapping[str, str], key: bytes) -> dict[str, str]:
    """The hashes `sums` (delivery, cohort or run to SHA-256) as they may leave, with the mark of the key.

    seal: derived from the cohorts' hash, so of them alone. What seals a candidate's equation in a protocol, which may
    be read before, or without, its publication; published with it, so that everybody can hold one against the other.
    """
    hashes = {f"{of}_hmac": keyed(sha256, key, of=of) for of, sha256 in sums.items()}
    return {**hashes, "key_mark": keyed("which key this is", key, of="mark"), **_seal(hashes, key)}


def _seal(hashes: Mapping[str, str], key: bytes) -> dict[str, str]:
    return {"seal": keyed(hashes["cohort_hmac"], key, of="seal")} if "cohort_hmac" in hashes else {}


def as_keyed(frozen: Mapping[str, Any], workspace: Workspace) -> Mapping[str, Any]:
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


def told(different: Sequence[str]) -> str:
    """Things that are not the same, by name; with what a lost key means where that is one of them."""
    return f"{len(different)} changed: {', '.join(different)}.{' ' + OTHER_KEY if 'key' in different else ''}"
