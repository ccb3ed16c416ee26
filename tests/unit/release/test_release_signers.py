"""Who may sign: the file is read as OpenSSH reads it, and every doubt is a refusal."""

import os
import shutil
import subprocess
from base64 import b64encode
from datetime import date, datetime
from pathlib import Path

import pytest
import ssh_keys
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from riskmodel.ground.errors import BundleError, SettingsError
from riskmodel.release.signers import check_signed, fingerprint, read_signers, sign

MESSAGE = b"Approved."
DAY = date(2026, 11, 20)
KEY = ssh_keys.public_line()
RSA = "ssh-rsa AAAAB3NzaC1yc2EAAAADAQAB"
openssh = pytest.mark.skipif(
    shutil.which("ssh-keygen") is None, reason="OpenSSH is not installed: there is nothing to compare with"
)


@pytest.fixture(scope="module")
def signature(tmp_path_factory):
    """What the key of number 0 signed."""
    return sign(MESSAGE, ssh_keys.write_key(tmp_path_factory.mktemp("key")), ask_password=ssh_keys.no_password)


@pytest.fixture
def signers_of(tmp_path):
    def read(text):
        (tmp_path / "allowed_signers").write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_signers(tmp_path / "allowed_signers")

    return read


def stands(signers, signature, signer="ada@example.se", day=DAY):
    try:
        return check_signed(signers, MESSAGE, signature, signer=signer, day=day) == fingerprint(ssh_keys.key_blob())
    except BundleError:
        return False


def test_a_line_is_read_with_all_that_it_says(signers_of):
    line = f'ada@example.se,!eve@* namespaces="git,riskmodel-*",valid-after="20260101Z" {KEY} Ada, at work'
    (key,) = signers_of(line).keys
    assert key.principals == ("ada@example.se", "!eve@*")
    assert key.key == ssh_keys.key_blob()
    assert key.namespaces == ("git", "riskmodel-*")
    assert (key.valid_after, key.valid_before) == (datetime(2026, 1, 1), datetime.max)


@pytest.mark.parametrize(
    "line",
    [
        f"ada@example.se {KEY}",
        f"  ada@example.se\t{KEY}\tAda\r",
        f'"ada@example.se,bo@example.se" {KEY} Ada "the first"',
        f"bo@example.se,ada@example.se {KEY}",
        f'ada@example.se NameSpaces="riskmodel-release" {KEY}',
    ],
)
def test_ways_of_writing_a_line(signers_of, signature, line):
    assert stands(signers_of(line), signature)


def test_comments_blank_lines_and_other_kinds_of_keys_are_passed_over(signers_of, signature):
    text = f'# who may sign\n\n \t\n  # more\nada@example.se {RSA}\nada@example.se namespaces="x" {RSA}\nada@* {KEY}'
    for same in (text, text.replace("\n", "\r\n"), "\ufeff" + text):
        signers = signers_of(same)
        assert [key.principals for key in signers.keys] == [("ada@*",)]
        assert stands(signers, signature)


def test_a_comment_does_not_end_before_its_line_does(signers_of):
    assert signers_of(f"# gone\rada@example.se {KEY}").keys == ()


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("ada@example.se", "no line of allowed_signers. Write `principal options ssh-ed25519 key`."),
        (KEY, "no line of allowed_signers"),
        ("ada@example.se ssh-ed25519", "no line of allowed_signers"),
        (f'"ada@example.se {KEY}', "no line of allowed_signers"),
        (f'ada@example.se namespaces="git {KEY}', "no line of allowed_signers"),
        (f"ada@example.se namespaces=git {KEY}", "no line of allowed_signers"),
        (f"ada@example.se, bo@example.se {KEY}", "no line of allowed_signers"),
        (f'ada@example.se namespaces="git", {KEY}', "no line of allowed_signers"),
        (f"ada@example.se {KEY[:-4]}", "the key is not whole. Copy it again from the signer's public key file."),
        (f"ada@example.se {KEY}AAAA", "the key is not whole"),
        (f"ada@example.se {KEY[:-1]}", "the key is not whole"),
        (f"ada@example.se ssh-ed25519 {RSA.split()[1]}", "the key is not whole"),
        (f"ada@example.se cert-authority {KEY}", "cert-authority is not supported. Give each signer a line with a key"),
        (f'* CERT-AUTHORITY,namespaces="git" {RSA}', "cert-authority is not supported"),
        (
            f"ada@example.se no-touch-required {KEY}",
            "an option is unknown, empty or repeated. Known: namespaces=…, val",
        ),
        (f'ada@example.se verify-required="yes" {KEY}', "an option is unknown"),
        (f"ada@example.se namespaces {KEY}", "an option is unknown, empty"),
        (f'ada@example.se namespaces="" {KEY}', "an option is unknown, empty"),
        (f'ada@example.se namespaces="a",Namespaces="riskmodel-release" {KEY}', "an option is unknown, empty"),
        (f'ada@example.se valid-after="2026-01-01" {KEY}', "a time is not understood. Write YYYYMMDD or YYYYMMDDHHMM"),
        (f'ada@example.se valid-before="20260231" {KEY}', "a time is not understood"),
        (f'ada@example.se valid-before="2026010112" {RSA}', "a time is not understood"),
        (f'ada@example.se valid-before="٢٠٢٦0101" {KEY}', "a time is not understood"),
        (f'ada@example.se valid-before="20260101z" {KEY}', "a time is not understood"),
        (
            f'ada@example.se valid-after="20260101",valid-before="20260101" {KEY}',
            "valid-before is not later than valid",
        ),
    ],
)
def test_a_broken_line_is_named_by_its_number_and_not_shown(signers_of, line, words):
    with pytest.raises(SettingsError, match=words) as error:
        signers_of(f"# first\nbo@example.se {KEY}\n{line}\n")
    assert str(error.value).startswith("allowed_signers, line 3: ")
    assert "AAAA" not in str(error.value)
    assert "example" not in str(error.value)


