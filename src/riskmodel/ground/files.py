"""Where every number comes from: canonical JSON, hashes, files that appear whole or not at all, and no time in them."""

import errno
import hashlib
import hmac
import json
import math
import os
import re
import shutil
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import datetime
from io import BytesIO
from json.encoder import encode_basestring
from pathlib import Path
from typing import Any

SIGNIFICANT_DIGITS = 10
FILE_MODE, FOLDER_MODE = 0o600, 0o700  # of what is about persons
STAGING = ".publishing-"
LEFT_BY_WRITERS = (f"{STAGING}*", ".LEDGER.head.*", ".*.withdrawn.*")  # `place_folder`'s and `write_bytes`' own
IS_WINDOWS = os.name == "nt"
RENAME_TRIES = 20  # on Windows a virus scanner may hold a new file for some seconds
RENAME_PAUSE_SECONDS = 0.25
FIXED_TIME = datetime(2000, 1, 1)
SAVED = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")


def tidy_number(value: float) -> int | float:
    """`value` to ten significant digits, as a whole number where it is one."""
    rounded = float(f"{value:.{SIGNIFICANT_DIGITS}g}")
    if math.isinf(rounded):  # ten digits round the largest numbers of all beyond what a number can be
        return value
    return int(rounded) if rounded.is_integer() and abs(rounded) < 2**53 else rounded


