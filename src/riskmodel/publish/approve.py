"""Who approved what: one file a person, bound by a hash, and if need be a signature, to all that it rests on."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from riskmodel.ground.errors import GateError, told_as
from riskmodel.ground.files import write_json
from riskmodel.ground.workspace import Workspace
from riskmodel.publish.books import person
from riskmodel.publish.names import named
from riskmodel.release.approval_text import approval_text
from riskmodel.release.shape import has_unseen
from riskmodel.release.signatures import fingerprint_of
from riskmodel.release.signers import Signers
from riskmodel.release.sshsig import sign, signed_by
from riskmodel.release.subject import Subject


@dataclass(frozen=True)
class Pen:
    """What somebody signs with. signer: their name in the file of allowed signers; key: an OpenSSH key file."""

    signer: str
    key: Path
    ask_password: Callable[[], str]

    def sign(self, message: bytes) -> str:
        """The armoured signature over `message`."""
        return sign(message, self.key, ask_password=self.ask_password)


def draft(subject: Subject, *, name: str, role: str, decision: str, today: date, signer: str = "") -> dict[str, Any]:
    """An approval of `subject` that nobody has given yet. decision: where it is on record; signer: see `Pen`."""
    stated = {"name": named(name), "role": " ".join(role.split()), "decision": " ".join(decision.split())}
    unseen = [f"--{option}" for option, said in {**stated, "signer": signer}.items() if has_unseen(said)]
    if unseen:
        raise GateError(f"{', '.join(unseen)}: holds characters that can't be seen. Type it again by hand.")
    if not stated["role"] or not stated["decision"]:
        raise GateError("An approval needs a role and a reference to the decision. Add --role and --decision.")
    approval = {**stated, "date": today.isoformat(), "digest": subject.digest}
    return {**approval, "signer": signer} if signer else approval


def approve(
    workspace: Workspace,
    subject: Subject,
    approval: Mapping[str, Any],
    *,
    signature: str = "",
    signers: Signers | None = None,
) -> dict[str, Any]:
    """Put one person's `approval` of `subject` on file and return it.

    signature: over `approval_text`. signers: whose signatures count; with them, nothing else is taken.
    """
    given = {**approval, "signature": signature} if signature else dict(approval)
    if signers is not None:
        fingerprint_of(subject, given, signers)
    elif signature:
        signed_by(approval_text(subject, given), signature)
    remedy = "Nothing was approved. Make it a folder that can be written, then approve again."
    with told_as(GateError, "models/candidates/approvals: can't be written", remedy=remedy):
        write_json(workspace.approvals / f"{person(given['name'])}.json", given)
    return given
