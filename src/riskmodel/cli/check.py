"""Commands that check a release before it is used."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from riskmodel.cli.shared import WORKSPACE, SignersFile, signers_required
from riskmodel.errors import SettingsError
from riskmodel.provenance import is_taken


def verify(
    release: Annotated[
        str | None, typer.Argument(help="Its id, or its folder; the one in force when left out.")
    ] = None,
    signers: SignersFile = None,
) -> None:
    """Check hashes, ledger, signatures, validity and the release's own examples.

    A folder is checked by itself, offline: with the file of allowed signers nothing else is needed.

    Example: riskmodel verify 2026.1
    """
    from riskmodel.release.content.waivers import standing_waivers, waiver_line
    from riskmodel.release.trust.verify import release_in_force, signed_by, verify_folder, verify_release

    today, required, path = date.today(), signers_required(signers), Path(release or "")
    if release and path.name != release and is_taken(path.parent / "LEDGER"):
        folder, found = path, verify_release(path.parent, path.name, today=today, signers=required)
    elif release and path.name != release:
        if required is None:
            raise SettingsError("verify: a folder without its ledger needs --signers, the file of allowed signers.")
        folder, found = path, verify_folder(path, signers=required, today=today)
    else:
        release_id = release or release_in_force(WORKSPACE.releases, today=today)
        folder = WORKSPACE.releases / release_id
        found = verify_release(WORKSPACE.releases, release_id, today=today, signers=required)
    publication = found["publication"]
    typer.echo(f"{publication['id']}: as published, valid until {publication['valid_until']}")
    for waiver in standing_waivers(found):
        typer.echo(f"Waived: {waiver_line(waiver)}")
    if required is not None:
        *approved, published = signed_by(folder, found, required)
        typer.echo(f"Signed by those who approved it, {', '.join(approved)}, and by {published}, who published it")
    else:
        typer.echo("Signatures were not checked: that takes --signers, or a setting that requires them.")
    if folder == path and not is_taken(path.parent / "LEDGER"):
        typer.echo("Checked without its ledger: ask the municipality whether it has been withdrawn.")
