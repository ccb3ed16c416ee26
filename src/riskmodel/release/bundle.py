"""The folder of a release: its truth, `release.json`, and the hashes over every file. Standard library only."""

import errno
import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, NoReturn, cast

from riskmodel.ground.errors import BundleError, why
from riskmodel.ground.files import sha256_of_bytes
from riskmodel.ground.record_reader import Json
from riskmodel.ground.text import Text
from riskmodel.release import REFUSALS
from riskmodel.release.consistency import check_examples, read_release
from riskmodel.release.published import check_publication
from riskmodel.release.record import Release

RELEASE_FILE = "release.json"
SUMS_FILE = "SHA256SUMS"
SIGNATURE_FILE = "SHA256SUMS.sig"  # the publisher's, over SHA256SUMS; of signed releases only
MAX_DEPTH = 30
MISSING = why(OSError(errno.ENOENT, os.strerror(errno.ENOENT)))
FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*", flags=re.ASCII)
SUM_LINE = re.compile(rf"([0-9a-f]{{64}})  ({FILE_NAME.pattern})", flags=re.ASCII)


def load_release_file(path: Path) -> Release:
    """The release in the JSON file at `path`, its contents checked; anything else is a `BundleError`.

    Whether it may be used is another question: see `verify.verify_release`.
    """
    return read_release(parse_json(read_file(path), where=path.name))


def parse_json(content: bytes, *, where: str) -> Json:
    """The JSON value in `content`; a name given twice, NaN or infinity are refused like any other damage."""
    value: Json = None
    is_json = True
    try:
        value = json.loads(content.decode(), object_pairs_hook=named_once, parse_constant=_no_such_number)
        json.dumps(value, ensure_ascii=False, allow_nan=False).encode()  # 1e999 and half a surrogate pair parse, too
    except (ValueError, RecursionError):
        is_json = False
    if not is_json or not _is_shallow(value):
        raise BundleError(REFUSALS["damaged_json"].filled(where=where))
    return value


def named_once(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    """An object of JSON; a `ValueError` when a name stands twice in it."""
    named = dict(pairs)
    if len(named) != len(pairs):
        raise ValueError("a name stands twice")
    return named


def read_file(path: Path) -> bytes:
    """The bytes of the file at `path`; a `BundleError` where there is none or it can't be read."""
    content = read_file_if_any(path)
    if content is None:
        raise _unreadable(path, MISSING)
    return content


def read_file_if_any(path: Path) -> bytes | None:
    """The bytes of the file at `path`, None where there is none; a `BundleError` where it can't be read."""
    try:
        if path.exists() and not path.is_file():
            raise _unreadable(path, REFUSALS["not_a_file"])  # to read a pipe would wait for ever
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        reason = why(error)
    raise _unreadable(path, reason)


def sums_of(files: Mapping[str, bytes]) -> bytes:
    """The text of SHA256SUMS over `files` (name to content), in the form of `sha256sum`."""
    return "".join(f"{sha256_of_bytes(files[name])}  {name}\n" for name in sorted(files)).encode()


@dataclass(frozen=True)
class Kept:
    """A file as it was read. where: folder and name, for messages. content: None where there was none."""

    where: str
    content: bytes | None

    def unchanged(self, sha256: str) -> dict[str, Any]:
        """The JSON object in it, whose hash the ledger holds."""
        if self.content is None:
            raise BundleError(REFUSALS["unreadable"].filled(where=self.where, reason=MISSING))
        if sha256_of_bytes(self.content) != sha256:
            raise BundleError(REFUSALS["not_as_recorded"].filled(where=self.where))
        return cast(dict[str, Any], parse_json(self.content, where=self.where))  # the hash is that of an object


def kept(path: Path) -> Kept:
    """The file at `path`, if any; a `BundleError` where it can't be read."""
    return Kept(f"{path.parent.name}/{path.name}", read_file_if_any(path))


@dataclass(frozen=True)
class Seal:
    """What stands over all files of a release, as it was read: SHA256SUMS, and its signature, None without one."""

    sums: bytes
    signature: bytes | None


def read_seal(folder: Path) -> Seal:
    """The seal of the release in `folder`; a `BundleError` where it can't be read."""
    signature = folder / SIGNATURE_FILE
    return Seal(read_file(folder / SUMS_FILE), read_file(signature) if signature.exists() else None)


@dataclass(frozen=True)
class Bundle:
    """The folder of a release as it was read: its name, its seal, and every file that the seal stands over."""

    name: str
    seal: Seal
    files: Mapping[str, bytes]

    @cached_property
    def release(self) -> Release:
        """The release in it, whole and in agreement with itself; nothing is said of whether it may be used."""
        release = read_release(parse_json(self.files[RELEASE_FILE], where=f"{self.name}/{RELEASE_FILE}"))
        check_publication(release, self.files, where=self.name)
        check_examples(release)
        return release


def read_bundle(folder: Path, seal: Seal) -> Bundle:
    """The release in `folder` under its `seal`; a `BundleError` unless every file is there as that says."""
    return Bundle(folder.name, seal, check_files(folder, seal.sums))


def check_folder(folder: Path) -> Release:
    """The release in `folder`, under the seal that lies there; see `Bundle.release`."""
    return read_bundle(folder, read_seal(folder)).release


def check_files(folder: Path, sums: bytes) -> dict[str, bytes]:
    """The content of every file in `folder`; `BundleError` unless they are exactly those that its SHA256SUMS names."""
    stated = _stated_sums(sums, where=f"{folder.name}/{SUMS_FILE}")
    present = _plain_files(folder) - {SUMS_FILE, SIGNATURE_FILE}
    extra, missing = present - set(stated), set(stated) - present
    if extra or missing:
        raise BundleError(REFUSALS["other_files"].filled(folder=folder.name, missing=len(missing), extra=len(extra)))
    files = {name: read_file(folder / name) for name in sorted(stated)}
    for name, content in files.items():
        if sha256_of_bytes(content) != stated[name]:
            raise BundleError(REFUSALS["other_file"].filled(folder=folder.name, name=name))
    return files


def _plain_files(folder: Path) -> set[str]:
    """The names of the files in `folder`; anything else in it, a link to a file too, is a `BundleError`."""
    try:
        paths = list(folder.iterdir())
    except OSError as error:
        raise _unreadable(folder, why(error)) from None
    other_n = sum(path.is_symlink() or not path.is_file() for path in paths)
    if other_n:
        raise BundleError(REFUSALS["no_plain_file"].filled(folder=folder.name, n=other_n))
    return {path.name for path in paths}


def _unreadable(path: Path, reason: Text) -> BundleError:
    return BundleError(REFUSALS["unreadable"].filled(where=f"{path.parent.name}/{path.name}", reason=reason))


def _stated_sums(content: bytes, *, where: str) -> dict[str, str]:
    lines = content.decode("ascii", errors="replace").split("\n")
    found = [SUM_LINE.fullmatch(line) for line in lines[:-1]]
    stated = {match[2]: match[1] for match in found if match}
    if lines[-1] or len(stated) != len(found) or RELEASE_FILE not in stated:
        raise BundleError(REFUSALS["no_sums"].filled(where=where))
    return stated


def _is_shallow(value: Json) -> bool:
    """Whether `value` nests no deeper than anything published here does."""
    layer = [value]
    for _ in range(MAX_DEPTH):
        layer = [
            inner
            for outer in layer
            if isinstance(outer, dict | list)
            for inner in (outer.values() if isinstance(outer, dict) else outer)
        ]
    return not layer


def _no_such_number(_: str) -> NoReturn:
    raise ValueError("not a number")
