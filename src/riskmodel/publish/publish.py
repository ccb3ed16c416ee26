"""Publishing. The ledger line, with the hash of SHA256SUMS, is the act of publication.

The folder comes first, the line second. Killed between the two, publishing again finds the folder and adds the line;
nobody uses a folder without one.
"""

import shutil
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from riskmodel.extracts.personal_numbers import holds_personal_number
from riskmodel.ground.errors import BundleError, GateError
from riskmodel.ground.files import canonical_json, place_folder, sha256_of_bytes
from riskmodel.ground.record_reader import Json
from riskmodel.ground.settings import Settings
from riskmodel.ground.workspace import Workspace
from riskmodel.publish import REFUSALS
from riskmodel.publish.apart import check_apart, remember
from riskmodel.publish.books import Books, load_candidate, named, read_books
from riskmodel.publish.origin import contact_of, made_by, processor, settings_sha256
from riskmodel.publish.publication import Acts, Issue, acts_for, published_release
from riskmodel.publish.render import rendered_files
from riskmodel.publish.withdraw import check_not_condemned
from riskmodel.release.acts import FORMAT, Publication
from riskmodel.release.bundle import (
    FILE_NAME,
    RELEASE_FILE,
    SIGNATURE_FILE,
    SUMS_FILE,
    check_folder,
    load_release_file,
    read_file,
    sums_of,
)
from riskmodel.release.ledger import append_event, check_clock, locked, read_ledger
from riskmodel.release.published import INSTRUMENT, LEDGER_LINES, last_day, ledger_lines
from riskmodel.release.record import Release
from riskmodel.release.signers import Pen, Signers, check_signed
from riskmodel.release.standing import EQUATION, PUBLISHED, THRESHOLDS, Line, is_withdrawn, mark_of
from riskmodel.release.subject import Subject

MONTHS_AHEAD = 12  # how long before its first day a release may be published


@dataclass(frozen=True)
class Published:
    """A published release. by, date: who published it and when, from the ledger; is_new: whether this call did."""

    release_id: str
    by: str
    date: str
    is_new: bool


def publish(
    workspace: Workspace,
    settings: Settings,
    *,
    name: str,
    today: date,
    valid_from: date | None = None,
    pen: Pen | None = None,
    made: Mapping[str, str] | None = None,
    printed: Callable[[Release, Mapping[str, bytes]], Mapping[str, bytes]] | None = None,
) -> Published:
    """Publish the present candidate for casework; a `GateError` names what forbids it.

    Publishing what is published already changes nothing and says who did it. valid_from: `today` when None. pen: signs
    the hashes of all files; needed where signatures are required. made: the hashes of release.json and of the report's
    files, by name, as the run and the code at hand give them; what was approved must be that. printed: what of the
    report, by name, is printed again for the release that was made of it.
    """
    if valid_from is not None and not today <= valid_from <= last_day(today, months=MONTHS_AHEAD):
        raise GateError(REFUSALS["no_such_beginning"].filled(months=MONTHS_AHEAD))
    with locked(workspace.releases):
        books = read_books(workspace)
        subject, events = books.subject, books.events
        standing = _published_as(events, subject.candidate)
        if standing is not None:
            return standing
        if subject.candidate.provenance.raw.get("settings_sha256") != settings_sha256(settings):
            raise GateError(REFUSALS["settings_changed"])
        _check_made(subject, made)
        check_not_condemned(subject.candidate, events, books.condemned)
        present = check_apart(books)
        acts = acts_for(books, settings)
        issue = _issue(books, settings, today=today, valid_from=valid_from, pen=pen)
        _check_approved_by(acts, today)
        release = published_release(acts, issue, revised=books.revised)
        report = {**acts.report, **(printed(release, acts.report) if printed else {})}
        files = _files(release, papers_beside(books, settings), report, books.superseded)
        if release.published.valid_until < today.isoformat():
            raise GateError(REFUSALS["base_has_ended"])
        files |= _signature(files[SUMS_FILE], pen, acts.signers, day=issue.day)
        event = {**_event(release, files), "by": named(name), "date": today.isoformat()}
        check_clock(event, events)
        remember(present, event)
        line = _put_in_force(workspace.releases, event, files)
        return Published(issue.release_id, line["by"], line["date"], is_new=True)


def check_beginning(workspace: Workspace, settings: Settings, *, today: date, valid_from: date | None = None) -> None:
    """Refuse (`GateError`) what is refused whatever the candidate is: no contact, or a checkout that was changed.

    For before the report is made again, which takes long; `publish` asks once more.
    """
    contact_of(settings)
    release_id = _next_id(read_ledger(workspace.releases), year=(valid_from or today).year)
    made_by(workspace.root, but=workspace.releases / release_id)


def published_already(workspace: Workspace) -> Published | None:
    """Who published the present candidate, and as what; None when nobody has."""
    return _published_as(read_ledger(workspace.releases), load_candidate(workspace))


def _check_made(subject: Subject, made: Mapping[str, str] | None) -> None:
    if made is None:
        return
    found = {RELEASE_FILE: subject.hashes["candidate"], **subject.report}
    different = sorted(name for name in {*made, *found} if made.get(name) != found.get(name))
    made_on = subject.candidate.provenance.processor or processor()
    if different and made_on != processor():
        raise GateError(REFUSALS["other_processor"].filled(made_on=made_on, here=processor()))
    if different:
        raise GateError(REFUSALS["not_as_made"].filled(n=len(different), files=", ".join(different)))


