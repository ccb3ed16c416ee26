"""Who approved what: one file a person, bound by a hash, and if need be a signature, to all that it rests on."""

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from riskmodel.ground.errors import GateError, told_as
from riskmodel.ground.files import sha256_of_bytes, write_json
from riskmodel.ground.record_reader import Json
from riskmodel.ground.workspace import Workspace
from riskmodel.publish.candidate import load_candidate, report_files
from riskmodel.publish.confirmation import confirmation_of
from riskmodel.publish.protocol import load_protocol, named, protocol_of
from riskmodel.release.acts import Approval, Confirmation, Protocol
from riskmodel.release.approval_text import approval_text
from riskmodel.release.bundle import parse_json, read_file
from riskmodel.release.consistency import check_signed_by_somebody
from riskmodel.release.json_record import has_unseen, read_record
from riskmodel.release.protocol_keys import differences
from riskmodel.release.signatures import fingerprint_of
from riskmodel.release.signers import Signers
from riskmodel.release.sshsig import sign, signed_by
from riskmodel.release.subject import Subject
from riskmodel.release.verify import intact_release

KNOWN = {"name", "role", "decision", "date", "digest", "signer", "signature"}
KEPT_BY_REVISION = {"settings", "run", "thresholds"}  # what a revision may change of what was confirmed


@dataclass(frozen=True)
class Pen:
    """What somebody signs with. signer: their name in the file of allowed signers; key: an OpenSSH key file."""

    signer: str
    key: Path
    ask_password: Callable[[], str]

    def sign(self, message: bytes) -> str:
        """The armoured signature over `message`."""
        return sign(message, self.key, ask_password=self.ask_password)


def load_subject(workspace: Workspace) -> Subject:
    """The present candidate with the protocol it follows, its confirmation and its report; else a `GateError`."""
    candidate = load_candidate(workspace)
    protocol_id = protocol_of(workspace, candidate)
    protocol = load_protocol(workspace, protocol_id)
    confirmation = _confirmation(workspace, protocol_id, protocol)
    different = set(differences(protocol, confirmation.get("evaluated", {})))
    if different - (KEPT_BY_REVISION if protocol["revises"] else set()):
        raise GateError(
            f"G1: what was confirmed is not what protocol {protocol_id} froze ({', '.join(sorted(different))}). "
            "Run `riskmodel confirm`."
        )
    report = {name: sha256_of_bytes(content) for name, content in report_files(workspace).items()}
    return Subject(
        candidate,
        protocol_id,
        read_record(Protocol, protocol, where="protocol.json"),
        read_record(Confirmation, confirmation, where="confirmation.json"),
        report,
    )


def draft(subject: Subject, *, name: str, role: str, decision: str, today: date, signer: str = "") -> Approval:
    """An approval of `subject` that nobody has given yet. decision: where it is on record; signer: see `Pen`."""
    stated = {"name": named(name), "role": " ".join(role.split()), "decision": " ".join(decision.split())}
    unseen = [f"--{option}" for option, said in {**stated, "signer": signer}.items() if has_unseen(said)]
    if unseen:
        raise GateError(f"{', '.join(unseen)}: holds characters that can't be seen. Type it again by hand.")
    if not stated["role"] or not stated["decision"]:
        raise GateError("An approval needs a role and a reference to the decision. Add --role and --decision.")
    approval = {**stated, "date": today.isoformat(), "digest": subject.digest}
    return _approval({**approval, "signer": signer} if signer else approval, where="approval")


def approve(
    workspace: Workspace,
    subject: Subject,
    approval: Approval,
    *,
    signature: str = "",
    signers: Signers | None = None,
) -> Approval:
    """Put one person's `approval` of `subject` on file and return it.

    signature: over `approval_text`. signers: whose signatures count; with them, nothing else is taken.
    """
    given = (
        replace(approval, signature=signature, raw={**approval.raw, "signature": signature}) if signature else approval
    )
    if signers is not None:
        fingerprint_of(subject, given, signers)
    elif signature:
        signed_by(approval_text(subject, given), signature)
    remedy = "Nothing was approved. Make it a folder that can be written, then approve again."
    with told_as(GateError, "models/candidates/approvals: can't be written", remedy=remedy):
        write_json(workspace.approvals / f"{_person(given.name)}.json", given.raw)
    return given


def load_approvals(workspace: Workspace) -> list[Approval]:
    """Every approval on file, by name; a damaged one is a `BundleError`."""
    paths = sorted(workspace.approvals.glob("*.json")) if workspace.approvals.is_dir() else []
    return sorted(map(_read_approval, paths), key=lambda approval: approval.name)


def _read_approval(path: Path) -> Approval:
    where = f"{path.parent.name}/{path.name}"
    approval = _approval(parse_json(read_file(path), where=where), where=where)
    unknown_n = len(set(approval.raw) - KNOWN)
    if unknown_n or named(approval.name) != approval.name or not approval.role or not approval.decision:
        raise GateError(f"{where}: was not given by `riskmodel approve`. Remove the file and approve again.")
    return approval


def _approval(value: Json, *, where: str) -> Approval:
    approval = read_record(Approval, value, where=where)
    check_signed_by_somebody(approval, where=where)
    return approval


def standing_approvals(approvals: Sequence[Approval], digest: str) -> list[Approval]:
    """The approvals of what has this `digest`, one a person."""
    by_person = {_person(approval.name): approval for approval in approvals if approval.digest == digest}
    return sorted(by_person.values(), key=lambda approval: approval.name)


def _confirmation(workspace: Workspace, protocol_id: str, protocol: Mapping[str, Any]) -> dict[str, Any]:
    """What was confirmed under a protocol, or under that of the release it revises."""
    if protocol["revises"]:
        revised = intact_release(workspace.releases, protocol["revises"])
        protocol_id = str(revised.published.confirmation.raw["protocol"])
    confirmation = confirmation_of(workspace, protocol_id)
    if confirmation is None:
        raise GateError(f"G1: not confirmed under protocol {protocol_id}. Run `riskmodel confirm`.")
    return confirmation


def _person(name: str) -> str:
    """The same for every way of writing a name that differs in case or space; safe as a file name."""
    same = unicodedata.normalize("NFKC", " ".join(name.split())).casefold()
    return sha256_of_bytes(same.encode())[:16]
