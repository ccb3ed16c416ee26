"""Where signatures are required nothing unsigned is published, and a folder and a file of signers prove a release."""

import shutil
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
import release_example
from ssh_keys import no_password, public_line, write_key

from riskmodel.ground.errors import BundleError, GateError
from riskmodel.ground.files import canonical_json
from riskmodel.publish.approve import approve, draft
from riskmodel.publish.books import read_books
from riskmodel.publish.confirm import open_year, record_confirmation
from riskmodel.publish.evidence import measured_points
from riskmodel.publish.origin import settings_sha256
from riskmodel.publish.protocol import freeze_protocol
from riskmodel.publish.publish import publish
from riskmodel.publish.withdraw import withdraw
from riskmodel.release.acts import Approval
from riskmodel.release.bundle import load_release_file, sums_of
from riskmodel.release.json_record import read_record
from riskmodel.release.signers import Pen, read_signers
from riskmodel.release.subject import approval_text, date_of, subject_of
from riskmodel.release.verify import verify_folder, verify_release

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]
TODAY = release_example.TODAY
PEOPLE = {"Ada Alm": "ada@kommun.se", "Bo Berg": "bo@kommun.se", "Cy Dahl": "cy@kommun.se"}
made = release_example.settings()
SETTINGS = replace(made, release=replace(made.release, require_signatures=True, allowed_signers="allowed_signers"))


def key_of(workspace, name):
    return workspace.root / "keys" / f"key{list(PEOPLE).index(name)}"


@pytest.fixture(scope="module")
def _confirmed(tmp_path_factory):
    """Confirmed under settings that ask for signatures, with a key for each of three people."""
    workspace = release_example.proposed(tmp_path_factory.mktemp("signed"))
    candidate = {**release_example.candidate()}
    candidate["provenance"] = {**candidate["provenance"], "settings_sha256": settings_sha256(SETTINGS)}
    (workspace.candidate / "release.json").write_bytes(canonical_json(candidate))
    how = {"name": "Ada", "today": TODAY}
    protocol_id = freeze_protocol(workspace, SETTINGS, release_example.INSTRUMENT, **how)
    opening = open_year(workspace, protocol_id, SETTINGS, release_example.INSTRUMENT, **how)
    measured = {0: measured_points(release_example.year().assessment.measures)}
    record_confirmation(workspace, protocol_id, measured, opening=opening, **how)
    (workspace.root / "keys").mkdir()
    lines = []
    for number, principal in enumerate(PEOPLE.values()):
        write_key(workspace.root / "keys", number)
        lines.append(f'{principal} namespaces="riskmodel-release" {public_line(number)}\n')
    (workspace.root / "allowed_signers").write_text("".join(lines))
    return workspace


@pytest.fixture
def workspace(_confirmed, tmp_path):
    shutil.copytree(_confirmed.root, tmp_path / "project")
    return replace(_confirmed, root=tmp_path / "project")


def signers(workspace):
    return read_signers(workspace.root / "allowed_signers")


def pen(workspace, name, signer=None):
    return Pen(signer or PEOPLE[name], key_of(workspace, name), ask_password=no_password)


def sign(workspace, name, with_key_of=None):
    subject, whose = read_books(workspace).subject, with_key_of or name
    approval = draft(subject, name=name, role="r", decision="d", today=TODAY, signer=PEOPLE[name])
    signature = pen(workspace, whose).sign(approval_text(subject, approval))
    return approve(workspace, subject, approval, signature=signature, signers=signers(workspace))


def put_out(workspace, publisher="Ada Alm"):
    return publish(workspace, SETTINGS, name=publisher, today=TODAY, pen=pen(workspace, publisher))


@pytest.fixture
def signed(workspace):
    sign(workspace, "Ada Alm"), sign(workspace, "Bo Berg")
    put_out(workspace)
    return workspace


def test_two_sign_one_publishes_and_the_folder_with_the_file_of_signers_is_proof_enough(signed, tmp_path):
    assert verify_release(signed.releases, "2026.1", today=TODAY, signers=signers(signed))
    alone = tmp_path / "handed-over"
    shutil.copytree(signed.releases / "2026.1", alone)
    release = verify_folder(alone, signers=signers(signed), today=TODAY)
    assert release.published.publisher == "ada@kommun.se"
    with pytest.raises(BundleError, match="expired"):
        verify_folder(alone, signers=signers(signed), today=TODAY + timedelta(days=9999))


def test_a_mark_beside_a_folder_that_is_verified_alone_is_seen(signed):
    withdraw(signed, "2026.1", reason="r", name="Bo", today=TODAY)
    for name in ("LEDGER", "LEDGER.head"):
        (signed.releases / name).unlink()
    with pytest.raises(BundleError, match="2026.1: was withdrawn"):
        verify_folder(signed.releases / "2026.1", signers=signers(signed), today=TODAY)


def test_what_is_signed_can_be_read_and_written_again_from_the_release(signed):
    release = load_release_file(signed.releases / "2026.1" / "release.json")
    for approval in release.published.approvals:
        text = approval_text(subject_of(release, release.published), approval).decode()
        for said in (release.equation_sha256, release.published.candidate_sha256, approval.digest):
            assert said in text
        assert f"name: {approval.name}" in text and f"signer: {approval.signer}" in text
        assert "flag at month 0: from 49 points, 46 to 54 borderline" in text and "look 1: passed" in text
        assert "waiver of G12 until 2029-12-31, by Bo Berg, manager: made for tests" in text
        assert date_of(text.encode()) == TODAY.isoformat()


