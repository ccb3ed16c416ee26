"""Who approved what: one file a person, bound by a hash to the candidate, protocol, confirmation and report."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from riskmodel.errors import GateError
from riskmodel.provenance import canonical_json, sha256_of_bytes, write_json
from riskmodel.release.bundle import candidate_sha256, parse_json, read_file
from riskmodel.release.candidate import load_candidate, report_files, signed_digest
from riskmodel.release.confirmation import confirmation_of
from riskmodel.release.contents import APPROVAL
from riskmodel.release.protocol import load_protocol, named, protocol_of
from riskmodel.workspace import Workspace

NEEDED_N = 2  # different people


@dataclass(frozen=True)
class Subject:
    """What is approved: a candidate with the evidence it rests on. digest: the one hash over all of it."""

    candidate: dict[str, Any]
    protocol_id: str
    protocol: dict[str, Any]
    confirmation: dict[str, Any]
    report: Mapping[str, bytes]
    digest: str


def load_subject(workspace: Workspace) -> Subject:
    """The present candidate with the protocol it follows, its confirmation and its report; else a `GateError`."""
    candidate = load_candidate(workspace)
    protocol_id = protocol_of(workspace, candidate)
    if protocol_id is None:
        raise GateError("G1: no protocol fixed what this candidate was made from. Run `riskmodel protocol`.")
    protocol, confirmation = load_protocol(workspace, protocol_id), confirmation_of(workspace, protocol_id)
    if confirmation is None:
        raise GateError(f"G1: not confirmed under protocol {protocol_id}. Run `riskmodel confirm`.")
    report = report_files(workspace)
    digest = signed_digest(
        candidate=candidate_sha256(candidate),
        protocol=sha256_of_bytes(canonical_json(protocol)),
        confirmation=sha256_of_bytes(canonical_json(confirmation)),
        report=report,
    )
    return Subject(candidate, protocol_id, protocol, confirmation, report, digest)


def approve(workspace: Workspace, *, name: str, role: str, decision: str, today: date) -> dict[str, Any]:
    """Write one person's approval of the present candidate and return it. decision: where it is on record."""
    subject = load_subject(workspace)
    stated = {"name": named(name), "role": " ".join(role.split()), "decision": " ".join(decision.split())}
    if not stated["role"] or not stated["decision"]:
        raise GateError("An approval needs a role and a reference to the decision. Add --role and --decision.")
    approval = {**stated, "date": today.isoformat(), "digest": subject.digest}
    write_json(workspace.approvals / f"{_person(stated['name'])}.json", approval)
    return approval


def load_approvals(workspace: Workspace) -> list[dict[str, Any]]:
    """Every approval on file, by name; a damaged one is a `BundleError`."""
    paths = sorted(workspace.approvals.glob("*.json")) if workspace.approvals.is_dir() else []
    approvals = [parse_json(read_file(path), where=path.name) for path in paths]
    for approval in approvals:
        APPROVAL(approval, "approval")
    return sorted(approvals, key=lambda approval: approval["name"])


def standing_approvals(approvals: Sequence[Mapping[str, Any]], digest: str) -> list[Mapping[str, Any]]:
    """The approvals of what has this `digest`, one a person."""
    by_person = {_person(approval["name"]): approval for approval in approvals if approval["digest"] == digest}
    return sorted(by_person.values(), key=lambda approval: approval["name"])


def _person(name: str) -> str:
    """The same for every way of writing a name that differs in case or space; safe as a file name."""
    same = unicodedata.normalize("NFKC", " ".join(name.split())).casefold()
    return sha256_of_bytes(same.encode())[:16]
