"""What publishing adds so that a release's folder answers an auditor alone.

Whom to ask, which commit the project's folder stands at, what was asked and what the ledger said until then.
"""

import subprocess
from collections.abc import Mapping
from pathlib import Path

import riskmodel
from riskmodel.extracts.personal_numbers import holds_personal_number
from riskmodel.ground.errors import GateError, why
from riskmodel.ground.files import sha256_of_bytes
from riskmodel.ground.record_reader import Json
from riskmodel.ground.settings import Settings
from riskmodel.ground.text import Text, listed
from riskmodel.publish import REFUSALS
from riskmodel.publish.books import Books
from riskmodel.publish.origin import CONTACT
from riskmodel.release.bundle import read_file
from riskmodel.release.json_record import has_unseen
from riskmodel.release.published import INSTRUMENT, LEDGER_LINES, ledger_lines

HEAD = "# branch.oid "
NONE_YET = "(initial)"


def contact_of(settings: Settings) -> dict[str, Json]:
    """Whom to ask, where to complain and who says what was withdrawn; a `GateError` where one of them is not said."""
    told = {key: " ".join(getattr(settings.release, key).split()) for key in CONTACT}
    lacking = [key for key, said in told.items() if not said or has_unseen(said)]
    if lacking:
        raise GateError(
            REFUSALS["no_contact"].filled(
                file=settings.source, n=len(lacking), keys=", ".join(CONTACT), empty=", ".join(lacking)
            )
        )
    return {**told}


def made_by(root: Path, *, but: Path) -> Mapping[str, Json]:
    """The version and the commit that publish from the project in `root`. but: a folder that may lie there already."""
    return {"version": riskmodel.__version__, "commit": commit_of(root, but=but)}


def papers_beside(books: Books, settings: Settings) -> dict[str, bytes]:
    """The instrument that the candidate was made with and the ledger as it stands, name to content."""
    instrument = read_file(books.workspace.root / settings.delivery.instrument)
    if sha256_of_bytes(instrument) != books.candidate.provenance.raw["instrument_sha256"]:
        raise GateError(REFUSALS["instrument_changed"])
    if holds_personal_number(instrument.decode(errors="replace")):
        raise GateError(REFUSALS["number_in_instrument"])
    return {INSTRUMENT: instrument, LEDGER_LINES: ledger_lines(books.ledger.lines)}


def commit_of(root: Path, *, but: Path) -> str:
    """The commit of the git checkout in `root`; a `GateError` without one, or where files are not as it has them.

    but: a folder below `root` that may be there all the same. Files that git ignores are not asked for.
    """
    told = _asked(root, but=but.relative_to(root))
    commit = next(line.removeprefix(HEAD) for line in told if line.startswith(HEAD))
    if commit == NONE_YET:
        raise _no_commit(REFUSALS["nothing_committed"])
    changed_n = sum(not line.startswith("#") for line in told)
    if changed_n:
        raise GateError(REFUSALS["not_committed"].filled(n=changed_n))
    return commit


def _asked(root: Path, *, but: Path) -> list[str]:
    """What git says of `root`: lines on the commit, which begin with #, then one a changed or unknown file."""
    state = ("status", "--porcelain=v2", "--branch", "--untracked-files=all", "--", ".", f":(exclude){but.as_posix()}")
    try:
        done = subprocess.run(("git", "--no-optional-locks", *state), cwd=root, capture_output=True, check=False)
    except OSError as error:
        raise _no_commit(listed(("git", why(error)), ": ")) from None
    if done.returncode:
        raise _no_commit(done.stderr.decode(errors="replace").partition("\n")[0])
    return done.stdout.decode(errors="replace").splitlines()


def _no_commit(reason: str | Text) -> GateError:
    return GateError(REFUSALS["no_commit"].filled(reason=reason))