def test_a_file_that_is_missing_or_no_text_is_a_settings_error(signers_of, tmp_path):
    with pytest.raises(SettingsError, match="nobody: this list of signers can't be read. Give the path of a file."):
        read_signers(tmp_path / "nobody")
    with pytest.raises(SettingsError, match="can't be read. Give the path of a file."):
        read_signers(tmp_path / "no\0body")
    with pytest.raises(SettingsError, match="allowed_signers: this list of signers is not UTF-8 text."):
        signers_of(f"ada@example.se {KEY}".encode("utf-16"))


def test_the_fingerprint_tells_two_keys_apart(signers_of, signature, tmp_path):
    signers = signers_of(f"ada@example.se {KEY}\nbo@example.se {ssh_keys.public_line(1)}")
    other = sign(MESSAGE, ssh_keys.write_key(tmp_path, number=1), ask_password=ssh_keys.no_password)
    ada = check_signed(signers, MESSAGE, signature, signer="ada@example.se", day=DAY)
    bo = check_signed(signers, MESSAGE, other, signer="bo@example.se", day=DAY)
    assert (ada, bo) == (fingerprint(ssh_keys.key_blob(0)), fingerprint(ssh_keys.key_blob(1)))
    assert ada != bo


def test_a_key_signs_for_its_own_principal_only(signers_of, signature):
    signers = signers_of(f"ada@example.se {KEY}\nbo@example.se {ssh_keys.public_line(1)}")
    with pytest.raises(BundleError, match="^allowed_signers: the key SHA256:lbm.* is not one of 'bo@example.se'. Add"):
        check_signed(signers, MESSAGE, signature, signer="bo@example.se", day=DAY)
    assert not stands(signers_of(""), signature)


def test_a_name_cannot_break_the_line_it_is_told_on(signers_of, signature):
    with pytest.raises(BundleError) as error:
        check_signed(signers_of(""), MESSAGE, signature, signer="x\x1b[2J\n", day=DAY)
    assert str(error.value).isprintable()


def test_a_changed_text_is_refused_whoever_signed_it(signers_of, signature):
    with pytest.raises(BundleError, match="does not fit the text"):
        check_signed(signers_of(f"* {KEY}"), MESSAGE + b" ", signature, signer="ada@example.se", day=DAY)


def test_a_key_for_something_else_is_refused(signers_of, signature):
    with pytest.raises(BundleError, match="is not for the namespace riskmodel-release. Add that to its line if"):
        check_signed(signers_of(f'* namespaces="git,file" {KEY}'), MESSAGE, signature, signer="ada", day=DAY)
    assert not stands(signers_of(f'* namespaces="risk*,!riskmodel-release" {KEY}'), signature)


def test_a_key_that_has_expired_is_refused(signers_of, signature):
    signers = signers_of(f'* valid-before="20261120" {KEY}')
    with pytest.raises(BundleError, match="is not valid the whole of 2026-11-20. Have it signed with a key that is."):
        check_signed(signers, MESSAGE, signature, signer="ada", day=DAY)
    assert stands(signers, signature, day=date(2026, 11, 19))


