"""Whether a release may be used: everything is checked, and the first thing wrong is said in one sentence.

Read only and offline: it works from the releases folder alone, or from one release's folder and a file of the people
whose signatures count. Standard library only, but for checking signatures.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from riskmodel.ground.errors import BundleError
from riskmodel.ground.files import is_taken, read_json, sha256_of_bytes
from riskmodel.ground.record_reader import Json
from riskmodel.ground.settings import LATEST
from riskmodel.ground.workspace import Workspace
from riskmodel.release import REFUSALS, TEXTS, standing
from riskmodel.release.acts import POINTS_ALONE, Publication
from riskmodel.release.bundle import SIGNATURE_FILE, SUMS_FILE, Bundle, Seal, read_bundle, read_seal
from riskmodel.release.ledger import LEDGER, read_ledger
from riskmodel.release.record import Release
from riskmodel.release.signers import Signers
from riskmodel.release.standing import Line
from riskmodel.release.subject import check_signatures


def verify_release(
    releases: Path, release_id: str, *, today: date, municipality: str | None = None, signers: Signers | None = None
) -> Release:
    """The release `release_id`, after every check a consumer owes the people it is used on.

    releases: the folder with the ledger. municipality: the code of the one that wants to use it; None skips that check.
    signers: whose signatures count; without them no signature is asked for.
    """
    events = read_ledger(releases)
    line = standing.published_line(events, release_id)
    if standing.is_withdrawn(events, release_id):
        raise BundleError(TEXTS["withdrawn"].filled(release=release_id))
    _check_unmarked(releases, release_id)
    bundle = _intact(releases / release_id, line, events)
    own = bundle.release.identity  # an early line does not say which
    if standing.is_condemned(events, own.equation, own.thresholds):
        raise BundleError(TEXTS["withdrawn_elsewhere"].filled(release=release_id))
    _check_usable(bundle, today=today, municipality=municipality, signers=signers)
    if standing.clock_is_behind(events, today):
        raise BundleError(TEXTS["clock_behind"].filled(today=today))
    return bundle.release


def intact_release(releases: Path, release_id: str, events: Sequence[Line] | None = None) -> Release:
    """The release `release_id` as it was published, to compare with: it may be expired or withdrawn.

    events: the ledger's, where it was read before.
    """
    events = read_ledger(releases) if events is None else events
    return _intact(releases / release_id, standing.published_line(events, release_id), events).release


def condemned_early(releases: Path, events: Sequence[Line]) -> list[Release]:
    """The withdrawn releases of formats that held the equation, whose points or thresholds may not come back.

    Opened to be compared with; a damaged one is a `BundleError`.
    """
    together = {equation for equation, _ in standing.condemned_thresholds(events)}
    condemned = standing.condemned_equations(events) | together
    gone = standing.withdrawn_releases(events) if condemned else []
    lines = [line for line in events if line["event"] == standing.PUBLISHED and line["release"] in gone]
    opened = [
        intact_release(releases, line["release"], events)
        for line in lines
        if line.get(standing.EQUATION, "") in {"", *condemned}
    ]
    return [one for one in opened if one.format < POINTS_ALONE]


def verify_folder(folder: Path, *, signers: Signers, today: date) -> Release:
    """The release in `folder`, by its files and signatures; a ledger knows if it was withdrawn, or a mark."""
    bundle = read_bundle(folder, read_seal(folder))
    _check_unmarked(folder.resolve().parent, bundle.release.published.id)
    _check_usable(bundle, today=today, municipality=None, signers=signers)
    return bundle.release


def withdrawn_beside(folder: Path, release: Release) -> bool:
    """Whether the ledger or a mark beside the `folder` of `release` says that it was withdrawn."""
    releases, release_id = folder.resolve().parent, release.published.id
    if is_taken(standing.mark_of(releases, release_id)):
        return True
    return is_taken(releases / LEDGER) and standing.is_withdrawn(read_ledger(releases), release_id)


def release_in_force(releases: Path, *, today: date, municipality: str | None = None) -> str:
    """The id of the youngest release that may be used `today`: a withdrawn one gives way to the one before.

    Only the ledger decides which one that is: a younger release that was tampered with is an error, never passed over.
    """
    events = read_ledger(releases)
    release_id = standing.in_force(events, today=today, municipality=municipality)
    _check_passed_over(releases, events, chosen=release_id)
    if release_id is None:
        raise BundleError(TEXTS["none_in_force"])
    return release_id


def signed_by(folder: Path, release: Release, signers: Signers) -> list[str]:
    """Who signed the `release` in `folder`: those who approved it, then the publisher; else a `BundleError`."""
    return _signed_by(release, read_seal(folder), signers)


def _signed_by(release: Release, seal: Seal, signers: Signers) -> list[str]:
    return check_signatures(release, seal.sums, (seal.signature or b"").decode("utf-8", errors="replace"), signers)


def _intact(folder: Path, line: Line, events: Sequence[Line]) -> Bundle:
    """What lies in `folder`, when it is the release that `line` of the ledger published."""
    bundle = published_bundle(folder, line)
    publication = bundle.release.published
    if publication.id != line["release"]:
        raise BundleError(REFUSALS["other_release"].filled(release=line["release"]))
    _check_stated(bundle.release, line)
    _check_place_in_ledger(publication, events, line)
    return bundle


def published_bundle(folder: Path, line: Line) -> Bundle:
    """What lies in `folder`, under the seal that `line` of the ledger knows; else a `BundleError`."""
    seal = read_seal(folder)
    stated = {SUMS_FILE: line["sums_sha256"], SIGNATURE_FILE: line.get("signature_sha256")}
    for (name, sha256), content in zip(stated.items(), (seal.sums, seal.signature), strict=True):
        if (None if content is None else sha256_of_bytes(content)) != sha256:
            raise BundleError(REFUSALS["other_seal"].filled(folder=folder.name, name=name))
    return read_bundle(folder, seal)


def _check_passed_over(releases: Path, events: Sequence[Line], *, chosen: str | None) -> None:
    """Refuse a ledger that says of a release younger than the `chosen` one what would keep it from being used."""
    for line in reversed(events):
        if line["event"] == standing.PUBLISHED and line["release"] == chosen:
            return
        if line["event"] == standing.PUBLISHED and not standing.is_withdrawn(events, line["release"]):
            _check_stated(published_bundle(releases / line["release"], line).release, line)


def _check_stated(release: Release, line: Line) -> None:
    """What the `line` that published `release` says of it is what it says itself."""
    publication = release.published
    said = {
        "release": publication.id,
        "valid_from": publication.valid_from,
        "valid_until": publication.valid_until,
        "municipalities": list(release.codes),
        "candidate_sha256": publication.candidate_sha256,
        standing.EQUATION: release.identity.equation,
        standing.THRESHOLDS: release.identity.thresholds,
    }
    other = [name for name, value in said.items() if name in line and line[name] != value]  # an early line says less
    if other:
        raise BundleError(REFUSALS["ledger_says_otherwise"].filled(release=line["release"], fields=", ".join(other)))


def _check_usable(bundle: Bundle, *, today: date, municipality: str | None, signers: Signers | None) -> None:
    release = bundle.release
    if signers is not None:
        _signed_by(release, bundle.seal, signers)
    elif release.published.publisher and bundle.seal.signature is None:
        raise BundleError(REFUSALS["signature_gone"].filled(release=bundle.name))
    _check_municipality(release, municipality)
    _check_validity(release.published, today)


def _check_unmarked(releases: Path, release_id: str) -> None:
    """Refuse a release beside which a mark lies that its ledger, asked before this, does not explain."""
    if is_taken(standing.mark_of(releases, release_id)):
        raise BundleError(REFUSALS["withdrawn_unsaid"].filled(release=release_id))


def _check_place_in_ledger(publication: Publication, events: Sequence[Mapping[str, object]], line: Line) -> None:
    """The ledger still holds the line that the release noted as the youngest when it was made."""
    noted = publication.ledger
    if noted and not (noted.number < line["number"] and events[noted.number]["before"] == noted.line):
        raise BundleError(REFUSALS["other_ledger"].filled(release=publication.id))


def _check_municipality(release: Release, municipality: str | None) -> None:
    if municipality is not None and municipality not in release.codes:
        raise BundleError(TEXTS["other_municipality"].filled(codes=", ".join(release.codes)))


def _check_validity(publication: Publication, today: date) -> None:
    first, last = (date.fromisoformat(day) for day in (publication.valid_from, publication.valid_until))
    if today < first:
        raise BundleError(TEXTS["not_valid_yet"].filled(release=publication.id, first=first))
    if today > last:
        raise BundleError(TEXTS["expired"].filled(release=publication.id, last=last))


def published_ids(releases: Path) -> tuple[str, ...]:
    """The ids that the ledger has published, in order; withdrawn and expired ones too."""
    return _published_in(read_ledger(releases))


def _published_in(events: Sequence[Line]) -> tuple[str, ...]:
    return tuple(event["release"] for event in events if event["event"] == standing.PUBLISHED)


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
        raise BundleError(REFUSALS["no_such_release"].filled(known=", ".join(known) or REFUSALS["none_published"]))
    return intact_release(releases, release_id, events)


def release_to_compare(releases: Path, named: str, *, municipality: str) -> Json:
    """Which release is meant by the setting release.previous: its id and the hash of its seal; None for none.

    The latest is the one published last, whatever its days, and not withdrawn.
    """
    events = read_ledger(releases)
    release_id = standing.latest_standing(events, municipalities=[municipality]) if named == LATEST else named
    if not release_id:
        return None
    release = published_release(releases, release_id)
    return {"release": release.published.id, "sums_sha256": standing.published_line(events, release_id)["sums_sha256"]}


def previous_release(workspace: Workspace) -> Release | None:
    """The published release that this run is compared with, as stage `previous` wrote it down; None for none."""
    found = read_json(workspace.previous)
    return published_release(workspace.releases, found["release"]) if found else None
