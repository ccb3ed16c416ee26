"""Gathering what has been done for a candidate: looks, approvals, signatures, documents, the report."""

from collections.abc import Mapping, Sequence
from typing import Any

from riskmodel.ground.errors import GateError
from riskmodel.ground.files import is_taken, sha256_of_bytes
from riskmodel.ground.settings import Settings, read_settings
from riskmodel.ground.workspace import Workspace
from riskmodel.publish.act_gates import Acts
from riskmodel.publish.approve import load_approvals, standing_approvals
from riskmodel.publish.candidate import report_files
from riskmodel.publish.looks import looks_at
from riskmodel.release.signatures import signed_people
from riskmodel.release.signers import Signers, read_signers
from riskmodel.release.subject import Subject


def signers_of(workspace: Workspace, settings: Settings) -> Signers | None:
    """The people whose signatures count here; None where the settings require none."""
    if not settings.release.require_signatures:
        return None
    if not settings.release.allowed_signers:
        raise GateError("Signatures are required, but nobody may sign: set release.allowed_signers in params.toml.")
    return read_signers(workspace.root / settings.release.allowed_signers)


def signers_here(workspace: Workspace) -> Signers | None:
    """The people whose signatures count by the project's settings; None where it has none at all.

    Works where there are no settings: a release is used in places that train none. Settings that can't be read free
    nobody from signing.
    """
    return signers_of(workspace, read_settings(workspace.params)) if is_taken(workspace.params) else None


def acts_for(workspace: Workspace, settings: Settings, subject: Subject, events: Sequence[Mapping[str, Any]]) -> Acts:
    """What has been done for `subject` so far. events: the ledger's."""
    approvals = standing_approvals(load_approvals(workspace), subject.digest)
    report = report_files(workspace)
    if {name: sha256_of_bytes(content) for name, content in report.items()} != subject.report:
        raise GateError("The report changed while it was read. Nothing was published; try again.")
    signers, documents = signers_of(workspace, settings), settings.release.documents
    return Acts(
        looks=looks_at(workspace, events, subject.protocol.raw, subject.confirmation.raw),
        approvals=approvals,
        signed=None if signers is None else signed_people(subject, approvals, signers),
        events=events,
        report=report,
        documents=workspace.root / documents if documents else None,
        root=workspace.root,
    )
