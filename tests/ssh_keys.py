"""Ed25519 keys of OpenSSH, made from a number: the same number, the same key."""

from base64 import b64encode

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


def private_key(number):
    return Ed25519PrivateKey.from_private_bytes(bytes(range(number, number + 32)))


def key_blob(number=0):
    """The public key as it is written on the wire."""
    return b"\0\0\0\x0bssh-ed25519\0\0\0 " + private_key(number).public_key().public_bytes_raw()


def public_line(number=0):
    return f"ssh-ed25519 {b64encode(key_blob(number)).decode()}"


def write_key(folder, number=0, password=None):
    """The file of a private key, readable by its owner only, as OpenSSH demands; the public key beside it."""
    return write_private(private_key(number), folder / f"key{number}", password)


def write_private(private, path, password=None):
    secret = serialization.BestAvailableEncryption(password.encode()) if password else serialization.NoEncryption()
    path.touch(mode=0o600)
    path.write_bytes(private.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.OpenSSH, secret))
    public = private.public_key().public_bytes(serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH)
    path.with_name(f"{path.name}.pub").write_bytes(public + b" somebody\n")
    return path


def no_password():
    raise AssertionError("this key has no password")
