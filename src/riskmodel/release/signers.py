"""Who may sign: OpenSSH's `allowed_signers` file, the one that git reads, and whether a signature stands by it.

Signatures are Ed25519 in OpenSSH's SSHSIG format: what `ssh-keygen -Y sign` writes and `ssh-keygen -Y verify` reads.

Sources: OpenSSH, PROTOCOL.sshsig; RFC 8709 (Ed25519 keys and signatures); RFC 4251, section 5 (strings on the wire);
`man ssh-keygen`, "ALLOWED SIGNERS". Two things are stricter here: `cert-authority` is refused, and a key must
be valid for the whole of a day. A time is read as it is written, with or without Z: a day has no time zone.
"""

import hashlib
import re
import subprocess
import textwrap
from base64 import b64decode, b64encode
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING

from riskmodel.ground.errors import BundleError, GateError, SettingsError
from riskmodel.ground.text import Text
from riskmodel.release import REFUSALS

OPTION = re.compile(r'([A-Za-z-]+)(?:="([^"]*)")?')
LINE = re.compile(
    r'(?:"(?P<quoted>[^"]+)"|(?P<plain>[^\s"]+))[ \t]+'
    rf"(?:(?P<options>{OPTION.pattern}(?:,{OPTION.pattern})*)[ \t]+)?"
    r"(?P<type>(?:ssh|ecdsa|sk)-[^\s\"]+)[ \t]+(?P<key>[A-Za-z0-9+/]+=*)(?:[ \t].*)?"
)
TIME = re.compile(r"(\d{8}(?:\d{4}(?:\d{2})?)?)Z?", flags=re.ASCII)
KNOWN_OPTIONS = ("namespaces", "valid-after", "valid-before")
if TYPE_CHECKING:
    from cryptography.hazmat.primitives.serialization.ssh import SSHPrivateKeyTypes

NAMESPACE = "riskmodel-release"
KEY_TYPE = "ssh-ed25519"
KEY_BYTES, SIGNATURE_BYTES = 32, 64
HASHES = {b"sha512": hashlib.sha512, b"sha256": hashlib.sha256}
MAGIC, VERSION = b"SSHSIG", (1).to_bytes(4, "big")
BEGIN, END = "-----BEGIN SSH SIGNATURE-----", "-----END SSH SIGNATURE-----"
LINE_WIDTH = 70  # ssh-keygen's; lines broken elsewhere are read as well
ARMOUR = re.compile(rf"{BEGIN}\r?\n((?:[A-Za-z0-9+/=]+\r?\n)+){END}(?:\r?\n)?")
PUBLIC_KEY = re.compile(r"(ssh|ecdsa|sk)-\S+ ")


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
        raise SettingsError(REFUSALS["signers_no_text"].filled(file=path.name)) from None
    except (OSError, ValueError):  # a path with a character that no path can have
        raise SettingsError(REFUSALS["signers_unreadable"].filled(file=path.name)) from None
    lines = [(number, line.strip(" \t\r")) for number, line in enumerate(text.split("\n"), start=1)]
    read = [
        _line(line, REFUSALS["line_of"].filled(file=path.name, number=number))
        for number, line in lines
        if line and line[0] != "#"
    ]
    return Signers(path.name, tuple(key for key in read if key is not None))


def check_signed(signers: Signers, message: bytes, armoured: str, *, signer: str, day: date) -> str:
    """The fingerprint of the key with which `signer` signed `message`; else a `BundleError`.

    signer: a principal of the file. day: when it was signed; the key must be valid from its first moment to its last.
    """
    key = signed_by(message, armoured)
    where = REFUSALS["the_key"].filled(file=signers.source, key=fingerprint(key))
    theirs = [entry for entry in signers.keys if entry.key == key and _matches(signer, entry.principals)]
    if not theirs:
        raise BundleError(REFUSALS["key_of_another"].filled(where=where, signer=repr(signer)))
    for_this = [entry for entry in theirs if _matches(NAMESPACE, entry.namespaces)]
    if not for_this:
        raise BundleError(REFUSALS["key_for_another"].filled(where=where))
    first, last = datetime.combine(day, time.min), datetime.combine(day, time.max)
    if not any(entry.valid_after <= first and last < entry.valid_before for entry in for_this):
        raise BundleError(REFUSALS["key_not_valid"].filled(where=where, day=day))
    return fingerprint(key)


