"""Whether a release may be used: everything is checked, and the first thing wrong is said in one sentence.

Read only and offline: it works from the releases folder alone, or from one release's folder and a file of the people
whose signatures count. Standard library only, but for checking signatures.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from riskmodel.ground.errors import BundleError
from riskmodel.ground.files import is_taken, sha256_of_bytes
from riskmodel.release.acts import Publication
from riskmodel.release.answers import read_answers
from riskmodel.release.bundle import (
    RELEASE_FILE,
    SIGNATURE_FILE,
    SUMS_FILE,
    Seal,
    check_files,
    parse_json,
    read_file,
    read_seal,
)
from riskmodel.release.consistency import equation_sha256, read_release, thresholds_sha256
from riskmodel.release.ledger import LEDGER, read_ledger
from riskmodel.release.publication_check import check_publication
from riskmodel.release.record import Release
from riskmodel.release.signers import Signers
from riskmodel.release.standing import (
    EQUATION,
    PUBLISHED,
    THRESHOLDS,
    Line,
    clock_is_behind,
    condemned_equations,
    condemned_thresholds,
    in_force,
    is_withdrawn,
    mark_of,
    published_line,
)
from riskmodel.release.subject import check_signatures


def verify_release(
    releases: Path, release_id: str, *, today: date, municipality: str | None = None, signers: Signers | None = None
) -> Release:
    """The release `release_id`, after every check a consumer owes the people it is used on.

    releases: the folder with the ledger. municipality: the code of the one that wants to use it; None skips that check.
    signers: whose signatures count; without them no signature is asked for.
    """
    events = read_ledger(releases)
    line = published_line(events, release_id)
    if is_withdrawn(events, release_id):
        raise BundleError(f"{release_id}: withdrawn. Use another release; the reason stands in the ledger.")
    _check_unmarked(releases, release_id)
    folder = releases / release_id
    seal = _known_seal(folder, line)
    release = _intact(folder, seal, line, events)
    equation, thresholds = equation_sha256(release), thresholds_sha256(release)  # an early line does not say which
    if equation in condemned_equations(events) or (equation, thresholds) in condemned_thresholds(events):
        raise BundleError(f"{release_id}: what it says was withdrawn under another number. Use another release.")
    _check_usable(folder, release, seal, today=today, municipality=municipality, signers=signers)
    if clock_is_behind(events, today):
        raise BundleError(f"The clock says {today}, but a later release stands in {LEDGER}. Set the clock.")
    return release


def intact_release(releases: Path, release_id: str, events: Sequence[Line] | None = None) -> Release:
    """The release `release_id` as it was published, to compare with: it may be expired or withdrawn.

    events: the ledger's, where it was read before.
    """
    events = read_ledger(releases) if events is None else events
    folder, line = releases / release_id, published_line(events, release_id)
    return _intact(folder, _known_seal(folder, line), line, events)


def verify_folder(folder: Path, *, signers: Signers, today: date) -> Release:
    """The release in `folder`, by its files and signatures; a ledger knows if it was withdrawn, or a mark."""
    release = check_folder(folder)
    _check_unmarked(folder.resolve().parent, release.published.id)
    _check_usable(folder, release, read_seal(folder), today=today, municipality=None, signers=signers)
    return release


def check_folder(folder: Path, sums: bytes | None = None) -> Release:
    """The release in `folder`, whole and in agreement with itself; nothing is said of whether it may be used.

    sums: its SHA256SUMS, where that was read before.
    """
    files = check_files(folder, read_file(folder / SUMS_FILE) if sums is None else sums)
    release = read_release(parse_json(files[RELEASE_FILE], where=f"{folder.name}/{RELEASE_FILE}"))
    check_publication(release, files, where=folder.name)
    check_examples(release)
    return release


def withdrawn_beside(folder: Path, release: Release) -> bool:
    """Whether the ledger or a mark beside the `folder` of `release` says that it was withdrawn."""
    releases, release_id = folder.resolve().parent, release.published.id
    if is_taken(mark_of(releases, release_id)):
        return True
    return is_taken(releases / LEDGER) and is_withdrawn(read_ledger(releases), release_id)


def release_in_force(releases: Path, *, today: date, municipality: str | None = None) -> str:
    """The id of the youngest release that may be used `today`: a withdrawn one gives way to the one before.

    Only the ledger decides which one that is: a younger release that was tampered with is an error, never passed over.
    """
    events = read_ledger(releases)
    release_id = in_force(events, today=today, municipality=municipality)
    _check_passed_over(releases, events, chosen=release_id)
    if release_id is None:
        raise BundleError("No release may be used today. Publish one; `riskmodel verify` says what is wrong with each.")
    return release_id


def signed_by(folder: Path, release: Release, signers: Signers) -> list[str]:
    """Who signed the `release` in `folder`: those who approved it, then the publisher; else a `BundleError`."""
    return _signed_by(release, read_seal(folder), signers)


def _signed_by(release: Release, seal: Seal, signers: Signers) -> list[str]:
    return check_signatures(release, seal.sums, (seal.signature or b"").decode("utf-8", errors="replace"), signers)


def check_examples(release: Release) -> None:
    """Recompute the release's example records; a sum or risk that differs is a `BundleError`."""
    for number, example in enumerate(release.examples, start=1):
        landmark = release.landmark(example.landmark)
        answers = {**example.answers, **read_answers(release, landmark, example.answers)}
        points = landmark.sum_of_points(answers)
        if points != example.sum or landmark.risk_of(points) != example.risk:
            raise BundleError(f"{RELEASE_FILE}: example {number} does not give its own numbers. Do not use it.")


