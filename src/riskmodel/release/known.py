"""Which releases are published here, and one of them by its id. Standard library only."""

from pathlib import Path
from typing import Any

from riskmodel.ground.errors import BundleError
from riskmodel.release.ledger import read_ledger
from riskmodel.release.standing import PUBLISHED
from riskmodel.release.verify import intact_release


def published_ids(releases: Path) -> tuple[str, ...]:
    """The ids that the ledger has published, in order; withdrawn and expired ones too."""
    return tuple(event["release"] for event in read_ledger(releases) if event["event"] == PUBLISHED)


def published_releases(releases: Path, *, municipality: str) -> list[dict[str, Any]]:
    """Every release ever published for `municipality`, in order, withdrawn and expired ones too: to compare with."""
    found = [intact_release(releases, release_id) for release_id in published_ids(releases)]
    return [one for one in found if municipality in [entry["code"] for entry in one["municipalities"]]]


def published_release(releases: Path, release_id: str) -> dict[str, Any]:
    """The published release `release_id`, to compare with, not to use; a `BundleError` naming the known ids."""
    known = published_ids(releases)
    if release_id not in known:
        raise BundleError(
            f"models/releases: the release that was asked for is not published. Published: "
            f"{', '.join(known) or 'none'}. Name one of these."
        )
    return intact_release(releases, release_id)


def previous_release(releases: Path, release_id: str) -> dict[str, Any] | None:
    """The published release that this year's is compared with (setting release.previous); None when it is empty."""
    return published_release(releases, release_id) if release_id else None
