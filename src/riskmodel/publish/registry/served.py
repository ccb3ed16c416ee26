"""What a server of releases checks before every answer: all that `riskmodel verify` does in the project's folder.

A server may run past a release's last day and over its withdrawal, so nothing that was found once is relied on.
"""

import os
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from riskmodel.ground.errors import BundleError
from riskmodel.ground.files import sha256_of_bytes
from riskmodel.ground.workspace import Workspace
from riskmodel.publish import REFUSALS
from riskmodel.publish.books import signers_here
from riskmodel.release.bundle import load_release_file, read_file
from riskmodel.release.ledger import LEDGER
from riskmodel.release.record import Release
from riskmodel.release.signers import Signers, read_signers
from riskmodel.release.verify import verify_release

PROJECT_VARIABLE, SIGNERS_VARIABLE = "RISKMODEL_PROJECT", "RISKMODEL_SIGNERS"
EVALUATION = "evaluation"


def served_release(
    file: Path, config: Mapping[str, object], *, today: date, municipality: str | None = None
) -> Release:
    """The published release in `file`, which must be what the ledger's folder holds, and usable `today`.

    config: release_sha256, the hash of the file when it was logged. The project's folder, with `models/releases`, is
    the one that RISKMODEL_PROJECT names, else the present one.
    """
    if sha256_of_bytes(read_file(file)) != config.get("release_sha256"):
        raise BundleError(REFUSALS["not_as_logged"].filled(file=file.name))
    release = load_release_file(file)
    release_id = release.published.id
    workspace = Workspace(Path(os.environ.get(PROJECT_VARIABLE) or ""))
    _check_ledger(workspace.releases / LEDGER)
    signers = _signers(workspace)
    verified = verify_release(workspace.releases, release_id, today=today, municipality=municipality, signers=signers)
    if release.raw != verified.raw:
        raise BundleError(REFUSALS["logged_another"].filled(release=release_id))
    return verified


def check_purpose(purpose: str) -> None:
    """Refuse (`BundleError`) any purpose but evaluation: advice abstains, explains, looks one person up."""
    if purpose != EVALUATION:
        raise BundleError(REFUSALS["served_to_evaluate"].filled(purpose=EVALUATION))


def _check_ledger(ledger: Path) -> None:
    if not ledger.exists():
        raise BundleError(REFUSALS["no_ledger_to_ask"].filled(variable=PROJECT_VARIABLE))


def _signers(workspace: Workspace) -> Signers | None:
    """Whose signatures count: those of the file RISKMODEL_SIGNERS, else of the project's settings where it has any."""
    if named := os.environ.get(SIGNERS_VARIABLE):
        return read_signers(Path(named))
    return signers_here(workspace)