def test_nothing_unsigned_is_approved_or_published(workspace):
    subject = read_books(workspace).subject
    unsigned = draft(subject, name="Ada Alm", role="r", decision="d", today=TODAY)
    with pytest.raises(BundleError, match="has no signature"):
        approve(workspace, subject, unsigned, signers=signers(workspace))
    approve(workspace, subject, unsigned), sign(workspace, "Bo Berg")  # put on file by other means
    with pytest.raises(GateError, match="G11"):
        put_out(workspace)
    sign(workspace, "Ada Alm")
    with pytest.raises(GateError, match="Publish with --signer and --key"):
        publish(workspace, SETTINGS, name="Ada", today=TODAY)
    assert not (workspace.releases / "2026.1").exists()
    assert put_out(workspace).is_new


def test_one_person_with_two_names_or_with_anothers_key_is_one_person(workspace):
    sign(workspace, "Ada Alm")
    with pytest.raises(BundleError, match="is not one of 'bo@kommun.se'"):
        sign(workspace, "Bo Berg", with_key_of="Ada Alm")
    subject = read_books(workspace).subject
    again = draft(subject, name="A. Alm", role="r", decision="d", today=TODAY, signer="ada@kommun.se")
    signature = pen(workspace, "Ada Alm").sign(approval_text(subject, again))
    approve(workspace, subject, again, signature=signature, signers=signers(workspace))
    with pytest.raises(GateError, match="G11"):
        put_out(workspace)


def test_two_names_for_one_key_are_one_person(workspace):
    path = workspace.root / "allowed_signers"
    path.write_text(path.read_text().replace("ada@kommun.se", "ada@kommun.se,bo@kommun.se"))
    sign(workspace, "Ada Alm"), sign(workspace, "Bo Berg", with_key_of="Ada Alm")
    with pytest.raises(GateError, match="G11"):
        put_out(workspace)


@pytest.mark.parametrize("change", ["role", "decision", "date", "name"])
def test_a_signature_fits_one_text_only(workspace, change):
    given = sign(workspace, "Ada Alm")
    other = {**given.raw, change: "2026-03-01" if change == "date" else "other"}
    unsigned = {key: value for key, value in other.items() if key != "signature"}
    with pytest.raises(BundleError, match="does not fit the text"):
        approve(workspace, read_books(workspace).subject, read_record(Approval, unsigned, where="approval"),
                signature=given.signature, signers=signers(workspace))  # fmt: skip


def forge(folder, change):
    """Change the release and set every hash in the folder right; only the signatures can't be made."""
    release = load_release_file(folder / "release.json").raw
    change(release)
    files = {path.name: path.read_bytes() for path in folder.iterdir() if not path.name.startswith("SHA256SUMS")}
    files["release.json"] = canonical_json(release)
    (folder / "release.json").write_bytes(files["release.json"])
    (folder / "SHA256SUMS").write_bytes(sums_of(files))


def test_a_forger_without_a_key_gets_no_further_than_the_publishers_signature(signed):
    folder = signed.releases / "2026.1"
    forge(folder, lambda release: release["publication"].update(valid_until="2026-12-31"))
    with pytest.raises(BundleError, match="does not fit the text"):
        verify_folder(folder, signers=signers(signed), today=TODAY)


def test_a_missing_or_changed_signature_is_refused_with_and_without_the_ledger(signed):
    path = signed.releases / "2026.1" / "SHA256SUMS.sig"
    content = path.read_bytes()
    path.write_bytes(content.replace(b"A", b"B", 1))
    with pytest.raises(BundleError, match="SHA256SUMS.sig is not the one in the ledger"):
        verify_release(signed.releases, "2026.1", today=TODAY)
    with pytest.raises(BundleError):
        verify_folder(path.parent, signers=signers(signed), today=TODAY)
    path.unlink()
    with pytest.raises(BundleError, match="SHA256SUMS.sig is not the one in the ledger"):
        verify_release(signed.releases, "2026.1", today=TODAY)
    with pytest.raises(BundleError, match="published unsigned"):
        verify_folder(path.parent, signers=signers(signed), today=TODAY)


def test_a_signer_who_is_taken_off_the_list_no_longer_counts(signed):
    path = signed.root / "allowed_signers"
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join(line for line in lines if not line.startswith("bo@")))
    with pytest.raises(BundleError, match="is not one of 'bo@kommun.se'"):
        verify_release(signed.releases, "2026.1", today=TODAY, signers=signers(signed))
    assert verify_release(signed.releases, "2026.1", today=TODAY)  # who does not ask for signatures is not told


def test_an_unsigned_release_is_refused_by_whoever_requires_signatures(published, _confirmed):
    with pytest.raises(BundleError, match="published unsigned"):
        verify_release(published.releases, "2026.1", today=TODAY, signers=signers(_confirmed))


def test_a_release_of_format_1_was_never_signed(_confirmed):
    early = ROOT / "models/releases/2026.1"
    with pytest.raises(BundleError, match="2026.1: was published unsigned"):
        verify_folder(early, signers=signers(_confirmed), today=date(2027, 3, 1))


def test_requiring_signatures_without_saying_whose_publishes_nothing(workspace):
    nobody = replace(SETTINGS, release=replace(SETTINGS.release, allowed_signers=""))
    with pytest.raises(GateError, match="set release.allowed_signers"):
        publish(workspace, nobody, name="Ada", today=TODAY)
