"""Ed25519 signatures in OpenSSH's SSHSIG format: what `ssh-keygen -Y sign` writes and `ssh-keygen -Y verify` reads.

Source: OpenSSH, PROTOCOL.sshsig; RFC 8709 (Ed25519 keys and signatures); RFC 4251, section 5 (strings on the wire).
"""

import hashlib
import re
import subprocess
import textwrap
from base64 import b64decode, b64encode
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from riskmodel.ground.errors import BundleError, GateError

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
OTHER_KIND = "an Ed25519 key of OpenSSH is needed. Make one with `ssh-keygen -t ed25519`."
PUBLIC_KEY = re.compile(r"(ssh|ecdsa|sk)-\S+ ")


def sign(message: bytes, key: Path, *, ask_password: Callable[[], str]) -> str:
    """The armoured signature of `message`, ending in a newline; a `GateError` says why there is none.

    key: an OpenSSH private key, or a public one whose private part is in an agent, on a token or in the file beside it.
    ask_password: called once, and only for a private key that has a password.
    """
    try:
        content = key.read_bytes()
    except OSError:
        raise GateError(f"{key.name}: this key can't be read. Name the file of an Ed25519 key.") from None
    text = content.decode("ascii", errors="replace")
    if PUBLIC_KEY.match(text):
        return _sign_by_agent(message, key, text)
    return _sign_by_file(message, key, content, ask_password)


def signed_by(message: bytes, armoured: str) -> bytes:
    """The public key, as it is written on the wire, that signed `message` in our namespace; else a `BundleError`."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    key, namespace, reserved, hash_name, signature = _parts(armoured)
    if namespace != NAMESPACE.encode() or reserved or hash_name not in HASHES:
        raise BundleError(f"The signature was not made for {NAMESPACE}. Ask the signer to sign again.")
    if not is_key(key) or not _is_ed25519(signature, SIGNATURE_BYTES):
        raise BundleError(f"The signature is not of the kind {KEY_TYPE}. Ask the signer to sign with such a key.")
    try:
        public = Ed25519PublicKey.from_public_bytes(key[-KEY_BYTES:])
        public.verify(signature[-SIGNATURE_BYTES:], _what_is_signed(message, hash_name))
    except (InvalidSignature, ValueError):
        raise BundleError("The signature does not fit the text: one of them was changed. Do not use it.") from None
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
        raise GateError(f"{key.name}: {OTHER_KIND}")
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
        raise GateError(f"{key.name}: this is not the key's password. Nothing was signed; try again.") from None


def _sign_by_agent(message: bytes, key: Path, text: str) -> str:
    """The private part is not ours to read: let OpenSSH sign, and check that it did."""
    if text.split()[:1] != [KEY_TYPE]:
        raise GateError(f"{key.name}: {OTHER_KIND}")
    command = ["ssh-keygen", "-Y", "sign", "-n", NAMESPACE, "-f", str(key)]
    try:
        done = subprocess.run(command, input=message, capture_output=True, check=False)
    except OSError:
        raise GateError("ssh-keygen is not here to ask the agent. Install OpenSSH, or name the private key.") from None
    armoured = done.stdout.decode("ascii", errors="replace").replace("\r\n", "\n")
    try:
        signer = signed_by(message, armoured)
    except BundleError:
        signer = b""
    if text.split()[1:2] != [b64encode(signer).decode()]:
        raise GateError(f"{key.name}: ssh-keygen did not sign. Load the key with `ssh-add`, or name the private key.")
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
        raise BundleError("This is not a whole SSH signature of version 1. Ask the signer to sign again.")
    return parts


def _what_is_signed(message: bytes, hash_name: bytes) -> bytes:
    return MAGIC + _wire(NAMESPACE.encode(), b"", hash_name, HASHES[hash_name](message).digest())


def _wire(*strings: bytes) -> bytes:
    return b"".join(len(string).to_bytes(4, "big") + string for string in strings)


def _is_ed25519(blob: bytes, size: int) -> bool:
    return blob[:-size] == _wire(KEY_TYPE.encode()) + size.to_bytes(4, "big")
