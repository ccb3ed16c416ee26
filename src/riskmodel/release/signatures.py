"""Whose signatures stand under a release: those of the people who approved it, and of the one who published it."""

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from riskmodel.ground.errors import BundleError, SettingsError, told_as
from riskmodel.ground.files import is_taken, write_bytes
from riskmodel.release.acts import Approval
from riskmodel.release.identity import thresholds_sha256
from riskmodel.release.record import Release
from riskmodel.release.signers import Signers, check_signed
from riskmodel.release.subject import Subject, subject_of

HEADING = "riskmodel approval, version 1"
NEEDED_N = 2  # different people who approve


def approval_text(subject: Subject, approval: Approval) -> bytes:
    """The text of one person's approval; the same to the byte whenever and wherever it is written."""
    lines = [
        HEADING,
        "",
        "What is approved",
        *_what(subject),
        "",
        "Who approves it",
        *(f"{key}: {_on_one_line(said or '-')}" for key, said in _who(approval).items()),
    ]
    return ("\n".join(lines) + "\n").encode()


def write_statement(path: Path, text: bytes) -> None:
    """Write an approval's `text` to `path`, over another one if need be; a `SettingsError` when anything else is there.

    Settings, keys and reports are named on command lines, too.
    """
    remedy = "Name a new file in a folder that is there."
    with told_as(SettingsError, f"--statement: {path.name} can't be written", remedy=remedy):
        if is_taken(path) and not (path.is_file() and path.read_bytes().startswith(f"{HEADING}\n".encode())):
            raise SettingsError(f"--statement: {path.name} can't be written, as something else lies there. {remedy}")
        write_bytes(path, text)


def date_of(text: bytes) -> str:
    """The date in the last line of an approval's text; empty when it is none."""
    lines = text.decode("utf-8", errors="replace").rstrip("\n").split("\n")
    return lines[-1].removeprefix("date: ") if lines[0] == HEADING else ""


def _who(approval: Approval) -> dict[str, str | None]:
    return {
        "name": approval.name,
        "signer": approval.signer,
        "role": approval.role,
        "decision": approval.decision,
        "date": approval.date,
    }


def _what(subject: Subject) -> Iterator[str]:
    candidate, confirmation, hashes = subject.candidate, subject.confirmation, subject.hashes
    for municipality in candidate.municipalities:
        yield f"municipality: {municipality.code} {_on_one_line(municipality.name)}"
    yield f"outcome: {candidate.outcome.name}"
    for landmark in candidate.landmarks:
        flag, band = landmark.thresholds.flag, landmark.thresholds.band
        borderline = f", {band[0]} to {band[1]} borderline" if band else ""
        yield f"flag at month {landmark.month}: {'none' if flag is None else f'from {flag} points{borderline}'}"
    yield f"equation: {candidate.equation_sha256}"
    yield f"thresholds: {thresholds_sha256(candidate)}"
    passed = "passed" if confirmation.passed else "NOT passed"
    yield f"year {confirmation.year}, look {confirmation.opening}: {passed}"
    for waiver in candidate.waivers:
        words = " ".join((waiver.gate, waiver.column)).strip()
        yield f"waiver of {words} until {waiver.until}, by {_on_one_line(waiver.name)}: " + _on_one_line(waiver.reason)
    yield f"candidate: {hashes['candidate']}"
    yield f"protocol {subject.protocol_id}: {hashes['protocol']}"
    yield f"confirmation: {hashes['confirmation']}"
    for name, sha256 in sorted(subject.report.items()):
        yield f"report file {name}: {sha256}"
    yield f"all of it: {subject.digest}"


def _on_one_line(text: str) -> str:
    return " ".join(str(text).split())


def fingerprint_of(subject: Subject, approval: Approval, signers: Signers) -> str:
    """The fingerprint of the key that signed `approval`; a `BundleError` unless `signers` lets it."""
    if not approval.signature or not approval.signer:
        raise BundleError("The approval has no signature, and one is required. Approve with --signer and --key.")
    return check_signed(
        signers,
        approval_text(subject, approval),
        approval.signature,
        signer=approval.signer,
        day=date.fromisoformat(approval.date),
    )


def signed_people(subject: Subject, approvals: Sequence[Approval], signers: Signers) -> list[str]:
    """Who approved `subject` by a signature, each with a key of their own; a wrong signature is a `BundleError`."""
    signed = [approval for approval in approvals if approval.signature]
    by_key = {fingerprint_of(subject, approval, signers): approval.signer or "" for approval in signed}
    return sorted(set(by_key.values()))


def check_signatures(release: Release, sums: bytes, signature: str, signers: Signers) -> list[str]:
    """Who signed the published `release`: two who approved it, and the publisher, over the hashes of all its files.

    sums: the content of SHA256SUMS; signature: over it, empty without one. Anything missing is a `BundleError`.
    """
    publication = release.published
    if release.format == 1 or not publication.publisher or not signature:
        raise BundleError(f"{publication.id}: was published unsigned, and signatures are required. Do not use it.")
    people = signed_people(subject_of(release, publication), publication.approvals, signers)
    if len(people) < NEEDED_N:
        raise BundleError(
            f"{publication.id}: {len(people)} people signed it with keys of their own; {NEEDED_N} are needed. "
            "Do not use it."
        )
    published_on = date.fromisoformat(publication.date)
    check_signed(signers, sums, signature, signer=publication.publisher, day=published_on)
    return [*people, publication.publisher]
