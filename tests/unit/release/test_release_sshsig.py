"""Signatures: the same as OpenSSH's to the last byte, both ways, and nothing else is let through."""

import os
import shutil
import subprocess
import tempfile
import time
from base64 import b64decode, b64encode
from pathlib import Path

import pytest
import ssh_keys
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from hypothesis import given
from hypothesis import strategies as st

from riskmodel.ground.errors import BundleError, GateError
from riskmodel.release.signers import fingerprint, is_key, sign, signed_by

MESSAGE = "Svår\n".encode()
# Made by ssh-keygen 9.2 with the key of number 0.
SHA512 = """-----BEGIN SSH SIGNATURE-----
U1NIU0lHAAAAAQAAADMAAAALc3NoLWVkMjU1MTkAAAAgA6EHv/POEL4dcN0Y50vAmWfk1j
CbpQ1fHdyGZBJVMbgAAAARcmlza21vZGVsLXJlbGVhc2UAAAAAAAAABnNoYTUxMgAAAFMA
AAALc3NoLWVkMjU1MTkAAABAUDYsltkeqq4gpjjdKrh+AVqVARjZ/d7lTzJTRhUUZm2ARP
C+F548Uo2poiNAls9uMEQx0i9lBNSZ1qre/7MpAQ==
-----END SSH SIGNATURE-----
"""
SHA256 = """-----BEGIN SSH SIGNATURE-----
U1NIU0lHAAAAAQAAADMAAAALc3NoLWVkMjU1MTkAAAAgA6EHv/POEL4dcN0Y50vAmWfk1j
CbpQ1fHdyGZBJVMbgAAAARcmlza21vZGVsLXJlbGVhc2UAAAAAAAAABnNoYTI1NgAAAFMA
AAALc3NoLWVkMjU1MTkAAABAZun5wQWzn6NwLs4SL1mXcy5vRjc1C0xx/RKDM/dd/wMbGy
OPyiLtp4XM4rn+w6TugxPNBBDhp2n+8qMBZc5DBg==
-----END SSH SIGNATURE-----
"""
FOR_A_FILE = """-----BEGIN SSH SIGNATURE-----
U1NIU0lHAAAAAQAAADMAAAALc3NoLWVkMjU1MTkAAAAgA6EHv/POEL4dcN0Y50vAmWfk1j
CbpQ1fHdyGZBJVMbgAAAAEZmlsZQAAAAAAAAAGc2hhNTEyAAAAUwAAAAtzc2gtZWQyNTUx
OQAAAEDxARpdxmvU2LoehDDqXk9xcWkLE559gb9HJImlbHlRY9U9rFU+cyhF7HqEU49gZE
vXfb4G8GVIhHbusoXLZv0E
-----END SSH SIGNATURE-----
"""
BLOB = b64decode("".join(SHA512.splitlines()[1:-1]))
openssh = pytest.mark.skipif(
    shutil.which("ssh-keygen") is None, reason="OpenSSH is not installed: there is nothing to compare with"
)


def armour(blob, width=70):
    base64 = b64encode(blob).decode()
    lines = [base64[start : start + width] for start in range(0, len(base64), width)]
    return "\n".join(["-----BEGIN SSH SIGNATURE-----", *lines, "-----END SSH SIGNATURE-----", ""])


def field(content):
    return len(content).to_bytes(4, "big") + content


def is_refused(message, armoured):
    try:
        signed_by(message, armoured)
    except BundleError as error:
        return str(error).count("\n") == 0
    return False


def ssh_keygen(*arguments, message=MESSAGE):
    done = subprocess.run(["ssh-keygen", *map(str, arguments)], input=message, capture_output=True, check=False)
    return done.returncode == 0, done.stdout.decode()


def test_a_signature_is_what_ssh_keygen_writes_to_the_last_byte(tmp_path):
    assert sign(MESSAGE, ssh_keys.write_key(tmp_path), ask_password=ssh_keys.no_password) == SHA512


@pytest.mark.parametrize("armoured", [SHA512, SHA256], ids=["sha512", "sha256"])
def test_the_key_that_signed_is_found(armoured):
    assert signed_by(MESSAGE, armoured) == ssh_keys.key_blob()
    assert is_refused(MESSAGE + b"\n", armoured)


def test_the_fingerprint_is_the_one_ssh_keygen_shows():
    assert fingerprint(ssh_keys.key_blob()) == "SHA256:lbmsoA0yIEcEiVDRnMWuzm+nV+3ZEEpVIURqFoeSspg"


def test_line_ends_and_line_widths_of_other_programs_are_read():
    for same in (SHA512.replace("\n", "\r\n"), SHA512.removesuffix("\n"), armour(BLOB, 64), armour(BLOB, 300)):
        assert signed_by(MESSAGE, same) == ssh_keys.key_blob()


