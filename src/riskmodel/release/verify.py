"""Whether a release may be used: everything is checked, and the first thing wrong is said in one sentence.

Standard library only, read only and offline: it works from the releases folder alone.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from riskmodel.errors import BundleError
from riskmodel.provenance import sha256_of_bytes
from riskmodel.release.arithmetic import landmark_of, risk_of, sum_of_points
from riskmodel.release.bundle import (
    RELEASE_FILE,
    SUMS_FILE,
    candidate_sha256,
    check_files,
    parse_json,
    read_file,
)
from riskmodel.release.contents import check_release
from riskmodel.release.ledger import read_ledger

RELEASE_ID = re.compile(r"\d{4}\.[1-9]\d{0,5}", flags=re.ASCII)
PUBLISHED, WITHDRAWN = "published", "withdrawn"


def verify_release(releases: Path, release_id: str, *, today: date, municipality: str | None = None) -> dict[str, Any]:
    """The release `release_id`, after every check a consumer owes the people it is used on.

    releases: the folder with the ledger. municipality: the code of the one that wants to use it; None skips that check.
    """
    events = read_ledger(releases)
    line = published_line(events, release_id)
    _check_not_withdrawn(events, release_id)
    folder = releases / release_id
    if sha256_of_bytes(read_file(folder / SUMS_FILE)) != line["sums_sha256"]:
        raise BundleError(f"{release_id}: {SUMS_FILE} is not the one in the ledger. The release was changed.")
    release = parse_json(check_files(folder)[RELEASE_FILE], where=f"{release_id}/{RELEASE_FILE}")
    check_release(release)
    _check_publication(release, release_id)
    _check_municipality(release, municipality)
    _check_validity(release["publication"], today)
    check_examples(release)
    return release


def release_in_force(releases: Path, *, today: date, municipality: str | None = None) -> str:
    """The id of the youngest release that may be used `today`: a withdrawn one gives way to the one before.

    Only the ledger decides which one that is: a younger release that was tampered with is an error, never passed over.
    """
    events = read_ledger(releases)
    for event in reversed(events):
        is_usable = (
            event["event"] == PUBLISHED
            and not is_withdrawn(events, event["release"])
            and event["valid_from"] <= today.isoformat() <= event["valid_until"]
            and municipality in (None, *event["municipalities"])
        )
        if is_usable:
            return event["release"]
    raise BundleError("No release may be used today. Publish one; `riskmodel verify` says what is wrong with each.")


def published_line(events: Sequence[Mapping[str, Any]], release_id: str) -> Mapping[str, Any]:
    """The ledger's line that published `release_id`: the act of publication."""
    if not RELEASE_ID.fullmatch(release_id):
        raise BundleError("That is not the id of a release. An id is a year and a number, for example 2026.1.")
    for event in events:
        if event["event"] == PUBLISHED and event["release"] == release_id:
            return event
    raise BundleError(f"{release_id}: the ledger has no such publication. Use a release that has been published.")


def is_withdrawn(events: Sequence[Mapping[str, Any]], release_id: str) -> bool:
    """Whether the ledger says that `release_id` was withdrawn."""
    return any(event["event"] == WITHDRAWN and event["release"] == release_id for event in events)


def check_examples(release: Mapping[str, Any]) -> None:
    """Recompute the release's example records; a sum or risk that differs is a `BundleError`."""
    for number, example in enumerate(release["examples"], start=1):
        landmark = landmark_of(release, example.get("landmark", 0))
        points = sum_of_points(landmark, example["answers"])
        if points != example["sum"] or risk_of(landmark, points) != example["risk"]:
            raise BundleError(f"{RELEASE_FILE}: example {number} does not give its own numbers. Do not use it.")


def _check_not_withdrawn(events: Sequence[Mapping[str, Any]], release_id: str) -> None:
    if is_withdrawn(events, release_id):
        raise BundleError(f"{release_id}: withdrawn. Use another release; the reason stands in the ledger.")


def _check_publication(release: Mapping[str, Any], release_id: str) -> None:
    publication = release.get("publication")
    if publication is None or publication["id"] != release_id:
        raise BundleError(f"{release_id}: the folder holds another release or a candidate. Fetch the release again.")
    if publication["candidate_sha256"] != candidate_sha256(release):
        raise BundleError(f"{release_id}: what was approved is not what stands in it. Do not use the release.")


def _check_municipality(release: Mapping[str, Any], municipality: str | None) -> None:
    codes = [entry["code"] for entry in release["municipalities"]]
    if municipality is not None and municipality not in codes:
        raise BundleError(f"The release is for another municipality ({', '.join(codes)}). Use one made for yours.")


def _check_validity(publication: Mapping[str, Any], today: date) -> None:
    first, last = (date.fromisoformat(publication[key]) for key in ("valid_from", "valid_until"))
    if today < first:
        raise BundleError(f"{publication['id']}: not valid before {first}. Use the release before it until then.")
    if today > last:
        raise BundleError(f"{publication['id']}: expired on {last}. Use a younger release, or train this year's.")
