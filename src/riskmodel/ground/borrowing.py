"""`[model.prior]`: the published table that a town's fit starts from, and how its answers are found there."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated

from riskmodel.ground.errors import SettingsError
from riskmodel.ground.limits import Limits
from riskmodel.ground.text import REFUSALS

NO_KEY = "table"  # of the settings file: it is read from the release


@dataclass(frozen=True)
class PriorItem:
    """What the other table calls an item of ours (empty: the same), and our answers that it names otherwise."""

    id: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class PriorTable:
    """A borrowed table at one landmark: whose it is, and what it gives our answers.

    kind: "release", "summary" or "combination". release: its id, of a summary its town's code. municipalities: code to
    name. sha256: of its SHA256SUMS, or of the file. r2: its corrected Cox–Snell R², None where
    it does not say. logodds: by item, for every answer that can be given, no answer last. unmatched: by item, how many
    of our answers it does not have, where it has others.
    """

    kind: str
    release: str
    municipalities: Mapping[str, str]
    sha256: str
    r2: Annotated[float | None, Limits(0, 1)]
    logodds: Mapping[str, tuple[float, ...]]
    unmatched: Mapping[str, int]


@dataclass(frozen=True)
class PriorSettings:
    """Which published table to start from, how it is known to be that one, and how far ours may move from it.

    release: its folder, or the file of a summary or combination. sha256: of its SHA256SUMS, or of the file; signers: or
    the file that says whose signatures count. permission: licence or agreement under which it is used. only_intercept:
    its points stay as they are. table: the one at hand.
    """

    release: str
    sha256: str = ""
    signers: str = ""
    permission: str = ""
    only_intercept: bool = False
    items: Mapping[str, PriorItem] = field(default_factory=dict)
    table: PriorTable | None = None

    @property
    def at_hand(self) -> PriorTable:
        """The table that was read from the release; a `SettingsError` where nobody has read it."""
        if self.table is None:
            raise SettingsError(REFUSALS["prior_not_read"])
        return self.table