def _line(line: str, where: Text) -> AllowedKey | None:
    """A line as a record; None for a key of another kind."""
    match = LINE.fullmatch(line)
    if not match:
        raise SettingsError(REFUSALS["no_line_of_signers"].filled(where=where, type=KEY_TYPE))
    options = _options(match["options"] or "", where)
    entry = AllowedKey(
        principals=tuple((match["quoted"] or match["plain"]).split(",")),
        key=_decoded(match["key"]),
        namespaces=tuple(options.get("namespaces", "*").split(",")),
        valid_after=_moment(options.get("valid-after"), datetime.min, where),
        valid_before=_moment(options.get("valid-before"), datetime.max, where),
    )
    if entry.valid_before <= entry.valid_after:
        raise SettingsError(REFUSALS["ends_before"].filled(where=where))
    if match["type"] != KEY_TYPE:
        return None
    if not is_key(entry.key):
        raise SettingsError(REFUSALS["key_not_whole"].filled(where=where))
    return entry


def _options(text: str, where: Text) -> dict[str, str]:
    found = [(name.lower(), value) for name, value in OPTION.findall(text)]
    options = dict(found)
    if "cert-authority" in options:
        raise SettingsError(REFUSALS["no_authority"].filled(where=where))
    if len(options) < len(found) or not all(options.values()) or not set(options) <= set(KNOWN_OPTIONS):
        raise SettingsError(REFUSALS["unknown_option"].filled(where=where, known="=…, ".join(KNOWN_OPTIONS)))
    return options


def _moment(text: str | None, default: datetime, where: Text) -> datetime:
    if text is None:
        return default
    match = TIME.fullmatch(text)
    if match:
        with suppress(ValueError):  # the 31st of February
            return datetime.strptime(match[1].ljust(14, "0"), "%Y%m%d%H%M%S")
    raise SettingsError(REFUSALS["no_time"].filled(where=where))


def _decoded(base64: str) -> bytes:
    try:
        return b64decode(base64)
    except ValueError:
        return b""


def _matches(name: str, patterns: Sequence[str]) -> bool:
    """As OpenSSH matches: * and ? stand for anything, and one negated pattern that fits outweighs all others."""
    fitting = [pattern for pattern in patterns if fnmatchcase(name, pattern.removeprefix("!").replace("[", "[[]"))]
    return bool(fitting) and not any(pattern.startswith("!") for pattern in fitting)


def sign(message: bytes, key: Path, *, ask_password: Callable[[], str]) -> str:
    """The armoured signature of `message`, ending in a newline; a `GateError` says why there is none.

    key: an OpenSSH private key, or a public one whose private part is in an agent, on a token or in the file beside it.
    ask_password: called once, and only for a private key that has a password.
    """
    try:
        content = key.read_bytes()
    except OSError:
        raise GateError(REFUSALS["key_unreadable"].filled(key=key.name)) from None
    text = content.decode("ascii", errors="replace")
    if PUBLIC_KEY.match(text):
        return _sign_by_agent(message, key, text)
    return _sign_by_file(message, key, content, ask_password)


@dataclass(frozen=True)
class Pen:
    """What somebody signs with. signer: their name in the file of allowed signers; key: an OpenSSH key file."""

    signer: str
    key: Path
    ask_password: Callable[[], str]

    def sign(self, message: bytes) -> str:
        """The armoured signature over `message`."""
        return sign(message, self.key, ask_password=self.ask_password)


