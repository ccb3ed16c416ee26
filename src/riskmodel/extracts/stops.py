"""What stops a run unless a named person has found it to be in order, and written that down."""

from collections.abc import Collection
from typing import NamedTuple

from riskmodel.extracts.quarantine import Finding
from riskmodel.extracts.refusals import REFUSALS
from riskmodel.ground.errors import SurveyDataError
from riskmodel.ground.text import Text, listed


class Stop(NamedTuple):
    """`n` rows of a source that can hardly be right, what about them, why by its code, and what is told of it."""

    source: str
    about: str
    reason: str
    n: int
    told: Text


def noted(stop: Stop, accepted: Collection[str]) -> Finding:
    """The stop as a note where its name is among the `accepted`; else it is raised as a `SurveyDataError`."""
    name = f"{stop.source}: {stop.about}: {stop.reason}"
    if name not in accepted:
        raise SurveyDataError(listed([stop.told, REFUSALS["may_be_accepted"].filled(note=name)], " "))
    return Finding(stop.source, stop.about, stop.reason, stop.n)
