"""The commit that a project's folder stands at: what a release was made with, if nothing was changed since."""

import subprocess
from pathlib import Path

from riskmodel.ground.errors import GateError, why
from riskmodel.ground.text import Text, listed
from riskmodel.publish.refusals import REFUSALS

HEAD = "# branch.oid "
NONE_YET = "(initial)"


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
