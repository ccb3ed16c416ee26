"""Who may sign: OpenSSH's `allowed_signers` file, the one that git reads, and whether a signature stands by it.

Source: `man ssh-keygen`, "ALLOWED SIGNERS". Two things are stricter here: `cert-authority` is refused, and a key must
be valid for the whole of a day. A time is read as it is written, with or without Z: a day has no time zone.
"""

import re
from base64 import b64decode
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time
from fnmatch import fnmatchcase
from pathlib import Path

from riskmodel.ground.errors import BundleError, SettingsError
from riskmodel.release.sshsig import KEY_TYPE, NAMESPACE, fingerprint, is_key, signed_by

OPTION = re.compile(r'([A-Za-z-]+)(?:="([^"]*)")?')
LINE = re.compile(
    r'(?:"(?P<quoted>[^"]+)"|(?P<plain>[^\s"]+))[ \t]+'
    rf"(?:(?P<options>{OPTION.pattern}(?:,{OPTION.pattern})*)[ \t]+)?"
    r"(?P<type>(?:ssh|ecdsa|sk)-[^\s\"]+)[ \t]+(?P<key>[A-Za-z0-9+/]+=*)(?:[ \t].*)?"
)
TIME = re.compile(r"(\d{8}(?:\d{4}(?:\d{2})?)?)Z?", flags=re.ASCII)
KNOWN_OPTIONS = ("namespaces", "valid-after", "valid-before")


@dataclass(frozen=True)
class AllowedKey:
    """One line of the file: whose key it is, what for and when. key: as on the wire. Names are patterns."""

    principals: tuple[str, ...]
    key: bytes
    namespaces: tuple[str, ...] = ("*",)
    valid_after: datetime = datetime.min
    valid_before: datetime = datetime.max


@dataclass(frozen=True)
class Signers:
    """An `allowed_signers` file. Keys of other kinds than Ed25519 are left out: they can't match. source: its name."""

    source: str
    keys: tuple[AllowedKey, ...]


def read_signers(path: Path) -> Signers:
    """The signers in the file `path`; a line that can't be used is a `SettingsError` with its number."""
    try:
        if not path.is_file():  # to read a pipe would wait for ever
            raise OSError
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise SettingsError(f"{path.name}: this list of signers is not UTF-8 text. Save it as UTF-8.") from None
    except (OSError, ValueError):  # a path with a character that no path can have
        raise SettingsError(f"{path.name}: this list of signers can't be read. Give the path of a file.") from None
    lines = [(number, line.strip(" \t\r")) for number, line in enumerate(text.split("\n"), start=1)]
    read = [_line(line, f"{path.name}, line {number}") for number, line in lines if line and line[0] != "#"]
    return Signers(path.name, tuple(key for key in read if key is not None))


def check_signed(signers: Signers, message: bytes, armoured: str, *, signer: str, day: date) -> str:
    """The fingerprint of the key with which `signer` signed `message`; else a `BundleError`.

    signer: a principal of the file. day: when it was signed; the key must be valid from its first moment to its last.
    """
    key = signed_by(message, armoured)
    where = f"{signers.source}: the key {fingerprint(key)}"
    theirs = [entry for entry in signers.keys if entry.key == key and _matches(signer, entry.principals)]
    if not theirs:
        raise BundleError(f"{where} is not one of {signer!r}. Add it if it is, or have it signed with one that is.")
    for_this = [entry for entry in theirs if _matches(NAMESPACE, entry.namespaces)]
    if not for_this:
        raise BundleError(
            f"{where} is not for the namespace {NAMESPACE}. Add that to its line if it may sign releases."
        )
    first, last = datetime.combine(day, time.min), datetime.combine(day, time.max)
    if not any(entry.valid_after <= first and last < entry.valid_before for entry in for_this):
        raise BundleError(f"{where} is not valid the whole of {day}. Have it signed with a key that is.")
    return fingerprint(key)


def _line(line: str, where: str) -> AllowedKey | None:
    """A line as a record; None for a key of another kind."""
    match = LINE.fullmatch(line)
    if not match:
        raise SettingsError(f"{where}: no line of allowed_signers. Write `principal options {KEY_TYPE} key`.")
    options = _options(match["options"] or "", where)
    entry = AllowedKey(
        principals=tuple((match["quoted"] or match["plain"]).split(",")),
        key=_decoded(match["key"]),
        namespaces=tuple(options.get("namespaces", "*").split(",")),
        valid_after=_moment(options.get("valid-after"), datetime.min, where),
        valid_before=_moment(options.get("valid-before"), datetime.max, where),
    )
    if entry.valid_before <= entry.valid_after:
        raise SettingsError(f"{where}: valid-before is not later than valid-after. Correct one of them.")
    if match["type"] != KEY_TYPE:
        return None
    if not is_key(entry.key):
        raise SettingsError(f"{where}: the key is not whole. Copy it again from the signer's public key file.")
    return entry


def _options(text: str, where: str) -> dict[str, str]:
    found = [(name.lower(), value) for name, value in OPTION.findall(text)]
    options = dict(found)
    if "cert-authority" in options:
        raise SettingsError(f"{where}: cert-authority is not supported. Give each signer a line with a key.")
    if len(options) < len(found) or not all(options.values()) or not set(options) <= set(KNOWN_OPTIONS):
        raise SettingsError(f"{where}: an option is unknown, empty or repeated. Known: {'=…, '.join(KNOWN_OPTIONS)}=….")
    return options


def _moment(text: str | None, default: datetime, where: str) -> datetime:
    if text is None:
        return default
    match = TIME.fullmatch(text)
    if match:
        with suppress(ValueError):  # the 31st of February
            return datetime.strptime(match[1].ljust(14, "0"), "%Y%m%d%H%M%S")
    raise SettingsError(f"{where}: a time is not understood. Write YYYYMMDD or YYYYMMDDHHMM[SS], with or without Z.")


def _decoded(base64: str) -> bytes:
    try:
        return b64decode(base64)
    except ValueError:
        return b""


def _matches(name: str, patterns: Sequence[str]) -> bool:
    """As OpenSSH matches: * and ? stand for anything, and one negated pattern that fits outweighs all others."""
    fitting = [pattern for pattern in patterns if fnmatchcase(name, pattern.removeprefix("!").replace("[", "[[]"))]
    return bool(fitting) and not any(pattern.startswith("!") for pattern in fitting)
