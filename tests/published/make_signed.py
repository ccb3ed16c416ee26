"""Publish, once and for all, two signed made releases in the format of the day: `python make_signed.py FOLDER`.

The second revises the thresholds of the first alone. What this wrote when a format was closed is kept beside it; later
versions have to read those bytes, so they are never made again. From format 3 on a table has a pair.
"""

import shutil
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import release_example
from ssh_keys import no_password, public_line, write_key

from riskmodel.ground.settings import Settings
from riskmodel.ground.workspace import Workspace
from riskmodel.publish.approve import approve, draft
from riskmodel.publish.books import read_books
from riskmodel.publish.confirm import open_year, record_confirmation
from riskmodel.publish.evidence import measured_points
from riskmodel.publish.origin import settings_sha256
from riskmodel.publish.propose import propose, write_candidate
from riskmodel.publish.protocol import freeze_protocol
from riskmodel.publish.publish import publish
from riskmodel.release.signers import Pen, read_signers
from riskmodel.release.subject import approval_text

PEOPLE = {"Ada Alm": "ada@example.org", "Bo Berg": "bo@example.org"}
TODAY, INSTRUMENT = release_example.TODAY, release_example.INSTRUMENT
PAIR = ("schooling", "support")
MADE = release_example.settings(PAIR)
SETTINGS = replace(MADE, release=replace(MADE.release, require_signatures=True, allowed_signers="allowed_signers"))
FEWER_PLACES = replace(SETTINGS, policy=replace(SETTINGS.policy, capacity_share=0.2))


def main(target: Path) -> None:
    """Publish both in a folder that is thrown away, and keep the releases and the file of signers."""
    workspace = release_example.proposed(Path(tempfile.mkdtemp()))
    for number, signer in enumerate(PEOPLE.values()):
        write_key(workspace.root, number)
        with (workspace.root / "allowed_signers").open("a", encoding="utf-8") as stream:
            stream.write(f'{signer} namespaces="riskmodel-release" {public_line(number)}\n')
    _propose(workspace, SETTINGS)
    protocol_id = freeze_protocol(workspace, SETTINGS, INSTRUMENT, name="Ada Alm", today=TODAY)
    opening = open_year(workspace, protocol_id, SETTINGS, INSTRUMENT, name="Ada Alm", today=TODAY)
    measured = {0: measured_points(release_example.year(PAIR).assessment.measures)}
    record_confirmation(workspace, protocol_id, measured, opening=opening, name="Ada Alm", today=TODAY)
    _publish(workspace, SETTINGS)
    _propose(workspace, FEWER_PLACES)
    freeze_protocol(workspace, FEWER_PLACES, INSTRUMENT, name="Ada Alm", today=TODAY, revises="2026.1")
    _publish(workspace, FEWER_PLACES)
    shutil.copytree(workspace.releases, target, ignore=shutil.ignore_patterns("*.lock"))
    shutil.copy(workspace.root / "allowed_signers", target)


def _propose(workspace: Workspace, settings: Settings) -> None:
    hashes = {**release_example.candidate(PAIR)["provenance"], "settings_sha256": settings_sha256(settings)}
    write_candidate(propose([release_example.year(PAIR)], INSTRUMENT, settings, origin=hashes), workspace)


def _publish(workspace: Workspace, settings: Settings) -> None:
    signers = read_signers(workspace.root / "allowed_signers")
    subject = read_books(workspace).subject
    for number, (name, signer) in enumerate(PEOPLE.items()):
        pen = Pen(signer, workspace.root / f"key{number}", no_password)
        approval = draft(subject, name=name, role="made", decision="made", today=TODAY, signer=signer)
        signature = pen.sign(approval_text(subject, approval))
        approve(workspace, subject, approval, signature=signature, signers=signers)
    publish(
        workspace,
        settings,
        name="Ada Alm",
        today=TODAY,
        pen=Pen(PEOPLE["Ada Alm"], workspace.root / "key0", no_password),
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