def test_every_flipped_bit_of_signature_or_message_is_refused():
    flips = [(place, 1 << bit) for place in range(len(SHA512)) for bit in range(8)]
    changed = [SHA512[:place] + chr(ord(SHA512[place]) ^ bit) + SHA512[place + 1 :] for place, bit in flips]
    assert [text for text in changed if not is_refused(MESSAGE, text)] == []
    flips = [(place, 1 << bit) for place in range(len(MESSAGE)) for bit in range(8)]
    others = [MESSAGE[:place] + bytes([MESSAGE[place] ^ bit]) + MESSAGE[place + 1 :] for place, bit in flips]
    assert [text for text in others if not is_refused(text, SHA512)] == []


def test_every_flipped_bit_under_the_armour_is_refused():
    flips = [(place, 1 << bit) for place in range(len(BLOB)) for bit in range(8)]
    changed = [BLOB[:place] + bytes([BLOB[place] ^ bit]) + BLOB[place + 1 :] for place, bit in flips]
    assert [blob for blob in changed if not is_refused(MESSAGE, armour(blob))] == []


def test_a_cut_off_signature_is_refused():
    assert all(is_refused(MESSAGE, SHA512[:length]) for length in range(len(SHA512) - 1))
    assert all(is_refused(MESSAGE, armour(BLOB[:length])) for length in range(len(BLOB)))


def test_whatever_is_added_is_refused():
    more = [SHA512 + "\n", "\n" + SHA512, SHA512 * 2, SHA512.replace("\n", "\n\n", 1), armour(BLOB + b"\0")]
    more += [armour(BLOB + bytes(4)), SHA512.replace("==", "="), SHA512.replace("AQ==", "AR=="), "å" + SHA512]
    assert [text for text in more if not is_refused(MESSAGE, text)] == []


@given(st.text() | st.binary(max_size=300).map(armour))
def test_text_of_any_kind_is_refused(text):
    assert is_refused(MESSAGE, text)


@given(st.lists(st.binary(max_size=40) | st.sampled_from([b"riskmodel-release", b"sha512", b""]), max_size=7))
def test_fields_of_any_kind_are_refused(fields):
    assert is_refused(MESSAGE, armour(BLOB[:10] + b"".join(map(field, fields))))


@pytest.mark.parametrize(
    ("place", "content", "words"),
    [
        (1, b"file", "not made for"),
        (2, b"reserved", "not made for"),
        (3, b"sha1", "not made for"),
        (0, field(b"ssh-rsa") + field(b"\1\0\1"), "not of the kind"),
        (0, field(b"ssh-ed25519") + field(bytes(31)), "not of the kind"),
        (0, ssh_keys.key_blob() + b"\0", "not of the kind"),
        (0, ssh_keys.key_blob(1), "does not fit"),
        (4, field(b"ssh-ed25519") + field(bytes(63)), "not of the kind"),
        (4, field(b"ssh-ed25519") + field(bytes(64)), "does not fit"),
    ],
)
def test_a_field_that_is_not_ours_is_refused(place, content, words):
    fields = [ssh_keys.key_blob(), b"riskmodel-release", b"", b"sha512", BLOB[-83:]]
    assert BLOB[:10] + b"".join(map(field, fields)) == BLOB
    fields[place] = content
    with pytest.raises(BundleError, match=words):
        signed_by(MESSAGE, armour(BLOB[:10] + b"".join(map(field, fields))))


def test_a_right_signature_for_another_purpose_is_refused():
    with pytest.raises(BundleError, match="not made for riskmodel-release. Ask the signer to sign again."):
        signed_by(MESSAGE, FOR_A_FILE)


def test_only_a_whole_ed25519_key_is_a_key():
    blob = ssh_keys.key_blob()
    assert is_key(blob)
    assert not any(map(is_key, (b"", blob[:-1], blob + b"\0", b"\0" + blob, blob.replace(b"ssh-e", b"ssh-x"))))


def test_a_password_is_asked_for_once(tmp_path):
    key, asked = ssh_keys.write_key(tmp_path, password="hemligt å"), []
    assert sign(MESSAGE, key, ask_password=lambda: asked.append("once") or "hemligt å") == SHA512
    assert asked == ["once"]


@pytest.mark.parametrize("password", ["fel", ""])
def test_a_wrong_password_is_said_and_nothing_is_signed(tmp_path, password):
    key = ssh_keys.write_key(tmp_path, password="hemligt")
    with pytest.raises(GateError, match="key0: this is not the key's password. Nothing was signed; try again."):
        sign(MESSAGE, key, ask_password=lambda: password)


@pytest.mark.parametrize("name", ["other", "other.pub"])
@pytest.mark.parametrize("kind", ["rsa", "ecdsa"])
def test_a_key_of_another_kind_is_refused(tmp_path, kind, name):
    private = rsa.generate_private_key(65537, 1024) if kind == "rsa" else ec.generate_private_key(ec.SECP256R1())
    ssh_keys.write_private(private, tmp_path / "other")
    with pytest.raises(GateError, match=f"{name}: an Ed25519 key of OpenSSH is needed. Make one with `ssh-keygen -t"):
        sign(MESSAGE, tmp_path / name, ask_password=ssh_keys.no_password)


