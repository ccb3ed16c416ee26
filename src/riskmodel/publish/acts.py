"""Gathering what has been done for a candidate: looks, approvals, signatures, documents, the report."""

from riskmodel.ground.errors import GateError
from riskmodel.ground.files import is_taken
from riskmodel.ground.settings import Settings, read_settings
from riskmodel.ground.workspace import Workspace
from riskmodel.publish.act_gates import Acts
from riskmodel.publish.books import Books
from riskmodel.publish.looks import looks_at
from riskmodel.release.signatures import signed_people
from riskmodel.release.signers import Signers, read_signers


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


def acts_for(books: Books, settings: Settings) -> Acts:
    """What has been done so far for the candidate in `books`."""
    subject, signers, documents = books.subject, signers_of(books.workspace, settings), settings.release.documents
    approvals = books.standing_approvals(subject.digest)
    return Acts(
        looks=looks_at(books, subject.protocol.raw, subject.confirmation.raw),
        approvals=approvals,
        signed=None if signers is None else signed_people(subject, approvals, signers),
        events=books.events,
        report=books.report,
        documents=books.workspace.root / documents if documents else None,
        root=books.workspace.root,
    )