def signed_by(message: bytes, armoured: str) -> bytes:
    """The public key, as it is written on the wire, that signed `message` in our namespace; else a `BundleError`."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    key, namespace, reserved, hash_name, signature = _parts(armoured)
    if namespace != NAMESPACE.encode() or reserved or hash_name not in HASHES:
        raise BundleError(REFUSALS["signed_for_another"])
    if not is_key(key) or not _is_ed25519(signature, SIGNATURE_BYTES):
        raise BundleError(REFUSALS["other_kind_of_signature"].filled(type=KEY_TYPE))
    try:
        public = Ed25519PublicKey.from_public_bytes(key[-KEY_BYTES:])
        public.verify(signature[-SIGNATURE_BYTES:], _what_is_signed(message, hash_name))
    except (InvalidSignature, ValueError):
        raise BundleError(REFUSALS["signature_does_not_fit"]) from None
    return key


def is_key(blob: bytes) -> bool:
    """Whether `blob` is an Ed25519 public key as it is written on the wire, and nothing more."""
    return _is_ed25519(blob, KEY_BYTES)


def fingerprint(key_blob: bytes) -> str:
    """The fingerprint of a public key as it is written on the wire, the way `ssh-keygen -l` shows it."""
    return "SHA256:" + b64encode(hashlib.sha256(key_blob).digest()).decode().rstrip("=")


def _sign_by_file(message: bytes, key: Path, content: bytes, ask_password: Callable[[], str]) -> str:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    try:
        private = _private_key(key, content, ask_password)
    except (ValueError, UnsupportedAlgorithm):
        private = None
    if not isinstance(private, Ed25519PrivateKey):
        raise GateError(REFUSALS["other_kind_of_key"].filled(key=key.name))
    public = _wire(KEY_TYPE.encode(), private.public_key().public_bytes_raw())
    signature = _wire(KEY_TYPE.encode(), private.sign(_what_is_signed(message, b"sha512")))
    blob = MAGIC + VERSION + _wire(public, NAMESPACE.encode(), b"", b"sha512", signature)
    return "\n".join([BEGIN, *textwrap.wrap(b64encode(blob).decode(), LINE_WIDTH), END, ""])


def _private_key(key: Path, content: bytes, ask_password: Callable[[], str]) -> "SSHPrivateKeyTypes":
    from cryptography.hazmat.primitives.serialization import load_ssh_private_key

    with suppress(TypeError):  # that is how it says that the key has a password
        return load_ssh_private_key(content, None)
    try:
        return load_ssh_private_key(content, ask_password().encode())
    except (TypeError, ValueError):
        raise GateError(REFUSALS["wrong_password"].filled(key=key.name)) from None


def _sign_by_agent(message: bytes, key: Path, text: str) -> str:
    """The private part is not ours to read: let OpenSSH sign, and check that it did."""
    if text.split()[:1] != [KEY_TYPE]:
        raise GateError(REFUSALS["other_kind_of_key"].filled(key=key.name))
    command = ["ssh-keygen", "-Y", "sign", "-n", NAMESPACE, "-f", str(key)]
    try:
        done = subprocess.run(command, input=message, capture_output=True, check=False)
    except OSError:
        raise GateError(REFUSALS["no_agent"]) from None
    armoured = done.stdout.decode("ascii", errors="replace").replace("\r\n", "\n")
    try:
        signer = signed_by(message, armoured)
    except BundleError:
        signer = b""
    if text.split()[1:2] != [b64encode(signer).decode()]:
        raise GateError(REFUSALS["not_signed_by_agent"].filled(key=key.name))
    return armoured


def _parts(armoured: str) -> list[bytes]:
    """Public key, namespace, reserved, hash and signature. Only the usual base64 of a blob is let through."""
    match = ARMOUR.fullmatch(armoured)
    base64 = "".join(match[1].split()) if match else ""
    try:
        blob = b64decode(base64)
    except ValueError:
        blob = b""
    parts, at, head = [], len(MAGIC + VERSION), blob[: len(MAGIC + VERSION)]
    while at < len(blob):
        end = at + 4 + int.from_bytes(blob[at : at + 4], "big")
        parts.append(blob[at + 4 : end])
        at = end
    if b64encode(blob).decode() != base64 or head != MAGIC + VERSION or at != len(blob) or len(parts) != 5:
        raise BundleError(REFUSALS["no_signature"])
    return parts


def _what_is_signed(message: bytes, hash_name: bytes) -> bytes:
    return MAGIC + _wire(NAMESPACE.encode(), b"", hash_name, HASHES[hash_name](message).digest())


def _wire(*strings: bytes) -> bytes:
    return b"".join(len(string).to_bytes(4, "big") + string for string in strings)


def _is_ed25519(blob: bytes, size: int) -> bool:
    return blob[:-size] == _wire(KEY_TYPE.encode()) + size.to_bytes(4, "big")