@pytest.mark.parametrize(
    ("option", "first", "last"),
    [
        ('valid-after="20261118"', 18, 30),
        ('valid-after="20261118Z"', 18, 30),
        ('valid-after="202611180001"', 19, 30),
        ('valid-after="20261118000000Z"', 18, 30),
        ('valid-before="20261118"', 1, 17),
        ('valid-before="20261118000001"', 1, 17),
        ('valid-before="20261118235959"', 1, 17),
        ('valid-before="20261119",valid-after="20261118"', 18, 18),
        ('valid-after="202611181200",valid-before="202611191200"', 1, 0),
    ],
)
def test_a_key_is_valid_on_whole_days(signers_of, signature, option, first, last):
    signers = signers_of(f"* {option} {KEY}")
    days = [day for day in range(1, 31) if stands(signers, signature, day=date(2026, 11, day))]
    assert days == list(range(first, last + 1))


def test_one_line_that_lets_it_is_enough_and_lines_do_not_mix(signers_of, signature):
    expired, foreign = f'* valid-before="20200101" {KEY}', f'* namespaces="git" {KEY}'
    assert not stands(signers_of(f"{expired}\n{foreign}\nbo {KEY}"), signature)
    assert stands(signers_of(f"{expired}\n{foreign}\nbo {KEY}\n* {KEY}"), signature)


@pytest.mark.parametrize(
    ("principals", "fits"),
    [
        ("*", True),
        ("ada@*", True),
        ("a?a@example.se", True),
        ("*.se,bo", True),
        ("ada@example.s", False),
        ("Ada@example.se", False),
        ("[a]da@example.se", False),
        ("*,!ada@*", False),
        ("!ada@*,*", False),
        ("!bo@*", False),
        ("!bo@*,*", True),
    ],
)
def test_principals_are_patterns(signers_of, signature, principals, fits):
    assert stands(signers_of(f"{principals} {KEY}"), signature) is fits


PATTERNS = st.lists(st.text("a*?![b]", min_size=1, max_size=3), min_size=1, max_size=3).map(",".join)


def openssh_accepts(folder, text, signature, signer, moment):
    (folder / "theirs").write_text(text)
    (folder / "sig").write_text(signature)
    where = ["-f", folder / "theirs", "-s", folder / "sig", "-I", signer, "-n", "riskmodel-release"]
    command = ["ssh-keygen", "-Y", "verify", *where, "-O", f"verify-time={moment}"]
    zone = {**os.environ, "TZ": "UTC"}
    return subprocess.run(command, input=MESSAGE, capture_output=True, check=False, env=zone).returncode == 0


@openssh
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(
    principals=PATTERNS,
    namespaces=st.just("riskmodel-release") | PATTERNS,
    signer=st.text("ab", min_size=1, max_size=3),
)
def test_openssh_reads_patterns_in_the_same_way(tmp_path, signers_of, signature, principals, namespaces, signer):
    text = f'{principals} namespaces="{namespaces}" {KEY}\n'
    theirs = openssh_accepts(tmp_path, text, signature, signer, "20261120")
    assert stands(signers_of(text), signature, signer) is theirs


@openssh
@pytest.mark.parametrize("option", ["valid-after", "valid-before"])
@pytest.mark.parametrize(
    "time", ["20261120Z", "202611200000", "202611200001", "20261120235959", "20261121", "20261119"]
)
def test_a_day_is_valid_here_when_its_first_and_last_moment_are_for_openssh(
    tmp_path, signers_of, signature, option, time
):
    text = f'* {option}="{time}" {KEY}\n'
    moments = ("20261120000000", "20261120235959")
    theirs = all(openssh_accepts(tmp_path, text, signature, "ada", moment) for moment in moments)
    # At the very second of valid-before a key still stands for OpenSSH; here it has ended.
    assert stands(signers_of(text), signature, "ada") is (theirs and time != "20261120235959")


def test_the_key_of_a_line_is_the_one_of_the_public_key_file(signers_of, tmp_path):
    path = ssh_keys.write_key(tmp_path)
    (key,) = signers_of("ada " + path.with_name("key0.pub").read_text()).keys
    assert f"ssh-ed25519 {b64encode(key.key).decode()}" == KEY


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="only POSIX has pipes in folders")
@pytest.mark.parametrize("kind", ["pipe", "device", "folder"])
def test_what_is_no_file_is_refused_and_never_waited_for(tmp_path, kind):
    os.mkfifo(tmp_path / "pipe")
    path = {"pipe": tmp_path / "pipe", "device": Path("/dev/zero"), "folder": tmp_path}[kind]
    with pytest.raises(SettingsError, match="this list of signers can't be read"):
        read_signers(path)
