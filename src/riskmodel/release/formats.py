"""The formats of a release, and the gates that each was published under. Standard library only.

What is published never changes, so the gates of a format don't either: a release is held against its own format's,
however many a later format has.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class GateRules:
    """The gates of one format. when_publishing: those a candidate leaves open, for what people do before publishing.

    waivable: what a named person may answer for, for a time; never a wrong number.
    """

    ids: tuple[str, ...]
    when_publishing: tuple[str, ...]
    waivable: tuple[str, ...]


THIRTEEN = GateRules(
    ids=tuple(f"G{number}" for number in range(1, 14)),
    when_publishing=("G1", "G10", "G11", "G12", "G13"),
    waivable=("G1", "G8", "G10", "G12", "G13"),
)
GATES_OF_FORMAT = {2: THIRTEEN, 3: THIRTEEN}
FORMAT = 3  # of the releases that this version makes
KNOWN_FORMATS = (1, *GATES_OF_FORMAT)  # 1: without the equation's hash and what publishing has recorded since
POINTS_ALONE = 3  # the first format that holds nothing of the equation but points and short errors


def present_gates() -> GateRules:
    """The gates of the releases that this version makes."""
    return GATES_OF_FORMAT[FORMAT]