def tidy(value: object) -> Any:
    """`value` with every number tidied, tuples as lists and numpy scalars as Python's own."""
    if isinstance(value, Mapping):
        return {str(key): tidy(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [tidy(inner) for inner in value]
    if value is None or isinstance(value, str | bool | int):
        return value
    if hasattr(value, "item"):
        return tidy(value.item())
    if isinstance(value, float):
        return None if value != value else tidy_number(value)
    raise TypeError(f"{type(value).__name__} has no place in canonical JSON")


def canonical_json(value: object) -> bytes:
    """`value` as UTF-8 JSON with sorted keys, one way of writing each number, and a final newline.

    NaN becomes null; infinity is an error.
    """
    parts: list[str] = []
    _write(value, "\n", parts.append)
    return "".join(parts).encode() + b"\n"


def _write(value: object, margin: str, put: Callable[[str], None]) -> None:
    """What `json.dumps(tidy(value), indent=1)` says, in one walk: with an indent the library's own writer is slow."""
    inside = margin + " "
    if type(value) is str:
        put(encode_basestring(value))
    elif type(value) is float:
        put(_number(value))
    elif type(value) is int:
        put(repr(value))
    elif type(value) is dict and value:
        before, named = "{" + inside, {str(key): inner for key, inner in value.items()}
        for key in sorted(named):
            put(f"{before}{encode_basestring(key)}: ")
            _write(named[key], inside, put)
            before = "," + inside
        put(margin + "}")
    elif type(value) is list and value:
        before = "[" + inside
        for inner in value:
            put(before)
            _write(inner, inside, put)
            before = "," + inside
        put(margin + "]")
    else:
        _write_rare(tidy(value), margin, put)


def _write_rare(value: object, margin: str, put: Callable[[str], None]) -> None:
    if isinstance(value, dict | list) and value:
        _write(value, margin, put)
    else:
        put(json.dumps(value, ensure_ascii=False, allow_nan=False))


def _number(value: float) -> str:
    text = repr(value)
    if len(text) <= SIGNIFICANT_DIGITS and text[-1].isdigit():  # it has no more digits than are written
        return text.removesuffix(".0") if text != "-0.0" else "0"
    return json.dumps(None if value != value else tidy_number(value), allow_nan=False)


def canonical_line(value: Mapping[str, object]) -> bytes:
    """`value` as canonical JSON on one line, without a newline."""
    written = json.dumps(tidy(value), sort_keys=True, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return written.encode()


def sha256_of_bytes(content: bytes) -> str:
    """The SHA-256 of `content`, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def keyed(text: str, key: bytes, *, of: str) -> str:
    """The HMAC-SHA256 of `text` under `key`, in hexadecimal. of: what it is a hash of; no two are mixed up."""
    return hmac.digest(key, f"{of}\n{text}".encode(), "sha256").hex()


def sha256_of_file(path: Path) -> str:
    """The SHA-256 of the file at `path`, read in blocks."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def sha256_of_files(paths: Iterable[Path], root: Path) -> str:
    """One SHA-256 over the names (relative to `root`) and contents of `paths`, in name order."""
    lines = sorted(f"{sha256_of_file(path)}  {path.relative_to(root).as_posix()}\n" for path in paths)
    return sha256_of_bytes("".join(lines).encode())


def is_taken(path: Path) -> bool:
    """Whether anything lies at `path`: a file, a folder, a link that leads nowhere, or what nobody lets us look at."""
    try:
        path.lstat()
    except FileNotFoundError:
        return False
    except (OSError, ValueError):
        return True
    return True


def private_folder(folder: Path) -> Path:
    """`folder`, made with all above it that are missing, each for its owner alone, whatever the umask."""
    missing = [one for one in (folder, *folder.parents) if not one.exists()]
    for one in reversed(missing):
        one.mkdir(exist_ok=True)
        os.chmod(one, FOLDER_MODE)
    return folder


def write_bytes(path: Path, content: bytes, *, private: bool = False) -> None:
    """Write `content` beside `path`, flush it to disk, then rename: readers see the old file or the new.

    private: it is about persons; the file, and the folders made for it, are their owner's alone.
    """
    if private:
        private_folder(path.parent)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        os.chmod(name, FILE_MODE if private else 0o644)
        patiently(lambda: os.replace(name, path))
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    with suppress(OSError):  # the file is in its place; whoever is told otherwise would take back what leads to it
        flush_folder(path.parent)


def append_bytes(path: Path, content: bytes, *, keep: int) -> None:
    """Write `content` after the first `keep` bytes of `path` and flush it to disk; a failed write is taken back."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o644)
    try:
        os.ftruncate(handle, keep)
        os.lseek(handle, keep, os.SEEK_SET)
        if os.write(handle, content) != len(content):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        os.fsync(handle)
    except OSError:
        os.ftruncate(handle, keep)
        raise
    finally:
        os.close(handle)


def patiently(rename: Callable[[], None]) -> None:
    """Do `rename`; on Windows, where a scanner or a reader may hold a file for some seconds, as often as it takes."""
    for tries_left in reversed(range(RENAME_TRIES)):
        try:
            rename()
            return
        except PermissionError:
            if not tries_left or not IS_WINDOWS:
                raise
        time.sleep(RENAME_PAUSE_SECONDS)


def flush_folder(folder: Path) -> None:
    """Flush a folder's list of names; only POSIX can, and needs to."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def place_folder(target: Path, files: Mapping[str, bytes]) -> None:
    """Make the folder `target`, which must not exist, holding exactly `files` (name to content)."""
    staging = Path(tempfile.mkdtemp(dir=target.parent, prefix=STAGING))
    try:
        for name in sorted(files):
            _write_new(staging / name, files[name])
        os.chmod(staging, 0o755)
        flush_folder(staging)
        patiently(lambda: os.rename(staging, target))
        flush_folder(target.parent)
    except BaseException:
        shutil.rmtree(staging, ignore_errors=True)
        raise


def sweep(folder: Path) -> None:
    """Remove what killed writers left in `folder`. The caller holds the lock on it: nobody else is writing there."""
    for left in (path for pattern in LEFT_BY_WRITERS for path in folder.glob(pattern)):
        if left.is_dir():
            shutil.rmtree(left, ignore_errors=True)
        else:
            with suppress(OSError):
                left.unlink()


def _write_new(path: Path, content: bytes) -> None:
    with path.open("xb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    os.chmod(path, 0o644)


def write_json(path: Path, value: object, *, private: bool = False) -> None:
    """Write `value` to `path` as canonical JSON, whole or not at all; private: see `write_bytes`."""
    write_bytes(path, canonical_json(value), private=private)


def read_json(path: Path) -> Any:
    """The JSON value in the file at `path`."""
    return json.loads(path.read_bytes())


# workbooks that carry no time of their own: identical bytes from identical cells
def timeless_book(workbook: bytes) -> bytes:
    """The same archive with one fixed time on each member, and where openpyxl notes when it saved."""
    timeless = BytesIO()
    with zipfile.ZipFile(BytesIO(workbook)) as old, zipfile.ZipFile(timeless, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            member = zipfile.ZipInfo(name, FIXED_TIME.timetuple()[:6])
            member.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(member, SAVED.sub(rb"\g<1>" + FIXED_TIME.isoformat().encode() + b"Z", old.read(name)))
    return timeless.getvalue()
