"""What a release says of the table that it rests on. Standard library only."""

from dataclasses import dataclass
from typing import Annotated, Literal

from riskmodel.ground.record_reader import AtLeast
from riskmodel.release.json_record import Digest, Positive


@dataclass(frozen=True)
class Lender:
    """A municipality whose table was borrowed."""

    code: str
    name: str


@dataclass(frozen=True)
class Moved:
    """An item, and by how many points at most an answer to it lies from the borrowed table."""

    item: str
    points: int


@dataclass(frozen=True)
class Borrowed:
    """Whose table was borrowed, by whose leave, and how far ours lies from it.

    release: the id of a release, the town's code of a summary. sha256: of SHA256SUMS, or of the file. penalty: on every
    move from it; None: their points stand as they are. freedom: degrees of freedom of the moves, 0 where they stand.
    moved: every item that moved, furthest first.
    """

    kind: Literal["release", "summary", "combination"]
    release: str
    municipalities: Annotated[tuple[Lender, ...], AtLeast(1)]
    sha256: Digest
    permission: str
    penalty: Positive | None
    freedom: float
    moved: tuple[Moved, ...]
