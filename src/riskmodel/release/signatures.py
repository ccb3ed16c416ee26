"""Whose signatures stand under a release: those of the people who approved it, and of the one who published it."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from riskmodel.ground.errors import BundleError
from riskmodel.release.approval_text import approval_text
from riskmodel.release.signers import Signers, check_signed
from riskmodel.release.subject import Subject, subject_of

NEEDED_N = 2  # different people who approve


def fingerprint_of(subject: Subject, approval: Mapping[str, Any], signers: Signers) -> str:
    """The fingerprint of the key that signed `approval`; a `BundleError` unless `signers` lets it."""
    if not approval.get("signature") or not approval.get("signer"):
        raise BundleError("The approval has no signature, and one is required. Approve with --signer and --key.")
    return check_signed(
        signers,
        approval_text(subject, approval),
        approval["signature"],
        signer=approval["signer"],
        day=date.fromisoformat(approval["date"]),
    )


def signed_people(subject: Subject, approvals: Sequence[Mapping[str, Any]], signers: Signers) -> list[str]:
    """Who approved `subject` by a signature, each with a key of their own; a wrong signature is a `BundleError`."""
    signed = [approval for approval in approvals if approval.get("signature")]
    by_key = {fingerprint_of(subject, approval, signers): approval["signer"] for approval in signed}
    return sorted(set(by_key.values()))


def check_signatures(release: Mapping[str, Any], sums: bytes, signature: str, signers: Signers) -> list[str]:
    """Who signed the published `release`: two who approved it, and the publisher, over the hashes of all its files.

    sums: the content of SHA256SUMS; signature: over it, empty without one. Anything missing is a `BundleError`.
    """
    publication = release["publication"]
    if release["format"] == 1 or not publication.get("publisher") or not signature:
        raise BundleError(f"{publication['id']}: was published unsigned, and signatures are required. Do not use it.")
    people = signed_people(subject_of(release), publication["approvals"], signers)
    if len(people) < NEEDED_N:
        raise BundleError(
            f"{publication['id']}: {len(people)} people signed it with keys of their own; {NEEDED_N} are needed. "
            "Do not use it."
        )
    published_on = date.fromisoformat(publication["date"])
    check_signed(signers, sums, signature, signer=publication["publisher"], day=published_on)
    return [*people, publication["publisher"]]