def _intact(folder: Path, seal: Seal, line: Line, events: Sequence[Line]) -> Release:
    """The release in `folder` under its known `seal`, when it is the one that `line` of the ledger published."""
    release = check_folder(folder, seal.sums)
    publication = release.published
    if publication.id != line["release"]:
        raise BundleError(f"{line['release']}: the folder holds another release. Fetch the release again.")
    _check_stated(release, line)
    _check_place_in_ledger(publication, events, line)
    return release


def _check_passed_over(releases: Path, events: Sequence[Line], *, chosen: str | None) -> None:
    """Refuse a ledger that says of a release younger than the `chosen` one what would keep it from being used."""
    for line in reversed(events):
        if line["event"] == PUBLISHED and line["release"] == chosen:
            return
        if line["event"] == PUBLISHED and not is_withdrawn(events, line["release"]):
            folder = releases / line["release"]
            _check_stated(check_folder(folder, _known_seal(folder, line).sums), line)


def _check_stated(release: Release, line: Line) -> None:
    """What the `line` that published `release` says of it is what it says itself."""
    publication = release.published
    said = {
        "release": publication.id,
        "valid_from": publication.valid_from,
        "valid_until": publication.valid_until,
        "municipalities": list(release.codes),
        "candidate_sha256": publication.candidate_sha256,
        EQUATION: equation_sha256(release),
        THRESHOLDS: thresholds_sha256(release),
    }
    other = [name for name, value in said.items() if name in line and line[name] != value]  # an early line says less
    if other:
        raise BundleError(
            f"{line['release']}: {LEDGER} says otherwise than the release itself ({', '.join(other)}). "
            "Restore LEDGER and LEDGER.head from version control."
        )


def _check_usable(
    folder: Path, release: Release, seal: Seal, *, today: date, municipality: str | None, signers: Signers | None
) -> None:
    if signers is not None:
        _signed_by(release, seal, signers)
    elif release.published.publisher and seal.signature is None:
        raise BundleError(f"{folder.name}: says that it was signed, and has no signature. Fetch the release again.")
    _check_municipality(release, municipality)
    _check_validity(release.published, today)


def _check_unmarked(releases: Path, release_id: str) -> None:
    """Refuse a release beside which a mark lies that its ledger, asked before this, does not explain."""
    if is_taken(mark_of(releases, release_id)):
        raise BundleError(
            f"{release_id}: was withdrawn, and {LEDGER} does not say so. Restore it from version control."
        )


def _known_seal(folder: Path, line: Line) -> Seal:
    """The seal of the release in `folder`, when it is the one that `line` of the ledger knows."""
    seal = read_seal(folder)
    stated = {SUMS_FILE: line["sums_sha256"], SIGNATURE_FILE: line.get("signature_sha256")}
    for (name, sha256), content in zip(stated.items(), (seal.sums, seal.signature), strict=True):
        if (None if content is None else sha256_of_bytes(content)) != sha256:
            raise BundleError(f"{folder.name}: {name} is not the one in the ledger. The release was changed.")
    return seal


def _check_place_in_ledger(publication: Publication, events: Sequence[Mapping[str, object]], line: Line) -> None:
    """The ledger still holds the line that the release noted as the youngest when it was made."""
    noted = publication.ledger
    if noted and not (noted.number < line["number"] and events[noted.number]["before"] == noted.line):
        raise BundleError(
            f"{publication.id}: {LEDGER} is not the one it was published in. "
            "Lines were removed or changed; restore it from version control."
        )


def _check_municipality(release: Release, municipality: str | None) -> None:
    if municipality is not None and municipality not in release.codes:
        raise BundleError(
            f"The release is for another municipality ({', '.join(release.codes)}). Use one made for yours."
        )


def _check_validity(publication: Publication, today: date) -> None:
    first, last = (date.fromisoformat(day) for day in (publication.valid_from, publication.valid_until))
    if today < first:
        raise BundleError(f"{publication.id}: not valid before {first}. Use the release before it until then.")
    if today > last:
        raise BundleError(f"{publication.id}: expired on {last}. Use a younger release, or train this year's.")


def published_ids(releases: Path) -> tuple[str, ...]:
    """The ids that the ledger has published, in order; withdrawn and expired ones too."""
    return _published_in(read_ledger(releases))


def _published_in(events: Sequence[Line]) -> tuple[str, ...]:
    return tuple(event["release"] for event in events if event["event"] == PUBLISHED)


def published_releases(releases: Path, *, municipality: str) -> list[Release]:
    """Every release ever published for `municipality`, in order, withdrawn and expired ones too: to compare with."""
    events = read_ledger(releases)
    found = [intact_release(releases, release_id, events) for release_id in _published_in(events)]
    return [one for one in found if municipality in one.codes]


def published_release(releases: Path, release_id: str) -> Release:
    """The published release `release_id`, to compare with, not to use; a `BundleError` naming the known ids."""
    events = read_ledger(releases)
    known = _published_in(events)
    if release_id not in known:
        raise BundleError(
            f"models/releases: the release that was asked for is not published. Published: "
            f"{', '.join(known) or 'none'}. Name one of these."
        )
    return intact_release(releases, release_id, events)


def previous_release(releases: Path, release_id: str) -> Release | None:
    """The published release that this year's is compared with (setting release.previous); None when it is empty."""
    return published_release(releases, release_id) if release_id else None