@pytest.mark.parametrize("content", [b"", b"hej", b"\xff\xfe", b"-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n"])
@pytest.mark.parametrize("name", ["broken", "broken.pub"])
def test_a_file_that_is_no_key_is_refused(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(GateError, match="an Ed25519 key of OpenSSH is needed"):
        sign(MESSAGE, tmp_path / name, ask_password=ssh_keys.no_password)


def test_a_key_that_is_not_there_is_said(tmp_path):
    with pytest.raises(GateError, match="key9: this key can't be read. Name the file of an Ed25519 key."):
        sign(MESSAGE, tmp_path / "key9", ask_password=ssh_keys.no_password)


def test_a_public_key_without_openssh_is_said(tmp_path, monkeypatch):
    key = ssh_keys.write_key(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(GateError, match="ssh-keygen is not here to ask the agent. Install OpenSSH, or name the priv"):
        sign(MESSAGE, Path(f"{key}.pub"), ask_password=ssh_keys.no_password)


@pytest.fixture
def answered(tmp_path, monkeypatch):
    """What `sign` makes of what ssh-keygen answers for the public key of a number."""

    def sign_with(number, answer):
        ssh_keys.write_key(tmp_path, number)
        reply = subprocess.CompletedProcess([], 0, stdout=answer, stderr=b"")
        monkeypatch.setattr(subprocess, "run", lambda *_, **__: reply)
        return sign(MESSAGE, tmp_path / f"key{number}.pub", ask_password=ssh_keys.no_password)

    return sign_with


@pytest.mark.parametrize(
    ("number", "answer"),
    [(0, b""), (0, b"\xff"), (0, FOR_A_FILE.encode()), (0, SHA512[:-40].encode()), (1, SHA512.encode())],
    ids=["nothing", "no text", "another purpose", "cut off", "another key"],
)
def test_an_answer_that_is_not_this_keys_signature_is_not_passed_on(answered, number, answer):
    with pytest.raises(GateError, match=f"key{number}.pub: ssh-keygen did not sign"):
        answered(number, answer)


def test_an_answer_with_line_ends_of_windows_is_a_signature(answered):
    assert answered(0, SHA512.replace("\n", "\r\n").encode()) == SHA512


@openssh
def test_openssh_accepts_our_signature(tmp_path):
    (tmp_path / "allowed_signers").write_text(f"ada@example.se {ssh_keys.public_line()}\n")
    (tmp_path / "sig").write_text(sign(MESSAGE, ssh_keys.write_key(tmp_path), ask_password=ssh_keys.no_password))
    verify = ["-Y", "verify", "-f", tmp_path / "allowed_signers", "-I", "ada@example.se", "-s", tmp_path / "sig"]
    assert ssh_keygen(*verify, "-n", "riskmodel-release")[0]
    assert not ssh_keygen(*verify, "-n", "file")[0]
    assert not ssh_keygen(*verify, "-n", "riskmodel-release", message=MESSAGE + b"\n")[0]


@openssh
@pytest.mark.parametrize("password", ["", "hemligt"])
def test_a_key_made_by_openssh_signs_here_and_there_alike(tmp_path, password):
    key = tmp_path / "theirs"
    assert ssh_keygen("-q", "-t", "ed25519", "-a", "1", "-N", password, "-f", key)[0]
    ours = sign(MESSAGE, key, ask_password=lambda: password)
    assert fingerprint(signed_by(MESSAGE, ours)) in ssh_keygen("-l", "-f", key)[1]
    ssh_keygen("-q", "-p", "-P", password, "-N", "", "-f", key)
    for name in ("sha512", "sha256"):
        theirs = ssh_keygen("-Y", "sign", "-O", f"hashalg={name}", "-n", "riskmodel-release", "-f", key)[1]
        assert signed_by(MESSAGE, theirs) == signed_by(MESSAGE, ours)
        assert (theirs == ours) is (name == "sha512")


@pytest.fixture
def agent(monkeypatch):
    folder = tempfile.mkdtemp()  # a socket's path has to be short
    monkeypatch.setenv("SSH_AUTH_SOCK", f"{folder}/s")
    with subprocess.Popen(["ssh-agent", "-D", "-a", f"{folder}/s"], stdout=subprocess.DEVNULL) as process:
        while not Path(folder, "s").exists():
            assert process.poll() is None, "ssh-agent has ended"
            time.sleep(0.01)
        yield
        process.terminate()
    shutil.rmtree(folder)


@openssh
@pytest.mark.skipif(shutil.which("ssh-agent") is None, reason="no ssh-agent is installed that could hold a key")
@pytest.mark.parametrize("name", ["key0.pub", "public"])
def test_a_key_in_an_agent_signs(tmp_path, agent, name):
    key = ssh_keys.write_key(tmp_path)
    subprocess.run(["ssh-add", "-q", key], check=True)
    key.unlink()
    os.rename(tmp_path / "key0.pub", tmp_path / name)
    assert sign(MESSAGE, tmp_path / name, ask_password=ssh_keys.no_password) == SHA512
    subprocess.run(["ssh-add", "-q", "-D"], check=True)
    with pytest.raises(GateError, match="ssh-keygen did not sign. Load the key with `ssh-add`, or name the private"):
        sign(MESSAGE, tmp_path / name, ask_password=ssh_keys.no_password)