def _check_approved_by(acts: Acts, today: date) -> None:
    later_n = sum(approval.date > today.isoformat() for approval in acts.approvals)
    if later_n:
        raise GateError(REFUSALS["approved_later"].filled(n=later_n, today=today))


def _issue(books: Books, settings: Settings, *, today: date, valid_from: date | None, pen: Pen | None) -> Issue:
    """The next publication; where one was interrupted before its ledger line, with that one's day, place and commit."""
    release_id, end = _next_id(books.events, year=(valid_from or today).year), books.ledger.end
    target = books.workspace.releases / release_id
    left, made = _interrupted(target), made_by(books.workspace.root, but=target)
    day, starts = today, today
    if left is not None and left.made_by is not None and left.raw.get("ledger") == end:
        day, starts, made = date.fromisoformat(left.date), date.fromisoformat(left.valid_from), left.made_by.raw
    return Issue(
        release_id,
        day=day,
        valid_from=valid_from or starts,
        validity_months=settings.release.validity_months,
        ledger=end,
        publisher=pen.signer if pen else None,
        contact=contact_of(settings),
        made_by=made,
    )


def _published_as(events: Sequence[Line], candidate: Release) -> Published | None:
    """Who published `candidate`, and as what; a `GateError` when that was withdrawn."""
    sha256 = candidate.identity.candidate
    for event in events:
        if event["event"] == PUBLISHED and event["candidate_sha256"] == sha256:
            if is_withdrawn(events, event["release"]):
                raise GateError(REFUSALS["candidate_withdrawn"].filled(release=event["release"]))
            return Published(event["release"], event["by"], event["date"], is_new=False)
    return None


def _next_id(events: Sequence[Line], *, year: int) -> str:
    taken = [event["release"] for event in events if event["event"] == PUBLISHED]
    return f"{year}.{1 + sum(release_id.startswith(f'{year}.') for release_id in taken)}"


def _interrupted(target: Path) -> Publication | None:
    """The publication in a folder that was placed without a ledger line; None without a whole one."""
    with suppress(BundleError):
        release = load_release_file(target / RELEASE_FILE)
        if release.format == FORMAT and release.publication is not None:
            return release.publication
    return None


def papers_beside(books: Books, settings: Settings) -> dict[str, bytes]:
    """The instrument that the candidate was made with and the ledger as it stands, name to content."""
    instrument = read_file(books.workspace.root / settings.delivery.instrument)
    if sha256_of_bytes(instrument) != books.candidate.provenance.raw["instrument_sha256"]:
        raise GateError(REFUSALS["instrument_changed"])
    if holds_personal_number(instrument.decode(errors="replace")):
        raise GateError(REFUSALS["number_in_instrument"])
    return {INSTRUMENT: instrument, LEDGER_LINES: ledger_lines(books.ledger.lines)}


def _files(
    release: Release, papers: Mapping[str, bytes], report: Mapping[str, bytes], before: Release | None
) -> dict[str, bytes]:
    """Every file of the release, SHA256SUMS included."""
    files = {RELEASE_FILE: canonical_json(release.raw), **rendered_files(release, before), **papers}
    clashes = {*files, SUMS_FILE, SIGNATURE_FILE} & set(report)
    if clashes:
        raise GateError(REFUSALS["name_taken"].filled(files=", ".join(sorted(clashes))))
    files |= report
    return {**files, SUMS_FILE: sums_of(files)}


def _signature(sums: bytes, pen: Pen | None, signers: Signers | None, *, day: date) -> dict[str, bytes]:
    """The publisher's signature over SHA256SUMS as a file, checked before anybody sees it; none where none is asked."""
    if pen is None:
        if signers is not None:
            raise GateError(REFUSALS["must_be_signed"])
        return {}
    signature = pen.sign(sums)
    if signers is not None:
        check_signed(signers, sums, signature, signer=pen.signer, day=day)
    return {SIGNATURE_FILE: signature.encode()}


def _put_in_force(releases: Path, event: Line, files: Mapping[str, bytes]) -> Line:
    """Lay the release's folder in its place, then write the `event` that makes it count."""
    _place(releases / event["release"], files)
    return append_event(releases, event)


def _place(target: Path, files: Mapping[str, bytes]) -> None:
    """Put `files` at `target` and see that a reader takes them; what was left there must be the same to the byte."""
    wrong = [name for name in files if not FILE_NAME.fullmatch(name)]
    if wrong:
        raise GateError(REFUSALS["no_name_of_file"].filled(n=len(wrong)))
    if mark_of(target.parent, target.name).exists():
        raise GateError(REFUSALS["marked_withdrawn"].filled(release=target.name))
    if not target.exists():
        place_folder(target, files)
    elif {path.name: path.read_bytes() for path in target.iterdir() if path.is_file()} != dict(files):
        raise GateError(REFUSALS["place_taken"].filled(release=target.name))
    try:
        check_folder(target)
    except BaseException:
        shutil.rmtree(target)  # what no reader would take is not published
        raise


def _event(release: Release, files: Mapping[str, bytes]) -> dict[str, Json]:
    publication = release.published
    signature = {"signature_sha256": sha256_of_bytes(files[SIGNATURE_FILE])} if SIGNATURE_FILE in files else {}
    return {
        "event": PUBLISHED,
        "release": publication.id,
        "municipalities": release.codes,
        "valid_from": publication.valid_from,
        "valid_until": publication.valid_until,
        "candidate_sha256": publication.candidate_sha256,
        EQUATION: release.equation_sha256,
        THRESHOLDS: release.identity.thresholds,
        "sums_sha256": sha256_of_bytes(files[SUMS_FILE]),
        **signature,
    }
