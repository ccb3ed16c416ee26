"""Who approved what: one file a person, bound by a hash, and if need be a signature, to all that it rests on."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from riskmodel.ground.errors import GateError, told_as
from riskmodel.ground.files import write_json
from riskmodel.ground.record_reader import Json
from riskmodel.ground.workspace import Workspace
from riskmodel.publish.books import named, person
from riskmodel.publish.refusals import REFUSALS
from riskmodel.release.acts import Approval
from riskmodel.release.json_record import has_unseen, read_record
from riskmodel.release.signers import Signers, signed_by
from riskmodel.release.subject import Subject, approval_text, fingerprint_of


def draft(
    subject: Subject,
    *,
    name: str,
    role: str,
    decision: str,
    today: date,
    signer: str = "",
    letter: Mapping[str, Json] | None = None,
) -> Approval:
    """An approval of `subject` that nobody has given yet.

    decision: where it is on record. signer: see `Pen`. letter: what `signed_letter` tells of the page, if it is by one.
    """
    stated = {"name": named(name), "role": " ".join(role.split()), "decision": " ".join(decision.split())}
    unseen = [f"--{option}" for option, said in {**stated, "signer": signer}.items() if has_unseen(said)]
    if unseen:
        raise GateError(REFUSALS["unseen"].filled(options=", ".join(unseen)))
    if not stated["role"] or not stated["decision"]:
        raise GateError(REFUSALS["no_role"])
    approval = {**stated, "date": today.isoformat(), "digest": subject.digest}
    by = {key: said for key, said in (("signer", signer), ("letter", letter)) if said}
    return read_record(Approval, {**approval, **by}, where="approval")


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
    given = approval
    if signature:
        given = replace(approval, signature=signature, raw={**approval.raw, "signature": signature})
    if signers is not None:
        fingerprint_of(subject, given, signers)
    elif signature:
        signed_by(approval_text(subject, given), signature)
    with told_as(GateError, REFUSALS["approvals_unwritable"]):
        write_json(workspace.approvals / f"{person(given.name)}.json", given.raw)
    return given
