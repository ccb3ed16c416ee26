"""What was withdrawn may not come back: not under another number, and not in another format. Standard library only."""

from collections.abc import Sequence, Set
from pathlib import Path

from riskmodel.ground.errors import GateError
from riskmodel.release.formats import POINTS_ALONE
from riskmodel.release.identity import equation_sha256, points_identity, thresholds_sha256
from riskmodel.release.record import Release
from riskmodel.release.standing import (
    EQUATION,
    PUBLISHED,
    Line,
    condemned_equations,
    condemned_thresholds,
    withdrawn_releases,
)
from riskmodel.release.verify import intact_release


def check_not_condemned(candidate: Release, releases: Path, events: Sequence[Line]) -> None:
    """Refuse (`GateError`) a candidate whose points, or points with thresholds, were withdrawn, in whatever format.

    A condemned release of an early format is opened to be compared with; a damaged one is a `BundleError`.
    """
    if _gives_withdrawn_points(candidate, releases, events):
        raise GateError(
            "The candidate gives the very points that were withdrawn; the reason stands in the ledger. Train a new one."
        )
    if _has_withdrawn_thresholds(candidate, releases, events):
        raise GateError(
            "The candidate has the very thresholds that were withdrawn; the reason stands in the ledger. Change the "
            "demands they follow from, or train a new one."
        )


def _gives_withdrawn_points(candidate: Release, releases: Path, events: Sequence[Line]) -> bool:
    """Whether the points of `candidate` were withdrawn as such, in whatever format."""
    condemned = condemned_equations(events)
    early = _early(releases, events, condemned)
    return equation_sha256(candidate) in condemned or points_identity(candidate) in map(points_identity, early)


def _has_withdrawn_thresholds(candidate: Release, releases: Path, events: Sequence[Line]) -> bool:
    condemned = condemned_thresholds(events)
    early = _early(releases, events, {equation for equation, _ in condemned})
    own = equation_sha256(candidate), thresholds_sha256(candidate)
    return own in condemned or _decisions(candidate) in map(_decisions, early)


def _early(releases: Path, events: Sequence[Line], condemned: Set[str]) -> list[Release]:
    """The withdrawn releases of formats that held the equation whose hash is `condemned`."""
    gone = withdrawn_releases(events) if condemned else []
    lines = [line for line in events if line["event"] == PUBLISHED and line["release"] in gone]
    opened = [intact_release(releases, line["release"]) for line in lines if line.get(EQUATION, "") in {"", *condemned}]
    return [one for one in opened if one.format < POINTS_ALONE and equation_sha256(one) in condemned]


def _decisions(release: Release) -> tuple[str, list[tuple[int, int | None, tuple[int, int] | None]]]:
    """The points, with the flag and band of every table; the risk at a flag is rounded otherwise in every format."""
    flags = [(one.month, one.thresholds.flag, one.thresholds.band) for one in release.landmarks]
    return points_identity(release), flags
